"""One group or school: who is in it, what links them, how the setting was assessed and what is done about it."""

import streamlit as st

from chm.access import Permission
from pages.parts import gate, navigation, opened_setting, setting_chooser, setting_form, setting_history, setting_people
from pages.parts.opened_record import news
from pages.parts.title import title_row

desk = gate.open_page(navigation.SETTING)
opened = opened_setting.current(desk)

if opened is None:
    with title_row("Groups and schools"):
        pass
    news()
    setting_chooser.choose(desk)
    st.stop()

entity, kind = opened.setting.entity, opened.setting.kind
view = setting_form.OVERVIEW
with title_row(entity.label, f"{kind.capitalize()} · {entity.id}"):
    if desk.may(Permission.ASSESS_SETTING) and opened.people:
        view = st.segmented_control(
            "View",
            (setting_form.OVERVIEW, setting_form.ASSESS),
            default=setting_form.OVERVIEW,
            required=True,
            label_visibility="collapsed",
            key=setting_form.VIEW,
        )
    st.button("Close", icon=":material/close:", on_click=opened_setting.close)

news()
if view == setting_form.ASSESS:
    setting_form.form(desk, opened)
    st.stop()

left, right = st.columns([58, 42], gap="large")
with left:
    setting_people.who(opened)
    setting_people.links(opened)
    setting_history.recommended(desk, opened)
with right:
    setting_people.spread(opened)
    setting_history.assessments(opened)
    setting_history.actions(opened)
