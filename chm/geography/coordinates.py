"""National Grid metres to WGS 84 degrees and back. Without the survey's shift grid: right to about 5 metres."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyproj
import pyproj.network
import shapely
from numpy.typing import NDArray

NATIONAL_GRID, IRISH_GRID, WGS84 = "EPSG:27700", "EPSG:29903", "EPSG:4326"
# Round the United Kingdom, in degrees.
WEST, SOUTH, EAST, NORTH = -9.0, 49.0, 2.5, 61.5
Points = NDArray[np.float64]


@cache
def _transformer(source: str, target: str) -> pyproj.Transformer:
    # The finer shift grid would be fetched from the network: nothing is.
    pyproj.network.set_network_enabled(active=False)  # type: ignore[attr-defined]
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def to_wgs84(points: Points) -> Points:
    """(n, 2) eastings and northings in metres to longitudes and latitudes in degrees."""
    return np.column_stack(_transformer(NATIONAL_GRID, WGS84).transform(points[:, 0], points[:, 1]))


def to_national_grid(points: Points) -> Points:
    """(n, 2) longitudes and latitudes in degrees to eastings and northings in metres."""
    return np.column_stack(_transformer(WGS84, NATIONAL_GRID).transform(points[:, 0], points[:, 1]))


def irish_to_national_grid(points: Points) -> Points:
    """(n, 2) metres of the Irish Grid, which Northern Ireland goes by, to metres of the National Grid."""
    return np.column_stack(_transformer(IRISH_GRID, NATIONAL_GRID).transform(points[:, 0], points[:, 1]))


def shapes_to_wgs84(shapes: Any) -> Any:
    """Shapes in National Grid metres to degrees with six decimals, about 10 cm."""
    return shapely.transform(shapes, lambda points: to_wgs84(points).round(6))


def shapes_to_national_grid(shapes: Any) -> Any:
    """Shapes in degrees to National Grid metres."""
    return shapely.transform(shapes, to_national_grid)


def point_fault(latitude: float, longitude: float) -> str | None:
    """What is wrong with a point in degrees, and the fix; None where it lies in or near the United Kingdom."""
    if SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST:
        return None
    if SOUTH <= longitude <= NORTH and WEST <= latitude <= EAST:
        return "Latitude and longitude are swapped: the latitude is the one near 51; put each in its own place."
    if max(abs(latitude), abs(longitude)) > 360:
        return "These are metres of the National Grid; give degrees, or the postcode."
    return "The point is not in the United Kingdom; check it, or put the place on the map by a click."
