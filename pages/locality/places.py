"""Where harm happens: which three places first and why, on a map and in a table, without showing a child."""

import streamlit as st

from pages.parts import gate, navigation, place_filters, place_more, place_workbench
from pages.parts.opened_record import news
from pages.parts.title import title_row

desk = gate.open_page(navigation.PLACES)

with title_row("Which places first, and why"):
    pass
news()
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    looked = place_filters.look(desk)
    place_more.buttons(desk, looked.filter)
place_workbench.workbench(desk, looked)
