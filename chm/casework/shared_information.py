"""The event or tie that information shared in a meeting becomes at once; put right and taken back with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chm import connection_kinds
from chm.casework.checks import Checks
from chm.casework.connection_checks import check_event, check_relationship
from chm.casework.desk import Work, new_id
from chm.connections import Confidence, Event, EventRole, Influence, Participant, Party, Person, Relationship, Source
from chm.errors import Faults
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.mentions import called, mentioned
from chm.meetings.records import Entry
from chm.store import connections, entities

TWO = "tie: it joins two; mention exactly two people or things with @"
PUT_RIGHT = "Put right in the record of the meeting it was shared at"
TAKEN_BACK = "Taken back in the record of the meeting it was shared at"


def is_tie(kind: str) -> bool:
    """Whether `kind` is a standing tie between two; what an event may be too, as `other`, is taken for one."""
    kinds = connection_kinds.load()
    return kind in kinds.relationship and kind not in kinds.event


def recorded(work: Work, entry: Entry, kind: str, on: date | None, harm: Influence) -> str:
    """Writes what `entry` tells of those it mentions, who are all of its meeting; the id of the event or tie.

    Raises:
        Faults: there is no such kind, or a tie does not join two.
    """
    checks, merges = Checks(work.today), entities.merges(work.session)
    parties = [Party(*p.split(":", 1)) for p in mentioned(entry.text)]
    source = Source(agency=entry.agency, confidence=Confidence(entry.confidence), first_hand=entry.first_hand)
    if is_tie(kind):
        checks.need(len(parties) == 2, TWO)
        checks.done()
        tie = Relationship(
            id=new_id("REL"), one=parties[0], other=parties[1], kind=kind, source=source, start=on,
            note=_in_words(work, entry.text), recorded_by=work.user.id, recorded_at=work.now,
        )  # fmt: skip
        tie = check_relationship(checks, tie, merges, as_kind=True)
        checks.done()
        connections.add_relationships(work.session, [tie])
        return tie.id
    harmful = harm == Influence.HARMFUL
    event = Event(
        id=new_id("EV"), kind=kind, participants=tuple(Participant(p, _role(work, p, harmful)) for p in parties),
        source=source, start=on, influence=harm, what=_in_words(work, entry.text), recorded_by=work.user.id,
        recorded_at=work.now,
    )  # fmt: skip
    event = check_event(checks, event, merges)
    checks.done()
    connections.add_events(work.session, [event])
    return event.id


def follow(work: Work, before: Entry, after: Entry, why: str = "") -> None:
    """Puts the event or tie of `before` right with it, or withdraws it; one that somebody changed since stays.

    Raises:
        Faults: a tie would no longer join two.
    """
    kept = connections.get(work.session, before.record) if before.record else None
    if kept is None or connections.withdrawn_at(work.session, kept.id) is not None:
        return
    parties = [Party(*p.split(":", 1)) for p in mentioned(after.text)]
    if after.withdrawn_at is not None or not parties:
        connections.withdraw(work.session, kept.id, work.now)
        connections.keep(work.session, kept, why or TAKEN_BACK, work.user.id, work.now)
    elif kept.version == 1 or _says(kept) == _in_words(work, before.text):
        connections.edit(work.session, _anew(work, kept, parties, _in_words(work, after.text)))
        connections.keep(work.session, kept, why or PUT_RIGHT, work.user.id, work.now)


def _anew(work: Work, kept: Event | Relationship, parties: list[Party], text: str) -> Event | Relationship:
    if isinstance(kept, Relationship):
        if len(parties) != 2:
            raise Faults([TWO])
        return replace(kept, one=parties[0], other=parties[1], note=text)
    roles, harmful = {p.party: p.role for p in kept.participants}, kept.influence == Influence.HARMFUL
    named = tuple(Participant(p, roles.get(p) or _role(work, p, harmful)) for p in parties)
    return replace(kept, participants=named, what=text)


def _says(kept: Event | Relationship) -> str:
    return kept.what if isinstance(kept, Event) else kept.note


def _in_words(work: Work, text: str) -> str:
    """`text` with what it mentions by name and young people unnamed: their names stand on the event already."""
    ids = [p.partition(":")[2] for p in mentioned(text)]
    names = {f"{entities.KIND[type(e)]}:{id}": e.label for id, e in entities.named(work.session, ids).items()}
    return called(text, names, "a young person")


def _role(work: Work, party: Party, harmful: bool) -> EventRole:
    if not harmful or party.kind not in (YOUNG_PERSON, "person"):
        return EventRole.UNKNOWN
    return EventRole.EXPERIENCING_HARM if is_child(work, f"{party.kind}:{party.id}") else EventRole.ALLEGED_SOURCE


def is_child(work: Work, target: str) -> bool:
    """Whether `target` (kind:id) is a young person, or a person who is a child or may be one."""
    kind, _, id = target.partition(":")
    found = entities.named(work.session, [id]).get(id) if kind == "person" else None
    return kind == YOUNG_PERSON or (isinstance(found, Person) and found.child)
