"""What one user may know of whoever and whatever is named in what people wrote."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Protocol, TypeVar

from chm.access import Permission, Reach
from chm.casework.desk import Work
from chm.casework.place_snapshot import Snapshot, snapshot
from chm.connections import Account, Entity, Event, Person, Place, Relationship
from chm.linkage.ties import YOUNG_PERSON, Party
from chm.meetings.mentions import masked, mentioned
from chm.places.shown import Exposure
from chm.privacy import SOMEBODY, name_words
from chm.store import entities, people, setting_assessments, tracked, users
from chm.unseen import seen, spans

A_YOUNG_PERSON, A_HOME = "a young person", "a home"
UNNAMED = {
    YOUNG_PERSON: A_YOUNG_PERSON,
    "person": "a person",
    "account": "an account",
    "vehicle": "a vehicle",
    "group": "a group",
    "place": "a place",
}
NUMBER = re.compile(r"\bYP-\d+\b", re.IGNORECASE)
TEXTS = ("name", "description", "address", "platform", "what", "note")

R = TypeVar("R", bound=Entity | Event | Relationship)
A = TypeVar("A", bound="Around")


class Around(Protocol):
    """A dataclass with what is recorded around some young people."""

    @property
    def entities(self) -> Mapping[Party, Entity]: ...

    @property
    def events(self) -> tuple[Event, ...]: ...

    @property
    def relationships(self) -> tuple[Relationship, ...]: ...


class Sight:
    """What one user may know at one moment: the names of young people in their reach, and of what these are tied to.

    Args:
        more: permissions whose reach of young people counts besides that of the work; not for what these are tied to.
    """

    def __init__(self, work: Work, *more: Permission):
        self.work, self.session, self.user = work, work.session, work.user
        scopes = [work.scope, *map(work.scope_by, more)]
        self.everything = any(Reach.ALL in s.reach for s in scopes)
        self.reaches = any(s.reach for s in scopes)
        self.names = tracked.names(self.session)
        near = [people.ids(self.session, scope) for scope in scopes] if not self.everything else [self.names]
        self.inside: set[str] = set().union(*near)
        self.somebody = SOMEBODY if self.reaches else A_YOUNG_PERSON
        self.entities: dict[str, Entity] = {}
        self.talked_of: set[str] = set()

    @cached_property
    def merges(self) -> entities.Merges:
        """Which entity each has become."""
        return entities.merges(self.session)

    @cached_property
    def near(self) -> set[str] | None:
        """Ids of the entities the user may know by name, None for all."""
        found = entities.open_to(self.session, self.work.scope, self.merges)
        if found is None:
            return None
        return found | self.merges.spread(setting_assessments.assessed(self.session, self.work.scope))

    @cached_property
    def accounts(self) -> set[tuple[str, str]]:
        """Agency and name of every user."""
        return {(u.agency, u.name) for u in users.every(self.session)}

    @cached_property
    def places(self) -> Snapshot:
        """What is recorded at places."""
        return snapshot(self.work)

    @cached_property
    def pieces(self) -> dict[str, frozenset[str]]:
        """The words of every young person's name, by id."""
        return {id: frozenset(name_words(seen(name))) for id, name in self.names.items()}

    @cached_property
    def by_piece(self) -> dict[str, list[str]]:
        """Young people with names of two words or more, by the longest piece of the name."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for id, name in self.names.items():
            if len(name.split()) > 1 and self.pieces[id]:
                found[max(self.pieces[id], key=len)].append(id)
        return found

    def recorded(self, found: R) -> R:
        """An entity, event or relationship with each text as the user may know it."""
        if self.everything:
            return found
        texts: dict[str, Any] = {f: self.hide(getattr(found, f)) for f in TEXTS if hasattr(found, f)}
        if isinstance(found, Person):
            texts["other_names"] = tuple(self.hide(n) for n in found.other_names)
        if isinstance(found, Event | Relationship):
            agency, reference = found.source.agency, found.source.reference
            texts["source"] = replace(found.source, agency=self.hide(agency), reference=self.hide(reference))
        return replace(found, **texts)

    def worker(self, agency: str, name: str, about: Iterable[str] = ()) -> str:
        """The name of somebody at an agency: as it is where a user is called so, else as `hide` has it."""
        return name if (agency, name) in self.accounts else self.hide(name, about)

    def around(self, found: A) -> A:
        """`found` with each text as the user may know it."""
        return replace(  # type: ignore[type-var]
            found,
            entities={party: self.recorded(entity) for party, entity in found.entities.items()},
            events=tuple(map(self.recorded, found.events)),
            relationships=tuple(map(self.recorded, found.relationships)),
        )

    def said(self, text: str, about: Iterable[str] = (), parties: Iterable[str] = ()) -> str:
        """`text` as the user may know it: as `hide`, with mentions called by name or not.

        Hidden is also every word of the names of `parties` (kind:id) and of who is mentioned.
        """
        named = {*mentioned(text), *parties}
        aliases = {p: said for p in named if (said := self.called(p))}
        told = self.hide(text, {*about, *(id_of(p) for p in named if p.startswith(f"{YOUNG_PERSON}:"))})
        said = masked(told, self._people_hidden(named), aliases)
        return said if said[:1] == text[:1] else said[:1].upper() + said[1:]

    def hide(self, text: str, about: Iterable[str] = ()) -> str:
        """`text`, its mentions as they are, without young people whom the user may not know.

        Hidden is every word of the names of `about` (ids), and whoever else stands there by an id or a whole name of
        two words or more. A whole name that the user may know stays whole.
        """
        return text if self.everything else self._without(text, about, self.inside, self.somebody)

    def beyond(self, text: str, others: Collection[str]) -> str:
        """As `hide`, but for `others` (ids), whom a mask of their own goes over next."""
        return text if self.everything else self._without(text, (), {*self.inside, *others}, self.somebody)

    def nobody(
        self, text: str, about: Iterable[str] = (), but: Collection[str] = (), said: str = A_YOUNG_PERSON
    ) -> str:
        """As `hide`, of all young people `but` some (ids), whether the user may know them or not."""
        return self._without(text, about, but, said)

    def _without(self, text: str, about: Iterable[str], but: Collection[str], said: str) -> str:
        there = name_words(text)
        # A name of signs alone has no pieces and may be anywhere.
        close = {id for id in self.names.keys() & set(about) if not self.pieces[id] or self.pieces[id] & there}
        near = {id: self.names[id] for id in close.difference(but)}
        whole = {id for piece in there for id in self.by_piece.get(piece, ()) if there >= self.pieces[id]}
        known = {id: self.names[id] for id in whole.intersection(but)}
        twins = {self.pieces[id] for id in known}  # Somebody called as one who is known cannot be told from them.
        far = {id: self.names[id] for id in whole.difference(known, near) if self.pieces[id] not in twins}
        ids = {seen(text[start:end]).upper() for start, end in spans(NUMBER, text)}
        far |= {id: id for id in ids & self.names.keys() if id not in {*but, *far}}
        mentions = {p: f"@{{{p}}}" for p in mentioned(text)}
        if far:
            text = masked(text, known | far, mentions | dict.fromkeys(far, said), whole=True, kept=known)
        return masked(text, known | near, mentions | dict.fromkeys(near, said), kept=known) if near else text

    def _people_hidden(self, parties: Iterable[str]) -> dict[str, str]:
        """Names of the people and accounts among `parties` that the user may not know."""
        found = {p: self.entities.get(self.merges.survivor(id_of(p))) for p in parties}
        return {p: e.name for p, e in found.items() if isinstance(e, Person | Account) and e.name and not self.knows(p)}

    def knows(self, target: str) -> bool:
        """Whether the user may know what `target` (kind:id) is."""
        kind, _, id = target.partition(":")
        if kind == YOUNG_PERSON:
            return id in self.inside
        id = self.merges.survivor(id)
        return id in self.entities and (self._near(id) or (kind == "place" and self._public(id)))

    def _near(self, id: str) -> bool:
        """Whether the user may know an entity by name; a chair also what their own meetings decided something about."""
        return self.near is None or id in self.near or id in self.talked_of

    def label(self, target: str, about: Iterable[str]) -> str:
        """What the user may call `target` (kind:id), which stands in a plan as somebody typed it or by its id."""
        kind, _, id = target.partition(":")
        known = id in self.names if kind == YOUNG_PERSON else self.merges.survivor(id) in self.entities
        return self.hide(id, about) if self.reaches and not known else self.called(target, about)

    def called(self, party: str, about: Iterable[str] = ()) -> str:
        """What the user may call `party` (kind:id); empty where it is of no kind there is."""
        kind, _, id = party.partition(":")
        if kind == YOUNG_PERSON and id in self.inside:
            return self.names[id]
        entity = self.entities.get(self.merges.survivor(id))
        if entity and self._near(entity.id):
            return self.hide(entity.label, about)
        if isinstance(entity, Place):
            return self._shown(entity)
        return self.somebody if kind == YOUNG_PERSON else UNNAMED.get(kind, "")

    def unnamed(self, target: str) -> str:
        """What `target` is called in an e-mail."""
        kind, _, id = target.partition(":")
        entity = self.entities.get(self.merges.survivor(id))
        return self._shown(entity) if isinstance(entity, Place) else UNNAMED.get(kind, "")

    def _shown(self, place: Place) -> str:
        """A place as those may know it who know nobody there."""
        return self.places.shown(place.id, False).name if self._public(place.id) else A_HOME

    def may_open(self, place: str) -> bool:
        id = self.merges.survivor(place)
        return self._near(id) or self._public(id)

    def _public(self, id: str) -> bool:
        return self.places.exposure.get(id, Exposure.HOME) != Exposure.HOME


def id_of(party: str) -> str:
    """The id in `party` (kind:id)."""
    return party.partition(":")[2]
