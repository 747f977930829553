"""Audit: who did what to which record, when and why. Ids only, newest first."""

import streamlit as st

from pages.parts import audit_view, gate, navigation
from pages.parts.title import title_row

desk = gate.open_page(navigation.AUDIT)

with title_row("Audit", "Newest first · ids only, never what a record says"):
    st.button("Read again", icon=":material/refresh:")

left, right = st.columns([70, 30], gap="large")
with right:
    audit_view.chain(desk)
with left:
    record = audit_view.about()
    entries = audit_view.read(desk, record)
    audit_view.table(entries)
