"""Adding or editing one action of a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from chm.casework import frameworks, people, plans
from chm.casework.desk import Desk
from chm.casework.people import Record
from chm.casework.plans import KINDS
from chm.errors import ChmError, Conflict
from chm.framework import PILLARS
from chm.records import Action, ActionStatus
from pages.parts import faults, opened_record
from pages.parts.text import plain

STATUS = {"open": "Open", "under_way": "Under way", "done": "Done", "dropped": "Dropped"}


@st.dialog("Action", width="medium")
@faults.plainly
def edit(
    desk: Desk, record: Record, action: Action, ask_first: str | None = None, eligible: bool | None = True
) -> None:
    """Ask for every part of `action` and store it; one with no id is new.

    `ask_first` is what to ask before it is chosen, `eligible` False where the law does not open it.
    """
    latest = record.assessments[-1]
    framework = frameworks.known(latest.framework, latest.framework_version)
    if ask_first:
        (st.warning if eligible is False else st.info)(plain(ask_first))
    text = st.text_area("What will be done", action.text, height=90)
    with st.container(horizontal=True):
        pillar = st.selectbox("Pillar", PILLARS, index=_place(PILLARS, action.pillar), format_func=str.capitalize)
        domains = [None, *framework.domain]
        domain = st.selectbox(
            "Domain it answers",
            domains,
            index=_place(domains, action.domain),
            format_func=lambda d: framework.domain[d].name if d else "None in particular",
        )
    with st.container(horizontal=True):
        kind_now, _, id_now = action.target.partition(":")
        kind = st.selectbox("Acts on", KINDS, index=_place(KINDS, kind_now), format_func=_kind)
        which = st.text_input(
            "Which", id_now, max_chars=180, help="For example the name of the place, or a number plate"
        )
    with st.container(horizontal=True):
        agencies = list(dict.fromkeys([action.owner_agency, *framework.local["agencies"]]))
        agency = st.selectbox(
            "Owner: agency",
            agencies,
            index=0,
            format_func=lambda a: a or "Choose",
            help="The young person or a parent may own an action too",
        )
        person = st.text_input("Owner: person", action.owner_person, max_chars=200)
        due = st.date_input("Due", action.due, min_value=date(2000, 1, 1), format="DD/MM/YYYY")
        status = st.selectbox(
            "Status", list(STATUS), index=_place(list(STATUS), action.status), format_func=STATUS.__getitem__
        )
    if not st.button("Save action", type="primary", shortcut="Ctrl+Enter"):
        return
    fields = {
        "target": f"{kind}:{which.strip()}",
        "pillar": pillar,
        "text": text,
        "owner_agency": agency,
        "owner_person": person,
        "due": due,
        "status": ActionStatus(status),
        "domain": domain,
    }
    read = st.session_state.get("action_read", action)
    base = read if read.id == action.id else action
    try:
        if action.id:
            plans.edit_action(desk, record.young_person.id, replace(base, **fields))
        else:
            plans.add_action(desk, record.young_person.id, **fields, step=action.step, why=action.why)
    except Conflict:
        _theirs(desk, record, action)
        return
    except ChmError as error:
        faults.show(error, "The action is not saved")
        return
    st.session_state.pop("action_read", None)
    opened_record.changed("Action saved.")
    st.rerun()


def _theirs(desk: Desk, record: Record, action: Action) -> None:
    now = next(a for a in people.record_of(desk, record.young_person.id).actions if a.id == action.id)
    st.session_state["action_read"] = now
    due = f"{now.due.day} {now.due:%b %Y}" if now.due else "no date"
    said = f"{now.text} · {STATUS[now.status]} · {due} · {now.owner_agency} {now.owner_person}"
    st.warning(
        f"Somebody else changed this action meanwhile to: {plain(said)}\n\n"
        "Press “Save action” again to put yours in its place, or close this to keep theirs."
    )


def _kind(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def _place(options: object, value: object) -> int:
    found = list(options)  # type: ignore[call-overload]
    return int(found.index(value)) if value in found else 0
