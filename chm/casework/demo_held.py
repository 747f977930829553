"""The invented cohort's meetings, `data/demo/meetings.yaml`: planned and held, with what was said and agreed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from chm import store
from chm.access import Permission
from chm.assessments import Line, Note
from chm.casework.demo_connections import Known
from chm.casework.demo_files import CLOCK, Day, Given, Name, Past, Said, moment, parsed
from chm.casework.desk import Work
from chm.casework.disguise import who_is_who
from chm.casework.minutes import composed
from chm.casework.network import unmasked
from chm.connections import Confidence, Entity
from chm.framework import Framework, PillarId
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings import minutes
from chm.meetings.mentions import called
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
from chm.meetings.rules import ITEMS
from chm.places.records import PlaceAction
from chm.records import ActionStatus, User
from chm.store import meetings, places
from chm.store.entities import KIND

FILE, FIRST_ID = "meetings.yaml", 0xDE5000000000
KEYED = re.compile(r"@([a-z][a-z0-9-]*[a-z0-9])")
BEGAN, MINUTE = time(9, 0), timedelta(minutes=4)
ENDED = (ActionStatus.DONE, ActionStatus.DROPPED)


class GivenCome(Given):
    status: Attending
    name: Line = ""


class GivenSaid(Given):
    kind: EntryKind
    item: Name
    text: Said
    agency: Line = ""
    confidence: Confidence | None = None
    first_hand: bool | None = None
    reason: Note = ""


class GivenDone(Given):
    """`target` is a key of entities, or young_person:id; `concerns` are ids."""

    target: Name
    pillar: PillarId
    text: Said
    agency: Name
    person: Line = ""
    due: Day
    concerns: tuple[str, ...] = ()
    domain: str | None = None
    status: ActionStatus = ActionStatus.OPEN
    closed: Past | None = None
    outcome: Note = ""


class GivenHeld(Given):
    next_review: Day
    signed: Past
    said: tuple[GivenSaid, ...]
    actions: tuple[GivenDone, ...]


class GivenMeeting(Given):
    id: Name
    title: Name
    purpose: Note = ""
    day: Day
    at: time | None = None
    venue: Line = ""
    chair: str
    review_of: str | None = None
    young_people: tuple[str, ...]
    partners: tuple[str, ...] = ()
    attendance: dict[str, GivenCome] = {}
    held: GivenHeld | None = None


@dataclass(frozen=True)
class Held:
    """A meeting with all that is kept of it, and the day its minutes were signed."""

    meeting: Meeting
    young_people: tuple[str, ...]
    partners: tuple[str, ...]
    attendance: tuple[Attendance, ...]
    said: tuple[Entry, ...]
    actions: tuple[MeetingAction | PlaceAction, ...]
    signed: date | None


def read(
    folder: Path,
    entities: Mapping[str, Entity],
    young: Mapping[str, Known],
    users: Mapping[str, User],
    framework: Framework,
    today: date,
    faults: list[str],
) -> tuple[Held, ...]:
    """The file of the cohort in `folder`, earliest first; every fault goes to `faults`.

    Args:
        entities, young: entities and young people by key. users: by id.
    """
    given = parsed(folder / FILE, tuple[GivenMeeting, ...], faults) or ()
    found = []
    same = [id for id, n in Counter(g.id for g in given).items() if n > 1]
    faults += [f"{FILE}: {id}: duplicate id; give it another" for id in same]
    for n, one in enumerate(given):
        reader = _Reader(n, one, entities, young, framework, today)
        faults += reader.links({g.id for g in given}, users)
        found.append(reader.held())
        faults += reader.faults
    return tuple(sorted(found, key=lambda h: h.meeting.on))


def write(session: store.Session, held: Iterable[Held], users: Mapping[str, User]) -> None:
    """Writes them, earliest first, each with the minutes that it had then; all else of the cohort is there already."""
    for one in held:
        meeting, chair = one.meeting, users[one.meeting.chair]
        meetings.add(session, meeting)
        meetings.include(
            session,
            [InMeeting(meeting=meeting.id, young_person=y, why=meeting.purpose) for y in one.young_people],
        )
        meetings.invite(session, meeting.id, one.partners)
        for said in one.attendance:
            meetings.attend(session, said)
        for entry in one.said:
            meetings.add_entry(session, entry)
        for action in one.actions:
            if isinstance(action, PlaceAction):
                places.add_action(session, action)
            else:
                meetings.add_action(session, action)
        if one.signed and meeting.closed_at:
            work = Work(session, chair, meeting.closed_at, Permission.PLAN_MEETING, meeting=meeting.id)
            who_is_who(work, meeting, unmasked(work, one.young_people).entities)
            at = moment(one.signed, CLOCK)
            made = MinutesVersion(
                meeting=meeting.id,
                number=1,
                content=minutes.to_json(composed(work, meeting)),
                made_by=chair.id,
                made_at=meeting.closed_at,
                signed_by=chair.id,
                signed_at=at,
            )
            meetings.add_minutes(session, made)


class _Reader:
    """Turns one meeting of the file into records and notes what is wrong with it."""

    def __init__(
        self,
        n: int,
        given: GivenMeeting,
        entities: Mapping[str, Entity],
        young: Mapping[str, Known],
        framework: Framework,
        today: date,
    ):
        self.n, self.given, self.framework, self.today = n, given, framework, today
        self.names = {key: f"{YOUNG_PERSON}:{known.id}" for key, known in young.items()}
        self.names |= {key: f"{KIND[type(e)]}:{e.id}" for key, e in entities.items()}
        self.labels = {f"{KIND[type(e)]}:{e.id}": e.label for e in entities.values()}
        self.faults: list[str] = []
        self.on = self._day(given.day)
        self.began = moment(self.on, given.at or BEGAN)

    def links(self, ids: set[str], users: Mapping[str, User]) -> Iterator[str]:
        """What it names that is not there."""
        given, known = self.given, {p.partition(":")[2] for p in self.names.values()}
        wrong = [id for id in given.young_people if id not in known]
        wrong += [id for id in (given.chair, *given.partners) if id not in users]
        wrong += [given.review_of] if given.review_of and given.review_of not in ids else []
        yield from (f"{FILE}: {given.id}: nobody has the id {id}; correct it" for id in wrong)

    def held(self) -> Held:
        """The meeting with all that is kept of it."""
        given, held = self.given, self.given.held
        self._need((given.day < 0) == (held is not None), "", "`held` goes with a day before today; correct it")
        end = self.began + timedelta(hours=2)
        meeting = Meeting(
            id=given.id,
            title=given.title,
            purpose=given.purpose,
            on=self.on,
            at=given.at,
            venue=given.venue,
            chair=given.chair,
            review_of=given.review_of,
            status=MeetingStatus.CLOSED if held else MeetingStatus.PLANNED,
            next_review=self._day(held.next_review) if held else None,
            closed_by=given.chair if held else None,
            closed_at=end if held else None,
        )
        come = given.attendance.items()
        return Held(
            meeting=meeting,
            young_people=given.young_people,
            partners=given.partners,
            attendance=tuple(
                Attendance(meeting=given.id, agency=agency, name=said.name, status=said.status, version=0)
                for agency, said in come
            ),
            said=tuple(self._said(n, s) for n, s in enumerate(held.said, 1)) if held else (),
            actions=tuple(self._action(n, a) for n, a in enumerate(held.actions, 1)) if held else (),
            signed=self._day(held.signed) if held else None,
        )

    def _said(self, n: int, given: GivenSaid) -> Entry:
        where = f"said {n}"
        self._need(given.item in ITEMS, where, f"unknown item {given.item}; take one of meetings.yaml")
        text, parties = self._mentions(where, given.text)
        return Entry(
            id=f"ENT-{FIRST_ID + 256 * self.n + n:x}",
            meeting=self.given.id,
            kind=given.kind,
            item=given.item,
            young_people=tuple(p.partition(":")[2] for p in parties if p.startswith(YOUNG_PERSON)),
            target=next((p for p in parties if not p.startswith(YOUNG_PERSON)), ""),
            text=text,
            agency=given.agency,
            confidence=given.confidence.value if given.confidence else "",
            first_hand=given.first_hand,
            reason=self._mentions(where, given.reason)[0],
            by=self.given.chair,
            at=self.began + n * MINUTE,
        )

    def _action(self, n: int, given: GivenDone) -> MeetingAction | PlaceAction:
        where = f"actions {n}"
        self._need((given.status in ENDED) == (given.closed is not None), where, "`closed` goes with done and dropped")
        unknown = [id for id in given.concerns if id not in self.given.young_people]
        self._need(not unknown, where, "concerns somebody who is not in the meeting; correct it")
        target = given.target if given.target.startswith(YOUNG_PERSON) else self.names.get(given.target, "")
        self._need(bool(target), where, f"nothing has the key {given.target}; correct it")
        text, outcome = self._mentions(where, given.text)[0], self._mentions(where, given.outcome)[0]
        kept = MeetingAction(
            id=f"MAC-{FIRST_ID + 256 * self.n + n:x}",
            meeting=self.given.id,
            target=target,
            pillar=given.pillar,
            text=text,
            owner_agency=given.agency,
            owner_person=given.person,
            due=self._day(given.due),
            young_people=given.concerns,
            domain=given.domain,
            status=given.status,
            outcome=outcome,
            closed_on=None if given.closed is None else self._day(given.closed),
            recorded_by=self.given.chair,
            recorded_at=self.began + n * MINUTE,
        )
        if not target.startswith("place:"):
            return kept
        return PlaceAction(
            id=kept.id.replace("MAC", "PAC"),
            place=target.partition(":")[2],
            meeting=kept.meeting,
            pillar=kept.pillar,
            text=called(text, self.labels, "a young person"),
            owner_agency=kept.owner_agency,
            owner_person=kept.owner_person,
            due=kept.due,
            status=kept.status,
            result=called(outcome, self.labels, "a young person"),
            closed_on=kept.closed_on,
            recorded_by=kept.recorded_by,
            recorded_at=kept.recorded_at,
        )

    def _mentions(self, where: str, text: str) -> tuple[str, tuple[str, ...]]:
        """`text` with each key become a mention, and who is mentioned, in order."""
        keys = KEYED.findall(text)
        for key in (k for k in keys if k not in self.names):
            self._need(False, where, f"nothing has the key {key}; correct it")
        said = KEYED.sub(lambda found: f"@{{{self.names.get(found[1], found[1])}}}", text)
        return said, tuple(dict.fromkeys(self.names[k] for k in keys if k in self.names))

    def _day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def _need(self, holds: bool, where: str, fault: str) -> None:
        if not holds:
            self.faults.append(": ".join(part for part in (FILE, self.given.id, where, fault) if part))
