"""Events, relationships and entities from the rows of a connections file: what each row says, in our own terms."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chm.assessments import LINE_LENGTH
from chm.connection_kinds import Kinds
from chm.connections import (
    ENTITY_KINDS,
    Account,
    AccountKind,
    Confidence,
    Entity,
    Event,
    EventRole,
    Influence,
    Participant,
    Party,
    Person,
    Relationship,
    Source,
    Vehicle,
)
from chm.duplicates import words
from chm.linkage.ties import Tie, written_day

OTHER = "other"
NOT_KNOWN = "Not known"
PEOPLE = ("young_person", "person")
# Said of two people these mean the same either way round; "controls" does not.
MUTUAL = frozenset({"", "friend", "positive_peer", "family", "partner", "conflict", "associates", OTHER})
ADULT = re.compile(r"\badults?\b")
ROLES = {role.value: role for role in EventRole}


@dataclass(frozen=True)
class EventRows:
    """The rows of one event; protective rows stand as an event of their own, for they join nobody."""

    label: str
    rows: tuple[Tie, ...]

    @property
    def differ(self) -> bool:
        """Whether the rows give several days, agencies or confidences."""
        return len({(t.start, t.end, t.agency, t.confidence) for t in self.rows}) > 1


def grouped(ties: Iterable[Tie]) -> tuple[list[EventRows], list[Tie]]:
    """Rows by event, and those that state a relationship: without an event, or a conflict, which joins nobody."""
    events: defaultdict[tuple[str, bool], list[Tie]] = defaultdict(list)
    standing: list[Tie] = []
    for tie in ties:
        if tie.event and not tie.conflict:
            events[tie.event, tie.protective].append(tie)
        else:
            standing.append(tie)
    return [EventRows(label, tuple(rows)) for (label, _), rows in events.items()], standing


def fingerprint(tie: Tie) -> str:
    """SHA-256, in hex, of what a row says, wherever it stands; a pair turned round says the same where it can."""
    relation, role = _word(tie.relation), _word(tie.role)
    ends = [list(tie.one), list(tie.other)]
    directed = all(p.kind in PEOPLE for p in tie.parties) and (relation not in MUTUAL or bool(role))
    said = [
        ends if directed else sorted(ends), relation, role, written_day(tie.start), written_day(tie.end),
        " ".join(tie.agency.split()).casefold(), tie.confidence.value, tie.influence.value, tie.event, tie.note,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def entity(id: str, party: Party, ties: Iterable[Tie], child: Callable[[str], bool]) -> Entity:
    """A new entity under the name a file gives it; `ties` are its rows, which may say that a person is a child.

    A vehicle's name that reads as a plate is its plate, and an account's that reads as a phone number is one.
    """
    if party.kind == "person":
        said = [text for tie in ties for text in (tie.role, tie.relation) if text]
        under_18 = True if any(map(child, said)) else False if any(map(_adult, said)) else None
        return Person(id=id, name=party.id, under_18=under_18)
    if party.kind == "vehicle":
        return Vehicle(id=id, name=party.id, plate=party.id if words.reads_as_plate(party.id) else "")
    if party.kind == "account":
        kind = AccountKind.PHONE if words.phone(party.id) else AccountKind.ONLINE
        return Account(id=id, name=party.id, account_kind=kind)
    return ENTITY_KINDS[party.kind](id=id, name=party.id)


def event(id: str, said: EventRows, parties: Mapping[Party, Party], kinds: Kinds) -> Event:
    """One event of its rows: the span of their days, the weakest confidence, each agency; what differs is in `what`.

    Args:
        parties: who or what each party of the file is.
    """
    rows = said.rows
    relations = [kind for tie in rows if (kind := known_kind(tie.relation, kinds.event))]
    starts = [t.start for t in rows if t.start]
    ends = [t.end for t in rows if t.end]
    agencies = dict.fromkeys(t.agency for t in rows if t.agency)
    influences = {t.influence for t in rows}
    (influence,) = influences if len(influences) == 1 else {Influence.HARMFUL}
    return Event(
        id=id,
        kind=relations[0] if relations else OTHER,
        participants=joined(_participants(rows, parties)),
        source=Source(_agencies(agencies), min((t.confidence for t in rows), key=_rank)),
        start=min(starts, default=None),
        end=max(ends, default=None),
        influence=influence,
        what="\n".join(dict.fromkeys(line for tie in rows for line in _said_on_event(tie, said, kinds))),
    )


def relationship(id: str, tie: Tie, parties: Mapping[Party, Party], kinds: Kinds) -> Relationship:
    """The relationship a row states; a relation or a role that is not of the list stays in the note."""
    kind = known_kind(tie.relation, kinds.relationship)
    lines = [
        tie.note,
        f"Relation: {tie.relation}" if tie.relation and not kind else "",
        f"Role: {tie.role}" if tie.role else "",
        f"Event: {tie.event}" if tie.event else "",
    ]
    return Relationship(
        id=id,
        one=parties[tie.one],
        other=parties[tie.other],
        kind=kind or OTHER,
        source=Source(tie.agency or NOT_KNOWN, tie.confidence),
        start=tie.start,
        end=tie.end,
        influence=tie.influence,
        note="\n".join(filter(None, lines)),
    )


def known_kind(relation: str, kinds: Mapping[str, object]) -> str | None:
    """The id of the kind that `relation` names by its id or its name, in whatever case; None where there is none."""
    word = _word(relation)
    if word in kinds:
        return word
    return next((id for id, kind in kinds.items() if _word(getattr(kind, "name", "")) == word), None)


def joined(participants: Iterable[Participant]) -> tuple[Participant, ...]:
    """Each party once, with its role: both where it is said to have caused harm and to have experienced it."""
    roles: dict[Party, set[EventRole]] = {}
    for p in participants:
        roles.setdefault(p.party, set()).add(p.role)
    return tuple(Participant(party, _one_role(found)) for party, found in roles.items())


def _agencies(names: Iterable[str]) -> str:
    """Every agency on one line; where they do not fit, `what` has those left out."""
    line = ""
    for name in names:
        longer = f"{line}; {name}" if line else name
        if len(longer) > LINE_LENGTH:
            break
        line = longer
    return line or NOT_KNOWN


def _participants(rows: Sequence[Tie], parties: Mapping[Party, Party]) -> Iterator[Participant]:
    for tie in rows:
        whose, role = _whose_role(tie), ROLES.get(_word(tie.role), EventRole.UNKNOWN)
        for party in tie.parties:
            yield Participant(parties[party], role if party == whose else EventRole.UNKNOWN)


def _whose_role(tie: Tie) -> Party | None:
    """Whose the role of a row is: a person's before a young person's, as `chm.linkage.from_records` gives it."""
    for party in (tie.other, tie.one):
        if party.kind == "person":
            return party
    return next((p for p in tie.parties if p.young), None)


def _one_role(found: set[EventRole]) -> EventRole:
    known = found - {EventRole.UNKNOWN}
    known = known - {EventRole.WITNESS} or known
    return EventRole.BOTH if len(known) > 1 else next(iter(known), EventRole.UNKNOWN)


def _said_on_event(tie: Tie, said: EventRows, kinds: Kinds) -> Iterator[str]:
    if tie.note:
        yield tie.note
    if tie.relation and not known_kind(tie.relation, kinds.event):
        yield f"Relation: {tie.relation}"
    if tie.role and (_word(tie.role) not in ROLES or _whose_role(tie) is None):
        yield f"Role: {tie.role}"
    if said.differ:
        day = written_day(tie.start)
        days = day if tie.start == tie.end else f"{day} to {written_day(tie.end)}"
        yield f"Reported: {', '.join(filter(None, (tie.agency or NOT_KNOWN, tie.confidence.value, days)))}"


def _word(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip().casefold())


def _adult(text: str) -> bool:
    return bool(ADULT.search(re.sub(r"[\s_-]+", " ", text.casefold())))


def _rank(confidence: Confidence) -> int:
    return confidence.rank
