"""Score one young person: thirteen rows, the totals beside them, the judgement beneath."""

import streamlit as st

from pages.parts import chooser, full_form, gate, judge, matrix, navigation, open_draft
from pages.parts.conflict import settle
from pages.parts.markup import day
from pages.parts.title import title_row

VIEWS = ("Quick", "Full form", "Checklist")

desk = gate.open_page(navigation.SCORE)
draft = open_draft.opened(desk)

if draft is None:
    with title_row("Score a young person"):
        pass
    chooser.to_score(desk)
    st.stop()

age = f", aged {draft.age}" if draft.age is not None else ""
with title_row(
    f"Score {draft.person.name}",
    f"{draft.person.id}{age} · assessed {day(draft.assessed_on)}",
    views=VIEWS,
    close=open_draft.leave,
    stays=draft.theirs is not None,
    key=draft.stored.id,
) as view:
    pass

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
