"""Groups and shared entities: public graphs with known answers, and small cases by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from itertools import combinations

import networkx as nx
import pytest

from chm.linkage.graph import build
from chm.linkage.groups import SharedEntity, communities, components, shared_entities, sizes
from chm.linkage.rules import load
from chm.linkage.ties import Confidence, Party, Tie

RULES = load()
Make = Callable[..., Tie]


def test_groups_by_hand(tie: Make) -> None:
    ties = [tie("A", "place:x"), tie("B", "place:x"), tie("A", "B"), tie("B", "C"), tie("E", "D")]
    network = build(ties, ["Z"])
    assert components(network) == [("A", "B", "C"), ("D", "E"), ("Z",)]
    assert components(network, 2) == [("A", "B"), ("C",), ("D",), ("E",), ("Z",)]
    assert (sizes(network), sizes(network, 2), sizes(network, 3)) == ([3, 2, 1], [2, 1, 1, 1, 1], [1] * 6)


def test_two_cliques_with_a_bridge_are_two_communities(tie: Make) -> None:
    ties = [tie(a, b) for clique in ("ABCDE", "VWXYZ") for a, b in combinations(clique, 2)] + [tie("A", "Z")]
    assert communities(build(ties), RULES.strength, RULES.communities) == [tuple("ABCDE"), tuple("VWXYZ")]


def test_the_karate_club_reaches_its_known_best_modularity_and_stays(tie: Make) -> None:
    club = nx.karate_club_graph()
    ties = [tie(f"{a:02}", f"{b:02}") for a, b in club.edges]
    found = communities(build(ties), RULES.strength, RULES.communities)
    # Zachary 1977; 0.4198 with four communities is the optimum (Brandes and others 2008).
    assert nx.community.modularity(club, [{int(id) for id in group} for group in found], weight=None) == pytest.approx(
        0.4198, abs=1e-4
    )
    assert [len(group) for group in found] == [12, 11, 6, 5]
    random.Random(1).shuffle(ties)
    random.random()
    assert communities(build(ties), RULES.strength, RULES.communities) == found


def test_seeding_leaves_pythons_own_chance_alone(tie: Make) -> None:
    random.seed(7)
    wanted = random.random()
    random.seed(7)
    communities(build([tie("A", "B")]), RULES.strength, RULES.communities)
    assert random.random() == wanted


def test_communities_of_nobody_and_of_strangers() -> None:
    assert communities(build([]), RULES.strength, RULES.communities) == []
    assert communities(build([], ["A", "B"]), RULES.strength, RULES.communities) == [("A",), ("B",)]


def test_shared_entities_are_ranked_and_described(tie: Make) -> None:
    ties = [
        tie("A", "place:x", start="2026-01-01", agency="Police", confidence="confirmed"),
        tie("B", "place:x", start="2026-03-01", agency="Health", confidence="possible"),
        tie("C", "person:p"),
        tie("A", "person:p", agency="Police"),
        tie("C", "vehicle:v"),
        tie("A", "person:Nan", influence="protective"),
        tie("B", "person:Nan", influence="protective"),
    ]
    found = shared_entities(build(ties), {"A": 40, "B": 61}, {"A": "Merton", "B": "Sutton", "C": "Merton"})
    assert found == [
        SharedEntity(Party("person", "p"), ("A", "C"), (40,), None, Confidence.UNVERIFIED, Confidence.UNVERIFIED,
                     ("Police",), ("Merton",)),
        SharedEntity(Party("place", "x"), ("A", "B"), (61, 40), date(2026, 3, 1), Confidence.POSSIBLE,
                     Confidence.CONFIRMED, ("Health", "Police"), ("Merton", "Sutton")),
    ]  # fmt: skip
    assert [s.entity.id for s in shared_entities(build(ties), {}, {}, least=0)] == ["p", "x", "v", "Nan"]
