"""Shared actions that wait for my decision, one row for each of my young people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from chm.access import Permission
from chm.casework import questions, shared_actions
from chm.casework.desk import Desk
from chm.casework.people import CaseloadRow
from chm.casework.shared_actions import Proposed
from chm.errors import ChmError
from pages.parts import faults, markup, my_work, opened_record
from pages.parts.text import plain

SHOWN = 4


def proposed(desk: Desk, rows: Sequence[CaseloadRow]) -> None:
    """What is proposed for my young people, to accept into the plan or to decline."""
    if not desk.may(Permission.PLAN):
        return
    found = shared_actions.waiting(desk)
    if not found:
        return
    names = {r.young_person.id: r.young_person.name for r in rows}
    markup.show("list_head", head=f"Proposed for my young people · {len(found)}", note="accepted, it joins the plan")
    with st.container(border=True, gap="xsmall"):
        for one in found[:SHOWN]:
            _row(desk, names, one)
        if len(found) > SHOWN:
            with st.expander(f"{len(found) - SHOWN} more", type="compact", key="more-proposed"):
                for one in found[SHOWN:]:
                    _row(desk, names, one)


def _row(desk: Desk, names: Mapping[str, str], one: Proposed) -> None:
    part, action = one.part, one.action
    name, key = names.get(part.young_person, ""), f"{action.id}-{part.young_person}"
    replies = [(q, action.asked[q.id]) for q in questions.before_disruption() if q.id in action.asked]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        with st.container(width="stretch"):
            markup.show(
                "proposed_row",
                name=name,
                id=part.young_person,
                action=action,
                **my_work.when(action.due),
                target=one.target,
                by=one.by,
                replies=[(q.text, dict(q.options).get(r.answer, ""), r.note) for q, r in replies],
            )
        st.button(
            "Accept", key=f"accept-{key}", help=plain(f"Into the plan of {name}"), on_click=partial(_accept, desk, one)
        )
        if st.button("Decline", key=f"decline-{key}", type="tertiary", help=plain(f"Not for {name}")):
            _decline(desk, one, name)


def _accept(desk: Desk, one: Proposed) -> None:
    try:
        shared_actions.accept(desk, one.part)
    except ChmError as error:
        opened_record.failed(error)
    else:
        opened_record.changed("Accepted: it is in the plan.")


@st.dialog("Decline a shared action")
@faults.plainly
def _decline(desk: Desk, one: Proposed, name: str) -> None:
    markup.show("proposed_text", name=name, text=one.action.text)
    reason = st.text_area("Why not", height=90, help="Whoever proposed it reads this; write it without names")
    if not st.button("Decline it", type="primary", shortcut="Ctrl+Enter"):
        return
    try:
        shared_actions.decline(desk, one.part, reason)
    except ChmError as error:
        faults.show(error, "Nothing was changed")
        return
    opened_record.changed("Declined; whoever proposed it is told.")
    st.rerun()
