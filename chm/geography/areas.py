"""Areas of a borough with their outlines, and which of them holds a point."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import ArrayLike, NDArray

from chm.geography.coordinates import shapes_to_national_grid

OUTSIDE = -1


class AreaKind(StrEnum):
    """What a borough is divided into."""

    SECTOR = "sector"
    WARD = "ward"
    LSOA = "lsoa"

    @property
    def plural(self) -> str:
        """As people say it."""
        return {"sector": "postcode sectors", "ward": "wards", "lsoa": "LSOAs"}[self.value]


@dataclass(frozen=True, eq=False)
class Areas:
    """Areas of one kind, in the order of their codes.

    Attributes:
        codes, names: (n,) each; a postcode sector is its own name.
        shapes: (n,) shapely polygons in WGS 84 degrees, longitude first.
        attribution: what their licence asks to be shown beside them.
    """

    kind: AreaKind
    codes: tuple[str, ...]
    names: tuple[str, ...]
    shapes: NDArray[np.object_]
    attribution: str

    @cached_property
    def _tree(self) -> Any:
        return shapely.STRtree(self.shapes)

    def holding(self, longitudes: ArrayLike, latitudes: ArrayLike) -> NDArray[np.intp]:
        """(n,) index of the area that holds each point, `OUTSIDE` where none does or the point is not known (nan).

        A point on a line between areas counts under the first of them, so that none is counted twice.
        """
        points = shapely.points(np.column_stack((np.asarray(longitudes, float), np.asarray(latitudes, float))))
        at, area = self._tree.query(points, predicate="intersects")
        found = np.full(len(points), len(self.codes), dtype=np.intp)
        np.minimum.at(found, at, area)
        found[found == len(self.codes)] = OUTSIDE
        return found

    @cached_property
    def outline(self) -> Any:
        """All of them as one shape, in WGS 84 degrees."""
        return shapely.union_all(self.shapes)

    @cached_property
    def edge(self) -> Collection:
        """The outline of all of them as a GeoJSON FeatureCollection of one feature."""
        return collection(np.array([self.outline]), [{}], [self.kind.value])

    @cached_property
    def square_kilometres(self) -> NDArray[np.float64]:
        """(n,) how large each area is."""
        size: NDArray[np.float64] = shapely.area(shapes_to_national_grid(self.shapes)) / 1e6
        return size

    @cached_property
    def features(self) -> Collection:
        """The outlines as a GeoJSON FeatureCollection; each feature's id is its code."""
        return collection(self.shapes, [{"name": name} for name in self.names], self.codes)

    @cached_property
    def name_points(self) -> Collection:
        """Where each area's name stands, the middle of the widest circle inside it, as a GeoJSON FeatureCollection."""
        circles = shapely.maximum_inscribed_circle(self.shapes, tolerance=1e-4)
        middles = shapely.get_point(circles, 0)
        return collection(middles, [{"name": name} for name in self.names], self.codes)


@dataclass(frozen=True, eq=False)
class Borough:
    """A borough's outline in WGS 84 degrees, and its postcode sectors, which together fill it."""

    code: str
    name: str
    outline: Any
    sectors: Areas

    @property
    def attribution(self) -> str:
        """What the licence asks to be shown beside the outline."""
        return self.sectors.attribution


class Collection(dict[str, Any]):
    """A GeoJSON FeatureCollection that nobody changes: a deep copy, as Plotly makes of all it is given, is itself."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Collection:
        return self


def collection(shapes: Any, properties: list[dict[str, Any]], ids: tuple[str, ...] | list[str]) -> Collection:
    """A GeoJSON FeatureCollection (RFC 7946) of shapes in WGS 84 degrees."""
    return Collection(
        type="FeatureCollection",
        features=[
            {"type": "Feature", "id": id, "properties": own, "geometry": orjson.loads(text)}
            for id, own, text in zip(ids, properties, shapely.to_geojson(shapes).tolist(), strict=True)
        ],
    )
