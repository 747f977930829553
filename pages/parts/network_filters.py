"""How the network is looked at: a window of time, how sure, as it was on a day, what is new, and which kinds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import streamlit as st

from chm import settings
from chm.casework.linked import Look
from chm.linkage.ties import KINDS, Confidence
from chm.linkage.view import LineKind, View
from chm.settings import today

WINDOWS = {"30 days": 30, "90 days": 90, "12 months": 365, "All": None}
SURE = {
    "All": Confidence.UNVERIFIED,
    "Possible or better": Confidence.POSSIBLE,
    "Likely or better": Confidence.LIKELY,
    "Confirmed": Confidence.CONFIRMED,
}
THINGS = {
    "person": "People",
    "place": "Places",
    "vehicle": "Vehicles",
    "account": "Phones and accounts",
    "group": "Groups",
}
EARLIEST = date(2000, 1, 1)


def look() -> Look:
    """Draw the filters where the page stands, and give what they say."""
    window = st.segmented_control(
        "Window",
        list(WINDOWS),
        default="12 months",
        required=True,
        label_visibility="collapsed",
        key="network-window",
    )
    sure = st.segmented_control(
        "How sure", list(SURE), default="All", required=True, label_visibility="collapsed", key="network-sure"
    )
    with st.popover("More filters", icon=":material/tune:"):
        as_on, known, since, lines, kinds, neighbours = _more()
    told = [
        as_on and f"as on {as_on.day} {as_on:%b %Y}",
        as_on and known and "as known then",
        since and f"new since {since.day} {since:%b %Y} marked",
        len(lines) < len(LineKind) and "some lines hidden",
        len(kinds) < len(KINDS) - 1 and "some kinds hidden",
        neighbours and "neighbours shown",
    ]
    with st.container(width="stretch", key="network-told"):
        words = " · ".join(t for t in told if t)
        st.caption(words[:1].upper() + words[1:])
    days = WINDOWS[window or "All"]
    last = as_on or today()
    view = View(
        since=last - timedelta(days=days) if days else None,
        until=as_on,
        least=SURE[sure or "All"],
        influences=frozenset(map(LineKind, lines)),
        kinds=frozenset(kinds),
    )
    then = datetime.combine(as_on + timedelta(days=1), time(), settings.ZONE) if as_on and known else None
    return Look(view, known_by=then, new_since=since, neighbours=neighbours)


def _more() -> tuple[date | None, bool, date | None, list[str], list[str], bool]:
    with st.container(horizontal=True):
        as_on = st.date_input(
            "As it was on", value=None, min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY", key="network-as-on"
        )
        since = st.date_input(
            "Mark what is new since", value=None, min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY",
            key="network-since",
        )  # fmt: skip
    known = st.toggle("Only what had been recorded by then", key="network-known", disabled=as_on is None)
    lines = st.pills(
        "Lines", list(LineKind), default=list(LineKind), selection_mode="multi", format_func=str.capitalize,
        key="network-lines",
    )  # fmt: skip
    kinds = st.pills(
        "Kinds", KINDS[1:], default=KINDS[1:], selection_mode="multi", format_func=THINGS.__getitem__,
        key="network-kinds",
    )  # fmt: skip
    neighbours = st.toggle("Others linked to them, those you may not open without a name", key="network-neighbours")
    return as_on, known, since, list(lines), list(kinds), neighbours
