"""One place in numbers."""

from __future__ import annotations

from datetime import date

import pytest

from chm.places.breakdown import Split, breakdown
from chm.places.disclosure import Count
from chm.places.seen import Known
from chm.places.tally import Filter

from .conftest import RULES, TODAY, event, seen, tie

COLUMNS = seen(
    [
        event("E1", "A", "Y0", "Y1", "PER-adult=alleged_source", on=date(2026, 11, 2), agency="Police"),
        event("E2", "A", "Y0=alleged_source", on=date(2026, 3, 9), kind="incident", agency="Education"),
        event("E3", "A", "Y2=witness", "VEH-golf", on=date(2026, 9, 1), influence="unclear", confidence="unverified"),
        event("E4", "A", "Y3", on=date(2026, 10, 1), kind="stop", influence="protective"),
        event("E5", "A", "Y0", on=None),
        event("E6", "B", "Y0"),
    ],
    [tie("A", "Y4"), tie("A", "PER-guard", "works_at", "protective")],
    {"Y0": Known("significant"), "Y1": Known("none"), "Y2": Known("moderate")},
)


def shown(split: Split[object]) -> dict[object, str]:
    return {key: count.text for key, count in split.counts if count.most}


def test_everything_is_counted() -> None:
    found = breakdown(COLUMNS, RULES, Filter(), "A", TODAY, hide=False)
    assert shown(found.roles) == {"experiencing_harm": "2", "alleged_source": "1", "witness": "1", "unknown": "1"}
    assert shown(found.influences) == {"harmful": "2", "protective": "1", "unclear": "2"}
    assert shown(found.bands) == {None: "1", "none": "1", "moderate": "1", "significant": "1"}
    assert shown(found.kinds) == {"sighting": "2", "incident": "1"}
    assert shown(found.confidence) == {"unverified": "1", "likely": "2"}
    assert shown(found.months) == {date(2026, 3, 1): "1", date(2026, 9, 1): "1", date(2026, 11, 1): "1"}
    assert [day for day, _ in found.months.counts][::11] == [date(2025, 12, 1), date(2026, 11, 1)]
    assert found.kinds_by_month == (
        ("sighting", (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1)),
        ("incident", (0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)),
    )
    assert breakdown(COLUMNS, RULES, Filter(), "A", TODAY).kinds_by_month == ()
    assert (found.new_young_people, found.new_of_concern, found.new_vehicles) == (Count(2, 2), Count(1, 1), Count(1, 1))
    assert (found.new_kinds, found.undated, found.agencies) == ((), Count(1, 1), Count(2, 2))
    assert found.guardians == Count(1, 1)


def test_somebody_who_was_there_undated_is_not_new() -> None:
    """A report without a day may be older than any."""
    columns = seen([event("E1", "A", "Y0", "Y1"), event("E2", "A", "Y0", on=None)])
    assert breakdown(columns, RULES, Filter(), "A", TODAY, hide=False).new_young_people == Count(1, 1)


def test_hidden_numbers_and_their_totals() -> None:
    found = breakdown(COLUMNS, RULES, Filter(), "A", TODAY)
    assert shown(found.kinds) == {"sighting": "fewer than 5", "incident": "fewer than 5"}
    assert found.kinds.alike is False
    assert (found.months.alike, set(shown(found.months).values())) == (True, {"fewer than 5"})
    assert found.agencies.text == "fewer than 5"


def test_hidden_numbers_go_by_the_window_alone() -> None:
    """A split of one place by kind would tell what the ranking by kind hides."""
    narrow = Filter(12, "incident", "harmful")
    assert breakdown(COLUMNS, RULES, narrow, "A", TODAY) == breakdown(COLUMNS, RULES, Filter(12), "A", TODAY)
    exact = breakdown(COLUMNS, RULES, narrow, "A", TODAY, hide=False)
    assert shown(exact.kinds) == {"incident": "1"}


def test_the_recent_months_have_a_total_of_their_own() -> None:
    """Three in the recent months, one each: hidden alike; the nine before, with five each, are not."""
    events = [event(f"E{m}{n}", "A", "Y0", on=date(2026, m, 3)) for m in range(1, 9) for n in range(5)]
    lately = [event(f"L{m}", "A", "Y0", on=date(2026, m, 3)) for m in (9, 10, 11)]
    found = breakdown(seen(events + lately), RULES, Filter(), "A", TODAY)
    assert found.months.of(date(2026, 8, 1)).text == "5 to 9"
    assert [found.months.of(date(2026, m, 1)) for m in (9, 10, 11)] == [Count(0, 4)] * 3


def test_an_unknown_place() -> None:
    with pytest.raises(KeyError):
        breakdown(COLUMNS, RULES, Filter(), "Z", TODAY)


def test_kinds_that_were_never_reported_before() -> None:
    columns = seen([event("E1", "A", "Y0", on=date(2026, 5, 1)), event("E2", "A", "Y0", kind="stop")])
    assert breakdown(columns, RULES, Filter(), "A", TODAY).new_kinds == ("stop",)
