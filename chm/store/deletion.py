"""Deleting everything of a young person; holds, proposals, and what says afterwards that there was somebody to delete.

Whatever refers to them by a foreign key goes with them, table by table as the metadata has them; texts and JSON of what
stays are gone through for what names them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import JSON, ColumnElement, Engine, LargeBinary, String, cast, func, literal, or_, select, text
from sqlalchemy import Table as SqlTable
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import Session

from chm.errors import Conflict
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.forgetting import Forgotten, own_words
from chm.records import Hold, Proposal, Tombstone, YoungPerson
from chm.store.held import PartOf, company, part_of, referring
from chm.store.people import NEXT, NUMBERED
from chm.store.plans import CHANGED
from chm.store.rows import at_once, record, row
from chm.store.tables import (
    ActionRow,
    AssessmentRow,
    AuditRow,
    CorrectionRow,
    DeletionProposal,
    EntityRow,
    EventParticipant,
    EventRow,
    ImportedRow,
    LegalHold,
    Meeting,
    MeetingActionRow,
    MeetingActionYoungPerson,
    MeetingAlias,
    MeetingEntryRow,
    MeetingYoungPerson,
    Meta,
    MinutesRow,
    NoticeRow,
    PlaceActionRow,
    PlaceWordsRow,
    RelationshipRow,
    SettingAssessmentRow,
    SharedActionPart,
    SharedActionRow,
    Table,
    UserSession,
    YoungPersonRow,
)
from chm.store.tables import Tombstone as TombstoneRow
from chm.store.transactions import plainly

# Where a reference is taken out and the row stays.
LOOSE = {
    ("place_action", "meeting"),
    ("meeting", "review_of"),
    ("entity", "merged_into"),
    ("shared_action_part", "action"),
}
# Texts that name no young person but the one whose row it is, or the people who use the product.
NOT_READ = {"audit", "framework_used", "meta", "public_count", "role_request", "tombstone", "user_account", "user_role",
            "user_session", "young_person"}  # fmt: skip
SHORTEST_TEXT = 200


def alone(session: Session, young_person: str) -> None:
    """Keeps everybody else from changing a record, or referring to it anew, until the transaction ends.

    What is read afterwards holds until then. Raises Conflict where it was deleted meanwhile.
    """
    if session.get(YoungPersonRow, young_person, with_for_update=True, populate_existing=True) is None:
        raise Conflict(CHANGED)


def place_hold(session: Session, hold: Hold) -> None:
    """Writes a hold; a deletion that was proposed waits no more."""
    session.add(row(LegalHold, hold))
    forget_proposal(session, hold.young_person)


def lift_hold(session: Session, hold: Hold) -> None:
    """Writes that a hold is lifted, over the version it was read as. Raises Conflict."""
    kept = session.get(LegalHold, hold.id, populate_existing=True)
    if kept is None or kept.version != hold.version or kept.lifted_at is not None:
        raise Conflict(CHANGED)
    kept.lifted_by, kept.lifted_at, kept.lifted_why = hold.lifted_by, hold.lifted_at, hold.lifted_why
    session.flush()


def holds(session: Session, young_person: str) -> list[Hold]:
    """Every hold there ever was on a record, oldest first."""
    asked = select(LegalHold).where(LegalHold.young_person == young_person).order_by(LegalHold.placed_at, LegalHold.id)
    return [record(Hold, r) for r in session.scalars(asked)]


def held(session: Session) -> frozenset[str]:
    """Ids of the young people whose records are on hold."""
    return frozenset(session.scalars(select(LegalHold.young_person).where(LegalHold.lifted_at.is_(None))))


def propose(session: Session, proposal: Proposal) -> None:
    """Writes a proposal. Raises Conflict where one waits already."""
    if session.get(DeletionProposal, proposal.young_person):
        raise Conflict("Its deletion is proposed already and waits for another safeguarding lead")
    session.add(row(DeletionProposal, proposal))
    session.flush()


def proposals(session: Session) -> list[Proposal]:
    """What is proposed, oldest first."""
    asked = select(DeletionProposal).order_by(DeletionProposal.proposed_at, DeletionProposal.young_person)
    return [record(Proposal, r) for r in session.scalars(asked)]


def proposal(session: Session, young_person: str) -> Proposal | None:
    """The proposal to delete a record, None where there is none."""
    kept = session.get(DeletionProposal, young_person, populate_existing=True)
    return record(Proposal, kept) if kept else None


def forget_proposal(session: Session, young_person: str) -> None:
    """Takes a proposal away, where there is one."""
    if kept := session.get(DeletionProposal, young_person):
        session.delete(kept)
    session.flush()


def closed(session: Session) -> list[tuple[YoungPerson, date]]:
    """Each young person whose record is closed, and since when; longest first."""
    asked = select(YoungPersonRow).where(YoungPersonRow.closed_on.is_not(None))
    found = session.scalars(asked.order_by(YoungPersonRow.closed_on, YoungPersonRow.id))
    return [(record(YoungPerson, r), r.closed_on) for r in found if r.closed_on]


def delete(session: Session, young_person: str, on: date, ordinary: Collection[str]) -> None:
    """Deletes everything of a young person but the audit's entries, and leaves a tombstone.

    What is of others too stays without their part: meetings, events, shared actions, texts. `ordinary` are words that
    are names too.
    """
    _Deletion(session, young_person, ordinary).run()
    bury(session, [Tombstone(young_person, on)])


def tombstones(session: Session) -> list[Tombstone]:
    """Whose records were deleted, and when; oldest first."""
    asked = select(TombstoneRow).order_by(TombstoneRow.on, TombstoneRow.young_person)
    return [record(Tombstone, r) for r in session.scalars(asked)]


def bury(session: Session, found: Iterable[Tombstone]) -> None:
    """Writes the tombstones that are not there yet; nobody new is ever given one of their ids."""
    counter = session.get_one(Meta, NEXT, with_for_update=True)
    for stone in found:
        if session.get(TombstoneRow, stone.young_person) is None:
            session.add(row(TombstoneRow, stone))
        if (numbered := NUMBERED.fullmatch(stone.young_person)) and int(numbered[1]) >= int(counter.value):
            counter.value = str(int(numbered[1]) + 1)
    session.flush()


def still_there(session: Session, found: Iterable[Tombstone]) -> list[Tombstone]:
    """Those of `found` whose records are in the database."""
    kept = frozenset(session.scalars(select(YoungPersonRow.id)))
    return [stone for stone in found if stone.young_person in kept]


def sweep(engine: Engine) -> None:
    """Writes the database's files anew, without pages that held what is deleted, all but the audit's.

    On PostgreSQL its statistics too, which hold values of rows; its log of changes (WAL) is the server's to expire.

    Raises:
        StorageUnavailable: a table is in use. What is left is written anew after the next deletion.
    """
    with plainly(), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            raw = connection.connection
            raw.rollback()
            raw.execute("VACUUM")
        else:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            name = connection.dialect.identifier_preparer.format_table
            tables = ", ".join(name(t) for t in Table.metadata.sorted_tables if t.name != AuditRow.__tablename__)
            connection.execute(text(f"VACUUM (FULL, ANALYZE) {tables}"))
            connection.execute(text("VACUUM (FULL) pg_catalog.pg_statistic"))


class _Deletion:
    """One deletion, step by step."""

    def __init__(self, session: Session, young_person: str, ordinary: Collection[str]):
        self.session, self.id, self.ordinary = session, young_person, ordinary
        self.party = f"{YOUNG_PERSON}:{young_person}"
        self.gone: set[str] = {young_person}

    def run(self) -> None:
        alone(self.session, self.id)
        kept = self.session.get_one(YoungPersonRow, self.id)
        before = part_of(self.session, self.id)
        same = select(YoungPersonRow.id).where(YoungPersonRow.name_key == kept.name_key, YoungPersonRow.id != self.id)
        name = "" if self.session.scalar(same.limit(1)) else kept.name
        others, born = company(self.session, before), kept.born
        words = own_words(self.id, name, self._one(YoungPersonRow.name, YoungPersonRow.id.in_(others)), self.ordinary)
        self._remove(YoungPersonRow, YoungPersonRow.id == self.id)
        self._events(before.events)
        self._meetings(before)
        self._shared(before)
        entities = self._entities(before.entities)
        parties = {self.party, *(f"{e.kind}:{e.id}" for e in entities)}
        things = [t for e in entities for t in (e.name, e.address, e.postcode, e.plate, *e.other_names) if t]
        self._remove(MeetingAlias, MeetingAlias.party.in_(parties))
        self._pointers()
        forgotten = Forgotten(
            id=self.id, name=name, words=words, born=born, parties=frozenset(parties), things=tuple(things)
        )
        theirs = self._one(AssessmentRow.id, AssessmentRow.young_person.in_(others))
        _Reading(self.session, forgotten, (before.near | others | theirs) - self.gone).run()
        self.session.expire_all()

    def _one(self, column: Any, where: ColumnElement[bool]) -> set[Any]:
        return set(self.session.scalars(select(column).where(where)))

    def _remove(self, table: type[Table], where: ColumnElement[bool]) -> None:
        self._take(table.__table__, where)  # type: ignore[arg-type]

    def _take(self, table: SqlTable, where: ColumnElement[bool]) -> None:
        """Deletes rows, and first whatever refers to them; what refers loosely stays without its reference."""
        keys = list(table.primary_key.columns)
        found = self.session.execute(select(*keys).where(where)).all()
        if not found:
            return
        if len(keys) == 1:
            ids = [key for (key,) in found]
            for column in referring(table):
                for part in at_once(ids):
                    if (column.table.name, column.name) in LOOSE:
                        loosened = column.table.update().where(column.in_(part)).values({column.name: None})
                        self.session.execute(loosened)
                    else:
                        self._take(column.table, column.in_(part))
            self.gone.update(ids)
        self.session.execute(table.delete().where(where))

    def _events(self, events: Collection[str]) -> None:
        """Events that nobody else is on go too."""
        for part in at_once(events):
            left = self._one(
                EventParticipant.event, EventParticipant.event.in_(part) & EventParticipant.young_person.is_not(None)
            )
            self._remove(EventRow, EventRow.id.in_(set(part) - left))

    def _meetings(self, before: PartOf) -> None:
        """Meetings about nobody else go; of the others, what was said of or decided for them alone."""
        about = self._one(MeetingYoungPerson.meeting, MeetingYoungPerson.meeting.in_(before.meetings))
        for id in sorted(before.meetings - about):
            earlier = self.session.scalar(select(Meeting.review_of).where(Meeting.id == id))
            following = Meeting.__table__.update().where(Meeting.review_of == id)  # type: ignore[attr-defined]
            self.session.execute(following.values(review_of=earlier))
            self._remove(Meeting, Meeting.id == id)
        left = self._one(MeetingActionYoungPerson.action, MeetingActionYoungPerson.action.in_(before.decided))
        alone = (MeetingActionRow.target == self.party) | MeetingActionRow.id.not_in(left)
        self._remove(MeetingActionRow, MeetingActionRow.id.in_(before.decided) & alone)
        said = select(MeetingEntryRow.id, MeetingEntryRow.young_people, MeetingEntryRow.target)
        for id, listed, target in self.session.execute(said.where(MeetingEntryRow.id.in_(before.decided))).all():
            if set(listed) == {self.id} or target == self.party:
                self._remove(MeetingEntryRow, MeetingEntryRow.id == id)

    def _shared(self, before: PartOf) -> None:
        left = self._one(SharedActionPart.shared_action, SharedActionPart.shared_action.in_(before.shared))
        self._remove(SharedActionRow, SharedActionRow.id.in_(before.shared - left))
        self._remove(SharedActionRow, SharedActionRow.target == self.party)

    def _entities(self, near: Collection[str]) -> list[EntityRow]:
        """Deletes, and gives, those of `near` that hang on nobody else any more, with what hangs on them alone."""
        done: set[str] = set()
        removed: list[EntityRow] = []
        for start in sorted(near):
            if start in done:
                continue
            together, edge = {start}, {start}
            while edge and not self._anchored(edge):
                edge = self._beside(edge) - together
                together |= edge
            done |= together
            if not edge:
                found = self.session.scalars(select(EntityRow).where(EntityRow.id.in_(together))).all()
                for entity in found:
                    self.session.expunge(entity)
                removed += found
                on = self._one(EventParticipant.event, EventParticipant.entity.in_(together))
                self._remove(EventRow, EventRow.id.in_(on))
                self._remove(EntityRow, EntityRow.id.in_(together))
        return removed

    def _beside(self, ids: Collection[str]) -> set[str]:
        """Entities on the same events as `ids`, tied to them, or one with them."""
        on = self._one(EventParticipant.event, EventParticipant.entity.in_(ids))
        found = self._one(EventParticipant.entity, EventParticipant.event.in_(on))
        for one, other in (
            (RelationshipRow.one_entity, RelationshipRow.other_entity),
            (RelationshipRow.other_entity, RelationshipRow.one_entity),
            (EntityRow.id, EntityRow.merged_into),
            (EntityRow.merged_into, EntityRow.id),
        ):
            found |= self._one(other, one.in_(ids))
        return found - {None}

    def _anchored(self, ids: Collection[str]) -> bool:
        """Whether a young person, or anything decided, assessed or said, hangs on one of `ids`."""
        on = self._one(EventParticipant.event, EventParticipant.entity.in_(ids))
        with_child = EventParticipant.event.in_(on) & EventParticipant.young_person.is_not(None)
        if self._one(EventParticipant.event, with_child):
            return True
        one, other = RelationshipRow.one_entity.in_(ids), RelationshipRow.other_entity.in_(ids)
        child = RelationshipRow.one_young_person.is_not(None) | RelationshipRow.other_young_person.is_not(None)
        if self._one(RelationshipRow.id, (one | other) & child):
            return True
        for column in (SettingAssessmentRow.subject, PlaceActionRow.place, PlaceWordsRow.place):
            if self._one(column, column.in_(ids)):
                return True
        kinds = self.session.execute(select(EntityRow.kind, EntityRow.id).where(EntityRow.id.in_(ids))).all()
        parties = [f"{kind}:{id}" for kind, id in kinds]
        targets = (ActionRow.target, MeetingActionRow.target, SharedActionRow.target, MeetingEntryRow.target)
        if any(self._one(target, target.in_(parties)) for target in targets):
            return True
        said = (MeetingEntryRow.text, MeetingEntryRow.reason)
        told = [column.contains(f"@{{{p}}}", autoescape=True) for p in parties for column in said]
        return bool(told and self._one(MeetingEntryRow.id, or_(*told)))

    def _pointers(self) -> None:
        """What points at something deleted by its id alone."""
        for part in at_once(self.gone):
            self._remove(CorrectionRow, CorrectionRow.record.in_(part))
            self._remove(ImportedRow, ImportedRow.record.in_(part))
            self._remove(NoticeRow, NoticeRow.record.in_(part))
            entries = MeetingEntryRow.__table__.update().where(MeetingEntryRow.record.in_(part))  # type: ignore[attr-defined]
            self.session.execute(entries.values(record=""))
        targeted = ActionRow.__table__.update().where(ActionRow.target == self.party)  # type: ignore[attr-defined]
        self.session.execute(targeted.values(target=literal(f"{YOUNG_PERSON}:") + ActionRow.young_person))
        sessions = self.session.execute(select(UserSession.id, UserSession.place)).all()
        for id, place in sessions:
            if any(str(part) in self.gone for part in place.values()):
                left = UserSession.__table__.update().where(UserSession.id == id)  # type: ignore[attr-defined]
                self.session.execute(left.values(place={}))


class _Reading:
    """Goes through every text and all JSON of the tables for what names somebody who is deleted."""

    def __init__(self, session: Session, forgotten: Forgotten, near: Collection[str]):
        self.session, self.forgotten, self.near = session, forgotten, frozenset(near)
        self.signs = signs(forgotten.name)

    def run(self) -> None:
        for table in Table.metadata.sorted_tables:
            if table.name not in NOT_READ and (columns := texts(table)):
                self._read(table, columns)

    def _read(self, table: SqlTable, columns: list[Any]) -> None:
        keys, ids = list(table.primary_key.columns), [c for c in table.columns if _names(c)]
        asked = select(*dict.fromkeys((*keys, *ids, *columns)))
        if self.signs is not None:
            told = [func.lower(cast(c, SqlText)).contains(s, autoescape=True) for c in columns for s in self.signs]
            told += map(self._may_part, columns)
            by = [c.in_(part) for c in ids for part in at_once(self.near)]
            asked = asked.where(or_(*told, *by))
        for found in self.session.execute(asked).mappings().all():
            values = {c.name: found[c] for c in columns}
            near = any(found[c] in self.near for c in ids)
            new = {c.name: self._become(table, c, found[c], near) for c in columns}
            own = table.update()
            for key in keys:
                own = own.where(key == found[key])
            if table is CorrectionRow.__table__ and self._undone(values["before"]):
                self.session.execute(table.delete().where(keys[0] == found[keys[0]]))
            elif new != values:
                counts = "version" in table.c and table is not CorrectionRow.__table__
                self.session.execute(own.values({**new, **({"version": table.c.version + 1} if counts else {})}))

    def _may_part(self, column: Any) -> ColumnElement[bool]:
        """SQL: a column has more than ASCII, so perhaps what nobody sees, which may part a sign."""
        if isinstance(column.type, JSON):
            return cast(column, SqlText).contains("\\u", autoescape=True)
        sqlite = self.session.get_bind().dialect.name == "sqlite"
        return (func.length(cast(column, LargeBinary)) if sqlite else func.octet_length(column)) > func.length(column)

    def _become(self, table: SqlTable, column: Any, value: Any, near: bool) -> Any:
        if not isinstance(column.type, JSON):
            become = self.forgotten.text(value, near) if value else value
            most = column.type.length
            return become[:most] if most and become else become
        become = self.forgotten.json(value, near)
        if table is MinutesRow.__table__:
            become["links"] = [link for link in become["links"] if len(link["young_people"]) > 1]
            become["told"] = self.forgotten.told(become["told"])
        return become

    def _undone(self, before: dict[str, Any]) -> bool:
        """Whether an earlier version of a tie had them at an end: without it nothing is left of it."""
        kept = before.get("record")
        return isinstance(kept, dict) and any(self.forgotten.is_in(kept.get(end)) for end in ("one", "other"))


def texts(table: SqlTable) -> list[Any]:
    """The columns of `table` in which a person may have been named: long texts and JSON."""
    return [c for c in table.columns if isinstance(c.type, JSON) or (_long(c) and not c.foreign_keys)]


def signs(name: str) -> list[str] | None:
    """What stands in any text that names somebody, in small letters; None where the name has no such thing."""
    if not name:
        return ["yp"]
    runs = [max(re.findall(r"[a-z0-9]+", word.casefold()), key=len, default="") for word in name.split()]
    return ["yp", *dict.fromkeys(runs)] if all(runs) else None


def _names(column: Any) -> bool:
    """Whether a column holds ids."""
    return isinstance(column.type, String) and (bool(column.foreign_keys) or column.type.length == 40)


def _long(column: Any) -> bool:
    return isinstance(column.type, String) and (column.type.length or SHORTEST_TEXT) >= SHORTEST_TEXT
