"""A map of the borough drawn from its own outlines: no tiles, no fonts, no icons from anywhere else.

What stands still (ground, outlines, names) is the map's style; what a filter changes (places, shades, hotspots) are
traces. A style without a glyph address draws its text in the reader's own fonts. Only the marker `circle` is drawn by
the map itself: any other symbol would be asked for from another host.
"""

from __future__ import annotations

import html
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from chm.figures.palette import DARK, FONT, Palette, layout, plain
from chm.geography.areas import Areas, Borough
from chm.geography.grid import Grid, cell_ids
from chm.places.hotspots import Pattern

SAFE = "✓"
# Degrees around the borough within which places are drawn; those further off are counted in words.
AROUND = (0.04, 0.025)
PATTERNS = (Pattern.EMERGING, Pattern.PERSISTENT, Pattern.WANING, Pattern.ON_AND_OFF)
NAME_SIZE, NOTE_SIZE, NOTE_WRAP = 12, 10, 110
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


@dataclass(frozen=True)
class Marker:
    """A place on the map.

    Attributes:
        id: handed back when it is chosen. label: what stands in the circle, its rank or `SAFE`.
        level: id of its band, None for a safe place. words: for the hover, plain text, one line each.
        size: of the circle, in pixels.
    """

    id: str
    label: str
    name: str
    longitude: float
    latitude: float
    level: str | None
    words: tuple[str, ...] = ()
    size: int = 26


@dataclass(frozen=True, eq=False)
class Shade:
    """A count or rate for each of the map's areas, nan where it is not known; `title` says of what."""

    title: str
    values: NDArray[np.float64]
    unit: str = ""


@dataclass(frozen=True, eq=False)
class HotCells:
    """Cells of `grid` that are hotspots, (row, column), by `pattern`, or all alike; `title` says of what."""

    title: str
    grid: Grid
    hot: NDArray[np.bool_]
    patterns: NDArray[np.str_] | None = None


def place_map(
    borough: Borough,
    areas: Areas,
    palette: Palette,
    height: int,
    *,
    markers: Sequence[Marker] = (),
    shade: Shade | None = None,
    hot: HotCells | None = None,
    chosen: str | None = None,
    narrowest: int = 680,
) -> go.Figure:
    """The borough with the outlines and names of `areas`, what is asked for on top, and whom to thank for the data.

    A chosen marker's id is in `customdata` of what the chart reports. Places far from the borough are not drawn; the
    map says how many. It opens on the whole borough where it is `narrowest` pixels wide or more.
    """
    colours = DARK_MAP if palette is DARK else LIGHT_MAP
    box = np.array(borough.outline.bounds) + np.array([-AROUND[0], -AROUND[1], *AROUND])
    drawn = [m for m in markers if box[0] < m.longitude < box[2] and box[1] < m.latitude < box[3]]
    data: list[dict[str, Any]] = []
    if shade is not None:
        data.append(_shaded(areas, shade, colours, palette))
    if hot is not None:
        data += _hot(hot, colours)
    data += _marked(drawn, colours, palette, chosen)
    figure_layout = {
        **layout(palette, height, _alt(borough, areas, markers, shade, hot)),
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "dragmode": "pan",
        "clickmode": "event+select",
        "map": {
            "style": style(borough, areas, palette),
            **view(borough.outline.bounds, narrowest, height),
            "uirevision": borough.code,
        },
        "annotations": _notes(borough, areas, hot, len(markers) - len(drawn), palette, colours),
    }
    return go.Figure({"data": data, "layout": figure_layout})


def configuration() -> dict[str, Any]:
    """What a page hands to `plotly_chart`: no tool bar; the wheel zooms."""
    return {"displayModeBar": False, "scrollZoom": True}


def style(borough: Borough, areas: Areas, palette: Palette) -> dict[str, Any]:
    """The map's own style: ground, borough, outlines and names, all of it in the style itself."""
    colours = DARK_MAP if palette is DARK else LIGHT_MAP
    return {
        "version": 8,
        "sources": {
            "borough": {"type": "geojson", "data": borough.features},
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


def _shaded(areas: Areas, shade: Shade, colours: MapColours, palette: Palette) -> dict[str, Any]:
    known = np.isfinite(shade.values)
    values = shade.values[known]
    names = [plain(name) for name, k in zip(areas.names, known.tolist(), strict=True) if k]
    return {
        "type": "choroplethmap",
        "geojson": areas.features,
        "locations": [code for code, k in zip(areas.codes, known.tolist(), strict=True) if k],
        "z": values,
        "zmin": 0,
        "zmax": max(1.0, float(values.max(initial=1.0))),
        "colorscale": [[0, colours.shades[0]], [1, colours.shades[1]]],
        "marker": {"line": {"width": 0}, "opacity": 0.85},
        **_kept(0.85),
        "below": "lines",
        "hovertemplate": f"%{{text}}<br>{plain(shade.title)}: %{{z:,.4~g}}{plain(shade.unit)}<extra></extra>",
        "text": names,
        "colorbar": {
            "title": {"text": plain(shade.title), "side": "top", "font": {"size": 12, "color": palette.text}},
            "orientation": "h", "thickness": 10, "len": 0.3, "x": 0.01, "xanchor": "left", "y": 0.01,
            "yanchor": "bottom", "tickfont": {"size": 11, "color": palette.text}, "nticks": 4,
            "bgcolor": colours.ground, "outlinewidth": 0,
        },
    }  # fmt: skip


def _hot(hot: HotCells, colours: MapColours) -> list[dict[str, Any]]:
    if hot.patterns is None:
        groups = [("hotspot", hot.hot, colours.patterns[Pattern.PERSISTENT])]
    else:
        groups = [(p.value, hot.patterns == p.value, colour) for p, colour in colours.patterns.items()]
    return [
        {
            "type": "choroplethmap",
            "geojson": hot.grid.features(cells),
            "locations": cell_ids(cells),
            "z": np.ones(int(cells.sum())),
            "colorscale": [[0, colour], [1, colour]],
            "showscale": False,
            "marker": {"line": {"width": 1, "color": colour}, "opacity": 0.5},
            **_kept(0.5),
            "below": "lines",
            "name": name,
            "hovertemplate": f"{plain(hot.title)}: {name}<extra></extra>",
        }
        for name, cells, colour in groups
        if cells.any()
    ]


def _marked(
    markers: Sequence[Marker], colours: MapColours, palette: Palette, chosen: str | None
) -> list[dict[str, Any]]:
    if not markers:
        return []
    fills = [palette.level(m.level) if m.level else colours.safe for m in markers]
    where = {"lon": [m.longitude for m in markers], "lat": [m.latitude for m in markers]}
    return [
        {
            "type": "scattermap", **where, "mode": "markers", "hoverinfo": "skip", "name": "", "below": "",
            "marker": {
                "size": [m.size + (10 if m.id == chosen else 4) for m in markers],
                "color": [palette.text if m.id == chosen else palette.ground for m in markers],
                "opacity": 1, "allowoverlap": True,
            },
            **_kept(1),
        },
        {
            "type": "scattermap", **where, "mode": "markers", "name": "places", "below": "",
            "customdata": [m.id for m in markers],
            "marker": {"size": [m.size for m in markers], "color": fills, "opacity": 1, "allowoverlap": True},
            "hoverinfo": "text",
            "hovertext": [
                "<br>".join([f"<b>{plain(m.name)}</b>", *(plain(line) for line in m.words)]) for m in markers
            ],
            **_kept(1),
        },
        *(
            {
                "type": "scattermap", "mode": "text", "hoverinfo": "skip", "name": "", "below": "",
                "lon": [m.longitude for m, f in zip(markers, fills, strict=True) if ink(f) == colour],
                "lat": [m.latitude for m, f in zip(markers, fills, strict=True) if ink(f) == colour],
                "text": [m.label for m, f in zip(markers, fills, strict=True) if ink(f) == colour],
                "textfont": {"color": colour, "size": 14, "family": "Source Sans", "weight": 700},
            }
            for colour in sorted({ink(f) for f in fills})
        ),
    ]  # fmt: skip


def _kept(opacity: float) -> dict[str, Any]:
    """Nothing fades when one thing is chosen."""
    return {"selected": {"marker": {"opacity": opacity}}, "unselected": {"marker": {"opacity": opacity}}}


def ink(fill: str) -> str:
    """Black or white, whichever reads better on `fill`, by the contrast of WCAG 2.2."""
    channels = [int(fill[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#0F1418" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#FFFFFF"


def _notes(
    borough: Borough, areas: Areas, hot: HotCells | None, off: int, palette: Palette, colours: MapColours
) -> list[dict[str, Any]]:
    credit = textwrap.wrap(f"{borough.name} by {areas.kind.plural}. {areas.attribution}", NOTE_WRAP)
    notes = [_note("<br>".join(html.escape(line, quote=False) for line in credit), "right", "bottom", palette, colours)]
    if off:
        said = f"{off} place{'s lie' if off > 1 else ' lies'} outside the map: see the table."
        notes.append(_note(said, "right", "top", palette, colours))
    if hot is not None:
        key = (
            [(p.value, colour) for p, colour in colours.patterns.items()]
            if hot.patterns is not None
            else [("hotspot", colours.patterns[Pattern.PERSISTENT])]
        )
        squares = "  ".join(f'<span style="color:{colour}">■</span> {name}' for name, colour in key)
        notes.append(_note(f"{plain(hot.title)}: {squares}", "left", "top", palette, colours))
    return notes


def _note(text: str, x: str, y: str, palette: Palette, colours: MapColours) -> dict[str, Any]:
    return {
        "text": text, "showarrow": False, "xref": "paper", "yref": "paper", "align": x,
        "x": 1 if x == "right" else 0, "xanchor": x, "y": 1 if y == "top" else 0, "yanchor": y,
        "font": {"family": FONT, "size": NOTE_SIZE if y == "bottom" else 12, "color": palette.text},
        "bgcolor": colours.ground, "opacity": 0.9, "borderpad": 2,
    }  # fmt: skip


def _alt(borough: Borough, areas: Areas, markers: Sequence[Marker], shade: Shade | None, hot: HotCells | None) -> str:
    parts = [f"Map of {borough.name} by {areas.kind.plural}"]
    if markers:
        safe = sum(m.level is None for m in markers)
        parts.append(f"{len(markers) - safe} places ranked, {safe} safe")
    if shade is not None and np.isfinite(shade.values).any():
        most = int(np.nanargmax(shade.values))
        parts.append(f"{shade.title}, most in {areas.names[most]}: {shade.values[most]:,.4g}{shade.unit}")
    if hot is not None:
        parts.append(f"{hot.title}: {int(hot.hot.sum())} cells are hotspots")
    return "; ".join(parts) + "."
