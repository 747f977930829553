"""Audit: who did what to which record, when and why. Ids only, newest first."""

from uuid import uuid4

import streamlit as st

from pages.parts import audit_view, gate, guarded_view, kept_view, looks_view, navigation, users_view
from pages.parts.opened_record import news
from pages.parts.title import title_row

desk = gate.open_page(navigation.AUDIT)

with title_row("Audit", "Newest first · ids only, never what a record says"):
    if st.button("Download", icon=":material/download:"):
        audit_view.download(desk)
    st.button("Read again", icon=":material/refresh:")

news()
left, right = st.columns([72, 28], gap="large")
with left:
    audit_view.log(visit=uuid4().hex)
with right:
    audit_view.chain()
    guarded_view.reviews(desk)
    users_view.approvals(desk)
    kept_view.decisions(desk)
    looks_view.unusual(desk)
    guarded_view.reasons_stated(desk)
