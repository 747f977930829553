"""Crimes, disorder and searches that the police publish: points snapped to a street and dated by month, never evidence.

Always apart from what our own agencies report.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chm.geography.areas import Areas


@dataclass(frozen=True)
class AreaCount:
    """How many events of one kind an area had in one month, as in 2024-06."""

    area: str
    month: str
    kind: str
    count: int


@dataclass(frozen=True, order=True)
class PointCount:
    """How many events of one kind a force reports at one street point in one month; how events are kept.

    `force` is "" where a file does not say. A later file of the same force and month takes the place of this one.
    """

    force: str
    month: str
    kind: str
    longitude: float
    latitude: float
    count: int


@dataclass(frozen=True, eq=False)
class PublicEvents:
    """Published events, (n,) each.

    Attributes:
        kinds, forces: the names that occur, in order. kind, force: index into them.
        month: datetime64[M]. longitude, latitude: WGS 84 degrees, of the street point that stands for the true one.
        area: index into the areas they were placed on, -1 outside them all.
    """

    kinds: tuple[str, ...]
    kind: NDArray[np.intp]
    forces: tuple[str, ...]
    force: NDArray[np.intp]
    month: NDArray[np.datetime64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    area: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.kind)

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Every month from the first to the last, as in 2024-06; one without events is a month all the same."""
        if not len(self):
            return ()
        return tuple(np.arange(self.month.min(), self.month.max() + 1).astype(str).tolist())

    def chosen(
        self, kinds: Collection[str] | None = None, first: str | None = None, last: str | None = None
    ) -> NDArray[np.bool_]:
        """(n,) which events are of one of `kinds` and from month `first` to month `last`, both included."""
        kept = np.ones(len(self), dtype=bool)
        if kinds is not None:
            kept &= np.array([k in kinds for k in self.kinds], dtype=bool)[self.kind]
        if first is not None:
            kept &= self.month >= np.datetime64(first, "M")
        if last is not None:
            kept &= self.month <= np.datetime64(last, "M")
        return kept

    def only(self, chosen: NDArray[np.bool_]) -> PublicEvents:
        """The `chosen` events alone."""
        return replace(
            self, kind=self.kind[chosen], force=self.force[chosen], month=self.month[chosen],
            longitude=self.longitude[chosen], latitude=self.latitude[chosen], area=self.area[chosen],
        )  # fmt: skip

    def by_area(self, areas: Areas, chosen: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """How many of the `chosen` events (all unless given) each of `areas` holds."""
        inside = self.area >= 0 if chosen is None else chosen & (self.area >= 0)
        return np.bincount(self.area[inside], minlength=len(areas.codes)).astype(np.int64)

    def by_square_kilometre(self, areas: Areas, chosen: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """The same for each square kilometre, so that large areas and small ones compare."""
        return self.by_area(areas, chosen) / areas.square_kilometres

    def by_month(self, chosen: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """How many of the `chosen` events (all unless given) inside the areas each of `months` holds."""
        inside = self.area >= 0 if chosen is None else chosen & (self.area >= 0)
        return np.bincount(self.month_index[inside], minlength=len(self.months)).astype(np.int64)

    @cached_property
    def month_index(self) -> NDArray[np.intp]:
        """(n,) index into `months`."""
        if not len(self):
            return np.empty(0, np.intp)
        index: NDArray[np.intp] = (self.month - self.month.min()).astype(np.intp)
        return index

    def counts(self, areas: Areas) -> list[AreaCount]:
        """Events inside `areas` by area, month and kind, in that order; none where the count is 0."""
        inside = self.area >= 0
        keys = np.column_stack((self.area[inside], self.month_index[inside], self.kind[inside]))
        rows, held = np.unique(keys, axis=0, return_counts=True)
        return [
            AreaCount(areas.codes[area], self.months[month], self.kinds[kind], count)
            for (area, month, kind), count in zip(rows.tolist(), held.tolist(), strict=True)
        ]

    def placed(self, areas: Areas) -> PublicEvents:
        """The same events on other areas, as when wards take the place of sectors."""
        return replace(self, area=areas.holding(self.longitude, self.latitude))

    def point_counts(self) -> list[PointCount]:
        """The events as they are kept, in order; which area holds them is not, since areas change."""
        columns = (self.force, self.month.astype(np.int64), self.kind, self.longitude, self.latitude)
        rows, held = np.unique(np.column_stack(columns), axis=0, return_counts=True)
        months = rows[:, 1].astype(np.int64).astype("datetime64[M]").astype(str)
        return [
            PointCount(self.forces[int(force)], month, self.kinds[int(kind)], longitude, latitude, count)
            for (force, _, kind, longitude, latitude), month, count in zip(
                rows.tolist(), months.tolist(), held.tolist(), strict=True
            )
        ]


def from_points(points: Sequence[PointCount], areas: Areas) -> PublicEvents:
    """Events as they were kept, placed on `areas`."""
    held = np.array([p.count for p in points], dtype=np.intp)
    kinds, forces = (tuple(sorted(set(names))) for names in ((p.kind for p in points), (p.force for p in points)))
    longitude, latitude = (
        np.array(column, float) for column in ([p.longitude for p in points], [p.latitude for p in points])
    )
    columns = (
        np.array([kinds.index(p.kind) for p in points], np.intp),
        np.array([forces.index(p.force) for p in points], np.intp),
        np.array([p.month for p in points], "datetime64[M]"),
        longitude,
        latitude,
        areas.holding(longitude, latitude),
    )
    kind, force, month, longitude, latitude, area = (np.repeat(column, held) for column in columns)
    return PublicEvents(kinds, kind, forces, force, month, longitude, latitude, area)


def joined(parts: Sequence[PublicEvents]) -> PublicEvents:
    """Several as one, the names that occur in alphabetical order."""
    kinds, kind = _renamed([(p.kinds, p.kind) for p in parts])
    forces, force = _renamed([(p.forces, p.force) for p in parts])

    def column(name: str, of: Any) -> Any:
        return np.concatenate([np.empty(0, of), *(getattr(p, name) for p in parts)]).astype(of)

    return PublicEvents(
        kinds, kind, forces, force, column("month", "datetime64[M]"), column("longitude", np.float64),
        column("latitude", np.float64), column("area", np.intp),
    )  # fmt: skip


def _renamed(parts: Sequence[tuple[tuple[str, ...], NDArray[np.intp]]]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """One list of the names that occur, and the indexes of all parts into it."""
    names = tuple(sorted({own[n] for own, index in parts for n in np.unique(index)}))
    at = {name: n for n, name in enumerate(names)}
    indexes = [np.array([at.get(name, 0) for name in own], dtype=np.intp)[index] for own, index in parts]
    return names, np.concatenate([np.empty(0, np.intp), *indexes])
