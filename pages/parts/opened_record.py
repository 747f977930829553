"""The record on the screen: opened once, which is audited, and read anew only after a change."""

from __future__ import annotations

import streamlit as st

from chm.casework import people
from chm.casework.desk import Desk
from chm.casework.people import Record
from chm.errors import ChmError
from pages.parts import faults, gate
from pages.parts.text import plain

CHOSEN, KEPT, NEWS, FAILED = "young_person", gate.RECORD, "news", "failed"
MENU = "record_menu"


def current(desk: Desk) -> Record | None:
    """The record of the young person chosen; None where nobody is, or where it is not open to this user."""
    chosen = st.session_state.get(CHOSEN)
    if chosen is None:
        return None
    try:
        return gate.opened(
            desk,
            lambda: people.record_of(desk, chosen),
            lambda kept: people.still_open(desk, (kept.young_person.id,)),
            lambda kept: isinstance(kept, Record) and kept.young_person.id == chosen,
        )
    except ChmError as error:
        faults.show(error, "This record cannot be opened")
        close()
        return None


def changed(news: str) -> None:
    """Something was stored: read the record anew and say so."""
    st.session_state.pop(KEPT, None)
    st.session_state[NEWS] = news


def choose(id: str) -> None:
    """Open the record of young person `id` next."""
    st.session_state[CHOSEN] = id
    st.session_state.pop(KEPT, None)


def close() -> None:
    """Put the record away."""
    for key in (CHOSEN, KEPT):
        st.session_state.pop(key, None)


def failed(error: ChmError) -> None:
    """Something could not be stored: say so on the page, and read the record anew."""
    st.session_state.pop(KEPT, None)
    st.session_state[FAILED] = error


def news() -> None:
    """Say once what has just been done, or could not be."""
    if error := st.session_state.pop(FAILED, None):
        faults.show(error, "Nothing was changed")
    if said := st.session_state.pop(NEWS, None):
        st.toast(plain(said), icon=":material/check:")


def menu() -> str:
    """The key of the menu of what is done with a record as a whole: a new one once something of it is pressed."""
    return f"record-menu-{st.session_state.get(MENU, 0)}"


def put_menu_away() -> None:
    """Something of the menu was pressed: it would lie over the dialog."""
    st.session_state[MENU] = st.session_state.get(MENU, 0) + 1
