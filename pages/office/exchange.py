"""Import: young people from a CSV file, seen whole before anything is written, then all or nothing."""

import streamlit as st

from pages.parts import gate, import_view, markup, navigation
from pages.parts.title import title_row

desk = gate.open_page(navigation.IMPORT)

with title_row("Import young people", "From a CSV file, all rows or none"):
    pass

left, right = st.columns([66, 34], gap="large")
with right:
    import_view.columns()
with left:
    import_view.done()
    file = import_view.choose()
    if file is None:
        markup.show("import_empty")
        st.stop()
    preview = import_view.read(desk, file)
    import_view.show(desk, preview)
    import_view.offer(desk, preview)
