"""Choosing whose links to see: a meeting's young people, one's own, or any of them."""

from __future__ import annotations

from functools import partial

import streamlit as st

from chm.casework import network
from chm.casework.desk import Desk
from pages.parts import markup, opened_network
from pages.parts.text import plain

MOST_AT_ONCE = 300


def choose(desk: Desk) -> None:
    """Draw the meetings that the user chairs, everybody in reach, and a list to choose some from."""
    mine = network.mine(desk)
    names = {p.id: p.name for p in mine}
    left, right = st.columns([50, 50], gap="large")
    with left:
        for meeting in network.meetings(desk):
            there = tuple(id for id in meeting.young_people if id in names)
            if there:
                when = f"Meeting on {markup.day(meeting.on)}"
                if len(there) > MOST_AT_ONCE:
                    when += f" · the first {MOST_AT_ONCE} of {len(there):,}"
                _row(meeting.title, when, there[:MOST_AT_ONCE], names, f"meeting-{meeting.id}")
        if mine:
            whose = "Everybody you may open" if len(mine) > 1 else "The one you may open"
            if len(mine) > MOST_AT_ONCE:
                whose = f"The first {MOST_AT_ONCE} of {len(mine):,} you may open, by name"
            _row(whose, "", tuple(names)[:MOST_AT_ONCE], names, "everybody")
        else:
            st.info("No young person is open to you here.", icon=":material/group_off:")
    with right, st.form("network-some", border=True):
        some = st.multiselect(
            "Or choose some",
            list(names),
            format_func=lambda id: f"{names[id]}, {id}",
            placeholder="Names or ids",
            max_selections=MOST_AT_ONCE,
        )
        if st.form_submit_button("Show what links them", type="primary"):
            if some:
                opened_network.choose("", tuple(some))
                st.rerun()
            st.error("Choose at least one young person first.")


def _row(head: str, when: str, there: tuple[str, ...], names: dict[str, str], key: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        with st.container(width="stretch"):
            markup.show("network_choice", head=head, when=when, names=[names[id] for id in there])
        st.button(
            "Show",
            key=f"network-{key}",
            type="primary",
            help=f"Show what links {plain(head)}",
            on_click=partial(opened_network.choose, " · ".join(filter(None, (head, when))), there),
        )
