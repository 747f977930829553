"""Square cells over a borough."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from chm.geography.coordinates import shapes_to_national_grid, shapes_to_wgs84, to_wgs84
from chm.geography.grid import cell_ids, over

# An L of three cells of 100 m and a sliver of a fourth row.
SHAPE = shapely.Polygon([(1050, 2050), (1190, 2050), (1190, 2090), (1090, 2090), (1090, 2190), (1050, 2190)])
GRID = over(shapes_to_wgs84(shapely.transform(SHAPE, lambda p: p + (525_000, 168_000))), 100)


def at(*points: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    degrees = to_wgs84(np.array(points) + (525_000, 168_000))
    return degrees[:, 0], degrees[:, 1]


def test_cells_stand_on_whole_multiples_and_cover_the_borough() -> None:
    assert (GRID.west, GRID.south) == (526_000, 170_000)
    assert GRID.inside.tolist() == [[True, True], [True, False]]


def test_points_are_counted_by_cell_and_those_outside_left_out() -> None:
    points = at((1050, 2050), (1099, 2001), (1150, 2050), (1050, 2150), (1150, 2150), (1500, 2050), (900, 2050))
    assert GRID.counts(*points).tolist() == [[2, 1], [1, 0]]
    cells, inside = GRID.cells(*points)
    assert inside.tolist() == [True, True, True, True, False, False, False]
    assert cells[:4].tolist() == [[0, 0], [0, 0], [0, 1], [1, 0]]


def test_by_month() -> None:
    points = at((1050, 2050), (1050, 2050), (1150, 2050))
    assert GRID.counts(*points, months=[0, 2, 2], of=3).tolist() == [
        [[1, 0], [0, 0]], [[0, 0], [0, 0]], [[1, 1], [0, 0]],
    ]  # fmt: skip


def test_a_point_that_is_not_known_and_no_point_at_all() -> None:
    assert GRID.counts([np.nan], [np.nan]).sum() == 0
    assert GRID.counts([], []).tolist() == [[0, 0], [0, 0]]


def test_outlines_of_chosen_cells() -> None:
    chosen = np.array([[False, True], [True, False]])
    features = GRID.features(chosen)["features"]
    assert [f["id"] for f in features] == cell_ids(chosen) == ["0-1", "1-0"]
    shape = shapes_to_national_grid(shapely.Polygon(features[0]["geometry"]["coordinates"][0]))
    assert shape.bounds == pytest.approx((526_100, 170_000, 526_200, 170_100), abs=0.3)
    assert GRID.features(np.zeros((2, 2), bool))["features"] == []
