"""What is drawn, and which part of a large network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chm.linkage.graph import build
from chm.linkage.picture import Line, Node, Picture, draw
from chm.linkage.rules import load
from chm.linkage.shapes import Known, Label, Shape
from chm.linkage.ties import ONGOING, Confidence, Influence, Party, Tie
from chm.linkage.view import LineKind

from .conftest import party

RULES = load()
RULE, MOST = RULES.strength, RULES.picture.most_nodes
Make = Callable[..., Tie]


def ends(picture: Picture) -> list[tuple[str, str, str]]:
    return [(line.one.id, line.other.id, line.influence.value) for line in picture.lines]


def test_nodes_and_lines(tie: Make) -> None:
    ties = [
        tie("place:x", "A", start="2026-01-05", confidence="likely"),
        tie("A", "place:x", start="2026-03-01", end=ONGOING, confidence="possible", influence="harmful"),
        tie("B", "place:x", confidence="confirmed"),
        tie("A", "person:Nan", relation="trusted_adult", influence="protective", start="2025-01-01"),
        tie("B", "A", relation="conflict", start="2026-02-02"),
        tie("B", "C", relation="friend"),
        tie("person:Nan", "place:x"),
    ]
    known = Known({party("A"): Label("A. Madeup", 21, "moderate", "significant")}, frozenset({party("person:Nan")}))
    picture = draw(build(ties, ["D"]), known, RULE, MOST, chosen=[party("A"), party("place:x")])
    assert MOST == 300
    assert picture.left_out == 0
    assert picture.nodes[0] == Node(
        party("A"),
        "A. Madeup",
        "young_person",
        Shape.YOUNG_PERSON,
        21,
        "moderate",
        "significant",
        False,
        True,
        1,
        False,
    )
    assert [(n.party.id, n.label, n.shape.value, n.chosen, n.young_people) for n in picture.nodes[1:]] == [
        ("B", "Not known", "young_person", False, 2),
        ("C", "Not known", "young_person", False, 1),
        ("D", "Not known", "young_person", False, 0),
        ("Nan", "Not known", "trusted_adult", False, 1),
        ("x", "Not known", "place", True, 2),
    ]
    assert picture.lines[0] == Line(
        one=party("A"),
        other=party("place:x"),
        influence=LineKind.HARMFUL,
        confidence=Confidence.LIKELY,
        weakest=Confidence.POSSIBLE,
        strength=1,
        evidence=("t1", "t2"),
        first=date(2026, 1, 5),
        last=ONGOING,
        new=False,
    )
    assert ends(picture) == [
        ("A", "x", "harmful"),
        ("B", "x", "unclear"),
        ("B", "C", "unclear"),
        ("A", "Nan", "protective"),
        ("A", "B", "conflict"),
    ]


def test_a_hub_is_weak_and_what_joins_nobody_has_no_strength(tie: Make) -> None:
    ties = [
        *(tie(id, "place:hub") for id in "ABCDE"),
        tie("A", "place:own"),
        tie("B", "person:p", influence="protective"),
    ]
    picture = draw(build(ties), Known(), RULE, MOST)
    assert [(line.one.id, line.other.id, line.strength) for line in picture.lines] == [
        ("A", "hub", 0.25), ("A", "own", 0), *((id, "hub", 0.25) for id in "BCDE"), ("B", "p", 1),
    ]  # fmt: skip


def test_an_event_of_a_file_draws_what_it_implies(tie: Make) -> None:
    ties = [tie("A", "place:x", event="e"), tie("B", "vehicle:v", event="e")]
    assert [(one, other) for one, other, _ in ends(draw(build(ties), Known(), RULE, MOST))] == [
        ("A", "x"), ("A", "v"), ("B", "x"), ("B", "v"),
    ]  # fmt: skip


def test_a_protective_conflict_is_drawn_as_conflict_and_entities_of_nobody_are_not_drawn(tie: Make) -> None:
    ties = [tie("A", "B", relation="conflict", influence="protective"), tie("person:p", "place:x")]
    picture = draw(build(ties), Known(), RULE, MOST)
    assert ends(picture) == [("A", "B", "conflict")]
    assert [n.party.id for n in picture.nodes] == ["A", "B"]


def test_new_since_looks_at_all_that_is_known(tie: Make) -> None:
    before = tie("A", "place:x", start="2025-12-31")
    ties = [
        tie("A", "place:x", start="2026-02-01"),
        tie("B", "place:x", start="2026-01-01"),
        tie("A", "person:p", start="2026-01-01"),
        tie("C", "person:p", start="2026-01-01"),
        tie("C", "person:p"),
        tie("B", "vehicle:v", start="2026-03-01", influence="protective"),
    ]
    network = build(ties, ["D"])

    def new(history: list[Tie] | None) -> tuple[set[str], set[tuple[str, str]]]:
        picture = draw(network, Known(), RULE, MOST, new_since=date(2026, 1, 1), history=history)
        nodes = {n.party.id for n in picture.nodes if n.new}
        return nodes, {(line.one.id, line.other.id) for line in picture.lines if line.new}

    lines = {("B", "x"), ("A", "p"), ("B", "v")}
    assert new(None) == ({"A", "B", "x", "v"}, {("A", "x"), *lines})
    assert new([before, *ties]) == ({"B", "v"}, lines)
    assert not any(n.new for n in draw(network, Known(), RULE, MOST).nodes)


def test_disrupting_takes_links_away_and_no_protection(tie: Make) -> None:
    ties = [tie("A", "place:x"), tie("B", "place:x"), tie("A", "place:y"), tie("A", "place:y", influence="protective")]
    network = build(ties).without([party("place:x"), party("place:y")])
    picture = draw(network, Known(), RULE, MOST)
    assert ends(picture) == [("A", "y", "protective")]
    assert [n.party.id for n in picture.nodes] == ["A", "B", "y"]


def crowd(tie: Make, young: int = 12) -> list[Tie]:
    """Everybody at the hub, neighbours at a place of theirs, each with somebody who protects them."""
    ids = [f"Y{n:02}" for n in range(young)]
    ties = [tie(id, "place:hub") for id in ids]
    ties += [tie(id, f"place:n{n // 2}") for n, id in enumerate(ids)]
    return ties + [tie(id, f"person:p{id}", influence="protective") for id in ids]


def kept(picture: Picture) -> str:
    return " ".join(n.party.id for n in picture.nodes)


def test_a_large_network_keeps_the_chosen_who_protects_them_and_what_most_share(tie: Make) -> None:
    network = build(crowd(tie))
    chosen = [party("Y04"), party("Y05"), party("Y08")]
    picture = draw(network, Known(), RULE, 12, chosen=chosen)
    # Nine are left: three protectors, three places that one of them is tied to, and three neighbours.
    assert kept(picture) == "Y00 Y01 Y04 Y05 Y08 Y09 pY04 pY05 pY08 hub n2 n4"
    assert picture.left_out == 12 + 12 + 7 - 12
    assert {n.party.id for n in picture.nodes if n.chosen} == {"Y04", "Y05", "Y08"}
    assert kept(draw(network, Known(), RULE, 2, chosen=chosen)) == "Y04 Y05 Y08"
    assert kept(draw(network, Known(), RULE, 1, chosen=[party("place:n3"), *chosen])) == "Y04 Y05 Y08 n3"


def test_with_nobody_chosen_the_most_linked_go_first(tie: Make) -> None:
    ties = [*crowd(tie), tie("Y06", "account:a"), tie("Z1", "account:a"), tie("Z2", "account:a")]
    picture = draw(build(ties), Known(), RULE, 8)
    assert kept(picture) == "Y00 Y01 Y02 Y06 a pY00 hub n0"
    assert picture.left_out == 14 + 20 - 8


def test_as_many_as_there_is_room_for_are_all_drawn(tie: Make) -> None:
    network = build(crowd(tie))
    assert draw(network, Known(), RULE, 31).left_out == 0
    assert draw(network, Known(), RULE, 30).left_out == 1


PARTIES = st.sampled_from([*"ABCDEF", "place:x", "place:y", "person:p", "vehicle:v", "group:g"])
TIES = st.lists(
    st.tuples(
        PARTIES, PARTIES, st.sampled_from(Influence), st.sampled_from(["", "conflict"]), st.sampled_from(["", "e"])
    ),
    max_size=14,
)


@given(TIES, st.integers(1, 12), st.sets(st.sampled_from("ABC")))
def test_every_picture_holds_together(
    rows: list[tuple[str, str, Influence, str, str]], most: int, who: set[str]
) -> None:
    ties = [
        Tie(str(n), party(one), party(other), relation=relation, influence=influence, event=event)
        for n, (one, other, influence, relation, event) in enumerate(rows)
        if one != other
    ]
    network = build(ties, who)
    chosen = [party(id) for id in who]
    whole, part = (draw(network, Known(), RULE, size, chosen=chosen) for size in (100, most))
    assert whole.left_out == 0
    assert {n.party for n in whole.nodes} == {party(id) for id in network.young_people} | {
        p for line in whole.lines for p in (line.one, line.other)
    }
    found = {n.party for n in part.nodes}
    assert len(found) + part.left_out == len(whole.nodes)
    assert len(found) <= max(most, len(chosen))
    assert found >= set(chosen)
    assert part.lines == tuple(line for line in whole.lines if {line.one, line.other} <= found)
    assert all(line.one.young and line.evidence and 0 <= line.strength <= 1 for line in whole.lines)
    assert len({(line.one, line.other, line.influence) for line in whole.lines}) == len(whole.lines)


@pytest.mark.parametrize("most", [1, 300])
def test_nobody(most: int) -> None:
    assert draw(build([]), Known(), RULE, most) == Picture((), (), 0)
    assert Party("young_person", "A") == draw(build([], ["A"]), Known(), RULE, most).nodes[0].party
