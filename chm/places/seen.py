"""What was recorded at places, laid out in columns: a ranking counts tens of thousands of reports in one look.

Rows name places, young people and things by number. A month is a number too: year * 12 + month - 1, `NEVER` where no
day is known. Nothing here is hidden yet: `chm.places.risk` counts it, `chm.places.disclosure` says what may be shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chm.connections import EventRole
from chm.linkage.ties import ONGOING, Confidence, Influence
from chm.places.rules import Rules
from chm.scoring import RANK

Numbers = NDArray[np.int64]
NEVER, ALWAYS = -1, 10**6
NO_EVENT = -1
ROLES, INFLUENCES, CONFIDENCES = tuple(EventRole), tuple(Influence), tuple(Confidence)
ROLE = {role.value: n for n, role in enumerate(ROLES)}
INFLUENCE = {influence.value: n for n, influence in enumerate(INFLUENCES)}
CONFIDENCE = {confidence.value: n for n, confidence in enumerate(CONFIDENCES)}
SOURCES = (EventRole.ALLEGED_SOURCE.value, EventRole.BOTH.value)
PERSON_OF_CONCERN, VEHICLE, GUARDIAN = 0, 1, 2


class Reported(NamedTuple):
    """An event as it counts at places; `named` holds (id, role) of each young person or entity on it."""

    id: str
    kind: str
    start: date | None
    at: time | None
    influence: str
    confidence: str
    agency: str
    named: tuple[tuple[str, str], ...]


class Tied(NamedTuple):
    """A relationship of a place with somebody (an id)."""

    place: str
    other: str
    kind: str
    start: date | None
    end: date | None
    influence: str
    confidence: str
    agency: str


@dataclass(frozen=True)
class Known:
    """A young person as the latest assessment has them: their band, and each domain's level; None and empty: none."""

    band: str | None = None
    levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Rows:
    """Columns of equal length: what stands at which place, in which months, and how it is known."""

    place: Numbers
    what: Numbers
    kind: Numbers
    first: Numbers
    last: Numbers
    influence: Numbers
    confidence: Numbers
    agency: Numbers
    more: Numbers

    def only(self, rows: NDArray[np.bool_]) -> Rows:
        """The rows that are True."""
        return Rows(*(column[rows] for column in self.columns))

    @property
    def columns(self) -> tuple[Numbers, ...]:
        """Every column, in order."""
        return (self.place, self.what, self.kind, self.first, self.last, self.influence, self.confidence, self.agency,
                self.more)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Seen:
    """m places and what was recorded there.

    Attributes:
        places, young_people, kinds, agencies: ids and names by number. band: (n,) number in `bands`, -1 not assessed.
        touched: (n,) of bool. known: each young person's latest assessment.
        reports: a row for each event at each place; `what` numbers the event, `more` its weekday (Monday 0) and part
            of the day as 100 * weekday + part, -1 where either is not known.
        people: a row for each young person on such an event, or tied to a place (`kind` `NO_EVENT`); `more`: the role.
        things: persons of concern, vehicles and guardians; `more` says which.
    """

    places: tuple[str, ...]
    young_people: tuple[str, ...]
    kinds: tuple[str, ...]
    agencies: tuple[str, ...]
    bands: tuple[str, ...]
    band: Numbers
    touched: NDArray[np.bool_]
    known: Mapping[str, Known]
    reports: Rows
    people: Rows
    things: Rows

    @property
    def number(self) -> dict[str, int]:
        """The number of each place."""
        return {id: n for n, id in enumerate(self.places)}


def month_of(day: date | None) -> int:
    """The number of a day's month, `NEVER` for None and `ALWAYS` for a tie that goes on."""
    if day is None:
        return NEVER
    return ALWAYS if day == ONGOING else day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of a month by number."""
    return date(month // 12, month % 12 + 1, 1)


def build(
    events: Iterable[Reported],
    ties: Iterable[Tied],
    places: Collection[str],
    adults: Collection[str],
    vehicles: Collection[str],
    known: Mapping[str, Known],
    rules: Rules,
) -> Seen:
    """The columns of what `events` and `ties` say about `places`.

    Args:
        adults: ids of persons known to be grown up; nobody else is ever counted as of concern. vehicles: ids.
        known: every young person there can be, by id.
    """
    return _Builder(sorted(places), frozenset(adults), frozenset(vehicles), known, rules).built(events, ties)


class _Builder:
    def __init__(
        self, places: Sequence[str], adults: frozenset[str], vehicles: frozenset[str], known: Mapping[str, Known],
        rules: Rules,
    ):  # fmt: skip
        self.place = {id: n for n, id in enumerate(places)}
        self.young = {id: n for n, id in enumerate(sorted(known))}
        self.adults, self.vehicles, self.known, self.rules = adults, vehicles, known, rules
        self.kinds: dict[str, int] = {}
        self.agencies: dict[str, int] = {}
        self.things: dict[str, int] = {}
        self.rows: tuple[list[tuple[int, ...]], ...] = ([], [], [])

    def built(self, events: Iterable[Reported], ties: Iterable[Tied]) -> Seen:
        for n, event in enumerate(events):
            self._event(n, event)
        for tie in ties:
            self._tie(tie)
        bands = tuple(RANK)
        touched, least = self.rules.touched, RANK[self.rules.touched.level]
        reports, people, things = map(_columns, self.rows)
        return Seen(
            places=tuple(self.place),
            young_people=tuple(self.young),
            kinds=tuple(self.kinds),
            agencies=tuple(self.agencies),
            bands=bands,
            band=np.array([RANK.get(self.known[id].band or "", -1) for id in self.young], dtype=np.int64),
            touched=np.array(
                [any(RANK.get(self.known[id].levels.get(d, ""), -1) >= least for d in touched.domains)
                 for id in self.young], dtype=bool,
            ),
            known=self.known,
            reports=reports,
            people=people,
            things=things,
        )  # fmt: skip

    def _event(self, n: int, event: Reported) -> None:
        where = {self.place[id] for id, _ in event.named if id in self.place}
        if not where:
            return
        month = month_of(event.start)
        said = (self._kind(event.kind), month, month, *self._source(event))
        for place in sorted(where):
            self.rows[0].append((place, n, *said, self._when(event)))
            for id, role in event.named:
                if id in self.young:
                    self.rows[1].append((place, self.young[id], *said, ROLE[role]))
                elif id in self.vehicles:
                    self.rows[2].append((place, self._thing(id), *said, VEHICLE))
                elif id in self.adults and role in SOURCES:
                    self.rows[2].append((place, self._thing(id), *said, PERSON_OF_CONCERN))
                elif id in self.adults and event.influence == Influence.PROTECTIVE:
                    self.rows[2].append((place, self._thing(id), *said, GUARDIAN))

    def _tie(self, tie: Tied) -> None:
        if tie.place not in self.place:
            return
        if tie.kind in self.rules.belonging.relations and tie.influence == Influence.UNCLEAR:
            return
        months = (month_of(tie.start), month_of(tie.end))
        said = (self.place[tie.place], NO_EVENT, *months, *self._source(tie))
        if tie.other in self.young:
            self.rows[1].append((said[0], self.young[tie.other], *said[1:], ROLE[EventRole.UNKNOWN]))
        elif tie.other in self.adults and tie.influence == Influence.PROTECTIVE:
            self.rows[2].append((said[0], self._thing(tie.other), *said[1:], GUARDIAN))

    def _source(self, said: Reported | Tied) -> tuple[int, int, int]:
        agency = self.agencies.setdefault(said.agency.casefold(), len(self.agencies))
        return INFLUENCE[said.influence], CONFIDENCE[said.confidence], agency

    def _kind(self, kind: str) -> int:
        return self.kinds.setdefault(kind, len(self.kinds))

    def _thing(self, id: str) -> int:
        return self.things.setdefault(id, len(self.things))

    def _when(self, event: Reported) -> int:
        if event.start is None or event.at is None:
            return -1
        part = self.rules.part_of_hour[event.at.hour]
        day_before = self.rules.parts_of_day[part].over_midnight and event.at.hour < self.rules.parts_of_day[part].end
        return 100 * ((event.start.weekday() - day_before) % 7) + part


def _columns(rows: list[tuple[int, ...]]) -> Rows:
    made = np.array(rows, dtype=np.int64).reshape(-1, 9)
    return Rows(*np.ascontiguousarray(made.T))
