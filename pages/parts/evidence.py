"""Adding a piece of evidence to a domain or to one of its indicators."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import streamlit as st

from chm.casework.desk import Desk
from chm.settings import today
from pages.parts import faults, open_draft
from pages.parts.text import plain


@st.dialog("Add evidence", width="medium")
@faults.plainly
def add(desk: Desk, domain: str | None, indicator: str | None) -> None:
    """Ask for text, date, source and whether first-hand; keep it in the draft."""
    draft = open_draft.current()
    if draft is None:
        st.rerun()
    framework = draft.framework
    if domain not in framework.domain:
        return
    st.markdown(
        plain(
            framework.indicators[indicator][2].text
            if indicator in framework.indicators
            else framework.domain[domain].name
        )
    )
    with st.form("evidence", border=False):
        text = st.text_area("What is known", height=110, key="evidence_text")
        with st.container(horizontal=True):
            on = st.date_input(
                "When", value=today(), max_value=today(), min_value=date(2000, 1, 1), format="DD/MM/YYYY"
            )
            agency = st.selectbox("Who says so", framework.local["agencies"])
        first_hand = st.radio(
            "How they know",
            (True, False),
            format_func={True: "First-hand", False: "Passed on"}.__getitem__,
            horizontal=True,
        )
        if st.form_submit_button("Add evidence", type="primary", shortcut="Ctrl+Enter"):
            if not text.strip():
                st.error("Write what is known; nothing was added.")
                return
            new = {
                "id": f"E-{uuid4().hex[:10]}",
                "domain": domain,
                "indicator": indicator,
                "text": text,
                "on": on,
                "agency": agency,
                "first_hand": first_hand,
            }
            draft.change(evidence=[*(e.model_dump() for e in draft.answers.evidence), new])
            if not draft.trouble:
                draft.save(desk)
                st.rerun()
            st.error(plain(draft.trouble))
