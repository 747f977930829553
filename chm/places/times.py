"""When reports at a place fall: weekday by part of the day, and before and after something was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from scipy.stats import binomtest

from chm.places.disclosure import Count, exact, line, protect
from chm.places.rules import Rules
from chm.places.seen import INFLUENCE, Seen, first_day, month_of
from chm.places.tally import HARM, Filter, windowed

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Times:
    """Reports by weekday and part of the day.

    Attributes:
        cells: a row for each part of the day in the order of the rules, a count for each weekday from Monday.
        not_known: reports whose day or time of day nobody gave. alike: as for a split of one place.
    """

    cells: tuple[tuple[Count, ...], ...]
    not_known: Count
    alike: bool = False


class Verdict(StrEnum):
    """What a comparison can tell."""

    FEWER = "fewer"
    MORE = "more"
    NO_DIFFERENCE = "no_difference"
    TOO_FEW = "too_few"
    TOO_SOON = "too_soon"


@dataclass(frozen=True)
class BeforeAfter:
    """Reports in the whole months before and after the month in which something was done, that month left out.

    `months` is how many stand on each side; `first_before` and `first_after` are the first days of each side.
    """

    months: int
    first_before: date
    first_after: date
    before: Count
    after: Count
    verdict: Verdict

    @property
    def caveat(self) -> str:
        """What to bear in mind with it, in words."""
        return CAVEATS[self.verdict]


CAVEATS = {
    Verdict.FEWER: "Fewer reports than chance alone would explain. Reports also fall when nobody looks, and a peak"
    " often passes by itself: ask what young people say.",
    Verdict.MORE: "More reports than chance alone would explain. People also report more once they are asked to look.",
    Verdict.NO_DIFFERENCE: "Chance alone could explain a difference of this size.",
    Verdict.TOO_FEW: "Too few reports to tell whether anything changed.",
    Verdict.TOO_SOON: "No whole month has passed since: look again next month.",
}


def times(seen: Seen, rules: Rules, filter: Filter, place: str, today: date, *, hide: bool = True) -> Times:
    """When the reports at `place` under `filter` fall. Hours are put in parts of the day before anything is hidden.

    Where counts are hidden the window alone filters.
    """
    filter = windowed(filter) if hide else filter
    when = _reports(seen, filter, place)
    now = month_of(today)
    if filter.months is not None:
        when = when[:, (when[0] > now - filter.months) & (when[0] <= now)]
    parts = len(rules.parts_of_day)
    known = when[1][when[1] >= 0]
    cells = np.bincount(known % 100 * 7 + known // 100, minlength=parts * 7)
    cells = np.append(cells, when.shape[1] - len(known))
    told = line(cells[None, :], np.array([when.shape[1]]), rules.suppression) if hide else None
    shown = told.cells if told else exact(cells[None, :])
    return Times(
        cells=tuple(tuple(shown.at(0, part * 7 + day) for day in range(7)) for part in range(parts)),
        not_known=shown.at(0, parts * 7),
        alike=bool(told.alike[0]) if told else False,
    )


def before_after(
    seen: Seen, rules: Rules, filter: Filter, place: str, on: date, today: date, *, hide: bool = True
) -> BeforeAfter:
    """Reports at `place` before and after `on`, over as many whole months on each side, at most those of the rules.

    The month of `on` and the month of `today` are left out, as neither is whole. The verdict holds for whatever the
    ranges shown may stand for, by the conditional test of two Poisson counts (Przyborowski and Wilenski 1940).
    """
    filter = windowed(filter) if hide else filter
    done, now = month_of(on), month_of(today)
    months = min(rules.before_after.months, max(now - done - 1, 0))
    reports = _reports(seen, filter, place)[0]
    sides = [int(((reports >= f) & (reports < f + months)).sum()) for f in (done - months, done + 1)]
    rule = rules.suppression
    before, after = (protect(n, rule) for n in sides)
    verdict = _verdict(before, after, rules) if months else Verdict.TOO_SOON
    shown = (before, after) if hide else tuple(protect(n, None) for n in sides)
    return BeforeAfter(months, first_day(done - months), first_day(done + 1), shown[0], shown[1], verdict)


def _verdict(before: Count, after: Count, rules: Rules) -> Verdict:
    rule = rules.before_after
    if before.least + after.least < rule.least:
        return Verdict.TOO_FEW
    for least, most, verdict in ((before.least, after.most, Verdict.FEWER), (after.least, before.most, Verdict.MORE)):
        if least > most and binomtest(least, least + most, 0.5).pvalue < rule.chance:
            return verdict
    return Verdict.NO_DIFFERENCE


def _reports(seen: Seen, filter: Filter, place: str) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """(2, n): month and weekday-and-part of each dated report at `place`, whatever the window."""
    rows = seen.reports
    mask = (rows.place == seen.number[place]) & (rows.first >= 0)
    mask &= np.isin(rows.influence, [INFLUENCE[i] for i in (HARM if filter.influence is None else (filter.influence,))])
    if filter.kind is not None:
        mask &= rows.kind == (seen.kinds.index(filter.kind) if filter.kind in seen.kinds else -2)
    return np.vstack((rows.first[mask], rows.more[mask]))
