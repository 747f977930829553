"""Published events: chosen, counted, placed anew."""

from __future__ import annotations

import numpy as np

from chm.geography.areas import Areas
from chm.places.public_events import AreaCount, PointCount, PublicEvents, from_points, joined

NONE = joined([])


def events(sectors: Areas) -> PublicEvents:
    longitude = np.array([-0.195, -0.195, -0.195, -0.185, -0.25])
    latitude = np.array([51.405, 51.405, 51.405, 51.415, 51.405])
    return PublicEvents(
        kinds=("Burglary", "Drugs"),
        kind=np.array([0, 0, 1, 1, 0]),
        forces=("Example Police", "Sample Police"),
        force=np.array([0, 0, 0, 1, 1]),
        month=np.array(["2024-01", "2024-01", "2024-01", "2024-04", "2024-02"], dtype="datetime64[M]"),
        longitude=longitude,
        latitude=latitude,
        area=sectors.holding(longitude, latitude),
    )


def test_chosen_by_kind_and_month(sectors: Areas) -> None:
    found = events(sectors)
    assert found.chosen().tolist() == [True] * 5
    assert found.chosen({"Drugs"}).tolist() == [False, False, True, True, False]
    assert found.chosen(first="2024-02").tolist() == [False, False, False, True, True]
    assert found.chosen(last="2024-02").tolist() == [True, True, True, False, True]
    assert found.chosen({"Burglary"}, "2024-02", "2024-02").tolist() == [False, False, False, False, True]
    assert found.chosen(set()).tolist() == [False] * 5


def test_counts_by_area_and_month_leave_out_what_is_outside(sectors: Areas) -> None:
    found = events(sectors)
    assert found.by_area(sectors).tolist() == [3, 0, 0, 1]
    assert found.by_area(sectors, found.chosen({"Drugs"})).tolist() == [1, 0, 0, 1]
    assert found.months == ("2024-01", "2024-02", "2024-03", "2024-04")
    assert found.by_month().tolist() == [3, 0, 0, 1]
    assert found.by_month(found.chosen({"Burglary"})).tolist() == [2, 0, 0, 0]
    assert found.counts(sectors) == [
        AreaCount("ZZ1 1", "2024-01", "Burglary", 2),
        AreaCount("ZZ1 1", "2024-01", "Drugs", 1),
        AreaCount("ZZ1 4", "2024-04", "Drugs", 1),
    ]


def test_placed_on_other_areas(sectors: Areas) -> None:
    halves = Areas(sectors.kind, ("L",), ("L",), sectors.shapes[:1], "")
    assert events(sectors).placed(halves).area.tolist() == [0, 0, 0, -1, -1]


def test_kept_by_street_point_and_taken_back(sectors: Areas) -> None:
    found = events(sectors)
    points = found.point_counts()
    assert points == [
        PointCount("Example Police", "2024-01", "Burglary", -0.195, 51.405, 2),
        PointCount("Example Police", "2024-01", "Drugs", -0.195, 51.405, 1),
        PointCount("Sample Police", "2024-02", "Burglary", -0.25, 51.405, 1),
        PointCount("Sample Police", "2024-04", "Drugs", -0.185, 51.415, 1),
    ]
    again = from_points(points, sectors)
    assert again.point_counts() == points
    assert again.counts(sectors) == found.counts(sectors)
    assert len(again) == 5


def test_for_each_square_kilometre(sectors: Areas) -> None:
    # A hundredth of a degree here is 0.694 km east by 1.112 km north.
    assert sectors.square_kilometres.round(2).tolist() == [0.77, 0.77, 0.77, 0.77]
    assert events(sectors).by_square_kilometre(sectors).round(1).tolist() == [3.9, 0, 0, 1.3]


def test_several_as_one_with_the_kinds_that_occur(sectors: Areas) -> None:
    one = events(sectors)
    other = PublicEvents(
        ("Arson", "Burglary"), np.array([1]), ("Another Police", ""), np.array([0]),
        np.array(["2023-12"], dtype="datetime64[M]"), np.array([-0.185]), np.array([51.405]), np.array([1]),
    )  # fmt: skip
    both = joined([one, other])
    assert both.kinds == ("Burglary", "Drugs")
    assert both.kind.tolist() == [0, 0, 1, 1, 0, 0]
    assert both.forces == ("Another Police", "Example Police", "Sample Police")
    assert both.force.tolist() == [1, 1, 1, 2, 2, 0]
    assert both.months[0] == "2023-12"
    assert both.by_area(sectors).tolist() == [3, 1, 0, 1]


def test_nothing_at_all(sectors: Areas) -> None:
    assert (len(NONE), NONE.kinds, NONE.months, NONE.counts(sectors)) == (0, (), (), [])
    assert NONE.by_area(sectors).tolist() == [0, 0, 0, 0]
    assert NONE.by_month().tolist() == []
    assert NONE.point_counts() == []
    assert len(from_points([], sectors)) == 0
    assert NONE.chosen({"Drugs"}, "2024-01").tolist() == []
