"""The places of one's own young people, in full: who was there in which role, and homes that harm has reached."""

from __future__ import annotations

from typing import Any

import streamlit as st

from chm.casework import frameworks, network, places
from chm.casework.desk import Desk
from chm.casework.places import OwnPlace, OwnPlaces
from chm.casework.public_counts import outlines
from chm.figures.place_map import SAFE, Marker, configuration, place_map
from pages.parts import gate, markup
from pages.parts.place_filters import SORTS, Looked
from pages.parts.place_panel import ROLES, TRENDS
from pages.parts.story import colours

HEIGHT = 470


def show(desk: Desk, looked: Looked) -> None:
    """Draw the map and the table of the places of everybody the user may open."""
    found = _read(desk, looked)
    if not found.rows:
        st.info("No place is recorded for a young person you may open.", icon=":material/location_off:")
        return
    borough, areas = outlines()
    markers = [m for m in map(_marker, found.rows) if m]
    left, right = st.columns([46, 54], gap="medium")
    with left:
        figure = place_map(borough, areas, colours(), HEIGHT, markers=markers)
        st.plotly_chart(figure, theme=None, key="own-place-map", config=configuration(), alt=figure.layout.meta["alt"])
    with right:
        markup.show(
            "place_own",
            rows=[_row(row, found) for row in found.rows],
            steps=found.home_safety if any(r.targeted for r in found.rows) else (),
        )


def _read(desk: Desk, looked: Looked) -> OwnPlaces:
    """Read once for each look, for the audit notes every reading."""
    at = (desk.user.id, looked.filter)

    def read() -> tuple[object, OwnPlaces]:
        mine = tuple(p.id for p in network.mine(desk))
        return at, places.of_young_people(desk, mine, looked.filter) if mine else OwnPlaces((), {}, ())

    kept = gate.opened(
        desk,
        read,
        lambda kept: network.still_open(desk, tuple(kept[1].names)),
        lambda kept: kept[0] == at,
        gate.BESIDE,
    )
    return kept[1]


def _row(row: OwnPlace, found: OwnPlaces) -> dict[str, Any]:
    band = row.risk.band if row.risk else None
    last = next((e for e in row.events if e.start), None)
    return {
        "rank": row.risk.rank if row.risk else None,
        "name": row.place.label,
        "facts": [f for f in (SORTS[row.place.place_kind], row.place.address, row.place.postcode) if f],
        "band": band,
        "word": frameworks.current().level[band].name if band else "",
        "trend": TRENDS[row.risk.trend] if row.risk else None,
        "why": row.why,
        "who": [(found.names[id], sorted(ROLES[r] for r in roles)) for id, roles in row.young_people.items()],
        "home": row.home,
        "targeted": row.targeted,
        "protects": row.protects,
        "last": last.start if last else None,
        "reports": len(row.events),
    }


def _marker(row: OwnPlace) -> Marker | None:
    place, risk = row.place, row.risk
    if place.longitude is None or place.latitude is None:
        return None
    words = (row.why or "Keeps somebody safe", f"{len(row.young_people)} of your young people")
    label, band = (str(risk.rank), risk.band) if risk else (SAFE, None)
    return Marker(place.id, label, place.label, place.longitude, place.latitude, band, words)
