"""Weekday by part of the day; before and after something was done."""

from __future__ import annotations

from datetime import date, time

import pytest

from chm.places.disclosure import Count
from chm.places.tally import Filter
from chm.places.times import CAVEATS, BeforeAfter, Verdict, before_after, times

from .conftest import RULES, TODAY, event, seen

MONDAY = date(2026, 11, 2)
MORNING, AFTERNOON, AFTER_SCHOOL, EVENING, NIGHT = range(5)


def told(hide: bool, *when: tuple[date | None, time | None]) -> dict[tuple[int, int], str]:
    columns = seen([event(f"E{n}", "A", "Y0", on=on, at=at) for n, (on, at) in enumerate(when)])
    found = times(columns, RULES, Filter(), "A", TODAY, hide=hide)
    return {
        (part, day): cell.text for part, row in enumerate(found.cells) for day, cell in enumerate(row) if cell.most
    } | ({(-1, -1): found.not_known.text} if found.not_known.most else {})


def test_hours_fall_in_parts_of_the_day() -> None:
    assert told(
        False,
        (MONDAY, time(6)),
        (MONDAY, time(11, 59)),
        (MONDAY, time(12)),
        (MONDAY, time(17, 59)),
        (MONDAY, time(18)),
        (MONDAY, time(22)),
    ) == {(MORNING, 0): "2", (AFTERNOON, 0): "1", (AFTER_SCHOOL, 0): "1", (EVENING, 0): "1", (NIGHT, 0): "1"}


def test_hours_after_midnight_belong_to_the_evening_before() -> None:
    assert told(False, (MONDAY, time(1, 30)), (MONDAY, time(22, 30))) == {(NIGHT, 6): "1", (NIGHT, 0): "1"}


def test_a_time_nobody_gave_stands_apart_and_one_without_a_day_nowhere() -> None:
    assert told(False, (MONDAY, None), (None, time(10))) == {(-1, -1): "1"}


def test_hours_are_put_together_before_anything_is_hidden() -> None:
    """Five reports at five hours of one afternoon are 5 to 9 in that part of the day, not five times fewer than 5."""
    assert told(True, *[(MONDAY, time(15 + n // 2, 30 * (n % 2))) for n in range(5)]) == {(AFTER_SCHOOL, 0): "5 to 9"}


def test_scattered_times_are_hidden_alike() -> None:
    found = times(
        seen([event(f"E{n}", "A", "Y0", on=date(2026, 11, 2 + n), at=time(9)) for n in range(4)]),
        RULES,
        Filter(),
        "A",
        TODAY,
    )
    assert found.alike is True
    assert {cell for row in found.cells for cell in row} == {Count(0, 4)}


def compared(before: int, after: int, *, today: date = TODAY, hide: bool = False) -> BeforeAfter:
    """`before` reports in March to May and `after` in July to September, around something done in June."""
    days = [*[date(2026, 3 + n % 3, 9) for n in range(before)], *[date(2026, 7 + n % 3, 9) for n in range(after)]]
    columns = seen(
        [event(f"E{n}", "A", "Y0", on=on) for n, on in enumerate([*days, date(2026, 6, 1), date(2026, 2, 28)])]
    )
    return before_after(columns, RULES, Filter(), "A", date(2026, 6, 15), today, hide=hide)


def test_whole_months_on_each_side() -> None:
    found = compared(30, 5)
    assert (found.months, found.first_before, found.first_after) == (3, date(2026, 3, 1), date(2026, 7, 1))
    assert (found.before, found.after) == (Count(30, 30), Count(5, 5))
    early = compared(3, 30, today=date(2026, 8, 20))
    assert (early.months, early.first_before, early.before.text, early.after.text) == (1, date(2026, 5, 1), "1", "10")


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (30, 5, Verdict.FEWER),
        (5, 30, Verdict.MORE),
        (20, 15, Verdict.NO_DIFFERENCE),
        (4, 0, Verdict.TOO_FEW),
        (0, 9, Verdict.TOO_FEW),
        (9, 4, Verdict.TOO_FEW),
    ],
)
def test_what_a_comparison_can_tell(before: int, after: int, verdict: Verdict) -> None:
    """The verdict is the same whether the counts are hidden or not: it holds for all they may be."""
    assert compared(before, after).verdict == compared(before, after, hide=True).verdict == verdict


def test_too_soon_to_tell() -> None:
    found = compared(9, 9, today=date(2026, 7, 20))
    assert (found.months, found.verdict) == (0, Verdict.TOO_SOON)
    assert found.caveat == "No whole month has passed since: look again next month."


def test_every_verdict_has_its_caveat() -> None:
    assert set(CAVEATS) == set(Verdict)


def test_hidden_sides() -> None:
    found = compared(30, 3, hide=True)
    assert (found.before.text, found.after.text) == ("30 to 34", "fewer than 5")
