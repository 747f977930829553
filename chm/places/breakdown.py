"""One place in numbers: roles, influences, bands, kinds and months of what was recorded there, and what is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from chm.places.disclosure import Count, exact, line, protect
from chm.places.rules import Rules, Suppression
from chm.places.seen import (
    CONFIDENCES,
    GUARDIAN,
    INFLUENCE,
    INFLUENCES,
    NEVER,
    PERSON_OF_CONCERN,
    ROLES,
    VEHICLE,
    Numbers,
    Rows,
    Seen,
    first_day,
    month_of,
)
from chm.places.tally import HARM, Filter, windowed

K = TypeVar("K")


@dataclass(frozen=True)
class Split(Generic[K]):
    """Counts that belong together, in order. `alike`: more is hidden than each would ask for, so zeros are too."""

    counts: tuple[tuple[K, Count], ...]
    alike: bool = False

    def of(self, key: K) -> Count:
        """The count of one of them."""
        return dict(self.counts)[key]


@dataclass(frozen=True)
class Breakdown:
    """What was recorded at one place under a filter.

    Attributes:
        roles, influences, bands: young people by role on events, by influence of any record, and by the band of their
            latest assessment (None: not assessed). One with two roles counts in both.
        kinds, confidence, months: reports by kind of event, by confidence, and by month (its first day), last last.
        kinds_by_month: for each kind the same months; none where numbers are hidden, for every cell would be.
        new_young_people, new_of_concern, new_vehicles: first recorded here in the recent months.
        new_kinds: kinds of event first recorded here in them. undated: reports without a day, in no window.
        agencies: how many report the place. guardians: grown-ups known to look out for young people here.
    """

    place: str
    roles: Split[str]
    influences: Split[str]
    bands: Split[str | None]
    kinds: Split[str]
    confidence: Split[str]
    months: Split[date]
    kinds_by_month: tuple[tuple[str, tuple[int, ...]], ...]
    new_young_people: Count
    new_of_concern: Count
    new_vehicles: Count
    new_kinds: tuple[str, ...]
    undated: Count
    agencies: Count
    guardians: Count


def breakdown(seen: Seen, rules: Rules, filter: Filter, place: str, today: date, *, hide: bool = True) -> Breakdown:
    """The numbers of one place; where they are hidden the window alone filters.

    Raises KeyError where it is not among `seen.places`.
    """
    filter = windowed(filter) if hide else filter
    return _Place(seen, rules, filter, place, today, rules.suppression if hide else None).breakdown()


class _Place:
    """The rows of one place, and counts of them."""

    def __init__(
        self, seen: Seen, rules: Rules, filter: Filter, place: str, today: date, rule: Suppression | None
    ):  # fmt: skip
        self.seen, self.rules, self.filter, self.place, self.rule = seen, rules, filter, place, rule
        number = seen.number[place]
        self.reports, self.people, self.things = (
            rows.only(rows.place == number) for rows in (seen.reports, seen.people, seen.things)
        )
        self.now = month_of(today)
        self.harm = [INFLUENCE[i] for i in (HARM if filter.influence is None else (filter.influence,))]

    def breakdown(self) -> Breakdown:
        reports, people, things = (self._seen(rows) for rows in (self.reports, self.people, self.things))
        young = np.unique(people.what)
        agencies = np.concatenate((reports.agency, people.agency))
        kinds = self._split(
            list(self.seen.kinds), np.bincount(reports.kind, minlength=len(self.seen.kinds)), len(reports.what)
        )
        return Breakdown(
            place=self.place,
            roles=self._split([r.value for r in ROLES], self._by(people, people.more, len(ROLES)), len(young)),
            influences=self._influences(),
            bands=self._split(
                [None, *self.seen.bands],
                np.bincount(self.seen.band[young] + 1, minlength=len(self.seen.bands) + 1),
                len(young),
            ),
            kinds=kinds,
            confidence=self._split(
                [c.value for c in CONFIDENCES],
                np.bincount(reports.confidence, minlength=len(CONFIDENCES)),
                len(reports.what),
            ),
            months=self._months(),
            kinds_by_month=() if self.rule else tuple(self._kinds_by_month()),
            new_young_people=self._new(self.people, self._harmful(self.people)),
            new_of_concern=self._new(self.things, self.things.more == PERSON_OF_CONCERN),
            new_vehicles=self._new(self.things, self.things.more == VEHICLE),
            # Where kinds read alike, which of them there are is not told either.
            new_kinds=() if kinds.alike else self._new_kinds(),
            undated=self._count(int((self._harmful(self.reports) & (self.reports.first == NEVER)).sum())),
            agencies=self._count(len(np.unique(agencies))),
            guardians=self._count(len(np.unique(self.things.what[self._in(self.things) & self._is(GUARDIAN)]))),
        )

    def _is(self, which: int) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.things.more == which
        return found

    def _harmful(self, rows: Rows) -> NDArray[np.bool_]:
        """Rows that the filter's kind and influence leave."""
        found: NDArray[np.bool_] = np.isin(rows.influence, self.harm)
        if self.filter.kind is not None:
            number = self.seen.kinds.index(self.filter.kind) if self.filter.kind in self.seen.kinds else -2
            found &= rows.kind == number
        return found

    def _in(self, rows: Rows) -> NDArray[np.bool_]:
        if self.filter.months is None:
            return np.ones(len(rows.place), dtype=bool)
        found: NDArray[np.bool_] = (rows.last > self.now - self.filter.months) & (rows.first <= self.now)
        return found

    def _seen(self, rows: Rows) -> Rows:
        return rows.only(self._in(rows) & self._harmful(rows))

    def _by(self, rows: Rows, column: Numbers, k: int) -> Numbers:
        """(k,): different things in each value of `column`."""
        most = int(rows.what.max(initial=0)) + 1
        found: Numbers = np.bincount(np.unique(column * most + rows.what) // most, minlength=k)
        return found

    def _influences(self) -> Split[str]:
        everybody = self.people.only(self._in(self.people))
        by = self._by(everybody, everybody.influence, len(INFLUENCES))
        return self._split([i.value for i in INFLUENCES], by, len(np.unique(everybody.what)))

    def _months(self) -> Split[date]:
        t, r = self.rules.trend_months, self.rules.recent_months
        mask = self._harmful(self.reports)
        by = np.bincount(
            self.reports.first[mask & (self.reports.first > self.now - t) & (self.reports.first <= self.now)]
            - (self.now - t + 1),
            minlength=t,
        )
        days = [first_day(self.now - t + 1 + n) for n in range(t)]
        whole = self._split(days, by, int(by.sum()))
        lately = self._split(days[-r:], by[-r:], int(by[-r:].sum()))
        # The recent months have a total of their own, which must not tell them either.
        if lately.alike and not whole.alike:
            return Split((*whole.counts[:-r], *lately.counts), True)
        return whole

    def _kinds_by_month(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        t, rows = self.rules.trend_months, self._seen(self.reports)
        at = rows.first - (self.now - t + 1)
        for n, kind in enumerate(self.seen.kinds):
            counts = np.bincount(at[(rows.kind == n) & (at >= 0)], minlength=t)
            if counts.any():
                yield kind, tuple(counts.tolist())

    def _new(self, rows: Rows, mask: NDArray[np.bool_]) -> Count:
        recent = self.now - self.rules.recent_months
        dated = mask & (rows.first != NEVER) & (rows.first <= self.now)
        before = np.unique(rows.what[mask & ((rows.first <= recent) | (rows.first == NEVER))])
        return self._count(len(np.setdiff1d(rows.what[dated & (rows.first > recent)], before)))

    def _new_kinds(self) -> tuple[str, ...]:
        rows, mask = self.reports, self._harmful(self.reports)
        recent = self.now - self.rules.recent_months
        now, before = (set(rows.kind[mask & part].tolist()) for part in (rows.first > recent, rows.first <= recent))
        return tuple(kind for n, kind in enumerate(self.seen.kinds) if n in now - before)

    def _count(self, n: int) -> Count:
        return protect(n, self.rule)

    def _split(self, keys: list[K], cells: Numbers, total: int) -> Split[K]:
        if self.rule is None:
            return Split(tuple((k, exact(cells).at(n)) for n, k in enumerate(keys)))
        told = line(cells[None, :], np.array([total]), self.rule)
        return Split(tuple((k, told.cells.at(0, n)) for n, k in enumerate(keys)), bool(told.alike[0]))
