"""Every action with an owner and a date: what is late, what comes next, and what came of it."""

import streamlit as st

from chm.access import Permission
from pages.parts import gate, navigation, tracker_list, tracker_out
from pages.parts.opened_record import news
from pages.parts.title import title_row

desk = gate.open_page(navigation.ACTIONS)

with title_row("Who does what, by when"):
    if desk.may(Permission.FIND) and st.button("Reminders", icon=":material/mail:"):
        tracker_out.remind(desk)
    if st.button("Download", icon=":material/download:"):
        tracker_out.download(desk)
news()
tracker_list.workbench(desk)
