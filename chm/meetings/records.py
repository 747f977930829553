"""What is kept of a meeting: its plan, who came, what was said, what was decided, and each version of its minutes.

In a text, `@{young_person:YP-0001}` stands for whoever was picked while it was typed; see `chm.meetings.mentions`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from chm.records import ActionStatus, Reply


class MeetingStatus(StrEnum):
    """Where a meeting stands. A closed one changes only by a correction, which makes a new version of its minutes."""

    PLANNED = "planned"
    CLOSED = "closed"


class Attending(StrEnum):
    """What is known of an agency's coming."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    ABSENT = "absent"
    REPORT = "report"


class EntryKind(StrEnum):
    """What somebody said in the room.

    Information is what an agency holds, never a fact by itself. `voice` is what a young person says, `parent` what a
    parent or carer says, `tells` who tells a young person the outcome.
    """

    INFORMATION = "information"
    VIEW = "view"
    DISAGREEMENT = "disagreement"
    DECISION = "decision"
    VOICE = "voice"
    PARENT = "parent"
    TELLS = "tells"


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A complex strategy meeting.

    Attributes:
        at: time of day where the council is. chair: a user's id. review_of: id of the meeting that this one follows.
        next_review: the day decided; None while none is.
    """

    id: str
    title: str
    purpose: str
    on: date
    at: time | None = None
    venue: str = ""
    chair: str
    review_of: str | None = None
    status: MeetingStatus = MeetingStatus.PLANNED
    next_review: date | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    version: int = 1

    def seen_until(self, days: int) -> date:
        """The last day that its chair sees its young people: `days` after it, or that of the next review if later."""
        return max(self.on + timedelta(days=days), self.next_review or self.on)


@dataclass(frozen=True, kw_only=True)
class InMeeting:
    """A young person of a meeting, and why they are: the purpose that whoever added them gave."""

    meeting: str
    young_person: str
    why: str = ""
    added_by: str | None = None
    added_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """An agency or service and its coming to a meeting; `name` is who comes for it, `user` their account if any."""

    meeting: str
    agency: str
    name: str = ""
    status: Attending = Attending.ASKED
    user: str | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something said in the room.

    Attributes:
        item: id of the agenda's item. young_people: ids of those it is about. target: as kind:id, or empty.
        agency: whose information or view it is. confidence: of information, else empty. reason: why it was decided so.
        record: id of the event or relationship that information became, or empty.
        withdrawn_at: when it was taken back; it stays in the record and in no minutes.
    """

    id: str
    meeting: str
    kind: EntryKind
    item: str
    young_people: tuple[str, ...] = ()
    target: str = ""
    text: str
    agency: str = ""
    confidence: str = ""
    first_hand: bool | None = None
    reason: str = ""
    record: str = ""
    by: str
    at: datetime
    withdrawn_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class MeetingAction:
    """An action that a meeting decided, kept once however many young people it concerns.

    Attributes:
        target: what it acts on, as kind:id; never a place, whose actions are kept with it (`chm.places.records`).
        young_people: ids of those it concerns. asked: replies to what is asked before a disruption.
        outcome: what came of it, or why it was dropped.
    """

    id: str
    meeting: str
    target: str
    pillar: str
    text: str
    owner_agency: str
    owner_person: str = ""
    due: date | None
    young_people: tuple[str, ...] = ()
    domain: str | None = None
    step: str | None = None
    asked: dict[str, Reply] = field(default_factory=dict)
    status: ActionStatus = ActionStatus.OPEN
    outcome: str = ""
    closed_on: date | None = None
    recorded_by: str
    recorded_at: datetime
    version: int = 1

    @property
    def live(self) -> bool:
        """Whether it is still to be done."""
        return self.status in (ActionStatus.OPEN, ActionStatus.UNDER_WAY)


@dataclass(frozen=True, kw_only=True)
class MinutesVersion:
    """One version of a meeting's minutes; `content` is a `chm.meetings.minutes.Minutes` as JSON.

    A draft until `signed_by` the chair. `why` says what a later version corrects.
    """

    meeting: str
    number: int
    content: dict[str, object]
    why: str = ""
    made_by: str
    made_at: datetime
    signed_by: str | None = None
    signed_at: datetime | None = None
    version: int = 1
