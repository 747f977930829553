"""Ties from events and relationships, and which persons and places they keep from being ranked."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

import pytest

from chm.connections import Event, EventRole, Participant, Person, Place, PlaceKind, Relationship, Source
from chm.linkage import disruption, from_records
from chm.linkage.from_records import children, never_ranked, of_concern, ties_of
from chm.linkage.graph import build, links
from chm.linkage.groups import components
from chm.linkage.rules import load
from chm.linkage.ties import Confidence, Influence, Party, Tie

from .conftest import party

RULES = load()
POLICE = Source("Police", Confidence.LIKELY)
numbers = count(1)


def event(*on_it: str, kind: str = "sighting", **more: Any) -> Event:
    """`event("A alleged_source", "place:x")`: the parties, each with its role where it has one."""
    given = [text.split() for text in on_it]
    people = tuple(Participant(party(id), *map(EventRole, role)) for id, *role in given)
    return Event(more.pop("id", f"EV-{next(numbers)}"), kind, people, POLICE, **more)


def related(one: str, other: str, kind: str = "friend", **more: Any) -> Relationship:
    return Relationship(f"REL-{next(numbers)}", party(one), party(other), kind, POLICE, **more)


def shown(ties: list[Tie]) -> list[tuple[str, str, str, str, str]]:
    return [(t.one.id, t.other.id, t.relation, t.role, t.event) for t in ties]


def test_an_event_ties_each_young_person_to_each_entity() -> None:
    day = date(2026, 5, 17)
    one = event(
        "A experiencing_harm", "B", "place:x", "person:p alleged_source", id="EV-1", start=day, end=day, what="Seen",
        influence=Influence.HARMFUL,
    )  # fmt: skip
    ties = ties_of([one], [])
    assert shown(ties) == [
        ("A", "x", "sighting", "experiencing_harm", "EV-1"),
        ("A", "p", "sighting", "alleged_source", "EV-1"),
        ("B", "x", "sighting", "unknown", "EV-1"),
        ("B", "p", "sighting", "alleged_source", "EV-1"),
    ]
    assert ties[0] == Tie(
        "EV-1", party("A"), party("place:x"), "sighting", "experiencing_harm", day, day, "Police", Confidence.LIKELY,
        Influence.HARMFUL, "EV-1", "Seen",
    )  # fmt: skip
    (link,) = links(build(ties), RULES.strength)
    assert (link.evidence, link.shared, link.direct) == (("EV-1",), (party("person:p"), party("place:x")), False)


def test_an_event_with_no_entity_ties_its_young_people_in_pairs() -> None:
    ties = ties_of([event("A", "B", "C", id="EV-1")], [])
    assert shown(ties) == [(a, b, "sighting", "unknown", "EV-1") for a, b in ("AB", "AC", "BC")]
    assert [link.evidence for link in links(build(ties), RULES.strength)] == [("EV-1",)] * 3


def test_a_relationship_is_one_tie_and_two_entities_are_not_tied() -> None:
    held = related("A", "person:p", "controls", influence=Influence.HARMFUL, note="Said so")
    ties = ties_of([], [held, related("person:p", "place:x"), related("A", "B", "conflict")])
    assert shown(ties) == [("A", "p", "controls", "", ""), ("A", "B", "conflict", "", "")]
    assert (ties[0].id, ties[0].agency, ties[0].confidence, ties[0].influence, ties[0].note) == (
        held.id, "Police", Confidence.LIKELY, Influence.HARMFUL, "Said so",
    )  # fmt: skip
    assert [t.conflict for t in ties] == [False, True]


def test_opposite_sides_are_in_conflict_and_each_side_is_linked() -> None:
    fight = event(
        "A alleged_source", "B experiencing_harm", "C alleged_source", "D experiencing_harm", "E witness", "place:x",
        "person:p experiencing_harm", id="EV-1", kind="assault",
    )  # fmt: skip
    ties = ties_of([fight], [])
    assert {t.id for t in ties} == {"EV-1"}
    assert [(t.one.id, t.other.id) for t in ties if t.conflict and t.other.young] == [
        ("A", "B"), ("A", "D"), ("C", "B"), ("C", "D"),
    ]  # fmt: skip
    assert [(t.one.id, t.other.id) for t in ties if t.conflict and not t.other.young] == [
        ("A", "x"), ("A", "p"), ("B", "x"), ("C", "x"), ("C", "p"), ("D", "x"), ("E", "x"), ("E", "p"),
    ]  # fmt: skip
    assert shown([t for t in ties if not t.conflict]) == [
        ("A", "C", "assault", "alleged_source", "EV-1:alleged_source"),
        ("B", "p", "assault", "experiencing_harm", "EV-1:experiencing_harm"),
        ("D", "p", "assault", "experiencing_harm", "EV-1:experiencing_harm"),
    ]
    assert components(build(ties)) == [("A", "C"), ("B", "D"), ("E",)]


def test_who_was_both_is_on_neither_side() -> None:
    ties = ties_of([event("A both", "B experiencing_harm", "place:x")], [])
    assert not any(t.conflict for t in ties)
    assert components(build(ties)) == [("A", "B")]


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        (("unknown", "witness"), "witness"),
        (("witness", "alleged_source"), "alleged_source"),
        (("alleged_source", "witness"), "alleged_source"),
        (("alleged_source", "experiencing_harm"), "both"),
        (("both", "alleged_source"), "both"),
    ],
)
def test_one_named_twice_on_an_event_has_one_role(roles: tuple[str, str], role: str) -> None:
    ties = ties_of([event("A", *(f"person:p {r}" for r in roles))], [])
    assert [(t.other.id, t.role) for t in ties] == [("p", role)]


def test_what_names_no_young_person_or_one_alone_ties_nobody() -> None:
    assert ties_of([event("place:x", "person:p"), event("A"), event()], []) == []


ADULT, CHILD, UNKNOWN, KIND = (
    Person(id="adult", under_18=False),
    Person(id="child", under_18=True),
    Person(id="unknown"),
    Person(id="kind", under_18=False),
)
EVENTS = [
    event("A", "person:adult alleged_source", "person:child both", "place:x", "place:home"),
    event("A", "person:kind witness", "person:unwritten alleged_source"),
]


def test_children_are_those_under_18_and_of_unknown_age() -> None:
    assert children([ADULT, CHILD, UNKNOWN, Place(id="x")]) == {party("person:child"), party("person:unknown")}


def test_concern_is_a_role_on_an_event_or_a_harmful_relationship() -> None:
    held = [
        related("person:kind", "A", "supplies", influence=Influence.HARMFUL),
        related("person:kin", "A", "family"),
        related("person:other", "person:kin", "controls", influence=Influence.HARMFUL),
    ]
    assert of_concern(EVENTS, []) == {party(f"person:{id}") for id in ("adult", "child", "unwritten")}
    assert of_concern([], held) == {party("person:kind")}


def test_children_homes_and_persons_nobody_alleges_anything_of_are_never_ranked() -> None:
    entities = [ADULT, CHILD, UNKNOWN, KIND, Place(id="x"), Place(id="home", place_kind=PlaceKind.HOME)]
    entities += [Place(id="placement", place_kind=PlaceKind.PLACEMENT), Place(id="flat"), Place(id="den")]
    held = [related("A", "place:flat", from_records.LIVES_AT), related("person:adult", "place:den", "lives_at")]
    never = never_ranked(entities, EVENTS, held)
    assert never == {
        *(party(f"person:{id}") for id in ("child", "unknown", "kind", "unwritten")),
        *(party(f"place:{id}") for id in ("home", "placement", "flat")),
    }
    options = disruption.ranked(build(ties_of(EVENTS, held)), RULES.strength, never)
    assert [o.entity for o in options] == [Party("person", "adult"), Party("place", "x")]
