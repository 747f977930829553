"""What is recorded about a place itself: the place, its assessments, and what young people say is safe or unsafe."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from chm.access import Permission
from chm.casework import frameworks, questions
from chm.casework.checks import Checks
from chm.casework.connection_checks import check_entity
from chm.casework.desk import CLOSED, Work, intention, new_id
from chm.casework.place_snapshot import everything, snapshot
from chm.casework.places import opened, theirs
from chm.casework.sight import Sight
from chm.connections import PREFIX, Place, PlaceKind
from chm.errors import NotFound
from chm.geography import postcodes
from chm.linkage.from_records import HOMES
from chm.places.records import PlaceWords
from chm.places.shown import Exposure
from chm.privacy import names_any
from chm.records import Reply, SettingAssessment
from chm.store import connections, entities, people, places, setting_assessments, users

NAMED = "names a young person; write it so that nobody can tell who said it"
# Every point of the United Kingdom lies north of 49 degrees and between 9 west and 2 east.
SOUTHMOST = 49
CHILDRENS_HOME = "kind of place: a home or placement is recorded with the young person who lives there"


@dataclass(frozen=True, kw_only=True)
class PlaceEdit:
    """A public or online place as it should read; None and an empty `id` for a new one."""

    id: str = ""
    name: str
    kind: PlaceKind = PlaceKind.PHYSICAL
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class NewPlaceAssessment:
    """An assessment of `place`, an entity's id, of the place alone and of no young person."""

    place: str
    level: str
    summary: str
    assessed_on: date
    answers: Mapping[str, Reply] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NewPlaceWords:
    """What a young person said of `place`; see `PlaceWords`."""

    place: str
    safe: bool
    text: str
    said_on: date
    for_partners: bool = False


@dataclass(frozen=True)
class ShownAssessment:
    """An assessment of a place. `noted`: whether its reasons and notes are there, as they are about the place alone.

    `recorded_by` is a name.
    """

    id: str
    level: str
    assessed_on: date
    recorded_by: str
    summary: str
    answers: Mapping[str, Reply]
    noted: bool


@dataclass(frozen=True)
class ShownWords:
    """What a young person said; `month` is the first day of the month they said it in."""

    id: str
    safe: bool
    text: str
    month: date
    for_partners: bool


@intention(Permission.EDIT_PLACES)
def add(work: Work, new: PlaceEdit) -> str:
    """Adds a public or online place; gives its id. Raises Faults, all at once."""
    place = _checked(work, new, Place(id=new_id(PREFIX["place"])))
    entities.add(work.session, [place], work.user.id, work.now)
    work.why = place.id
    return place.id


@intention(Permission.EDIT_PLACES)
def edit(work: Work, edited: PlaceEdit, why: str = "") -> None:
    """Writes a place over the version it was read as and keeps that one whole.

    Raises:
        Faults: all at once.
        NotFound: there is no such place, it is a home, or it is a dwelling of which the user sees the area only.
        Conflict: somebody else changed it since, or merged it into another.
    """
    id = opened(work, edited.id)
    kept = snapshot(work)
    if kept.exposure[id] == Exposure.DWELLING and not everything(work):
        raise NotFound(CLOSED)
    before = kept.places[id]
    # A name that is not shown is not asked for either: what the user saw in its place is not written over it.
    said = replace(edited, name=before.name) if edited.name == kept.shown(id, everything(work)).name else edited
    checks = Checks(work.today)
    reason = checks.note("reason", why)
    checks.done()
    entities.edit(work.session, replace(_checked(work, said, before), version=edited.version))
    connections.keep(work.session, before, reason, work.user.id, work.now)
    work.why = id


@intention(Permission.EDIT_PLACES)
def assess(work: Work, new: NewPlaceAssessment) -> SettingAssessment:
    """Records an assessment of a place; it cannot be changed afterwards.

    Raises:
        NotFound: the place is not there, or not open to the user.
        Faults: all at once: a reply that is not on the form, no level or no reason for it.
    """
    id, checks = opened(work, new.place), Checks(work.today)
    checks.past("assessed on", new.assessed_on)
    checks.need(new.level in frameworks.current().level, "level: not chosen; choose one")
    made = SettingAssessment(
        id=new_id("SET"),
        kind="place",
        subject=id,
        answers=questions.replies(checks, questions.of_setting("place").question.values(), new.answers),
        level=new.level,
        summary=checks.note("reason", new.summary, needed=True),
        assessed_on=new.assessed_on,
        young_people=(),
        recorded_by=work.user.id,
        recorded_at=work.now,
    )
    checks.done()
    setting_assessments.add(work.session, made)
    work.why = made.id
    return made


@intention(Permission.READ_PLACES)
def assessments(work: Work, place: str) -> list[ShownAssessment]:
    """Assessments of a place, newest first. Raises NotFound where it is not open to the user.

    Reasons and notes of those made with young people in view are for whoever may open these young people.
    """
    id = opened(work, place)
    same = entities.merges(work.session).spread([id])
    kept, _ = setting_assessments.of(work.session, same, work.scope)
    by = {u.id: u.name for u in users.every(work.session)}
    full, sight, there = everything(work), Sight(work), snapshot(work).young_people(id)
    told = (_told(a, sight, there) for a in kept)
    return [_shown(a, by.get(a.recorded_by, ""), full or not a.young_people) for a in told]


@intention(Permission.ASSESS_SETTING)
def record_words(work: Work, new: NewPlaceWords) -> ShownWords:
    """Keeps what a young person said of a place; who said it is not kept anywhere.

    Raises:
        NotFound: the place is not there, or not open to the user.
        Faults: no words, a day in the future, or words that name a young person in the user's reach.
    """
    id, checks = _mine(work, new.place), Checks(work.today)
    checks.past("said on", new.said_on)
    text = checks.note("words", new.text, needed=True)
    names = {p.id: p.name for p in people.everyone(work.session, work.scope)}
    checks.need(not names_any(text, names), f"words: {NAMED}")
    checks.done()
    words = PlaceWords(
        id=new_id("PW"),
        place=id,
        safe=new.safe,
        text=text,
        said_on=new.said_on.replace(day=1),
        for_partners=new.for_partners,
        recorded_by=work.user.id,
        recorded_at=work.now,
    )
    places.add_words(work.session, words)
    work.why = words.id
    return _words(words)


@intention(Permission.ASSESS_SETTING)
def withdraw_words(work: Work, words: str) -> None:
    """Takes words back, so that nobody sees them. Raises NotFound where they are not there, or not open to the user."""
    kept = places.words_of(work.session, words)
    _mine(work, kept.place)
    places.withdraw_words(work.session, kept.id, work.now)
    work.why = kept.id


@intention(Permission.READ_PLACES)
def words(work: Work, place: str) -> list[ShownWords]:
    """What young people say of a place, newest first. Raises NotFound where it is not open to the user.

    Whoever has no young person there sees what was written for partners only.
    """
    id = opened(work, place)
    merges = entities.merges(work.session)
    scope = work.scope_by(Permission.READ_NETWORK)
    near = entities.open_to(work.session, scope, merges) if scope.reach else set()
    found = places.words(work.session, merges.spread([id]))
    sight, there = Sight(work), snapshot(work).young_people(id)
    told = (w for w in found if w.for_partners or near is None or id in near)
    return [_words(replace(w, text=sight.said(w.text, there))) for w in told]


def _checked(work: Work, said: PlaceEdit, before: Place) -> Place:
    checks = Checks(work.today)
    checks.need(said.kind not in HOMES, CHILDRENS_HOME)
    said = _located(checks, said)
    name = checks.line("name", said.name, needed=not before.description)
    made = replace(
        before,
        name=name,
        place_kind=said.kind,
        address=said.address,
        postcode=said.postcode,
        latitude=said.latitude,
        longitude=said.longitude,
    )
    checked = check_entity(checks, made, "") if name or made.description else made
    checks.done()
    return checked


def _located(checks: Checks, said: PlaceEdit) -> PlaceEdit:
    """`said` with the point of its postcode where it has none of its own; a postcode without a point is a fault."""
    if said.latitude is not None and said.longitude is not None:
        swapped = said.latitude < SOUTHMOST <= said.longitude
        checks.need(not swapped, "latitude and longitude: they look swapped; latitude is the larger one here")
    elif said.latitude is None and said.longitude is None and postcodes.written(said.postcode):
        try:
            found = postcodes.locate(said.postcode)
            return replace(said, postcode=found.postcode, latitude=found.latitude, longitude=found.longitude)
        except NotFound as fault:
            checks.need(False, f"postcode: {str(fault)[:1].lower()}{str(fault)[1:]}")
    return said


def _mine(work: Work, place: str) -> str:
    """The id of what `place` has become. Raises NotFound unless the user may open it by the young people there."""
    id = entities.merges(work.session).survivor(place)
    found = entities.named(work.session, [id]).get(id)
    if not isinstance(found, Place) or not theirs(work, id):
        raise NotFound(CLOSED)
    return id


def _told(made: SettingAssessment, sight: Sight, there: Collection[str]) -> SettingAssessment:
    return replace(
        made,
        summary=sight.said(made.summary, there),
        answers={q: replace(reply, note=sight.said(reply.note, there)) for q, reply in made.answers.items()},
    )


def _shown(made: SettingAssessment, by: str, noted: bool) -> ShownAssessment:
    answers = made.answers if noted else {q: Reply(r.answer) for q, r in made.answers.items() if r.answer}
    return ShownAssessment(made.id, made.level, made.assessed_on, by, made.summary if noted else "", answers, noted)


def _words(words: PlaceWords) -> ShownWords:
    return ShownWords(words.id, words.safe, words.text, words.said_on.replace(day=1), words.for_partners)
