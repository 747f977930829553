"""Who is who in one meeting's room, and the records as a shared screen may show them.

Each party goes by a slot, drawn at random for the meeting; young people, persons, accounts and homes have an alias,
drawn with it. What people wrote is masked, or withheld where masking cannot be trusted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from random import SystemRandom

from chm.access import Reach, Scope
from chm.casework import frameworks
from chm.casework.desk import Work
from chm.casework.meeting_rules import meeting_rules
from chm.casework.network import NetworkRecords, NetworkYoungPerson, unmasked
from chm.casework.place_snapshot import Snapshot, snapshot
from chm.connections import Account, Entity, Event, Participant, Party, Person, Place, Relationship, Source, Vehicle
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.masking import NO_NAMES, POSTCODE, Mask, further_names, typed_names
from chm.meetings.mentions import SOMETHING
from chm.meetings.minutes import UNNAMED
from chm.meetings.pseudonyms import code, draw, initials
from chm.meetings.records import Meeting
from chm.places.shown import Exposure
from chm.privacy import SOMEBODY, closed, name_words, names_any
from chm.store import entities, meetings, people, users
from chm.store.entities import Merges

WITHHELD = "Withheld on this screen: it names somebody"
OTHER = "other-"
LEAST_WORD, LEAST_TYPED = 4, 3
LIVED_IN = (Exposure.HOME, Exposure.DWELLING)
PLATE = re.compile(r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b", re.IGNORECASE)
CONDUCT = re.compile(r"\bLADO\b", re.IGNORECASE)
ANOTHER_AGENCY = "Another agency"


class Shown(StrEnum):
    """What young people and others are called on the screen."""

    PSEUDONYMS = "pseudonyms"
    INITIALS = "initials"
    NAMES = "names"


@dataclass(frozen=True, eq=False)
class WhoIsWho:
    """Aliases and slots of one meeting, and the names that a shared screen never shows.

    Attributes:
        aliases: alias (empty where a thing goes by its own name) and slot of each party (kind:id).
        names: of everybody, by kind:id; a further name of one has `#` and a number after it.
        here: those of `names` who have to do with this meeting. inside: ids of its young people.
        things: what stands for each home's name or address, account and plate. born: birth dates of the young people.
        open_lines: names of agencies and of users, which may be shown.
    """

    aliases: Mapping[str, tuple[str, str]]
    names: Mapping[str, str]
    here: frozenset[str]
    inside: frozenset[str]
    things: Mapping[str, str] = field(default_factory=dict)
    born: frozenset[date] = frozenset()
    open_lines: frozenset[str] = frozenset()

    def bare(self, kind: str, id: str) -> str:
        """The slot of a party; itself for one who is masked already, empty for one who has none."""
        found = self.aliases.get(f"{kind}:{id}")
        return found[1] if found else id if id.startswith(OTHER) else ""

    def slot(self, party: str) -> str | None:
        """kind:slot of kind:id; None where it has none."""
        found = self.aliases.get(party)
        return f"{party.partition(':')[0]}:{found[1]}" if found else None

    def slots(self, young_people: Iterable[str]) -> tuple[str, ...]:
        """The slots of `young_people` (ids); whoever has none is left out."""
        return tuple(slot for id in young_people if (slot := self.bare(YOUNG_PERSON, id)))

    def party(self, told: str) -> str | None:
        """kind:id of kind:slot; None where there is none, or it is a young person who is in the meeting no more."""
        party = self._parties.get(told)
        kind, _, id = (party or "").partition(":")
        return None if kind == YOUNG_PERSON and id not in self.inside else party

    def mask(self, text: str) -> str:
        """`text` with mentions by slot, typed names become such mentions; nothing of it where one is run together."""
        return self._mask(text)

    def hide(self, text: str) -> str:
        """`text` as `mask` has it, with aliases in place of mentions."""
        return self._hide(text)

    def near(self, text: str) -> dict[str, str]:
        """Those of `names` who may be named in `text`, by a word or an id of theirs."""
        return self._mask.near(text)

    def line(self, text: str) -> str:
        """The name of an agency or of somebody who works for one: as it is, unless it names somebody of this meeting,
        or the whole name of somebody else."""
        if not text or text in self.open_lines:
            return text
        told = self._here(text) != text or names_any(text, self._mask.near(text), whole=True)
        return self.hide(text) if told else text

    def names_somebody(self, text: str) -> bool:
        """Whether `text` names somebody of this meeting, or has the whole name of somebody else."""
        return self._here.names_somebody(text) or names_any(text, self._mask.near(text), whole=True)

    def agency(self, text: str) -> str:
        """The name of an agency as `line` has it; never that of whoever looks into the conduct of workers."""
        return ANOTHER_AGENCY if CONDUCT.search(text) else self.line(text)

    @cached_property
    def _mask(self) -> Mask:
        return self._masking({p: f"@{{{self.slot(p)}}}" for p in self.aliases}, self.names)

    @cached_property
    def _hide(self) -> Mask:
        return self._masking(self._alias, self.names)

    @cached_property
    def _here(self) -> Mask:
        return self._masking(self._alias, {p: self.names[p] for p in self.here})

    @cached_property
    def _alias(self) -> dict[str, str]:
        return {p: alias or SOMETHING for p, (alias, _) in self.aliases.items()}

    def _masking(self, called: Mapping[str, str], names: Mapping[str, str]) -> Mask:
        return Mask(names, called, self.things, self.born, self.here, WITHHELD)

    def tells(self, text: str) -> bool:
        """Whether any word of the name of somebody here stands in `text`, were it run together with others."""
        said = closed(text)
        return any(word in said for word in self._words)

    @cached_property
    def _parties(self) -> dict[str, str]:
        return {f"{party.partition(':')[0]}:{slot}": party for party, (_, slot) in self.aliases.items()}

    @cached_property
    def _words(self) -> set[str]:
        return {w for p in self.here for w in name_words(self.names[p]) if len(w) >= LEAST_WORD and w not in NO_NAMES}


def who_is_who(work: Work, meeting: Meeting, found: Mapping[Party, Entity] | None = None) -> WhoIsWho:
    """Who is who in `meeting`; whoever of its young people and whatever of `found` has no alias there is given one."""
    session = work.session
    inside = [y.young_person for y in meetings.young_people(session, [meeting.id])[meeting.id]]
    reader = _Reader(work, meeting, inside)
    known = reader.known(meetings.aliases(session, meeting.id), {})
    if found is None:  # Before the room was ever opened, what is recorded there is nowhere noted.
        unseen = unmasked(work, tuple(inside)).entities if _unnamed(known, (), inside) else {}
        return reader.known(known.aliases, unseen) if unseen else known
    things = {f"{p.kind}:{p.id}": e for p, e in found.items()}
    if _unnamed(known, things, inside):
        meetings.moved(session, meeting.id)  # Whoever else names them meanwhile waits for this.
        known = reader.known(meetings.aliases(session, meeting.id), found)
        if new := _new_aliases(work, known, things, inside):
            meetings.name(session, meeting.id, new.items())
    return reader.known(meetings.aliases(session, meeting.id), found)


def _unnamed(who: WhoIsWho, things: Iterable[str], inside: Iterable[str]) -> list[str]:
    return [p for p in (*(f"{YOUNG_PERSON}:{id}" for id in inside), *things) if p not in who.aliases]


class _Reader:
    """Reads who has to do with a meeting, or with one that it follows, whose open actions are carried over."""

    def __init__(self, work: Work, meeting: Meeting, inside: Collection[str]):
        session = work.session
        before = [m.id for m in meetings.chain(session, meeting)]
        earlier = meetings.young_people(session, before)
        self.session, self.kept, self.inside = session, snapshot(work), frozenset(inside)
        self.near = self.inside.union(y.young_person for found in earlier.values() for y in found)
        self.everybody = people.everyone(session, Scope(work.user.id, frozenset({Reach.ALL}), work.today))
        self.merges = entities.merges(session)
        self.talked_of = {party for id in before for party in meetings.aliases(session, id)}
        self.open_lines = frozenset({*_agencies(), *(u.name for u in users.every(session))})

    def known(self, given: Mapping[str, tuple[str, str]], found: Mapping[Party, Entity]) -> WhoIsWho:
        """Who is who by the aliases `given`, with `found` besides all that has one."""
        aliases = _merged(self.merges, given)
        told = (p.partition(":")[2] for p in {*aliases, *self.talked_of} if not p.startswith(YOUNG_PERSON))
        things = {f"{entities.KIND[type(e)]}:{e.id}": e for e in entities.named(self.session, set(told)).values()}
        things |= {f"{p.kind}:{p.id}": e for p, e in found.items()}
        names = {f"{YOUNG_PERSON}:{p.id}": p.name for p in self.everybody}
        here = {party: names[party] for id in self.near if (party := f"{YOUNG_PERSON}:{id}") in names}
        for party, name in dict(here).items():
            here |= further_names(party, name, meeting_rules().ordinary)
        typed = Typed(self.kept, {p: alias for p, (alias, _) in aliases.items()})
        for party, entity in things.items():
            here |= typed.names(party, entity)
        return WhoIsWho(
            aliases=aliases,
            names=names | here,
            here=frozenset(here),
            inside=self.inside,
            things={text: alias for p, e in things.items() for text, alias in typed.things(p, e).items()},
            born=frozenset(p.born for p in self.everybody if p.born and p.id in self.near),
            open_lines=self.open_lines,
        )


def _merged(merges: Merges, aliases: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """`aliases`, those of entities that are one by now become one."""
    became: dict[str, tuple[str, str]] = {}
    found = dict(aliases)
    for party, own in aliases.items():
        kind, _, id = party.partition(":")
        if kind != YOUNG_PERSON:
            survivor = f"{kind}:{merges.survivor(id)}"
            became |= dict.fromkeys((f"{kind}:{i}" for i in merges.spread([id])), found.get(survivor, own))
            became[survivor] = became.pop(survivor)
    return found | became


def _agencies() -> set[str]:
    local = frameworks.current().local
    return {*map(str, local["agencies"]), *(str(s["name"]) for s in local["services"].values())}


@dataclass(frozen=True)
class Typed:
    """What people may type of an entity, and what stands for it; `aliases` by kind:id."""

    kept: Snapshot
    aliases: Mapping[str, str]

    def names(self, party: str, entity: Entity) -> dict[str, str]:
        """The names of a person by `party` with `#` and a number, but for what is no name in them."""
        return typed_names(party, _names(entity))[0]

    def things(self, party: str, entity: Entity) -> dict[str, str]:
        """What else tells who somebody is: a name that is a description, a home, an account, a plate."""
        alias = self.aliases.get(party, "")
        if isinstance(entity, Person):
            texts, otherwise = list(typed_names(party, _names(entity))[1]), UNNAMED["person"]
        elif isinstance(entity, Account):
            texts, otherwise = [entity.name], UNNAMED["account"]
        elif isinstance(entity, Vehicle):
            plates = (entity.plate, *PLATE.findall(entity.name))
            texts, otherwise = [way for plate in plates for way in _spacings(plate)], UNNAMED["vehicle"]
        elif isinstance(entity, Place) and self.kept.exposure.get(entity.id) in LIVED_IN:
            texts, otherwise = [entity.name, entity.address, *_doors(entity.address), *_doors(entity.name)], "a home"
        else:
            texts, otherwise = [], ""
        told = (t for t in texts if len(closed(t)) >= LEAST_TYPED and not name_words(t) <= NO_NAMES)
        return dict.fromkeys(told, alias or otherwise)


def _names(entity: Entity) -> list[str]:
    return [n for n in (entity.name, *entity.other_names) if n.strip()] if isinstance(entity, Person) else []


def _spacings(plate: str) -> tuple[str, str, str]:
    """A plate as it is kept, run together, and with the gap that plates have."""
    bare = "".join(plate.split())
    return plate, bare, f"{bare[:4]} {bare[4:]}"


def _doors(address: str) -> Iterator[str]:
    """The parts of an address that tell which door it is, such as `Flat 9` and `12 Madeup Road`."""
    for part in address.split(","):
        if re.search(r"\d", part) and re.search(r"[^\W\d_]{3}", part) and not POSTCODE.search(part):
            yield part.strip()


def _new_aliases(work: Work, who: WhoIsWho, things: Mapping[str, Entity], inside: Collection[str]) -> dict[str, str]:
    taken, kept, random = [alias for alias, _ in who.aliases.values()], snapshot(work), SystemRandom()
    children = [id for id in inside if f"{YOUNG_PERSON}:{id}" not in who.aliases]
    names = {id: who.names[f"{YOUNG_PERSON}:{id}"] for id in inside}
    drawn = draw(children, names, meeting_rules().pseudonyms, taken, random)
    new = {f"{YOUNG_PERSON}:{id}": alias for id, alias in drawn.items()}
    unnamed = {party: e for party, e in things.items() if party not in who.aliases}
    coded = {party: kind for party, e in unnamed.items() if (kind := _coded(who, kept, e))}
    return new | dict.fromkeys(unnamed, "") | code(list(coded.items()), taken, random)


def _coded(who: WhoIsWho, kept: Snapshot, entity: Entity) -> str:
    """The kind of alias that `entity` needs; empty where its own name tells of nobody."""
    if isinstance(entity, Place) and kept.exposure.get(entity.id) in LIVED_IN:
        return "home"
    if isinstance(entity, Person | Account):
        return "person" if isinstance(entity, Person) else "account"
    nameless = isinstance(entity, Place) and entity.id in kept.nameless
    plated = isinstance(entity, Vehicle) and who.hide(entity.name) != entity.name
    return entities.KIND[type(entity)] if nameless or plated or who.tells(entity.label) else ""


@dataclass(frozen=True)
class Disguise:
    """Records as a shared screen may show them; in pseudonyms unless `shown` says otherwise."""

    who: WhoIsWho
    kept: Snapshot
    shown: Shown

    def records(self, found: NetworkRecords) -> NetworkRecords:
        """`found` with every party by its slot, in the order of what they are called."""
        young = sorted((self._young(p) for p in found.young_people), key=lambda p: (not p.chosen, p.masked, p.name))
        return NetworkRecords(
            young_people=tuple(young),
            entities={self._party(p): self._entity(p, e) for p, e in found.entities.items()},
            events=tuple(self._event(n, e) for n, e in enumerate(found.events, 1)),
            relationships=tuple(self._relationship(n, t) for n, t in enumerate(found.relationships, 1)),
        )

    def _party(self, party: Party) -> Party:
        return Party(party.kind, self.who.bare(party.kind, party.id))

    def _young(self, person: NetworkYoungPerson) -> NetworkYoungPerson:
        party = f"{YOUNG_PERSON}:{person.id}"
        if party not in self.who.aliases:
            return person if person.masked else replace(person, id="", name=SOMEBODY)
        alias, slot = self.who.aliases[party]
        latest = person.latest._replace(id="") if person.latest else None
        return replace(person, id=slot, name=self._called(person.name, alias), latest=latest)

    def _called(self, name: str, alias: str) -> str:
        if self.shown == Shown.NAMES:
            return name or alias
        return (initials(name) if self.shown == Shown.INITIALS else "") or alias

    def _entity(self, party: Party, entity: Entity) -> Entity:
        alias, slot = self.who.aliases.get(f"{party.kind}:{party.id}", ("", ""))
        if self.shown == Shown.NAMES:
            label = entity.label
        elif isinstance(entity, Person) and self.shown == Shown.INITIALS:
            label = self._called(entity.name, alias)
        else:
            label = alias or ("" if self.who.tells(entity.label) else self.who.hide(entity.label))
        bare = replace(entity, id=slot, name=label or party.kind.capitalize(), description="")
        if isinstance(bare, Person):
            return replace(bare, other_names=())
        if isinstance(bare, Place):
            nowhere = replace(bare, address="", postcode="")
            lived_in = self.kept.exposure.get(party.id) in LIVED_IN
            return replace(nowhere, latitude=None, longitude=None) if lived_in else nowhere
        return replace(bare, plate="") if isinstance(bare, Vehicle) else bare

    def _event(self, n: int, event: Event) -> Event:
        """An event without what would tell it from others in another meeting too: its id, and when it was recorded."""
        return replace(
            event,
            id=f"EV-{n}",
            participants=tuple(Participant(self._party(p.party), p.role) for p in event.participants),
            what=self._text(event.what),
            source=self._source(event.source),
            recorded_by="",
            recorded_at=None,
        )

    def _relationship(self, n: int, tie: Relationship) -> Relationship:
        return replace(
            tie,
            id=f"REL-{n}",
            one=self._party(tie.one),
            other=self._party(tie.other),
            note=self._text(tie.note),
            source=self._source(tie.source),
            recorded_by="",
            recorded_at=None,
        )

    def _source(self, source: Source) -> Source:
        return replace(source, agency=self.who.agency(source.agency), reference="", grade="")

    def _text(self, text: str) -> str:
        """What was written, for names alone: it can tell who somebody is without naming them."""
        return text if self.shown == Shown.NAMES else ""
