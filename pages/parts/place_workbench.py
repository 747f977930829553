"""The map, the ranking and one place, which share a quick rerun apart from the page."""

from __future__ import annotations

import streamlit as st

from chm.casework import places
from chm.casework.desk import Desk
from chm.errors import ChmError
from pages.parts import faults, place_map, place_panel, place_times
from pages.parts.place_filters import Looked
from pages.parts.place_public import Layer

CHOSEN = "place_chosen"


@st.fragment
@faults.plainly
def workbench(desk: Desk, looked: Looked, layer: Layer) -> None:
    """The first three over all; map and times at the left; ranking and the place in hand at the right."""
    ranking = places.ranking(desk, looked.filter)
    rows = [r for r in ranking.rows if looked.shows(r)]
    safe = [r for r in ranking.safe if looked.shows(r)]
    known = {r.place.id for r in (*rows, *ranking.homes, *safe)}
    place_panel.first(rows, pressed=_choose)
    chosen = st.session_state.get(CHOSEN)
    if chosen not in known:
        chosen = rows[0].place.id if rows else None
    opened = None
    if chosen:
        try:
            opened = places.open(desk, chosen, looked.filter)
        except ChmError as error:
            faults.show(error, "This place cannot be opened")
    left, right = st.columns([52, 48], gap="medium")
    with right:
        asked = place_panel.panel(
            desk, ranking, rows, safe, opened, places.checks(desk, looked.filter), pressed=_choose
        )
    with left:
        place_map.draw(rows, safe, layer, chosen, choose=_choose)
        if opened:
            place_times.times(opened)
    place_panel.answer(desk, opened, looked.filter, asked)


def _choose(what: str, which: str) -> None:
    if what == "select":
        st.session_state[CHOSEN] = which
