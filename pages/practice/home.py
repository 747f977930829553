"""My work: reviews due, my actions, drafts to go on with, my young people, notices."""

import streamlit as st

from chm.casework import notices, people, plans, tracker
from pages.parts import gate, my_work, navigation, proposed
from pages.parts.opened_record import news
from pages.parts.title import title_row

desk = gate.open_page(navigation.HOME)
rows = people.mine(desk)
actions = plans.actions_of_mine(desk)
listed = {a.id for a in actions}
elsewhere = [t for t in tracker.read(desk) if t.mine and t.live and t.id not in listed]
may_score = bool(navigation.SCORE.roles & desk.user.roles)

with title_row("My work", my_work.who(desk)):
    if may_score and st.button("Score a young person", icon=":material/add:", type="primary"):
        navigation.go(navigation.SCORE)

news()
left, right = st.columns([60, 40], gap="large")
with left:
    proposed.proposed(desk, rows)
    my_work.reviews(desk, rows, may_score)
    my_work.actions(desk, rows, actions, elsewhere)
with right:
    if may_score:
        my_work.drafts(desk, rows)
    my_work.by_level(rows)
    my_work.notices(desk, notices.mine(desk), rows)
