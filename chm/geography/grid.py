"""Square cells over a borough, on whole multiples of their size in the National Grid, so that they stay put."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from chm.geography.areas import collection
from chm.geography.coordinates import shapes_to_national_grid, shapes_to_wgs84, to_national_grid


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells of `size` metres from the south-west corner (`west`, `south`) in National Grid metres.

    `inside` is (row, column): whether any of the cell lies in the borough; row 0 is the southernmost.
    """

    west: float
    south: float
    size: float
    inside: NDArray[np.bool_]

    def cells(self, longitudes: ArrayLike, latitudes: ArrayLike) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Row and column of each point, (n, 2), and which points lie in a cell of the borough, (n,)."""
        points = np.column_stack((np.asarray(longitudes, float), np.asarray(latitudes, float)))
        metres = np.full(points.shape, -1.0)
        known = np.isfinite(points).all(axis=1)
        metres[known] = to_national_grid(points[known])
        at = (metres[:, ::-1] - (self.south, self.west)) // self.size
        on: NDArray[np.bool_] = np.all((at >= 0) & (at < self.inside.shape), axis=1)
        cells = np.where(on[:, None], at, 0).astype(np.intp)
        return cells, on & self.inside[cells[:, 0], cells[:, 1]]

    def counts(
        self, longitudes: ArrayLike, latitudes: ArrayLike, months: ArrayLike | None = None, of: int = 1
    ) -> NDArray[np.int64]:
        """How many points each cell holds, (row, column); with `months`, one number from 0 under `of` for each point,
        (month, row, column). Points outside the borough's cells are left out."""
        cells, inside = self.cells(longitudes, latitudes)
        month = np.zeros(len(cells), np.intp) if months is None else np.asarray(months, np.intp)
        shape = (of, *self.inside.shape)
        at = np.ravel_multi_index((month[inside], cells[inside, 0], cells[inside, 1]), shape)
        found = np.bincount(at, minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)
        return found[0] if months is None else found

    def features(self, chosen: NDArray[np.bool_]) -> dict[str, Any]:
        """The outlines of the `chosen` cells, (row, column), as GeoJSON; the id of a feature is `row-column`."""
        rows, columns = np.nonzero(chosen)
        corner = np.column_stack((self.west + columns * self.size, self.south + rows * self.size))
        shapes = shapes_to_wgs84(shapely.box(*corner.T, *(corner + self.size).T))
        return collection(shapes, [{}] * len(rows), cell_ids(chosen))


def cell_ids(chosen: NDArray[np.bool_]) -> list[str]:
    """The ids of `chosen` cells, in the order of numpy's `nonzero`."""
    return [f"{row}-{column}" for row, column in np.argwhere(chosen).tolist()]


def over(outline: Any, size: float) -> Grid:
    """The grid of cells of `size` metres over an outline in WGS 84 degrees."""
    shape = shapes_to_national_grid(outline)
    shapely.prepare(shape)
    west, south, east, north = shape.bounds
    corner = np.floor(np.array([west, south]) / size) * size
    columns, rows = np.ceil((np.array([east, north]) - corner) / size).astype(int)
    x, y = np.meshgrid(corner[0] + np.arange(columns) * size, corner[1] + np.arange(rows) * size)
    return Grid(
        float(corner[0]), float(corner[1]), size, shapely.intersects(shape, shapely.box(x, y, x + size, y + size))
    )
