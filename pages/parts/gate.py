"""Who is here, and whether this page is theirs. `open_page` is the first call of every page."""

from __future__ import annotations

import streamlit as st

from chm.casework import database, frameworks, users
from chm.casework.desk import Desk
from chm.errors import ChmError, StorageUnavailable
from chm.records import Role, User
from pages.parts.navigation import Screen
from pages.parts.text import plain

EVERYONE, SCREEN, RECORD = "everyone", "screen", "record"


@st.cache_resource(show_spinner=False)
def engine() -> database.Engine:
    """The database, opened once for all visitors."""
    return database.open()


@st.cache_resource(show_spinner=False)
def invented() -> bool:
    """Whether all people and records here are invented."""
    return database.is_demo(engine())


def _everyone() -> list[User]:
    try:
        st.session_state[EVERYONE] = users.all_users(engine())
    except StorageUnavailable:
        # A busy database must not take away the page and what is typed on it; each read or store asks the role anew.
        if EVERYONE not in st.session_state:
            raise
    return list(st.session_state[EVERYONE])


def user() -> User:
    """Who is here. Until sign-in is built: the demo's switcher, on a demo database alone.

    Stops the page with a plain message where the data or the database cannot be used.
    """
    try:
        frameworks.current()
        everyone = _everyone()
    except ChmError as error:
        st.error(f"The product cannot start. {plain(str(error))}", icon=":material/error:")
        st.stop()
    if not everyone:
        st.error("There are no users yet. Load the demo with `python -m chm prepare`.")
        st.stop()
    known = {u.id: u for u in everyone}
    first = next((u for u in everyone if Role.PRACTITIONER in u.roles), everyone[0])
    return known.get(st.session_state.get("user", ""), first)


def open_page(screen: Screen) -> Desk:
    """The desk of whoever is here; stops the page where `screen` is not theirs."""
    here = user()
    if not screen.roles & here.roles:
        st.error("This page is not open to your role.", icon=":material/lock:")
        st.stop()
    if st.session_state.get(SCREEN) != screen.address:
        st.session_state[SCREEN] = screen.address
        st.session_state.pop(RECORD, None)  # A record is read, and the read audited, each time its page is entered.
    return Desk(engine(), here)


def everyone() -> list[tuple[str, str]]:
    """Ids and names, with roles, of those whom a visitor may choose to be in the demo."""
    known: list[User] = st.session_state[EVERYONE]
    return [(u.id, f"{u.name}, {', '.join(r.replace('_', ' ') for r in sorted(u.roles))}") for u in known]


def become(id: str) -> None:
    """Be somebody else in the demo, with nothing left of what was open."""
    for key in list(st.session_state):
        del st.session_state[key]
    st.session_state["user"] = id
