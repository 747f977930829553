"""Proposing one action for several young people, from whatever links them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import streamlit as st

from chm.casework import frameworks, network, questions, shared_actions
from chm.casework.desk import Desk
from chm.casework.shared_actions import DISRUPT, BringsTogether, NewSharedAction
from chm.errors import ChmError
from chm.framework import PILLARS
from chm.linkage.ties import Party
from chm.records import Reply
from chm.setting_assessments import Question
from chm.settings import today
from chm.target_actions import TargetAction
from pages.parts import faults, markup, opened_record
from pages.parts.text import plain

OWN = -1
KNOWN = "propose_known"
TWO_WEEKS = timedelta(days=14)


@st.dialog("Propose a shared action", width="large")
@faults.plainly
def propose(
    desk: Desk, target: Party, target_label: str, young_people: Sequence[str], recommended: Sequence[TargetAction]
) -> None:
    """Ask for one action on `target` and propose it to the workers of some of `young_people` (ids).

    It starts from the first of `recommended`; each child's own plan takes it in once their worker accepts it.
    """
    names = {p.id: p.name for p in network.mine(desk) if p.id in set(young_people)}
    markup.show("propose_head", kind=target.kind.replace("_", " "), label=target_label)
    chosen = _choose(recommended)
    text = st.text_area(
        "What will be done", chosen.text if chosen else "", height=90, key=f"propose-text-{chosen and chosen.id}"
    )
    if chosen:
        markup.show("propose_why", action=chosen)
    agencies = frameworks.current().local["agencies"]
    with st.container(horizontal=True):
        pillar = chosen.pillar if chosen else st.selectbox("Pillar", PILLARS, format_func=str.capitalize)
        lead = agencies.index(chosen.lead) if chosen and chosen.lead in agencies else None
        agency = st.selectbox("Owner: agency", agencies, index=lead, placeholder="Choose")
        person = st.text_input("Owner: person", max_chars=200)
        due = st.date_input("Due", today() + TWO_WEEKS, min_value=today(), format="DD/MM/YYYY")
    whom = st.multiselect(
        "Young people it concerns",
        list(names),
        default=list(names),
        format_func=names.__getitem__,
        help="Each one's worker is asked. Every plan names only its own child",
    )
    asked = _ask(questions.before_disruption()) if pillar == DISRUPT else {}
    slot = st.container()
    if not st.button("Propose", type="primary", icon=":material/send:", shortcut="Ctrl+Enter"):
        return
    proposal = NewSharedAction(
        target=target,
        pillar=pillar,
        text=text,
        owner_agency=agency or "",
        owner_person=person,
        due=due,
        step=chosen.id if chosen else None,
        why=f"{chosen.why}. {chosen.source}" if chosen else "",
        asked=asked,
        young_people=tuple(whom),
    )
    with slot:
        _store(desk, proposal, names)


def _choose(recommended: Sequence[TargetAction]) -> TargetAction | None:
    if len(recommended) < 2:
        return recommended[0] if recommended else None
    place = st.selectbox(
        "Start from",
        [*range(len(recommended)), OWN],
        format_func=lambda n: (
            "In your own words" if n == OWN else f"{recommended[n].pillar.capitalize()}: {recommended[n].text}"
        ),
    )
    return None if place == OWN else recommended[place]


def _ask(asked: Iterable[Question]) -> Mapping[str, Reply]:
    """The questions before a disruption; each must be answered."""
    markup.show("heading", text="Before anybody acts")
    replies = {}
    for question in asked:
        options = dict(question.options)
        with st.container(gap="xxsmall"):
            answer = (
                st.segmented_control(
                    plain(question.text), list(options), format_func=options.__getitem__, key=f"ask-{question.id}"
                )
                if options
                else ""
            )
            note = st.text_input(
                plain(question.ask or question.text if options else question.text),
                placeholder=question.ask,
                key=f"ask-note-{question.id}",
                label_visibility="collapsed" if options else "visible",
            )
        replies[question.id] = Reply(answer or "", note)
    return replies


def _store(desk: Desk, proposal: NewSharedAction, names: Mapping[str, str]) -> None:
    about = (proposal.target, frozenset(proposal.young_people))
    known, pairs = st.session_state.get(KNOWN, (None, frozenset()))
    try:
        shared_actions.propose(desk, proposal, pairs if known == about else frozenset())
    except BringsTogether as conflict:
        st.session_state[KNOWN] = (about, conflict.pairs)
        said = [f"- {plain(names[one])} and {plain(names[other])}" for one, other in sorted(conflict.pairs)]
        st.warning(
            "\n".join(
                [
                    "**In conflict with each other.** Make sure that the action does not bring them together:",
                    "",
                    *said,
                    "",
                    "Change it or take somebody out; or press “Propose” again to go on as it is.",
                ]
            ),
            icon=":material/warning:",
        )
        return
    except ChmError as error:
        faults.show(error, "Nothing was proposed")
        return
    st.session_state.pop(KNOWN, None)
    n = len(proposal.young_people)
    opened_record.changed(f"Proposed for {n} young {'person' if n == 1 else 'people'}; their workers are told.")
    st.rerun()
