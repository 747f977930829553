"""Users: who may come in, and as what. Nobody changes what they themselves may do; no child is seen here."""

import streamlit as st

from pages.parts import gate, navigation, users_view
from pages.parts.opened_record import news
from pages.parts.title import title_row

desk = gate.open_page(navigation.USERS)

with title_row("Users", "Who may come in, and as what"):
    users_view.backup(desk)
    users_view.button(desk)

news()
left, right = st.columns([62, 38], gap="large")
with left:
    users_view.listed(desk)
with right:
    users_view.roles(desk)
users_view.table()
