"""What each party is drawn as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chm.connections import Account, Person, Place, PlaceKind, Vehicle
from chm.linkage.graph import build
from chm.linkage.shapes import Known, Label, Shape, shapes
from chm.linkage.ties import Tie

from .conftest import party

Make = Callable[..., Tie]
HARMFUL, PROTECTIVE = {"influence": "harmful"}, {"influence": "protective"}


@pytest.mark.parametrize(
    ("ties", "shape"),
    [
        ([{}], Shape.PERSON),
        ([{"role": "alleged_source", "event": "e"}], Shape.PERSON_OF_CONCERN),
        ([{"role": "both"}], Shape.PERSON_OF_CONCERN),
        ([HARMFUL], Shape.PERSON_OF_CONCERN),
        ([{"role": "witness", "event": "e", **HARMFUL}], Shape.PERSON),
        ([PROTECTIVE], Shape.TRUSTED_ADULT),
        ([PROTECTIVE, {"relation": "family"}], Shape.TRUSTED_ADULT),
        ([PROTECTIVE, HARMFUL], Shape.PERSON_OF_CONCERN),
        ([PROTECTIVE, {"role": "witness", "event": "e", **HARMFUL}], Shape.PERSON),
        ([PROTECTIVE, {"relation": "conflict"}], Shape.PERSON),
    ],
)
def test_an_adult_is_drawn_by_the_ties_in_view(tie: Make, ties: list[dict[str, Any]], shape: Shape) -> None:
    network = build([tie("A", "person:p", **more) for more in ties])
    assert shapes(network, Known(adults=frozenset({party("person:p")})))[party("person:p")] == shape
    assert shapes(network, Known())[party("person:p")] == Shape.CHILD


@pytest.mark.parametrize(
    ("ties", "shape"),
    [
        ([{}], Shape.PLACE),
        ([HARMFUL, PROTECTIVE], Shape.PLACE),
        ([PROTECTIVE], Shape.SAFE_PLACE),
        ([PROTECTIVE, {"relation": "conflict"}], Shape.PLACE),
    ],
)
def test_a_place_is_safe_where_it_only_protects(tie: Make, ties: list[dict[str, Any]], shape: Shape) -> None:
    network = build([tie("A", "place:x", **more) for more in ties])
    assert shapes(network, Known())[party("place:x")] == shape


def test_a_place_that_another_row_of_its_event_links_is_not_safe(tie: Make) -> None:
    network = build([tie("A", "place:x", **PROTECTIVE), tie("B", "place:y", event="e"), tie("C", "place:x", event="e")])
    assert shapes(network, Known())[party("place:x")] == Shape.PLACE


def test_what_records_say(tie: Make) -> None:
    known = Known.of(
        [
            Person(id="grown", name="Ann Placeholder", under_18=False),
            Person(id="peer", description="tall, in a red cap"),
            Place(id="chat", name="Example chat", place_kind=PlaceKind.ONLINE),
            Vehicle(id="v"),
            Account(id="a", name="@notreal"),
        ],
        {party("A"): Label("A. Madeup", 21, "moderate"), party("person:peer"): Label("Peer 1", masked=True)},
    )
    assert {p.id: label.text for p, label in known.labels.items()} == {
        "grown": "Ann Placeholder", "peer": "Peer 1", "chat": "Example chat", "v": "Not known", "a": "@notreal",
        "A": "A. Madeup",
    }  # fmt: skip
    assert (known.adults, known.online) == (frozenset({party("person:grown")}), frozenset({party("place:chat")}))
    network = build(
        [tie("A", other) for other in ("person:grown", "person:peer", "place:chat", "vehicle:v", "group:g")]
    )
    assert {p.id: s.value for p, s in shapes(network, known).items()} == {
        "A": "young_person", "grown": "person", "peer": "child", "chat": "online_place", "v": "vehicle", "g": "group",
    }  # fmt: skip
