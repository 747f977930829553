"""What is recorded of a missing episode, in times or in days alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
Moment = date | datetime
DAYS_CANNOT_SHOW = (
    "The dates are days alone: two young people missing on one day may never have been missing at the same hour. "
    "Time in common is counted in days, first and last day included."
)


class Kind(StrEnum):
    """How the statutory return tells episodes apart."""

    MISSING = "missing"
    AWAY = "away_without_authorisation"


class ReturnInterview(NamedTuple):
    """The return home interview; None is not known, never no. `held_at` is set only where it was held."""

    offered: bool | None = None
    accepted: bool | None = None
    held: bool | None = None
    held_at: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class Episode:
    """One time a young person was missing.

    Attributes:
        id: where it stands in its source. start, end: a time with its zone, or a day alone; end is None while open.
        kind: None where the source does not tell. found_at, companions, returned_how, reported_by, travelled: words
            as they were given, empty where not known.
    """

    id: str
    young_person: str
    start: Moment
    end: Moment | None
    kind: Kind | None = None
    found_at: str = ""
    companions: str = ""
    returned_how: str = ""
    reported_by: str = ""
    travelled: str = ""
    interview: ReturnInterview = ReturnInterview()

    @property
    def open(self) -> bool:
        """Whether no end is known."""
        return self.end is None


def timed(moment: Moment) -> bool:
    """Whether `moment` has a time of day."""
    return isinstance(moment, datetime)


def earliest(moment: Moment) -> datetime:
    """`moment`, or where it is a day alone the instant that day begins in London; in UTC, so that differences hold."""
    return (moment if isinstance(moment, datetime) else datetime.combine(moment, time(), LONDON)).astimezone(UTC)


def latest(moment: Moment) -> datetime:
    """`moment`, or where it is a day alone the instant that day is over in London; in UTC."""
    return earliest(moment if isinstance(moment, datetime) else moment + timedelta(days=1))


def local_day(moment: Moment) -> date:
    """The day in London on which `moment` falls."""
    return moment.astimezone(LONDON).date() if isinstance(moment, datetime) else moment
