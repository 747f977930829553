"""Outlines of a borough and its postcode sectors, drawn from postcodes alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from chm.errors import NotFound
from chm.geography import postcodes
from chm.geography.areas import AreaKind, Areas, Borough
from chm.geography.coordinates import shapes_to_wgs84
from chm.geography.postcodes import Directory
from chm.geography.rules import Geography, Outlines


def draw(rules: Geography) -> Borough:
    """The borough of `rules` with its sectors. Reads the whole directory: some seconds.

    Raises:
        NotFound: the directory has no postcode under the borough's code.
    """
    return built(around(rules), rules)


def around(rules: Geography) -> Directory:
    """The postcodes of the borough of `rules` and of its neighbours.

    Raises:
        NotFound: the directory has no postcode under the borough's code.
    """
    own = postcodes.of_authority(rules.borough.code)
    if not len(own.postcodes):
        raise NotFound(
            f"geography.yaml: borough.code: the postcode directory ({postcodes.release()}) has no postcode under it; "
            f"give the ONS code of a local authority"
        )
    (west, south), (east, north) = own.points.min(axis=0), own.points.max(axis=0)
    margin = rules.outlines.neighbours_metres
    return postcodes.within(west - margin, south - margin, east + margin, north + margin)


def built(around: Directory, rules: Geography) -> Borough:
    """The borough of `rules` from its postcodes and those of its neighbours."""
    codes, shapes = drawn(around, rules.borough.code, rules.outlines)
    # Rounding may close a narrow neck, so that an outline touches itself.
    shapes = shapely.make_valid(shapes_to_wgs84(shapes), method="structure", keep_collapsed=False)
    sectors = Areas(AreaKind.SECTOR, codes, codes, shapes, credit(rules.attribution.postcodes))
    return Borough(rules.borough.code, rules.borough.name, sectors.outline, sectors)


def credit(text: str) -> str:
    """An attribution with the year of the directory in it."""
    return text.format(year=postcodes.release().split(".")[0])


def drawn(around: Directory, authority: str, rules: Outlines) -> tuple[tuple[str, ...], NDArray[Any]]:
    """Codes and shapes, in metres, of the sectors of `authority`, in order of code; `around` holds its neighbours too.

    Postcodes on one point go to the first of the largest sector there, so that no cell is drawn twice.
    """
    of_sector, sector = np.unique(around.sectors, return_inverse=True)
    points, at = np.unique(around.points, axis=0, return_inverse=True)
    size = np.bincount(np.unique(np.column_stack((sector, at)), axis=0)[:, 0])[sector]
    largest_first = np.argsort(-size, kind="stable")
    chosen = largest_first[np.unique(at[largest_first], return_index=True)[1]]
    chosen = chosen[size[chosen] >= rules.least_points]
    mine = around.authorities[chosen] == authority.encode()
    spots = points[at[chosen]]
    cells = _cells(spots)[mine]
    names, group = np.unique(of_sector[sector[chosen]][mine], return_inverse=True)
    joined = np.array([shapely.coverage_union_all(cells[group == n]) for n in range(len(names))])
    shapes = shapely.coverage_simplify(joined, rules.smooth_metres)
    if _furthest(cells, spots[mine]) > rules.reach_metres:
        shapes = shapely.intersection(shapes, _land(spots, rules))
    return tuple(names.tolist()), shapes


def _furthest(cells: NDArray[np.object_], spots: NDArray[np.float64]) -> float:
    """How far the side of a cell's rectangle is from its point, at most."""
    bounds = shapely.bounds(cells)
    return float(np.maximum(spots - bounds[:, :2], bounds[:, 2:] - spots).max())


def _land(spots: NDArray[np.float64], rules: Outlines) -> Any:
    """Between postcodes that are near each other, and a little beyond them: the rest is sea."""
    corners = spots[Delaunay(spots).simplices]
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2)
    near = corners[(sides <= 2 * rules.reach_metres).all(axis=1)]
    between = shapely.coverage_union_all(shapely.polygons(near))
    return shapely.union(
        shapely.buffer(between, rules.shore_metres),
        shapely.buffer(shapely.difference(shapely.multipoints(spots), between), rules.shore_metres),
    )


def _cells(points: NDArray[np.float64]) -> NDArray[np.object_]:
    """(n,) the Voronoi cell of each of (n, 2) points, none of which repeats."""
    cells = shapely.voronoi_polygons(shapely.multipoints(points), ordered=True)
    return shapely.get_parts(cells)  # type: ignore[no-any-return]
