"""When episodes begin, on London's clock."""

from __future__ import annotations

from collections.abc import Callable

from chm.episodes.pattern import week_pattern
from chm.episodes.records import Episode


def test_weekday_and_hour_are_londons(missing: Callable[..., Episode]) -> None:
    found = week_pattern(
        [
            missing("A", "2026-01-02T23:30"),  # a Friday in winter
            missing("A", "2026-07-03T23:30"),  # half past midnight on Saturday in London
            missing("B", "2026-07-04T00:10"),
            missing("B", "2026-01-05"),
        ]
    )
    assert found.weekdays == (1, 0, 0, 0, 1, 2, 0)
    assert found.without_time == 1
    cells = {(d, h): n for d, hours in enumerate(found.cells) for h, n in enumerate(hours) if n}
    assert cells == {(4, 23): 1, (5, 0): 1, (5, 1): 1}


def test_nobody() -> None:
    found = week_pattern([])
    assert (sum(found.weekdays), found.without_time, len(found.cells), {len(h) for h in found.cells}) == (0, 0, 7, {24})
