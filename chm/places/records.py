"""What is kept about a place beside its assessments: actions, and what young people say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from chm.records import ActionStatus


@dataclass(frozen=True, kw_only=True)
class PlaceAction:
    """Something somebody will do about a place, by a date. It names no young person.

    Attributes:
        place: the entity's id. step: the recommendation it came from. result: what came of it, or why it was dropped.
        meeting: id of the meeting that decided it, None where none did.
    """

    id: str
    place: str
    pillar: str
    text: str
    owner_agency: str
    owner_person: str
    due: date | None
    status: ActionStatus = ActionStatus.OPEN
    step: str | None = None
    why: str = ""
    result: str = ""
    closed_on: date | None = None
    meeting: str | None = None
    recorded_by: str
    recorded_at: datetime
    version: int = 1

    @property
    def live(self) -> bool:
        """Whether it is still to be done."""
        return self.status in (ActionStatus.OPEN, ActionStatus.UNDER_WAY)


@dataclass(frozen=True, kw_only=True)
class PlaceWords:
    """What a young person says is safe or unsafe about a place, in their own words. Who said it is never kept.

    `for_partners`: the recorder made sure that it tells nobody who said it, so that those who see no names may read it.
    """

    id: str
    place: str
    safe: bool
    text: str
    said_on: date
    for_partners: bool
    recorded_by: str
    recorded_at: datetime
    withdrawn_at: datetime | None = None
    version: int = 1
