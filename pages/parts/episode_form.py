"""Recording a missing episode, or putting one right, as when a young person is back."""

from __future__ import annotations

from datetime import date, datetime, time

import streamlit as st

from chm import settings
from chm.access import Permission
from chm.casework import episodes
from chm.casework.desk import Desk
from chm.casework.episodes import Kept
from chm.episodes.records import Episode, Kind, Moment, ReturnInterview, local_day
from chm.errors import ChmError
from chm.settings import today
from pages.parts import faults, opened_record
from pages.parts.opened_missing import OpenedMissing
from pages.parts.text import plain

EARLIEST = date(2000, 1, 1)
KINDS = {Kind.MISSING: "Missing", Kind.AWAY: "Away without authorisation"}
TOLD = {None: "Not known", True: "Yes", False: "No"}


def button(desk: Desk, opened: OpenedMissing) -> None:
    """The button that opens the form for a new episode, where the user may record."""
    if desk.may(Permission.RECORD_CONNECTION) and st.button("Add an episode", icon=":material/add:", type="primary"):
        _form(desk, None, opened.names)


def correct(desk: Desk, kept: Kept, names: dict[str, str]) -> None:
    """The button that opens an episode to put it right."""
    back = "Back" if kept.episode.open else "Put right"
    if desk.may(Permission.RECORD_CONNECTION) and st.button(back, key=f"episode-{kept.episode.id}"):
        _form(desk, kept, names)


@st.dialog("Missing episode", width="large")
@faults.plainly
def _form(desk: Desk, kept: Kept | None, names: dict[str, str]) -> None:
    was = kept.episode if kept else None
    key = was.id if was else "new"
    if was:
        who: str | None = was.young_person
        st.markdown(plain(names[was.young_person]))
    else:
        who = st.selectbox("Young person", list(names), index=None, format_func=names.__getitem__, placeholder="Name")
    with st.container(horizontal=True):
        start = _moment("Missing from", was.start if was else today(), f"start-{key}")
        end = _moment("Back, or found", was.end if was else None, f"end-{key}")
        kind = st.selectbox("Kind", list(KINDS), index=list(KINDS).index(was.kind) if was and was.kind else 0,
                            format_func=KINDS.__getitem__, key=f"kind-{key}")  # fmt: skip
    with st.container(horizontal=True):
        found = st.text_input("Found at", was.found_at if was else "", max_chars=200, key=f"found-{key}")
        companions = st.text_input("With whom", was.companions if was else "", max_chars=200, key=f"with-{key}")
        travelled = st.text_input("How they travelled", was.travelled if was else "", max_chars=200, key=f"by-{key}")
    with st.container(horizontal=True):
        returned = st.text_input("How they came back", was.returned_how if was else "", max_chars=200, key=f"ret-{key}")
        reported = st.text_input("Reported by", was.reported_by if was else "", max_chars=200, key=f"rep-{key}")
    interview = was.interview if was else ReturnInterview()
    with st.container(horizontal=True):
        offered = _told("Interview offered", interview.offered, f"offered-{key}")
        accepted = _told("Accepted", interview.accepted, f"accepted-{key}")
        held = _told("Held", interview.held, f"held-{key}")
        held_at = _moment("Held on", interview.held_at, f"held-on-{key}") if held else None
    if not st.button("Save", type="primary", icon=":material/check:", shortcut="Ctrl+Enter", key=f"save-{key}"):
        return
    if not who or start is None:
        st.error("Name the young person and the day they went missing.")
        return
    said = Episode(
        id=was.id if was else "",
        young_person=who,
        start=start,
        end=end,
        kind=kind,
        found_at=found,
        companions=companions,
        returned_how=returned,
        reported_by=reported,
        travelled=travelled,
        interview=ReturnInterview(offered, accepted, held, held_at),
    )
    try:
        if kept:
            episodes.correct(desk, who, said, kept.version, kept.episode)
        else:
            episodes.record(desk, who, said)
    except ChmError as error:
        faults.show(error, "Not saved yet")
        return
    opened_record.changed("Saved.")
    st.rerun()


def _moment(label: str, was: Moment | None, key: str) -> Moment | None:
    """A day, and its time where it is known."""
    at = was.astimezone(settings.ZONE).time() if isinstance(was, datetime) else None
    day = st.date_input(
        label, local_day(was) if was else None, min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY",
        key=f"{key}-day",
    )  # fmt: skip
    clock: time | None = st.time_input("at, if known", at, key=f"{key}-at")
    if day is None:
        return None
    return datetime.combine(day, clock, settings.ZONE) if clock else day


def _told(label: str, was: bool | None, key: str) -> bool | None:
    answer: bool | None = st.selectbox(
        label, list(TOLD), index=list(TOLD).index(was), format_func=TOLD.__getitem__, key=key
    )
    return answer
