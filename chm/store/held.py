"""Everything held about one young person, table by table as the metadata has them; and what they were part of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, cast, select
from sqlalchemy import Table as SqlTable
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import Session

from chm.linkage.ties import YOUNG_PERSON
from chm.store.rows import at_once
from chm.store.tables import (
    CorrectionRow,
    EntityRow,
    EventParticipant,
    EventRow,
    Meeting,
    MeetingActionRow,
    MeetingActionYoungPerson,
    MeetingAlias,
    MeetingEntryRow,
    MeetingYoungPerson,
    MinutesRow,
    NoticeRow,
    RelationshipRow,
    SettingAssessmentRow,
    SharedActionPart,
    SharedActionRow,
    Table,
    YoungPersonRow,
)

Rows = dict[str, list[dict[str, Any]]]
ENDS = (RelationshipRow.one_young_person, RelationshipRow.other_young_person)


@dataclass(frozen=True)
class PartOf:
    """What a young person was part of, by id: meetings, what was said or decided about them there, events, ties and
    so on. `entities` are the people, places and things of these events and ties.
    """

    id: str
    meetings: frozenset[str]
    decided: frozenset[str]
    events: frozenset[str]
    ties: frozenset[str]
    shared: frozenset[str]
    settings: frozenset[str]
    entities: frozenset[str]

    @property
    def near(self) -> frozenset[str]:
        """All of it but the entities."""
        return self.meetings | self.decided | self.events | self.ties | self.shared | self.settings


def part_of(session: Session, young_person: str) -> PartOf:
    """What a young person was part of."""
    party = f"{YOUNG_PERSON}:{young_person}"

    def found(column: Any, where: ColumnElement[bool]) -> set[Any]:
        return set(session.scalars(select(column).where(where)))

    def listed(table: type[MeetingEntryRow] | type[SettingAssessmentRow]) -> set[str]:
        asked = select(table.id, table.young_people).where(cast(table.young_people, SqlText).contains(young_person))
        return {id for id, ids in session.execute(asked) if young_person in ids}

    ties = found(RelationshipRow.id, ENDS[0] == young_person) | found(RelationshipRow.id, ENDS[1] == young_person)
    said = listed(MeetingEntryRow) | found(MeetingEntryRow.id, MeetingEntryRow.target == party)
    decided = found(MeetingActionYoungPerson.action, MeetingActionYoungPerson.young_person == young_person)
    decided |= found(MeetingActionRow.id, MeetingActionRow.target == party)
    meetings = found(MeetingYoungPerson.meeting, MeetingYoungPerson.young_person == young_person)
    meetings |= found(MeetingAlias.meeting, MeetingAlias.party == party)
    meetings |= found(MeetingEntryRow.meeting, MeetingEntryRow.id.in_(said))
    events = found(EventParticipant.event, EventParticipant.young_person == young_person)
    entities = found(EventParticipant.entity, EventParticipant.event.in_(events))
    for end in (RelationshipRow.one_entity, RelationshipRow.other_entity):
        entities |= found(end, RelationshipRow.id.in_(ties))
    return PartOf(
        id=young_person,
        meetings=frozenset(meetings),
        decided=frozenset(decided | said),
        events=frozenset(events),
        ties=frozenset(ties),
        shared=frozenset(found(SharedActionPart.shared_action, SharedActionPart.young_person == young_person)),
        settings=frozenset(listed(SettingAssessmentRow)),
        entities=frozenset(entities - {None}),
    )


def company(session: Session, part: PartOf) -> frozenset[str]:
    """Ids of the other young people in what one was part of."""
    found: set[str | None] = set()
    for column, where in (
        (MeetingYoungPerson.young_person, MeetingYoungPerson.meeting.in_(part.meetings)),
        (EventParticipant.young_person, EventParticipant.event.in_(part.events)),
        (ENDS[0], RelationshipRow.id.in_(part.ties)),
        (ENDS[1], RelationshipRow.id.in_(part.ties)),
        (SharedActionPart.young_person, SharedActionPart.shared_action.in_(part.shared)),
    ):
        found.update(session.scalars(select(column).where(where)))
    for ids in session.scalars(
        select(SettingAssessmentRow.young_people).where(SettingAssessmentRow.id.in_(part.settings))
    ):
        found.update(ids)
    return frozenset(id for id in found if id and id != part.id)


def talked_of(session: Session, part: PartOf) -> frozenset[str]:
    """Ids of the entities that the meetings of a young person know."""
    asked = select(MeetingAlias.party).where(MeetingAlias.meeting.in_(part.meetings))
    return frozenset(p.partition(":")[2] for p in session.scalars(asked) if not p.startswith(YOUNG_PERSON))


def everything(session: Session, part: PartOf) -> Rows:
    """Every row about a young person by its table: what refers to them, and what they were part of.

    Of what is of others too, the whole row: it is to be masked before it leaves.
    """
    reader = _Reader(session)
    reader.take(_table(YoungPersonRow), YoungPersonRow.id == part.id)
    for column, ids in (
        (EventRow.id, part.events),
        (RelationshipRow.id, part.ties),
        (SharedActionRow.id, part.shared),
        (SettingAssessmentRow.id, part.settings),
        (MeetingActionRow.id, part.decided),
        (MeetingEntryRow.id, part.decided),
    ):
        reader.only(column, ids)
    reader.only(EventParticipant.event, part.events)
    reader.only(Meeting.id, part.meetings)
    reader.only(MinutesRow.meeting, part.meetings)
    reader.only(EntityRow.id, part.entities)
    reader.only(CorrectionRow.record, part.events | part.ties | part.decided)
    reader.only(NoticeRow.record, {part.id})
    return reader.rows


class _Reader:
    """Reads rows once each."""

    def __init__(self, session: Session):
        self.session = session
        self.rows: Rows = {}
        self.seen: set[tuple[str, ...]] = set()

    def take(self, table: SqlTable, where: ColumnElement[bool]) -> None:
        """Rows, and whatever refers to them."""
        found = self._read(table, where)
        keys = list(table.primary_key.columns)
        if found and len(keys) == 1:
            ids = [row[keys[0].name] for row in found]
            for column in referring(table):
                for chunk in at_once(ids):
                    self.take(column.table, column.in_(chunk))

    def only(self, column: Any, values: Collection[str]) -> None:
        """Rows, and nothing that refers to them."""
        for chunk in at_once(sorted(values)):
            self._read(column.class_.__table__, column.in_(chunk))

    def _read(self, table: SqlTable, where: ColumnElement[bool]) -> list[dict[str, Any]]:
        keys = [c.name for c in table.primary_key.columns]
        asked = select(table).where(where).order_by(*table.primary_key.columns)
        found = []
        for row in map(dict, self.session.execute(asked).mappings()):
            key = (table.name, *(str(row[k]) for k in keys))
            if key not in self.seen:
                self.seen.add(key)
                found.append(row)
        self.rows.setdefault(table.name, []).extend(found)
        return found


def referring(table: SqlTable) -> Iterator[Any]:
    """The columns of any table that refer to `table`, itself included."""
    for other in Table.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table:
                yield key.parent


def _table(kind: type[Table]) -> SqlTable:
    return kind.__table__  # type: ignore[return-value]
