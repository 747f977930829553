"""The network and the map, on the shared screen: kept on the page, so that a step to one only lets it be seen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from chm.casework.linked import Linked
from chm.casework.public_counts import outlines
from chm.figures.place_map import Marker, configuration, place_map
from chm.linkage.ties import Party
from chm.scoring import RANK
from pages.parts.network_view import network_view
from pages.parts.opened_room import PICTURED, OpenedRoom
from pages.parts.story import colours

Values = tuple[str, dict[str, Any]]
MAP, HEIGHT = "room-map", 520
SIZES = (28, 34, 40)
NETWORK_AT, MAP_AT = PICTURED


def draw(opened: OpenedRoom) -> None:
    """Draw both, seen or not, once they are wanted; a press on somebody or something looks at it."""
    if opened.pictured:
        if opened.networked:
            _network(opened)
        _map(opened)


def network_head(opened: OpenedRoom) -> Values:
    """What stands above the network."""
    pairs = opened.seen.network.shared.nnz
    tag = f"{pairs} linked pair{'' if pairs == 1 else 's'}. Press anything to look at it" if opened.networked else ""
    return "room_picture", {"title": "What links them", "tag": tag, "away": not opened.networked, "places": []}


def map_head(opened: OpenedRoom) -> Values:
    """What stands above and below the map."""
    seen, points, places = opened.seen, opened.room.points, _places(opened)
    off = sum(id not in points for id in places)
    return "room_picture", {
        "title": "Locations",
        "tag": f"{off} more {'is' if off == 1 else 'are'} online, lived in or without a point" if off else "",
        "away": False,
        "places": [
            {
                "n": n,
                "party": f"place:{id}",
                "name": _called(seen, id),
                "count": len(seen.shared[Party("place", id)].young_people),
                "mapped": id in points,
            }
            for n, id in enumerate(places, 1)
        ],
    }


def _network(opened: OpenedRoom) -> None:
    seen = opened.seen_at(NETWORK_AT)
    opened.at |= seen.positions(opened.at)
    shown = opened.shown.shown if opened.item == NETWORK_AT else opened.room.shown
    with st.container(key="room-network"):
        network_view(
            seen.picture,
            opened.at,
            selected=opened.selected,
            removed=(),
            chosen=opened.select,
            moved=opened.place,
            key=f"room-network-{shown.value}",
        )


def _map(opened: OpenedRoom) -> None:
    def heard() -> None:
        points = (st.session_state.get(MAP) or {}).get("selection", {}).get("points", [])
        ids = [p["customdata"] for p in points if p.get("customdata")]
        # The map keeps what was pressed last: a second press on it takes that back, and means the same place again.
        opened.on_map = str(ids[0][0] if isinstance(ids[0], list) else ids[0]) if ids else opened.on_map
        steps = opened.steps(MAP_AT)
        if f"place:{opened.on_map}" in steps:
            opened.go(MAP_AT, steps.index(f"place:{opened.on_map}"))

    figure = _figure(opened)
    with st.container(key="room-map-box", height="stretch"):
        st.plotly_chart(
            figure, theme=None, key=MAP, config=configuration(), alt=figure.layout.meta["alt"], on_select=heard,
            selection_mode="points", height="stretch",
        )  # fmt: skip


def _figure(opened: OpenedRoom) -> Any:
    """The map, made anew only where what it shows has changed."""
    seen, palette = opened.seen_at(MAP_AT), colours()
    if opened.mapped is None or opened.mapped[:2] != (seen, palette):
        borough, areas = outlines()
        markers = [
            Marker(
                id,
                str(n),
                _called(seen, id),
                *opened.room.points[id],
                _highest(seen, id),
                (f"{len(seen.shared[Party('place', id)].young_people)} young people",),
                SIZES[min(2, len(seen.shared[Party("place", id)].young_people) // 3)],
            )
            for n, id in reversed(list(enumerate(_places(opened), 1)))
            if id in opened.room.points
        ]
        figure = place_map(borough, areas, palette, HEIGHT, markers=markers, narrowest=560)
        figure.update_layout(height=None, autosize=True)
        opened.mapped = (seen, palette, figure)
    return opened.mapped[2]


def _places(opened: OpenedRoom) -> list[str]:
    return [step.partition(":")[2] for step in opened.steps(MAP_AT)[1:]]


def _called(seen: Linked, place: str) -> str:
    return seen.known.labels[Party("place", place)].text


def _highest(seen: Linked, place: str) -> str | None:
    """The highest band of the young people linked to a place, for its colour."""
    people = [seen.people[y] for y in seen.shared[Party("place", place)].young_people]
    bands = [p.latest.score.combined.band for p in people if p.latest and p.latest.score.combined.band]
    return max(bands, key=RANK.__getitem__, default=None)
