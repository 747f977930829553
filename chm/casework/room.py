"""The room of a meeting: what is looked at together under names that tell nothing, and the record that is kept live.

Nothing that leaves this module in pseudonyms holds a young person's id, name, birth date or address: each party goes by
a random slot of this meeting, people by an alias, and what people wrote is masked or withheld.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from chm.access import Permission, permitted
from chm.casework import network, questions
from chm.casework.desk import CLOSED, Work, intention
from chm.casework.disguise import CONDUCT, WITHHELD, Disguise, Shown, WhoIsWho, who_is_who
from chm.casework.meetings import (
    WORKERS,
    carried,
    chairs,
    changed,
    enter,
    meeting_rules,
    notes_coming_of,
    reviewed,
    should_come,
)
from chm.casework.network import NetworkRecords
from chm.casework.place_snapshot import snapshot
from chm.connections import Entity, Party, Place, Relationship
from chm.episodes.overlap import TooMany, spans
from chm.episodes.records import local_day
from chm.episodes.shared_times import SharedTime, shared_times
from chm.errors import NotFound
from chm.linkage.from_records import ties_of
from chm.linkage.ties import CONFLICT, YOUNG_PERSON, Tie
from chm.meetings.coverage import DISRUPT, Acting
from chm.meetings.expected import Expected
from chm.meetings.records import Attendance, Entry, EntryKind, Meeting, MeetingAction, MeetingStatus
from chm.meetings.since import Since
from chm.places.records import PlaceAction
from chm.places.shown import Exposure
from chm.records import ActionStatus
from chm.store import entities, episodes, meetings, people, places, plans, users

__all__ = ["WITHHELD", "Shown"]


@dataclass(frozen=True)
class Together:
    """Two young people (slots) missing at the same times: how often, how long, and when last."""

    one: str
    other: str
    times: int
    amount: float
    last: date


@dataclass(frozen=True)
class InSight:
    """What of a room may be shown: slots of its young people; as to who chairs it, with names; and what links them."""

    slots: frozenset[str]
    chairing: bool
    networked: bool


@dataclass(frozen=True, eq=False)
class Room:
    """What the meeting looks at.

    Attributes:
        purpose: masked as everything else. chairing: whether the user may show names and close.
        notes_coming_of: the one agency whose coming the user notes, None for all.
        networked: whether what links the young people is given; otherwise it is on the chair's screen alone, `records`
            say of each young person no more than which places they are tied to, and nothing is `together`.
        records: what links the young people, each by slot, called as `shown` says.
        plans: what is already being done for each (slot), without its words.
        together: pairs missing at the same times, most often first; hours, or days where `by_day`.
        points: places of the picture that may be put on a map, by slot: longitude, latitude.
    """

    meeting: str
    purpose: str
    on: date
    chair: str
    chairing: bool
    notes_coming_of: str | None
    closed: bool
    networked: bool
    shown: Shown
    records: NetworkRecords
    plans: Mapping[str, tuple[Acting, ...]]
    expected: tuple[Expected, ...]
    since: Since | None
    together: tuple[Together, ...]
    by_day: bool
    points: Mapping[str, tuple[float, float]]
    review_by: date | None

    @property
    def in_sight(self) -> InSight:
        """What of it was allowed to be shown when it was read."""
        return InSight(frozenset(self.plans), self.chairing, self.networked)


@dataclass(frozen=True, kw_only=True)
class Said:
    """An entry of the record. Texts mention others as `@{kind:slot}`; `by` is the name of who took it down.

    `may_correct` and `may_take_back` say what the user may do with it.
    """

    id: str
    kind: EntryKind
    item: str
    text: str
    young_people: tuple[str, ...]
    target: str
    agency: str
    confidence: str
    first_hand: bool | None
    reason: str
    by: str
    at: datetime
    version: int
    may_correct: bool
    may_take_back: bool


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """An action of the record, or one carried over from an earlier meeting on `carried_from`; on a `place` or not.

    `may_correct` and `may_take_back` say what the user may do with it, here.
    """

    id: str
    place: bool
    pillar: str
    text: str
    target: str
    young_people: tuple[str, ...]
    owner_agency: str
    owner_person: str
    due: date | None
    status: ActionStatus
    domain: str | None
    step: str | None
    unasked: bool
    carried_from: date | None
    version: int
    may_correct: bool
    may_take_back: bool

    @property
    def acting(self) -> Acting:
        """It as coverage needs it."""
        return Acting(
            pillar=self.pillar,
            target=self.target,
            young_people=self.young_people,
            domain=self.domain,
            step=self.step,
        )


@dataclass(frozen=True, eq=False)
class Record:
    """What was said and agreed so far. `changes` counts what the room has seen, to know of a new change by."""

    changes: int
    closed: bool
    said: tuple[Said, ...]
    agreed: tuple[Agreed, ...]
    attendance: tuple[Attendance, ...]


@intention(Permission.ATTEND_MEETING)
def open(work: Work, meeting: str) -> Room:
    """The room in pseudonyms. Raises NotFound where the user has no place in the meeting."""
    return _room(work, enter(work, meeting), Shown.PSEUDONYMS)


@intention(Permission.PLAN_MEETING)
def named(work: Work, meeting: str, item: str, shown: Shown) -> Room:
    """The room in initials or names, for one item of the agenda. Raises NotFound where the user does not chair it."""
    kept = enter(work, meeting, chairing=True)
    work.why = f"{kept.id} {Shown(shown).value} at {item if item in meeting_rules().item else 'an item'}"
    return _room(work, kept, Shown(shown))


@intention(Permission.PLAN_MEETING)
def reveal(work: Work, meeting: str, slot: str) -> str:
    """The name of one young person. Raises NotFound where the user does not chair it, or there is no such slot."""
    kept = enter(work, meeting, chairing=True)
    party = who_is_who(work, kept).party(f"{YOUNG_PERSON}:{slot}")
    if party is None:
        raise NotFound(CLOSED)
    id = party.partition(":")[2]
    work.open([id])
    work.why = f"{kept.id} revealed"
    return people.get(work.session, id).name


@intention(Permission.ATTEND_MEETING, hourly=True, passive=True, writes=True)
def again(work: Work, meeting: str) -> Room:
    """A room that is open already, as `open`: somebody wrote in it, or it may be shown of others than before.

    A screen asks this by itself, so it keeps nobody signed in. What is new in it gets its alias here, as in `open`.
    """
    found = _room(work, enter(work, meeting), Shown.PSEUDONYMS)
    work.listed(work.records)
    return found


@intention(Permission.ATTEND_MEETING, audited=False, passive=True)
def in_sight(work: Work, meeting: str) -> InSight:
    """What may be shown of the room to the user now. Raises NotFound where the user has no place in the meeting."""
    kept = enter(work, meeting)
    inside = [y.young_person for y in meetings.young_people(work.session, [kept.id])[kept.id]]
    slots = {party: slot for party, (_, slot) in meetings.aliases(work.session, kept.id).items()}
    near = people.among(work.session, work.scope, inside)
    return InSight(
        frozenset(slots[party] for y in near if (party := f"{YOUNG_PERSON}:{y}") in slots),
        _chairing(work, kept),
        permitted(work.user.roles, Permission.READ_NETWORK),
    )


@intention(Permission.ATTEND_MEETING, audited=False, passive=True)
def changes(work: Work, meeting: str) -> int:
    """How many changes the room has seen. Raises NotFound where the user has no place in the meeting."""
    return meetings.changes(work.session, enter(work, meeting).id)


@intention(Permission.ATTEND_MEETING, audited=False, passive=True)
def record(work: Work, meeting: str) -> Record:
    """What was said and agreed so far, always in pseudonyms. Opening the room is audited; this is drawn in it anew.

    Raises NotFound where the user has no place in the meeting.
    """
    return recorded(work, enter(work, meeting))


def recorded(work: Work, meeting: Meeting) -> Record:
    """The record of a room that the user is in."""
    session, who = work.session, who_is_who(work, meeting)
    own: list[MeetingAction | PlaceAction] = [
        *meetings.actions(session, [meeting.id]),
        *places.actions_of_meetings(session, [meeting.id]),
    ]
    accounts = {u.id: u.name for u in users.every(session)}
    found: list[tuple[MeetingAction | PlaceAction, date | None]] = [(a, None) for a in own]
    found += [(c.action, c.meeting.on) for c in carried(work, meeting)]
    return Record(
        changes=meetings.changes(session, meeting.id),
        closed=meeting.status == MeetingStatus.CLOSED,
        said=tuple(
            said_here(work, meeting, who, e, accounts.get(e.by, "")) for e in meetings.entries(session, [meeting.id])
        ),
        agreed=tuple(
            agreed_here(work, meeting, who, a, on) for a, on in found if not questions.step_about_worker(a.step)
        ),
        attendance=tuple(
            replace(a, agency=who.line(a.agency), name=who.line(a.name))
            for a in meetings.attendance(session, [meeting.id])[meeting.id]
        ),
    )


def _room(work: Work, meeting: Meeting, shown: Shown) -> Room:
    session = work.session
    inside = meetings.young_people(session, [meeting.id])[meeting.id]
    as_kept = network.unmasked(work, tuple(y.young_person for y in inside))
    who = who_is_who(work, meeting, as_kept.entities)
    found = network.told(work, replace(as_kept, entities=_mentioned(work, who, as_kept)))
    before = reviewed(work, meeting)
    chosen = [p for p in found.young_people if p.chosen]
    networked = permitted(work.user.roles, Permission.READ_NETWORK)
    told, by_day = _together(work, who, [p.id for p in chosen]) if networked else ((), False)
    seen, kept = found if networked else _placed(found), snapshot(work)
    return Room(
        meeting=meeting.id,
        purpose=who.mask(meeting.purpose),
        on=meeting.on,
        chair=next((u.name for u in users.every(session) if u.id == meeting.chair), ""),
        chairing=_chairing(work, meeting),
        notes_coming_of=notes_coming_of(work, meeting),
        closed=meeting.status == MeetingStatus.CLOSED,
        networked=networked,
        shown=shown,
        records=Disguise(who, kept, shown).records(seen),
        plans={who.bare(YOUNG_PERSON, p.id): tuple(_planned(work, who, p.id, networked)) for p in chosen},
        expected=tuple(
            replace(e, agency=who.line(e.agency)) for e in should_come(work, found) if not CONDUCT.search(e.agency)
        ),
        since=_since(who, changed(work, found, before)) if before else None,
        together=told,
        by_day=by_day,
        points={
            who.bare("place", party.id): (place.longitude, place.latitude)
            for party, place in as_kept.entities.items()
            if isinstance(place, Place)
            and place.longitude is not None
            and place.latitude is not None
            and kept.exposure.get(party.id) == Exposure.PUBLIC
        },
        review_by=min((p.latest.review_by for p in chosen if p.latest and p.latest.review_by), default=None),
    )


def _chairing(work: Work, meeting: Meeting) -> bool:
    return chairs(work, meeting) and permitted(work.user.roles, Permission.PLAN_MEETING)


def _placed(found: NetworkRecords) -> NetworkRecords:
    """`found` without what links the young people: the chosen alone, each tied to places in a record of its own."""
    return replace(
        found,
        young_people=tuple(p for p in found.young_people if p.chosen),
        events=tuple(
            replace(event, participants=tuple(p for p in event.participants if p.party in tie.parties))
            for event in found.events
            for tie in ties_of([event], [])
            if tie.relation != CONFLICT and _at_a_place(tie)
        ),
        relationships=tuple(r for r in found.relationships if _at_a_place(r)),
    )


def _at_a_place(tie: Tie | Relationship) -> bool:
    return {tie.one.kind, tie.other.kind} == {YOUNG_PERSON, "place"}


def _mentioned(work: Work, who: WhoIsWho, found: NetworkRecords) -> dict[Party, Entity]:
    """The entities of `found`, and what was named in this meeting that nothing ties to anybody yet."""
    ids = [p.partition(":")[2] for p in who.aliases if not p.startswith(f"{YOUNG_PERSON}:")]
    named = (e for e in entities.named(work.session, ids).values() if e.merged_into is None)
    return {Party(entities.KIND[type(e)], e.id): e for e in named} | dict(found.entities)


def _planned(work: Work, who: WhoIsWho, young_person: str, networked: bool) -> Iterable[Acting]:
    """What a young person's own plan does, but for what is about a worker's conduct; on whom, where `networked`."""
    for action in plans.actions(work.session, young_person):
        if action.status != ActionStatus.DROPPED and not questions.step_about_worker(action.step):
            yield Acting(
                pillar=action.pillar,
                target=(who.slot(action.target) if networked else None) or "",
                young_people=(who.bare(YOUNG_PERSON, young_person),),
                domain=action.domain,
                step=action.step,
            )


def _together(work: Work, who: WhoIsWho, ids: list[str]) -> tuple[tuple[Together, ...], bool]:
    found = [k.episode for k in episodes.of(work.session, work.scope, ids)]
    both: defaultdict[tuple[str, str], list[SharedTime]] = defaultdict(list)
    try:
        for time in shared_times(found):
            both[time.one.young_person, time.other.young_person].append(time)
    except TooMany:
        return (), False
    told = [
        Together(
            who.bare(YOUNG_PERSON, one),
            who.bare(YOUNG_PERSON, other),
            len(times),
            sum(t.amount for t in times),
            max(local_day(t.start) for t in times),
        )
        for (one, other), times in both.items()
    ]
    by_day = bool(found) and spans(found).by_day
    return tuple(sorted(told, key=lambda t: (-t.times, -t.amount, t.one, t.other))), by_day


def _since(who: WhoIsWho, found: Since) -> Since:
    return replace(
        found,
        moved=tuple(replace(m, young_person=who.bare(YOUNG_PERSON, m.young_person)) for m in found.moved),
        new_things=tuple(slot for t in found.new_things if (slot := who.slot(t))),
    )


def may_take_back(work: Work, meeting: Meeting, by: str) -> bool:
    """Whether the user may take back what `by` (id) put into the record: its chair, and who wrote it."""
    return by == work.user.id or chairs(work, meeting)


def may_correct(work: Work, meeting: Meeting, by: str) -> bool:
    """Whether the user may put right what `by` (id) put into the record; partners their own alone."""
    return may_take_back(work, meeting, by) or not work.user.roles.isdisjoint(WORKERS)


def said_here(work: Work, meeting: Meeting, who: WhoIsWho, entry: Entry, by: str) -> Said:
    """An entry as the room shows it; `by` is the name of who took it down."""
    return Said(
        id=entry.id,
        kind=entry.kind,
        item=entry.item,
        text=who.mask(entry.text),
        young_people=who.slots(entry.young_people),
        target=who.slot(entry.target) or "",
        agency=who.line(entry.agency),
        confidence=entry.confidence,
        first_hand=entry.first_hand,
        reason=who.mask(entry.reason),
        by=by,
        at=entry.at,
        version=entry.version,
        may_correct=may_correct(work, meeting, entry.by),
        may_take_back=may_take_back(work, meeting, entry.by),
    )


def agreed_here(
    work: Work, meeting: Meeting, who: WhoIsWho, action: MeetingAction | PlaceAction, carried_from: date | None
) -> Agreed:
    """An action as the room shows it; `carried_from` is the day of the earlier meeting that decided it."""
    own = carried_from is None
    place = isinstance(action, PlaceAction)
    target = f"place:{action.place}" if isinstance(action, PlaceAction) else action.target
    return Agreed(
        id=action.id,
        place=place,
        pillar=action.pillar,
        text=who.mask(action.text),
        target=who.slot(target) or "",
        young_people=() if isinstance(action, PlaceAction) else who.slots(action.young_people),
        owner_agency=who.line(action.owner_agency),
        owner_person=who.line(action.owner_person),
        due=action.due,
        status=action.status,
        domain=None if isinstance(action, PlaceAction) else action.domain,
        step=action.step,
        unasked=isinstance(action, MeetingAction) and action.pillar == DISRUPT and not action.asked,
        carried_from=carried_from,
        version=action.version,
        may_correct=own and may_correct(work, meeting, action.recorded_by),
        may_take_back=own and may_take_back(work, meeting, action.recorded_by),
    )
