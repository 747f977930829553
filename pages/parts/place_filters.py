"""How places are looked at: a window, kinds of event and of place, influence, area and band."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from chm import connection_kinds
from chm.casework import places
from chm.casework.desk import Desk
from chm.casework.places import Filter
from chm.connections import Influence, PlaceKind
from chm.framework import LEVELS
from chm.places import rules

ANY = "Any"
SORTS = {
    PlaceKind.PHYSICAL: "Place", PlaceKind.ONLINE: "Online", PlaceKind.TRANSPORT: "Transport",
    PlaceKind.SCHOOL: "School", PlaceKind.HOME: "Home", PlaceKind.PLACEMENT: "Placement",
}  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """What is looked at: the filter that counts, and which of the ranked places show."""

    filter: Filter
    sort: PlaceKind | None = None
    sector: str | None = None
    band: str | None = None

    def shows(self, row: places.PlaceRow | places.SafeRow) -> bool:
        """Whether a row shows; what is hidden keeps its rank."""
        band = row.risk.band if isinstance(row, places.PlaceRow) else None
        return (
            (self.sort is None or row.place.kind == self.sort)
            and (self.sector is None or row.place.sector == self.sector)
            and (self.band is None or band in (None, self.band))
        )


def look(desk: Desk) -> Looked:
    """Draw the filters where the page stands, and give what they say."""
    windows = {f"{m} months" if m > 1 else "This month": m for m in rules.load().windows} | {"All": None}
    window = st.segmented_control(
        "Window", list(windows), default=next(iter(windows)), required=True, label_visibility="collapsed",
        key="places-window",
    )  # fmt: skip
    kinds = connection_kinds.load().event
    known = places.ranking(desk)
    kind = _choose("Event", {k: kinds[k].name if k in kinds else k for k in known.kinds}, "places-kind")
    sector = _choose("Area", {s: s for s in known.sectors}, "places-sector")
    with st.popover("More", icon=":material/tune:"):
        harm = {i: i.capitalize() for i in (Influence.HARMFUL, Influence.UNCLEAR)}
        influence = _choose("Influence", harm, "places-influence")
        there = {r.place.kind for r in (*known.rows, *known.safe)}
        sort = _choose("Kind of place", {k: name for k, name in SORTS.items() if k in there}, "places-sort")
        band = _choose("Band", {b: b.capitalize() for b in LEVELS[::-1]}, "places-band")
    return Looked(Filter(windows[window or "All"], kind, influence), sort and PlaceKind(sort), sector, band)


def _choose(label: str, options: dict[str, str], key: str) -> str | None:
    return st.selectbox(
        label, list(options), index=None, format_func=options.__getitem__, placeholder=label, key=key,
        label_visibility="collapsed", width=150,
    )  # fmt: skip
