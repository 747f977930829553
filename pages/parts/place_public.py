"""Published counts behind our own places: shaded or as hotspots, always apart, never evidence; and taking them in."""

from __future__ import annotations

import streamlit as st

from chm.access import Permission
from chm.casework import public_counts
from chm.casework.desk import Desk
from chm.errors import ChmError
from chm.exchange.police_uk import PoliceImport
from chm.figures.place_map import HotCells, Shade
from chm.places.hotspots import TooFew
from pages.parts import faults, markup, opened_record
from pages.parts.text import plain

HOT, COUNT, RATE, SEARCHES = "Hotspots", "By area", "By area, each km²", "Stop and search, by area"
Layer = tuple[Shade | None, HotCells | None]


def layer(desk: Desk) -> Layer:
    """Draw the choice of background, where counts are kept or may be taken in, and give what is to be drawn."""
    events = public_counts.kept(desk)
    if not len(events) and not desk.may(Permission.IMPORT_PUBLIC):
        return None, None
    with st.popover("Public background", icon=":material/layers:"):
        st.caption(
            "What the police publish: snapped to a street and dated by month. Never evidence, never in a place's rank, "
            "and no hour of day can be read from it."
        )
        chosen, kinds = None, []
        if len(events):
            chosen = st.radio(
                "Behind the places", [None, HOT, COUNT, RATE, SEARCHES], format_func=lambda o: o or "Nothing"
            )
            if chosen not in (None, SEARCHES):
                kinds = st.multiselect("Kinds", list(events.kinds), placeholder="All kinds")
            st.caption(f"{len(events):,} reports, {events.months[0]} to {events.months[-1]}")
        else:
            st.caption("None are kept yet. “police.uk” beside this takes in files.")
    if chosen is None:
        return None, None
    borough, areas = public_counts.outlines()
    if chosen == HOT:
        try:
            return None, public_counts.hot(events, borough, kinds)
        except TooFew as few:
            st.info(plain(str(few)), icon=":material/info:")
            return None, None
    if chosen == SEARCHES:
        return public_counts.shade(public_counts.kept(desk, searches=True), areas, None, False), None
    return public_counts.shade(events, areas, kinds, chosen == RATE), None


@st.dialog("Files from police.uk", width="large")
@faults.plainly
def take_in(desk: Desk) -> None:
    """Take in published files: seen whole before anything is kept."""
    files = st.file_uploader("Street-level CSV files, or the zip of months", ["csv", "zip"], accept_multiple_files=True)
    searches = st.toggle("Stop and search too", help="Off by default; it never ranks a place")
    if not files:
        return
    uploads = [(f.name, f.getvalue()) for f in files]
    try:
        found = public_counts.read(desk, uploads, searches)
    except ChmError as error:
        faults.show(error, "Nothing can be taken in yet")
        return
    _told(found)
    if not any(f.inside + f.near for f in found.files):
        st.info("Nothing in these files is in the area or just outside it; there is nothing to take in.")
        return
    if not st.button("Take in", type="primary", icon=":material/check:", shortcut="Ctrl+Enter"):
        return
    try:
        public_counts.take_in(desk, uploads, searches)
    except ChmError as error:
        faults.show(error, "Nothing was taken in")
        return
    opened_record.changed("Taken in. The same months of the same force took the place of those before.")
    st.rerun()


def _told(found: PoliceImport) -> None:
    markup.show("place_public", files=found.files, left_out=found.left_out, near=found.near)
