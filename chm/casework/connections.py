"""Recording who met whom, where and when; correcting it and taking it back. Nothing said is ever lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, TypeVar

from chm.access import Permission
from chm.casework.checks import Checks
from chm.casework.connection_checks import check_entity, check_event, check_relationship
from chm.casework.desk import CLOSED, Work, intention, new_id
from chm.casework.sight import TEXTS, Sight
from chm.connections import (
    ENTITY_KINDS,
    PREFIX,
    Entity,
    Event,
    EventRole,
    Influence,
    Participant,
    Party,
    Person,
    Relationship,
    Source,
)
from chm.errors import Faults, NotFound, NotPermitted
from chm.store import connections, entities, people
from chm.store.connections import Earlier, History
from chm.store.entities import Merges

__all__ = ["Earlier", "History"]

R = TypeVar("R", Event, Relationship)
S = TypeVar("S", bound=Entity | Event | Relationship)
MOST_FOUND = 20
GROWN = "under_18: an entry merged into this one is known to be under 18; undo that merge first"
OTHERS = "This also names a young person outside your work; ask the safeguarding lead to change it"


@dataclass(frozen=True)
class NewParticipant:
    """A party on a new event, or an entity without an id that is made with it."""

    party: Party | Entity
    role: EventRole = EventRole.UNKNOWN


@dataclass(frozen=True)
class NewEvent:
    """An event before it has an id. A `start` without an `end` is that one day; `end` is `ONGOING` where it goes on."""

    kind: str
    participants: tuple[NewParticipant, ...]
    source: Source
    start: date | None = None
    end: date | None = None
    at: time | None = None
    influence: Influence = Influence.UNCLEAR
    what: str = ""

    @property
    def young_people(self) -> tuple[str, ...]:
        """Ids of the young people named."""
        return _young(*(p.party for p in self.participants))


@dataclass(frozen=True)
class NewRelationship:
    """A relationship before it has an id; days as for `NewEvent`. `influence` None: as its kind starts."""

    one: Party | Entity
    other: Party | Entity
    kind: str
    source: Source
    start: date | None = None
    end: date | None = None
    influence: Influence | None = None
    note: str = ""

    @property
    def young_people(self) -> tuple[str, ...]:
        """Ids of the young people named."""
        return _young(self.one, self.other)


@intention(Permission.RECORD_CONNECTION, about="event")
def record_event(work: Work, event: NewEvent) -> Event:
    """Records an event, and with it the new entities it names.

    Raises:
        Faults: all at once, each naming its field.
        NotFound: a young person or an entity is not there, or outside what the user may open.
    """
    return event_recorded(work, event)


def event_recorded(work: Work, event: NewEvent) -> Event:
    """Records an event within the work of another intention. Raises as `record_event`."""
    checks = Checks(work.today)
    made = _Made(work, checks)
    named = tuple(
        Participant(made.party(p.party, f"participant {n}"), p.role) for n, p in enumerate(event.participants, 1)
    )
    new = Event(
        id=new_id("EV"), kind=event.kind, participants=named, source=event.source, start=event.start, end=event.end,
        at=event.at, influence=event.influence, what=event.what, recorded_by=work.user.id, recorded_at=work.now,
    )  # fmt: skip
    new = check_event(checks, new, made.merges)
    checks.done()
    made.write()
    connections.add_events(work.session, [new])
    work.why = new.id
    return new


@intention(Permission.RECORD_CONNECTION, about="relationship")
def record_relationship(work: Work, relationship: NewRelationship) -> Relationship:
    """Records a relationship, and with it the new entities it names. Raises as `record_event`."""
    return relationship_recorded(work, relationship)


def relationship_recorded(work: Work, relationship: NewRelationship) -> Relationship:
    """Records a relationship within the work of another intention. Raises as `record_event`."""
    checks = Checks(work.today)
    made = _Made(work, checks)
    said = relationship
    new = Relationship(
        id=new_id("REL"), one=made.party(said.one, "one"), other=made.party(said.other, "other"), kind=said.kind,
        source=said.source, start=said.start, end=said.end, influence=said.influence or Influence.UNCLEAR,
        note=said.note, recorded_by=work.user.id, recorded_at=work.now,
    )  # fmt: skip
    new = check_relationship(checks, new, made.merges, as_kind=said.influence is None)
    checks.done()
    made.write()
    connections.add_relationships(work.session, [new])
    work.why = new.id
    return new


@intention(Permission.RECORD_CONNECTION)
def correct_event(work: Work, event: Event, why: str, shown: Event | None = None) -> Event:
    """Writes an event over the version it was read as and keeps that one whole, with `why` it was wrong.

    Args:
        shown: as it was given out, with names perhaps withheld; a text left as shown stays as it is stored.

    Raises:
        Faults: as `record_event`, or there is no reason.
        NotFound: there is no such event, or none that the user may open.
        NotPermitted: it names a young person outside the user's scope.
        Conflict: somebody else changed it since, or it was reported in error.
    """
    before = _opened(work, event.id)
    if not isinstance(before, Event):
        raise NotFound(CLOSED)
    checks = Checks(work.today)
    made = _Made(work, checks, known=before)
    named = tuple(
        replace(p, party=made.party(p.party, f"participant {n}")) for n, p in enumerate(event.participants, 1)
    )
    said = _as_stored(before, replace(event, participants=named), shown)
    new = check_event(checks, said, made.merges)
    return _corrected(work, checks, made, before, new, why)


@intention(Permission.RECORD_CONNECTION)
def correct_relationship(
    work: Work, relationship: Relationship, why: str, shown: Relationship | None = None
) -> Relationship:
    """Writes a relationship over the version it was read as. Takes, keeps and raises as `correct_event`."""
    before = _opened(work, relationship.id)
    if not isinstance(before, Relationship):
        raise NotFound(CLOSED)
    checks = Checks(work.today)
    made = _Made(work, checks, known=before)
    said = replace(relationship, one=made.party(relationship.one, "one"), other=made.party(relationship.other, "other"))
    new = check_relationship(checks, _as_stored(before, said, shown), made.merges)
    return _corrected(work, checks, made, before, new, why)


@intention(Permission.RECORD_CONNECTION)
def withdraw(work: Work, record_id: str, why: str) -> None:
    """Says that an event or a relationship was reported in error: it no longer counts, and stays in its history.

    Raises:
        Faults: there is no reason.
        NotFound, NotPermitted, Conflict: as `correct_event`.
    """
    before = _opened(work, record_id)
    checks = Checks(work.today)
    reason = checks.note("reason", why, needed=True)
    checks.done()
    connections.withdraw(work.session, before.id, work.now)
    connections.keep(work.session, before, reason, work.user.id, work.now)
    work.why = before.id


@intention(Permission.READ_NETWORK)
def history(work: Work, record_id: str) -> History:
    """An event, a relationship or an entity as it stands and as it was.

    Raises:
        NotFound: there is no such record, or none that the user may open.
        NotPermitted: it names, or once named, a young person outside the user's scope.
    """
    entity = entities.named(work.session, [record_id]).get(record_id)
    kept = connections.earlier(work.session, record_id)
    if entity is not None:
        _near(work, entities.merges(work.session), Party(entities.KIND[type(entity)], entity.id))
        work.record = entity.id
        return _told(work, History(entity, None, kept))
    found = _opened(work, record_id, kept)
    work.why = found.id
    return _told(work, History(found, connections.withdrawn_at(work.session, found.id), kept))


def _told(work: Work, found: History) -> History:
    sight = Sight(work)
    earlier = (replace(e, record=sight.recorded(e.record), why=sight.said(e.why)) for e in found.earlier)
    return replace(found, record=sight.recorded(found.record), earlier=tuple(earlier))


@intention(Permission.RECORD_CONNECTION)
def add_entity(work: Work, entity: Entity) -> Entity:
    """Adds an entity, given without an id. Raises Faults, all at once."""
    checks = Checks(work.today)
    new = replace(check_entity(checks, entity, ""), id=_id(entity), version=1, merged_into=None)
    checks.done()
    entities.add(work.session, [new], work.user.id, work.now)
    work.record = new.id
    return new


@intention(Permission.RECORD_CONNECTION)
def edit_entity(work: Work, entity: Entity, why: str = "", shown: Entity | None = None) -> Entity:
    """Writes an entity over the version it was read as and keeps that one whole.

    Args:
        shown: as for `correct_event`.

    Raises:
        Faults: all at once.
        NotFound: there is no such entity, or none that the user may open.
        Conflict: somebody else changed it since, or merged it into another.
    """
    _near(work, entities.merges(work.session), Party(entities.KIND[type(entity)], entity.id))
    before = entities.named(work.session, [entity.id])[entity.id]
    checks = Checks(work.today)
    said = _as_stored(before, entity, shown) if type(entity) is type(before) else entity
    checked, reason = check_entity(checks, said, ""), checks.note("reason", why)
    checks.done()
    edited = entities.edit(work.session, checked)
    ages = [e.under_18 for e in entities.became(work.session, edited.id) if isinstance(e, Person)]
    if isinstance(edited, Person) and edited.under_18 is False and True in ages:
        raise Faults([GROWN])
    connections.keep(work.session, before, reason, work.user.id, work.now)
    work.record = edited.id
    return Sight(work).recorded(edited)


@intention(Permission.READ_NETWORK)
def find_entities(work: Work, text: str, kind: str | None = None) -> list[Entity]:
    """At most 20 entities by part of a name, description, plate or address, in whatever case; by name.

    They are tied to a young person in the user's scope, or the user added them and they are tied to nobody yet.
    """
    if not text.strip() or kind not in (None, *ENTITY_KINDS):
        return []
    near = entities.open_to(work.session, work.scope, entities.merges(work.session))
    return entities.find(work.session, near, text[:200], kind, MOST_FOUND, Sight(work).recorded)


class _Made:
    """The parties of one record as they are written: known ones checked, new entities made with it."""

    def __init__(self, work: Work, checks: Checks, known: Event | Relationship | None = None):
        self._work, self._checks = work, checks
        self.merges = entities.merges(work.session)
        self._new: list[Entity] = []
        self._asked: list[Party] = []
        before = connections.parties(known) if known else ()
        self._before = [p for p in before if not p.young]

    def party(self, said: Party | Entity, where: str) -> Party:
        """The party to write: as it was recorded before where that has become `said`, so that a merge can be undone."""
        if isinstance(said, Entity):
            made = replace(check_entity(self._checks, said, f"{where}: "), id=_id(said), version=1, merged_into=None)
            self._new.append(made)
            return Party(entities.KIND[type(said)], made.id)
        if said.young or said in self._before:
            return said
        was = next((p for p in self._before if Party(p.kind, self.merges.survivor(p.id)) == said), None)
        if was is None:
            self._asked.append(said)
        return was or said

    def write(self) -> None:
        """Writes the new entities. Raises NotFound where one that was named cannot be opened."""
        _near(self._work, self.merges, *self._asked)
        entities.add(self._work.session, self._new, self._work.user.id, self._work.now)


def _young(*parties: Party | Entity) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.id for p in parties if isinstance(p, Party) and p.young))


def _id(entity: Entity) -> str:
    return new_id(PREFIX[entities.KIND[type(entity)]])


def _near(work: Work, merges: Merges, *parties: Party) -> None:
    """Raises NotFound unless each of `parties` is an entity of that kind which the user may open."""
    known = entities.named(work.session, {p.id for p in parties})
    near = entities.open_to(work.session, work.scope, merges) if parties else None
    for kind, id in parties:
        there = id in known and entities.KIND[type(known[id])] == kind
        if not there or (near is not None and id not in near):
            raise NotFound(CLOSED)


def _opened(work: Work, id: str, kept: Sequence[Earlier] = ()) -> Event | Relationship:
    """The event or relationship `id`, once the user may open whatever it names or has named."""
    found = connections.get(work.session, id)
    if found is None:
        raise NotFound(CLOSED)
    named = connections.young_people([found, *(k.record for k in kept)])
    if not named:
        _near(work, entities.merges(work.session), *connections.parties(found))
        work.record = found.id
    elif people.are_within(work.session, work.scope, named):
        work.opened(named)
    elif any(people.is_within(work.session, work.scope, child) for child in named):
        raise NotPermitted(OTHERS)
    else:
        raise NotFound(CLOSED)
    return found


def _as_stored(before: S, new: S, shown: S | None) -> S:
    """`new` with the texts of `before` where it leaves them as `shown`."""
    if shown is None:
        return new
    kept = _left((*TEXTS, "other_names"), before, new, shown)
    if isinstance(before, Event | Relationship):
        kept["source"] = replace(new.source, **_left(("agency", "reference"), before.source, new.source, shown.source))  # type: ignore[union-attr]
    return replace(new, **kept)


def _left(texts: Iterable[str], before: object, new: object, shown: object) -> dict[str, Any]:
    """Those of `texts` as they stand in `before` that `new` has as `shown`."""
    there = [text for text in texts if hasattr(before, text)]
    return {text: getattr(before, text) for text in there if getattr(new, text) == getattr(shown, text)}


def _corrected(work: Work, checks: Checks, made: _Made, before: R, new: R, why: str) -> R:
    reason = checks.note("reason", why, needed=True)
    checks.done()
    work.open(connections.young_people([new]))
    made.write()
    connections.edit(work.session, new)
    connections.keep(work.session, before, reason, work.user.id, work.now)
    work.why = new.id
    kept = replace(new, recorded_by=before.recorded_by, recorded_at=before.recorded_at, version=new.version + 1)
    return Sight(work).recorded(kept)
