"""Everything recorded at places, read once and kept in the process until something of it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from chm import settings, store
from chm.access import Reach, Scope
from chm.casework.desk import Work
from chm.connections import Place
from chm.places import rules, seen
from chm.places.rules import Rules
from chm.places.seen import Known, Seen
from chm.places.shown import Exposure, ShownPlace, exposure, shown
from chm.privacy import name_words, names_any
from chm.store import assessments, people, places
from chm.store.assessments import Latest


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What is recorded at all places. Nothing in it is hidden, so it never leaves the casework.

    Attributes:
        nameless: places whose names hold a young person's whole name.
    """

    seen: Seen
    places: Mapping[str, Place]
    exposure: Mapping[str, Exposure]
    nameless: frozenset[str]

    @cached_property
    def public(self) -> Seen:
        """The same without the homes and placements of children."""
        return self._only(lambda exposure: exposure != Exposure.HOME)

    @cached_property
    def homes(self) -> Seen:
        """The same with these alone."""
        return self._only(lambda exposure: exposure == Exposure.HOME)

    def of(self, id: str) -> Seen:
        """The one of the two that has a place."""
        return self.homes if self.exposure[id] == Exposure.HOME else self.public

    def young_people(self, id: str) -> frozenset[str]:
        """The ids of those who are on an event at a place, or tied to it."""
        rows = self.seen.people
        return frozenset(self.seen.young_people[n] for n in rows.what[rows.place == self.seen.number[id]].tolist())

    def _only(self, wanted: Callable[[Exposure], bool]) -> Seen:
        kept = [n for n, id in enumerate(self.seen.places) if wanted(self.exposure[id])]
        return replace(
            self.seen,
            reports=self.seen.reports.only(np.isin(self.seen.reports.place, kept)),
            people=self.seen.people.only(np.isin(self.seen.people.place, kept)),
            things=self.seen.things.only(np.isin(self.seen.things.place, kept)),
        )

    def shown(self, id: str, everything: bool) -> ShownPlace:
        """A place as a reader may know it."""
        return shown(self.places[id], self.exposure[id], all=everything, nameless=id in self.nameless)


def place_rules() -> Rules:
    """The rules of the data folder, read once a process. Raises Faults where they are broken."""
    return _rules(settings.data())


def everything(work: Work) -> bool:
    """Whether the user may see all there is about places: only whoever reaches every young person."""
    return Reach.ALL in work.scope.reach


def known(latest: Mapping[str, Latest], ids: tuple[str, ...]) -> dict[str, Known]:
    """What the latest assessments say of the young people `ids`."""
    found = {id: Known() for id in ids}
    for id, newest in latest.items():
        if id in found:
            found[id] = Known(newest.score.combined.band, {p.domain: p.level for p in newest.score.points})
    return found


def snapshot(work: Work) -> Snapshot:
    """What is recorded at places now."""
    session = work.session
    at = (str(session.get_bind().engine.url), settings.data(), *places.stamp(session))
    with _KEPT_LOCK:
        kept = _KEPT.get("last")
        if kept is None or kept[0] != at:
            kept = _KEPT["last"] = (at, _read(session, work))
        return kept[1]


_KEPT: dict[str, tuple[tuple[Any, ...], Snapshot]] = {}
_KEPT_LOCK = Lock()


def _read(session: store.Session, work: Work) -> Snapshot:
    recorded, rule = places.recorded(session), place_rules()
    everybody = Scope(work.user.id, frozenset({Reach.ALL}), work.today)
    columns = seen.build(
        recorded.events,
        recorded.ties,
        recorded.places,
        recorded.adults,
        recorded.vehicles,
        known(assessments.latest(session, everybody), recorded.young_people),
        rule,
    )
    sorts = places.sorts(session)
    return Snapshot(
        seen=columns,
        places=recorded.places,
        exposure={
            id: exposure(place, recorded.lived_in.get(id), sorts.get(id), rule.dwellings)
            for id, place in recorded.places.items()
        },
        nameless=_nameless(recorded.places, {p.id: p.name for p in people.everyone(session, everybody)}),
    )


def _nameless(known: Mapping[str, Place], names: Mapping[str, str]) -> frozenset[str]:
    by_word: dict[str, set[str]] = {}
    for id, name in names.items():
        for word in name_words(name):
            by_word.setdefault(word, set()).add(id)
    found = set()
    for id, place in known.items():
        near = {young for word in name_words(f"{place.name} {place.address}") for young in by_word.get(word, ())}
        if near and names_any(f"{place.name} {place.address}", {y: names[y] for y in near}, whole=True):
            found.add(id)
    return frozenset(found)


@lru_cache(maxsize=4)
def _rules(data: Path) -> Rules:
    return rules.load(data)
