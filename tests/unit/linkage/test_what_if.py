"""What several removals together change, and what rests on what: by hand, and against NetworkX."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chm.errors import Faults
from chm.linkage.graph import build
from chm.linkage.rules import load
from chm.linkage.ties import YOUNG_PERSON, Confidence, Party, Tie
from chm.linkage.what_if import Behind, State, behind, compare, resting_on, state

from .conftest import party

RULE = load().strength
Make = Callable[..., Tie]


@pytest.fixture
def ties(tie: Make) -> list[Tie]:
    """A to D at the hub, A and B also in a car, C and D friends, E and F with one man, G alone."""
    return [
        *(tie(id, "place:hub") for id in "ABCD"),
        *(tie(id, "vehicle:car", confidence="likely") for id in "AB"),
        tie("D", "C", relation="friend", confidence="confirmed"),
        *(tie(id, "person:man", event="e") for id in "EF"),
        tie("A", "place:hub", confidence="possible"),
        tie("G", "place:club", influence="protective"),
        tie("A", "E", relation="conflict"),
    ]


def test_removed_together(ties: list[Tie]) -> None:
    network = build(ties)
    assert state(network, RULE) == State(7, (4, 2, 1), 1, pytest.approx(6 / 3 + 1 + 1 + 1))
    assert state(network, RULE).largest_group == 4
    removed = [party("vehicle:car"), party("place:hub"), party("vehicle:car")]
    change = compare(network, removed, RULE)
    assert change.removed == (party("place:hub"), party("vehicle:car"))
    assert change.before == state(network, RULE)
    assert change.after == State(2, (2, 2, 1, 1, 1), 3, 2)
    assert change.pairs_lost == (("A", "B"), ("A", "C"), ("A", "D"), ("B", "C"), ("B", "D"))
    assert change.isolated == ("A", "B")
    assert state(change.after_network, RULE) == change.after


def test_one_alone_loses_only_what_nothing_else_holds(ties: list[Tie]) -> None:
    network = build(ties)
    change = compare(network, [party("place:hub")], RULE)
    assert change.pairs_lost == (("A", "C"), ("A", "D"), ("B", "C"), ("B", "D"))
    assert (change.isolated, change.after.groups, change.after.weight) == ((), (2, 2, 2, 1), 3)
    nothing = compare(network, [party("place:unknown")], RULE)
    assert (nothing.before, nothing.pairs_lost, nothing.isolated) == (nothing.after, (), ())


def test_a_young_person_is_never_removed(ties: list[Tie]) -> None:
    with pytest.raises(Faults, match="never removed") as found:
        compare(build(ties), [party("place:hub"), party("A")], RULE)
    assert "hub" not in str(found.value)


def test_what_stands_behind_the_levels(ties: list[Tie]) -> None:
    network = build(ties)
    places, people = behind(network, "A")
    assert places == (Behind(party("place:hub"), ("t1", "t10"), Confidence.POSSIBLE),)
    assert people == ()
    assert behind(network, "D")[1] == (Behind(party("C"), ("t7",), Confidence.CONFIRMED),)
    assert behind(network, "C")[1] == (Behind(party("D"), ("t7",), Confidence.CONFIRMED),)
    assert [b.party.id for b in behind(network, "E")[1]] == ["man"]
    assert behind(network, "G") == behind(network, "unknown") == ((), ())


def test_what_rests_on_an_entity(ties: list[Tie]) -> None:
    network = build(ties)
    assert [(b.party.id, b.evidence) for b in resting_on(network, party("place:hub"))] == [
        ("A", ("t1", "t10")), ("B", ("t2",)), ("C", ("t3",)), ("D", ("t4",)),
    ]  # fmt: skip
    assert resting_on(network, party("place:club")) == resting_on(network, party("place:unknown")) == ()


def test_nobody() -> None:
    change = compare(build([]), [], RULE)
    assert (change.before, change.after) == (State(0, (), 0, 0), State(0, (), 0, 0))
    assert change.before.largest_group == 0


EDGES = st.sets(st.tuples(st.integers(0, 7), st.integers(0, 5)), max_size=20)
FRIENDS = st.sets(st.sampled_from(list(combinations(range(8), 2))), max_size=4)


@given(EDGES, FRIENDS, st.sets(st.integers(0, 5), max_size=4))
def test_against_networkx(edges: set[tuple[int, int]], friends: set[tuple[int, int]], gone: set[int]) -> None:
    young = [Party(YOUNG_PERSON, str(n)) for n in range(8)]
    places = [Party("place", str(n)) for n in range(6)]
    ties = [Tie(f"{i} {j}", young[i], places[j]) for i, j in edges] + [
        Tie(f"{i}-{j}", young[i], young[j]) for i, j in friends
    ]
    change = compare(build(ties, (p.id for p in young)), [places[n] for n in gone], RULE)

    def slow(removed: set[int]) -> nx.Graph[str]:
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from((p.id for p in young), weight=0)
        for n in set(range(6)) - removed:
            there = sorted(str(i) for i, j in edges if j == n)
            for one, other in combinations(there, 2):
                weight = graph.get_edge_data(one, other, {"weight": 0})["weight"]
                graph.add_edge(one, other, weight=weight + 1 / (len(there) - 1))
        for i, j in friends:
            weight = graph.get_edge_data(str(i), str(j), {"weight": 0})["weight"]
            graph.add_edge(str(i), str(j), weight=weight + 1)
        return graph

    before, after = slow(set()), slow(gone)
    for found, graph in ((change.before, before), (change.after, after)):
        assert found.pairs == graph.number_of_edges()
        assert list(found.groups) == sorted(map(len, nx.connected_components(graph)), reverse=True)
        assert found.unlinked == nx.number_of_isolates(graph)
        assert found.weight == pytest.approx(graph.size("weight"))
    assert list(change.pairs_lost) == sorted(e for e in map(sorted_pair, before.edges) if not after.has_edge(*e))
    assert set(change.isolated) == set(nx.isolates(after)) - set(nx.isolates(before))


def sorted_pair(pair: tuple[str, str]) -> tuple[str, str]:
    return min(pair), max(pair)
