"""What stands still on a map: its ground, outlines and names, all in the style itself, and where it opens.

A style without a glyph address draws its text in the reader's own fonts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chm.figures.palette import DARK, Palette
from chm.geography.areas import Areas
from chm.places.hotspots import Pattern

PATTERNS = (Pattern.EMERGING, Pattern.PERSISTENT, Pattern.WANING, Pattern.ON_AND_OFF)
INKS = ("#0F1418", "#FFFFFF")
NAME_SIZE = 12
# Pixels left free around the borough, both sides together: the notes stand there.
ROOM = 60


@dataclass(frozen=True)
class MapColours:
    """What lies under and over the levels' colours, which mean levels and nothing else."""

    ground: str
    borough: str
    line: str
    safe: str
    shades: tuple[str, str]
    patterns: dict[Pattern, str]


LIGHT_MAP = MapColours(
    "#E4ECEB", "#FBFAF7", "#A9B4B3", "#0F766E", ("#FBFAF7", "#2A6592"),
    dict(zip(PATTERNS, ("#4A2A86", "#7D5BB5", "#B7A3D9", "#5C6FC4"), strict=True)),
)  # fmt: skip
DARK_MAP = MapColours(
    "#0D1113", "#1F262B", "#56626B", "#3FB5A9", ("#1F262B", "#7DB9E8"),
    dict(zip(PATTERNS, ("#D9C8F7", "#A98BE0", "#65508F", "#7F8BE0"), strict=True)),
)  # fmt: skip


def map_colours(palette: Palette) -> MapColours:
    """The map's colours that go with a palette."""
    return DARK_MAP if palette is DARK else LIGHT_MAP


def style(areas: Areas, palette: Palette) -> dict[str, Any]:
    """The map's own style: ground, borough, outlines and names, all of it in the style itself."""
    colours = map_colours(palette)
    return {
        "version": 8,
        "sources": {
            "borough": {"type": "geojson", "data": areas.edge},
            "areas": {"type": "geojson", "data": areas.features},
            "names": {"type": "geojson", "data": areas.name_points},
        },
        "layers": [
            {"id": "ground", "type": "background", "paint": {"background-color": colours.ground}},
            {"id": "borough", "type": "fill", "source": "borough", "paint": {"fill-color": colours.borough}},
            {"id": "lines", "type": "line", "source": "areas", "paint": {"line-color": colours.line, "line-width": 1}},
            {
                "id": "edge", "type": "line", "source": "borough",
                "paint": {"line-color": palette.muted, "line-width": 2},
            },
            {
                "id": "names", "type": "symbol", "source": "names",
                "layout": {
                    "text-field": ["get", "name"], "text-font": ["Source Sans", "sans-serif"], "text-size": NAME_SIZE,
                    "text-max-width": 8, "text-padding": 6,
                },
                "paint": {
                    "text-color": palette.muted, "text-halo-color": colours.borough, "text-halo-width": 1.5,
                },
            },
        ],
    }  # fmt: skip


def view(bounds: Sequence[float], width: int, height: int) -> dict[str, Any]:
    """Centre and zoom at which west, south, east, north fill `width` by `height` pixels, with room around them.

    Web Mercator, whose world is 512 pixels wide at zoom 0. The chart fits nothing by itself while areas are shaded.
    """
    west, south, east, north = bounds
    low, high = (math.asinh(math.tan(math.radians(latitude))) for latitude in (south, north))
    middle = math.degrees(math.atan(math.sinh((low + high) / 2)))
    share = max((east - west) / 360 / (width - ROOM), (high - low) / math.tau / (height - ROOM))
    zoom = -math.log2(share * 512)
    return {"center": {"lon": (west + east) / 2, "lat": middle}, "zoom": round(zoom, 2)}


def ink(fill: str) -> str:
    """Dark or white, whichever reads better on `fill`, by the contrast of WCAG 2.2."""
    return max(INKS, key=lambda colour: contrast(colour, fill))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21. Source: WCAG 2.2."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
