"""The meeting on the shared screen: one thing at a time, in pseudonyms, with the record kept beside it."""

import streamlit as st

from pages.parts import gate, navigation, opened_room, room_dialogs, room_pictures
from pages.parts.room_record import keys, live
from pages.parts.room_stage import stage
from pages.parts.title import title_row

desk = gate.open_page(navigation.ROOM)
opened = opened_room.current(desk)

if opened is None:
    with title_row("The meeting room"):
        pass
    st.info("No meeting is open here. Choose one and run it.", icon=":material/meeting_room:")
    if st.button("Meetings", icon=":material/groups_3:"):
        navigation.go(navigation.MEETINGS)
    st.stop()

keys()
wide, side = st.columns([71, 29], gap="small")
with side:
    live(desk, opened)
with wide, st.container(key="room"):
    stage(desk, opened)
    room_pictures.draw(opened)
room_dialogs.show(desk, opened)
