"""Who is who in one meeting's room, and the records as a shared screen may show them.

Each party goes by a slot, drawn at random for the meeting; young people, persons, accounts and homes have an alias,
drawn with it. What people wrote is masked, or withheld where masking cannot be trusted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from random import SystemRandom

from chm.access import Reach, Scope
from chm.casework.desk import Work
from chm.casework.meetings import meeting_rules
from chm.casework.network import NetworkRecords, NetworkYoungPerson
from chm.casework.place_snapshot import Snapshot, snapshot
from chm.connections import Account, Entity, Event, Participant, Party, Person, Place, Relationship, Vehicle
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.mentions import masked
from chm.meetings.pseudonyms import code, draw, initials
from chm.meetings.records import Meeting
from chm.places.shown import Exposure
from chm.privacy import SOMEBODY
from chm.store import entities, meetings, people
from chm.store.people import key

WITHHELD = "Withheld on this screen: it names somebody"
LEAST_RUN_TOGETHER, LEAST_WORD = 8, 4
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
LIVED_IN = (Exposure.HOME, Exposure.DWELLING)


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
        here: those of `names` who have to do with this meeting. homes: alias by name or address of where they live.
        born: their birth dates.
    """

    aliases: Mapping[str, tuple[str, str]]
    names: Mapping[str, str]
    here: frozenset[str]
    homes: Mapping[str, str] = field(default_factory=dict)
    born: frozenset[date] = frozenset()

    def bare(self, kind: str, id: str) -> str:
        """The slot of a party; itself where it has none, as one who is masked already."""
        found = self.aliases.get(f"{kind}:{id}")
        return found[1] if found else id

    def slot(self, party: str) -> str | None:
        """kind:slot of kind:id; None where it has none."""
        found = self.aliases.get(party)
        return f"{party.partition(':')[0]}:{found[1]}" if found else None

    def party(self, told: str) -> str | None:
        """kind:id of kind:slot; None where there is none."""
        return self._parties.get(told)

    def mask(self, text: str) -> str:
        """`text` with mentions by slot and typed names as aliases; nothing of it where a name is run together."""
        if not text:
            return text
        words = set(key(text).split())
        near = {p: self.names[p] for word in words for p in self._by_word.get(word, ())}
        called = {p: self.aliases.get(p.partition("#")[0], ("", ""))[0] or SOMEBODY for p in near}
        shown = masked(text, near, called | {p: f"@{{{self.slot(p)}}}" for p in self.aliases})
        closed = key(shown).replace(" ", "")
        return WITHHELD if any(name in closed for name in self._run_together) else self._unplaced(shown)

    def _unplaced(self, text: str) -> str:
        """`text` without postcodes, birth dates, and the names and addresses of homes."""
        shown = POSTCODE.sub("a postcode", text)
        for said, alias in self.homes.items():
            shown = re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", alias, shown, flags=re.IGNORECASE)
        return self._births.sub("a date", shown) if self._births else shown

    @cached_property
    def _births(self) -> re.Pattern[str] | None:
        ways = (way for day in self.born for way in _written(day))
        return re.compile(rf"(?<!\d)(?:{'|'.join(ways)})(?!\d)", re.IGNORECASE) if self.born else None

    def tells(self, text: str) -> bool:
        """Whether any word of the name of somebody here stands in `text`, were it run together with others."""
        closed = key(text).replace(" ", "")
        return any(word in closed for word in self._words)

    @cached_property
    def _parties(self) -> dict[str, str]:
        return {f"{party.partition(':')[0]}:{slot}": party for party, (_, slot) in self.aliases.items()}

    @cached_property
    def _by_word(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for party, name in self.names.items():
            for word in key(f"{name} {party.partition(':')[2]}").split():
                found[word].add(party)
        return found

    @cached_property
    def _run_together(self) -> list[str]:
        closed = (key(self.names[p]).replace(" ", "") for p in self.here)
        return [name for name in closed if len(name) >= LEAST_RUN_TOGETHER]

    @cached_property
    def _words(self) -> set[str]:
        return {w for p in self.here for w in key(self.names[p]).split() if len(w) >= LEAST_WORD}


def who_is_who(work: Work, meeting: Meeting, found: NetworkRecords | None = None) -> WhoIsWho:
    """Who is who in `meeting`; whoever of `found` has no alias there yet is given one."""
    session = work.session
    inside = [y.young_person for y in meetings.young_people(session, [meeting.id])[meeting.id]]
    aliases = meetings.aliases(session, meeting.id)
    known = _known(work, inside, aliases)
    if found is None:
        return known
    things = {f"{p.kind}:{p.id}": e for p, e in found.entities.items()}
    known = _known(work, inside, aliases, things)
    new = _new_aliases(work, known, things, inside)
    if not new:
        return known
    meetings.name(session, meeting.id, new.items())
    return _known(work, inside, meetings.aliases(session, meeting.id), things)


def _known(
    work: Work,
    inside: Collection[str],
    aliases: Mapping[str, tuple[str, str]],
    things: Mapping[str, Entity] | None = None,
) -> WhoIsWho:
    if things is None:
        kept = entities.named(work.session, [p.partition(":")[2] for p in aliases if not p.startswith(YOUNG_PERSON)])
        things = {f"{entities.KIND[type(e)]}:{e.id}": e for e in kept.values()}
    everybody = people.everyone(work.session, Scope(work.user.id, frozenset({Reach.ALL}), work.today))
    names = {f"{YOUNG_PERSON}:{p.id}": p.name for p in everybody}
    for party, person in things.items():
        if isinstance(person, Person):
            said = [n for n in (person.name, *person.other_names) if n]
            names |= {party if not n else f"{party}#{n}": name for n, name in enumerate(said)}
    shared = snapshot(work)
    homes = {
        text: aliases[party][0] if party in aliases else "a home"
        for party, home in things.items()
        if isinstance(home, Place) and shared.exposure.get(home.id) in LIVED_IN
        for text in (home.name, home.address)
        if len(text) >= LEAST_WORD
    }
    return WhoIsWho(
        aliases=aliases,
        names=names,
        here=frozenset({*(f"{YOUNG_PERSON}:{id}" for id in inside), *(p for p in names if p.startswith("person:"))}),
        homes=homes,
        born=frozenset(p.born for p in everybody if p.born and p.id in set(inside)),
    )


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
    return entities.KIND[type(entity)] if nameless or who.tells(entity.label) else ""


def _written(day: date) -> Iterator[str]:
    """Patterns of how a date is written: 4/3/2012, 04-03-12, 2012-03-04, 4 March 2012, 4th Mar 2012, March 4, 2012."""
    d, m, y = f"0?{day.day}", f"0?{day.month}", f"(?:{day.year}|{day:%y})"
    month, nth = f"(?:{day:%B}|{day:%b})", f"{day.day}(?:st|nd|rd|th)?"
    yield rf"{d}[/.\- ]{m}[/.\- ]{y}"
    yield rf"{day.year}[/.\- ]{m}[/.\- ]{d}"
    yield rf"{nth}(?: of)? {month},? {y}"
    yield rf"{month} {nth},? {y}"


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
            events=tuple(map(self._event, found.events)),
            relationships=tuple(map(self._relationship, found.relationships)),
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
            label = alias or ("" if self.who.tells(entity.label) else self.who.mask(entity.label))
        bare = replace(entity, id=slot, name=label or party.kind.capitalize(), description="")
        if isinstance(bare, Person):
            return replace(bare, other_names=())
        if isinstance(bare, Place):
            nowhere = replace(bare, address="", postcode="")
            lived_in = self.kept.exposure.get(party.id) in LIVED_IN
            return replace(nowhere, latitude=None, longitude=None) if lived_in else nowhere
        return replace(bare, plate="") if isinstance(bare, Vehicle) else bare

    def _event(self, event: Event) -> Event:
        return replace(
            event,
            participants=tuple(Participant(self._party(p.party), p.role) for p in event.participants),
            what=self._text(event.what),
            source=replace(event.source, reference=""),
            recorded_by="",
        )

    def _relationship(self, tie: Relationship) -> Relationship:
        return replace(
            tie,
            one=self._party(tie.one),
            other=self._party(tie.other),
            note=self._text(tie.note),
            source=replace(tie.source, reference=""),
            recorded_by="",
        )

    def _text(self, text: str) -> str:
        """What was written, for names alone: it can tell who somebody is without naming them."""
        return text if self.shown == Shown.NAMES else ""
