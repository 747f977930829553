"""Exact counts of each place under one filter, and what of them may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from chm.linkage.ties import Confidence, Influence
from chm.places.disclosure import Counts, line, protected
from chm.places.rules import PARTS, Rules, Suppression
from chm.places.seen import (
    CONFIDENCE,
    INFLUENCE,
    NEVER,
    PERSON_OF_CONCERN,
    VEHICLE,
    Numbers,
    Rows,
    Seen,
    first_day,
    month_of,
)

MEASURES = (*PARTS, "before", "earlier")
LINES = ("young_people", "touched", "reports", "recent", "sure", "before", "earlier")
HARM = (Influence.HARMFUL.value, Influence.UNCLEAR.value)


@dataclass(frozen=True)
class Filter:
    """What is counted: the last `months` months, events of one `kind`, one influence; None takes all.

    Influence None is all that does not protect. With a `kind`, relationships do not count.
    """

    months: int | None = 12
    kind: str | None = None
    influence: str | None = None


YEAR = Filter()


def windowed(filter: Filter) -> Filter:
    """The window of a filter alone: splits of one place by kind as well would tell what the ranking hides."""
    return Filter(filter.months)


class Tally:
    """Exact counts per place under one filter."""

    def __init__(self, seen: Seen, rules: Rules, filter: Filter, today: date):
        self.seen, self.rules, self.filter = seen, rules, filter
        self.now = month_of(today)
        self.kind = seen.kinds.index(filter.kind) if filter.kind in seen.kinds else None
        wanted = HARM if filter.influence is None else (filter.influence,)
        self.influences = tuple(INFLUENCE[i] for i in wanted)
        harm = [INFLUENCE[i] for i in HARM]
        # The line of a cell is about all that does not protect, whatever the filter; protection is apart.
        self.lined = harm if set(self.influences) <= set(harm) else list(self.influences)

    def cells(self, name: str, by: str = "") -> Numbers:
        """(m, k) counts of a measure, by `kind` or by `influence`, else (m, 1); the filter of `by` left out."""
        if name == "of_concern":
            return self.things(PERSON_OF_CONCERN)[:, None]
        if name == "vehicles":
            return self.things(VEHICLE)[:, None]
        rows = self.seen.people if name in ("young_people", "touched") else self.seen.reports
        mask = self._in(rows, *self._months(name))
        if name == "touched":
            mask &= self.seen.touched[rows.what]
        if name == "sure":
            mask &= rows.confidence >= CONFIDENCE[Confidence.LIKELY.value]
        mask &= self._of(rows, "kind" if by == "kind" else "", by == "influence")
        return self._distinct(rows, mask, by)

    @property
    def nowhere(self) -> NDArray[np.bool_]:
        """(m,): False for each place."""
        return np.zeros(len(self.seen.places), dtype=bool)

    def shown(self, counts: Mapping[str, Numbers], rule: Suppression) -> tuple[dict[str, Counts], NDArray[np.bool_]]:
        """(m,) every measure as it may be shown: by itself, and in the lines of the kinds and of the influences.

        Where a line of one measure reads alike at a place, zeros of all its measures read as the hidden do: one
        measure's zero would tell another's. Gives these places too.
        """
        shown = {name: protected(counts[name], rule) for name in MEASURES}
        alike = self.nowhere
        for by, chosen in (("kind", self.filter.kind), ("influence", self.filter.influence)):
            column = self._column(by) if chosen is not None else None
            for name in LINES if column is not None else ():
                told = line(self.cells(name, by), self._total(name, by), rule)
                alike |= told.alike
                shown[name] = _looser(shown[name], told.cells.least[:, column], told.cells.most[:, column])
        for name in MEASURES:
            small = alike & (counts[name] < rule.threshold)
            least, most = shown[name].least, shown[name].most
            shown[name] = _looser(shown[name], np.where(small, 0, least), np.where(small, rule.threshold - 1, most))
        return shown, alike

    def _total(self, name: str, by: str) -> Numbers:
        whole = replace(self.filter, **{by: None})
        if by == "influence" and self.filter.influence == Influence.PROTECTIVE.value:
            return self.cells(name)[:, 0]
        return Tally(self.seen, self.rules, whole, first_day(self.now)).cells(name)[:, 0]

    def _column(self, by: str) -> int | None:
        return self.kind if by == "kind" else self.lined.index(self.influences[0])

    def _months(self, name: str) -> tuple[int | None, int]:
        """First and last month of a measure; None where it has no first."""
        r, t = self.rules.recent_months, self.rules.trend_months
        if name == "recent":
            return self.now - r + 1, self.now
        if name == "before":
            return self.now - 2 * r + 1, self.now - r
        if name == "earlier":
            return self.now - t + 1, self.now - 2 * r
        return None if self.filter.months is None else self.now - self.filter.months + 1, self.now

    def _in(self, rows: Rows, first: int | None, last: int) -> NDArray[np.bool_]:
        if first is None:
            return np.ones(len(rows.place), dtype=bool)
        found: NDArray[np.bool_] = (rows.last >= first) & (rows.first <= last)
        return found

    def _of(self, rows: Rows, without: str = "", lined: bool = False) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self._among(self.lined if lined else self.influences)[rows.influence]
        if self.filter.kind is not None and without != "kind":
            found &= (rows.kind == self.kind) if self.kind is not None else False
        return found

    @staticmethod
    def _among(influences: Sequence[int]) -> NDArray[np.bool_]:
        """Whether each influence, by number, is one of these."""
        found = np.zeros(len(INFLUENCE), dtype=bool)
        found[list(influences)] = True
        return found

    def _distinct(self, rows: Rows, mask: NDArray[np.bool_], by: str) -> Numbers:
        """(m, k): how many different things stand in the rows of `mask`, at each place and in each column of `by`."""
        m, k = len(self.seen.places), 1
        column = np.zeros(int(mask.sum()), dtype=np.int64)
        if by == "kind":
            mask = mask & (rows.kind >= 0)
            k, column = max(len(self.seen.kinds), 1), rows.kind[mask]
        elif by == "influence":
            k, column = len(self.lined), np.searchsorted(self.lined, rows.influence[mask])
        cell = rows.place[mask] * k + column
        most = int(rows.what.max(initial=0)) + 1
        different = np.unique(cell * most + rows.what[mask]) // most
        found: Numbers = np.bincount(different, minlength=m * k).reshape(m, k)
        return found

    def young(self) -> Numbers:
        """(m,): young people."""
        return self.cells("young_people")[:, 0]

    def things(self, which: int) -> Numbers:
        """(m,): persons of concern, vehicles or guardians."""
        rows = self.seen.things
        mask = (rows.more == which) & self._in(rows, *self._months("things")) & self._of(rows)
        return self._distinct(rows, mask, "")[:, 0]

    def last_month(self) -> Numbers:
        """(m,): month of the latest report in the window of whatever kind, `NEVER` where there is none."""
        rows = self.seen.reports
        mask = self._in(rows, *self._months("reports")) & self._among(self.lined)[rows.influence]
        found = np.full(len(self.seen.places), NEVER, dtype=np.int64)
        np.maximum.at(found, rows.place[mask], np.minimum(rows.last[mask], self.now))
        return found

    def listed(self, reports: Counts, young: Counts) -> NDArray[np.bool_]:
        """(m,): the places to list."""
        if self.filter.kind is not None or self.filter.influence is not None:
            return (reports.most > 0) | (young.most > 0)
        ever = Tally(self.seen, self.rules, Filter(months=None), first_day(self.now))
        found: NDArray[np.bool_] = (ever.cells("reports")[:, 0] > 0) | (ever.young() > 0)
        return found


def _looser(shown: Counts, least: Numbers, most: Numbers) -> Counts:
    return Counts(np.minimum(shown.least, least), np.maximum(shown.most, most))
