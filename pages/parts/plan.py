"""What to do next: recommended steps, the plan, and the safety plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import streamlit as st

from chm import planning
from chm.casework import documents, frameworks, plans
from chm.casework.desk import Desk
from chm.casework.people import Record
from chm.casework.plans import KINDS
from chm.errors import ChmError
from chm.framework import PILLARS, Framework
from chm.planning import Prompt, Recommendation
from chm.records import Action, ActionStatus, Role, SafetyPlan
from pages.parts import faults, markup, opened_record
from pages.parts.profile import DOCX
from pages.parts.text import plain

STATUS = {"open": "Open", "under_way": "Under way", "done": "Done", "dropped": "Dropped"}


def urgent(record: Record) -> None:
    """What cannot wait, from the latest assessment."""
    for prompt in [p for p in _raised(record) if p.urgent]:
        markup.show("urgent", prompt=prompt)


def _pathways(record: Record) -> None:
    rest = [p for p in _raised(record) if not p.urgent]
    if rest:
        with st.expander(f"Pathways raised: {plain(', '.join(p.title for p in rest))}", type="compact"):
            markup.show("pathways", prompts=rest)


def _raised(record: Record) -> tuple[Prompt, ...]:
    latest, person = record.assessments[-1], record.young_person
    framework = frameworks.known(latest.framework, latest.framework_version)
    return planning.prompts(framework, latest.score, latest.answers, person.age_at(date.today()), person.looked_after)


def gaps(record: Record) -> None:
    """Each Significant or Moderate domain that no action answers."""
    latest = record.assessments[-1]
    framework = frameworks.known(latest.framework, latest.framework_version)
    cover = planning.coverage(framework, latest.score, record.actions)
    if cover.total:
        rows = [(framework.domain[g.domain].name, g.level, framework.level[g.level].name) for g in cover.gaps]
        markup.show("gaps", cover=cover, gaps=rows)


@st.fragment
def next_steps(desk: Desk, record: Record) -> None:
    """Recommended, in the plan, gaps, safety plan."""
    latest = record.assessments[-1]
    framework = frameworks.known(latest.framework, latest.framework_version)
    live = [a for a in record.actions if a.status in (ActionStatus.OPEN, ActionStatus.UNDER_WAY)]
    advice = planning.recommend(
        framework,
        latest.score,
        latest.answers,
        judged=latest.judgement.level,
        age=record.young_person.age_at(date.today()),
        looked_after=record.young_person.looked_after,
        in_plan=[a.step for a in record.actions if a.step and a.status != ActionStatus.DROPPED],
    )
    may_plan = Role.CHAIR not in desk.user.roles
    markup.show("heading", text="What to do next")
    _pathways(record)
    names = [f"Recommended · {len(advice.first)} of {len(advice.all)}", f"In the plan · {len(live)}", "Safety plan"]
    recommended, planned, safety = st.tabs(names, key="next_steps")
    with recommended:
        _recommended(desk, record, framework, advice.first, may_plan)
        if advice.rest:
            with st.expander(f"{len(advice.rest)} more", type="compact"):
                _recommended(desk, record, framework, advice.rest, may_plan)
    with planned:
        _planned(desk, record, may_plan)
    with safety:
        _safety_plan(desk, record, may_plan)


def _recommended(
    desk: Desk, record: Record, framework: Framework, steps: Sequence[Recommendation], may_plan: bool
) -> None:
    for n, step in enumerate(steps):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(width="stretch"):
                markup.show("step_row", step=step, head=n == 0 or steps[n - 1].pillar != step.pillar)
            if step.in_plan:
                st.button("In plan", key=f"step-{step.step}", icon=":material/check:", type="tertiary", disabled=True)
            elif may_plan and st.button(
                "Add", key=f"step-{step.step}", icon=":material/add:", help=plain(f"Add to the plan: {step.text}")
            ):
                _edit(desk, record, _from_step(record, step))


def _from_step(record: Record, step: Recommendation) -> Action:
    return Action(
        id="",
        young_person=record.young_person.id,
        target=f"young_person:{record.young_person.id}",
        pillar=step.pillar,
        text=step.text,
        owner_agency="",
        owner_person="",
        due=date.today() + timedelta(days=14),
        domain=step.domain,
        step=step.step,
        why=f"{step.reason}. {step.source}",
    )


def _planned(desk: Desk, record: Record, may_plan: bool) -> None:
    order = {"open": 0, "under_way": 0, "done": 1, "dropped": 2}
    for action in sorted(record.actions, key=lambda a: (order[a.status], a.due or date.max)):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(width="stretch"):
                ended = action.status in (ActionStatus.DONE, ActionStatus.DROPPED)
                late = (date.today() - action.due).days if action.due and not ended else 0
                markup.show("action_row", action=action, status=STATUS[action.status], ended=ended, late=late)
            if may_plan and not ended:
                st.button("Done", key=f"done-{action.id}", on_click=partial(_done, desk, action))
            if may_plan and st.button("Edit", key=f"edit-{action.id}", type="tertiary"):
                _edit(desk, record, action)
    if not record.actions:
        st.caption("Nothing is planned yet. Add a recommended step, or one of your own.")
    if may_plan and st.button("An action of your own", icon=":material/add:"):
        new = Action(
            "",
            record.young_person.id,
            f"young_person:{record.young_person.id}",
            "identify",
            "",
            "",
            "",
            date.today() + timedelta(days=14),
        )
        _edit(desk, record, new)


def _done(desk: Desk, action: Action) -> None:
    try:
        plans.set_status(desk, action.young_person, action, ActionStatus.DONE)
    except ChmError as error:
        opened_record.changed(str(error))
    else:
        opened_record.changed("Done.")


@st.dialog("Action", width="medium")
def _edit(desk: Desk, record: Record, action: Action) -> None:
    framework = frameworks.current()
    agencies = framework.local["agencies"]
    if action.step:
        _eligibility(framework, record, action)
    text = st.text_area("What will be done", action.text, height=90, max_chars=20_000)
    with st.container(horizontal=True):
        pillar = st.selectbox("Pillar", PILLARS, index=PILLARS.index(action.pillar), format_func=str.capitalize)  # type: ignore[arg-type]
        domains = [None, *framework.domain]
        domain = st.selectbox(
            "Domain it answers",
            domains,
            index=domains.index(action.domain) if action.domain in domains else 0,
            format_func=lambda d: framework.domain[d].name if d else "None in particular",
        )
    with st.container(horizontal=True):
        kind_now, _, id_now = action.target.partition(":")
        kind = st.selectbox(
            "Acts on",
            KINDS,
            index=KINDS.index(kind_now) if kind_now in KINDS else 0,
            format_func=lambda k: k.replace("_", " ").capitalize(),
        )
        target = st.text_input(
            "Which", id_now, max_chars=180, help="For example the name of the place, or the number plate"
        )
    with st.container(horizontal=True):
        agency = st.selectbox(
            "Owner: agency",
            agencies,
            index=agencies.index(action.owner_agency) if action.owner_agency in agencies else 0,
            help="The young person or a parent may own an action too",
        )
        person = st.text_input("Owner: person", action.owner_person, max_chars=200)
        due = st.date_input("Due", action.due, min_value=date(2000, 1, 1), format="DD/MM/YYYY")
        status = st.selectbox(
            "Status", list(STATUS), index=list(STATUS).index(action.status), format_func=STATUS.__getitem__
        )
    if not st.button("Save action", type="primary", shortcut="Ctrl+Enter"):
        return
    fields = {
        "target": f"{kind}:{target.strip()}",
        "pillar": pillar,
        "text": text,
        "owner_agency": agency,
        "owner_person": person,
        "due": due,
        "status": ActionStatus(status),
        "domain": domain,
    }
    try:
        if action.id:
            plans.edit_action(desk, record.young_person.id, replace(action, **fields))
        else:
            plans.add_action(desk, record.young_person.id, **fields, step=action.step, why=action.why)
    except ChmError as error:
        faults.show(error, "The action is not saved")
        return
    opened_record.changed("Action saved.")
    st.rerun()


def _eligibility(framework: Framework, record: Record, action: Action) -> None:
    latest = record.assessments[-1]
    everything = planning.recommend(
        framework, latest.score, latest.answers, judged=latest.judgement.level,
        age=record.young_person.age_at(date.today()), looked_after=record.young_person.looked_after,
    ).all  # fmt: skip
    for step in everything:
        if step.step == action.step and step.eligibility:
            (st.warning if step.eligible is False else st.info)(plain(step.eligibility))


def _safety_plan(desk: Desk, record: Record, may_plan: bool) -> None:
    kept = record.safety_plan or SafetyPlan(record.young_person.id)
    with st.form("safety_plan", border=False):
        st.caption("In the young person’s own words.")
        triggers = st.text_area("What tells me things are going wrong", kept.triggers, height=72, max_chars=20_000)
        code_words = st.text_input("Our code words", kept.code_words, max_chars=2_000)
        safe_adults = st.text_area("Adults I trust", kept.safe_adults, height=72, max_chars=20_000)
        ways_out = st.text_area("Ways out", kept.ways_out, height=72, max_chars=20_000)
        numbers = st.text_area("Numbers I can call", kept.numbers, height=72, max_chars=20_000)
        family = st.radio(
            "May the family have a copy?",
            (True, False),
            index=0 if kept.family_copy else 1,
            horizontal=True,
            format_func={True: "Yes", False: "No: family may be a source of harm"}.__getitem__,
        )
        if st.form_submit_button("Save safety plan", type="primary", disabled=not may_plan):
            new = replace(
                kept,
                triggers=triggers,
                code_words=code_words,
                safe_adults=safe_adults,
                ways_out=ways_out,
                numbers=numbers,
                family_copy=family,
            )
            try:
                plans.save_safety_plan(desk, record.young_person.id, new)
            except ChmError as error:
                faults.show(error, "The safety plan is not saved")
            else:
                opened_record.changed("Safety plan saved.")
                st.rerun()
    if record.safety_plan and may_plan and st.button("A copy to take away", icon=":material/description:"):
        _copy(desk, record, record.safety_plan)


@st.dialog("A copy of the safety plan")
def _copy(desk: Desk, record: Record, kept: SafetyPlan) -> None:
    readers = ("The young person", "The family")
    reader = st.radio("For whom?", readers, horizontal=True)
    if reader == readers[1] and not kept.family_copy:
        st.error(
            "No copy for the family: it may be a source of harm. Change that in the safety plan if it is no longer so."
        )
        return
    if st.button("Make the copy", type="primary"):
        try:
            made = documents.safety_plan(desk, record.young_person.id, for_family=reader == readers[1])
        except ChmError as error:
            faults.show(error, "The copy was not made")
            return
        st.download_button("Save the copy", made.data, made.name, DOCX, icon=":material/download:", on_click="ignore")
