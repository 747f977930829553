"""Taking in a connections file: seen whole first, then all rows or none; rows that are in already stay as they are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chm import connection_kinds
from chm.access import Permission
from chm.assessments import NOTE_LENGTH
from chm.casework.connection_checks import EARLIEST
from chm.casework.desk import Desk, Work, intention, new_id
from chm.casework.uploads import read_first
from chm.connections import PREFIX, Entity, Event, Party, Relationship
from chm.errors import Faults
from chm.exchange import records
from chm.exchange.connections import Preview
from chm.exchange.records import EventRows
from chm.exchange.uploads import read_connections
from chm.linkage import rules
from chm.linkage.ties import ONGOING, Tie
from chm.store import connections, entities, imported_rows

HAS_FORM_OF_ID = re.compile(rf"(?:{'|'.join(PREFIX.values())})-[0-9a-f]{{12}}")
NOBODY = "no young person with this id is known to you; write the id as in YP-0001, or add them first"
SEVERAL = "several entries have this name; write the id of the one you mean, or merge them first"
NO_SUCH_ID = "has the form of an id and there is no such entry; correct it, or write the name"
SAME = "is the same entry as from; name two different ones, or remove the row"


@dataclass(frozen=True)
class ImportPreview:
    """What a file holds and what taking it in would do.

    Attributes:
        ties: a tie a row. faults: each as `row N, column: what is wrong; fix`; with any, nothing can be taken in.
        new, known: what is named and would be added, and what is named and there already.
        young_people: ids of those named. events, relationships: how many would be added, or added to.
        already: how many rows are in already, or say what an earlier row says.
    """

    ties: tuple[Tie, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()
    new: tuple[Party, ...] = ()
    known: tuple[Party, ...] = ()
    young_people: tuple[str, ...] = ()
    events: int = 0
    relationships: int = 0
    already: int = 0


@dataclass(frozen=True)
class Imported:
    """How much an import added; `already` counts the rows that were in."""

    entities: int
    events: int
    relationships: int
    already: int


def _read(desk: Desk, data: bytes) -> Preview:
    return read_connections(data)


@read_first(_read)
@intention(Permission.IMPORT_CONNECTIONS)
def preview(work: Work, read: Preview) -> ImportPreview:
    """Every fault of the file, and what taking it in would add; writes nothing."""
    plan = _Plan(work, read)
    work.why = f"preview: {len(plan.ties)} rows, {len(plan.faults)} faults"
    if plan.faults:
        return ImportPreview(tuple(plan.ties), tuple(plan.faults), tuple(plan.notes))
    return ImportPreview(
        ties=tuple(plan.ties),
        faults=(),
        notes=tuple(plan.notes),
        new=tuple(plan.new),
        known=tuple(p for p in plan.parties if not p.young and p not in plan.new),
        young_people=tuple(p.id for p in plan.parties if p.young),
        events=len(plan.events),
        relationships=len(plan.standing),
        already=plan.already,
    )


@read_first(_read)
@intention(Permission.IMPORT_CONNECTIONS)
def import_connections(work: Work, read: Preview) -> Imported:
    """Takes in every row or none. Each young person named by a row that is new has an entry in the audit.

    Raises:
        Faults: every fault of the file, as `preview` gives them.
        Conflict: somebody else took in the same rows meanwhile.
    """
    plan = _Plan(work, read)
    if plan.faults:
        raise Faults(plan.faults)
    entities.add(work.session, list(plan.new.values()), work.user.id, work.now)
    made: dict[str, str] = {}
    new_events = [event for said in plan.events if (event := _event(work, plan, said, made))]
    connections.add_events(work.session, new_events)
    relationships = [_relationship(work, plan, tie, made) for tie in plan.standing]
    connections.add_relationships(work.session, relationships)
    imported_rows.add(work.session, made, work.now)
    work.opened(dict.fromkeys(p.id for tie in plan.fresh for p in tie.parties if p.young))
    done = Imported(len(plan.new), len(plan.events), len(relationships), plan.already)
    work.why = f"{done.events} events, {done.relationships} relationships, {done.entities} entities"
    return done


def _relationship(work: Work, plan: _Plan, tie: Tie, made: dict[str, str]) -> Relationship:
    new = records.relationship(new_id("REL"), tie, plan.parties, plan.kinds)
    made[plan.fingerprints[tie.id]] = new.id
    return replace(new, recorded_by=work.user.id, recorded_at=work.now)


def _event(work: Work, plan: _Plan, said: EventRows, made: dict[str, str]) -> Event | None:
    """A new event; None where some of its rows are in already, so that the rest joined that event."""
    fresh = tuple(tie for tie in said.rows if plan.fingerprints[tie.id] not in plan.known_rows)
    before = next((plan.known_rows[f] for tie in said.rows if (f := plan.fingerprints[tie.id]) in plan.known_rows), "")
    kept = connections.get(work.session, before) if before else None
    if isinstance(kept, Event) and connections.withdrawn_at(work.session, kept.id) is None:
        added = records.event(kept.id, EventRows(said.label, fresh), plan.parties, plan.kinds)
        whole = records.event(kept.id, said, plan.parties, plan.kinds)
        connections.keep(work.session, kept, "More rows of this event were imported", work.user.id, work.now)
        participants = records.joined((*kept.participants, *added.participants))
        what = "\n".join(dict.fromkeys(filter(None, (*kept.what.split("\n"), *whole.what.split("\n")))))
        connections.edit(work.session, replace(kept, participants=participants, what=what))
        made.update((plan.fingerprints[tie.id], kept.id) for tie in fresh)
        return None
    new = records.event(new_id("EV"), EventRows(said.label, fresh), plan.parties, plan.kinds)
    made.update((plan.fingerprints[tie.id], new.id) for tie in fresh)
    return replace(new, recorded_by=work.user.id, recorded_at=work.now)


class _Plan:
    """What taking in a file would do. `parties` says who or what each party of the file is."""

    def __init__(self, work: Work, read: Preview):
        self.ties, self.faults, self.notes = read.ties, list(read.faults), list(read.notes)
        self.kinds = connection_kinds.load()
        self.parties: dict[Party, Party] = {}
        self.new: dict[Party, Entity] = {}
        self._name_parties(work)
        self.faults += self._day_faults(work)
        self.fingerprints = {tie.id: records.fingerprint(tie) for tie in self.ties}
        self.known_rows = imported_rows.records(work.session, set(self.fingerprints.values()))
        first = {self.fingerprints[tie.id]: tie for tie in reversed(self.ties)}
        self.fresh = [t for t in self.ties if first[f := self.fingerprints[t.id]] is t and f not in self.known_rows]
        self.already = len(self.ties) - len(self.fresh)
        new = {tie.id for tie in self.fresh}
        events, standing = records.grouped(self.ties)
        self.events = [said for said in events if any(tie.id in new for tie in said.rows)]
        self.standing = [tie for tie in standing if tie.id in new]
        if not self.faults:
            self.faults += self._text_faults()
        self.faults.sort(key=_row)
        if not self.faults and any(said.differ for said in self.events):
            self.notes.append(
                "Rows of one event differ in days, agency or confidence: the event takes the span of the days, the "
                "weakest confidence and every agency, and its text keeps what each row says."
            )

    def _name_parties(self, work: Work) -> None:
        merges = entities.merges(work.session)
        mine = imported_rows.called(work.session, entities.open_to(work.session, work.scope, merges))
        by_id = {(c.kind, c.id) for c in mine}
        by_name: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for c in sorted(mine, key=lambda c: not c.alone):
            for name in {c.name, c.plate} - {""}:
                if c.alone or not by_name[c.kind, name]:
                    by_name[c.kind, name].append(c.id)
        of_party: defaultdict[Party, list[Tie]] = defaultdict(list)
        for tie in self.ties:
            for party in tie.parties:
                of_party[party].append(tie)
        known = imported_rows.young_people(work.session, work.scope, {p.id for p in of_party if p.young})
        child = rules.load().children.says
        for party, ties in of_party.items():
            named = by_name.get(party, [])
            if party.young or party in by_id:
                fault = "" if not party.young or party.id in known else NOBODY
                self.parties[party] = party
            elif named:
                fault = SEVERAL if len(named) > 1 else ""
                self.parties[party] = Party(party.kind, named[0])
            else:
                fault = NO_SUCH_ID if HAS_FORM_OF_ID.fullmatch(party.id) else ""
                self.new[party] = records.entity(new_id(PREFIX[party.kind]), party, ties, child)
                self.parties[party] = Party(party.kind, self.new[party].id)
            if fault:
                self.faults += [f"{tie.id}, {'from' if tie.one == party else 'to'}: {fault}" for tie in ties]
        for tie in self.ties:
            one, other = (merges.survivor(self.parties[p].id) for p in tie.parties)
            if one == other and tie.one != tie.other:
                self.faults.append(f"{tie.id}, to: {SAME}")

    def _day_faults(self, work: Work) -> Iterator[str]:
        for tie in self.ties:
            for column, day in (("start", tie.start), ("end", None if tie.end == ONGOING else tie.end)):
                if day and day > work.today and (column == "start" or tie.start != day):
                    yield f"{tie.id}, {column}: lies in the future; give a day up to today"
                elif day and day < EARLIEST and column == "start":
                    yield f"{tie.id}, {column}: lies before {EARLIEST.year}; correct the year"

    def _text_faults(self) -> Iterator[str]:
        for said in self.events:
            if len(records.event("", said, self.parties, self.kinds).what) > NOTE_LENGTH:
                yield f"{said.rows[0].id}, note: with its other rows more than {NOTE_LENGTH:,} characters; shorten it"
        for tie in self.standing:
            if len(records.relationship("", tie, self.parties, self.kinds).note) > NOTE_LENGTH:
                yield f"{tie.id}, note: more than {NOTE_LENGTH:,} characters with relation and role; shorten it"


def _row(fault: str) -> int:
    found = re.match(r"row (\d+)", fault)
    return int(found[1]) if found else 0
