"""Import: young people, connections, missing episodes or an Annex A workbook, seen whole first, then all or nothing."""

import streamlit as st

from pages.parts import gate, import_annex_a, import_connections, import_missing, import_view, navigation
from pages.parts.title import title_row

YOUNG_PEOPLE, CONNECTIONS, MISSING, ANNEX_A = "Young people", "Connections", "Missing episodes", "Annex A"
CSV = "From a CSV file, all rows or none"
PARTS = {
    YOUNG_PEOPLE: (import_view, "Import young people", CSV),
    CONNECTIONS: (import_connections, "Import connections", CSV),
    MISSING: (import_missing, "Import missing episodes", CSV),
    ANNEX_A: (import_annex_a, "Import Annex A", "From an Excel workbook, all of it or nothing"),
}

desk = gate.open_page(navigation.IMPORT)

part, title, facts = PARTS[st.session_state.get("import_page") or YOUNG_PEOPLE]
with title_row(title, facts):
    st.segmented_control(
        "What to import",
        list(PARTS),
        default=YOUNG_PEOPLE,
        required=True,
        label_visibility="collapsed",
        key="import_page",
    )

left, right = st.columns([66, 34], gap="large")
with right:
    part.columns()
with left:
    part.take_in(desk)
