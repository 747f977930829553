"""Taking the record of a meeting as it is held: what was said, what was agreed, and putting either right.

What is typed mentions people and things as `@{kind:slot}`, or as `@{new_place:its name}` where they are not known yet.
Each entry is a row of its own, so that two people who write at once lose nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from chm.access import Permission
from chm.assessments import plain_text
from chm.casework import frameworks, questions, shared_information
from chm.casework.checks import Checks
from chm.casework.desk import CLOSED, Work, intention, new_id
from chm.casework.disguise import LIVED_IN, WhoIsWho, who_is_who
from chm.casework.meetings import enter, enter_to_change, meeting_rules
from chm.casework.network import unmasked
from chm.casework.place_actions import CLOSED_ALREADY
from chm.casework.place_actions import NAMED as PLACE_NAMED
from chm.casework.place_snapshot import snapshot
from chm.casework.room import Agreed, Said, agreed_here, may_correct, may_take_back, said_here
from chm.casework.shared_actions import CHILD, DISRUPT
from chm.casework.shared_information import TWO, is_child, is_tie
from chm.connections import PREFIX, Account, Confidence, Entity, Influence, NamedGroup, Party, Person, Place, Vehicle
from chm.errors import Conflict, NotFound, NotPermitted
from chm.framework import PILLARS
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.mentions import called, mentioned, renamed
from chm.meetings.records import Entry, EntryKind, Meeting, MeetingAction
from chm.places.records import PlaceAction
from chm.records import ActionStatus, Reply
from chm.store import entities, meetings, places, users

MADE: Mapping[str, type[Entity]] = {
    "new_person": Person,
    "new_place": Place,
    "new_vehicle": Vehicle,
    "new_account": Account,
    "new_group": NamedGroup,
}
CHANGED = "Somebody else changed this meanwhile; nothing was saved. Look at their change first"
UNNAMED = "text: somebody or something new has no name; type it after the @"
WORDS_OF = "young person: mention with @ whose words these are"
CONDUCT = "step: it is about a worker's conduct, which is followed up outside of this meeting; leave it out"
NOT_YOURS = "You may put right what you wrote yourself: ask the chair, or whoever wrote this"
NOT_YOURS_TO_TAKE_BACK = "Only the chair, or whoever wrote it, takes it back"
SHORT, LONG = 200, 2_000
# What a note holds, each as text of so many characters at most; and, under ASKED, what is answered before actions.
TYPED = {"kind": 40, "text": 20_000, "reason": LONG} | dict.fromkeys(
    ("editing", "version", "pillar", "due", "owner", "agency", "confidence", "harm", "as"), SHORT
)
ASKED = "asked"
OWN_WORDS = (EntryKind.VOICE, EntryKind.PARENT, EntryKind.TELLS)
NEEDS_AGENCY = (EntryKind.INFORMATION, EntryKind.VIEW, EntryKind.DISAGREEMENT)


@dataclass(frozen=True, kw_only=True)
class NewEntry:
    """Something said, as it is typed.

    Attributes:
        item: id of the agenda's item. on: the day that information is about, None where it is not known.
        as_: kind of event or relationship that information becomes. harm: how it bears on the young people.
    """

    kind: EntryKind
    item: str
    text: str
    agency: str = ""
    confidence: Confidence = Confidence.UNVERIFIED
    first_hand: bool | None = None
    reason: str = ""
    on: date | None = None
    as_: str = "other"
    harm: Influence = Influence.UNCLEAR


@dataclass(frozen=True, kw_only=True)
class NewAction:
    """An action, as it is typed. `target` is kind:slot; left empty it is the first thing mentioned, else a child."""

    pillar: str
    text: str
    owner_agency: str
    owner_person: str = ""
    due: date | None = None
    target: str = ""
    domain: str | None = None
    step: str | None = None
    asked: Mapping[str, Reply] = field(default_factory=dict)


@intention(Permission.ATTEND_MEETING)
def say(work: Work, meeting: str, new: NewEntry) -> Said:
    """Puts down what was said; information about somebody becomes an event or a tie of theirs at once.

    Raises:
        Faults: what is missing or wrong, all at once.
        NotFound: the user has no place in the meeting.
        Conflict: the meeting is closed.
    """
    kept, who, (text, reason) = _heard(work, meeting, new.text, new.reason)
    checks = Checks(work.today)
    kind = EntryKind(new.kind)
    parties = mentioned(text)
    information = kind == EntryKind.INFORMATION
    agency = checks.line("whose", new.agency, needed=kind in NEEDS_AGENCY)
    checks.need(new.item in meeting_rules().item, "item: not one of the agenda; choose one of it")
    checks.past("day", new.on)
    entry = Entry(
        id=new_id("ENT"),
        meeting=kept.id,
        kind=kind,
        item=new.item,
        young_people=_children(parties),
        target=next((p for p in parties if not p.startswith(YOUNG_PERSON)), ""),
        text=checks.note("text", text, needed=True),
        agency=agency,
        confidence=Confidence(new.confidence).value if information else "",
        first_hand=new.first_hand if information else None,
        reason=checks.note("reason", reason),
        by=work.user.id,
        at=work.now,
    )
    checks.need(not (information and is_tie(new.as_) and len(parties) != 2), TWO)
    checks.need(kind not in OWN_WORDS or bool(entry.young_people), WORDS_OF)
    checks.done()
    if information and parties:
        record = shared_information.recorded(work, entry, new.as_, new.on, Influence(new.harm))
        entry, who = replace(entry, record=record), _seen_anew(work, kept)
    written = meetings.add_entry(work.session, entry)
    work.opened(entry.young_people)
    work.why = entry.id
    return said_here(work, kept, who, written, work.user.name)


@intention(Permission.ATTEND_MEETING)
def agree(work: Work, meeting: str, new: NewAction) -> Agreed:
    """Puts down an action with its owner and date. One on a place goes to those who work on places: it names nobody.

    Raises:
        Faults: what is missing or wrong, all at once.
        NotFound: the user has no place in the meeting, or the target is not one of its own.
        Conflict: the meeting is closed.
    """
    kept, who, (text,) = _heard(work, meeting, new.text)
    parties, checks = mentioned(text), Checks(work.today)
    target = _target(who, new, parties)
    checks.need(bool(target), "target: mention with @ what or whom it acts on")
    checks.need(new.pillar in PILLARS, f"pillar: must be one of {', '.join(PILLARS)}")
    checks.need(new.due is not None, "due: missing; give the day it should be done by")
    checks.need(new.due is None or new.due >= work.today, "due: the date lies in the past; give a later day")
    checks.need(not (new.pillar == DISRUPT and is_child(work, target)), f"target: {CHILD}")
    checks.need(not new.domain or new.domain in frameworks.current().domain, "domain: not one of the framework")
    checks.need(not new.step or questions.is_step(new.step), "step: not one of the framework; leave it out")
    checks.need(not questions.step_about_worker(new.step), CONDUCT)
    said = checks.note("action", text, needed=True)
    owner = checks.line("owner's agency", new.owner_agency, needed=True), checks.line("owner", new.owner_person)
    asked = questions.replies(checks, questions.before_disruption(), new.asked) if new.asked else {}
    action: MeetingAction | PlaceAction
    if target.startswith("place:"):
        action = PlaceAction(
            id=new_id("PAC"),
            place=target.partition(":")[2],
            meeting=kept.id,
            pillar=new.pillar,
            text=_nameless(work, checks, who, "action", said),
            owner_agency=_nobody(checks, who, "owner's agency", owner[0]),
            owner_person=_nobody(checks, who, "owner", owner[1]),
            due=new.due,
            step=new.step or None,
            recorded_by=work.user.id,
            recorded_at=work.now,
        )
    else:
        action = MeetingAction(
            id=new_id("MAC"),
            meeting=kept.id,
            target=target,
            pillar=new.pillar,
            text=said,
            owner_agency=owner[0],
            owner_person=owner[1],
            due=new.due,
            young_people=_children((target, *parties)),
            domain=new.domain or None,
            step=new.step or None,
            asked=asked,
            recorded_by=work.user.id,
            recorded_at=work.now,
        )
    checks.done()
    if isinstance(action, PlaceAction):
        places.add_action(work.session, action)
    else:
        meetings.add_action(work.session, action)
        work.opened(action.young_people)
    work.why = action.id
    return agreed_here(work, kept, who, action, None)


@intention(Permission.ATTEND_MEETING)
def correct(work: Work, meeting: str, id: str, version: int, text: str, reason: str = "") -> Said:
    """Writes an entry over the version it was read as; what it said before is kept.

    A text that comes back as it was shown stays as it is stored. The event or tie that it became is put right with it.

    Raises:
        Faults: it is empty, or too long; nobody is mentioned whose words it has; a tie no longer joins two.
        NotFound: the meeting has no such entry, or the user has no place in it.
        NotPermitted: the user is a partner, and somebody else wrote it.
        Conflict: somebody else changed it since, or the meeting is closed: its chair puts it right in the minutes.
    """
    kept, who, said = _heard(work, meeting, text, reason)
    entry = _own(work, kept, id)
    if not may_correct(work, kept, entry.by):
        raise NotPermitted(NOT_YOURS)
    checks = Checks(work.today)
    changed = put_right(
        entry,
        checks.note("text", _as_kept(who, entry.text, text, said[0]), needed=True),
        checks.note("reason", _as_kept(who, entry.reason, reason, said[1])),
    )
    checks.need(entry.kind not in OWN_WORDS or bool(changed.young_people), WORDS_OF)
    checks.done()
    shared_information.follow(work, entry, changed)
    new = replace(changed, version=version)
    written = meetings.edit_entry(work.session, new, "", work.user.id, work.now, new_id("COR"))
    work.opened((*entry.young_people, *changed.young_people))
    work.why = entry.id
    who = _seen_anew(work, kept) if entry.record else who
    return said_here(work, kept, who, written, _name(work, entry.by))


def put_right(entry: Entry, text: str, reason: str) -> Entry:
    """`entry` with another text: about whom it mentions now, but no more about whom it mentions no more."""
    parties = mentioned(text)
    gone = {*mentioned(entry.text)} - {*parties}
    stay = (y for y in entry.young_people if f"{YOUNG_PERSON}:{y}" not in gone)
    things = [p for p in parties if not p.startswith(f"{YOUNG_PERSON}:")]
    return replace(
        entry,
        text=text,
        reason=reason,
        young_people=tuple(dict.fromkeys((*_children(parties), *stay))),
        target=entry.target if entry.target not in gone else next(iter(things), ""),
    )


@intention(Permission.ATTEND_MEETING)
def take_back(work: Work, meeting: str, id: str, version: int) -> None:
    """Takes an entry back, and the event or tie that it became: it no longer counts, and stays in the history.

    Raises as `correct`, and NotPermitted to all but the chair and who wrote it.
    """
    kept = enter_to_change(work, meeting)
    entry = _own(work, kept, id)
    if not may_take_back(work, kept, entry.by):
        raise NotPermitted(NOT_YOURS_TO_TAKE_BACK)
    gone = replace(entry, withdrawn_at=work.now, version=version)
    meetings.edit_entry(work.session, gone, "", work.user.id, work.now, new_id("COR"))
    shared_information.follow(work, entry, gone)
    work.opened(entry.young_people)
    work.why = entry.id


@intention(Permission.ATTEND_MEETING)
def amend(
    work: Work, meeting: str, id: str, version: int, *, text: str, owner_agency: str, owner_person: str = "",
    due: date | None, asked: Mapping[str, Reply] | None = None,
) -> Agreed:  # fmt: skip
    """Writes an action of this meeting over the version it was read as.

    What comes back as it was shown stays as it is stored.

    Raises:
        Faults: what is missing or wrong, all at once.
        NotFound: the meeting decided no such action, or the user has no place in it.
        NotPermitted: the user is a partner, and somebody else put it down.
        Conflict: somebody else changed it since, it is done or dropped, or the meeting is closed: the tracker goes on
            from there.
    """
    kept, who, (heard,) = _heard(work, meeting, text)
    checks, action = Checks(work.today), _decided(work, kept, id)
    if not may_correct(work, kept, action.recorded_by):
        raise NotPermitted(NOT_YOURS)
    checks.need(due is not None, "due: missing; give the day it should be done by")
    late = due is not None and due < work.today and due != action.due
    checks.need(not late, "due: the date lies in the past; give a later day")
    said = _as_kept(who, action.text, text, heard)
    agency = action.owner_agency if owner_agency == who.line(action.owner_agency) else owner_agency
    person = action.owner_person if owner_person == who.line(action.owner_person) else owner_person
    values: dict[str, Any] = {
        "text": checks.note("action", said, needed=True),
        "owner_agency": checks.line("owner's agency", agency, needed=True),
        "owner_person": checks.line("owner", person),
        "due": due,
        "version": version,
    }
    if isinstance(action, MeetingAction):
        if asked is not None:
            values["asked"] = questions.replies(checks, questions.before_disruption(), asked, every=True)
        checks.done()
        written: MeetingAction | PlaceAction = meetings.edit_action(work.session, replace(action, **values))
        work.opened(action.young_people)
    else:
        if said != action.text:
            values["text"] = _nameless(work, checks, who, "action", values["text"])
        if agency != action.owner_agency:
            values["owner_agency"] = _nobody(checks, who, "owner's agency", values["owner_agency"])
        if person != action.owner_person:
            values["owner_person"] = _nobody(checks, who, "owner", values["owner_person"])
        checks.done()
        written = places.edit_action(work.session, replace(action, **values))
    work.why = action.id
    return agreed_here(work, kept, who, written, None)


@intention(Permission.ATTEND_MEETING)
def drop(work: Work, meeting: str, id: str, version: int, why: str) -> None:
    """Drops an action of this meeting, and says why.

    Raises as `amend`, and NotPermitted to all but the chair and who put it down.
    """
    kept, who, (heard,) = _heard(work, meeting, why)
    action, checks = _decided(work, kept, id), Checks(work.today)
    if not may_take_back(work, kept, action.recorded_by):
        raise NotPermitted(NOT_YOURS_TO_TAKE_BACK)
    said = checks.note("reason", heard, needed=True)
    if isinstance(action, PlaceAction):
        said = _nameless(work, checks, who, "reason", said)
    checks.done()
    dropped = {"status": ActionStatus.DROPPED, "closed_on": work.today, "version": version}
    if isinstance(action, MeetingAction):
        meetings.edit_action(work.session, replace(action, outcome=said, **dropped))  # type: ignore[arg-type]
        work.opened(action.young_people)
    else:
        places.edit_action(work.session, replace(action, result=said, **dropped))  # type: ignore[arg-type]
    work.why = action.id


@intention(Permission.ATTEND_MEETING, audited=False, writes=True)
def keep_note(work: Work, meeting: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Keeps what the user is still typing, so that a closed browser loses nothing, and gives what is kept.

    Args:
        content: `kind` and `text`, and what is chosen beside the text. Where somebody puts right what stands there,
            `editing` with its id and `version`, and as `aside` the same of what they were typing before.
    """
    id, aside = enter(work, meeting).id, content.get("aside")
    kept = _typed(content) | ({"aside": before} if isinstance(aside, Mapping) and (before := _typed(aside)) else {})
    told = kept if kept.keys() & {"text", "aside"} else {}
    asked = {ASKED: said} if (said := meetings.note(work.session, id, work.user.id).get(ASKED)) else {}
    meetings.keep_note(work.session, id, work.user.id, told | asked, work.now)
    return told


def _typed(content: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: plain_text(str(content.get(name) or ""))[:most] for name, most in TYPED.items()}
    return {name: text for name, text in said.items() if text} if said["text"] or said["editing"] else {}


@intention(Permission.ATTEND_MEETING, audited=False)
def note(work: Work, meeting: str) -> dict[str, Any]:
    """What the user was still typing in this meeting; empty where nothing is kept."""
    kept = meetings.note(work.session, enter(work, meeting).id, work.user.id)
    return {name: said for name, said in kept.items() if name != ASKED}


@intention(Permission.ATTEND_MEETING, audited=False, writes=True)
def keep_replies(work: Work, meeting: str, action: str, said: Mapping[str, Reply]) -> None:
    """Keeps what the user has answered so far before an action, as `keep_note` does; no answers keep nothing."""
    id, known = enter(work, meeting).id, {q.id for q in questions.before_disruption()}
    typed = meetings.note(work.session, id, work.user.id)
    asked = {a: kept for a, kept in typed.pop(ASKED, {}).items() if a != action}
    replies = {
        question: [plain_text(reply.answer)[:SHORT], plain_text(reply.note)[:LONG]]
        for question, reply in said.items()
        if question in known and (reply.answer or reply.note)
    }
    if replies:
        asked[plain_text(action)[:SHORT]] = replies
    meetings.keep_note(work.session, id, work.user.id, typed | ({ASKED: asked} if asked else {}), work.now)


@intention(Permission.ATTEND_MEETING, audited=False)
def replies(work: Work, meeting: str, action: str) -> dict[str, Reply]:
    """What the user has answered so far before an action; empty where nothing is kept."""
    kept = meetings.note(work.session, enter(work, meeting).id, work.user.id).get(ASKED, {})
    return {question: Reply(*said) for question, said in kept.get(action, {}).items()}


def _heard(work: Work, meeting: str, *texts: str) -> tuple[Meeting, WhoIsWho, tuple[str, ...]]:
    """The meeting, who is who, and `texts` with slots become ids and what is new made.

    Raises:
        NotFound: a slot is not one of this meeting, or its young person is there no more.
    """
    kept = enter_to_change(work, meeting)
    who = who_is_who(work, kept)
    known = tuple(renamed(plain_text(text), lambda said: _party(who, said)) for text in texts)
    made = _made(work, dict.fromkeys(p for text in known for p in mentioned(text)))
    if made:
        who = who_is_who(work, kept, {Party(entities.KIND[type(e)], e.id): e for e in made.values()})
    become = {said: f"{entities.KIND[type(e)]}:{e.id}" for said, e in made.items()}
    return kept, who, tuple(renamed(text, become.get) for text in known)


def _party(who: WhoIsWho, said: str) -> str:
    if said.partition(":")[0] in MADE:
        return said
    found = who.party(said)
    if found is None:
        raise NotFound(CLOSED)
    return found


def _made(work: Work, told: Iterable[str]) -> dict[str, Entity]:
    """What of `told` is new, made once."""
    new: dict[str, Entity] = {}
    checks = Checks(work.today)
    for kind, name, said in ((*said.partition(":")[::2], said) for said in told):
        if kind in MADE:
            made, called_ = MADE[kind], " ".join(name.split())
            checks.need(bool(called_), UNNAMED)
            new[said] = made(id=new_id(PREFIX[entities.KIND[made]]), name=called_)
    checks.done()
    entities.add(work.session, list(new.values()), work.user.id, work.now)
    return new


def _as_kept(who: WhoIsWho, kept: str, said: str, heard: str) -> str:
    """What is to be stored of a text that came back: as it was, where it is what was shown of that."""
    return kept if plain_text(said) == plain_text(who.mask(kept)) else heard


def _children(parties: tuple[str, ...]) -> tuple[str, ...]:
    young = (p.partition(":")[2] for p in parties if p.startswith(f"{YOUNG_PERSON}:"))
    return tuple(dict.fromkeys(young))


def _target(who: WhoIsWho, new: NewAction, parties: tuple[str, ...]) -> str:
    if new.target:
        found = who.party(new.target)
        if found is None:
            raise NotFound(CLOSED)
        return found
    things = [p for p in parties if not p.startswith(f"{YOUNG_PERSON}:")]
    return next(iter((*things, *parties)), "")


def _nameless(work: Work, checks: Checks, who: WhoIsWho, field: str, text: str) -> str:
    """`text` for those who see no names: what it mentions unnamed, but for a public place.

    A fault is noted where a young person is mentioned, or anybody of this meeting is named.
    """
    parties, kept = mentioned(text), snapshot(work)
    labels = {}
    for party, id in ((p, p.partition(":")[2]) for p in parties if p.startswith("place:")):
        lived_in = kept.exposure.get(id) in LIVED_IN
        labels[party] = "a home" if lived_in or id not in kept.places else kept.shown(id, False).name
    unnamed = {p: f"{'an' if p.startswith('account') else 'a'} {p.partition(':')[0]}" for p in parties}
    shown = called(text, unnamed | labels)
    checks.need(not _children(parties) and not who.names_somebody(shown), f"{field}: {PLACE_NAMED}")
    return shown


def _nobody(checks: Checks, who: WhoIsWho, field: str, text: str) -> str:
    checks.need(who.line(text) == text, f"{field}: {PLACE_NAMED}")
    return text


def _own(work: Work, meeting: Meeting, id: str) -> Entry:
    entry = meetings.entry(work.session, id)
    if entry.meeting != meeting.id:
        raise NotFound(CLOSED)
    if entry.withdrawn_at is not None:
        raise Conflict(CHANGED)
    return entry


def _decided(work: Work, meeting: Meeting, id: str) -> MeetingAction | PlaceAction:
    found = meetings.action(work.session, id) if id.startswith("MAC-") else places.action(work.session, id)
    if found.meeting != meeting.id:
        raise NotFound(CLOSED)
    if not found.live:
        raise Conflict(CLOSED_ALREADY)
    return found


def _seen_anew(work: Work, meeting: Meeting) -> WhoIsWho:
    """Who is who, once whatever is new in the records has its slot."""
    inside = meetings.young_people(work.session, [meeting.id])[meeting.id]
    return who_is_who(work, meeting, unmasked(work, tuple(y.young_person for y in inside)).entities)


def _name(work: Work, id: str) -> str:
    found = users.get(work.session, id)
    return found.name if found else ""
