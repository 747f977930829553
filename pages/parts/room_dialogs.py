"""What the room asks in a dialog: the questions before a disruption, and the last look before closing."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from chm.assessments import plain_text
from chm.casework import live_record, minutes, questions
from chm.casework.desk import Desk
from chm.casework.meetings import mine
from chm.casework.room import Agreed
from chm.errors import ChmError, StorageUnavailable
from chm.records import Reply
from chm.settings import today
from pages.parts import faults, markup, navigation, opened_meeting, opened_record, opened_room, room_labels, room_plan
from pages.parts.opened_room import OpenedRoom
from pages.parts.text import plain


def show(desk: Desk, opened: OpenedRoom) -> None:
    """Draw the dialog that was asked for."""
    with suppress(StorageUnavailable):
        opened_room.keep_place(desk, opened)
    if opened.closing:
        _close(desk, opened)
    elif action := next((a for a in opened.record.agreed if a.id == opened.asking), None):
        _ask(desk, opened, action)


def _put_away() -> None:
    """Whatever others write draws the page anew: a dialog stays until its user has done with it."""
    if opened := st.session_state.get(opened_room.CHOSEN):
        opened.asking, opened.closing = "", False


@st.dialog("Asked before a disruption", width="large", on_dismiss=_put_away)
@faults.plainly
def _ask(desk: Desk, opened: OpenedRoom, action: Agreed) -> None:
    st.markdown(plain(room_labels.words(action.text, room_labels.labels(opened))))
    kept = live_record.replies(desk, opened.meeting, action.id)
    said: dict[str, Reply] = {}
    for question in questions.before_disruption():
        st.markdown(f"**{plain(question.text)}**", help=plain(question.source))
        options, before = dict(question.options), kept.get(question.id, Reply())
        answer = ""
        if options:
            key = f"room-asked-{action.id}-{question.id}"
            st.session_state.setdefault(key, before.answer if before.answer in options else None)
            answer = st.segmented_control(
                plain(question.text), list(options), format_func=options.__getitem__, label_visibility="collapsed",
                key=key,
            ) or ""  # fmt: skip
        key = f"room-note-{action.id}-{question.id}"
        st.session_state.setdefault(key, before.note)
        note = st.text_input(plain(question.ask or "Note"), max_chars=2000, key=key, live="1s")
        said[question.id] = Reply(answer, plain_text(note))
    if {question: reply for question, reply in said.items() if reply != Reply()} != kept:
        with suppress(StorageUnavailable):  # Kept with the next answer.
            live_record.keep_replies(desk, opened.meeting, action.id, said)
    if st.button("Keep the answers", type="primary", icon=":material/check:"):
        try:
            live_record.amend(
                desk, opened.meeting, action.id, action.version, text=action.text, owner_agency=action.owner_agency,
                owner_person=action.owner_person, due=action.due, asked=said,
            )  # fmt: skip
        except ChmError as error:
            faults.show(error, "Nothing was kept")
            return
        opened.asking = ""
        with suppress(StorageUnavailable):  # They are answered, and not asked again.
            live_record.keep_replies(desk, opened.meeting, action.id, {})
        opened_room.refresh(desk, opened)
        st.rerun()


@st.dialog("Close the meeting", width="large", on_dismiss=_put_away)
@faults.plainly
def _close(desk: Desk, opened: OpenedRoom) -> None:
    markup.show("room_checks", checks=room_plan.checks(opened))
    due = opened.room.review_by
    day = st.date_input(
        "Next review", value=due if due and due >= today() else None, min_value=today(), format="DD/MM/YYYY",
        help="The earliest review due among them is offered",
    )  # fmt: skip
    st.caption("The record closes and its minutes are drafted. You sign them once you have read them.")
    if st.button("Close it", type="primary", icon=":material/task_alt:"):
        meeting = next((m.meeting for m in mine(desk) if m.meeting.id == opened.meeting), None)
        if meeting is None:
            return
        try:
            minutes.close(desk, meeting, day)
        except ChmError as error:
            faults.show(error, "The meeting was not closed")
            return
        opened_room.close()
        opened_meeting.choose(meeting.id, opened_meeting.MINUTES)
        opened_record.changed("The meeting is closed. Its minutes are a draft until you sign them.")
        navigation.go(navigation.MEETINGS)
