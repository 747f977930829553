"""What leaves the tracker: reminders to copy into an e-mail, and the list as a file."""

from __future__ import annotations

import streamlit as st

from chm.casework import tracker
from chm.casework.desk import Desk
from chm.errors import ChmError
from chm.meetings.reminders import reminders, text
from chm.settings import today
from pages.parts import downloads, faults
from pages.parts.tracker_list import SHOWN

FORMS = {"xlsx": "Excel workbook", "csv": "CSV"}


@st.dialog("Reminders", width="medium")
@faults.plainly
def remind(desk: Desk) -> None:
    """The reminders of the actions that the list shows, one owner at a time."""
    shown = set(st.session_state.get(SHOWN, ()))
    found = reminders(r for r in tracker.read(desk) if r.key in shown)
    if not found:
        st.info("Nothing that the list shows is overdue, due within 7 days or without a date.", icon=":material/check:")
        return
    number = st.selectbox(
        f"Owner · {len(found)} to remind",
        range(len(found)),
        format_func=lambda n: f"{found[n].owner} · {found[n].count}",
    )
    st.code(text(found[number], today()), language=None, wrap_lines=True)
    st.caption("It names no young person, no person of concern and no home: it may go into an e-mail as it is.")


@st.dialog("The list as a file")
@faults.plainly
def download(desk: Desk) -> None:
    """Give the actions that the list shows as a file."""
    shown = st.session_state.get(SHOWN, ())
    if not shown:
        st.info("The list shows no action. Clear a filter first.", icon=":material/filter_alt_off:")
        return
    form = st.radio("Form", list(FORMS), format_func=FORMS.__getitem__, horizontal=True)
    st.caption(
        f"{len(shown)} action{'' if len(shown) == 1 else 's'}, as the list shows them to you. The file may name young "
        "people: keep it where records are kept. Making it is noted in the audit."
    )
    if st.button("Make the file", type="primary"):
        try:
            made = tracker.export(desk, form, shown)
        except ChmError as error:
            faults.show(error, "The file was not made")
            return
        downloads.save(desk, "Save the file", made, lambda d: tracker.export(d, form, shown), key="tracker-save")
