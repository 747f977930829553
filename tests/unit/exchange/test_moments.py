"""Days and times as files write them, and London's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from chm.exchange.moments import SKIPPED, either, in_utc, iso, slashed_day

NOT_ISO = "is not a date or time; write it as 2026-05-17 or 2026-05-17T22:30"
NO_DAY = "is not a day of the calendar; correct it"
NO_TIME = "is not a day and time there is; write it as 2026-05-17T22:30"
NOT_SLASHED = "is not a date; write it day/month/year, as 17/05/2026"
YEAR = "is before 1950 or after 2100; correct the year"


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-05-17", date(2026, 5, 17)),
        ("20260517", date(2026, 5, 17)),
        ("2026-05-17T22:30", datetime(2026, 5, 17, 22, 30)),
        ("2026-05-17 22:30:59", datetime(2026, 5, 17, 22, 30, 59)),
        ("2026-05-17T22:30Z", datetime(2026, 5, 17, 22, 30, tzinfo=UTC)),
        ("2026-05-17 22:30 +01:00", datetime(2026, 5, 17, 22, 30, tzinfo=timezone(timedelta(hours=1)))),
        ("20260517T2230", datetime(2026, 5, 17, 22, 30)),
    ],
)
def test_iso(cell: str, moment: date) -> None:
    found = iso(cell)
    assert (type(found), found) == (type(moment), moment)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("17/05/2026", NOT_ISO),
        ("yesterday", NOT_ISO),
        ("2026-02-30", NO_DAY),
        ("2026-13-01", NO_DAY),
        ("2026-05-17T25:00", NO_TIME),
        ("2026-02-30T10:00", NO_TIME),
        ("2026-05-17 tea time", NO_TIME),
        ("0001-01-01T00:00+10:00", YEAR),
        ("9999-12-31", YEAR),
    ],
)
def test_what_is_not_iso(cell: str, words: str) -> None:
    with pytest.raises(ValueError) as wrong:
        iso(cell)
    assert str(wrong.value) == words


def test_slashed_day() -> None:
    assert slashed_day("1/2/2026") == date(2026, 2, 1)
    assert slashed_day("17/05/2026 00:00") == date(2026, 5, 17)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2026-05-17", NOT_SLASHED),
        ("17/05/26", NOT_SLASHED),
        ("17/05/2026 22:30", NOT_SLASHED),
        ("05/17/2026", "is not a day of the calendar (day before month); correct it"),
        ("17/05/1066", YEAR),
    ],
)
def test_what_is_no_slashed_day(cell: str, words: str) -> None:
    with pytest.raises(ValueError) as wrong:
        slashed_day(cell)
    assert str(wrong.value) == words


def test_either() -> None:
    assert either("17/05/2026 22:30") == datetime(2026, 5, 17, 22, 30)
    assert type(either("17/05/2026")) is date
    assert either("2026-05-17 00:00:00.000") == datetime(2026, 5, 17)
    with pytest.raises(ValueError, match=r"^is not a day of the calendar \(day before month\) or a time there is"):
        either("17/05/2026 25:00")


@pytest.mark.parametrize(
    ("local", "utc", "note"),
    [
        ("2026-01-17T22:30", "2026-01-17T22:30", ""),
        ("2026-07-17T22:30", "2026-07-17T21:30", ""),
        ("2026-07-17T22:30-05:00", "2026-07-18T03:30", ""),
        ("2026-03-29T00:59", "2026-03-29T00:59", ""),
        ("2026-03-29T01:30", "2026-03-29T01:30", SKIPPED),
        ("2026-03-29T02:00", "2026-03-29T01:00", ""),
        ("2026-10-25T01:30", "2026-10-25T00:30", "the clocks went back and this time came twice; the first is taken"),
        ("2026-10-25T02:00", "2026-10-25T02:00", ""),
    ],
)
def test_a_time_without_an_offset_is_londons(local: str, utc: str, note: str) -> None:
    found = in_utc(datetime.fromisoformat(local))
    assert found == (datetime.fromisoformat(utc).replace(tzinfo=UTC), note)


def test_an_end_that_came_twice_is_the_one_after_the_start() -> None:
    start = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    found, note = in_utc(datetime(2026, 10, 25, 1, 10), start)
    assert found == datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert note.endswith("the second is taken")


def test_a_day_stays_a_day() -> None:
    assert in_utc(date(2026, 5, 17)) == (date(2026, 5, 17), "")
