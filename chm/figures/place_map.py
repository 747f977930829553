"""A map of the borough drawn from its own outlines: no tiles, no fonts, no icons from anywhere else.

What stands still is the map's style; what a filter changes (places, shades, hotspots) are traces. Only the marker
`circle` is drawn by the map itself: any other symbol would be asked for from another host.
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

from chm.figures.map_style import MapColours, ink, map_colours, style, view
from chm.figures.palette import FONT, Palette, layout, plain
from chm.geography.areas import Areas, Borough
from chm.geography.grid import Grid, cell_ids
from chm.places.hotspots import Pattern

SAFE = "✓"
# Degrees around the borough within which places are drawn; those further off are counted in words.
AROUND = (0.04, 0.025)
NOTE_SIZE, NOTE_WRAP = 10, 72


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
    colours = map_colours(palette)
    box = np.array(areas.outline.bounds) + np.array([-AROUND[0], -AROUND[1], *AROUND])
    drawn = [m for m in markers if box[0] < m.longitude < box[2] and box[1] < m.latitude < box[3]]
    opened = view(areas.outline.bounds, narrowest, height)
    data: list[dict[str, Any]] = []
    if shade is not None:
        data.append(_shaded(areas, shade, colours, palette))
    if hot is not None:
        data += _hot(hot, colours)
    data += _marked(drawn, colours, palette, chosen, opened["zoom"])
    figure_layout = {
        **layout(palette, height, _alt(borough, areas, markers, shade, hot)),
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "dragmode": "pan",
        "clickmode": "event+select",
        "map": {
            "style": style(areas, palette),
            **opened,
            "uirevision": borough.code,
        },
        "annotations": _notes(borough, areas, hot, len(markers) - len(drawn), palette, colours),
    }
    return go.Figure({"data": data, "layout": figure_layout})


def configuration() -> dict[str, Any]:
    """What a page hands to `plotly_chart`: no tool bar; the wheel zooms."""
    return {"displayModeBar": False, "scrollZoom": True}


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


def _legible(markers: Sequence[Marker], zoom: float) -> set[Marker]:
    """The markers whose labels nothing covers as the map opens: on another's circle a label would be read as its."""
    pixels = 512 * 2**zoom / 360
    kept: list[tuple[float, float, Marker]] = []
    for m in reversed(markers):
        x = m.longitude * pixels
        y = m.latitude * pixels / math.cos(math.radians(m.latitude))
        if all(math.hypot(x - a, y - b) >= (m.size + over.size) / 2 for a, b, over in kept):
            kept.append((x, y, m))
    return {m for _, _, m in kept}


def _marked(
    markers: Sequence[Marker], colours: MapColours, palette: Palette, chosen: str | None, zoom: float
) -> list[dict[str, Any]]:
    if not markers:
        return []
    markers = sorted(markers, key=lambda m: m.id == chosen)
    fills = [palette.level(m.level) if m.level else colours.safe for m in markers]
    written = _legible(markers, zoom)
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
                "lon": [m.longitude for m, f in zip(markers, fills, strict=True) if ink(f) == colour and m in written],
                "lat": [m.latitude for m, f in zip(markers, fills, strict=True) if ink(f) == colour and m in written],
                "text": [m.label for m, f in zip(markers, fills, strict=True) if ink(f) == colour and m in written],
                "textfont": {"color": colour, "size": 14, "family": "Source Sans", "weight": 700},
            }
            for colour in sorted({ink(f) for f in fills})
        ),
    ]  # fmt: skip


def _kept(opacity: float) -> dict[str, Any]:
    """Nothing fades when one thing is chosen."""
    return {"selected": {"marker": {"opacity": opacity}}, "unselected": {"marker": {"opacity": opacity}}}


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
