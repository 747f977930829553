"""The audit log on screen. Reading it is itself an entry, so narrowing what was read asks nothing anew."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from chm import settings
from chm.audit import record_id
from chm.casework import audit_log
from chm.casework.desk import Desk
from chm.errors import ChmError
from chm.records import AuditEntry
from pages.parts import faults, gate, markup, navigation

MOST, STEP = 1000, 100
EVERY = "Every operation"
REFUSED = "refused"


def about() -> str | None:
    """The record to read about; None for all."""
    typed = st.text_input(
        "About one record", key="audit_record", placeholder="YP-0001", icon=":material/search:", width=320
    )
    prefix, dash, rest = typed.strip().partition("-")
    return f"{prefix.upper()}{dash}{rest.lower()}" if typed.strip() else None


def read(desk: Desk, record: str | None) -> list[AuditEntry]:
    """The newest entries, all or about `record`."""
    if record and record_id(record) == "unknown":
        st.warning("A record's id looks like YP-0001. Letters, a hyphen, then digits.", icon=":material/search_off:")
        st.stop()
    try:
        return audit_log.read(desk, record, MOST)
    except ChmError as error:
        faults.show(error, "The audit cannot be read")
        st.stop()


@st.fragment
def table(entries: list[AuditEntry]) -> None:
    """The entries, narrowed by operation or to refusals, a hundred at a time."""
    gate.open_page(navigation.AUDIT)
    counts = Counter(e.operation for e in entries)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        operation = st.selectbox(
            "Operation",
            [EVERY, *sorted(counts)],
            format_func=lambda o: f"{o} · {counts[o] if o in counts else len(entries)}",
            key="audit_operation",
            width=340,
        )
        refused = st.toggle("Refused only", key="audit_refused")
    shown = [e for e in entries if operation in (EVERY, e.operation) and (not refused or e.why == REFUSED)]
    most = st.session_state.setdefault("audit_most", STEP)
    markup.show(
        "audit_table",
        entries=[{"entry": e, "at": e.at.astimezone(settings.ZONE)} for e in shown[:most]],
        total=len(shown),
        capped=len(entries) == MOST,
        refused=REFUSED,
    )
    if len(shown) > most and st.button(f"Show {min(STEP, len(shown) - most)} more"):
        st.session_state["audit_most"] = most + STEP
        st.rerun(scope="fragment")


@st.fragment
def chain(desk: Desk) -> None:
    """Check on request that no entry was changed or taken out."""
    gate.open_page(navigation.AUDIT)
    markup.show("audit_chain")
    if not st.button("Check the chain", icon=":material/link:", type="primary"):
        return
    try:
        broken = audit_log.verify(desk)
    except ChmError as error:
        faults.show(error, "The chain cannot be checked")
        return
    if broken is None:
        st.success("The chain holds: every entry is as it was written.", icon=":material/check_circle:")
    else:
        st.error(
            f"The chain breaks at entry {broken}: it was changed, or one before it was taken out. "
            "Keep the database as it is and tell the safeguarding lead.",
            icon=":material/link_off:",
        )
