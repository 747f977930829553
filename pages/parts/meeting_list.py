"""The meetings of whoever is here: those to come, those held, and what each is to them."""

from __future__ import annotations

from datetime import time
from functools import partial
from typing import Any

import streamlit as st

from chm.casework import meetings, papers
from chm.casework.desk import Desk
from chm.casework.meetings import Listed
from chm.meetings.records import MeetingStatus
from chm.settings import today
from pages.parts import faults, markup, meeting_papers, navigation, opened_meeting, opened_room, pressable

AS = {"chair": "You chair it", "invited": "You are invited", "worker": "About a young person of yours"}


def draw(desk: Desk) -> None:
    """Draw them; a press opens one, or leads into its room."""
    found = meetings.mine(desk)
    coming = sorted((m for m in found if not _over(m)), key=lambda m: (m.meeting.on, m.meeting.at or time.min))
    held = [m for m in found if _over(m)]
    what, which = pressable.show(
        "meeting_list",
        key="meeting-list",
        pressed=partial(_pressed, {m.meeting.id: m for m in found}),
        groups=[("To come", [_row(m) for m in coming]), ("Held", [_row(m) for m in held])],
    )
    listed = next((m for m in found if m.meeting.id == which), None)
    if listed is None:
        return
    if what == "run" and opened_room.enter(desk, which):
        navigation.go(navigation.ROOM)
    elif what == "extract":
        _extract(desk, listed)


def _pressed(found: dict[str, Listed], what: str, which: str) -> None:
    if what in ("open", "minutes") and which in found and found[which].as_ == "chair":
        opened_meeting.choose(which, opened_meeting.MINUTES if what == "minutes" else opened_meeting.PLAN)


def _over(listed: Listed) -> bool:
    return listed.meeting.status == MeetingStatus.CLOSED


def _row(listed: Listed) -> dict[str, Any]:
    m, closed = listed.meeting, _over(listed)
    late = not closed and m.on < today()
    return {
        "id": m.id,
        "day": m.on.day,
        "month": f"{m.on:%b}",
        "year": m.on.year,
        "weekday": f"{m.on:%a}",
        "at": f"{m.at:%H:%M}" if m.at else "",
        "venue": m.venue,
        "title": m.title if listed.as_ == "chair" else "Complex strategy meeting",
        "chair": listed.chair,
        "count": listed.young_people,
        "as": AS[listed.as_],
        "chairing": listed.as_ == "chair",
        "room": listed.as_ in ("chair", "invited") and not closed,
        "worker": listed.as_ == "worker",
        "closed": closed,
        "state": "Held" if closed else "Not closed yet" if late else "Today" if m.on == today() else "Planned",
        "late": late,
        "next": m.next_review,
    }


@st.dialog("What the minutes say of your young people")
@faults.plainly
def _extract(desk: Desk, listed: Listed) -> None:
    id = listed.meeting.id
    for young_person in listed.own:
        meeting_papers.offer(
            desk, young_person,
            lambda d, form, y=young_person: papers.own_extract_file(d, y, id, form),  # type: ignore[misc, arg-type]
            f"own-{id}-{young_person}",
        )  # fmt: skip
    markup.show("meeting_masked")
