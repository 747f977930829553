"""Import: young people, connections or missing episodes from a CSV file, seen whole first, then all or nothing."""

import streamlit as st

from pages.parts import gate, import_connections, import_missing, import_view, navigation
from pages.parts.title import title_row

YOUNG_PEOPLE, CONNECTIONS, MISSING = "Young people", "Connections", "Missing episodes"

desk = gate.open_page(navigation.IMPORT)

chosen = st.session_state.get("import_page", YOUNG_PEOPLE)
with title_row(f"Import {chosen.lower()}", "From a CSV file, all rows or none"):
    what = st.segmented_control(
        "What to import",
        [YOUNG_PEOPLE, CONNECTIONS, MISSING],
        default=YOUNG_PEOPLE,
        required=True,
        label_visibility="collapsed",
        key="import_page",
    )

part = {CONNECTIONS: import_connections, MISSING: import_missing}.get(what or "", import_view)
left, right = st.columns([66, 34], gap="large")
with right:
    part.columns()
with left:
    part.take_in(desk)
