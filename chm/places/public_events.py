"""Crimes, disorder and searches that the police publish: points snapped to a street and dated by month, never evidence.

Always apart from what our own agencies report.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
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


@dataclass(frozen=True, eq=False)
class PublicEvents:
    """Published events, (n,) each.

    Attributes:
        kinds: the names of the kinds, in order. kind: index into `kinds`.
        month: datetime64[M]. longitude, latitude: WGS 84 degrees, of the street point that stands for the true one.
        area: index into the areas they were placed on, -1 outside them all.
    """

    kinds: tuple[str, ...]
    kind: NDArray[np.intp]
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

    def by_area(self, areas: Areas, chosen: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """How many of the `chosen` events (all unless given) each of `areas` holds."""
        inside = self.area >= 0 if chosen is None else chosen & (self.area >= 0)
        return np.bincount(self.area[inside], minlength=len(areas.codes)).astype(np.int64)

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
        return PublicEvents(
            self.kinds, self.kind, self.month, self.longitude, self.latitude,
            areas.holding(self.longitude, self.latitude),
        )  # fmt: skip


def joined(parts: list[PublicEvents]) -> PublicEvents:
    """Several as one, the kinds that occur in alphabetical order."""
    kinds = tuple(sorted({p.kinds[k] for p in parts for k in np.unique(p.kind)}))
    at = {kind: n for n, kind in enumerate(kinds)}
    kind = [np.array([at.get(k, 0) for k in p.kinds], dtype=np.intp)[p.kind] for p in parts]

    def column(name: str, of: Any) -> Any:
        return np.concatenate([np.empty(0, of), *(getattr(p, name) for p in parts)]).astype(of)

    return PublicEvents(
        kinds,
        np.concatenate([np.empty(0, np.intp), *kind]),
        column("month", "datetime64[M]"),
        column("longitude", np.float64),
        column("latitude", np.float64),
        column("area", np.intp),
    )
