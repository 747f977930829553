"""Levels to totals, bands, flags and what follows: pure functions of a framework.

A domain scores its level's number once; indicators never add up; an unanswered domain is never zero
(readings A2, A4, A11). Sources: guidance, Final assessment of overall risk, lines 1436 to 1571.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from chm.framework import AXES, LEVELS, Framework, Point, Response

AXIS_NAMES = ("harm", "context", "combined")
RANK: dict[str, int] = {level: n for n, level in enumerate(LEVELS)}


class Total(NamedTuple):
    """One of the three totals. `score` and `band` are None while any domain of the matrix is open.

    `least` and `most` are the totals it can still take, `bands` the band ids that spans, rising.
    """

    score: int | None
    band: str | None
    least: int
    most: int
    bands: tuple[str, ...]


class Flag(NamedTuple):
    """Something the bands could hide; `domain` is set where it is about one domain."""

    code: str
    text: str
    source: str
    domain: str | None = None


class Score(NamedTuple):
    """The result of scoring: three totals, flags, what follows, and each domain's part in it."""

    harm: Total
    context: Total
    combined: Total
    complete: bool
    open_domains: tuple[str, ...]
    flags: tuple[Flag, ...]
    points: tuple[Point, ...]
    response: str | None
    pillars: tuple[str, ...]
    lead_pillars: tuple[str, ...]
    review_by: date | None

    def total(self, axis: str) -> Total:
        """The total of `axis`: harm, context or combined."""
        return self[AXIS_NAMES.index(axis)]  # type: ignore[return-value]

    @property
    def highest_band(self) -> str | None:
        """The highest of the three bands; None while incomplete."""
        bands = [t.band for t in (self.harm, self.context, self.combined) if t.band]
        return max(bands, key=RANK.__getitem__) if self.complete else None

    @property
    def significant(self) -> tuple[str, ...]:
        """Ids of the domains at Significant."""
        return tuple(p.domain for p in self.points if p.level == "significant")

    def to_json(self) -> dict[str, Any]:
        """Everything, as JSON types; `from_json` reads it back."""
        return {
            **self._asdict(),
            **{axis: self.total(axis)._asdict() for axis in AXIS_NAMES},
            "flags": [f._asdict() for f in self.flags],
            "points": [p._asdict() for p in self.points],
            "review_by": self.review_by and self.review_by.isoformat(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Score:
        """The score that `to_json` wrote."""
        totals = {a: Total(**{**stored[a], "bands": tuple(stored[a]["bands"])}) for a in AXIS_NAMES}
        return cls(
            **totals,
            complete=stored["complete"],
            open_domains=tuple(stored["open_domains"]),
            flags=tuple(Flag(**f) for f in stored["flags"]),
            points=tuple(Point(**p) for p in stored["points"]),
            response=stored["response"],
            pillars=tuple(stored["pillars"]),
            lead_pillars=tuple(stored["lead_pillars"]),
            review_by=date.fromisoformat(stored["review_by"]) if stored["review_by"] else None,
        )


class Suggestion(NamedTuple):
    """The level that ticked indicators suggest, and the ids that suggest it; None where none can."""

    level: str | None
    because: tuple[str, ...]


def score(
    framework: Framework,
    levels: Mapping[str, str],
    *,
    assessed_on: date,
    age: int | None = None,
    referrals: Collection[date] = (),
    review_due: date | None = None,
) -> Score:
    """Score `levels` (domain id to level id; an absent domain is open).

    Args:
        assessed_on: the day of the assessment; reviews count from it, referrals back from it.
        age: in whole years on that day, None where not known.
        referrals: dates of referrals; those after `assessed_on` do not count.
        review_due: the day the last assessment's review is due, None where there is none.
    """
    answered = {
        axis: [table[levels[id]] for id, table in tables.items() if id in levels]
        for axis, tables in framework.axis_points.items()
    }
    points = (*answered["harm"], *answered["context"])
    left = [] if len(points) == len(framework.points) else [id for id in framework.points if id not in levels]
    room = {"harm": 0, "context": 0}
    for id in left:
        most = framework.points[id]["significant"]
        room[most.axis] += most.score
    harm_sum, context_sum = (sum([p.score for p in answered[axis]]) for axis in AXES)
    harm = _total(framework, "harm", harm_sum, room["harm"], not left)
    context = _total(framework, "context", context_sum, room["context"], not left)
    combined = _total(framework, "combined", harm_sum + context_sum, sum(room.values()), not left)
    after = framework.responses[combined.band] if combined.band else None  # type: ignore[index]
    flags = [
        *_level_flags(framework, answered, (harm, context, combined)),
        *_case_flags(framework, points, assessed_on, age, referrals, review_due),
    ]
    return Score(
        harm,
        context,
        combined,
        not left,
        tuple(left),
        tuple(flags),
        points,
        after.response if after else None,
        after.pillars if after else (),
        after.lead_pillars if after else (),
        review_date(after, assessed_on) if after else None,
    )


def after_one_answer(
    framework: Framework, levels: Mapping[str, str], *, assessed_on: date
) -> dict[str, dict[str, Score]]:
    """The score of `levels` after each single answer that could come next: by domain id, then level id."""
    return {
        domain: {level: score(framework, {**levels, domain: level}, assessed_on=assessed_on) for level in LEVELS}
        for domain in framework.domain
    }


def _total(framework: Framework, axis: str, least: int, room: int, complete: bool) -> Total:
    band_of = framework.band_of[axis]
    low = band_of[least]
    if complete:
        return Total(least, low, least, least, (low,))
    return Total(None, None, least, least + room, LEVELS[RANK[low] : RANK[band_of[least + room]] + 1])


def _level_flags(
    framework: Framework, answered: Mapping[str, Sequence[Point]], totals: tuple[Total, Total, Total]
) -> Iterator[Flag]:
    """What levels and bands raise; an axis whose domains are all answered does not wait for the other."""
    combined = totals[2]
    hidden = ""
    if combined.band and combined.band != "significant":
        hidden = f"; the combined total of {combined.score} ({_name(framework, combined.band)}) hides it"
    for points in answered.values():
        for p in points:
            if p.level == "significant":
                text = f"{framework.domain[p.domain].name} is Significant{hidden}"
                yield Flag("significant_domain", text, p.source, p.domain)
    bands = {axis: total.bands[0] for axis, total in zip(AXES, totals, strict=False) if total.least == total.most}
    if combined.band:
        higher = [f"{a} is {_name(framework, b)}" for a, b in bands.items() if RANK[b] > RANK[combined.band]]
        if higher:
            text = f"Combined reads {_name(framework, combined.band)}, but {' and '.join(higher)}"
            yield Flag("combined_below_axis", text, framework.cite(framework.bands["combined"].lines))
    for axis, band in bands.items():
        if band != "none" and RANK[band] > max([RANK[p.level] for p in answered[axis]]):
            text = f"The {axis} band is {_name(framework, band)}, above the level of every {axis} domain"
            yield Flag("band_above_levels", text, framework.cite(framework.bands[axis].lines))
    for points in answered.values():
        for p in points:
            if p.inferred:
                name = f"{framework.domain[p.domain].name} at {_name(framework, p.level)}"
                text = f"{name} scores {p.score} by our reading: the printed number cannot be read"
                yield Flag("inferred_score", text, p.source, p.domain)


def _case_flags(
    framework: Framework,
    points: Sequence[Point],
    assessed_on: date,
    age: int | None,
    referrals: Collection[date],
    review_due: date | None,
) -> Iterator[Flag]:
    """What the facts beside the levels raise."""
    if referrals:
        repeat = framework.repeat_referrals
        since = _after(assessed_on, 0, -repeat.months)
        recent = sum([since <= day <= assessed_on for day in referrals])
        if recent >= repeat.count:
            text = f"{recent} referrals in the {repeat.months} months to this assessment"
            yield Flag("repeat_referrals", text, framework.cite(repeat.lines))
    young = framework.young_and_missing
    if age is not None and age <= young.age:
        for p in points:
            if p.domain == "missing" and p.level != "none":
                text = f"Aged {young.age} or under with {framework.domain[p.domain].name.lower()} above none"
                yield Flag("young_and_missing", text, framework.cite(young.lines), p.domain)
    if review_due and review_due < assessed_on:
        text = f"The last review was due on {review_due.day} {review_due:%B %Y}"
        yield Flag("review_overdue", text, framework.cite((1530, 1571)))


def _name(framework: Framework, level: str) -> str:
    return framework.level[level].band_name


def review_date(response: Response, day: date) -> date | None:
    """The day a review falls due, counted from `day`; None where the guidance sets none."""
    review = response.review
    return _after(day, review.days or 0, review.months or 0) if review else None


@lru_cache(maxsize=1024)
def _after(day: date, days: int, months: int) -> date:
    return day + relativedelta(days=days, months=months)


def review_by(framework: Framework, score: Score, level: str, assessed_on: date) -> date | None:
    """The day the next review falls due under the judged `level`.

    A judgement below a computed band keeps the sooner of the two reviews.
    """
    judged = review_date(framework.responses[level], assessed_on)  # type: ignore[index]
    if not judged_below(score, level):
        return judged
    computed = review_date(framework.responses[score.highest_band], assessed_on)  # type: ignore[index]
    return min((d for d in (judged, computed) if d), default=None)


def judged_below(score: Score, level: str) -> bool:
    """Whether the judged `level` lies below any of the three computed bands."""
    highest = score.highest_band
    return highest is not None and RANK[level] < RANK[highest]


def hides_significant(framework: Framework, score: Score, axis: str) -> bool:
    """Whether the band of `axis` lies below Significant while a domain of it is Significant."""
    within = any(axis in (framework.domain[d].axis, "combined") for d in score.significant)
    return within and score.total(axis).band not in (None, "significant")


def at_least(score: Score) -> str | None:
    """While incomplete: the band the combined total has surely reached; None when complete."""
    return None if score.complete else score.combined.bands[0]


def suggest(framework: Framework, domain: str, ticks: Collection[str]) -> Suggestion:
    """The highest level with a ticked indicator that may set a level (readings A3, A4, C5, C9).

    Identity, SEN, an EHC plan or naming an unsafe place never set one alone; a statement that needs
    another counts only beside another ticked concern of the same domain.
    """
    levels = framework.domain[domain].levels
    concerns = sum(i.id in ticks for level in LEVELS[1:] for i in levels[level])
    for level in reversed(LEVELS):
        because = tuple(
            i.id for i in levels[level] if i.id in ticks and i.alone and (concerns > 1 or not i.with_another)
        )
        if because:
            return Suggestion(level, because)
    return Suggestion(None, ())
