"""Ties from events and relationships as they are recorded, and what roles on them say of the persons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product

from chm.connections import Entity, Event, EventRole, Participant, Person, Place, PlaceKind, Relationship
from chm.linkage.ties import CONFLICT, YOUNG_PERSON, Influence, Party, Tie

LIVES_AT = "lives_at"
HOMES = (PlaceKind.HOME, PlaceKind.PLACEMENT)
SOURCES = (EventRole.ALLEGED_SOURCE, EventRole.BOTH)
SIDES = (EventRole.ALLEGED_SOURCE, EventRole.EXPERIENCING_HARM)
Roles = Mapping[Party, EventRole]


def ties_of(events: Iterable[Event], relationships: Iterable[Relationship]) -> list[Tie]:
    """The ties that the records state, in their order; each tie's `id` is its record's, so several may have one id.

    On an event each young person is tied to each entity, and the young people to each other where it has no entity.
    Where young people stand on opposite sides (`SIDES`) the event is a conflict: it ties each such pair, and everybody
    to its entities, by `conflict` ties, which join nobody; each side is an event of its own for its young people and
    its persons. What names no young person ties nobody.
    """
    ties = [tie for event in events for tie in _of_event(event)]
    return ties + [_of_relationship(r) for r in relationships if r.one.young or r.other.young]


def _of_event(event: Event) -> Iterator[Tie]:
    roles = _roles(event.participants)
    young = [p for p in roles if p.young]
    sources, harmed = ([p for p in young if roles[p] == side] for side in SIDES)
    if not (sources and harmed):
        yield from _joined(event, roles, event.kind, event.id)
        return
    for one, other in product(sources, harmed):
        yield _tie(event, one, other, CONFLICT, roles[one], event.id)
    for one, other in product(young, (p for p in roles if not p.young)):
        if not (other.kind == "person" and roles[one] == roles[other] and roles[one] in SIDES):
            yield _tie(event, one, other, CONFLICT, _role(roles, one, other), event.id)
    for side in SIDES:
        same = {p: role for p, role in roles.items() if role == side and p.kind in (YOUNG_PERSON, "person")}
        yield from _joined(event, same, event.kind, f"{event.id}:{side}")


def _joined(event: Event, roles: Roles, relation: str, group: str) -> Iterator[Tie]:
    young, others = [p for p in roles if p.young], [p for p in roles if not p.young]
    for one, other in product(young, others) if others else combinations(young, 2):
        yield _tie(event, one, other, relation, _role(roles, one, other), group)


def _role(roles: Roles, young: Party, other: Party) -> EventRole:
    return roles[other if other.kind == "person" else young]


def _roles(participants: Iterable[Participant]) -> dict[Party, EventRole]:
    """The role of each party; one named twice, as after a merge, is both where the two differ, if both are known."""
    roles: dict[Party, EventRole] = {}
    for party, role in ((p.party, p.role) for p in participants):
        before = roles.get(party, EventRole.UNKNOWN)
        if before == EventRole.UNKNOWN:
            roles[party] = role
        elif role not in (before, EventRole.UNKNOWN, EventRole.WITNESS):
            roles[party] = role if before == EventRole.WITNESS else EventRole.BOTH
    return roles


def _tie(event: Event, one: Party, other: Party, relation: str, role: EventRole, group: str) -> Tie:
    return Tie(
        id=event.id,
        one=one,
        other=other,
        relation=relation,
        role=role.value,
        start=event.start,
        end=event.end,
        agency=event.source.agency,
        confidence=event.source.confidence,
        influence=event.influence,
        event=group,
        note=event.what,
    )


def _of_relationship(record: Relationship) -> Tie:
    return Tie(
        id=record.id,
        one=record.one,
        other=record.other,
        relation=record.kind,
        start=record.start,
        end=record.end,
        agency=record.source.agency,
        confidence=record.source.confidence,
        influence=record.influence,
        note=record.note,
    )


def children(entities: Iterable[Entity]) -> frozenset[Party]:
    """The persons who are children, or of unknown age: never ranked for disruption."""
    return frozenset(Party("person", e.id) for e in entities if isinstance(e, Person) and e.child)


def of_concern(events: Iterable[Event], relationships: Iterable[Relationship]) -> frozenset[Party]:
    """The persons alleged, on some event or by a harmful relationship with a young person, to be a source of harm."""
    named = {p.party for e in events for p in e.participants if p.party.kind == "person" and p.role in SOURCES}
    for record in relationships:
        pair = {record.one, record.other}
        if record.influence == Influence.HARMFUL and any(p.young for p in pair):
            named.update(p for p in pair if p.kind == "person")
    return frozenset(named)


def never_ranked(
    entities: Iterable[Entity], events: Iterable[Event], relationships: Iterable[Relationship]
) -> frozenset[Party]:
    """What is never ranked for disruption: children, persons nobody alleges anything of, and where children live.

    A person whose record is not among `entities` counts as a child.
    """
    entities, events, relationships = list(entities), list(events), list(relationships)
    young = children(entities)
    grown = {Party("person", e.id) for e in entities if isinstance(e, Person)} - young
    homes = {Party("place", e.id) for e in entities if isinstance(e, Place) and e.place_kind in HOMES}
    persons = set(grown | young)
    persons.update(p.party for e in events for p in e.participants if p.party.kind == "person")
    for record in relationships:
        pair = (record.one, record.other)
        persons.update(p for p in pair if p.kind == "person")
        if record.kind == LIVES_AT and any(p.young or (p.kind == "person" and p not in grown) for p in pair):
            homes.update(p for p in pair if p.kind == "place")
    return frozenset(homes | (persons - (grown & of_concern(events, relationships))))
