"""One tracked action: all that is known of it, and noting what came of it or who takes it on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from chm.access import Permission
from chm.casework import frameworks, tracker
from chm.casework.desk import Desk
from chm.errors import ChmError
from chm.meetings.tracked import STATUS, Kind, Tracked
from chm.records import ActionStatus
from chm.settings import today
from pages.parts import faults, markup, navigation, opened_record, wording
from pages.parts.text import plain

START, DONE, DROP, HAND_ON = "Start", "Done", "Drop", "Hand on or move the day"
TWO_WEEKS = timedelta(days=14)
KEPT_WITH = {Kind.PLAN: "A young person's plan", Kind.MEETING: "A meeting", Kind.PLACE: "A place"}


@st.dialog("Action", width="medium")
@faults.plainly
def show(desk: Desk, row: Tracked) -> None:
    """Show an action as it was read, and ask what is to become of it."""
    markup.show("tracker_action", row=row, kept_with=KEPT_WITH[row.kind], status=STATUS[row.status].capitalize())
    _leads(desk, row)
    if not row.may_update:
        if row.live:
            st.caption(f"{tracker.NOT_YOURS}.")
        return
    ways = [DONE, *([START] if row.status == ActionStatus.OPEN else []), DROP, *([HAND_ON] if row.may_reassign else [])]
    way = st.segmented_control(
        "Now", ways, default=DONE, required=True, label_visibility="collapsed", key=f"tracker-way-{row.key}"
    )
    if way == HAND_ON:
        _hand_on(desk, row)
    elif way == START:
        if _save():
            _store(lambda: _update(desk, row, ActionStatus.UNDER_WAY, ""), "Under way.")
    else:
        done = way == DONE
        said = st.text_area(
            "What came of it" if done else "Why it is dropped", height=90, key=f"tracker-said-{way}-{row.key}"
        )
        wording.prompt(said)
        if _save():
            status = ActionStatus.DONE if done else ActionStatus.DROPPED
            _store(lambda: _update(desk, row, status, said), "Done." if done else "Dropped.")


def _hand_on(desk: Desk, row: Tracked) -> None:
    agencies = list(dict.fromkeys([row.owner_agency, *frameworks.current().local["agencies"]]))
    with st.container(horizontal=True):
        agency = st.selectbox("Owner: agency", agencies, accept_new_options=True, key=f"tracker-agency-{row.key}")
        person = st.text_input("Owner: person", row.owner_person, max_chars=200, key=f"tracker-person-{row.key}")
        due = st.date_input("Due", row.due or today() + TWO_WEEKS, format="DD/MM/YYYY", key=f"tracker-due-{row.key}")
    if _save():
        _store(
            lambda: tracker.reassign(desk, row.kind, row.id, row.version, agency or "", person, due),
            "Handed on." if (agency, person) != (row.owner_agency, row.owner_person) else "The day is moved.",
        )


def _leads(desk: Desk, row: Tracked) -> None:
    """A button to the record of whoever the action is for, where it is one young person and may be opened."""
    known = [(id, name) for id, name in row.young_people if id]
    if len(known) == 1 and desk.may(Permission.READ_CHILD):
        ((id, name),) = known
        if st.button(plain(f"Open {name}"), icon=":material/person:", type="tertiary"):
            opened_record.choose(id)
            navigation.go(navigation.YOUNG_PERSON)


def _save() -> bool:
    return st.button("Save", type="primary", icon=":material/check:", shortcut="Ctrl+Enter")


def _update(desk: Desk, row: Tracked, status: ActionStatus, said: str) -> Tracked:
    return tracker.update(desk, row.kind, row.id, row.version, status, said)


def _store(act: Callable[[], object], done: str) -> None:
    try:
        act()
    except ChmError as error:
        faults.show(error, "Nothing was saved")
        return
    opened_record.changed(done)
    st.rerun()
