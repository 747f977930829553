"""What-if: by hand on public graphs, and against removing each entity and recomputing with NetworkX."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chm.linkage import disruption
from chm.linkage.disruption import Option, effects, ranked, together
from chm.linkage.graph import Network, build
from chm.linkage.rules import load
from chm.linkage.ties import YOUNG_PERSON, Influence, Party, Tie

RULE = load().strength
Make = Callable[..., Tie]
PLACES = [Party("place", f"{n:02}") for n in range(14)]
YOUNG = [Party(YOUNG_PERSON, f"{n:02}") for n in range(24)]


def pairs(network: Network) -> set[tuple[int, int]]:
    return set(zip(*(side.tolist() for side in network.shared.nonzero()), strict=True))


def test_the_medici_hold_florence_together(tie: Make) -> None:
    # Padgett's marriages among 15 Florentine families, the Medici as the entity that their six in-laws share.
    ties = [
        tie(*(f"person:{name}" if name == "Medici" else name for name in edge))
        for edge in nx.florentine_families_graph().edges
    ]
    network = build(ties)
    assert (len(network.young_people), len(pairs(network))) == (14, 14 + 15 - 1)
    # Of the 15 pairs of in-laws only Ridolfi and Tornabuoni married; without the Medici Acciaiuoli stands alone, and
    # Salviati and Pazzi are cut off from the other eleven.
    assert ranked(network, RULE) == [Option(Party("person", "Medici"), 14, 1, 11, 3.0, 0)]


def test_a_chain_of_places_by_hand(tie: Make) -> None:
    ties = [tie(who, f"place:{where}") for where, some in {"x": "AB", "y": "BCD", "z": "DE"}.items() for who in some]
    network = build([*ties, tie("B", "place:y"), tie("A", "person:Nan", influence="protective"),
                     tie("A", "place:x", influence="protective")])  # fmt: skip
    assert ranked(network, RULE) == [
        Option(Party("place", "y"), 3, 1, 2, 1.5, 0),
        Option(Party("place", "x"), 1, 1, 4, 1.0, 1),
        Option(Party("place", "z"), 1, 1, 4, 1.0, 0),
    ]
    assert [o.entity.id for o in ranked(network, RULE, never={Party("place", "y")})] == ["x", "z"]


def test_the_second_group_counts_when_the_largest_breaks(tie: Make) -> None:
    ties = [tie(who, "place:x") for who in "ABCD"] + [tie(who, "place:y") for who in "EFG"]
    assert effects(build(ties)).largest_group.tolist() == [3, 4]


def test_nobody() -> None:
    assert ranked(build([]), RULE) == []
    assert together(build([]), 3) == disruption.Together((), 0, 0, (), 0)


@st.composite
def sparse(draw: st.DrawFn) -> Network:
    """Near a forest, so that cut nodes are many and their pieces large."""
    found = draw(st.lists(st.tuples(st.sampled_from(YOUNG), st.sampled_from(PLACES)), max_size=42))
    found += draw(st.lists(st.tuples(st.sampled_from(YOUNG), st.sampled_from(YOUNG)), max_size=6))
    ties = [Tie(f"t{n}", one, other) for n, (one, other) in enumerate(found) if one != other]
    return build(ties, [p.id for p in YOUNG])


@settings(max_examples=250)
@given(sparse())
def test_one_pass_equals_removing_each_and_recomputing(network: Network) -> None:
    found = effects(network)
    before = pairs(network)
    for column, entity in enumerate(network.entities):
        graph = nx.Graph()
        graph.add_nodes_from(range(len(network.young_people)))
        rows = [set(network.tied[[n]].indices.tolist()) - {column} for n in range(len(YOUNG))]
        graph.add_edges_from(zip(*(side.tolist() for side in network.direct.nonzero()), strict=True))
        graph.add_edges_from((i, j) for i, j in combinations(range(len(YOUNG)), 2) if rows[i] & rows[j])
        linked = {n for pair in before for n in pair}
        assert found.pairs_lost[column] == len(before) - graph.number_of_edges()
        assert found.isolated[column] == sum(not graph.degree[n] for n in linked)
        assert found.largest_group[column] == max(map(len, nx.connected_components(graph)))
        assert pairs(network.without([entity])) == {tuple(sorted(edge)) for edge in graph.edges}


@settings(max_examples=100)
@given(sparse(), st.integers(1, 3))
def test_the_best_set_is_the_best_of_all_sets(network: Network, k: int) -> None:
    found = together(network, k)
    tied = [e for e, n in zip(network.entities, network.popularity, strict=True) if n]
    most = max(
        len(pairs(network)) - len(pairs(network.without(some))) for some in combinations(tied, min(k, len(tied)))
    )
    assert found.best is not None
    assert found.best_pairs_lost == most == len(pairs(network)) - len(pairs(network.without(found.best)))
    assert found.pairs_lost == len(pairs(network)) - len(pairs(network.without(found.entities))) <= most
    assert len(found.entities) == min(k, len(tied))


def test_turns_miss_what_only_two_together_lose_and_say_so(tie: Make) -> None:
    # Ten pairs are held by p and q both; r and s hold one each alone.
    ties = [tie(who, f"place:{where}") for who in "ABCDE" for where in "pq"]
    ties += [tie("F", "place:r"), tie("G", "place:r"), tie("H", "place:s"), tie("I", "place:s")]
    found = together(build(ties), 2)
    assert [e.id for e in found.entities] == ["r", "s"]
    assert (found.pairs_lost, found.best_pairs_lost, found.largest_group_after) == (2, 10, 5)
    assert {e.id for e in found.best or ()} == {"p", "q"}


def test_a_large_network_is_not_searched_for_the_best(tie: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr(disruption, "MOST_PAIRS", 2)
    found = together(build([tie(who, "place:x") for who in "ABC"]), 1)
    assert (found.pairs_lost, found.best, found.best_pairs_lost) == (3, None, None)
    monkeypatch.setattr(disruption, "MOST_PAIRS", 3)
    assert together(build([tie(who, "place:x") for who in "ABC"]), 1).best_pairs_lost == 3


def test_protective_ties_stay(tie: Make) -> None:
    network = build([tie("A", "place:x"), tie("B", "place:x"), tie("A", "place:x", influence="protective")])
    after = network.without([Party("place", "x")])
    assert [t.influence for t in after.protective] == [Influence.PROTECTIVE]
    assert pytest.approx(0) == after.shared.nnz
