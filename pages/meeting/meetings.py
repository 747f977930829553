"""Complex strategy meetings: planned, run, closed; who should be in the room, and what everybody leaves with."""

import streamlit as st

from pages.parts import (
    gate,
    meeting_form,
    meeting_list,
    meeting_minutes,
    meeting_plan,
    navigation,
    opened_meeting,
)
from pages.parts.opened_record import news
from pages.parts.title import title_row

desk = gate.open_page(navigation.MEETINGS)
plan = opened_meeting.current(desk)

if plan is None:
    with title_row("Meetings"):
        meeting_form.button(desk)
    news()
    meeting_list.draw(desk)
    st.stop()

with title_row(plan.meeting.title, meeting_plan.facts(plan)):
    view = opened_meeting.view()
    meeting_plan.buttons(desk, plan)
    st.button("Close", icon=":material/close:", on_click=opened_meeting.close)

news()
if view == opened_meeting.MINUTES:
    meeting_minutes.draw(desk, plan)
    st.stop()

left, right = st.columns([56, 44], gap="large")
with left:
    meeting_plan.purpose(plan)
    meeting_plan.young_people(desk, plan)
    meeting_plan.earlier(plan)
with right:
    meeting_plan.who(desk, plan)
