"""Beside the picture: likely duplicates to settle, and the picture as files."""

from __future__ import annotations

import streamlit as st

from chm.access import Permission
from chm.casework.desk import Desk
from pages.parts import duplicates_view, opened_network
from pages.parts.opened_network import OpenedNetwork


def buttons(desk: Desk, opened: OpenedNetwork) -> None:
    """The buttons that open each."""
    if desk.may(Permission.MERGE_ENTITIES) and st.button("Duplicates", icon=":material/join:"):
        duplicates_view.forget()
        _duplicates(desk)


@st.dialog("Likely duplicates", width="large", on_dismiss=opened_network.anew)
def _duplicates(desk: Desk) -> None:
    duplicates_view.offers(desk)
