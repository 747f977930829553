"""The audit log on screen. Reading it is itself an entry, so narrowing what was read asks nothing anew."""

from __future__ import annotations

import streamlit as st

from chm import settings, unusual
from chm.audit import record_id
from chm.casework import audit_log
from chm.casework.desk import Desk
from chm.errors import ChmError
from chm.records import AuditEntry
from pages.parts import downloads, faults, gate, markup, navigation

MOST, STEP = 1000, 100
EVERY = "Every operation"
REFUSED = "refused"
READ = "audit_read"


@st.fragment
def log(visit: str) -> None:
    """The entries, all or about one record, narrowed by operation or to refusals, a hundred at a time."""
    desk = gate.open_page(navigation.AUDIT)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        record = _about()
        entries = _read(desk, visit, record)
        operations = sorted({e.operation for e in entries})
        operation = st.selectbox("Operation", [EVERY, *operations], key="audit_operation", width=320)
        refused = st.toggle("Refused only", key="audit_refused")
    words = unusual.rules().words
    shown = [e for e in entries if operation in (EVERY, e.operation) and (not refused or e.why == REFUSED)]
    most = st.session_state.setdefault("audit_most", STEP)
    markup.show(
        "audit_table",
        entries=[
            {"entry": e, "at": e.at.astimezone(settings.ZONE), "words": words(e.operation, e.why)} for e in shown[:most]
        ],
        total=len(shown),
        most=MOST if len(entries) == MOST else None,
        refused=REFUSED,
    )
    if len(shown) > most:
        st.button(f"Show {min(STEP, len(shown) - most)} more", key="audit_more", on_click=_more)


def _more() -> None:
    st.session_state["audit_most"] += STEP


def _about() -> str | None:
    typed = st.text_input(
        "About one record", key="audit_record", placeholder="YP-0001", icon=":material/search:", width=280
    ).strip()
    prefix, dash, rest = typed.partition("-")
    record = f"{prefix.upper()}{dash}{rest.lower()}"
    if record_id(record) != record:
        st.warning("A record’s id looks like YP-0001: letters, a hyphen, then digits.", icon=":material/search_off:")
        st.stop()
    return record or None


def _read(desk: Desk, visit: str, record: str | None) -> list[AuditEntry]:
    """The newest entries, read once a visit and record."""
    asked, entries = st.session_state.get(READ, (None, []))
    if asked == (visit, record):
        return list(entries)
    try:
        entries = audit_log.read(desk, record, MOST)
    except ChmError as error:
        faults.show(error, "The audit cannot be read")
        st.stop()
    st.session_state[READ] = (visit, record), entries
    return entries


@st.dialog("The audit as a file")
@faults.plainly
def download(desk: Desk) -> None:
    """Give the whole audit, or what it has about one record, as a file."""
    asked = st.session_state.get(READ, (None, []))[0]
    record = asked[1] if asked else None
    about = f"Every entry about {record}" if record else "Every entry"
    st.caption(
        f"{about}, oldest first, with the digests of the chain. It holds ids alone. Making it is itself an entry."
    )
    if st.button("Make the file", type="primary"):
        try:
            made = audit_log.export(desk, record)
        except ChmError as error:
            faults.show(error, "The file was not made")
            return
        downloads.save(desk, "Save the file", made, lambda d: audit_log.export(d, record), key="audit-save")


@st.fragment
def chain() -> None:
    """Check on request that no entry was changed or taken out."""
    desk = gate.open_page(navigation.AUDIT)
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
