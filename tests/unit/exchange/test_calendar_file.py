"""The next review as an iCalendar file: read back by the library, and its lines as RFC 5545 has them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from chm.exchange.calendar_file import TITLE, review_event

LONDON = ZoneInfo("Europe/London")
MADE = datetime(2026, 11, 26, 11, 30, tzinfo=timezone(timedelta(hours=2)))


def made(at: time | None = time(10, 0), on: date = date(2027, 1, 7), venue: str = "") -> bytes:
    return review_event(TITLE, on, at, "MTG-7-review", MADE, venue)


def event(data: bytes) -> Event:
    found = Calendar.from_ical(data).walk("VEVENT")
    assert len(found) == 1
    return found[0]


def test_a_review_with_a_time_lasts_an_hour_in_london() -> None:
    found = event(made())
    assert (found.decoded("dtstart"), found.decoded("dtend")) == (
        datetime(2027, 1, 7, 10, tzinfo=LONDON),
        datetime(2027, 1, 7, 11, tzinfo=LONDON),
    )
    assert found["dtstart"].params["TZID"] == "Europe/London"
    assert str(found["summary"]) == "Complex strategy meeting: review"
    assert str(found["uid"]) == "MTG-7-review"
    assert found.decoded("dtstamp") == datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    assert "location" not in found
    assert "description" not in found


def test_a_review_without_a_time_is_the_whole_day_and_does_not_show_as_busy() -> None:
    data = made(None)
    found = event(data)
    assert (found.decoded("dtstart"), found.decoded("dtend")) == (date(2027, 1, 7), date(2027, 1, 8))
    assert b"DTSTART;VALUE=DATE:20270107\r\n" in data
    assert str(found["transp"]) == "TRANSPARENT"
    assert b"VTIMEZONE" not in data


def test_a_warning_comes_the_day_before() -> None:
    for data in (made(), made(None)):
        (alarm,) = event(data).walk("VALARM")
        assert alarm.decoded("trigger") == timedelta(days=-1)
        assert str(alarm["action"]) == "DISPLAY"
        assert str(alarm["description"]) == "Complex strategy meeting: review"


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (datetime(2027, 3, 28, 0, 59), 0),
        (datetime(2027, 3, 28, 2, 0), 1),
        (datetime(2027, 7, 1, 12), 1),
        (datetime(2027, 10, 31, 0, 59), 1),
        (datetime(2027, 10, 31, 2, 0), 0),
        (datetime(2040, 7, 1, 12), 1),
    ],
)
def test_the_files_own_time_zone_is_that_of_london(day: datetime, hours: int) -> None:
    (zone,) = Calendar.from_ical(made()).walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Europe/London"
    assert day.replace(tzinfo=zone.to_tz(lookup_tzid=False)).utcoffset() == timedelta(hours=hours)
    assert day.replace(tzinfo=LONDON).utcoffset() == timedelta(hours=hours)


def test_an_hour_over_the_change_of_clocks_is_an_hour() -> None:
    found = event(made(time(0, 30), date(2027, 3, 28)))
    assert found.decoded("dtend") == datetime(2027, 3, 28, 2, 30, tzinfo=LONDON)
    assert found.decoded("dtend").astimezone(UTC) - found.decoded("dtstart").astimezone(UTC) == timedelta(hours=1)


def test_lines_end_and_fold_as_the_standard_has_them() -> None:
    venue = "Café, room 4; by video \\ " + "ö" * 200 + "\r\nATTENDEE:mailto:x@example.invalid"
    data = made(venue=venue)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) == 75
    for line in data.split(b"\r\n"):
        line.decode()
    assert b"\r\nATTENDEE" not in data
    assert str(event(data)["location"]) == (
        "Café, room 4; by video \\ " + "ö" * 200 + " ATTENDEE:mailto:x@example.invalid"
    )
    calendar = Calendar.from_ical(data)
    assert (str(calendar["version"]), str(calendar["prodid"])) == ("2.0", "-//Contextual Harm Matrix//EN")


def test_nothing_in_it_can_be_a_meetings_own_title() -> None:
    with pytest.raises(ValueError, match="title: a calendar may show nothing but") as refused:
        review_event("Meeting about Heron Placeholder", date(2027, 1, 7), None, "M-1", MADE)  # type: ignore[arg-type]
    assert "Heron" not in str(refused.value)
    held = made(venue="Home of @{young_person:YP-0401}")
    assert str(event(held)["location"]) == "Home of something else"
    assert b"YP-0401" not in held


def test_the_same_review_makes_the_same_file() -> None:
    assert made() == made()
