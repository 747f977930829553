"""Beside the picture: likely duplicates to settle, and the picture as files."""

from __future__ import annotations

import streamlit as st

from chm.access import Permission
from chm.casework import network_export
from chm.casework.desk import Desk
from chm.casework.linked import Look
from chm.errors import ChmError
from pages.parts import downloads, duplicates_view, faults, meeting_form, navigation, opened_meeting, opened_network
from pages.parts.opened_network import OpenedNetwork

FORMS = {
    "graphml": "GraphML, for Gephi and NetworkX", "gexf": "GEXF, for Gephi", "csv": "CSV of the connections",
    "json": "JSON, node and link",
}  # fmt: skip


def buttons(desk: Desk, opened: OpenedNetwork, look: Look) -> None:
    """The buttons that open each."""
    if desk.may(Permission.PLAN_MEETING) and st.button("Plan a meeting", icon=":material/groups_3:"):
        known = {p.id: p.name for p in opened.records.young_people if not p.masked} if opened.records else {}
        meeting_form.plan_for({id: known[id] for id in opened.chosen if id in known})
        opened_meeting.close()
        navigation.go(navigation.MEETINGS)
    if desk.may(Permission.EXPORT_NETWORK) and st.button("Export", icon=":material/download:"):
        _export(desk, opened, look)
    if desk.may(Permission.MERGE_ENTITIES) and st.button("Duplicates", icon=":material/join:"):
        duplicates_view.forget()
        _duplicates(desk)


@st.dialog("Likely duplicates", width="large", on_dismiss=opened_network.anew)
@faults.plainly
def _duplicates(desk: Desk) -> None:
    duplicates_view.offers(desk)


@st.dialog("The picture as a file")
@faults.plainly
def _export(desk: Desk, opened: OpenedNetwork, look: Look) -> None:
    form = st.radio("Form", list(FORMS), format_func=FORMS.__getitem__)
    st.caption("Official-sensitive: it names young people. Who is masked here is masked there. Noted in the audit.")
    if not st.button("Make the file", type="primary"):
        return
    try:
        made = network_export.export(desk, opened.chosen, form, look)
    except ChmError as error:
        faults.show(error, "The file was not made")
        return
    downloads.save(
        desk, "Save the file", made, lambda d: network_export.export(d, opened.chosen, form, look), key="network-save"
    )
