"""How places rank: counts of what was recorded there, steps of points for each, and why.

The ranking goes by the steps of `data/places.yaml`, which are no finer than what may be shown of a count. It is the
same for everybody, whoever may see the counts themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chm.linkage.ties import Confidence, Influence
from chm.places.disclosure import Count, Counts, exact, line, protected
from chm.places.rules import PARTS, RankPart, Rules, Suppression
from chm.places.seen import (
    CONFIDENCE,
    GUARDIAN,
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


class Trend(StrEnum):
    """How the last months compare with as many before them, as far as ranges of counts can tell."""

    NEW = "new"
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"
    FEW = "few"
    NONE = "none"


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


class Part(NamedTuple):
    """One part of a place's rank: the count behind it and the points that earns."""

    id: str
    counted: Count
    points: int


@dataclass(frozen=True)
class PlaceRisk:
    """A place's rank and what it is made of.

    Attributes:
        place: its id. points: out of 100. last: first day of the month of the latest report in the window, whatever
            the filter's kind and influence, or None.
        before: reports in the months that `recent` is compared with.
    """

    place: str
    rank: int
    band: str
    points: int
    parts: tuple[Part, ...]
    before: Count
    last: date | None
    trend: Trend

    def count(self, part: str) -> Count:
        """The count of one part, such as `young_people`."""
        return next(p.counted for p in self.parts if p.id == part)


@dataclass(frozen=True)
class SafePlace:
    """A place that keeps young people safe, and the grown-ups there who are known to look out for them."""

    place: str
    young_people: Count
    guardians: Count


def ranked(seen: Seen, rules: Rules, filter: Filter, today: date, *, hide: bool = True) -> list[PlaceRisk]:
    """Places with anything but protection recorded there, highest rank first.

    With a kind or an influence only those where some is, or may be. Places of equal points go by their latest month,
    then as they are numbered.

    Args:
        hide: counts are shown as `rules.suppression` has it. The ranking is the same without, but for a kind or an
            influence of which it may not be told whether there is any: that earns no points then.
    """
    tally = _Tally(seen, rules, filter, today)
    counts = {name: tally.cells(name)[:, 0] for name in MEASURES}
    if hide:
        told, alike = tally.shown(counts, rules.suppression)
        shown = told
    else:
        told, alike = {name: protected(counts[name], rules.suppression) for name in MEASURES}, tally.nowhere
        shown = {name: exact(counts[name]) for name in MEASURES}
    points = np.column_stack(
        [_points(rules.part[name], np.where(alike & (told[name].least == 0), 0, told[name].steps)) for name in PARTS]
    )
    last = tally.last_month()
    listed = np.flatnonzero(tally.listed(shown["reports"], shown["young_people"]))
    order = sorted(listed.tolist(), key=lambda n: (-int(points[n].sum()), -int(last[n]), n))
    return [
        PlaceRisk(
            place=seen.places[n],
            rank=rank,
            band=rules.bands.of(int(points[n].sum())),
            points=int(points[n].sum()),
            parts=tuple(Part(id, shown[id].at(n), int(points[n, c])) for c, id in enumerate(PARTS)),
            before=shown["before"].at(n),
            last=first_day(int(last[n])) if last[n] != NEVER else None,
            trend=_trend(*(told[name].at(n) for name in ("recent", "before", "earlier"))),
        )
        for rank, n in enumerate(order, 1)
    ]


def safe_places(seen: Seen, rules: Rules, filter: Filter, today: date, *, hide: bool = True) -> list[SafePlace]:
    """Places recorded as keeping somebody safe in the window, most young people first, else as they are numbered."""
    tally = _Tally(seen, rules, Filter(filter.months, None, Influence.PROTECTIVE.value), today)
    rule = rules.suppression
    young, guardians = tally.young(), tally.things(GUARDIAN)
    shown = [protected(counts, rule) if hide else exact(counts) for counts in (young, guardians)]
    steps = protected(young, rule).steps
    order = sorted(np.flatnonzero((young > 0) | (guardians > 0)).tolist(), key=lambda n: (-int(steps[n]), n))
    return [SafePlace(seen.places[n], shown[0].at(n), shown[1].at(n)) for n in order]


def why(risk: PlaceRisk, rules: Rules, most: int = 3) -> str:
    """What earned the rank, in a sentence: the parts with most points, in the order of the rules."""
    top = sorted((p for p in risk.parts if p.points), key=lambda p: -p.points)[:most]
    told = [p for p in risk.parts if p in top]
    said = [_said(rules.part[p.id], p.counted) for p in told]
    text = "; ".join(said) or "Nothing was recorded in this window"
    return text[:1].upper() + text[1:]


def _said(part: RankPart, count: Count) -> str:
    return f"{count.text} {part.one if count == (1, 1) else part.many}"


def _looser(shown: Counts, least: Numbers, most: Numbers) -> Counts:
    return Counts(np.minimum(shown.least, least), np.maximum(shown.most, most))


def _points(part: RankPart, steps: Numbers) -> Numbers:
    least = np.array(list(part.points), dtype=np.int64)
    found: Numbers = np.array(list(part.points.values()), dtype=np.int64)[np.searchsorted(least, steps, "right") - 1]
    return found


def _trend(recent: Count, before: Count, earlier: Count) -> Trend:
    """Told from the ranges alone, so that it tells no more than they do."""
    if recent.none:
        return Trend.NONE
    if before.none:
        return Trend.NEW if earlier.none else Trend.RISING
    if recent.least > before.most:
        return Trend.RISING
    if recent.most < before.least:
        return Trend.FALLING
    return Trend.STEADY if recent.least > 1 or before.least > 1 else Trend.FEW


class _Tally:
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
        return _Tally(self.seen, self.rules, whole, first_day(self.now)).cells(name)[:, 0]

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
        ever = _Tally(self.seen, self.rules, Filter(months=None), first_day(self.now))
        found: NDArray[np.bool_] = (ever.cells("reports")[:, 0] > 0) | (ever.young() > 0)
        return found


def first_three(places: Sequence[PlaceRisk]) -> tuple[str, ...]:
    """Ids of the three places to look at first."""
    return tuple(p.place for p in places[:3])
