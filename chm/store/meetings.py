"""Meetings: their plan, who comes, what is said, what is decided, and their minutes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from chm.access import Scope
from chm.errors import Conflict, NotFound
from chm.meetings.records import (
    Attendance,
    Attending,
    Entry,
    EntryKind,
    InMeeting,
    Meeting,
    MeetingAction,
    MeetingStatus,
    MinutesVersion,
)
from chm.records import ActionStatus, Reply
from chm.store.people import seen_still, within
from chm.store.plans import CHANGED, LIVE
from chm.store.rows import change, record, row
from chm.store.tables import (
    AttendanceRow,
    CorrectionRow,
    MeetingActionRow,
    MeetingActionYoungPerson,
    MeetingAlias,
    MeetingEntryRow,
    MeetingNote,
    MeetingPartner,
    MeetingPulse,
    MeetingYoungPerson,
    MinutesRow,
)
from chm.store.tables import Meeting as MeetingRow

CLOSED = "No such record, or none that you may open"
SIGNED = "These minutes are signed; nothing was saved. A correction makes a new version"


def add(session: Session, meeting: Meeting) -> None:
    """Writes a new meeting."""
    session.add(row(MeetingRow, meeting))
    session.flush()
    session.add(MeetingPulse(meeting=meeting.id, changes=0))
    session.flush()


def edit(session: Session, meeting: Meeting) -> Meeting:
    """Writes a meeting over the version it was read as.

    Raises:
        NotFound: there is no such meeting.
        Conflict: it has another version by now.
    """
    kept = session.get(MeetingRow, meeting.id, populate_existing=True)
    if kept is None:
        raise NotFound(CLOSED)
    if kept.version != meeting.version:
        raise Conflict(CHANGED)
    change(kept, meeting)
    session.flush()
    return _meeting(kept)


def get(session: Session, id: str) -> Meeting:
    """The meeting `id` as it stands now. Raises NotFound where there is none."""
    found = session.get(MeetingRow, id, populate_existing=True)
    if found is None:
        raise NotFound(CLOSED)
    return _meeting(found)


def chain(session: Session, meeting: Meeting) -> list[Meeting]:
    """The earlier meetings that `meeting` follows, newest first."""
    found: list[Meeting] = []
    before = meeting.review_of
    while before and before not in {meeting.id, *(m.id for m in found)}:
        found.append(get(session, before))
        before = found[-1].review_of
    return found


def of_user(session: Session, scope: Scope, *, every: bool = False) -> list[Meeting]:
    """The meetings that a user chairs or is invited to and still sees, or all of them; newest first."""
    invited = exists().where(MeetingPartner.meeting == MeetingRow.id, MeetingPartner.user == scope.user)
    asked = select(MeetingRow).order_by(MeetingRow.on.desc(), MeetingRow.at.desc(), MeetingRow.id)
    if not every:
        asked = asked.where(or_(MeetingRow.chair == scope.user, invited), seen_still(scope))
    return [_meeting(r) for r in session.scalars(asked)]


def holding(session: Session, scope: Scope) -> list[Meeting]:
    """The meetings about at least one young person in `scope`; newest first."""
    about = exists().where(MeetingYoungPerson.meeting == MeetingRow.id, within(scope, MeetingYoungPerson.young_person))
    asked = select(MeetingRow).where(about).order_by(MeetingRow.on.desc(), MeetingRow.id)
    return [_meeting(r) for r in session.scalars(asked)]


def young_people(session: Session, meetings: Collection[str]) -> dict[str, list[InMeeting]]:
    """The young people of each of `meetings`, as they were added."""
    asked = select(MeetingYoungPerson).where(MeetingYoungPerson.meeting.in_(meetings))
    found: dict[str, list[InMeeting]] = {id: [] for id in meetings}
    added = MeetingYoungPerson.added_at
    for r in session.scalars(asked.order_by(added.is_not(None), added, MeetingYoungPerson.young_person)):
        found[r.meeting].append(record(InMeeting, r))
    return found


def include(session: Session, new: Iterable[InMeeting]) -> None:
    """Adds young people to a meeting."""
    session.add_all(row(MeetingYoungPerson, n) for n in new)
    session.flush()


def leave_out(session: Session, meeting: str, young_person: str) -> None:
    """Takes a young person out of a meeting. Raises NotFound where they are not in it."""
    kept = session.get(MeetingYoungPerson, (meeting, young_person))
    if kept is None:
        raise NotFound(CLOSED)
    session.delete(kept)
    session.flush()


def invited(session: Session, meeting: str) -> frozenset[str]:
    """Ids of the users invited to a meeting."""
    return frozenset(session.scalars(select(MeetingPartner.user).where(MeetingPartner.meeting == meeting)))


def invite(session: Session, meeting: str, users: Iterable[str]) -> None:
    """Lets `users` (ids) into a meeting's room."""
    session.add_all(MeetingPartner(meeting=meeting, user=u) for u in users)
    session.flush()


def uninvite(session: Session, meeting: str, user: str) -> None:
    """Takes back an invitation."""
    kept = session.get(MeetingPartner, (meeting, user))
    if kept:
        session.delete(kept)
        session.flush()


def moved(session: Session, meeting: str) -> None:
    """Tells other screens that the room has changed; holds the meeting's row of it until the end of the transaction."""
    told = update(MeetingPulse).where(MeetingPulse.meeting == meeting).values(changes=MeetingPulse.changes + 1)
    if not session.execute(told).rowcount:  # type: ignore[attr-defined]
        session.add(MeetingPulse(meeting=meeting, changes=1))
        session.flush()


def changes(session: Session, meeting: str) -> int:
    """How many changes the room has seen."""
    return session.scalar(select(MeetingPulse.changes).where(MeetingPulse.meeting == meeting)) or 0


def aliases(session: Session, meeting: str) -> dict[str, tuple[str, str]]:
    """Alias and slot of each party (kind:id) that has them in a meeting."""
    asked = select(MeetingAlias.party, MeetingAlias.alias, MeetingAlias.slot).where(MeetingAlias.meeting == meeting)
    return {party: (alias, slot) for party, alias, slot in session.execute(asked)}


def name(session: Session, meeting: str, given: Iterable[tuple[str, str]]) -> None:
    """Gives each party (kind:id) an alias in a meeting, and a random slot."""
    session.add_all(MeetingAlias(meeting=meeting, party=p, alias=a, slot=token_hex(5)) for p, a in given)
    session.flush()


def attendance(session: Session, meetings: Collection[str]) -> dict[str, list[Attendance]]:
    """Who comes to each of `meetings`, by agency."""
    asked = select(AttendanceRow).where(AttendanceRow.meeting.in_(meetings)).order_by(AttendanceRow.agency)
    found: dict[str, list[Attendance]] = {id: [] for id in meetings}
    for r in session.scalars(asked):
        found[r.meeting].append(replace(record(Attendance, r), status=Attending(r.status)))
    return found


def attend(session: Session, said: Attendance) -> Attendance:
    """Writes what is known of an agency's coming over the version it was read as; version 0 is a new one.

    Raises:
        Conflict: it has another version by now.
    """
    kept = session.get(AttendanceRow, (said.meeting, said.agency))
    if (kept.version if kept else 0) != said.version:
        raise Conflict(CHANGED)
    if kept:
        change(kept, said)
    else:
        kept = row(AttendanceRow, said)
        session.add(kept)
    session.flush()
    return replace(record(Attendance, kept), status=Attending(kept.status))


def add_entry(session: Session, entry: Entry) -> Entry:
    """Writes what was said."""
    kept = row(MeetingEntryRow, entry)
    kept.young_people = list(entry.young_people)
    session.add(kept)
    session.flush()
    return _entry(kept)


def edit_entry(session: Session, entry: Entry, why: str, by: str, at: datetime, id: str) -> Entry:
    """Writes an entry over the version it was read as, and keeps that one as the correction `id`.

    Raises:
        NotFound: the meeting has no such entry.
        Conflict: it has another version by now.
    """
    kept = session.get(MeetingEntryRow, entry.id)
    if kept is None or kept.meeting != entry.meeting:
        raise NotFound(CLOSED)
    if kept.version != entry.version:
        raise Conflict(CHANGED)
    before = {
        "text": kept.text,
        "reason": kept.reason,
        "agency": kept.agency,
        "withdrawn": kept.withdrawn_at is not None,
    }
    session.add(CorrectionRow(id=id, record=entry.id, version=entry.version, before=before, why=why, by=by, at=at))
    change(kept, entry)
    kept.young_people = list(entry.young_people)
    flag_modified(kept, "text")  # Each version has one correction: it rises where nothing differs too.
    session.flush()
    return _entry(kept)


def entry(session: Session, id: str) -> Entry:
    """The entry `id`. Raises NotFound where there is none."""
    found = session.get(MeetingEntryRow, id)
    if found is None:
        raise NotFound(CLOSED)
    return _entry(found)


def entries(session: Session, meetings: Collection[str]) -> list[Entry]:
    """What was said in `meetings`, as it was said, without what was taken back."""
    asked = select(MeetingEntryRow).where(MeetingEntryRow.meeting.in_(meetings), MeetingEntryRow.withdrawn_at.is_(None))
    return [_entry(r) for r in session.scalars(asked.order_by(MeetingEntryRow.at, MeetingEntryRow.id))]


def add_action(session: Session, action: MeetingAction) -> MeetingAction:
    """Writes an action and whom it concerns."""
    kept = MeetingActionRow(**_action_columns(action))
    session.add(kept)
    session.flush()
    session.add_all(
        MeetingActionYoungPerson(action=action.id, young_person=y, place=n) for n, y in enumerate(action.young_people)
    )
    session.flush()
    return action


def edit_action(session: Session, action: MeetingAction) -> MeetingAction:
    """Writes an action over the version it was read as; whom it concerns stays.

    Raises:
        NotFound: there is no such action.
        Conflict: it has another version by now.
    """
    kept = session.get(MeetingActionRow, action.id)
    if kept is None:
        raise NotFound(CLOSED)
    if kept.version != action.version:
        raise Conflict(CHANGED)
    for column, value in _action_columns(action).items():
        setattr(kept, column, value)
    session.flush()
    return replace(action, version=kept.version)


def action(session: Session, id: str) -> MeetingAction:
    """The action `id`. Raises NotFound where there is none."""
    found = session.get(MeetingActionRow, id)
    if found is None:
        raise NotFound(CLOSED)
    return _actions(session, [found])[0]


def actions(session: Session, meetings: Collection[str]) -> list[MeetingAction]:
    """The actions that `meetings` decided, soonest due first."""
    return _asked(session, MeetingActionRow.meeting.in_(meetings))


def actions_about(session: Session, scope: Scope, young_people: Collection[str] | None = None) -> list[MeetingAction]:
    """Actions that concern a young person in `scope`, or one of `young_people` in it; soonest due first."""
    theirs = exists().where(
        MeetingActionYoungPerson.action == MeetingActionRow.id, within(scope, MeetingActionYoungPerson.young_person)
    )
    if young_people is not None:
        theirs = theirs.where(MeetingActionYoungPerson.young_person.in_(young_people))
    return _asked(session, theirs)


def actions_owned(
    session: Session, agency: str, person: str | None = None, *, live: bool = True
) -> list[MeetingAction]:
    """Actions owned by an agency, or by one person of it; soonest due first."""
    owned = MeetingActionRow.owner_agency == agency
    if person is not None:
        owned = owned & (MeetingActionRow.owner_person == person)
    return _asked(session, owned & MeetingActionRow.status.in_(LIVE) if live else owned)


def add_minutes(session: Session, minutes: MinutesVersion) -> None:
    """Writes a new version of the minutes."""
    session.add(row(MinutesRow, minutes))
    session.flush()


def edit_minutes(session: Session, minutes: MinutesVersion) -> MinutesVersion:
    """Writes a draft over the version it was read as, or signs it.

    Raises:
        NotFound: there is no such version of the minutes.
        Conflict: it is signed, or somebody else changed it since.
    """
    kept = session.get(MinutesRow, (minutes.meeting, minutes.number))
    if kept is None:
        raise NotFound(CLOSED)
    if kept.signed_at is not None:
        raise Conflict(SIGNED)
    if kept.version != minutes.version:
        raise Conflict(CHANGED)
    change(kept, minutes)
    session.flush()
    return record(MinutesVersion, kept)


def minutes(session: Session, meeting: str) -> list[MinutesVersion]:
    """Every version of a meeting's minutes, oldest first."""
    asked = select(MinutesRow).where(MinutesRow.meeting == meeting).order_by(MinutesRow.number)
    return [record(MinutesVersion, r) for r in session.scalars(asked)]


def keep_note(session: Session, meeting: str, user: str, content: dict[str, Any], at: datetime) -> None:
    """Keeps what a user is still typing, in place of what was kept before; nothing keeps nothing."""
    kept = session.get(MeetingNote, (meeting, user))
    if not content:
        if kept:
            session.delete(kept)
    elif kept:
        kept.content, kept.at = content, at
    else:
        session.add(MeetingNote(meeting=meeting, user=user, content=content, at=at))
    session.flush()


def note(session: Session, meeting: str, user: str) -> dict[str, Any]:
    """What a user was still typing, empty where nothing is kept."""
    kept = session.get(MeetingNote, (meeting, user))
    return dict(kept.content) if kept else {}


def _asked(session: Session, which: ColumnElement[bool]) -> list[MeetingAction]:
    asked = select(MeetingActionRow).where(which)
    ordered = asked.order_by(MeetingActionRow.due.is_(None), MeetingActionRow.due, MeetingActionRow.id)
    return _actions(session, list(session.scalars(ordered)))


def _actions(session: Session, rows: list[MeetingActionRow]) -> list[MeetingAction]:
    asked = select(MeetingActionYoungPerson).where(MeetingActionYoungPerson.action.in_([r.id for r in rows]))
    concerned: dict[str, list[str]] = {r.id: [] for r in rows}
    for link in session.scalars(asked.order_by(MeetingActionYoungPerson.action, MeetingActionYoungPerson.place)):
        concerned[link.action].append(link.young_person)
    return [_action(r, tuple(concerned[r.id])) for r in rows]


def _action(kept: MeetingActionRow, young_people: tuple[str, ...]) -> MeetingAction:
    names = [n for n in MeetingAction.__dataclass_fields__ if n not in ("young_people", "asked", "status")]
    return MeetingAction(
        young_people=young_people,
        asked={id: Reply(**reply) for id, reply in kept.asked.items()},
        status=ActionStatus(kept.status),
        **{n: getattr(kept, n) for n in names},
    )


def _action_columns(action: MeetingAction) -> dict[str, Any]:
    values = {n: getattr(action, n) for n in MeetingAction.__dataclass_fields__ if n not in ("young_people", "version")}
    values["asked"] = {id: asdict(reply) for id, reply in action.asked.items()}
    return values | {"status": action.status.value}


def _meeting(kept: MeetingRow) -> Meeting:
    return replace(record(Meeting, kept), status=MeetingStatus(kept.status))


def _entry(kept: MeetingEntryRow) -> Entry:
    found = record(Entry, kept)
    return replace(found, kind=EntryKind(kept.kind), young_people=tuple(kept.young_people))
