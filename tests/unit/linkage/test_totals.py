"""Groups in numbers: spreads, never one score."""

from __future__ import annotations

from collections.abc import Callable

from chm.linkage.graph import build
from chm.linkage.groups import components
from chm.linkage.shapes import Label
from chm.linkage.ties import Tie
from chm.linkage.totals import GroupRow, Spread, group_rows, spread

from .conftest import party

BANDS = ("none", "emerging", "moderate", "significant")


def test_a_spread_counts_who_is_not_scored_apart() -> None:
    labels = [Label("A", 30, "significant"), Label("B", 13, "emerging"), Label("C"), Label("D", 0, "none")]
    assert spread(labels, BANDS) == Spread(
        3, 1, 0, 13.0, 30, (("none", 1), ("emerging", 1), ("moderate", 0), ("significant", 1))
    )
    assert spread(labels[:2], BANDS).median == 21.5
    assert spread(iter([Label("C")]), ("none",)) == Spread(0, 1, None, None, None, (("none", 0),))


def test_group_rows(tie: Callable[..., Tie]) -> None:
    ties = [
        *(tie(id, "place:x") for id in "ABC"),
        *(tie(id, "account:a") for id in "AC"),
        tie("D", "place:x", influence="protective"),
        tie("A", "person:Nan", influence="protective"),
        tie("B", "person:Nan", influence="protective"),
        tie("A", "B", relation="conflict"),
        tie("B", "A", relation="conflict"),
        tie("A", "D", relation="conflict"),
        tie("E", "F"),
    ]
    network = build(ties)
    labels = {party("A"): Label("A", 20, "moderate"), party("B"): Label("B", 10, "emerging")}
    groups = components(network)
    assert groups == [("A", "B", "C"), ("E", "F"), ("D",)]
    first, second = group_rows(network, groups, labels, BANDS)
    counts = (("none", 0), ("emerging", 1), ("moderate", 1), ("significant", 0))
    assert first == GroupRow(
        young_people=("A", "B", "C"),
        spread=Spread(2, 1, 10, 15.0, 20, counts),
        pairs=3,
        shared=((party("place:x"), 3), (party("account:a"), 2)),
        protected=2,
        conflicts=1,
    )
    assert (second.young_people, second.pairs, second.shared, second.spread.not_scored) == (("E", "F"), 1, (), 2)
    assert [row.young_people for row in group_rows(network, groups, labels, BANDS, least=1)] == groups
