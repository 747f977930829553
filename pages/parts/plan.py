"""What to do next: what cannot wait, gaps, recommended steps and the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from chm import planning
from chm.access import Permission
from chm.casework import frameworks, plans
from chm.casework.desk import Desk
from chm.casework.people import Record
from chm.errors import ChmError
from chm.planning import Prompt, Recommendation
from chm.records import Action, ActionStatus
from chm.settings import today
from pages.parts import action_form, faults, markup, opened_record, safety_plan
from pages.parts.text import plain


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
    return planning.prompts(framework, latest.score, latest.answers, person.age_at(today()), person.looked_after)


def gaps(record: Record) -> None:
    """Each Significant or Moderate domain that no action answers."""
    latest = record.assessments[-1]
    framework = frameworks.known(latest.framework, latest.framework_version)
    cover = planning.coverage(framework, latest.score, [*record.actions, *(a.action for a in record.agreed)])
    if cover.total:
        rows = [(framework.domain[g.domain].name, g.level, framework.level[g.level].name) for g in cover.gaps]
        markup.show("gaps", cover=cover, gaps=rows)


@st.fragment
@faults.plainly
def next_steps(desk: Desk, record: Record) -> None:
    """Recommended, in the plan, gaps, safety plan."""
    latest = record.assessments[-1]
    framework = frameworks.known(latest.framework, latest.framework_version)
    every = [*record.actions, *(a.action for a in record.agreed)]
    live = [a for a in every if a.status in (ActionStatus.OPEN, ActionStatus.UNDER_WAY)]
    advice = planning.recommend(
        framework,
        latest.score,
        latest.answers,
        judged=latest.judgement.level,
        age=record.young_person.age_at(today()),
        looked_after=record.young_person.looked_after,
        in_plan=[a.step for a in every if a.step and a.status != ActionStatus.DROPPED],
    )
    may_plan = Permission.PLAN in record.may
    markup.show("heading", text="What to do next")
    _pathways(record)
    names = [f"Recommended · {len(advice.first)} of {len(advice.all)}", f"In the plan · {len(live)}", "Safety plan"]
    recommended, planned, safety = st.tabs(names, key="next_steps")
    with recommended:
        _recommended(desk, record, advice.first, may_plan)
        if advice.rest:
            with st.expander(f"{len(advice.rest)} more", type="compact"):
                _recommended(desk, record, advice.rest, may_plan)
    with planned:
        _planned(desk, record, may_plan)
    with safety:
        safety_plan.form(desk, record, may_plan)


def _recommended(desk: Desk, record: Record, steps: Sequence[Recommendation], may_plan: bool) -> None:
    for n, step in enumerate(steps):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(width="stretch"):
                markup.show("step_row", step=step, head=n == 0 or steps[n - 1].pillar != step.pillar)
            if step.in_plan:
                st.button("In plan", key=f"step-{step.step}", icon=":material/check:", type="tertiary", disabled=True)
            elif may_plan and st.button(
                "Add", key=f"step-{step.step}", icon=":material/add:", help=plain(f"Add to the plan: {step.text}")
            ):
                action_form.edit(desk, record, _from_step(record, step), step.eligibility, step.eligible)


def _from_step(record: Record, step: Recommendation) -> Action:
    return Action(
        id="",
        young_person=record.young_person.id,
        target=f"young_person:{record.young_person.id}",
        pillar=step.pillar,
        text=step.text,
        owner_agency="",
        owner_person="",
        due=today() + timedelta(days=14),
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
                late = (today() - action.due).days if action.due and not ended else 0
                markup.show(
                    "action_row", action=action, status=action_form.STATUS[action.status], ended=ended, late=late
                )
            if may_plan and not ended and st.button("Done", key=f"done-{action.id}"):
                _done(desk, action)
            if may_plan and st.button("Edit", key=f"edit-{action.id}", type="tertiary"):
                action_form.edit(desk, record, action)
    for agreed in record.agreed:
        ended = agreed.action.status in (ActionStatus.DONE, ActionStatus.DROPPED)
        late = (today() - agreed.action.due).days if agreed.action.due and not ended else 0
        status = f"Agreed at the meeting of {markup.day(agreed.on)}, {action_form.STATUS[agreed.action.status].lower()}"
        markup.show("action_row", action=agreed.action, status=status, ended=ended, late=late)
    if not record.actions and not record.agreed:
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
            today() + timedelta(days=14),
        )
        action_form.edit(desk, record, new)


def _done(desk: Desk, action: Action) -> None:
    try:
        plans.set_status(desk, action.young_person, action, ActionStatus.DONE)
    except ChmError as error:
        opened_record.failed(error)
    else:
        opened_record.changed("Done.")
    st.rerun()
