"""Metres to degrees and back."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from chm.geography.coordinates import point_fault, shapes_to_national_grid, shapes_to_wgs84, to_national_grid, to_wgs84


def test_a_point_that_the_postcode_directory_gives_in_both_systems() -> None:
    # SW1A 1AA.
    assert to_wgs84(np.array([[529090.0, 179645.0]]))[0] == pytest.approx([-0.141588, 51.501009], abs=3e-5)


def test_there_and_back_is_where_one_was() -> None:
    points = np.array([[525500.0, 169500.0], [521869.0, 166114.0], [400000.0, 600000.0]])
    assert to_national_grid(to_wgs84(points)) == pytest.approx(points, abs=0.01)


def test_shapes_are_given_in_six_decimals() -> None:
    shape = shapes_to_wgs84(shapely.box(525000, 169000, 525250, 169250))
    points = shapely.get_coordinates(shape)
    assert (points == points.round(6)).all()
    assert shapes_to_national_grid(shape).bounds == pytest.approx((525000, 169000, 525250, 169250), abs=0.2)


@pytest.mark.parametrize(
    ("latitude", "longitude", "fault"),
    [
        (51.4, -0.2, None),
        (60.8, -0.9, None),
        (-0.2, 51.4, "Latitude and longitude are swapped: the latitude is the one near 51; put each in its own place."),
        (169_000, 525_000, "These are metres of the National Grid; give degrees, or the postcode."),
        (40.7, -74.0, "The point is not in the United Kingdom; check it, or put the place on the map by a click."),
        (float("nan"), 0, "The point is not in the United Kingdom; check it, or put the place on the map by a click."),
    ],
)
def test_what_is_wrong_with_a_point(latitude: float, longitude: float, fault: str | None) -> None:
    assert point_fault(latitude, longitude) == fault
