"""Which of the tracked actions show: whose, of which meeting, place and pillar, how soon due, and by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from chm.access import Permission
from chm.casework.desk import Desk
from chm.framework import PILLARS
from chm.meetings.tracked import Tracked, When
from chm.records import ActionStatus
from pages.parts import markup

ALL, AGENCY, MINE = "All", "My agency", "Mine"
WHOSE, MEETING, PLACE, PILLAR, SEARCH = (f"tracker-{n}" for n in ("whose", "meeting", "place", "pillar", "search"))
ONLY, DONE = "tracker-only", "done"
COUNTS = {
    When.OVERDUE.value: "overdue", When.SOON.value: "due within 7 days", When.UNDATED.value: "without a date",
    DONE: "done this month",
}  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """What was chosen; nothing chosen shows all. `meeting` is an id, `place` what it is called."""

    whose: str = ALL
    meeting: str | None = None
    place: str | None = None
    pillar: str | None = None
    search: str = ""

    def shows(self, row: Tracked) -> bool:
        """Whether a row shows."""
        return (
            (self.whose != MINE or row.mine)
            and (self.whose != AGENCY or row.my_agency)
            and (self.meeting is None or (row.meeting is not None and row.meeting.id == self.meeting))
            and self.place in (None, row.place)
            and self.pillar in (None, row.pillar)
            and all(word in _said(row) for word in self.search.casefold().split())
        )


def counted(row: Tracked, what: str, today: date) -> bool:
    """Whether a row is one of those that the count `what` counts."""
    if what == DONE:
        ended = row.closed_on
        return row.status == ActionStatus.DONE and ended is not None and (ended.year, ended.month) == (
            today.year, today.month,
        )  # fmt: skip
    return row.when.value == what


def look(desk: Desk, rows: Sequence[Tracked]) -> Looked:
    """Draw the filters where the page stands, and give what they say. What no row has cannot be chosen."""
    whose: str | None = ALL
    if desk.may(Permission.FIND):  # A partner has nothing but their own.
        whose = st.segmented_control(
            "Whose", (ALL, AGENCY, MINE), default=ALL, required=True, label_visibility="collapsed", key=WHOSE
        )
    met = {r.meeting.id: r.meeting for r in rows if r.meeting}
    names = {m.id: f"{markup.day(m.on)}, {m.title}" for m in sorted(met.values(), key=lambda m: m.on, reverse=True)}
    places = {r.place: r.place for r in sorted(rows, key=lambda r: r.place or "") if r.place}
    pillars: dict[str, str] = {p: p.capitalize() for p in PILLARS if p in {r.pillar for r in rows}}
    return Looked(
        whose or ALL,
        _choose("Meeting", names, MEETING),
        _choose("Place", places, PLACE),
        _choose("Pillar", pillars, PILLAR),
        st.text_input(
            "Search", max_chars=100, placeholder="Search", icon=":material/search:", key=SEARCH, width=220,
            label_visibility="collapsed",
        ),
    )  # fmt: skip


def clear() -> None:
    """Choose nothing; for a callback, before anything is drawn."""
    st.session_state[ONLY] = None
    for key in (MEETING, PLACE, PILLAR):
        st.session_state[key] = None
    st.session_state[SEARCH] = ""
    if WHOSE in st.session_state:
        st.session_state[WHOSE] = ALL


def _choose(label: str, options: dict[str, str], key: str) -> str | None:
    if not options:
        return None
    if st.session_state.get(key) not in (None, *options):
        st.session_state[key] = None  # The last action that had it is done with.
    return st.selectbox(
        label, list(options), index=None, format_func=options.__getitem__, placeholder=label, key=key,
        label_visibility="collapsed", width=180,
    )  # fmt: skip


def _said(row: Tracked) -> str:
    parts = [
        row.id, row.what, row.about, row.owner, row.outcome, row.place or "", row.meeting.title if row.meeting else "",
        *(name for _, name in row.young_people),
    ]  # fmt: skip
    return " ".join(parts).casefold()
