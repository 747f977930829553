"""What of a count may be shown to those who see no names: ranges, so that no two answers tell a small difference.

A count from 1 to under the threshold t reads "fewer than t", a larger one as a range as wide as the rounding b
(b >= t). Of two nested counts either both read alike, or the difference may be as little as 0 or 1 and as much as t or
more, or the smaller is 0 and the larger is hidden itself: no pair tells more of a difference than "fewer than t" would.
Where the cells of a line and its total together would (the others being all small, or nearly their most), `line` hides
more of it. `docs/decisions/0005-disclosure-control.md` has the reasoning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chm.places.rules import Suppression

Numbers = NDArray[np.int64]


class Count(NamedTuple):
    """A count as it may be shown: at least `least` and at most `most`; the two are equal where it is shown exactly."""

    least: int
    most: int

    @property
    def text(self) -> str:
        """In words: "0", "7", "fewer than 5" or "5 to 9"."""
        if self.least == self.most:
            return str(self.least)
        return f"fewer than {self.most + 1}" if self.least <= 1 else f"{self.least} to {self.most}"

    @property
    def none(self) -> bool:
        """Whether it is known to be 0."""
        return self.most == 0

    @property
    def step(self) -> int:
        """The number that steps of points go by: the least it can be, a hidden count being 1."""
        return max(self.least, 1) if self.most else 0


NO_COUNT = Count(0, 0)


@dataclass(frozen=True, eq=False)
class Counts:
    """Many counts at once: `least` and `most`, of one shape."""

    least: Numbers
    most: Numbers

    def at(self, *where: int) -> Count:
        """One of them."""
        return Count(int(self.least[where]), int(self.most[where]))

    @property
    def steps(self) -> Numbers:
        """The number of each that steps of points go by, as `Count.step`."""
        found: Numbers = np.where(self.most > 0, np.maximum(self.least, 1), 0)
        return found


def exact(counts: Numbers) -> Counts:
    """Counts shown as they are, to those who know the young people behind them."""
    return Counts(counts, counts)


def protected(counts: Numbers, rule: Suppression) -> Counts:
    """Each count by itself as `rule` lets it be shown."""
    t, b = rule.threshold, rule.rounding
    small = counts < t
    low = counts // b * b
    least = np.where(small, 1 if rule.show_zero else 0, np.maximum(low, t))
    most = np.where(small, t - 1, low + b - 1)
    if rule.show_zero:
        zero = counts == 0
        least, most = np.where(zero, 0, least), np.where(zero, 0, most)
    return Counts(least, most)


def protect(count: int, rule: Suppression | None) -> Count:
    """One count as `rule` lets it be shown, exactly where there is no rule."""
    return Count(count, count) if rule is None else protected(np.array([count]), rule).at(0)


@dataclass(frozen=True, eq=False)
class Line:
    """Cells (m, k) that belong together, and the rows (m,) of which more is hidden than each cell would ask for."""

    cells: Counts
    alike: NDArray[np.bool_]


def line(cells: Numbers, totals: Numbers, rule: Suppression) -> Line:
    """Cells (m, k), each row of which adds up to its total (m,) or more, shown so that the total tells no cell.

    Where it would, zeros of that row read as the hidden do; where that is not enough, so does the first range.
    """
    shown, whole = protected(cells, rule), protected(totals, rule)
    tight = narrowed(shown, whole, rule)
    for most in (rule.threshold - 1, rule.threshold + rule.rounding - 1):
        alike = narrowed(shown, whole, rule)[:, None] & (cells <= most)
        shown = Counts(np.where(alike, 0, shown.least), np.where(alike, most, shown.most))
    return Line(shown, tight)


def narrowed(cells: Counts, totals: Counts, rule: Suppression) -> NDArray[np.bool_]:
    """(m,): rows whose total leaves a hidden cell fewer than `rule.room` values, the others being what they can be."""
    hidden = (cells.least < cells.most) & (cells.most < rule.threshold)
    others_least = cells.least.sum(axis=1, keepdims=True) - cells.least
    others_most = cells.most.sum(axis=1, keepdims=True) - cells.most
    most = np.minimum(cells.most, totals.most[:, None] - others_least)
    least = np.maximum(cells.least, totals.least[:, None] - others_most)
    found: NDArray[np.bool_] = (hidden & (most - least + 1 < rule.room)).any(axis=1)
    return found
