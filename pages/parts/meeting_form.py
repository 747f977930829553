"""Planning a meeting, and changing its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time

import streamlit as st

from chm.access import Permission
from chm.casework import meetings
from chm.casework.desk import Desk
from chm.casework.meetings import MaskedGroup, NewMeeting, Plan
from chm.errors import ChmError
from chm.meetings.records import MeetingStatus
from chm.settings import today
from pages.parts import faults, opened_meeting, opened_record
from pages.parts.text import borough
from pages.parts.wording import prompt

TURN, NEW = "meeting_form_turn", "new_meeting"
LENGTH, NOTE = 200, 4000
LAST = "last"


def button(desk: Desk) -> None:
    """The button that plans a meeting."""
    if not desk.may(Permission.PLAN_MEETING):
        return
    wanted = st.session_state.pop(NEW, {})
    if st.button("Plan a meeting", type="primary", icon=":material/add:") or wanted:
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        _plan(desk, wanted)


def plan_for(young_people: Mapping[str, str]) -> None:
    """Open the form for `young_people` (names by id) when the page is next drawn."""
    st.session_state[NEW] = dict(young_people)


@st.dialog("Plan a complex strategy meeting", width="large")
@faults.plainly
def _plan(desk: Desk, chosen: Mapping[str, str]) -> None:
    turn = st.session_state[TURN]
    title = st.text_input(
        "Title", max_chars=LENGTH, key=f"meeting-title-{turn}", placeholder="What it is called in your lists"
    )
    purpose = _purpose("", f"meeting-purpose-{turn}")
    day, at, venue = _when(None, turn)
    before = [m.meeting for m in meetings.mine(desk) if m.as_ == "chair" and m.meeting.status == MeetingStatus.CLOSED]
    review = st.selectbox(
        "It reviews", [None, *before], key=f"meeting-review-{turn}",
        format_func=lambda m: f"{m.title}, {m.on:%d %b %Y}" if m else "No earlier meeting",
    )  # fmt: skip
    young = whom(desk, f"meeting-{turn}", chosen, review.id if review else None)
    if st.button("Plan it", type="primary", icon=":material/check:", shortcut="Ctrl+Enter"):
        try:
            new = NewMeeting(
                title=title, purpose=purpose, on=day, at=at, venue=venue, review_of=review.id if review else None,
                young_people=young,
            )  # fmt: skip
            made = meetings.create(desk, new)
        except ChmError as error:
            faults.show(error, "Nothing was saved")
            return
        opened_meeting.choose(made.id)
        opened_record.changed("The meeting is planned. The workers of its young people were told.")
        st.rerun()


@st.dialog("Change the plan", width="large")
@faults.plainly
def edit(desk: Desk, plan: Plan) -> None:
    """Change what a meeting is called, when it is and what for."""
    kept = plan.meeting
    title = st.text_input("Title", kept.title, max_chars=LENGTH, key=f"meeting-title-{kept.id}")
    purpose = _purpose(kept.purpose, f"meeting-purpose-{kept.id}")
    day, at, venue = _when(plan, 0)
    if st.button("Save the plan", type="primary", icon=":material/check:", shortcut="Ctrl+Enter"):
        try:
            meetings.edit(desk, replace(kept, title=title, purpose=purpose, on=day, at=at, venue=venue), kept)
        except ChmError as error:
            faults.show(error, "Nothing was saved")
            return
        opened_meeting.anew()
        opened_record.changed("The plan is saved.")
        st.rerun()


@st.dialog("Add young people", width="large")
@faults.plainly
def include(desk: Desk, plan: Plan) -> None:
    """Add young people to a meeting, for a purpose; their workers are told."""
    young = whom(desk, f"meeting-add-{plan.meeting.id}-{len(plan.young_people)}", {}, None)
    why = st.text_input(
        "Why they are looked at in this meeting", max_chars=NOTE, key=f"meeting-why-{plan.meeting.id}",
        help="Kept with the meeting, and noted in the audit of each record",
    )  # fmt: skip
    prompt(why)
    if st.button("Add them", type="primary", icon=":material/person_add:", disabled=not young):
        try:
            meetings.include(desk, plan.meeting.id, young, why)
        except ChmError as error:
            faults.show(error, "Nobody was added")
            return
        opened_meeting.anew()
        opened_record.changed("They are in the meeting, and their workers were told.")
        st.rerun()


def whom(desk: Desk, key: str, chosen: Mapping[str, str], review: str | None) -> tuple[str, ...]:
    """Let the chair pick young people by name, by a group that stays masked, or those of the meeting reviewed.

    Somebody who alone answers to what is typed is picked at once.
    """
    found: dict[str, str] = st.session_state.setdefault(f"{key}-found", dict(chosen))
    groups, last = _groups(desk, key), _last(desk, review)
    kept = f"{key}-picked"
    picked: list[str] = list(st.session_state.setdefault(kept, [*chosen]))
    text = st.text_input(
        "Find a young person", max_chars=LENGTH, key=f"{key}-find", placeholder="Name or id, then Enter",
        help="Whoever works with them. Looking somebody up is noted in the audit of their record",
    )  # fmt: skip
    if text.strip() and text != st.session_state.get(f"{key}-asked"):
        st.session_state[f"{key}-asked"] = text
        people = meetings.find(desk, text)
        for person in people:
            age = person.age if person.age is not None else "age not known"
            found[person.id] = f"{person.name}, {age}, {borough(person.borough)}"
        if not people:
            st.caption("Nobody answers to that.")
        picked += [p.id for p in people if len(people) == 1 and p.id not in picked]
    if last and st.session_state.get(f"{key}-review") != review:
        picked.append(LAST)
    st.session_state[f"{key}-review"] = review
    names = {**last, **found, **{id: _group(g) for id, g in groups.items()}}
    st.session_state[kept] = [p for p in dict.fromkeys(picked) if p in names]
    chosen_now = st.multiselect(
        "Young people", list(names), format_func=names.__getitem__, key=kept,
        placeholder="Those found, or a linked group, come here",
    )  # fmt: skip
    ids: list[str] = []
    for one in chosen_now:
        if one == LAST and review:
            ids += [y.young_person for y in meetings.plan(desk, review).young_people]
        else:
            ids += groups[one].young_people if one in groups else [one]
    return tuple(dict.fromkeys(ids))


def _last(desk: Desk, review: str | None) -> dict[str, str]:
    """The choice of all young people of the meeting that is reviewed, where there is one."""
    listed = next((m for m in meetings.mine(desk) if m.meeting.id == review), None) if review else None
    return {LAST: f"All {listed.young_people} of the meeting reviewed"} if listed else {}


def _groups(desk: Desk, key: str) -> dict[str, MaskedGroup]:
    kept = st.session_state.get(f"{key}-groups")
    if kept is None:
        kept = st.session_state[f"{key}-groups"] = {f"group {n}": g for n, g in enumerate(meetings.groups(desk), 1)}
    return kept  # type: ignore[no-any-return]


def _group(group: MaskedGroup) -> str:
    serious = sum(n for band, n in group.bands.items() if band in ("moderate", "significant"))
    shares = ", ".join(group.shares)
    return f"A linked group of {len(group.young_people)}, sharing {shares}; {serious} at Moderate or more"


def _purpose(kept: str, key: str) -> str:
    said = st.text_area(
        "Purpose", kept, max_chars=NOTE, height=90, key=key,
        help="Why these young people are looked at together, and what is to be decided. Workers see it",
    )  # fmt: skip
    prompt(said)
    return said


def _when(plan: Plan | None, turn: int) -> tuple[date, time | None, str]:
    kept = plan.meeting if plan else None
    key = kept.id if kept else f"new-{turn}"
    with st.container(horizontal=True):
        day = st.date_input("Day", kept.on if kept else today(), format="DD/MM/YYYY", key=f"meeting-day-{key}")
        at = st.time_input("Time", kept.at if kept else time(10), step=900, key=f"meeting-at-{key}")
        venue = st.text_input("Where", kept.venue if kept else "", max_chars=LENGTH, key=f"meeting-venue-{key}")
    return day, at, venue
