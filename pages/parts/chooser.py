"""Choosing a young person: by name or id, from one's own, or somebody new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import streamlit as st

from chm.casework import frameworks, guarded, people
from chm.casework.desk import Desk
from chm.errors import AlreadyKnown, ChmError
from chm.settings import today
from pages.parts import faults, gate, markup, open_draft
from pages.parts.text import borough, plain

ADD, TROUBLE, KNOWN = "add_young_person", "trouble", "known_already"


@dataclass(frozen=True)
class _Shown:
    """What was said of who is known already; `ids` are theirs, never shown."""

    said: str
    reopens: bool
    ids: tuple[str, ...]


def to_score(desk: Desk) -> None:
    """Find, choose or add the young person to score."""
    left, right = st.columns([58, 42], gap="large")
    with left:
        if trouble := st.session_state.pop(TROUBLE, None):
            st.error(plain(trouble))
        _find(desk, lambda id: _begin(desk, id), "Score")
    with right:
        st.header("Somebody new")
        _add(desk)


def to_open(desk: Desk) -> None:
    """Find or choose the young person whose page to open."""
    _find(desk, lambda id: st.session_state.update(young_person=id), "Open")


def _begin(desk: Desk, id: str) -> None:
    try:
        open_draft.begin(desk, id)
    except ChmError as error:
        st.session_state[TROUBLE] = str(error)


def _find(desk: Desk, chosen: Callable[[str], None], verb: str) -> None:
    text = st.text_input("Find by name or id", key="find", placeholder="A name, or YP-0001", icon=":material/search:")
    rows = {r.young_person.id: r for r in people.mine(desk)}
    if text.strip():
        found = _found(desk, text)
        if not found:
            st.info(
                "Nobody by that name or id is open to you. Check the spelling, or add them.",
                icon=":material/search_off:",
            )
        for f in found:
            row = rows.get(f.id)
            aged = f", aged {f.age}" if f.age is not None else ""
            _row(f.id, f.name, f"{f.id}{aged} · {borough(f.borough)}", row, chosen, verb)
        return
    begun = [r for r in rows.values() if r.answered is not None]
    rest = [r for r in rows.values() if r.answered is None]
    for head, group in (("Drafts to go on with", begun), ("My young people", rest)):
        if group:
            st.header(f"{head} · {len(group)}")
        for r in group:
            age = r.young_person.age_at(today())
            aged = f", aged {age}" if age is not None else ""
            facts = f"{r.young_person.id}{aged} · {borough(r.young_person.home_borough)}"
            _row(r.young_person.id, r.young_person.name, facts, r, chosen, verb)


def _found(desk: Desk, text: str) -> list[people.Found]:
    # A search is audited, so the same one is made once.
    kept = gate.opened(
        desk,
        lambda: (text, people.find(desk, text)),
        lambda kept: people.still_open(desk, tuple(f.id for f in kept[1])),
        lambda kept: kept[0] == text,
        gate.BESIDE,
    )
    return kept[1]


def _row(
    id: str, name: str, facts: str, row: people.CaseloadRow | None, chosen: Callable[[str], None], verb: str
) -> None:
    begun = row is not None and row.answered is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch"):
            markup.show(
                "person_row",
                name=name,
                facts=facts,
                level=row.latest.judged if row and row.latest else None,
                significant=len(row.latest.score.significant) if row and row.latest else 0,
                domains=len(frameworks.current().domains),
                answered=row.answered if row else None,
            )
        st.button(
            "Go on" if begun and verb == "Score" else verb,
            key=f"choose-{id}",
            on_click=partial(chosen, id),
            help=f"{verb} {plain(name)}",
            type="primary" if begun and verb == "Score" else "secondary",
        )


def _add(desk: Desk) -> None:
    with st.form(ADD, border=True):
        name = st.text_input("Initials or name", max_chars=200)
        with st.container(horizontal=True):
            born = st.date_input(
                "Date of birth", value=None, min_value=date(1998, 1, 1), max_value=today(), format="DD/MM/YYYY"
            )
            age = st.number_input("or age, if that is all you know", value=None, min_value=0, max_value=25, step=1)
        home = st.text_input("Home borough", value="Merton", max_chars=200)
        care = st.radio(
            "In care (looked after)?",
            (None, True, False),
            format_func={None: "Not known", True: "Yes", False: "No"}.__getitem__,
            horizontal=True,
        )
        pressed = st.form_submit_button("Add and score", type="primary")
    asked = (desk.user.id, name, born)
    # What was shown about other fields, or before the page was left, is no answer about these.
    shown = st.session_state.pop(KNOWN, None)
    if shown and shown[0] != asked:
        shown = None
    if pressed:
        others = shown[1].ids if shown else ()
        try:
            person = people.add(desk, name, born=born, age=age, home_borough=home, looked_after=care, others=others)
        except AlreadyKnown as known:
            shown = asked, _Shown(str(known), known.reopens, known.ids)
        except ChmError as error:
            faults.show(error, "Nobody was added")
        else:
            _score(desk, person.id, f"Added as {person.id}")
            return
    if shown:
        st.session_state[KNOWN] = shown
        _known(desk, name, born, shown[1])


def _known(desk: Desk, name: str, born: date | None, shown: _Shown) -> None:
    """Whom to contact about who is known already; the one closed record is opened where they are referred anew."""
    st.warning(f"{plain(shown.said)}. Press “Add and score” again if this is somebody else.", icon=":material/group:")
    if not shown.reopens:
        return
    fault = st.container()
    with st.form("refer_again", border=True):
        st.markdown("**Referred again?** The referral opens their closed record to you; the safeguarding lead is told.")
        agency = st.selectbox("Referring agency", frameworks.current().local["agencies"], index=None)
        reason = st.text_area("Reason", height=72, max_chars=2_000)
        if not st.form_submit_button("Open their record again"):
            return
    try:
        id = guarded.refer_again(desk, name, born, agency or "", reason)
    except ChmError as error:
        with fault:
            faults.show(error, "Nothing was opened")
        return
    _score(desk, id, f"{id} is open again")


def _score(desk: Desk, id: str, done: str) -> None:
    st.session_state.pop(KNOWN, None)
    try:
        open_draft.begin(desk, id)
    except ChmError as error:
        faults.show(error, f"{done}; the draft could not be opened")
        return
    st.rerun()
