"""The full form beside the matrix, and the checklist of the level reached; both save themselves."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import streamlit as st

from chm import planning
from chm.assessments import LINE_LENGTH
from chm.casework.desk import Desk
from chm.scoring import at_least
from chm.settings import today
from pages.parts import faults, markup, open_draft, wording
from pages.parts.open_draft import OpenDraft
from pages.parts.text import plain

SAID = {"not_known": "Not known", "yes": "Yes", "no": "No"}
NRM = {"not_known": "Not known", "not_referred": "Not referred", "referred": "Referred"}
EARLIEST = date(2000, 1, 1)


@st.fragment
@faults.plainly
def form(desk: Desk) -> None:
    """Everything the form asks beside the thirteen rows; each answer is stored as it is given."""
    draft = open_draft.current()
    if draft is None:
        st.rerun()
    if draft.theirs:
        st.caption("Choose above whose answers stand; the form opens again then.")
        return
    framework, said = draft.framework, draft.answers.form
    areas = {a.id: a for a in framework.form_areas}
    parts: dict[str, Any] = {}
    merged = draft.merged

    def key(field: str) -> str:
        return f"form-{field}-{draft.stored.id}-{merged}"  # New once answers came together, else the old ones stay.

    def prompt(area: str) -> str:
        return "\n".join(f"- {plain(s.text)}" for s in areas[area].contains)

    def note(field: str, label: str, height: int = 90, **more: Any) -> None:
        parts[field] = st.text_area(label, value=getattr(said, field), height=height, key=key(field), **more)

    def answer(field: str, label: str) -> str:
        parts[field] = st.radio(
            label,
            list(SAID),
            index=list(SAID).index(getattr(said, field)),
            format_func=SAID.__getitem__,
            horizontal=True,
            key=key(field),
        )
        return str(parts[field])

    assessed_on = st.date_input(
        "Assessed on",
        value=draft.assessed_on,
        min_value=EARLIEST,
        max_value=today(),
        format="DD/MM/YYYY",
        key=key("assessed-on"),
        width=180,
    )
    note("summary", areas["summary"].name, 120, help=prompt("summary"), placeholder=areas["summary"].prompt)
    _incidents(desk, draft, prompt("history"))
    note("services", areas["services"].name, help=prompt("services"), placeholder=areas["services"].prompt)

    st.header("National Referral Mechanism (NRM)", help=prompt("nrm"))
    nrm = said.nrm
    status = st.radio(
        "Referral",
        list(NRM),
        index=list(NRM).index(nrm.status),
        format_func=NRM.__getitem__,
        horizontal=True,
        key=key("nrm-status"),
    )
    parts["nrm"] = {**nrm.model_dump(), "status": status}
    if status == "referred":
        with st.container(horizontal=True):
            by = st.text_input("Referred by", nrm.referred_by, max_chars=LINE_LENGTH, key=key("nrm-by"))
            on = st.date_input(
                "Referred on",
                nrm.referred_on,
                min_value=EARLIEST,
                max_value=today(),
                format="DD/MM/YYYY",
                key=key("nrm-on"),
            )
            outcomes = ["", *(o["name"] for o in framework.pathway["nrm"].outcomes)]
            if nrm.outcome and nrm.outcome not in outcomes:
                outcomes.append(nrm.outcome)
            outcome = st.selectbox(
                "Outcome", outcomes, index=outcomes.index(nrm.outcome), accept_new_options=True, key=key("nrm-outcome")
            )
        parts["nrm"] |= {"referred_by": by, "referred_on": on, "outcome": (outcome or "")[:LINE_LENGTH]}

    st.header("Contexts and relationships")
    contexts = {d.id: d.name for d in framework.axis_domains("context")}
    parts["influential_contexts"] = st.pills(
        "Which contexts have most influence?",
        list(contexts),
        selection_mode="multi",
        default=list(said.influential_contexts),
        format_func=contexts.__getitem__,
        key=key("contexts"),
        help="\n".join(f"- {plain(s.text)}" for s in framework.weighting),
    )
    note("influence_why", "Why these?", 72)
    parts["trusted_professional"] = st.text_input(
        "Trusted professional: whom do they trust most?",
        said.trusted_professional,
        max_chars=LINE_LENGTH,
        key=key("trusted"),
    )
    note("young_person_says", "What the young person says")
    note("family_says", "What the family says")

    st.header("Who is already involved")
    with st.container(horizontal=True, gap="large"):
        open_to = answer("childrens_services", "Open to Children's Services?")
        answer("youth_justice", "Open to Youth Justice?")
        answer("parents_act", "Are parents acting on the risk?")
    if open_to == "yes":
        parts["social_worker"] = st.text_input(
            "Allocated social worker", said.social_worker, max_chars=LINE_LENGTH, key=key("worker")
        )

    draft.change(form={**said.model_dump(), **parts})
    draft.assessed_on = assessed_on
    draft.save(desk)
    wording.prompt(*(v for v in parts.values() if isinstance(v, str)))
    markup.show("saved", complete=True, saved_at=draft.saved_at, trouble=draft.trouble)
    if draft.merged != merged:
        st.rerun()


def _incidents(desk: Desk, draft: OpenDraft, prompt: str) -> None:
    said = draft.answers.form
    st.header(f"Historical incidents · {len(said.incidents)}", help=prompt)
    for incident in sorted(said.incidents, key=lambda i: i.on, reverse=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch"):
                markup.show("incident_row", incident=incident)
            if st.button("Remove", key=f"remove-{incident.id}", type="tertiary"):
                kept = [i.model_dump() for i in said.incidents if i.id != incident.id]
                draft.change(form={**said.model_dump(), "incidents": kept})
                draft.save(desk)
                st.rerun()
    with (
        st.form("incident", clear_on_submit=True, border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        on = st.date_input("Date", value=None, min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY", width=150)
        what = st.text_input("What happened", max_chars=2000)
        agency = st.selectbox("Source", draft.framework.local["agencies"], width=210)
        if st.form_submit_button("Add incident"):
            if not on or not what.strip():
                st.error("Give the date and what happened; nothing was added.")
                return
            new = {"id": f"H-{uuid4().hex[:10]}", "on": on, "what": what, "agency": agency}
            draft.change(form={**said.model_dump(), "incidents": [*(i.model_dump() for i in said.incidents), new]})
            draft.save(desk)
            st.rerun()


@st.fragment
@faults.plainly
def checklist(desk: Desk) -> None:
    """What the level reached asks for, with pathways raised, each with why and source."""
    draft = open_draft.current()
    if draft is None:
        st.rerun()
    framework, score, said = draft.framework, draft.score(), draft.answers.form
    level = draft.answers.form.judged_level or score.highest_band or at_least(score) or "none"
    response = framework.responses[level]  # type: ignore[index]
    st.header(f"{framework.level[level].band_name}: {response.response}")
    st.markdown(f"**{framework.immediate_danger.text}.** {plain(response.review_text)}")
    done: list[str] = []
    shown: list[str] = []
    for check in planning.checklist(framework, level, draft.answers, score):
        if check.applies is False:
            continue
        condition = check.why or (f"If: {check.when[0].lower()}{check.when[1:]}" if check.when else "")
        small = f" :small[{plain(condition)}]" if condition else ""
        label = plain(check.text) + (" **Must.**" if check.must else "") + small
        help = plain(" · ".join(filter(None, [check.note, check.source])))
        shown.append(check.id)
        if st.checkbox(
            label, value=check.id in said.checklist, key=f"check-{check.id}-{draft.stored.id}-{draft.merged}", help=help
        ):
            done.append(check.id)
    others = [id for id in said.checklist if id not in shown]  # Those of another level keep their ticks.
    draft.change(form={**said.model_dump(), "checklist": [*others, *done]})
    merged = draft.merged
    draft.save(desk)
    if draft.merged != merged:
        st.rerun()
    markup.show("saved", complete=True, saved_at=draft.saved_at, trouble=draft.trouble)
    partners = [p for p in framework.partners if p.id in response.partners]
    if partners:
        st.header("Partners to involve at least")
        st.markdown("\n".join(f"- {plain(p.detail)}" for p in partners))
    raised = planning.prompts(framework, score, draft.answers, draft.age, draft.person.looked_after)
    if raised:
        st.header("Raised by what is ticked")
        markup.show("pathways", prompts=raised)
