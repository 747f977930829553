"""Days and times as files write them. What cannot be read is said without repeating it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from chm.episodes.records import LONDON, Moment

Reader = Callable[[str], Moment]
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?", re.ASCII)
# Dashes as ISO 8601 has them, so that what merely looks like it is told from what is no date at all.
ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].+)?|\d{8}(?:T.+)?|\d{4}-?W\d{2}-?\d(?:T.+)?", re.ASCII | re.IGNORECASE)
FIRST_YEAR, LAST_YEAR = 1950, 2100
NO_DAY = "is not a day of the calendar; correct it"
SKIPPED = "the clocks went forward over this time; it is read as though they had not yet"
TWICE = "the clocks went back and this time came twice; the {} is taken"


def iso(cell: str) -> Moment:
    """A day alone or a time, with or without an offset, of ISO 8601.

    Raises:
        ValueError: `cell` is neither; the message says how to write it.
    """
    if not ISO.fullmatch(cell):
        raise ValueError("is not a date or time; write it as 2026-05-17 or 2026-05-17T22:30")
    joined = re.sub(r"(?<=\d) (?=[+-]|Z$)", "", cell)
    try:
        return _likely(date.fromisoformat(joined))
    except ValueError as wrong:
        if not re.search("[T ]", joined, re.IGNORECASE):
            raise _plain(wrong) from None
    try:
        return _likely(datetime.fromisoformat(joined))
    except ValueError as wrong:
        raise _plain(wrong, "is not a day and time there is; write it as 2026-05-17T22:30") from None


def slashed_day(cell: str) -> Moment:
    """A day alone, day before month: 17/05/2026; a midnight behind it, as spreadsheets add, says nothing.

    Raises:
        ValueError: `cell` is not one; the message says how to write it.
    """
    if not (found := SLASHED.fullmatch(cell)) or any(int(part or 0) for part in found.groups()[3:]):
        raise ValueError("is not a date; write it day/month/year, as 17/05/2026")
    try:
        return _likely(date(int(found[3]), int(found[2]), int(found[1])))
    except ValueError as wrong:
        raise _plain(wrong, "is not a day of the calendar (day before month); correct it") from None


def either(cell: str) -> Moment:
    """ISO 8601, or a day before its month with or without a time.

    Raises:
        ValueError: `cell` is neither; the message says how to write it.
    """
    if not (found := SLASHED.fullmatch(cell)):
        return iso(cell)
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        if found[4] is None:
            return _likely(date(year, month, day))
        return _likely(datetime(year, month, day, hour, minute, second))
    except ValueError as wrong:
        raise _plain(wrong, "is not a day of the calendar (day before month) or a time there is; correct it") from None


class _Unlikely(ValueError):
    """A year nobody means."""


def _likely(moment: Moment) -> Moment:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _Unlikely(f"is before {FIRST_YEAR} or after {LAST_YEAR}; correct the year")
    return moment


def _plain(wrong: ValueError, otherwise: str = NO_DAY) -> ValueError:
    return wrong if isinstance(wrong, _Unlikely) else ValueError(otherwise)


def in_utc(moment: Moment, not_before: Moment | None = None) -> tuple[Moment, str]:
    """`moment` in UTC, a time without an offset being London's, and what to know of the reading; a day stays as it is.

    Where the clocks went back, the first of the two times is taken, unless it lies before `not_before`, itself in UTC.
    """
    if not isinstance(moment, datetime):
        return moment, ""
    if moment.tzinfo:
        return moment.astimezone(UTC), ""
    first, second = (moment.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first > second:
        return first, SKIPPED
    if first == second:
        return first, ""
    if isinstance(not_before, datetime) and first < not_before <= second:
        return second, TWICE.format("second")
    return first, TWICE.format("first")
