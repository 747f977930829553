"""Every action with an owner and a date as one row, whether a plan, a meeting or a place keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from chm.records import ActionStatus

LIVE = (ActionStatus.OPEN, ActionStatus.UNDER_WAY)
SOON = timedelta(days=7)
STATUS = {
    ActionStatus.OPEN: "to do",
    ActionStatus.UNDER_WAY: "under way",
    ActionStatus.DONE: "done",
    ActionStatus.DROPPED: "dropped",
}


class Kind(StrEnum):
    """What keeps an action: a young person's plan, a meeting, or a place."""

    PLAN = "plan"
    MEETING = "meeting"
    PLACE = "place"


class When(StrEnum):
    """How soon an action is due; `SOON` is today and the seven days after it."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    UNDATED = "undated"
    ENDED = "ended"


@dataclass(frozen=True)
class DecidedAt:
    """The meeting that decided an action, its title as the reader may know it."""

    id: str
    title: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """An action as one reader may know it.

    Attributes:
        target: what it acts on, as kind:id, without the id where the reader may not know it; `about` calls it.
        young_people: id and name; whoever the reader may not know is one entry without an id.
        outcome: what came of it, or why it was dropped. place: what the place is called that it acts on.
        mine: the reader owns it by agency and name. owner_gone: it is live, and nobody of its owner's agency and name
            has an account; many owners never had one.
        about_unnamed, agency_unnamed, person_unnamed: what it acts on and whose it is, in words for an e-mail, which
            name no young person, no person of concern and no home. owner_number: one for each owner of what was read
            together, as several may be called alike then.
    """

    id: str
    kind: Kind
    what: str
    pillar: str
    target: str
    about: str
    young_people: tuple[tuple[str, str], ...]
    owner_agency: str
    owner_person: str
    due: date | None
    status: ActionStatus
    outcome: str
    closed_on: date | None
    meeting: DecidedAt | None
    place: str | None
    version: int
    when: When
    mine: bool
    my_agency: bool
    may_update: bool
    may_reassign: bool
    owner_gone: bool
    about_unnamed: str
    agency_unnamed: str
    person_unnamed: str
    owner_number: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        """What tells it from every other row, as kind:id."""
        return f"{self.kind}:{self.id}"

    @property
    def live(self) -> bool:
        """Whether it is still to be done."""
        return self.status in LIVE

    @property
    def overdue(self) -> bool:
        """Whether it is still to be done and its day has passed."""
        return self.when == When.OVERDUE

    @property
    def owner(self) -> str:
        """The owner's agency, and name where there is one."""
        return ", ".join(filter(None, (self.owner_agency, self.owner_person)))


def when(status: ActionStatus, due: date | None, today: date) -> When:
    """How soon an action is due, seen on the day `today`."""
    if status not in LIVE:
        return When.ENDED
    if due is None:
        return When.UNDATED
    if due < today:
        return When.OVERDUE
    return When.SOON if due <= today + SOON else When.LATER
