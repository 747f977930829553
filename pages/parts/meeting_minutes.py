"""The minutes of a meeting: their versions, what one says, its signature, and the files that leave with people."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from chm.casework import meetings, minutes, papers
from chm.casework.desk import Desk
from chm.casework.meetings import Plan
from chm.casework.minutes import Version
from chm.errors import ChmError
from chm.exchange.minutes_paper import left_out
from chm.meetings.minutes import Minutes, agencies
from chm.meetings.records import MeetingStatus
from pages.parts import faults, gate, markup, meeting_papers, opened_meeting, opened_record

SAID = ("information", "view", "disagreement", "decision")


def draw(desk: Desk, plan: Plan) -> None:
    """Draw them; a meeting that is still open has none."""
    if plan.meeting.status != MeetingStatus.CLOSED:
        st.info(
            "The minutes are drafted when the meeting is closed, at the end of its agenda.", icon=":material/edit_note:"
        )
        return
    versions = minutes.versions(desk, plan.meeting.id)
    if not versions:
        st.warning("No minutes were drafted for this meeting.")
        if st.button("Draft them", type="primary"):
            _do(partial(minutes.draft, desk, plan.meeting.id), "The minutes are drafted.")
        return
    last = versions[-1]
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = st.selectbox(
            "Version", versions[::-1], format_func=_named, label_visibility="collapsed", key=f"version-{len(versions)}",
            width=420,
        )  # fmt: skip
        _signing(desk, plan, last)
    found = _read(desk, plan, shown)
    left, right = st.columns([64, 36], gap="large")
    with left:
        said = {k: [s for s in found.said if s.kind == k] for k in SAID}
        markup.show("minutes", m=found, said=said, left_out=left_out(found.left_out))
    with right:
        _files(desk, plan, shown, found)


def _named(version: Version) -> str:
    state = f"signed by {version.signed_by}, {markup.day(version.signed_at)}" if version.signed_by else "draft"
    return f"Version {version.number}, {state}"


def _read(desk: Desk, plan: Plan, version: Version) -> Minutes:
    """The minutes of a version, read once for each that is looked at."""
    key, id = (plan.meeting.id, version.number, version.version), plan.meeting.id
    kept = gate.opened(
        desk,
        lambda: (key, minutes.read(desk, id, version.number)),
        lambda kept: meetings.still_open(desk, id, tuple(y.id for y in kept[1].young_people)),
        lambda kept: kept[0] == key,
        gate.BESIDE,
    )
    return kept[1]


def _signing(desk: Desk, plan: Plan, last: Version) -> None:
    if last.signed_by:
        if st.button("Correct them", icon=":material/edit:", help="A correction makes a new version; this one stays"):
            _correct(desk, plan)
        return
    if st.button("Bring up to date", icon=":material/refresh:", help="Takes in what was put right in the record since"):
        _do(partial(minutes.draft, desk, plan.meeting.id), "The draft says what the record says now.")
    if st.button("Put the record right", icon=":material/edit:"):
        _correct(desk, plan)
    if plan.meeting.chair == desk.user.id and st.button("Sign", type="primary", icon=":material/draw:"):
        _sign(desk, plan, last)


@st.dialog("Sign the minutes")
@faults.plainly
def _sign(desk: Desk, plan: Plan, last: Version) -> None:
    st.markdown(f"Version {last.number} is final once you sign. A correction later makes a new version beside it.")
    if st.button("Sign them", type="primary", icon=":material/draw:"):
        _do(partial(minutes.sign, desk, plan.meeting.id, last.number, last.version), "The minutes are signed.")


@st.dialog("Put the record right", width="large")
@faults.plainly
def _correct(desk: Desk, plan: Plan) -> None:
    kept = minutes.said(desk, plan.meeting.id)
    if not kept:
        st.caption("Nothing was said in the record of this meeting. Actions go on in the tracker.")
    said = st.selectbox(
        "What was said", kept, index=None, format_func=lambda s: s.text, key=f"correct-{plan.meeting.id}",
        placeholder="Choose what is to be put right",
    )  # fmt: skip
    text = st.text_area("It should say", said.text, height=120, key=f"correct-{said.id}-{said.version}") if said else ""
    why = st.text_input("Why", max_chars=2000, key=f"correct-why-{plan.meeting.id}", help="Stands in the new version")
    id = plan.meeting.id
    with st.container(horizontal=True):
        if said is None:
            if st.button("A new version of what stands", disabled=not why.strip()):
                _do(partial(minutes.draft, desk, id, why), "A new version is drafted.")
            return
        if st.button("Put it right", type="primary"):
            _do(partial(minutes.put_right, desk, id, said.id, said.version, text, why), "It is put right.")
        if st.button("Take it back"):
            _do(partial(minutes.strike, desk, id, said.id, said.version, why), "It is taken back.")


def _files(desk: Desk, plan: Plan, version: Version, found: Minutes) -> None:
    id, number = plan.meeting.id, version.number
    markup.show("heading", text="Files")
    st.caption("Making one is noted in the audit. An unsigned version is marked as a draft.")
    meeting_papers.offer(
        desk, "Minutes, for the chair", lambda d, form: papers.minutes_file(d, id, number, form),  # type: ignore[arg-type]
        f"paper-{id}-{number}",
    )  # fmt: skip
    if plan.meeting.next_review:
        label = f"Review on {markup.day(plan.meeting.next_review)}, for a calendar"
        meeting_papers.offer(desk, label, lambda d, form: papers.review_file(d, id), f"ics-{id}", forms=("ics",))
    owners = agencies(found)
    markup.show("heading", text=f"Actions by agency · {len(owners)}")
    for owner in owners:
        meeting_papers.offer(
            desk, owner, lambda d, form, owner=owner: papers.agency_file(d, id, number, owner),  # type: ignore[misc]
            f"agency-{id}-{number}-{owner}", forms=("docx",),
        )  # fmt: skip
    if not owners:
        st.caption("No action was agreed or carried over.")
    markup.show("heading", text=f"Extracts by young person · {len(found.young_people)}")
    st.caption("For one record: everybody else in it is masked.")
    for young in found.young_people:
        meeting_papers.offer(
            desk, young.name,
            lambda d, form, y=young.id: papers.extract_file(d, id, number, y, form),  # type: ignore[misc, arg-type]
            f"extract-{id}-{number}-{young.id}",
        )  # fmt: skip


def _do(step: Callable[[], object], said: str) -> None:
    try:
        step()
    except ChmError as error:
        faults.show(error, "Nothing was changed")
        return
    opened_meeting.anew()
    opened_record.changed(said)
    st.rerun()
