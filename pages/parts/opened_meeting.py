"""The meeting whose plan or minutes are on the screen: read once, which is audited, and anew only after a change."""

from __future__ import annotations

import streamlit as st

from chm.casework import meetings
from chm.casework.desk import Desk
from chm.casework.meetings import Plan
from chm.errors import ChmError
from pages.parts import faults, gate

CHOSEN, KEPT, VIEW = "meeting", gate.RECORD, "meeting_view"
PLAN, MINUTES = "Plan", "Minutes"


def current(desk: Desk) -> Plan | None:
    """The meeting chosen; None where none is, or where it is not open to this user."""
    chosen = st.session_state.get(CHOSEN)
    if chosen is None:
        return None
    try:
        return gate.opened(
            desk,
            lambda: meetings.plan(desk, chosen),
            lambda kept: meetings.still_open(desk, kept.meeting.id, kept.records.named),
            lambda kept: isinstance(kept, Plan) and kept.meeting.id == chosen,
        )
    except ChmError as error:
        faults.show(error, "This meeting cannot be opened")
        close()
        return None


def view() -> str:
    """Let the visitor choose between plan and minutes; give what is chosen."""
    chosen = st.segmented_control("View", (PLAN, MINUTES), required=True, label_visibility="collapsed", key=VIEW)
    return str(chosen)


def choose(id: str, view: str = PLAN) -> None:
    """Open a meeting next, at one of the views."""
    st.session_state[CHOSEN], st.session_state[VIEW] = id, view
    anew()


def anew() -> None:
    """Read it anew when next drawn: something was changed."""
    st.session_state.pop(KEPT, None)


def close() -> None:
    """Put it away."""
    for key in (CHOSEN, KEPT, VIEW):
        st.session_state.pop(key, None)
