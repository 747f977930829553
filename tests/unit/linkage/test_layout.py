"""Where nodes stand: inside the ground, no label on another, the same each time, and never moved once placed."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest

from chm.linkage.layout import BOX, CROWDED, SPRINGS, Point, boxes, drop, layout, scale
from chm.linkage.ties import Party

from .conftest import party

Edges = list[tuple[Party, Party]]


def example(young: int, entities: int, seed: int = 7) -> tuple[dict[Party, str], Edges]:
    """Young people, each entity tied to two of them or three."""
    chance = random.Random(seed)
    people = [party(f"{n:03}") for n in range(young)]
    nodes = {p: f"Avocet Placeholder {p.id}" for p in people}
    edges: Edges = []
    for n in range(entities):
        entity = party(f"place:{n:03}")
        nodes[entity] = ["Arcade", "Fable Court stairwell, Notreal Road"][n % 2]
        edges += [(p, entity) for p in chance.sample(people, k=2 + n % 2)]
    return nodes, edges


def overlapping(nodes: dict[Party, str], at: dict[Party, Point]) -> list[tuple[Party, Party]]:
    """Pairs whose boxes overlap by more than a pixel, on the ground that `scale` gives."""
    ground, each, crowded = np.array(BOX) * scale(nodes), boxes(nodes), len(nodes) > CROWDED
    middle = {p: np.array(at[p]) * ground + (0, drop(p, crowded)) for p in nodes}
    apart = {pair: np.abs(middle[pair[0]] - middle[pair[1]]) for pair in combinations(nodes, 2)}
    return [(a, b) for (a, b), way in apart.items() if ((np.array(each[a]) + each[b]) / 2 - way > 1).all()]


@pytest.mark.parametrize(("young", "entities"), [(1, 0), (2, 0), (3, 2), (10, 30), (15, 45), (30, 270), (30, 290)])
def test_every_box_has_its_own_place_on_the_ground(young: int, entities: int) -> None:
    nodes, edges = example(young, entities)
    at = layout(nodes, edges)
    assert at.keys() == nodes.keys()
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in at.values())
    # A page draws 300; above, forces stand in for springs and a few young people in the thick of it touch.
    assert len(overlapping(nodes, at)) <= (0 if len(nodes) <= SPRINGS else 5)


def test_what_is_drawn_fills_the_ground_both_ways() -> None:
    at = layout(*example(10, 30))
    assert all(np.ptp([point[axis] for point in at.values()]) > 0.75 for axis in (0, 1))


def test_the_same_places_each_time_whatever_the_order_and_chance_is_left_alone() -> None:
    nodes, edges = example(10, 30)
    random.seed(3)
    expected = random.random()
    random.seed(3)
    first = layout(nodes, edges)
    assert random.random() == expected
    turned = [(b, a) for a, b in reversed(edges)] + edges[:5]
    assert layout(dict(reversed(nodes.items())), turned) == first


def test_known_nodes_stay_and_new_ones_stand_near_what_they_are_tied_to() -> None:
    nodes, edges = example(10, 30)
    before = layout(nodes, edges)
    one, new, lone = party("003"), party("vehicle:new"), party("account:new")
    grown = nodes | {new: "Grey Golf", lone: "@example"}
    after = layout(grown, [*edges, (one, new)], before)
    assert {p: after[p] for p in nodes} == before
    assert overlapping(grown, after) == overlapping(nodes, before) == []
    ground = np.array(BOX) * scale(grown)
    away = {p: float(np.hypot(*((np.array(after[p]) - after[one]) * ground))) for p in (new, lone)}
    assert away[new] < 300


def test_what_was_dragged_off_the_ground_or_is_no_longer_drawn_is_no_trouble() -> None:
    nodes = {party("A"): "A. Madeup", party("B"): "B. Madeup"}
    at = layout(nodes, [(party("A"), party("B"))], {party("A"): (1.4, -0.2), party("gone"): (0.5, 0.5)})
    assert at.keys() == nodes.keys()
    assert at[party("A")] == (1.4, -0.2)
    assert all(0 <= v <= 1 for v in at[party("B")])


def test_nothing_to_draw_self_links_and_unknown_ends() -> None:
    assert layout({}, []) == {}
    assert layout({party("A"): "A"}, [(party("A"), party("A")), (party("A"), party("X"))]) == {
        party("A"): layout({party("A"): "A"}, [])[party("A")]
    }


def test_the_size_of_a_box_follows_its_label_until_it_is_a_crowd() -> None:
    few = {party("A"): "A. Madeup", party("place:x"): "Arcade", party("place:y"): "z" * 80}
    assert boxes(few) == {
        party("A"): (150.0, 100.0),
        party("place:x"): (pytest.approx(6.9 * 6 + 14), 66.0),
        party("place:y"): (190.0, 66.0),
    }
    assert scale(few) == 1.0
    many = {party(f"place:{n}"): "Arcade" for n in range(CROWDED + 1)}
    assert set(boxes(many).values()) == {(38.0, 38.0)}
    assert (drop(party("A"), False), drop(party("A"), True), drop(party("place:x"), False)) == (20.0, 16.0, 11.0)
    assert drop(party("place:x"), True) == 0.0
