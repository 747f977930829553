"""The map of places: ranked ones by number, size and band; safe ones apart; drawn from data of our own alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from chm.casework.places import PlaceRow, SafeRow
from chm.casework.public_counts import outlines
from chm.figures.place_map import SAFE, Marker, configuration, place_map
from pages.parts.place_public import Layer
from pages.parts.story import colours

KEY, HEIGHT = "place-map", 470
SIZES = (26, 32, 38)


def draw(
    rows: Sequence[PlaceRow],
    safe: Sequence[SafeRow],
    layer: Layer,
    chosen: str | None,
    choose: Callable[[str, str], None],
) -> None:
    """Draw the places that have a point; a click on one takes it in hand. The table beside has them all."""
    borough, areas = outlines()
    shade, hot = layer

    def heard() -> None:
        picked = (st.session_state.get(KEY) or {}).get("selection", {}).get("points", [])
        for point in picked:
            id = point.get("customdata")
            choose("select", str(id[0] if isinstance(id, list) else id))

    figure = place_map(
        borough,
        areas,
        colours(),
        HEIGHT,
        markers=[m for m in (*map(_safe, safe), *map(_ranked, rows[::-1])) if m],
        shade=shade,
        hot=hot,
        chosen=chosen,
    )
    st.plotly_chart(
        figure,
        theme=None,
        key=KEY,
        config=configuration(),
        alt=figure.layout.meta["alt"],
        on_select=heard,
        selection_mode="points",
    )
    off = [r.place.name for r in rows if r.place.latitude is None]
    if off:
        st.caption(
            f"Not on the map, as they are online, a dwelling or without a point: {len(off)}. The table has them."
        )


def _ranked(row: PlaceRow) -> Marker | None:
    young = row.risk.count("young_people").step
    return _marker(row, str(row.risk.rank), row.risk.band, (row.why,), SIZES[(young >= 5) + (young >= 10)])


def _safe(row: SafeRow) -> Marker | None:
    return _marker(row, SAFE, None, (f"Keeps {row.safe.young_people.text} young people safe",), SIZES[0])


def _marker(row: PlaceRow | SafeRow, label: str, band: str | None, words: tuple[str, ...], size: int) -> Marker | None:
    place = row.place
    if place.latitude is None or place.longitude is None:
        return None
    return Marker(place.id, label, place.name, place.longitude, place.latitude, band, words, size)
