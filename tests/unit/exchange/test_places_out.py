"""The ranking as CSV and GeoJSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from chm.exchange.places_out import places_csv, places_geojson
from chm.places.risk import SafePlace
from chm.places.shown import Exposure, SafeRow

from .test_location import FEW, PLACE, RISK, ROW

POINT = replace(PLACE, name="=cmd()", latitude=51.4, longitude=-0.16)
ROWS = [
    replace(ROW, place=POINT),
    replace(ROW, place=replace(PLACE, exposure=Exposure.DWELLING), risk=replace(RISK, rank=2), level=None),
]


def test_csv_has_a_row_for_each_place_with_counts_as_shown() -> None:
    data = places_csv(ROWS)
    assert data.startswith(b"\xef\xbb\xbf")
    first, second = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert first == {
        "rank": "1",
        "place": "'=cmd()",
        "kind": "physical",
        "area": "CR4 3",
        "band": "significant",
        "points": "71",
        "young_people": "5 to 9",
        "touched": "fewer than 5",
        "reports": "fewer than 5",
        "recent": "fewer than 5",
        "sure": "fewer than 5",
        "of_concern": "fewer than 5",
        "vehicles": "fewer than 5",
        "trend": "rising",
        "last_month": "2026-11",
        "assessed_level": "moderate",
        "actions_open": "1",
        "why": "5 to 9 young people are linked to it",
        "latitude": "51.4",
        "longitude": "-0.16",
    }
    assert (second["rank"], second["assessed_level"], second["latitude"]) == ("2", "", "")


def test_geojson_has_points_for_public_places_alone() -> None:
    safe = SafeRow(replace(POINT, id="PLA-9"), SafePlace("PLA-9", FEW, FEW))
    found = json.loads(places_geojson(ROWS, [safe]))
    assert found["type"] == "FeatureCollection"
    first, second, third = found["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [-0.16, 51.4]}
    assert (first["id"], first["properties"]["young_people"]) == ("PLA-1", "5 to 9")
    assert (second["geometry"], second["properties"]["area"]) == (None, "CR4 3")
    assert third["properties"] == {
        "place": "=cmd()",
        "kind": "physical",
        "area": "CR4 3",
        "keeps_safe": "fewer than 5",
        "guardians": "fewer than 5",
    }
