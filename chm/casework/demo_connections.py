"""The invented cohort's connections, `data/demo/connections`: read, checked as a whole, and written.

Entities and young people are named by key: an entity's in `entities.yaml`, a young person's file without its ending.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from chm import connection_kinds, store
from chm.assessments import Line, Note
from chm.casework.checks import Checks
from chm.casework.connection_checks import check_entity, check_event, check_relationship
from chm.casework.demo_files import CLOCK, Before, Given, Name, Past, Said, moment, parsed
from chm.connections import (
    ENTITY_KINDS,
    ONGOING,
    PREFIX,
    Confidence,
    Entity,
    Event,
    EventRole,
    Influence,
    Participant,
    Party,
    Relationship,
    Source,
)
from chm.linkage.ties import YOUNG_PERSON
from chm.store import connections, entities
from chm.store.entities import Merges

FOLDER = "connections"
ENTITIES = "entities.yaml"
LATE = time(23, 30)
# Ids have the form of all ids, else the audit could not name them.
FIRST_ID = 0xDE3000000000
NOT_GIVEN = {"id", "version", "merged_into"}
# When a relationship without a start counts as written down.
UNDATED = -28
EntityKind = Literal["person", "place", "vehicle", "account", "group"]
Keys = tuple[str, ...]
R = TypeVar("R", Event, Relationship)


class GivenSource(Given):
    agency: Name
    confidence: Confidence
    first_hand: bool | None = None
    reference: Line = ""
    grade: Line = ""

    @property
    def source(self) -> Source:
        """As a record keeps it."""
        return Source(self.agency, self.confidence, self.reference, self.first_hand, self.grade)


class GivenEvent(GivenSource):
    """`who` holds people with their roles, `with` the places, vehicles, accounts and groups; `at` is a time of day."""

    day: Before
    until: Past | None = None
    at: time | None = None
    kind: Name
    who: dict[str, EventRole] = {}
    along: Annotated[Keys, Field(alias="with")] = ()
    influence: Influence
    what: Said


class GivenRelationship(GivenSource):
    """`influence` is the kind's own unless given; without `start` it is undated."""

    one: str
    other: str
    kind: Name
    start: Before | None = None
    end: Past | Literal["ongoing"] | None = None
    influence: Influence | None = None
    note: Note = ""


class GivenFile(Given):
    events: tuple[GivenEvent, ...] = ()
    relationships: tuple[GivenRelationship, ...] = ()


@dataclass(frozen=True)
class Known:
    """A young person as far as connections need them; `worker` is the id of whoever records about them."""

    id: str
    name: str
    worker: str
    since: date
    born_by: date


@dataclass(frozen=True)
class Connections:
    """All that `data/demo/connections` holds, as records."""

    entities: Mapping[str, Entity]
    events: tuple[Event, ...]
    relationships: tuple[Relationship, ...]


def read(
    folder: Path, young: Mapping[str, Known], lead: str, agencies: Iterable[str], today: date, faults: list[str]
) -> Connections:
    """The connections of the cohort in `folder`; every fault goes to `faults`, with its file and place.

    Args:
        young: the young people by key. lead: the user who records what names none of them.
    """
    reader = _Reader(folder / FOLDER, young, lead, agencies, today)
    faults += reader.faults
    return Connections(reader.entities, tuple(reader.events), tuple(reader.relationships))


def write(session: store.Session, found: Connections, by: str, today: date) -> None:
    """Writes them; the entities as added by the user `by` before the first event."""
    first = min((e.start for e in found.events if e.start), default=today)
    entities.add(session, list(found.entities.values()), by, moment(first, time(0)))
    connections.add_events(session, found.events)
    connections.add_relationships(session, found.relationships)


class _Reader:
    """Turns the files into records and notes what is wrong with them."""

    def __init__(self, folder: Path, young: Mapping[str, Known], lead: str, agencies: Iterable[str], today: date):
        self.young, self.lead, self.agencies, self.today = young, lead, set(agencies), today
        self.faults: list[str] = []
        self.kinds = connection_kinds.load()
        self.entities: dict[str, Entity] = {}
        self.events: list[Event] = []
        self.relationships: list[Relationship] = []
        self.named: Counter[str] = Counter()
        self.parties = {key: Party(YOUNG_PERSON, known.id) for key, known in young.items()}
        sound = self._read_entities(folder / ENTITIES)
        for path in sorted(p for p in folder.glob("*.yaml") if p.name != ENTITIES):
            given = parsed(path, GivenFile, self.faults)
            if given is None:
                sound = False
                continue
            for n, event in enumerate(given.events, 1):
                self._event(f"{FOLDER}/{path.name}: events {n}", event)
            for n, tie in enumerate(given.relationships, 1):
                self._relationship(f"{FOLDER}/{path.name}: relationships {n}", tie)
        if sound:
            self.faults += self._idle()

    def _read_entities(self, path: Path) -> bool:
        given = parsed(path, dict[EntityKind, dict[str, dict[str, Any]]], self.faults)
        for kind, listed in (given or {}).items():
            for key, content in listed.items():
                where = f"{FOLDER}/{ENTITIES}: {kind}.{key}"
                self._need(key not in self.parties, where, "the key stands for another already; give it another")
                number = FIRST_ID + len(self.entities) + 1
                entity = self._entity(where, ENTITY_KINDS[kind], f"{PREFIX[kind]}-{number:x}", content)
                self.parties[key] = Party(kind, entity.id)
                self.entities[key] = entity
        return given is not None

    def _entity(self, where: str, kind: type[Entity], id: str, content: Mapping[str, Any]) -> Entity:
        wrong = content.keys() - ({f.name for f in fields(kind)} - NOT_GIVEN)
        self._need(not wrong, where, f"unknown {', '.join(sorted(wrong))}; remove it or correct its name")
        try:
            entity = TypeAdapter(kind).validate_python(
                {"id": id} | {k: v for k, v in content.items() if k not in wrong}
            )
        except ValidationError as error:
            for fault in error.errors():
                self._need(False, f"{where}.{'.'.join(map(str, fault['loc']))}", f"{fault['msg'].lower()}; correct it")
            return kind(id=id)
        checks = Checks(self.today)
        checked = check_entity(checks, entity, "")
        self.faults += [f"{where}: {fault}" for fault in checks.faults]
        return checked

    def _event(self, where: str, given: GivenEvent) -> None:
        named = [*given.who, *given.along]
        if not self._sound(where, given, named):
            return
        for key in given.along:
            somebody = self.parties[key].kind in (YOUNG_PERSON, "person")
            self._need(not somebody, f"{where}.with", f"{key} is a person; name them under who")
        last = given.day if given.until is None else given.until
        checks = Checks(self.today)
        event = check_event(
            checks,
            Event(
                id=f"EV-{FIRST_ID + len(self.events) + 1:x}",
                kind=given.kind,
                participants=tuple(
                    Participant(self.parties[key], given.who.get(key, EventRole.UNKNOWN)) for key in named
                ),
                source=given.source,
                start=self._day(given.day),
                end=self._day(last),
                at=given.at,
                influence=given.influence,
                what=given.what,
            ),
            Merges({}),
        )
        self._born(where, named, given.day)
        self.faults += [f"{where}: {fault}" for fault in checks.faults]
        self.events.append(self._recorded(event, named, last))

    def _relationship(self, where: str, given: GivenRelationship) -> None:
        named = [given.one, given.other]
        if not self._sound(where, given, named):
            return
        start = None if given.start is None else self._day(given.start)
        end = ONGOING if given.end == "ongoing" else start if given.end is None else self._day(given.end)
        checks = Checks(self.today)
        tie = check_relationship(
            checks,
            Relationship(
                id=f"REL-{FIRST_ID + len(self.relationships) + 1:x}",
                one=self.parties[given.one],
                other=self.parties[given.other],
                kind=given.kind,
                source=given.source,
                start=start,
                end=end,
                influence=given.influence or Influence.UNCLEAR,
                note=given.note,
            ),
            Merges({}),
            as_kind=given.influence is None,
        )
        self.faults += [f"{where}: {fault}" for fault in checks.faults]
        self.relationships.append(self._recorded(tie, named, UNDATED if given.start is None else given.start))

    def _sound(self, where: str, given: GivenSource, named: list[str]) -> bool:
        self.named.update(named)
        unknown = [key for key in named if key not in self.parties]
        for key in unknown:
            self._need(False, where, f"nothing has the key {key}; correct it, or add it to {ENTITIES}")
        self._need(given.agency in self.agencies, where, f"unknown agency {given.agency}; take one of the council's")
        return not unknown

    def _born(self, where: str, named: list[str], day: int) -> None:
        for known in (self.young[key] for key in named if key in self.young):
            self._need(known.born_by <= self._day(day), where, "before birth; give a later day")

    def _recorded(self, record: R, named: list[str], day: int) -> R:
        """`record` as written down the day after `day`, once all it names are known, by the first one's worker."""
        known: list[Known] = [self.young[key] for key in named if key in self.young]
        on = max([self._day(day + 1), *(k.since for k in known)])
        at = moment(on, CLOCK) if on < self.today else moment(self._day(-1), LATE)
        return replace(record, recorded_by=known[0].worker if known else self.lead, recorded_at=at)

    def _idle(self) -> Iterator[str]:
        for key in self.entities:
            if not self.named[key]:
                yield f"{FOLDER}/{ENTITIES}: {key}: named by no event and no relationship; take it out"

    def _day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def _need(self, holds: bool, where: str, fault: str) -> None:
        if not holds:
            self.faults.append(f"{where}: {fault}")
