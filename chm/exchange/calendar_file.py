"""The next review of a complex strategy meeting as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vRecur

from chm.episodes.records import LONDON
from chm.exchange.word import PRODUCT, clean
from chm.meetings.mentions import called

# A calendar is seen by many: what is written into one is never a meeting's own title, which may name a child.
Title = Literal["Complex strategy meeting: review"]
TITLE: Title = "Complex strategy meeting: review"
LASTS = timedelta(hours=1)
WARNING = timedelta(days=1)


def review_event(title: Title, on: date, at: time | None, uid: str, made_at: datetime, venue: str = "") -> bytes:
    """A file with one event: an hour from `at` where the council is, or the whole day, with a warning the day before.

    Args:
        title: `TITLE`. at: None while no time is decided; such a day does not show as busy.
        uid: the same for every file of one review, so that a calendar puts the newer one in the older one's place.
        made_at: aware. venue: names no child; what it mentions is not called by name.

    Raises:
        ValueError: another title.
    """
    if title != TITLE:
        raise ValueError(f"title: a calendar may show nothing but {TITLE!r}")
    calendar = Calendar()
    calendar.add("prodid", f"-//{PRODUCT}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    event = Event()
    event.add("uid", _line(uid))
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("summary", title)
    if at is None:
        event.add("dtstart", on)
        event.add("dtend", on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        starts = datetime.combine(on, at.replace(tzinfo=None), LONDON)
        event.add("dtstart", starts)
        event.add("dtend", (starts.astimezone(UTC) + LASTS).astimezone(LONDON))
        calendar.add_component(_london())
    if venue.strip():
        event.add("location", _line(called(venue, {})))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -WARNING)
    event.add_component(alarm)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _london() -> Timezone:
    """Europe/London: since 1996 it changes at 01:00 UTC on the last Sundays of March and October (tz database)."""
    zone = Timezone()
    zone.add("tzid", LONDON.key)
    for part, name, month, begins, before, after in (
        (TimezoneDaylight(), "BST", 3, datetime(1996, 3, 31, 1), 0, 1),
        (TimezoneStandard(), "GMT", 10, datetime(1996, 10, 27, 2), 1, 0),
    ):
        part.add("dtstart", begins)
        part.add("rrule", vRecur(freq="YEARLY", bymonth=month, byday="-1SU"))
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def _line(text: str) -> str:
    """`text` on one line, without what no calendar can hold."""
    return " ".join(clean(text).split())
