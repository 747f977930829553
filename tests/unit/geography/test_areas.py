"""Which area holds a point, and outlines as GeoJSON."""

from __future__ import annotations

import copy
from typing import Any

from chm.geography.areas import OUTSIDE, AreaKind, Areas, Borough, Collection


def test_each_point_is_held_by_one_area_or_none(sectors: Areas) -> None:
    longitudes = [-0.195, -0.185, -0.195, -0.185, -0.21, float("nan"), -0.19, -0.20]
    latitudes = [51.405, 51.405, 51.415, 51.415, 51.405, 51.405, 51.405, 51.40]
    assert sectors.holding(longitudes, latitudes).tolist() == [0, 1, 2, 3, OUTSIDE, OUTSIDE, 0, 0]
    assert sectors.holding([], []).tolist() == []


def test_outlines_as_geojson(borough: Borough) -> None:
    features = borough.sectors.features
    assert features["type"] == "FeatureCollection"
    assert [f["id"] for f in features["features"]] == ["ZZ1 1", "ZZ1 2", "ZZ1 3", "ZZ1 4"]
    first = features["features"][0]
    assert first["properties"] == {"name": "ZZ1 1"}
    assert first["geometry"]["type"] == "Polygon"
    assert sorted(map(tuple, first["geometry"]["coordinates"][0][:-1])) == [
        (-0.2, 51.4), (-0.2, 51.41), (-0.19, 51.4), (-0.19, 51.41),
    ]  # fmt: skip
    (edge,) = features_of(borough.sectors.edge)
    assert edge["id"] == "sector"
    assert borough.sectors.outline.bounds == (-0.2, 51.4, -0.18, 51.42)
    assert borough.attribution == "Invented under the Open Government Licence"


def features_of(collection: Collection) -> list[dict[str, Any]]:
    return list(collection["features"])


def test_a_name_stands_in_the_middle_of_its_area(sectors: Areas) -> None:
    longitude, latitude = sectors.name_points["features"][0]["geometry"]["coordinates"]
    assert (round(longitude, 3), round(latitude, 3)) == (-0.195, 51.405)


def test_a_deep_copy_of_outlines_is_themselves(sectors: Areas) -> None:
    assert copy.deepcopy({"geojson": sectors.features})["geojson"] is sectors.features


def test_kinds_as_people_say_them() -> None:
    assert [kind.plural for kind in AreaKind] == ["postcode sectors", "wards", "LSOAs"]
