"""Columns of what was recorded at places."""

from __future__ import annotations

from datetime import date, time

import numpy as np
import pytest

from chm.places.seen import ALWAYS, NEVER, NO_EVENT, first_day, month_of

from .conftest import event, seen, tie


@pytest.mark.parametrize(
    ("day", "month"), [(date(2026, 1, 31), 24312), (date(2026, 12, 1), 24323), (None, NEVER), (date.max, ALWAYS)]
)
def test_months_by_number(day: date | None, month: int) -> None:
    assert month_of(day) == month
    if day and day != date.max:
        assert first_day(month) == day.replace(day=1)


def test_an_event_at_two_places_stands_at_both() -> None:
    found = seen([event("E1", "A", "B", "Y0", "Y1", at=time(16), on=date(2026, 11, 23))])
    assert found.places == ("A", "B", "C")
    assert found.reports.place.tolist() == [0, 1]
    assert found.reports.more.tolist() == [2, 2]
    assert [found.young_people[n] for n in found.people.what.tolist()] == ["Y0", "Y1", "Y0", "Y1"]


def test_who_is_counted_as_what() -> None:
    found = seen(
        [
            event("E1", "A", "PER-adult=both", "PER-child=alleged_source", "VEH-golf", "PER-guard=witness"),
            event("E2", "A", "PER-guard=unknown", influence="protective"),
            event("E3", "Z", "Y0"),
        ]
    )
    assert found.things.more.tolist() == [0, 1, 2]
    assert (found.reports.what.tolist(), found.people.what.tolist()) == ([0, 1], [])


def test_a_tie_is_no_event() -> None:
    found = seen([], [tie("A", "Y0"), tie("A", "Y1", "lives_at"), tie("Z", "Y2"), tie("A", "PER-adult")])
    assert found.people.kind.tolist() == [NO_EVENT]
    assert (found.people.first.tolist(), found.people.last.tolist()) == ([24316], [ALWAYS])
    assert found.things.place.tolist() == []


def test_rows_that_are_kept() -> None:
    rows = seen([event("E1", "A", "Y0"), event("E2", "B", "Y1")]).reports
    assert rows.only(rows.place == 1).what.tolist() == [1]
    assert all(len(column) == 2 for column in rows.columns)
    assert np.array_equal(rows.columns[0], rows.place)
