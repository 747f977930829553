"""Score one young person: thirteen rows, the totals beside them, the judgement beneath."""

import streamlit as st

from pages.parts import chooser, full_form, gate, judge, matrix, navigation, open_draft
from pages.parts.conflict import settle
from pages.parts.markup import day
from pages.parts.title import title_row

VIEWS = ("Quick", "Full form", "Checklist")

desk = gate.open_page(navigation.SCORE)
draft = open_draft.current()

if draft is None:
    with title_row("Score a young person"):
        pass
    chooser.to_score(desk)
    st.stop()

age = f", aged {draft.age}" if draft.age is not None else ""
kept = "Everything is saved" if draft.theirs is None else "Choose below whose answers stand"
with title_row(f"Score {draft.person.name}", f"{draft.person.id}{age} · assessed {day(draft.assessed_on)}"):
    view = st.segmented_control(
        "View", VIEWS, default=VIEWS[0], required=True, label_visibility="collapsed", key="view"
    )
    st.button("Close", icon=":material/close:", on_click=open_draft.leave, help=kept, disabled=draft.theirs is not None)

with st.container(key="notices"):
    settle(desk, draft)
left, right = st.columns([58, 42], gap="large")
with right, st.container(key="score-panel"):
    matrix.totals(draft)
    judge.judgement(desk)
with left:
    if view == VIEWS[0]:
        matrix.rows(desk)
    else:
        full_form.form(desk) if view == VIEWS[1] else full_form.checklist(desk)
