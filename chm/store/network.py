"""Everything recorded around some young people, in a few queries whatever their number.

Young people outside the user's scope are masked here, so that nothing above can show who they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from random import SystemRandom
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chm.access import Scope
from chm.connections import Entity, Event, Participant, Party, Person, Relationship, Source
from chm.linkage.ties import YOUNG_PERSON
from chm.privacy import hidden, name_words
from chm.records import YoungPerson
from chm.store import connections, entities
from chm.store.entities import Merges
from chm.store.people import key, seen_still, within
from chm.store.rows import at_once, record
from chm.store.tables import EventParticipant, Meeting, MeetingYoungPerson, RelationshipRow, YoungPersonRow

ON_EVENT = (EventParticipant.young_person,)
IN_TIE = (RelationshipRow.one_young_person, RelationshipRow.other_young_person)
THING_ON_EVENT = (EventParticipant.entity,)
THING_IN_TIE = (RelationshipRow.one_entity, RelationshipRow.other_entity)
TELLING = 8


@dataclass(frozen=True)
class Around:
    """What is recorded around some young people.

    Attributes:
        young_people: those named who lie in the user's scope, by name. masked: the ids given to the others.
        entities, events, relationships: with what merged entities have become; nothing withdrawn.
    """

    young_people: tuple[YoungPerson, ...]
    masked: tuple[str, ...]
    entities: dict[Party, Entity]
    events: tuple[Event, ...]
    relationships: tuple[Relationship, ...]


@dataclass(frozen=True)
class ChairedMeeting:
    """A meeting and the ids of the young people it is about."""

    id: str
    title: str
    on: date
    young_people: tuple[str, ...]


def around(session: Session, scope: Scope, chosen: Collection[str]) -> Around:
    """The records of `chosen` young people, and those of each entity tied to one of them."""
    merges = entities.merges(session)
    events = connections.events(session, _ids(session, EventParticipant.event, ON_EVENT, chosen))
    ties = connections.relationships(session, _ids(session, RelationshipRow.id, IN_TIE, chosen))
    own = {*(e.id for e in events), *(t.id for t in ties)}
    shared = merges.spread(_things([*events, *ties]))
    events += connections.events(session, _ids(session, EventParticipant.event, THING_ON_EVENT, shared) - own)
    ties += connections.relationships(session, _ids(session, RelationshipRow.id, THING_IN_TIE, shared) - own)
    named = {*chosen, *connections.young_people([*events, *ties])}
    seen = _people(session, scope, named)
    masks, names = _masks(session, named - {p.id for p in seen})
    become = _Become(merges, masks, names, shared)
    shown = tuple(e for e in map(become.event, events) if e.participants)
    tied = tuple(t for t in map(become.relationship, ties) if t.one != t.other)
    kept = entities.named(session, _things([*shown, *tied]))
    return Around(
        young_people=tuple(seen),
        masked=tuple(sorted(masks.values(), key=lambda id: int(id.partition("-")[2]))),
        entities={Party(entities.KIND[type(e)], e.id): become.entity(e) for e in kept.values()},
        events=shown,
        relationships=tied,
    )


def chaired(session: Session, scope: Scope) -> list[ChairedMeeting]:
    """The meetings that a user chairs and still sees the young people of, newest first."""
    asked = select(Meeting.id, Meeting.title, Meeting.on, MeetingYoungPerson.young_person)
    asked = asked.outerjoin(MeetingYoungPerson, MeetingYoungPerson.meeting == Meeting.id)
    asked = asked.where(Meeting.chair == scope.user, seen_still(scope))
    found: dict[str, ChairedMeeting] = {}
    for id, title, on, child in session.execute(
        asked.order_by(Meeting.on.desc(), Meeting.id, MeetingYoungPerson.young_person)
    ):
        row = found.setdefault(id, ChairedMeeting(id, title, on, ()))
        found[id] = replace(row, young_people=(*row.young_people, child) if child else ())
    return list(found.values())


def _ids(session: Session, id: Any, columns: Sequence[Any], wanted: Collection[str]) -> set[str]:
    """Values of `id` in the rows that have one of `wanted` in one of `columns`."""
    return {
        found
        for part in at_once(wanted)
        for column in columns
        for found in session.scalars(select(id).where(column.in_(part)))
    }


def _things(records: Iterable[Event | Relationship]) -> set[str]:
    return {p.id for r in records for p in connections.parties(r) if not p.young}


def _people(session: Session, scope: Scope, ids: Collection[str]) -> list[YoungPerson]:
    asked = select(*YoungPersonRow.__table__.columns).where(within(scope, YoungPersonRow.id))
    rows = [r for part in at_once(ids) for r in session.execute(asked.where(YoungPersonRow.id.in_(part)))]
    return [record(YoungPerson, r) for r in sorted(rows, key=lambda r: (r.name_key, r.id))]


def _masks(session: Session, ids: Collection[str]) -> tuple[dict[str, str], dict[str, str]]:
    """A new id for each young person, numbered in an order of its own at each call; and their names."""
    order = sorted(ids)
    SystemRandom().shuffle(order)
    asked = select(YoungPersonRow.id, YoungPersonRow.name)
    names = {
        id: name for part in at_once(order) for id, name in session.execute(asked.where(YoungPersonRow.id.in_(part)))
    }
    return {id: f"other-{n}" for n, id in enumerate(order, 1)}, names


class _Become:
    """Records as they are given out: merged entities resolved, young people masked, what would tell them withheld."""

    def __init__(self, merges: Merges, masks: Mapping[str, str], names: Mapping[str, str], shared: set[str]):
        self._merges, self._masks, self._names, self._shared = merges, masks, names, shared
        self._words: defaultdict[str, set[str]] = defaultdict(set)
        for id, name in names.items():
            for word in name_words(f"{name} {id}"):
                self._words[word].add(id)
        self._closed = [c for c in (key(name).replace(" ", "") for name in names.values()) if len(c) >= TELLING]

    def event(self, event: Event) -> Event:
        masked = [p.party.id in self._masks for p in event.participants if p.party.young]
        named: Iterable[Participant] = event.participants
        if masked and all(masked):  # Of what is only about others no more is shown than what is shared.
            named = (p for p in named if p.party.young or p.party.id in self._shared)
        return replace(
            event,
            participants=tuple(dict.fromkeys(Participant(self._party(p.party), p.role) for p in named)),
            what="" if any(masked) else self._text(event.what),
            source=self._source(event.source, any(masked)),
        )

    def relationship(self, tie: Relationship) -> Relationship:
        masked = any(p.young and p.id in self._masks for p in (tie.one, tie.other))
        return replace(
            tie,
            one=self._party(tie.one),
            other=self._party(tie.other),
            note="" if masked else self._text(tie.note),
            source=self._source(tie.source, masked),
        )

    def entity(self, entity: Entity) -> Entity:
        texts: dict[str, Any] = {
            f.name: self._text(getattr(entity, f.name))
            for f in fields(entity)
            if f.name in ("name", "description", "address", "platform")
        }
        if isinstance(entity, Person):
            return replace(entity, **texts, other_names=tuple(map(self._text, entity.other_names)))
        return replace(entity, **texts)

    def _source(self, source: Source, masked: bool) -> Source:
        return replace(
            source, agency=self._text(source.agency), reference="" if masked else self._text(source.reference)
        )

    def _party(self, party: Party) -> Party:
        if party.young:
            return Party(YOUNG_PERSON, self._masks.get(party.id, party.id))
        return Party(party.kind, self._merges.survivor(party.id))

    def _text(self, text: str) -> str:
        """`text` without the names of who is masked; nothing of it where one is run together, as in an online name."""
        if not text or not self._names:
            return text
        near = {id for word in name_words(text) for id in self._words.get(word, ())}
        shown = hidden(text, {id: self._names[id] for id in near}) if near else text
        closed = key(shown).replace(" ", "")
        return "" if any(name in closed for name in self._closed) else shown
