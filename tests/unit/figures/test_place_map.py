"""The borough's map: nothing from elsewhere, what was asked for drawn, the same in words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from chm.figures.palette import DARK, LIGHT, Palette
from chm.figures.place_map import HotCells, Marker, Shade, configuration, place_map
from chm.figures.place_picker import STEP_METRES, place_picker
from chm.geography.areas import Borough
from chm.geography.coordinates import to_national_grid
from chm.geography.grid import over
from chm.places.hotspots import Pattern

ARCADE = Marker("p1", "1", "Placeholder Arcade", -0.195, 51.405, "significant", ("Significant", "6 young people"), 34)
PARK = Marker("p2", "2", "Example <b>Park</b>", -0.185, 51.415, "emerging")
LIBRARY = Marker("p3", "✓", "Notreal Library", -0.195, 51.415, None)
FAR = Marker("p4", "4", "Madeup Pier", -1.0, 50.7, "none")


def drawn(borough: Borough, palette: Palette = LIGHT, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(place_map(borough, borough.sectors, palette, 512, **asked).to_json())
    return found


def texts(figure: dict[str, Any]) -> list[str]:
    return [note["text"] for note in figure["layout"]["annotations"]]


def everything(borough: Borough, palette: Palette) -> dict[str, Any]:
    grid = over(borough.outline, 250)
    hot = np.zeros(grid.inside.shape, bool)
    hot[2, 2:4] = True
    return drawn(
        borough, palette, markers=[ARCADE, PARK, LIBRARY, FAR], chosen="p1",
        shade=Shade("Burglary", np.array([4.0, 0, 2, np.nan]), " crimes"), hot=HotCells("Burglary", grid, hot),
    )  # fmt: skip


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_nothing_is_asked_of_another_host(borough: Borough, palette: Palette) -> None:
    figure = everything(borough, palette)
    assert "http" not in json.dumps(figure)
    own = figure["layout"]["map"]["style"]
    assert {source["type"] for source in own["sources"].values()} == {"geojson"}
    assert all(source["data"]["features"] for source in own["sources"].values())
    assert "glyphs" not in own
    assert "sprite" not in own
    # Any symbol but the circle would be fetched.
    assert all("symbol" not in trace.get("marker", {}) for trace in figure["data"])


def test_shades_lie_under_the_outlines_and_markers_over_all(borough: Borough) -> None:
    figure = everything(borough, LIGHT)
    below = [(trace["type"], trace["below"]) for trace in figure["data"]]
    assert below == [("choroplethmap", "lines")] * 2 + [("scattermap", "")] * 4


def test_the_attribution_and_what_areas_are_in_use_stand_on_the_map(borough: Borough) -> None:
    assert texts(drawn(borough)) == ["Madeup by postcode sectors. Invented under the Open Government Licence"]


def test_a_label_that_another_circle_would_cover_is_left_out_and_the_chosen_one_lies_on_top(borough: Borough) -> None:
    near = replace(PARK, id="PLA-near", label="9", longitude=ARCADE.longitude + 0.0001, latitude=ARCADE.latitude)

    def labels(chosen: str | None) -> set[str]:
        return {
            label
            for t in drawn(borough, markers=[ARCADE, near], chosen=chosen)["data"]
            if t["mode"] == "text"
            for label in t["text"]
        }

    assert labels(None) == {"9"}
    assert labels(ARCADE.id) == {ARCADE.label}


def test_markers_carry_their_ids_and_user_text_is_escaped(borough: Borough) -> None:
    places = next(t for t in drawn(borough, markers=[ARCADE, PARK, LIBRARY])["data"] if t["name"] == "places")
    assert places["customdata"] == ["p1", "p2", "p3"]
    assert (places["lon"], places["lat"]) == ([-0.195, -0.185, -0.195], [51.405, 51.415, 51.415])
    assert places["marker"]["color"] == ["#8E1235", "#F5C044", "#0F766E"]
    assert places["marker"]["size"] == [34, 26, 26]
    assert places["hovertext"] == [
        "<b>Placeholder Arcade</b><br>Significant<br>6 young people",
        "<b>Example &lt;b&gt;Park&lt;/b&gt;</b>",
        "<b>Notreal Library</b>",
    ]


def test_ranks_are_written_in_the_ink_that_reads_best(borough: Borough) -> None:
    written = [t for t in drawn(borough, markers=[ARCADE, PARK, LIBRARY])["data"] if t["mode"] == "text"]
    assert [(t["textfont"]["color"], t["text"]) for t in written] == [("#0F1418", ["2"]), ("#FFFFFF", ["1", "✓"])]


def test_a_chosen_place_has_a_ring_and_the_others_keep_their_colour(borough: Borough) -> None:
    rings, places = drawn(borough, markers=[ARCADE, PARK], chosen="p2")["data"][:2]
    assert rings["marker"]["size"] == [38, 36]
    assert rings["marker"]["color"] == [LIGHT.ground, LIGHT.text]
    assert places["unselected"] == {"marker": {"opacity": 1}}


def test_places_off_the_map_are_counted_in_words(borough: Borough) -> None:
    figure = drawn(borough, markers=[FAR, ARCADE])
    assert "1 place lies outside the map: see the table." in texts(figure)
    assert next(t for t in figure["data"] if t["name"] == "places")["customdata"] == ["p1"]
    two = drawn(borough, markers=[FAR, FAR])
    assert "2 places lie outside the map: see the table." in texts(two)
    assert two.get("data", []) == []


def test_shades_leave_out_what_is_not_known(borough: Borough) -> None:
    shade = Shade("Burglary", np.array([4.0, 0, 2, np.nan]), " crimes")
    (trace,) = place_map(borough, borough.sectors, LIGHT, 512, shade=shade).data
    assert trace.locations == ("ZZ1 1", "ZZ1 2", "ZZ1 3")
    assert (trace.z.tolist(), trace.zmin, trace.zmax) == ([4, 0, 2], 0, 4)
    assert trace.geojson is borough.sectors.features
    assert trace.hovertemplate == "%{text}<br>Burglary: %{z:,.4~g}crimes<extra></extra>"


def test_hot_cells_by_pattern_with_a_key(borough: Borough) -> None:
    grid = over(borough.outline, 250)
    patterns = np.full(grid.inside.shape, "none", dtype="U10")
    patterns[0, 0], patterns[1, 1], patterns[1, 2] = Pattern.WANING, Pattern.EMERGING, Pattern.EMERGING
    hot = HotCells("Burglary", grid, patterns != "none", patterns)
    figure = place_map(borough, borough.sectors, LIGHT, 512, hot=hot)
    assert [(t.name, t.locations) for t in figure.data] == [("emerging", ("1-1", "1-2")), ("waning", ("0-0",))]
    key = figure.layout.annotations[1].text
    assert [word for word in ("emerging", "persistent", "waning", "on and off") if word in key] == [
        "emerging", "persistent", "waning", "on and off",
    ]  # fmt: skip


def test_the_same_in_words(borough: Borough) -> None:
    assert everything(borough, LIGHT)["layout"]["meta"]["alt"] == (
        "Map of Madeup by postcode sectors; 3 places ranked, 1 safe; Burglary, most in ZZ1 1: 4 crimes; Burglary: 2 "
        "cells are hotspots."
    )
    assert drawn(borough)["layout"]["meta"]["alt"] == "Map of Madeup by postcode sectors."


def test_the_view_stays_where_a_person_moved_it(borough: Borough) -> None:
    assert drawn(borough)["layout"]["map"]["uirevision"] == "E09999999"
    assert configuration() == {"displayModeBar": False, "scrollZoom": True}


def test_a_click_chooses_a_spot_no_further_than_half_the_step(borough: Borough) -> None:
    figure = place_picker(borough, borough.sectors, LIGHT, 400, at=ARCADE)
    spots = figure.data[-1]
    metres = to_national_grid(np.column_stack((spots.lon, spots.lat)).astype(float))
    wanted = to_national_grid(np.array([[-0.1937, 51.4061]]))
    assert np.hypot(*(metres - wanted).T).min() <= STEP_METRES * 0.75
    assert spots.marker.opacity == 0
    assert [t.name for t in figure.data] == ["", "places", "", "spots"]
    assert (
        figure.layout.meta.alt
        if hasattr(figure.layout.meta, "alt")
        else figure.layout.meta == {"alt": "Map of Madeup; a click chooses where the place is."}
    )
