"""Checking entities, events and relationships before they are written: every fault at once, the field named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from chm import connection_kinds
from chm.casework.checks import Checks
from chm.connections import (
    ONGOING,
    Account,
    AccountKind,
    Confidence,
    Entity,
    Event,
    EventRole,
    Influence,
    Person,
    Place,
    PlaceKind,
    Relationship,
    Source,
    Vehicle,
)
from chm.store.entities import Merges

W = TypeVar("W", bound=StrEnum)
E = TypeVar("E", bound=Entity)
MOST_ON_EVENT = 1_000
MOST_NAMES = 50
EARLIEST = date(1900, 1, 1)


def check_event(checks: Checks, event: Event, merges: Merges) -> Event:
    """`event` with its texts made plain and its days whole; faults go to `checks`."""
    _kind(checks, event.kind, connection_kinds.load().event)
    named = event.participants
    checks.need(bool(named), "participants: nobody and nothing is named; name at least one")
    fits = len(named) <= MOST_ON_EVENT
    checks.need(fits, f"participants: {len(named):,} are named; at most {MOST_ON_EVENT:,} fit on one event")
    seen = Counter((p.party.kind, merges.survivor(p.party.id)) for p in named)
    for n, participant in enumerate(named, 1):
        key = participant.party.kind, merges.survivor(participant.party.id)
        if seen[key] > 1:
            seen[key] = 0
            checks.need(False, f"participant {n}: named more than once on this event; keep one")
    start, end = _days(checks, event.start, event.end)
    checks.need(event.at is None or start is not None, "time: there is no day for it; give the day too")
    return replace(
        event,
        participants=tuple(
            replace(p, role=_one_of(checks, f"participant {n}: role", p.role, EventRole))
            for n, p in enumerate(named, 1)
        ),
        source=_source(checks, event.source),
        start=start,
        end=end,
        influence=_one_of(checks, "influence", event.influence, Influence),
        what=checks.note("what happened", event.what),
    )


def check_relationship(checks: Checks, tie: Relationship, merges: Merges, *, as_kind: bool = False) -> Relationship:
    """`tie` as `check_event` does; `as_kind` gives it the influence that its kind starts as."""
    kinds = connection_kinds.load().relationship
    _kind(checks, tie.kind, kinds)
    one, other = ((p.kind, merges.survivor(p.id)) for p in (tie.one, tie.other))
    checks.need(one != other, "other: the same as the first; a tie needs two parties")
    start, end = _days(checks, tie.start, tie.end)
    starts_as = kinds[tie.kind].influence if as_kind and tie.kind in kinds else tie.influence
    return replace(
        tie,
        source=_source(checks, tie.source),
        start=start,
        end=end,
        influence=_one_of(checks, "influence", starts_as, Influence),
        note=checks.note("note", tie.note),
    )


def check_entity(checks: Checks, entity: E, where: str) -> E:
    """`entity` with its texts made plain; faults go to `checks`, each after `where`."""
    checked: Entity = replace(
        entity,
        name=checks.line(f"{where}name", entity.name),
        description=checks.note(f"{where}description", entity.description),
    )
    known = [checked.name, checked.description]
    if isinstance(checked, Person):
        names = (checks.line(f"{where}other name {n}", name) for n, name in enumerate(checked.other_names, 1))
        checked = replace(checked, other_names=tuple(dict.fromkeys(name for name in names if name)))
        few = len(checked.other_names) <= MOST_NAMES
        checks.need(few, f"{where}other names: more than {MOST_NAMES}; keep those that help")
        known += checked.other_names
    elif isinstance(checked, Place):
        checked = _place(checks, checked, where)
        known += [checked.address, checked.postcode]
    elif isinstance(checked, Vehicle):
        checked = replace(checked, plate=checks.line(f"{where}plate", checked.plate))
        known.append(checked.plate)
    elif isinstance(checked, Account):
        checked = replace(
            checked,
            account_kind=_one_of(checks, f"{where}kind of account", checked.account_kind, AccountKind),
            platform=checks.line(f"{where}platform", checked.platform),
        )
    checks.need(any(known), f"{where}name: empty; give a name, or describe what is known")
    return checked  # type: ignore[return-value]


def _place(checks: Checks, place: Place, where: str) -> Place:
    latitude, longitude = place.latitude, place.longitude
    both = (latitude is None) == (longitude is None)
    checks.need(both, f"{where}latitude and longitude: one of them is missing; give both or neither")
    for name, degrees, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        inside = degrees is None or -most <= degrees <= most
        checks.need(inside, f"{where}{name}: must be -{most} to {most} degrees")
    return replace(
        place,
        place_kind=_one_of(checks, f"{where}kind of place", place.place_kind, PlaceKind),
        address=checks.line(f"{where}address", place.address),
        postcode=checks.line(f"{where}postcode", place.postcode),
    )


def _source(checks: Checks, source: Source) -> Source:
    return replace(
        source,
        agency=checks.line("agency", source.agency, needed=True),
        reference=checks.line("reference", source.reference),
        confidence=_one_of(checks, "confidence", source.confidence, Confidence),
        grade=checks.line("police grade", source.grade),
    )


def _kind(checks: Checks, kind: str, known: Container[str]) -> None:
    checks.need(kind in known, "kind: not one of the list; choose one of it")


def _days(checks: Checks, start: date | None, end: date | None) -> tuple[date | None, date | None]:
    """Both days: one without the other is that one day."""
    first, last = start or (None if end == ONGOING else end), end or start
    checks.need(end != ONGOING or start is not None, "start: empty, and it goes on; give its first day")
    checks.past("start", start)
    checks.past("end", None if end == ONGOING else end)
    checks.need(start is None or start >= EARLIEST, "start: the date lies before 1900; give a later day")
    checks.need(start is None or end is None or start <= end, "end: the date lies before the start; give a later day")
    return first, last


def _one_of(checks: Checks, field: str, value: W, words: type[W]) -> W:
    known = value in list(words)
    checks.need(known, f"{field}: must be one of {', '.join(words)}")
    return words(value) if known else value
