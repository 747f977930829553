"""Events and relationships as people reported them. What is edited or withdrawn is kept whole beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter
from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from chm.connections import (
    ENTITY_KINDS,
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
from chm.errors import Conflict, NotFound
from chm.linkage.ties import YOUNG_PERSON
from chm.store import entities
from chm.store.plans import CHANGED
from chm.store.rows import at_once
from chm.store.tables import (
    CorrectionRow,
    EntityRow,
    EventParticipant,
    EventRow,
    RelationshipRow,
    UserAccount,
)

Recorded = Event | Relationship | Entity
CLOSED = "No such record, or none that you may open"
WITHDRAWN = "It was reported in error and no longer counts; nothing was saved. Record it anew if it holds"
INFLUENCES = {i.value: i for i in Influence}
CONFIDENCES = {c.value: c for c in Confidence}
ROLES = {r.value: r for r in EventRole}
WHOLE: dict[str, TypeAdapter[Any]] = {
    "event": TypeAdapter(Event),
    "relationship": TypeAdapter(Relationship),
    **{kind: TypeAdapter(type) for kind, type in ENTITY_KINDS.items()},
}


@dataclass(frozen=True)
class Earlier:
    """A record as it stood before an edit; `why`, `by` (a name) and `at` are of the edit that replaced it."""

    record: Recorded
    why: str
    by: str
    at: datetime


@dataclass(frozen=True)
class History:
    """A record as it stands and as it was, oldest first. `withdrawn_at` None: it counts."""

    record: Recorded
    withdrawn_at: datetime | None
    earlier: tuple[Earlier, ...]


def add_events(session: Session, new: Sequence[Event]) -> None:
    """Writes new events under the ids they carry; their entities are there already."""
    if new:
        rows = [{"id": e.id, "recorded_by": e.recorded_by, "recorded_at": e.recorded_at, **_event(e)} for e in new]
        session.execute(insert(EventRow), [row | {"version": 1} for row in rows])
        _add_participants(session, new)


def add_relationships(session: Session, new: Sequence[Relationship]) -> None:
    """Writes new relationships under the ids they carry; their entities are there already."""
    if new:
        rows = [
            {"id": r.id, "recorded_by": r.recorded_by, "recorded_at": r.recorded_at, **_relationship(r)} for r in new
        ]
        session.execute(insert(RelationshipRow), [row | {"version": 1} for row in rows])


def get(session: Session, id: str) -> Event | Relationship | None:
    """The event or relationship `id`, withdrawn or not, with the parties it was recorded with."""
    found: list[Event | Relationship] = [*events(session, [id], all=True), *relationships(session, [id], all=True)]
    return found[0] if found else None


def edit(session: Session, record: Event | Relationship) -> None:
    """Writes an event or a relationship over the version it was read as; who recorded it and when stays.

    Raises:
        NotFound: there is no such record.
        Conflict: it has another version by now, or was withdrawn.
    """
    kept = _row(session, record.id)
    if kept.withdrawn_at is not None:
        raise Conflict(WITHDRAWN)
    if kept.version != record.version:
        raise Conflict(CHANGED)
    for name, value in (_event(record) if isinstance(record, Event) else _relationship(record)).items():
        setattr(kept, name, value)
    flag_modified(kept, "kind")  # Its participants alone may differ: the version rises all the same.
    if isinstance(record, Event):
        session.execute(delete(EventParticipant).where(EventParticipant.event == record.id))
        _add_participants(session, [record])
    session.flush()


def withdraw(session: Session, id: str, at: datetime) -> None:
    """Marks an event or a relationship as reported in error. Raises NotFound; Conflict where it is marked already."""
    kept = _row(session, id)
    if kept.withdrawn_at is not None:
        raise Conflict(WITHDRAWN)
    kept.withdrawn_at = at
    session.flush()


def keep(session: Session, before: Recorded, why: str, by: str, at: datetime) -> None:
    """Keeps a record as it is before the edit that follows."""
    kind = _kind(before)
    session.add(
        CorrectionRow(
            id=f"COR-{uuid4().hex[:12]}",
            record=before.id,
            version=before.version,
            before={"kind": kind, "record": WHOLE[kind].dump_python(before, mode="json")},
            why=why,
            by=by,
            at=at,
        )
    )
    session.flush()


def earlier(session: Session, id: str) -> tuple[Earlier, ...]:
    """What was kept of a record, oldest first."""
    asked = select(CorrectionRow, UserAccount.name).join(UserAccount, UserAccount.id == CorrectionRow.by)
    found = session.execute(asked.where(CorrectionRow.record == id).order_by(CorrectionRow.version))
    return tuple(
        Earlier(WHOLE[row.before["kind"]].validate_python(row.before["record"]), row.why, name, row.at)
        for row, name in found
    )


def withdrawn_at(session: Session, id: str) -> datetime | None:
    """When an event or a relationship was withdrawn, None where it counts. Raises NotFound."""
    return _row(session, id).withdrawn_at


def events(session: Session, ids: Collection[str], *, all: bool = False) -> list[Event]:
    """The events of `ids` by day, with the parties they were recorded with; withdrawn ones only where `all`."""
    kept = [row for part in at_once(ids) for row in session.execute(_select(EventRow, part, all))]
    named: defaultdict[str, list[Participant]] = defaultdict(list)
    asked = select(
        EventParticipant.event, EventParticipant.young_person, EventParticipant.entity, EntityRow.kind,
        EventParticipant.role,
    ).outerjoin(EntityRow, EntityRow.id == EventParticipant.entity).order_by(EventParticipant.place)  # fmt: skip
    for part in at_once([row.id for row in kept]):
        for event, child, entity, kind, role in session.execute(asked.where(EventParticipant.event.in_(part))):
            named[event].append(Participant(_party(child, entity, kind), ROLES[role]))
    found = [
        Event(
            id=r.id,
            kind=r.kind,
            participants=tuple(named[r.id]),
            source=_source(r),
            start=r.start,
            end=r.end,
            at=r.at,
            influence=INFLUENCES[r.influence],
            what=r.what,
            recorded_by=r.recorded_by,
            recorded_at=r.recorded_at,
            version=r.version,
        )
        for r in kept
    ]
    return sorted(found, key=lambda e: (e.start is None, e.start, e.id))


def relationships(session: Session, ids: Collection[str], *, all: bool = False) -> list[Relationship]:
    """The relationships of `ids` by first day, as `events`."""
    kept = [row for part in at_once(ids) for row in session.execute(_select(RelationshipRow, part, all))]
    tied = {e for r in kept for e in (r.one_entity, r.other_entity) if e}
    kinds = {
        id: kind
        for part in at_once(tied)
        for id, kind in session.execute(select(EntityRow.id, EntityRow.kind).where(EntityRow.id.in_(part)))
    }
    found = [
        Relationship(
            id=r.id,
            one=_party(r.one_young_person, r.one_entity, kinds.get(r.one_entity)),
            other=_party(r.other_young_person, r.other_entity, kinds.get(r.other_entity)),
            kind=r.kind,
            source=_source(r),
            start=r.start,
            end=r.end,
            influence=INFLUENCES[r.influence],
            note=r.note,
            recorded_by=r.recorded_by,
            recorded_at=r.recorded_at,
            version=r.version,
        )
        for r in kept
    ]
    return sorted(found, key=lambda r: (r.start is None, r.start, r.id))


def parties(record: Event | Relationship) -> tuple[Party, ...]:
    """Whom and what a record names, in its order."""
    return tuple(p.party for p in record.participants) if isinstance(record, Event) else (record.one, record.other)


def young_people(records: Iterable[Recorded]) -> tuple[str, ...]:
    """Ids of the young people that `records` name, each once, in their order."""
    named = (p for r in records if not isinstance(r, Entity) for p in parties(r) if p.young)
    return tuple(dict.fromkeys(p.id for p in named))


def _row(session: Session, id: str) -> EventRow | RelationshipRow:
    kept = session.get(EventRow, id) or session.get(RelationshipRow, id)
    if kept is None:
        raise NotFound(CLOSED)
    return kept


def _select(table: type[EventRow] | type[RelationshipRow], ids: list[str], all: bool) -> Select[Any]:
    asked = select(*table.__table__.columns).where(table.id.in_(ids))
    return asked if all else asked.where(table.withdrawn_at.is_(None))


def _party(child: str | None, entity: str | None, kind: str | None) -> Party:
    return Party(YOUNG_PERSON, child) if child else Party(kind or "", entity or "")


def _source(row: Any) -> Source:
    return Source(row.agency, CONFIDENCES[row.confidence], row.reference, row.first_hand, row.grade)


def _kind(record: Recorded) -> str:
    if isinstance(record, Entity):
        return entities.KIND[type(record)]
    return "event" if isinstance(record, Event) else "relationship"


def _event(e: Event) -> dict[str, Any]:
    said = {"kind": e.kind, "start": e.start, "end": e.end, "at": e.at, "influence": e.influence.value, "what": e.what}
    return said | asdict(e.source) | {"confidence": e.source.confidence.value}


def _relationship(r: Relationship) -> dict[str, Any]:
    said = {"kind": r.kind, "start": r.start, "end": r.end, "influence": r.influence.value, "note": r.note}
    ends = {
        f"{end}_{column}": party.id if party.young == (column == YOUNG_PERSON) else None
        for end, party in (("one", r.one), ("other", r.other))
        for column in (YOUNG_PERSON, "entity")
    }
    return said | ends | asdict(r.source) | {"confidence": r.source.confidence.value}


def _add_participants(session: Session, events: Sequence[Event]) -> None:
    rows = list(_participants(events))
    if rows:
        session.execute(insert(EventParticipant), rows)


def _participants(events: Sequence[Event]) -> Iterator[dict[str, Any]]:
    for event in events:
        for n, (party, role) in enumerate((p.party, p.role) for p in event.participants):
            young, entity = (party.id, None) if party.young else (None, party.id)
            yield {"event": event.id, "place": n, "young_person": young, "entity": entity, "role": role.value}
