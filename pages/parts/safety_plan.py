"""A safety plan in the young person's own words, and a copy to take away."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from chm.casework import documents, people, plans
from chm.casework.desk import Desk
from chm.casework.people import Record
from chm.errors import ChmError, Conflict
from chm.records import SafetyPlan
from pages.parts import downloads, faults, opened_record
from pages.parts.text import plain

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FAMILY = {False: "No: family may be a source of harm, or it is not known", True: "Yes"}
PARTS = {
    "triggers": "What tells me things are going wrong",
    "code_words": "Our code words",
    "safe_adults": "Adults I trust",
    "ways_out": "Ways out",
    "numbers": "Numbers I can call",
}


def form(desk: Desk, record: Record, may_plan: bool) -> None:
    """Write the plan, and make copies of it."""
    kept = record.safety_plan or SafetyPlan(record.young_person.id)
    if record.assessments[-1].answers.levels.get("family") == "significant":
        st.warning("Family is Significant in the latest assessment: think before a copy goes to the family.")
    with st.form("safety_plan", border=False):
        st.caption("In the young person’s own words.")
        said = {
            part: st.text_area(label, getattr(kept, part), height=72, key=f"safety-{part}-{kept.young_person}")
            for part, label in PARTS.items()
        }
        family = st.radio(
            "May the family have a copy?", list(FAMILY), index=int(kept.family_copy), format_func=FAMILY.__getitem__
        )
        if st.form_submit_button("Save safety plan", type="primary", disabled=not may_plan):
            _save(desk, record, replace(kept, **said, family_copy=family))
    if record.safety_plan and may_plan and st.button("A copy to take away", icon=":material/description:"):
        _copy(desk, record, record.safety_plan)


def _save(desk: Desk, record: Record, plan: SafetyPlan) -> None:
    read = st.session_state.get("safety_read")
    version = read.version if read and read.young_person == plan.young_person else plan.version
    try:
        plans.save_safety_plan(desk, record.young_person.id, replace(plan, version=version))
    except Conflict:
        now = people.record_of(desk, record.young_person.id).safety_plan or SafetyPlan(record.young_person.id)
        st.session_state["safety_read"] = now
        theirs = "\n".join(f"- {label}: {plain(getattr(now, part)) or 'nothing'}" for part, label in PARTS.items())
        st.warning(
            f"Somebody else changed this plan meanwhile to:\n\n{theirs}\n\nSave again to put yours in its place."
        )
        return
    except ChmError as error:
        faults.show(error, "The safety plan is not saved")
        return
    st.session_state.pop("safety_read", None)
    opened_record.changed("Safety plan saved.")
    st.rerun()


@st.dialog("A copy of the safety plan")
@faults.plainly
def _copy(desk: Desk, record: Record, kept: SafetyPlan) -> None:
    readers = ("The young person", "The family")
    reader = st.radio("For whom?", readers, horizontal=True)
    if reader == readers[1] and not kept.family_copy:
        st.error("No copy for the family: it may be a source of harm. Change that in the plan if it is no longer so.")
        return
    if st.button("Make the copy", type="primary"):
        try:
            made = documents.safety_plan(desk, record.young_person.id, for_family=reader == readers[1])
        except ChmError as error:
            faults.show(error, "The copy was not made")
            return
        make = partial(documents.safety_plan, young_person=record.young_person.id, for_family=reader == readers[1])
        downloads.save(desk, "Save the copy", made, make, key="safety-save")
