"""Import: young people or connections from a CSV file, seen whole before anything is written, then all or nothing."""

import streamlit as st

from pages.parts import gate, import_connections, import_view, navigation
from pages.parts.title import title_row

YOUNG_PEOPLE, CONNECTIONS = "Young people", "Connections"

desk = gate.open_page(navigation.IMPORT)

chosen = st.session_state.get("import_page", YOUNG_PEOPLE)
with title_row(f"Import {chosen.lower()}", "From a CSV file, all rows or none"):
    what = st.segmented_control(
        "What to import",
        [YOUNG_PEOPLE, CONNECTIONS],
        default=YOUNG_PEOPLE,
        required=True,
        label_visibility="collapsed",
        key="import_page",
    )

left, right = st.columns([66, 34], gap="large")
if what == CONNECTIONS:
    with right:
        import_connections.columns()
    with left:
        import_connections.take_in(desk)
else:
    with right:
        import_view.columns()
    with left:
        import_view.take_in(desk)
