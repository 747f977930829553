"""`data/places.yaml`: the published points of the ranking, what is hidden, and the parts of a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chm import connection_kinds, data_file, settings
from chm.errors import Faults
from chm.framework import LEVELS, LevelId

FILE = "places.yaml"
PartId = Literal["young_people", "touched", "reports", "recent", "sure", "of_concern", "vehicles"]
PARTS: tuple[PartId, ...] = ("young_people", "touched", "reports", "recent", "sure", "of_concern", "vehicles")
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Months = Annotated[int, Field(gt=0, le=120)]
MOST_POINTS = 100


class Section(BaseModel):
    """Base of the file's parts: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RankPart(Section):
    """One part of a rank; `points` by the least count that earns them, `one` and `many` say it in words."""

    id: PartId
    name: Text
    one: Text
    many: Text
    points: dict[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0, le=MOST_POINTS)]] = Field(min_length=1)
    source: Text

    @property
    def weight(self) -> int:
        """The most points it can earn."""
        return max(self.points.values())

    def earned(self, count: int) -> int:
        """Points for a count."""
        return self.points[max((step for step in self.points if step <= count), default=min(self.points))]


class Touched(Section):
    """When a young person counts as touched: one of `domains` at `level` or more in the latest assessment."""

    domains: tuple[Id, ...] = Field(min_length=1)
    level: LevelId
    source: Text


class Belonging(Section):
    """Relations that say where somebody lives, learns or works."""

    relations: tuple[Id, ...]
    source: Text


class Bands(Section):
    """The least points of each band."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    least: dict[LevelId, Annotated[int, Field(ge=0, le=MOST_POINTS)]] = Field(alias="from")
    source: Text

    def of(self, points: int) -> str:
        """The band of so many points."""
        return max((b for b in LEVELS if self.least[b] <= points), key=LEVELS.index)


class Suppression(Section):
    """From 1 to under `threshold` a count is hidden, above it shown as a range `rounding` wide.

    `room`: how many values a hidden cell can still have once its line's total is known.
    """

    threshold: Annotated[int, Field(ge=2)]
    rounding: Annotated[int, Field(ge=2)]
    show_zero: bool
    room: Annotated[int, Field(ge=2)]
    source: Text


class Dwellings(Section):
    """How a dwelling is known."""

    words: tuple[Word, ...]
    answers: tuple[Id, ...]
    source: Text


class PartOfDay(Section):
    """Hours from `start` up to `end`; where `end` is not later it runs over midnight."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: Id
    name: Text
    start: Annotated[int, Field(ge=0, lt=24, alias="from")]
    end: Annotated[int, Field(ge=0, le=24, alias="to")]

    @property
    def over_midnight(self) -> bool:
        """Whether it runs over midnight; its hours after that belong to the day before."""
        return 0 < self.end <= self.start

    @property
    def hours(self) -> tuple[int, ...]:
        """Its hours of the clock, in order."""
        over = self.end + 24 if self.end <= self.start else self.end
        return tuple(hour % 24 for hour in range(self.start, over))


class BeforeAfter(Section):
    """Months compared on each side, the chance that counts as a difference, and the least reports to tell by."""

    months: Months
    chance: Annotated[float, Field(gt=0, lt=1)]
    least: Annotated[int, Field(ge=1)]
    source: Text


class Rules(Section):
    """The whole of `data/places.yaml`."""

    windows: tuple[Months, ...] = Field(min_length=1)
    recent_months: Months
    trend_months: Months
    touched: Touched
    belonging: Belonging
    parts: tuple[RankPart, ...]
    bands: Bands
    suppression: Suppression
    dwellings: Dwellings
    parts_of_day: tuple[PartOfDay, ...] = Field(min_length=1)
    before_after: BeforeAfter

    @cached_property
    def part(self) -> dict[str, RankPart]:
        """Parts of the rank by id, in order."""
        return {p.id: p for p in self.parts}

    @cached_property
    def part_of_hour(self) -> tuple[int, ...]:
        """Number of the part of the day for each of the 24 hours."""
        found = {hour: n for n, part in enumerate(self.parts_of_day) for hour in part.hours}
        return tuple(found[hour] for hour in range(24))


def load(data: Path | None = None) -> Rules:
    """Read `places.yaml` in the data folder (the product's own unless given).

    Raises:
        Faults: every fault found, each as `places.yaml: path: what is wrong; fix`.
    """
    folder = data or settings.data()
    rules = data_file.read(folder / FILE, Rules)
    relations = connection_kinds.load(folder).relationship
    if faults := [f"{FILE}: {fault}" for fault in (*_faults(rules), *_unknown(rules, set(relations)))]:
        raise Faults(faults)
    return rules


def _faults(rules: Rules) -> Iterator[str]:
    count = Counter(p.id for p in rules.parts)
    yield from (f"parts: {id} is missing; add it" for id in PARTS if id not in count)
    yield from (f"parts: {id} is listed {n} times; keep one" for id, n in count.items() if n > 1)
    hide = rules.suppression
    for part in rules.parts:
        where = f"parts.{part.id}.points"
        if 0 not in part.points:
            yield f"{where}: the step 0 is missing; add it"
        for step in part.points:
            if step > 1 and (step < hide.threshold or step % hide.rounding):
                yield f"{where}: a step at {step} would tell a hidden count; use 0, 1 or multiples of the rounding"
        if list(part.points.values()) != sorted(part.points.values()) or list(part.points) != sorted(part.points):
            yield f"{where}: steps and points must rise; put them in order"
    if (total := sum(p.weight for p in rules.parts)) != MOST_POINTS:
        yield f"parts: the most points add up to {total}; they must add up to {MOST_POINTS}"
    yield from (f"bands.from: {band} is missing; add it" for band in LEVELS if band not in rules.bands.least)
    if [rules.bands.least.get(b, 0) for b in LEVELS] != sorted(rules.bands.least.get(b, 0) for b in LEVELS):
        yield "bands.from: the points must rise with the bands; correct them"
    if rules.bands.least.get("none", 0) != 0:
        yield "bands.from.none: must be 0, as no points are the lowest band; correct it"
    if hide.rounding < hide.threshold:
        yield "suppression.rounding: must be at least the threshold, or two counts could tell a small difference"
    if hide.room >= hide.threshold:
        yield "suppression.room: a hidden count has fewer values than that; make it less than the threshold"
    yield from _hours(rules.parts_of_day)


def _hours(parts: tuple[PartOfDay, ...]) -> Iterator[str]:
    count = Counter(hour for part in parts for hour in part.hours)
    if missing := [f"{hour:02}" for hour in range(24) if not count[hour]]:
        yield f"parts_of_day: no part has the hour {', '.join(missing)}; together they make the whole day"
    if twice := [f"{hour:02}" for hour in range(24) if count[hour] > 1]:
        yield f"parts_of_day: two parts have the hour {', '.join(twice)}; keep it in one"
    ids = Counter(part.id for part in parts)
    yield from (f"parts_of_day: {id} is listed {n} times; keep one" for id, n in ids.items() if n > 1)


def _unknown(rules: Rules, relations: set[str]) -> Iterator[str]:
    yield from (
        f"belonging.relations: unknown kind {r}; use one of connections.yaml"
        for r in rules.belonging.relations
        if r not in relations
    )
