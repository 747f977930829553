"""How places rank: counts of what was recorded there, steps of points for each, and why.

The ranking goes by the steps of `data/places.yaml`, which are no finer than what may be shown of a count. It is the
same for everybody, whoever may see the counts themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from chm.linkage.ties import Influence
from chm.places.disclosure import Count, exact, protected
from chm.places.rules import PARTS, RankPart, Rules
from chm.places.seen import GUARDIAN, NEVER, Numbers, Seen, first_day
from chm.places.tally import MEASURES, Filter, Tally


class Trend(StrEnum):
    """How the last months compare with as many before them, as far as ranges of counts can tell."""

    NEW = "new"
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"
    FEW = "few"
    NONE = "none"


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
    tally = Tally(seen, rules, filter, today)
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
    tally = Tally(seen, rules, Filter(filter.months, None, Influence.PROTECTIVE.value), today)
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


def first_three(places: Sequence[PlaceRisk]) -> tuple[str, ...]:
    """Ids of the three places to look at first."""
    return tuple(p.place for p in places[:3])
