"""Who is missing at the same times, whether chance explains it, and what followed each return."""

import streamlit as st

from pages.parts import episode_form, gate, missing_chance, missing_list, navigation, network_chooser, opened_missing
from pages.parts.opened_record import news
from pages.parts.title import title_row

desk = gate.open_page(navigation.MISSING)
opened = opened_missing.current(desk)

if opened is None:
    with title_row("Missing at the same time?"):
        pass
    network_chooser.choose(desk)
    st.stop()

with title_row("Missing at the same time?", opened.title):
    episode_form.button(desk, opened)
    st.button("Others", icon=":material/group:", on_click=opened_missing.close, help="Choose other young people")

news()
seen = opened_missing.window(opened)
missing_chance.verdict(seen)
left, right = st.columns([62, 38], gap="medium")
with left:
    missing_list.timeline(seen)
    missing_list.when(seen)
with right:
    missing_chance.pairs(seen)
    missing_list.interviews(seen)
missing_list.episodes(desk, seen)
