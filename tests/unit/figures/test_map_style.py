"""What stands still on a map."""

from __future__ import annotations

import json
import math

import pytest
import shapely

from chm.figures.map_style import contrast, ink, map_colours, style, view
from chm.figures.palette import DARK, LIGHT, Palette
from chm.geography.areas import AreaKind, Areas, Borough


def test_outlines_and_names_lie_over_the_ground(borough: Borough) -> None:
    layers = [layer["id"] for layer in style(borough.sectors, LIGHT)["layers"]]
    assert layers == ["ground", "borough", "lines", "edge", "names"]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_names_read_on_the_ground_they_stand_on(palette: Palette) -> None:
    assert contrast(palette.muted, map_colours(palette).borough) >= 4.5
    assert contrast(palette.text, map_colours(palette).ground) >= 7


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("level", ["none", "emerging", "moderate", "significant"])
def test_ink_has_the_contrast_that_text_needs(palette: Palette, level: str) -> None:
    fill = palette.level(level)
    assert round(contrast(ink(fill), fill), 1) >= 4.5


def test_contrast() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_it_opens_on_the_whole_borough() -> None:
    found = view((-0.2, 51.4, -0.18, 51.42), 572, 572)
    assert found["center"] == {"lon": pytest.approx(-0.19), "lat": pytest.approx(51.41, abs=1e-5)}
    # A hundredth of a degree north is 1 / cos(51.41) as tall as one east is wide: the height decides.
    pixels = 512 * 2 ** found["zoom"] * 0.02 / 360 / math.cos(math.radians(51.41))
    assert pixels == pytest.approx(512, rel=0.005)
    wide = view((-0.3, 51.4, -0.1, 51.42), 572, 572)
    assert 512 * 2 ** wide["zoom"] * 0.2 / 360 == pytest.approx(512, rel=0.005)


def test_the_edge_is_that_of_the_areas_in_use(borough: Borough) -> None:
    two = Areas(AreaKind.WARD, ("A", "B"), ("A", "B"), borough.sectors.shapes[:2], "")
    (edge,) = style(two, LIGHT)["sources"]["borough"]["data"]["features"]
    assert shapely.from_geojson(json.dumps(edge["geometry"])).bounds == (-0.2, 51.4, -0.18, 51.41)
