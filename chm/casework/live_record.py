"""Taking the record of a meeting as it is held: what was said, what was agreed, and putting either right.

What is typed mentions people and things as `@{kind:slot}`, or as `@{new_place:its name}` where they are not known yet.
Each entry is a row of its own, so that two people who write at once lose nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from chm import connection_kinds
from chm.access import Permission
from chm.casework import questions
from chm.casework.checks import Checks
from chm.casework.connections import (
    NewEvent,
    NewParticipant,
    NewRelationship,
    event_recorded,
    relationship_recorded,
)
from chm.casework.desk import CLOSED, Work, intention, new_id
from chm.casework.disguise import WhoIsWho, who_is_who
from chm.casework.meetings import enter, meeting_rules, open_to_change
from chm.casework.network import around
from chm.casework.place_actions import NAMED as PLACE_NAMED
from chm.casework.room import Agreed, Said, agreed_here, said_here
from chm.casework.shared_actions import CHILD, DISRUPT
from chm.connections import (
    PREFIX,
    Account,
    Confidence,
    Entity,
    EventRole,
    Influence,
    NamedGroup,
    Party,
    Person,
    Place,
    Source,
    Vehicle,
)
from chm.errors import Conflict, NotFound
from chm.framework import PILLARS
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.mentions import called, mentioned, renamed
from chm.meetings.records import Entry, EntryKind, Meeting, MeetingAction
from chm.places.records import PlaceAction
from chm.privacy import names_any
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
TWO = "tie: it joins two; mention exactly two people or things with @"
MOST_NOTE = 20_000
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
    kept, who, text = _heard(work, meeting, new.text)
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
        reason=checks.note("reason", _known(who, new.reason), needed=False),
        by=work.user.id,
        at=work.now,
    )
    tie = new.as_ in connection_kinds.load().relationship
    checks.need(not (information and tie and len(parties) != 2), TWO)
    checks.need(not _child_like(kind) or bool(entry.young_people), "young person: mention with @ whose words these are")
    checks.done()
    if information and parties:
        entry = replace(entry, record=_became(work, entry, new, parties, tie))
        who = _seen_anew(work, kept)
    written = meetings.add_entry(work.session, entry)
    meetings.moved(work.session, kept.id)
    work.opened(entry.young_people)
    work.why = entry.id
    return said_here(who, written, work.user.name)


@intention(Permission.ATTEND_MEETING)
def agree(work: Work, meeting: str, new: NewAction) -> Agreed:
    """Puts down an action with its owner and date. One on a place goes to those who work on places: it names nobody.

    Raises:
        Faults: what is missing or wrong, all at once.
        NotFound: the user has no place in the meeting, or the target is not one of its own.
        Conflict: the meeting is closed.
    """
    kept, who, text = _heard(work, meeting, new.text)
    parties, checks = mentioned(text), Checks(work.today)
    target = _target(who, new, parties)
    checks.need(bool(target), "target: mention with @ what or whom it acts on")
    checks.need(new.pillar in PILLARS, f"pillar: must be one of {', '.join(PILLARS)}")
    checks.need(new.due is not None, "due: missing; give the day it should be done by")
    checks.need(new.due is None or new.due >= work.today, "due: the date lies in the past; give a later day")
    checks.need(not (new.pillar == DISRUPT and _is_child(work, target)), f"target: {CHILD}")
    said = checks.note("action", text, needed=True)
    owner = checks.line("owner's agency", new.owner_agency, needed=True), checks.line("owner", new.owner_person)
    step = checks.line("step", new.step) if new.step else None
    asked = questions.replies(checks, questions.before_disruption(), new.asked) if new.asked else {}
    if target.startswith("place:"):
        action: MeetingAction | PlaceAction = _on_place(work, checks, kept, target, said, new, owner, step)
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
            young_people=_children(parties) or _children((target,)),
            domain=new.domain or None,
            step=step,
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
    meetings.moved(work.session, kept.id)
    work.why = action.id
    return agreed_here(who, action, None)


@intention(Permission.ATTEND_MEETING)
def correct(work: Work, meeting: str, id: str, version: int, text: str, reason: str = "") -> Said:
    """Writes an entry over the version it was read as; what it said before is kept.

    Raises:
        Faults: it is empty, or too long.
        NotFound: the meeting has no such entry, or the user has no place in it.
        Conflict: somebody else changed it since, or the meeting is closed: its chair puts it right in the minutes.
    """
    kept = enter(work, meeting)
    open_to_change(kept)
    entry = _own(work, kept, id)
    who = who_is_who(work, kept)
    checks = Checks(work.today)
    said = _known(who, text)
    changed = replace(
        entry,
        text=checks.note("text", said, needed=True),
        reason=checks.note("reason", _known(who, reason)),
        young_people=tuple(dict.fromkeys((*_children(mentioned(said)), *entry.young_people))),
        version=version,
    )
    checks.done()
    written = meetings.edit_entry(work.session, changed, "", work.user.id, work.now, new_id("COR"))
    meetings.moved(work.session, kept.id)
    work.opened(entry.young_people)
    work.why = entry.id
    return said_here(who, written, _name(work, entry.by))


@intention(Permission.ATTEND_MEETING)
def take_back(work: Work, meeting: str, id: str, version: int) -> None:
    """Takes an entry back: it no longer counts, and stays in the history. Raises as `correct`."""
    kept = enter(work, meeting)
    open_to_change(kept)
    entry = _own(work, kept, id)
    gone = replace(entry, withdrawn_at=work.now, version=version)
    meetings.edit_entry(work.session, gone, "", work.user.id, work.now, new_id("COR"))
    meetings.moved(work.session, kept.id)
    work.opened(entry.young_people)
    work.why = entry.id


@intention(Permission.ATTEND_MEETING)
def amend(
    work: Work, meeting: str, id: str, version: int, *, text: str, owner_agency: str, owner_person: str = "",
    due: date | None, asked: Mapping[str, Reply] | None = None,
) -> Agreed:  # fmt: skip
    """Writes an action of this meeting over the version it was read as.

    Raises:
        Faults: what is missing or wrong, all at once.
        NotFound: the meeting decided no such action, or the user has no place in it.
        Conflict: somebody else changed it since, or the meeting is closed: the tracker goes on from there.
    """
    kept = enter(work, meeting)
    open_to_change(kept)
    who, checks = who_is_who(work, kept), Checks(work.today)
    action = _decided(work, kept, id)
    checks.need(due is not None, "due: missing; give the day it should be done by")
    values: dict[str, Any] = {
        "text": checks.note("action", _known(who, text), needed=True),
        "owner_agency": checks.line("owner's agency", owner_agency, needed=True),
        "owner_person": checks.line("owner", owner_person),
        "due": due,
        "version": version,
    }
    if isinstance(action, MeetingAction):
        if asked is not None:
            values["asked"] = questions.replies(checks, questions.before_disruption(), asked, every=True)
        checks.done()
        written: MeetingAction | PlaceAction = meetings.edit_action(work.session, replace(action, **values))
    else:
        values["text"] = _nameless(work, checks, kept, values["text"])
        checks.done()
        written = places.edit_action(work.session, replace(action, **values))
    meetings.moved(work.session, kept.id)
    work.why = action.id
    return agreed_here(who, written, None)


@intention(Permission.ATTEND_MEETING)
def drop(work: Work, meeting: str, id: str, version: int, why: str) -> None:
    """Drops an action of this meeting, and says why. Raises as `amend`."""
    kept = enter(work, meeting)
    open_to_change(kept)
    action, checks = _decided(work, kept, id), Checks(work.today)
    said = checks.note("reason", why, needed=True)
    checks.done()
    dropped = {"status": ActionStatus.DROPPED, "closed_on": work.today, "version": version}
    if isinstance(action, MeetingAction):
        meetings.edit_action(work.session, replace(action, outcome=said, **dropped))  # type: ignore[arg-type]
    else:
        places.edit_action(work.session, replace(action, result=said, **dropped))  # type: ignore[arg-type]
    meetings.moved(work.session, kept.id)
    work.why = action.id


@intention(Permission.ATTEND_MEETING, audited=False, writes=True)
def keep_note(work: Work, meeting: str, content: dict[str, Any]) -> None:
    """Keeps what the user is still typing, so that a closed browser loses nothing; empty content keeps nothing."""
    kept = enter(work, meeting)
    text = str(content.get("text", ""))[:MOST_NOTE]
    told = {"kind": str(content.get("kind", ""))[:40], "text": text} if text.strip() else {}
    meetings.keep_note(work.session, kept.id, work.user.id, told, work.now)


@intention(Permission.ATTEND_MEETING, audited=False)
def note(work: Work, meeting: str) -> dict[str, Any]:
    """What the user was still typing in this meeting; empty where nothing is kept."""
    return meetings.note(work.session, enter(work, meeting).id, work.user.id)


def _heard(work: Work, meeting: str, text: str) -> tuple[Meeting, WhoIsWho, str]:
    """The meeting, who is who, and `text` with slots become ids and what is new made."""
    kept = enter(work, meeting)
    open_to_change(kept)
    who = who_is_who(work, kept)
    return kept, who, _made(work, _known(who, text))


def _known(who: WhoIsWho, text: str) -> str:
    return renamed(text, who.party)


def _made(work: Work, text: str) -> str:
    """`text` with each thing that is new made, and mentioned by its id."""
    new: dict[str, Entity] = {}
    for said in mentioned(text):
        kind, _, name = said.partition(":")
        if kind in MADE:
            made = MADE[kind]
            new[said] = made(id=new_id(PREFIX[entities.KIND[made]]), name=" ".join(name.split())[:200])
    entities.add(work.session, list(new.values()), work.user.id, work.now)
    become = {said: f"{entities.KIND[type(e)]}:{e.id}" for said, e in new.items()}
    return renamed(text, become.get)


def _became(work: Work, entry: Entry, new: NewEntry, parties: tuple[str, ...], tie: bool) -> str:
    """The id of the event or tie that information becomes."""
    what = _in_words(work, entry.text)
    source = Source(agency=entry.agency, confidence=Confidence(new.confidence), first_hand=new.first_hand)
    named = [Party(*p.split(":", 1)) for p in parties]
    if tie:
        one, other = named
        kept = relationship_recorded(
            work,
            NewRelationship(one=one, other=other, kind=new.as_, source=source, start=new.on, note=what),
        )
        return kept.id
    harmful = new.harm == Influence.HARMFUL
    event = NewEvent(
        kind=new.as_,
        participants=tuple(NewParticipant(p, _role(work, p, harmful)) for p in named),
        source=source,
        start=new.on,
        influence=Influence(new.harm),
        what=what,
    )
    return event_recorded(work, event).id


def _in_words(work: Work, text: str) -> str:
    """`text` with whoever it mentions by name, as records of events are kept; readers' names are masked there."""
    ids = [p.partition(":")[2] for p in mentioned(text)]
    names = {f"{entities.KIND[type(e)]}:{id}": e.label for id, e in entities.named(work.session, ids).items()}
    return called(text, names, "a young person")


def _role(work: Work, party: Party, harmful: bool) -> EventRole:
    if not harmful or party.kind not in (YOUNG_PERSON, "person"):
        return EventRole.UNKNOWN
    return EventRole.EXPERIENCING_HARM if _is_child(work, f"{party.kind}:{party.id}") else EventRole.ALLEGED_SOURCE


def _is_child(work: Work, target: str) -> bool:
    kind, _, id = target.partition(":")
    found = entities.named(work.session, [id]).get(id) if kind == "person" else None
    return kind == YOUNG_PERSON or (isinstance(found, Person) and found.child)


def _children(parties: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(p.partition(":")[2] for p in parties if p.startswith(f"{YOUNG_PERSON}:"))


def _child_like(kind: EntryKind) -> bool:
    return kind in (EntryKind.VOICE, EntryKind.PARENT, EntryKind.TELLS)


def _target(who: WhoIsWho, new: NewAction, parties: tuple[str, ...]) -> str:
    if new.target:
        found = who.party(new.target)
        if found is None:
            raise NotFound(CLOSED)
        return found
    things = [p for p in parties if not p.startswith(f"{YOUNG_PERSON}:")]
    return next(iter((*things, *parties)), "")


def _on_place(
    work: Work, checks: Checks, meeting: Meeting, target: str, text: str, new: NewAction, owner: tuple[str, str],
    step: str | None,
) -> PlaceAction:  # fmt: skip
    return PlaceAction(
        id=new_id("PAC"),
        place=target.partition(":")[2],
        meeting=meeting.id,
        pillar=new.pillar,
        text=_nameless(work, checks, meeting, text),
        owner_agency=owner[0],
        owner_person=owner[1],
        due=new.due,
        step=step,
        recorded_by=work.user.id,
        recorded_at=work.now,
    )


def _nameless(work: Work, checks: Checks, meeting: Meeting, text: str) -> str:
    """`text` for those who see no names: people it mentions unnamed; a fault where a young person is mentioned."""
    parties = mentioned(text)
    ids = [p.partition(":")[2] for p in parties]
    labels = {f"place:{id}": e.label for id, e in entities.named(work.session, ids).items() if isinstance(e, Place)}
    who = who_is_who(work, meeting)
    shown = called(text, labels, "a person of concern")
    named = bool(_children(parties)) or names_any(
        shown, {p: who.names[p] for p in who.here if p in who.names}, whole=True
    )
    checks.need(not named, f"action: {PLACE_NAMED}")
    return shown


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
    return found


def _seen_anew(work: Work, meeting: Meeting) -> WhoIsWho:
    """Who is who, once whatever is new in the records has its slot."""
    inside = meetings.young_people(work.session, [meeting.id])[meeting.id]
    return who_is_who(work, meeting, around(work, tuple(y.young_person for y in inside)))


def _name(work: Work, id: str) -> str:
    found = users.get(work.session, id)
    return found.name if found else ""
