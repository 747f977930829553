"""The list of tracked actions by how soon they are due, the counts over it, and what a press opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from chm.access import Permission
from chm.casework import tracker
from chm.casework.desk import Desk
from chm.meetings.tracked import STATUS, Kind, Tracked, When
from chm.settings import today
from pages.parts import faults, markup, pressable, tracker_action, tracker_filters
from pages.parts.tracker_filters import COUNTS, DONE, ONLY

SHOWN, WHOLE = "tracker-shown", "tracker-whole"
MOST, NAMES = 40, 2
HEADS = {
    When.OVERDUE: ("Overdue", ""),
    When.SOON: ("This week", "due within 7 days"),
    When.LATER: ("Later", ""),
    When.UNDATED: ("No date", "give each a day"),
    When.ENDED: ("Done lately", "done or dropped in the last 31 days"),
}


@st.fragment
@faults.plainly
def workbench(desk: Desk) -> None:
    """Filters, counts and list, which share a quick rerun apart from the page."""
    rows = tracker.read(desk)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        looked = tracker_filters.look(desk, rows)
    fitting = [r for r in rows if looked.shows(r)]
    only = st.session_state.get(ONLY)
    shown = [r for r in fitting if only not in COUNTS or tracker_filters.counted(r, only, today())]
    st.session_state[SHOWN] = tuple(r.key for r in shown)
    whole = bool(st.session_state.get(WHOLE))
    what, which = pressable.show(
        "tracker_list",
        key="tracker-list",
        pressed=_heard,
        counts=_counts(desk, fitting),
        only=only,
        groups=_groups(shown if whole else shown[:MOST], shown),
        more=max(0, len(shown) - MOST),
        whole=whole,
        empty=_empty(desk, rows) if not shown else "",
        filtered=bool(rows),
    )
    if what == "open":
        opened = next((r for r in rows if r.key == which), None)
        if opened:
            tracker_action.show(desk, opened)


def _heard(what: str, which: str) -> None:
    if what == "only" and which in COUNTS:
        st.session_state[ONLY] = None if st.session_state.get(ONLY) == which else which
    elif what == "whole":
        st.session_state[WHOLE] = not st.session_state.get(WHOLE)
    elif what == "clear":
        tracker_filters.clear()


def _counts(desk: Desk, rows: Sequence[Tracked]) -> list[tuple[str, int, str]]:
    """Each count with its id and words; a partner's list ends when they are done, so that it cannot count these."""
    return [
        (id, sum(tracker_filters.counted(r, id, today()) for r in rows), words)
        for id, words in COUNTS.items()
        if id != DONE or desk.may(Permission.FIND)
    ]


def _empty(desk: Desk, rows: Sequence[Tracked]) -> str:
    if rows:
        return "No action fits what is chosen."
    if desk.may(Permission.FIND):
        return (
            "No action is to be done yet. What a plan, a meeting or a place calls for stands here once it is recorded."
        )
    return "Nothing is yours to do now. What a meeting gives you by name stands here until it is done."


def _groups(rows: Sequence[Tracked], every: Sequence[Tracked]) -> list[dict[str, Any]]:
    return [
        {
            "id": when.value,
            "head": head,
            "note": note,
            "count": sum(r.when == when for r in every),
            "rows": [_row(r) for r in rows if r.when == when],
        }
        for when, (head, note) in HEADS.items()
        if any(r.when == when for r in rows)
    ]


def _row(row: Tracked) -> dict[str, Any]:
    names = [name for _, name in row.young_people]
    who = ", ".join(names[:NAMES]) + (f" and {len(names) - NAMES} more" if len(names) > NAMES else "")
    facts = [row.about] if who and not row.target.startswith("young_person:") else []
    if row.meeting:
        facts.append(f"{markup.day(row.meeting.on)}, {row.meeting.title}")
    elif row.kind == Kind.PLAN:
        facts.append("plan")
    ended = row.when == When.ENDED
    return {
        "key": row.key,
        "day": markup.day(row.closed_on if ended else row.due) if ended or row.due else "No date",
        "far": "" if ended else far(row.due),
        "what": row.what,
        "who": sentence(who or row.about),
        "facts": facts,
        "outcome": row.outcome,
        "agency": row.owner_agency,
        "person": row.owner_person,
        "mine": row.mine,
        "gone": row.owner_gone,
        "pillar": row.pillar.capitalize(),
        "status": STATUS[row.status],
    }


def sentence(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def far(due: date | None) -> str:
    """How far off a day is, in words."""
    if due is None:
        return ""
    days = (due - today()).days
    if days < 0:
        return f"{-days} day{'' if days == -1 else 's'} late"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
