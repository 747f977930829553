"""What two episodes have in common: when, and what was said alike of both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from chm.episodes.records import LONDON, Episode
from chm.episodes.shared_times import shared_times

Missing = Callable[..., Episode]


def test_when_and_what_is_alike(missing: Missing) -> None:
    later = missing("B", "2026-07-01T20:00", "2026-07-02T02:00", found_at="Notreal  Park", travelled="train")
    one = missing("A", "2026-07-01T23:30", "2026-07-02T05:00", found_at="notreal park", travelled="bus")
    other = missing("A", "2026-06-01T00:00", "2026-06-01T05:00")
    before = missing("B", "2026-06-01T04:00", "2026-06-01T06:00")
    first, second = shared_times([later, before, one, other])
    assert (first.one, first.other) == (one, later)
    assert first.start == datetime(2026, 7, 2, 0, 30, tzinfo=LONDON)
    assert first.end == datetime(2026, 7, 2, 3, 0, tzinfo=LONDON)
    assert (first.amount, first.alike) == (2.5, ("found_at",))
    assert (second.one, second.other, second.amount, second.alike) == (other, before, 1.0, ())


def test_days_and_open_ones(missing: Missing) -> None:
    episodes = [missing("A", "2026-01-01"), missing("B", "2026-01-03"), missing("C", "2026-01-02", "2026-01-09")]
    found = {(s.one.young_person, s.other.young_person): (s.start, s.end, s.amount) for s in shared_times(episodes)}
    assert found == {
        ("A", "B"): (date(2026, 1, 3), None, 7),
        ("A", "C"): (date(2026, 1, 2), date(2026, 1, 9), 8),
        ("B", "C"): (date(2026, 1, 3), date(2026, 1, 9), 7),
    }


def test_only_those_asked_for(missing: Missing) -> None:
    episodes = [missing(who, "2026-01-01", "2026-01-02") for who in "ABC"]
    (only,) = shared_times(episodes, frozenset("AC"))
    assert (only.one.young_person, only.other.young_person) == ("A", "C")
