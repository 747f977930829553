"""A still picture of the borough with one place on it, for a document; drawn from the same outlines as the map."""

from __future__ import annotations

import math
from io import BytesIO

import shapely
from PIL import Image, ImageDraw

from chm.figures.map_style import LIGHT_MAP
from chm.figures.palette import LIGHT
from chm.geography.areas import Areas, Borough

WIDTH, MARGIN, DRAWN_LARGER, DOT = 900, 24, 2, 13


def place_picture(borough: Borough, areas: Areas, longitude: float | None, latitude: float | None) -> bytes:
    """PNG of `borough` with the outlines of `areas`, and a dot where the place is; none where it has no point."""
    west, south, east, north = borough.outline.bounds
    # At this latitude a degree of longitude is shorter than one of latitude.
    narrow = math.cos(math.radians((south + north) / 2))
    scale = DRAWN_LARGER * (WIDTH - 2 * MARGIN) / ((east - west) * narrow)
    margin = DRAWN_LARGER * MARGIN
    size = (DRAWN_LARGER * WIDTH, round((north - south) * scale) + 2 * margin)

    def at(x: float, y: float) -> tuple[float, float]:
        return margin + (x - west) * narrow * scale, margin + (north - y) * scale

    picture = Image.new("RGB", size, LIGHT_MAP.ground)
    draw = ImageDraw.Draw(picture)
    for ring in _rings(borough.outline):
        draw.polygon([at(x, y) for x, y in ring], fill=LIGHT_MAP.borough)
    for shape in areas.shapes:
        for ring in _rings(shape):
            draw.line([at(x, y) for x, y in ring], fill=LIGHT_MAP.line, width=DRAWN_LARGER)
    for ring in _rings(borough.outline):
        draw.line([at(x, y) for x, y in ring], fill=LIGHT.muted, width=2 * DRAWN_LARGER)
    if longitude is not None and latitude is not None:
        x, y = at(longitude, latitude)
        r = DRAWN_LARGER * DOT
        draw.ellipse((x - r, y - r, x + r, y + r), fill=LIGHT.significant, outline="#FFFFFF", width=2 * DRAWN_LARGER)
    file = BytesIO()
    picture.resize((WIDTH, round(size[1] / DRAWN_LARGER)), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


def _rings(shape: shapely.Geometry) -> list[list[tuple[float, float]]]:
    return [list(part.exterior.coords) for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
