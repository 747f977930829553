"""A map to put a place on by a click: what is chosen is one of many unseen points, so no script is needed."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from chm.figures.palette import Palette
from chm.figures.place_map import Marker, place_map
from chm.geography.areas import Areas, Borough
from chm.geography.coordinates import shapes_to_national_grid, to_wgs84

STEP_METRES = 40
AROUND_METRES = 500


def place_picker(
    borough: Borough, areas: Areas, palette: Palette, height: int, at: Marker | None = None, narrowest: int = 680
) -> go.Figure:
    """The map of a borough on which a click chooses the nearest of points 40 metres apart; `at` is chosen now.

    What the chart reports holds `lon` and `lat` of the point.
    """
    figure = place_map(
        borough, areas, palette, height, markers=[at] if at else [], chosen=at.id if at else None, narrowest=narrowest
    )
    figure.add_scattermap(**_points(areas))
    figure.update_layout(meta={"alt": f"Map of {borough.name}; a click chooses where the place is."})
    return figure


def _points(areas: Areas) -> dict[str, Any]:
    west, south, east, north = shapes_to_national_grid(areas.outline).bounds
    columns = np.arange(west - AROUND_METRES, east + AROUND_METRES, STEP_METRES)
    rows = np.arange(south - AROUND_METRES, north + AROUND_METRES, STEP_METRES)
    grid = to_wgs84(np.column_stack([axis.ravel() for axis in np.meshgrid(columns, rows)])).round(6)
    return {
        "lon": grid[:, 0].astype(np.float32), "lat": grid[:, 1].astype(np.float32), "mode": "markers", "below": "",
        "marker": {"size": 8, "opacity": 0}, "hovertemplate": "Put the place here<extra></extra>", "name": "spots",
        "selected": {"marker": {"opacity": 0}}, "unselected": {"marker": {"opacity": 0}},
    }  # fmt: skip
