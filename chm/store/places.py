"""What was recorded at places, in columns for counting; actions on places, and what young people say of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chm.connections import Person, Place, Vehicle
from chm.errors import Conflict, NotFound
from chm.linkage.from_records import LIVES_AT
from chm.places.records import PlaceAction, PlaceWords
from chm.places.seen import Reported, Tied
from chm.records import ActionStatus
from chm.store import entities
from chm.store.entities import Merges
from chm.store.plans import CHANGED
from chm.store.rows import at_once, change, record, row
from chm.store.tables import (
    AssessmentRow,
    EntityRow,
    EventParticipant,
    EventRow,
    PlaceActionRow,
    PlaceWordsRow,
    RelationshipRow,
    SettingAssessmentRow,
    YoungPersonRow,
)

CLOSED = "No such record, or none that you may open"
WATCHED = (
    (EventRow, EventRow.recorded_at, EventRow.withdrawn_at),
    (RelationshipRow, RelationshipRow.recorded_at, RelationshipRow.withdrawn_at),
    (EntityRow, EntityRow.added_at, EntityRow.merged_into),
)
COUNTED = (EventParticipant, YoungPersonRow, SettingAssessmentRow, AssessmentRow)


@dataclass(frozen=True)
class Recorded:
    """All that is recorded at places, with what merged entities have become; nothing withdrawn.

    Attributes:
        young_people: ids of all there are. adults, vehicles: ids of those on the events or ties.
        lived_in: place to whether a young person, or somebody who may be a child, lives or lived there.
    """

    places: dict[str, Place]
    young_people: tuple[str, ...]
    adults: frozenset[str]
    vehicles: frozenset[str]
    events: tuple[Reported, ...]
    ties: tuple[Tied, ...]
    lived_in: dict[str, bool]


def stamp(session: Session) -> tuple[Any, ...]:
    """Changes whenever anything that `recorded` or `sorts` reads does, a name, or an assessment that is added."""
    found: list[Any] = []
    for table, at, gone in WATCHED:
        asked = select(
            func.count(), func.sum(table.version), func.max(table.id), func.max(at), func.count(gone), func.max(gone)
        )
        found += session.execute(asked).one()
    found += [session.scalar(select(func.count()).select_from(table)) for table in COUNTED]
    found.append(session.scalar(select(func.max(AssessmentRow.recorded_at))))
    found.append(session.scalar(select(func.sum(YoungPersonRow.version))))
    return tuple(found)


def recorded(session: Session) -> Recorded:
    """Everything recorded at any place."""
    merges = entities.merges(session)
    kept = [row for row in session.execute(select(*EntityRow.__table__.columns)) if row.kind in ("place", "person")]
    kept += session.execute(select(*EntityRow.__table__.columns).where(EntityRow.kind == "vehicle"))
    known = {row.id: entities.of(row) for row in kept if row.merged_into is None}
    adults = frozenset(id for id, e in known.items() if isinstance(e, Person) and not e.child)
    places = {id: e for id, e in known.items() if isinstance(e, Place)}
    ties, lived_in = _ties(session, merges, places, adults)
    return Recorded(
        places=places,
        young_people=tuple(session.scalars(select(YoungPersonRow.id).order_by(YoungPersonRow.id))),
        adults=adults,
        vehicles=frozenset(id for id, e in known.items() if isinstance(e, Vehicle)),
        events=tuple(_events(session, merges, places)),
        ties=ties,
        lived_in=lived_in,
    )


def _events(session: Session, merges: Merges, places: Collection[str]) -> Iterable[Reported]:
    asked = select(
        EventRow.id, EventRow.kind, EventRow.start, EventRow.at, EventRow.influence, EventRow.confidence,
        EventRow.agency,
    )  # fmt: skip
    stands = {row.id: row for row in session.execute(asked.where(EventRow.withdrawn_at.is_(None)))}
    named: defaultdict[str, dict[str, str]] = defaultdict(dict)
    parties = select(
        EventParticipant.event, EventParticipant.young_person, EventParticipant.entity, EventParticipant.role
    )
    for event, child, entity, role in session.execute(parties.order_by(EventParticipant.event, EventParticipant.place)):
        if event in stands:
            id = child or merges.survivor(entity or "")
            named[event][id] = role if named[event].get(id) in (None, "unknown") else named[event][id]
    for id, said in stands.items():
        if any(party in places for party in named[id]):
            yield Reported(*said, tuple(named[id].items()))


def _ties(
    session: Session, merges: Merges, places: Collection[str], adults: Collection[str]
) -> tuple[tuple[Tied, ...], dict[str, bool]]:
    asked = select(RelationshipRow).where(RelationshipRow.withdrawn_at.is_(None))
    ties: list[Tied] = []
    lived_in: dict[str, bool] = {}
    for r in session.execute(asked.with_only_columns(*RelationshipRow.__table__.columns)):
        ends = [merges.survivor(r.one_entity or ""), merges.survivor(r.other_entity or "")]
        for place, other, child in (
            (ends[0], ends[1], r.other_young_person),
            (ends[1], ends[0], r.one_young_person),
        ):
            if place in places:
                somebody = child or other
                ties.append(Tied(place, somebody, r.kind, r.start, r.end, r.influence, r.confidence, r.agency))
                if r.kind == LIVES_AT:
                    lived_in[place] = lived_in.get(place, False) or bool(child) or somebody not in adults
    return tuple(ties), lived_in


def sorts(session: Session) -> dict[str, str]:
    """What sort of place each place assessed last turned out to be: an answer of the place form, by the entity's id."""
    asked = select(SettingAssessmentRow.subject, SettingAssessmentRow.answers).where(
        SettingAssessmentRow.kind == "place"
    )
    oldest = asked.order_by(SettingAssessmentRow.assessed_on, SettingAssessmentRow.recorded_at)
    found = {}
    for subject, answers in session.execute(oldest):
        if sort := answers.get("sort", {}).get("answer"):
            found[subject] = sort
    return found


def levels(session: Session) -> dict[str, str]:
    """The level of each place's or school's latest assessment, by the id of what the place has become."""
    asked = select(SettingAssessmentRow.subject, SettingAssessmentRow.level)
    asked = asked.where(SettingAssessmentRow.kind.in_(("place", "school")))
    oldest = asked.order_by(SettingAssessmentRow.assessed_on, SettingAssessmentRow.recorded_at)
    merges = entities.merges(session)
    return {merges.survivor(subject): level for subject, level in session.execute(oldest) if level}


def add_action(session: Session, action: PlaceAction) -> PlaceAction:
    """Writes a new action."""
    new = row(PlaceActionRow, action)
    session.add(new)
    session.flush()
    return _action(new)


def action(session: Session, id: str) -> PlaceAction:
    """The action `id`. Raises NotFound where there is none."""
    found = session.get(PlaceActionRow, id)
    if found is None:
        raise NotFound(CLOSED)
    return _action(found)


def edit_action(session: Session, edited: PlaceAction) -> PlaceAction:
    """Writes an action over the version it was read as. Raises NotFound, or Conflict where it has another by now."""
    kept = session.get(PlaceActionRow, edited.id)
    if kept is None:
        raise NotFound(CLOSED)
    if kept.version != edited.version:
        raise Conflict(CHANGED)
    change(kept, edited)
    session.flush()
    return _action(kept)


def actions(session: Session, places: Collection[str] | None = None) -> list[PlaceAction]:
    """Actions on `places`, all where None: soonest due first, those without a date last."""
    asked = select(PlaceActionRow).order_by(PlaceActionRow.due.is_(None), PlaceActionRow.due, PlaceActionRow.id)
    if places is None:
        return [_action(r) for r in session.scalars(asked)]
    return [
        _action(r) for part in at_once(places) for r in session.scalars(asked.where(PlaceActionRow.place.in_(part)))
    ]


def actions_of_meetings(session: Session, meetings: Collection[str]) -> list[PlaceAction]:
    """Actions on places that `meetings` decided: soonest due first, those without a date last."""
    asked = select(PlaceActionRow).where(PlaceActionRow.meeting.in_(meetings))
    ordered = asked.order_by(PlaceActionRow.due.is_(None), PlaceActionRow.due, PlaceActionRow.id)
    return [_action(r) for r in session.scalars(ordered)]


def add_words(session: Session, words: PlaceWords) -> None:
    """Writes what a young person said."""
    session.add(row(PlaceWordsRow, words))
    session.flush()


def words(session: Session, places: Collection[str]) -> list[PlaceWords]:
    """What young people said of `places`, newest first; nothing withdrawn."""
    asked = select(PlaceWordsRow).where(PlaceWordsRow.place.in_(places), PlaceWordsRow.withdrawn_at.is_(None))
    newest = asked.order_by(PlaceWordsRow.said_on.desc(), PlaceWordsRow.id)
    return [record(PlaceWords, r) for r in session.scalars(newest)]


def words_of(session: Session, id: str) -> PlaceWords:
    """The words `id`. Raises NotFound where there are none."""
    found = session.get(PlaceWordsRow, id)
    if found is None or found.withdrawn_at is not None:
        raise NotFound(CLOSED)
    return record(PlaceWords, found)


def withdraw_words(session: Session, id: str, at: datetime) -> None:
    """Takes words back: they stay in the database and are shown to nobody. Raises NotFound."""
    kept = session.get(PlaceWordsRow, id)
    if kept is None or kept.withdrawn_at is not None:
        raise NotFound(CLOSED)
    kept.withdrawn_at = at
    session.flush()


def _action(found: PlaceActionRow) -> PlaceAction:
    kept = record(PlaceAction, found)
    return replace(kept, status=ActionStatus(kept.status))
