"""Return home interviews: in time, late, or not to be told; not known is never no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from chm.episodes.interviews import Told, due_by, in_time, interviews
from chm.episodes.records import LONDON, Episode, ReturnInterview
from chm.episodes.rules import load

Missing = Callable[..., Episode]
RULE = load().return_interview
BEGAN, FOUND = "2026-01-01T20:00", "2026-01-02T02:00"


@pytest.mark.parametrize(
    ("held", "answer"),
    [
        (datetime(2026, 1, 5, 2, tzinfo=UTC), True),
        (datetime(2026, 1, 5, 2, 0, 1, tzinfo=UTC), False),
        (date(2026, 1, 4), True),
        (date(2026, 1, 5), None),
        (date(2026, 1, 6), False),
        (None, None),
    ],
)
def test_in_time_after_a_time(missing: Missing, held: date | None, answer: bool | None) -> None:
    episode = missing("A", BEGAN, FOUND, interview=ReturnInterview(True, True, True, held))
    assert in_time(episode, RULE) is answer


@pytest.mark.parametrize(("held", "answer"), [(3, True), (4, True), (5, None), (6, None), (7, False)])
def test_between_days_alone_lie_two_days_of_doubt(missing: Missing, held: int, answer: bool | None) -> None:
    episode = missing("A", "2026-01-01", "2026-01-02", interview=ReturnInterview(True, True, True, date(2026, 1, held)))
    assert in_time(episode, RULE) is answer


def test_seventy_two_hours_are_of_the_clock_on_no_wall(missing: Missing) -> None:
    """The clocks go forward on 29 March 2026: 72 hours on, the wall says one hour more."""
    end = datetime(2026, 3, 28, 12, tzinfo=LONDON)
    episode = missing("A", "2026-03-27T20:00", "2026-03-28T12:00")
    assert due_by(episode, RULE) == datetime(2026, 3, 31, 13, tzinfo=LONDON)
    held = datetime(2026, 3, 31, 13, tzinfo=LONDON)
    one = Episode(id="1", young_person="A", start=end, end=end, interview=ReturnInterview(True, True, True, held))
    assert in_time(one, RULE) is True


def test_due_after_a_day_alone_and_never_while_missing(missing: Missing) -> None:
    assert due_by(missing("A", "2026-01-01", "2026-01-02"), RULE) == date(2026, 1, 5)
    assert due_by(missing("A", "2026-01-01"), RULE) is None


def test_counts_are_of_episodes_that_have_ended(missing: Missing) -> None:
    found = interviews(
        [
            missing(
                "A", BEGAN, FOUND, interview=ReturnInterview(True, True, True, datetime(2026, 1, 2, 9, tzinfo=UTC))
            ),
            missing("B", BEGAN, FOUND, interview=ReturnInterview(True, False, False)),
            missing("C", BEGAN, FOUND, interview=ReturnInterview(held=True)),
            missing("D", BEGAN, FOUND),
            missing("E", BEGAN, interview=ReturnInterview(True)),
        ],
        RULE,
    )
    assert found.ended == 4
    assert found.offered == Told(2, 0, 2)
    assert found.accepted == Told(1, 1, 2)
    assert found.held == Told(2, 1, 1)
    assert found.in_time == Told(1, 0, 1)
