"""What is done about a place: taken up from the guidance or of one's own, kept with owner, date, status and result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import streamlit as st

from chm.access import Permission
from chm.casework import frameworks, place_actions, place_records, places, questions
from chm.casework.desk import Desk
from chm.casework.place_actions import NewPlaceAction
from chm.casework.place_records import NewPlaceAssessment, NewPlaceWords
from chm.errors import ChmError
from chm.framework import LEVELS, PILLARS
from chm.places.records import PlaceAction
from chm.places.shown import ShownPlace
from chm.records import ActionStatus
from chm.settings import today
from chm.target_actions import TargetAction
from pages.parts import faults, markup, opened_record, setting_form

ASKS = ("take", "own", "done", "assess", "words", "since")
FIRST, ALL, SAID = 3, "place_actions_all", "place_said"
TWO_WEEKS = timedelta(days=14)
STATUS = {
    ActionStatus.OPEN: "to do", ActionStatus.UNDER_WAY: "under way", ActionStatus.DONE: "done",
    ActionStatus.DROPPED: "dropped",
}  # fmt: skip


def told(desk: Desk, place: str) -> dict[str, Any]:
    """What the card says of actions, assessments and young people's words about the place."""
    kept = place_actions.of_place(desk, place)
    taken = {a.step for a in kept if a.live}
    advice = [a for a in place_actions.recommended(desk, place) if a.id not in taken]
    shown = len(advice) if st.session_state.get(ALL) else FIRST
    return {
        "kept": [_kept(a) for a in kept],
        "recommended": advice[:shown],
        "more": max(0, len(advice) - shown),
        "may": place_actions.may_act(desk, place),
        "assess": desk.may(Permission.EDIT_PLACES),
        "brief": desk.may(Permission.EXPORT_PLACES),
        "listen": desk.may(Permission.ASSESS_SETTING) and places.is_theirs(desk, place),
        "assessed": place_records.assessments(desk, place),
        "words": place_records.words(desk, place),
        "names": {level: frameworks.current().level[level].name for level in LEVELS},
    }


def _kept(action: PlaceAction) -> dict[str, Any]:
    return {
        "id": action.id,
        "text": action.text,
        "pillar": action.pillar,
        "owner": ", ".join(filter(None, (action.owner_agency, action.owner_person))),
        "due": action.due,
        "late": action.live and action.due is not None and action.due < today(),
        "status": STATUS[action.status],
        "live": action.live,
        "closed": action.closed_on,
        "result": action.result,
    }


def answer(desk: Desk, place: ShownPlace, what: str, which: str) -> None:
    """Open what was asked for, for the place in hand."""
    if what == "take":
        advice = next((a for a in place_actions.recommended(desk, place.id) if a.id == which), None)
        if advice:
            _add(desk, place, advice)
    elif what == "own":
        _add(desk, place, None)
    elif what == "done":
        kept = next((a for a in place_actions.of_place(desk, place.id) if a.id == which and a.live), None)
        if kept:
            _close(desk, kept)
    elif what == "assess":
        _assess(desk, place)
    elif what == "words":
        _listen(desk, place)
    elif what == "since":
        done = next((a.closed_on for a in place_actions.of_place(desk, place.id) if a.id == which), None)
        _since(desk, place, done)


@st.dialog("An action on this place", width="large")
@faults.plainly
def _add(desk: Desk, place: ShownPlace, advice: TargetAction | None) -> None:
    markup.show("network_choice", head=place.name, when="names no young person", names=[])
    text = st.text_area("What will be done", advice.text if advice else "", height=90)
    agencies = frameworks.current().local["agencies"]
    lead = agencies.index(advice.lead) if advice and advice.lead in agencies else None
    with st.container(horizontal=True):
        pillar = advice.pillar if advice else st.selectbox("Pillar", PILLARS, format_func=str.capitalize)
        agency = st.selectbox("Owner: agency", agencies, index=lead, placeholder="Choose", accept_new_options=True)
        person = st.text_input("Owner: person", max_chars=200)
        due = st.date_input("Due", today() + TWO_WEEKS, min_value=today(), format="DD/MM/YYYY")
    if not st.button("Save action", type="primary", icon=":material/check:", shortcut="Ctrl+Enter"):
        return
    new = NewPlaceAction(
        place=place.id,
        pillar=pillar,
        text=text,
        owner_agency=agency or "",
        owner_person=person,
        due=due,
        step=advice.id if advice else None,
        why=f"{advice.why}. {advice.source}" if advice else "",
    )
    _store(lambda: place_actions.record(desk, new), "Action kept on the place.")


@st.dialog("How did it go?")
@faults.plainly
def _close(desk: Desk, action: PlaceAction) -> None:
    markup.show("network_choice", head=action.text, when="", names=[])
    status = st.segmented_control(
        "Now", [ActionStatus.UNDER_WAY, ActionStatus.DONE, ActionStatus.DROPPED], default=ActionStatus.DONE,
        required=True, format_func=lambda s: STATUS[s].capitalize(), label_visibility="collapsed",
    )  # fmt: skip
    said = ""
    if status != ActionStatus.UNDER_WAY:
        said = st.text_area("What came of it" if status == ActionStatus.DONE else "Why it is dropped", height=90)
    if not st.button("Save", type="primary", icon=":material/check:", shortcut="Ctrl+Enter"):
        return
    if status == ActionStatus.UNDER_WAY:
        _store(lambda: place_actions.start(desk, action), "Under way.")
    elif status == ActionStatus.DONE:
        _store(lambda: place_actions.complete(desk, action, said), "Done.")
    else:
        _store(lambda: place_actions.drop(desk, action, said), "Dropped.")


@st.dialog("Assess this place", width="large")
@faults.plainly
def _assess(desk: Desk, place: ShownPlace) -> None:
    asked = questions.of_setting("place")
    of, said = st.session_state.get(SAID, ("", {}))
    if of != place.id:
        st.session_state[SAID] = (place.id, said := {})
    markup.show("network_choice", head=place.name, when="the place alone, no young person", names=[])
    replies = setting_form.ask(asked, said)
    names = frameworks.current().level
    level = st.radio("Level of the place", LEVELS, index=None, format_func=lambda v: names[v].name, horizontal=True)
    markup.show("setting_levels", levels=[(v, names[v].name, asked.levels[v]) for v in LEVELS], chosen=level)
    reason = st.text_area("Why this level", height=90)
    on = st.date_input("Assessed on", today(), max_value=today(), format="DD/MM/YYYY", width=160)
    if not st.button("Record the assessment", type="primary", icon=":material/check:", shortcut="Ctrl+Enter"):
        return
    given = {id: r for id, r in replies.items() if r.answer or r.note.strip()}
    new = NewPlaceAssessment(place=place.id, level=level or "", summary=reason, assessed_on=on, answers=given)
    _store(lambda: place_records.assess(desk, new), "Assessment recorded.")


@st.dialog("Before and after")
@faults.plainly
def _since(desk: Desk, place: ShownPlace, done: date | None) -> None:
    markup.show("network_choice", head=place.name, when="reports, by whole months on each side", names=[])
    on = st.date_input("Something was done on", done or today(), max_value=today(), format="DD/MM/YYYY", width=180)
    try:
        found = places.since(desk, place.id, on)
    except ChmError as error:
        faults.show(error, "This cannot be compared")
        return
    markup.show("place_since", found=found)


@st.dialog("What young people say about this place")
@faults.plainly
def _listen(desk: Desk, place: ShownPlace) -> None:
    markup.show("network_choice", head=place.name, when="who said it is never kept", names=[])
    safe = st.segmented_control(
        "They call it", [False, True], default=False, required=True,
        format_func={True: "Safe", False: "Unsafe"}.__getitem__,
    )  # fmt: skip
    text = st.text_area("In their own words", height=90)
    on = st.date_input("Said on", today(), max_value=today(), format="DD/MM/YYYY", width=160)
    partners = st.toggle("Nobody can tell from it who said it: partners without names may read it")
    if st.button("Save", type="primary", icon=":material/check:", shortcut="Ctrl+Enter"):
        new = NewPlaceWords(place=place.id, safe=bool(safe), text=text, said_on=on, for_partners=partners)
        _store(lambda: place_records.record_words(desk, new), "Kept, without who said it.")


def _store(act: Callable[[], object], done: str) -> None:
    try:
        act()
    except ChmError as error:
        faults.show(error, "Nothing was saved")
        return
    st.session_state.pop(SAID, None)
    opened_record.changed(done)
    st.rerun()
