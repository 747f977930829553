"""The fields of `python -m chm missing`: exact, and fit for JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

from chm.episodes.records import Episode
from chm.episodes.summary import summary

Missing = Callable[..., Episode]


def test_times(missing: Missing) -> None:
    found = summary(
        [
            missing("B", "2026-01-01T20:00", "2026-01-02T02:00"),
            missing("A", "2026-01-01T23:30", "2026-01-02T05:00"),
            missing("A", "2026-01-02T01:00", "2026-01-02T06:00"),
            missing("C", "2026-01-05T10:00"),
            missing("D", "2026-01-04T10:00", "2026-01-05T10:00"),
        ]
    )
    assert list(json.loads(json.dumps(found)).items()) == [
        ("young_people", 4),
        ("episodes", 5),
        ("open", 1),
        ("overlapping_pairs", 1),
        ("groups", [2, 1, 1]),
        ("hours_together", [{"a": "A", "b": "B", "hours": 2.5, "episodes": 2}]),
    ]


def test_days_are_whole_numbers(missing: Missing) -> None:
    found = summary([missing("10", "2026-01-01", "2026-01-05"), missing("9", "2026-01-04")])
    assert json.dumps(found["hours_together"]) == '[{"a": "10", "b": "9", "days": 2, "episodes": 1}]'
    assert (found["open"], found["groups"]) == (1, [2])


def test_nobody() -> None:
    assert summary([]) == {
        "young_people": 0, "episodes": 0, "open": 0, "overlapping_pairs": 0, "groups": [], "hours_together": [],
    }  # fmt: skip
