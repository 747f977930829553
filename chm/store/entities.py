"""People other than the young people assessed, places, vehicles, accounts and groups; which of them are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, insert, or_, select, union
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import flag_modified

from chm.access import Reach, Scope
from chm.connections import ENTITY_KINDS, AccountKind, Entity, PlaceKind
from chm.errors import Conflict, NotFound
from chm.store.people import key, within
from chm.store.plans import CHANGED
from chm.store.rows import at_once
from chm.store.tables import EntityRow, EventParticipant, EventRow, RelationshipRow, YoungPersonRow

KIND = {type: kind for kind, type in ENTITY_KINDS.items()}
MERGED = "It was merged into another meanwhile; nothing was saved. Edit the one it was merged into"


class Merges:
    """Which entity each merged one has become, chains followed to their end."""

    def __init__(self, into: Mapping[str, str]):
        self._into = into
        self._became: dict[str, list[str]] = defaultdict(list)
        for id in into:
            self._became[self.survivor(id)].append(id)

    def survivor(self, id: str) -> str:
        """The entity that stands for `id`: itself unless merged."""
        if id not in self._into:
            return id
        seen = {id}
        while (next := self._into.get(id)) is not None and next not in seen:
            id = next
            seen.add(id)
        return id

    def spread(self, ids: Iterable[str]) -> set[str]:
        """The survivors of `ids` and all that were merged into them."""
        survivors = {self.survivor(id) for id in ids}
        return survivors.union(*(self._became.get(id, ()) for id in survivors))


def merges(session: Session) -> Merges:
    """Every merge that stands."""
    asked = select(EntityRow.id, EntityRow.merged_into).where(EntityRow.merged_into.is_not(None))
    return Merges({row.id: row.merged_into or row.id for row in session.execute(asked)})


def add(session: Session, new: Sequence[Entity], by: str, at: datetime) -> None:
    """Writes new entities under the ids they carry."""
    if new:
        rows = [{"id": e.id, "added_by": by, "added_at": at, "version": 1, **values(e)} for e in new]
        session.execute(insert(EntityRow), rows)


def edit(session: Session, entity: Entity) -> Entity:
    """Writes an entity over the version it was read as.

    Raises:
        NotFound: there is no such entity of this kind.
        Conflict: it has another version by now, or was merged into another.
    """
    kept = session.get(EntityRow, entity.id)
    if kept is None or kept.kind != KIND[type(entity)]:
        raise NotFound("No such record, or none that you may open")
    if kept.merged_into is not None:
        raise Conflict(MERGED)
    if kept.version != entity.version:
        raise Conflict(CHANGED)
    for name, value in values(entity).items():
        setattr(kept, name, value)
    flag_modified(kept, "name")
    session.flush()
    return of(kept)


def named(session: Session, ids: Collection[str]) -> dict[str, Entity]:
    """The entities of `ids`, as they stand and without following merges."""
    columns = list(EntityRow.__table__.columns)
    found = (row for part in at_once(ids) for row in session.execute(select(*columns).where(EntityRow.id.in_(part))))
    return {row.id: of(row) for row in found}


def became(session: Session, id: str) -> list[Entity]:
    """The entity that stands for `id` and all that were merged into it, as each stands."""
    return list(named(session, merges(session).spread([id])).values())


def find(
    session: Session,
    among: Collection[str] | None,
    text: str,
    kind: str | None,
    most: int,
    told: Callable[[Entity], Entity] = lambda entity: entity,
) -> list[Entity]:
    """Up to `most` entities that were not merged into another, by name.

    Each word of `text` stands in the name, the other names, the description, the plate, the address or the postcode.

    Args:
        among: ids looked through, None for all.
        told: an entity as the reader may know it; what it hides is not found either.
    """
    columns = list(EntityRow.__table__.columns)
    asked = select(*columns).where(EntityRow.merged_into.is_(None)).order_by(EntityRow.name_key, EntityRow.id)
    if kind:
        asked = asked.where(EntityRow.kind == kind)
    if among is None:
        rows: Iterable[Any] = session.execute(asked)
    else:
        rows = (row for part in at_once(sorted(among)) for row in session.execute(asked.where(EntityRow.id.in_(part))))
    words = key(text).split()
    found = [e for row in rows if _holds(row, words) and _holds(e := told(of(row)), words)]
    return sorted(found, key=lambda e: (e.name == "", key(e.name), e.id))[:most]


def _holds(found: Any, words: Sequence[str]) -> bool:
    """Whether each of `words` stands in an entity, or in the columns of one."""
    texts = [getattr(found, f, None) or "" for f in ("name", "description", "address", "postcode")]
    said = key(" ".join([*texts, *getattr(found, "other_names", ())]))
    plate = key(getattr(found, "plate", None) or "").replace(" ", "")
    closed = said.replace(" ", "")
    return all(w in said or w in plate for w in words) or bool(words) and "".join(words) in (plate, closed)


def open_to(session: Session, scope: Scope, merges: Merges) -> set[str] | None:
    """Ids of the entities that a user may open, None for all of them.

    They are those tied to a young person in `scope`, those tied to these by information that names no young person,
    and those the user added and nobody tied to anything yet; and all that merged with any of them.
    """
    if Reach.ALL in scope.reach:
        return None
    mine = select(YoungPersonRow.id).where(within(scope, YoungPersonRow.id))
    direct = merges.spread(session.scalars(_tied_to(mine)))
    return direct | merges.spread(beside(session, direct)) | merges.spread(session.scalars(_untied(scope.user)))


def beside(session: Session, ids: Collection[str]) -> set[str]:
    """Entities tied to `ids` by a relationship, or by an event that names no young person."""
    found: set[str] = set()
    child = aliased(EventParticipant)
    nobody = ~exists().where(child.event == EventParticipant.event, child.young_person.is_not(None))
    for part in at_once(ids):
        for one, other in (
            (RelationshipRow.one_entity, RelationshipRow.other_entity),
            (RelationshipRow.other_entity, RelationshipRow.one_entity),
        ):
            asked = select(other).where(one.in_(part), other.is_not(None), RelationshipRow.withdrawn_at.is_(None))
            found.update(e for e in session.scalars(asked) if e)
        events = select(EventParticipant.event).join(EventRow).where(EventParticipant.entity.in_(part))
        events = events.where(EventRow.withdrawn_at.is_(None), nobody)
        asked = select(EventParticipant.entity).where(EventParticipant.event.in_(events))
        found.update(e for e in session.scalars(asked) if e)
    return found


def _tied_to(young_people: Select[Any]) -> Any:
    """SQL: ids of the entities on an event or in a relationship with one of `young_people`."""
    stands = RelationshipRow.withdrawn_at.is_(None)
    events = select(EventParticipant.event).join(EventRow, EventRow.id == EventParticipant.event)
    events = events.where(EventParticipant.young_person.in_(young_people), EventRow.withdrawn_at.is_(None))
    return union(
        select(EventParticipant.entity).where(EventParticipant.event.in_(events), EventParticipant.entity.is_not(None)),
        select(RelationshipRow.one_entity).where(
            RelationshipRow.other_young_person.in_(young_people), RelationshipRow.one_entity.is_not(None), stands
        ),
        select(RelationshipRow.other_entity).where(
            RelationshipRow.one_young_person.in_(young_people), RelationshipRow.other_entity.is_not(None), stands
        ),
    )


def _untied(user: str) -> Select[Any]:
    tied: list[ColumnElement[bool]] = [
        exists().where(EventParticipant.entity == EntityRow.id, EventParticipant.event == EventRow.id,
                       EventRow.withdrawn_at.is_(None)),
        exists().where(
            or_(RelationshipRow.one_entity == EntityRow.id, RelationshipRow.other_entity == EntityRow.id),
            RelationshipRow.withdrawn_at.is_(None),
        ),
    ]  # fmt: skip
    return select(EntityRow.id).where(EntityRow.added_by == user, and_(*(~t for t in tied)))


def values(entity: Entity) -> dict[str, Any]:
    """The columns of `entity`, apart from its id, its version, who added it and what it was merged into."""
    said = {f.name: getattr(entity, f.name) for f in fields(entity) if f.name not in ("id", "version", "merged_into")}
    said = {name: v.value if isinstance(v, Enum) else v for name, v in said.items()}
    return {
        "under_18": None, "place_kind": None, "address": None, "postcode": None, "latitude": None, "longitude": None,
        "plate": None, "account_kind": None, "platform": None,
        **said,
        "kind": KIND[type(entity)],
        "other_names": list(said.get("other_names", ())),
        "name_key": key(entity.name),
    }  # fmt: skip


def of(row: Any) -> Entity:
    """The entity that a row, or the columns of one, keeps."""
    type = ENTITY_KINDS[row.kind]
    said = {f.name: getattr(row, f.name) for f in fields(type)}
    if "other_names" in said:
        said["other_names"] = tuple(said["other_names"])
    if "place_kind" in said:
        said["place_kind"] = PlaceKind(said["place_kind"])
    if "account_kind" in said:
        said["account_kind"] = AccountKind(said["account_kind"])
    return type(**said)
