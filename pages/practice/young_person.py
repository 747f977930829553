"""One young person: where things stand, how that came about, and what to do next."""

import streamlit as st

from chm.settings import today
from pages.parts import (
    chooser,
    gate,
    guarded_view,
    kept_view,
    looks_view,
    markup,
    navigation,
    opened_record,
    plan,
    profile,
    story,
)
from pages.parts.text import borough
from pages.parts.title import title_row

desk = gate.open_page(navigation.YOUNG_PERSON)
record = opened_record.current(desk)

if record is None:
    with title_row("Young people"):
        pass
    chooser.to_open(desk)
    guarded_view.emergency(desk)
    st.stop()

person = record.young_person
age = person.age_at(today())
home = borough(person.home_borough, "lived in " if person.died_on else "lives in ")
facts = [person.id, f"aged {age}" if age is not None else "age not known", home]
facts += ["looked after"] if person.looked_after else []
facts += [f"died on {markup.day(person.died_on)}"] if person.died_on else []
facts += [f"case closed on {markup.day(record.closed_on)}"] if record.closed_on else []
with title_row(person.name, " · ".join(facts)):
    with st.popover("Record", icon=":material/folder_open:", key=opened_record.menu()):
        looks_view.button(desk, record)
        profile.details(desk, record)
        guarded_view.buttons(desk, record)
        kept_view.buttons(desk, record)
    profile.buttons(desk, record)

opened_record.news()
if not record.assessments:
    story.begin(desk, record)
    st.stop()

profile.standing(record)
plan.urgent(record)
left, right = st.columns([58, 42], gap="large")
with left:
    story.trend(record)
    story.timeline(record)
    changed, gaps = st.columns(2, gap="medium")
    with changed:
        story.changes(record)
    with gaps:
        plan.gaps(record)
    story.history(record)
    story.add_to(desk, record)
with right:
    profile.domains(record)
    plan.next_steps(desk, record)
