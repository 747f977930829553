"""The network and the map, on the shared screen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from chm.casework.public_counts import outlines
from chm.figures.place_map import Marker, configuration, place_map
from chm.linkage.ties import Party
from chm.scoring import RANK
from pages.parts import pressable, room_labels
from pages.parts.network_view import network_view
from pages.parts.opened_room import OpenedRoom
from pages.parts.story import colours

MAP, HEIGHT = "room-map", 520
SIZES = (28, 34, 40)


def network(opened: OpenedRoom, pressed: Any) -> None:
    """What links them; a press on somebody or something looks at it."""
    seen = opened.seen
    steps = opened.steps()
    _head(opened, pressed, "What links them", len(steps), _links(opened))
    opened.at |= seen.positions(opened.at)
    with st.container(key="room-network"):
        network_view(
            seen.picture,
            opened.at,
            selected=opened.selected,
            removed=(),
            chosen=opened.select,
            moved=opened.place,
            key=f"room-network-{opened.shown.shown.value}",
        )


def borough_map(opened: OpenedRoom, pressed: Any) -> None:
    """Where; a press on a place looks at it."""
    steps, names = opened.steps(), room_labels.labels(opened)
    shared = [s.partition(":")[2] for s in steps[1:]]
    off = [id for id in shared if id not in opened.room.points]
    note = f"{len(off)} more {'is' if len(off) == 1 else 'are'} online, lived in or without a point" if off else ""
    _head(opened, pressed, "Locations", len(steps), note)
    seen = opened.seen
    borough, areas = outlines()
    markers = [
        Marker(
            id,
            str(n),
            names[f"place:{id}"],
            *opened.room.points[id],
            _highest(opened, id),
            (f"{len(seen.shared[Party('place', id)].young_people)} young people",),
            SIZES[min(2, len(seen.shared[Party("place", id)].young_people) // 3)],
        )
        for n, id in reversed(list(enumerate(shared, 1)))
        if id in opened.room.points
    ]

    def heard() -> None:
        for point in (st.session_state.get(MAP) or {}).get("selection", {}).get("points", []):
            id = point.get("customdata")
            found = f"place:{id[0] if isinstance(id, list) else id}"
            if found in steps:
                opened.go("locations", steps.index(found))

    figure = place_map(borough, areas, colours(), HEIGHT, markers=markers, narrowest=560)
    figure.update_layout(height=None, autosize=True)
    with st.container(key="room-map-box", height="stretch"):
        st.plotly_chart(
            figure, theme=None, key=MAP, config=configuration(), alt=figure.layout.meta["alt"], on_select=heard,
            selection_mode="points", height="stretch",
        )  # fmt: skip
    pressable.show(
        "room_places",
        key="room-places",
        pressed=pressed,
        places=[
            {
                "n": n,
                "party": f"place:{id}",
                "name": names[f"place:{id}"],
                "count": len(seen.shared[Party("place", id)].young_people),
                "mapped": id in opened.room.points,
            }
            for n, id in enumerate(shared, 1)
        ],
    )


def _highest(opened: OpenedRoom, place: str) -> str | None:
    """The highest band of the young people linked to a place, for its colour."""
    people = [opened.seen.people[y] for y in opened.seen.shared[Party("place", place)].young_people]
    bands = [p.latest.score.combined.band for p in people if p.latest and p.latest.score.combined.band]
    return max(bands, key=RANK.__getitem__, default=None)


def _links(opened: OpenedRoom) -> str:
    pairs = opened.seen.network.shared.nnz
    return f"{pairs} linked pair{'' if pairs == 1 else 's'}. Press anything to look at it"


def _head(opened: OpenedRoom, pressed: Any, title: str, steps: int, line: str) -> None:
    pressable.show(
        "room_title",
        key="room-title",
        pressed=pressed,
        title=title,
        step=opened.step + 1,
        steps=steps,
        tag=line,
        line="",
    )
