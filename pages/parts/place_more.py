"""Beside the map: a briefing to hand to a partner, the ranking as a file, and a place added or put right."""

from __future__ import annotations

import streamlit as st

from chm.access import Permission
from chm.casework import place_exports, place_records
from chm.casework.desk import Desk
from chm.casework.place_records import PlaceEdit
from chm.casework.places import Filter
from chm.casework.public_counts import outlines
from chm.connections import PlaceKind
from chm.errors import ChmError
from chm.figures.place_map import Marker, configuration
from chm.figures.place_picker import place_picker
from chm.figures.place_picture import place_picture
from chm.linkage.from_records import HOMES
from chm.places.shown import Exposure, ShownPlace
from pages.parts import downloads, faults, opened_record, place_public
from pages.parts.place_filters import SORTS
from pages.parts.story import colours

FILES = {"docx": "Word", "pdf": "PDF"}
TABLES = {"csv": "CSV, for a spreadsheet", "geojson": "GeoJSON, for a map"}
KINDS = [kind for kind in PlaceKind if kind not in HOMES]
PICKED = "place-picker"


def buttons(desk: Desk) -> None:
    """The buttons that add: a place, and published counts."""
    if desk.may(Permission.EDIT_PLACES) and st.button("Add a place", icon=":material/add_location:"):
        _edit(desk, None)
    if desk.may(Permission.IMPORT_PUBLIC) and st.button("police.uk", icon=":material/upload_file:"):
        place_public.take_in(desk)


def ranking(desk: Desk, filter: Filter) -> None:
    """The button that gives the ranking as a file, to whoever may take it."""
    if desk.may(Permission.EXPORT_PLACES) and st.button("Export", icon=":material/download:"):
        _export(desk, filter)


@st.dialog("The ranking as a file")
@faults.plainly
def _export(desk: Desk, filter: Filter) -> None:
    kind = st.radio("Form", list(TABLES), format_func=TABLES.__getitem__)
    st.caption("Counts are hidden as on the page; no home is in it. Making it is noted in the audit.")
    if st.button("Make the file", type="primary"):
        try:
            made = place_exports.ranking_file(desk, kind, filter)
        except ChmError as error:
            faults.show(error, "The file was not made")
            return
        downloads.save(
            desk, "Save the file", made, lambda d: place_exports.ranking_file(d, kind, filter), key="ranking-save"
        )


@st.dialog("A one-page briefing")
@faults.plainly
def briefing(desk: Desk, place: ShownPlace, filter: Filter) -> None:
    """Make the briefing on `place`, safe to hand to a partner."""
    kind = st.radio("Form", list(FILES), format_func=FILES.__getitem__, horizontal=True)
    st.caption("Counts that could tell a child are hidden, whoever makes it. Making it is noted in the audit.")
    if st.button("Make the briefing", type="primary"):
        borough, areas = outlines()
        public = place.exposure == Exposure.PUBLIC
        point = (place.longitude, place.latitude) if public else (None, None)
        picture = place_picture(borough, areas, *point) if None not in point else None
        try:
            made = place_exports.location_file(desk, place.id, kind, filter, picture)
        except ChmError as error:
            faults.show(error, "The briefing was not made")
            return
        downloads.save(
            desk, "Save the briefing", made,
            lambda d: place_exports.location_file(d, place.id, kind, filter, picture), key="briefing-save",
        )  # fmt: skip


@st.dialog("A place", width="large")
@faults.plainly
def _edit(desk: Desk, place: ShownPlace | None) -> None:
    key = place.id if place else "new"
    with st.container(horizontal=True):
        name = st.text_input("Name", place.name if place else "", max_chars=200, key=f"place-name-{key}")
        kind = st.selectbox(
            "Kind", KINDS, index=KINDS.index(place.kind) if place and place.kind in KINDS else 0,
            format_func=SORTS.__getitem__, key=f"place-kind-{key}",
        )  # fmt: skip
        postcode = st.text_input(
            "Postcode", place.postcode if place else "", max_chars=10, key=f"place-postcode-{key}",
            help="Puts it on the map, unless a click below does",
        )  # fmt: skip
    address = st.text_input("Address", place.address if place else "", max_chars=200, key=f"place-address-{key}")
    longitude, latitude = (place.longitude, place.latitude) if place else (None, None)
    if kind != PlaceKind.ONLINE:
        longitude, latitude = _pick(name, longitude, latitude, key)
    why = st.text_input("Why it is changed", max_chars=500, key=f"place-why-{key}") if place else ""
    if not st.button("Save the place", type="primary", icon=":material/check:", shortcut="Ctrl+Enter"):
        return
    edited = PlaceEdit(
        id=place.id if place else "",
        name=name,
        kind=kind,
        address=address,
        postcode=postcode,
        latitude=latitude,
        longitude=longitude,
        version=place.version if place else 1,
    )
    try:
        if place:
            place_records.edit(desk, edited, why)
        else:
            place_records.add(desk, edited)
    except ChmError as error:
        faults.show(error, "Nothing was saved")
        return
    opened_record.changed("The place is saved. It ranks once something is recorded there.")
    st.rerun()


def edit(desk: Desk, place: ShownPlace) -> None:
    """Put right what is recorded of `place` itself."""
    _edit(desk, place)


def _pick(name: str, longitude: float | None, latitude: float | None, key: str) -> tuple[float | None, float | None]:
    """Where a click puts the place, else where it is."""
    chosen = (st.session_state.get(f"{PICKED}-{key}") or {}).get("selection", {}).get("points", [])
    if chosen and isinstance(chosen[0].get("lon"), int | float) and isinstance(chosen[0].get("lat"), int | float):
        longitude, latitude = float(chosen[0]["lon"]), float(chosen[0]["lat"])
    here = None
    if longitude is not None and latitude is not None:
        here = Marker("here", "", name or "Here", longitude, latitude, None)
    borough, areas = outlines()
    st.plotly_chart(
        place_picker(borough, areas, colours(), 330, here), theme=None, key=f"{PICKED}-{key}",
        config=configuration(), on_select="rerun", selection_mode="points", alt="A click puts the place on the map",
    )  # fmt: skip
    if here:
        st.caption(f"At {latitude:.5f}, {longitude:.5f}. Another click moves it.")
    else:
        st.caption("A click puts it on the map; a postcode does so too.")
    return longitude, latitude
