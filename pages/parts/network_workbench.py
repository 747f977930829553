"""The picture and all that depends on what is chosen in it: they share one quick rerun, apart from the page."""

from __future__ import annotations

import streamlit as st

from chm.casework.desk import Desk
from chm.casework.linked import Look
from pages.parts import faults, network_heat, network_panel
from pages.parts.network_view import network_view
from pages.parts.opened_network import OpenedNetwork


@st.fragment
@faults.plainly
def workbench(desk: Desk, opened: OpenedNetwork, look: Look) -> None:
    """Picture and levels at the left; at the right what is in hand, what they share and what to do about it."""
    seen = opened.seen(look)
    left, right = st.columns([62, 38], gap="medium")
    with right:
        asked = network_panel.panel(desk, opened, seen)
    with left:
        network_view(
            seen.picture,
            opened.at,
            selected=opened.selected,
            removed=opened.removed,
            chosen=opened.select,
            moved=opened.place,
        )
        network_heat.heat_map(seen)
    network_panel.answer(desk, opened, seen, asked)
