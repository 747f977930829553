"""The first places without some of the information."""

from __future__ import annotations

from datetime import date

from chm.linkage.rules import load
from chm.places.stability import Check, stability
from chm.places.tally import Filter

from .conftest import RULES, TODAY, event, seen

OLD = load().stability


def test_the_first_place_rests_on_unverified_reports_of_one_agency() -> None:
    columns = seen(
        [
            *[event(f"A{n}", "A", f"Y{n}", confidence="unverified") for n in range(6)],
            event("B1", "B", "Y0", agency="Police"),
            event("B2", "B", "Y1", agency="Education"),
        ]
    )
    assert stability(columns, RULES, OLD, Filter(), TODAY) == [
        Check("unverified", ("B",), True),
        Check("old", ("A", "B"), False),
        Check("single_agency", ("B",), True),
    ]


def test_old_information() -> None:
    columns = seen([event("A1", "A", "Y0", "Y1", on=date(2025, 10, 1)), event("B1", "B", "Y0", on=None)])
    assert [c.first for c in stability(columns, RULES, OLD, Filter(months=None), TODAY)] == [("A", "B"), ("B",), ()]
