"""Networks, links and their evidence: by hand, and against NetworkX's own projections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import networkx as nx
import numpy as np
import pytest
from networkx.algorithms.bipartite import collaboration_weighted_projected_graph, weighted_projected_graph

from chm.linkage.graph import Link, build, conflicts, links
from chm.linkage.rules import load
from chm.linkage.ties import ONGOING, Confidence, Influence, Party, Tie, folded, in_window

RULE = load().strength
Make = Callable[..., Tie]


def davis(tie: Make) -> list[Tie]:
    return [tie(woman, f"place:{event}") for woman, event in nx.davis_southern_women_graph().edges]


def test_davis_projection_and_strength_agree_with_networkx(tie: Make) -> None:
    graph = nx.davis_southern_women_graph()
    women = graph.graph["top"]
    network = build(davis(tie))
    assert (len(network.young_people), len(network.entities), network.tied.nnz) == (18, 14, 89)
    names = network.young_people
    for ours, theirs in (
        (network.shared, weighted_projected_graph(graph, women)),
        (network.strength(RULE), collaboration_weighted_projected_graph(graph, women)),
    ):
        pairs = ours.tocoo()
        found = {(names[i], names[j]): n for i, j, n in zip(pairs.row, pairs.col, pairs.data, strict=True)}
        assert found == pytest.approx({tuple(sorted((a, b))): n for a, b, n in theirs.edges(data="weight")})


def test_ties_in_any_order_give_the_same_network(tie: Make) -> None:
    ties = [*davis(tie), tie("A", "B"), tie("C", "place:x", event="e"), tie("D", "E", event="e")]
    one, other = build(ties), build(ties[::-1])
    assert (one.young_people, one.entities) == (other.young_people, other.entities)
    assert np.array_equal(one.shared.toarray(), other.shared.toarray())
    assert np.array_equal(one.holders.toarray(), other.holders.toarray())


def test_nobody_and_nothing() -> None:
    network = build([])
    assert (network.shared.nnz, network.popularity.tolist(), links(network, RULE)) == (0, [], [])
    assert build([], ["A", "B"]).young_people == ("A", "B")


def test_a_link_holds_its_evidence(tie: Make) -> None:
    ties = [
        tie("A", "place:flat", start="2026-01-05", agency="Police", confidence="likely"),
        tie("place:flat", "B", start="2026-01-01", end=ONGOING, confidence="confirmed", influence="harmful"),
        tie("B", "A", relation="friend"),
        tie("C", "place:flat", start="2025-01-01"),
        tie("A", "person:Nan", influence="protective"),
        tie("A", "B", relation="conflict", start="2020-01-01"),
    ]
    network = build(ties)
    assert [t.id for t in network.protective] == ["t5"]
    assert [t.id for t in network.conflicts] == ["t6"]
    ab, ac, bc = sorted(links(network, RULE), key=lambda link: link.pair)
    assert ab == Link(
        pair=("A", "B"),
        shared=(Party("place", "flat"),),
        direct=True,
        evidence=("t1", "t2", "t3"),
        first=date(2026, 1, 1),
        last=ONGOING,
        weakest=Confidence.UNVERIFIED,
        best=Confidence.CONFIRMED,
        influence=Influence.HARMFUL,
        overlap=True,
        strength=1.5,
    )
    assert (ab.count, ac.count) == (2, 1)
    assert (ac.overlap, ac.influence, ac.strength, ac.evidence) == (False, Influence.UNCLEAR, 0.5, ("t1", "t4"))
    assert (bc.overlap, bc.first, bc.last) == (False, date(2025, 1, 1), ONGOING)
    assert [link.pair for link in links(network, RULE)] == [("A", "B"), ("A", "C"), ("B", "C")]
    assert [link.pair for link in links(network, RULE, ["B", "C"])] == [("B", "C")]


def test_overlap_is_unknown_where_the_dates_do_not_tell(tie: Make) -> None:
    network = build([tie("A", "place:x", start="2026-01-01"), tie("B", "place:x"), tie("A", "C")])
    assert [link.overlap for link in links(network, RULE)] == [None, None]


def test_the_evidence_of_an_event_is_the_rows_that_put_both_there(tie: Make) -> None:
    ties = [
        tie("A", "place:x", event="party"),
        tie("B", "person:p", event="party"),
        tie("C", "account:@c", event="party"),
        tie("D", "E", event="fight"),
        tie("F", "G", event="fight"),
    ]
    found = {link.pair: link for link in links(build(ties), RULE)}
    assert found["A", "B"].evidence == ("t1", "t2", "t3")
    assert found["A", "B"].shared == (Party("account", "@c"), Party("person", "p"), Party("place", "x"))
    assert not found["A", "B"].direct
    assert (found["D", "F"].evidence, found["D", "F"].direct, found["D", "F"].shared) == (("t4", "t5"), True, ())
    assert found["D", "E"].evidence == ("t4",)


def test_removing_leaves_the_direct_link_and_its_evidence(tie: Make) -> None:
    network = build([tie("A", "place:x", event="e"), tie("B", "C", event="e")]).without([Party("place", "x")])
    (link,) = links(network, RULE)
    assert (link.pair, link.direct, link.shared, link.evidence) == (("B", "C"), True, (), ("t2",))
    assert network.popularity.tolist() == [0]


def test_conflicts_warn_of_those_who_would_meet(tie: Make) -> None:
    ties = [
        tie("A", "B", relation="Conflict"),
        tie("A", "C", relation="conflict"),
        tie("A", "person:p", relation="conflict"),
    ]
    assert [t.id for t in conflicts(build(ties), {"A", "B"})] == ["t1"]


@pytest.mark.parametrize(
    ("since", "until", "ids", "undated"),
    [
        (None, None, ["t1", "t2", "t3", "t4"], 0),
        ("2026-01-03", None, ["t2", "t3"], 1),
        (None, "2026-01-01", ["t1"], 1),
        ("2026-01-02", "2026-01-02", ["t1", "t2"], 1),
        ("2026-01-05", "2026-01-06", ["t2", "t3"], 1),
        ("2027-01-01", None, ["t3"], 1),
    ],
)
def test_windows_include_both_ends(
    tie: Make, since: str | None, until: str | None, ids: list[str], undated: int
) -> None:
    ties = [
        tie("A", "place:x", start="2026-01-01", end="2026-01-02"),
        tie("A", "place:x", start="2026-01-02", end="2026-01-05"),
        tie("A", "place:x", start="2026-01-04", end=ONGOING),
        tie("A", "place:x"),
    ]
    found, left = in_window(ties, *(date.fromisoformat(d) if d else None for d in (since, until)))
    assert ([t.id for t in found], left) == (ids, undated)


def test_repeated_and_reversed_pairs_fold_with_their_evidence(tie: Make) -> None:
    pairs = folded([tie("A", "place:x"), tie("place:x", "A"), tie("B", "A"), tie("A", "B"), tie("A", "person:x")])
    assert [[t.id for t in ties] for ties in pairs.values()] == [["t1", "t2"], ["t3", "t4"], ["t5"]]
