"""Outlines supplied as GeoJSON: taken in, repaired or refused in plain words; areas with counts handed on."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely

from chm.errors import Faults
from chm.exchange.geojson import SuppliedAreas, areas_out, read_areas
from chm.geography.areas import AreaKind, Areas, Borough
from chm.geography.postcodes import release
from chm.geography.rules import load

RULES = load()


def square(west: float, south: float, side: float = 0.01) -> list[list[list[float]]]:
    east, north = round(west + side, 6), round(south + side, 6)
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def ward(code: str, name: str, coordinates: Any = None, type: str = "Polygon") -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"WD24CD": code, "WD24NM": name},
        "geometry": {"type": type, "coordinates": coordinates or square(-0.2, 51.4)},
    }


def file(*features: Any, **members: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}).encode()


def taken(borough: Borough, *features: Any, **members: Any) -> SuppliedAreas:
    return read_areas(file(*features, **members), borough, RULES)


def faults(borough: Borough, data: bytes) -> list[str]:
    with pytest.raises(Faults) as found:
        read_areas(data, borough, RULES)
    return found.value.faults


FOUR = [
    ward("E05000002", "Two", square(-0.19, 51.4)),
    ward("E05000001", " One ", square(-0.2, 51.4)),
    ward("E05000003", "Three", [square(-0.2, 51.41)], "MultiPolygon"),
    ward("E05000004", "Four", square(-0.19, 51.41)),
]


def test_wards_in_the_order_of_their_codes(borough: Borough) -> None:
    found = taken(borough, *FOUR, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}})
    assert found.areas.kind is AreaKind.WARD
    assert found.areas.codes == ("E05000001", "E05000002", "E05000003", "E05000004")
    assert found.areas.names == ("One", "Two", "Three", "Four")
    assert found.notes == ()
    assert found.areas.holding([-0.195, -0.185], [51.405, 51.415]).tolist() == [0, 3]
    assert found.areas.attribution == (
        "Source: Office for National Statistics licensed under the Open Government Licence v3.0. Contains OS data © "
        f"Crown copyright and database right {release()[:4]}."
    )


def test_lsoas_and_other_years(borough: Borough) -> None:
    lsoa = {**FOUR[0], "properties": {"LSOA21CD": "E01000001", "LSOA21NM": "Madeup 001A", "WD24CD": "E05000002"}}
    assert taken(borough, lsoa).areas.kind is AreaKind.LSOA
    later = {**FOUR[0], "properties": {"WD26CD": "E05000002", "WD26NM": "Two"}}
    assert taken(borough, later).areas.codes == ("E05000002",)


def test_a_file_of_the_whole_country_and_one_that_covers_only_a_part(borough: Borough) -> None:
    found = taken(
        borough, *FOUR[:2], ward("E05000009", "Far", square(-1, 52)), ward("E05000008", "By", square(-0.206, 51.4))
    )
    assert found.areas.codes == ("E05000001", "E05000002")
    assert found.notes == (
        "2 of 4 wards lie outside Madeup and were left out.",
        "These wards cover 50% of Madeup; what happens elsewhere in it is outside.",
    )


def test_outlines_that_cross_themselves_are_repaired_and_named(borough: Borough) -> None:
    bow = [[[-0.2, 51.4], [-0.19, 51.41], [-0.19, 51.4], [-0.2, 51.41], [-0.2, 51.4]]]
    found = taken(borough, ward("E05000001", "One", bow), *FOUR[2:], FOUR[0])
    assert found.notes == (
        "Feature 1: its outline crossed itself and was repaired.",
        "These wards cover 87% of Madeup; what happens elsewhere in it is outside.",
    )
    assert shapely.is_valid(found.areas.shapes).all()
    assert found.areas.shapes[0].area == pytest.approx(0.5e-4)


def test_an_outline_that_encloses_nothing(borough: Borough) -> None:
    line = [[[-0.2, 51.4], [-0.19, 51.41], [-0.2, 51.4], [-0.2, 51.4]]]
    assert faults(borough, file(FOUR[0], ward("E05000001", "One", line))) == [
        "feature 2: its outline encloses nothing; download the file again"
    ]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"PK\x03\x04", "This is a shapefile or a zip, not GeoJSON; choose GeoJSON where the ONS offers the download."),
        (
            b"\x00\x00\x27\x0a\x00\x00",
            "This is a shapefile or a zip, not GeoJSON; choose GeoJSON where the ONS offers the download.",
        ),
        (b"", "This is not GeoJSON, or it was cut short; download it again as GeoJSON."),
        (file(*FOUR)[:-9], "This is not GeoJSON, or it was cut short; download it again as GeoJSON."),
        (b"<kml></kml>", "This is not GeoJSON, or it was cut short; download it again as GeoJSON."),
        (b"[1, 2]", "This JSON is not a GeoJSON FeatureCollection; download the outlines as GeoJSON."),
        (b'{"type": "Topology"}', "This JSON is not a GeoJSON FeatureCollection; download the outlines as GeoJSON."),
        (file(), "The file holds no outline; download it again."),
        (
            file({"type": "Feature", "properties": {"name": "Heron"}, "geometry": None}),
            "The features have neither WD24CD and WD24NM (wards) nor LSOA21CD and LSOA21NM (LSOAs), of this or another "
            "year; take the file from the ONS as it is.",
        ),
        (
            file(*FOUR, ward("E05000005", "Swapped", [[p[::-1] for p in square(-0.2, 51.4)[0]]])),
            "Latitude and longitude are swapped: GeoJSON gives the longitude first; download the file again.",
        ),
        (
            file(ward("E05000001", "Metres", square(525_000, 169_000, 500))),
            "The outlines are in metres of the National Grid; download them in degrees (WGS 84, EPSG:4326).",
        ),
        (
            file(*FOUR, crs={"properties": {"name": "EPSG:3857"}}),
            "The file names another coordinate system than WGS 84 (EPSG:4326); download it in that one.",
        ),
        (
            file(ward("E05000001", "Far", square(-1, 52))),
            "None of these wards lies in Madeup; choose the file that holds it.",
        ),
        (file(FOUR[0], FOUR[0]), "WD24CD: two features have one code; leave one out"),
        (
            file(FOUR[0], ward("E05000009", "Abroad", square(20, 40))),
            "feature 2: lies outside the United Kingdom; leave it out",
        ),
    ],
)  # fmt: skip
def test_what_is_refused(borough: Borough, data: bytes, fault: str) -> None:
    assert faults(borough, data) == [fault]


def test_all_faults_at_once(borough: Borough) -> None:
    data = file(
        ward("", "One"),
        ward("E05000002", " "),
        ward("E05000003", "Line", [[-0.2, 51.4], [-0.19, 51.4]], "LineString"),
        ward("E05000004", "Short", [[[-0.2, 51.4], [-0.19, 51.4]]]),
        {**ward("E05000005", "None"), "geometry": None},
        ward("E05000006", "Empty", [[]]),
        "no feature",
    )
    assert faults(borough, data) == [
        "feature 1: WD24CD is missing or blank; fill it in",
        "feature 2: WD24NM is missing or blank; fill it in",
        "feature 3: is not a polygon; take the file of boundaries, not of centres or lines",
        "feature 4: its outline cannot be read; download the file again",
        "feature 5: has no outline; download the file again",
        "feature 6: its outline is empty; download the file again",
        "feature 7: WD24CD is missing or blank; fill it in",
        "feature 7: WD24NM is missing or blank; fill it in",
        "feature 7: has no outline; download the file again",
    ]


def test_areas_out(sectors: Areas) -> None:
    found = json.loads(areas_out(sectors, [{"young_people": "fewer than 5"}, {"young_people": 7}, {}, {}]))
    assert found["attribution"] == "Invented under the Open Government Licence"
    assert [f["properties"] for f in found["features"]] == [
        {"code": "ZZ1 1", "name": "ZZ1 1", "young_people": "fewer than 5"},
        {"code": "ZZ1 2", "name": "ZZ1 2", "young_people": 7},
        {"code": "ZZ1 3", "name": "ZZ1 3"},
        {"code": "ZZ1 4", "name": "ZZ1 4"},
    ]
    with pytest.raises(ValueError, match="shorter"):
        areas_out(sectors, [{}])
