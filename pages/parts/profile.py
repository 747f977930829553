"""Where a young person stands: three totals, judgement, review, and each domain as a share of its most."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from chm.access import Permission
from chm.casework import documents, frameworks, people
from chm.casework.desk import Desk
from chm.casework.people import Record
from chm.errors import ChmError, Conflict
from chm.scoring import judged_below
from chm.settings import today
from pages.parts import downloads, faults, markup, navigation, open_draft, opened_record, score_panel, why

EARLIEST = date(1900, 1, 1)
CARE = {None: "Not known", True: "Yes", False: "No"}


def buttons(desk: Desk, record: Record) -> None:
    """What can be done with the whole record."""
    if (
        record.assessments
        and Permission.EXPORT_CHILD in record.may
        and st.button("Word document", icon=":material/description:")
    ):
        _document(desk, record)
    if Permission.SCORE in record.may:
        label = "Go on scoring" if record.draft else "Score again" if record.assessments else "Score"
        if st.button(label, icon=":material/checklist:", type="primary"):
            try:
                open_draft.begin(desk, record.young_person.id)
            except ChmError as error:
                faults.show(error, "The draft cannot be opened")
            else:
                opened_record.changed("")
                st.session_state.pop(opened_record.NEWS)
                navigation.go(navigation.SCORE)
    st.button("Close", icon=":material/close:", on_click=opened_record.close)


@st.dialog("Word document")
@faults.plainly
def _document(desk: Desk, record: Record) -> None:
    by_id = {a.id: a for a in reversed(record.assessments)}
    chosen = st.selectbox("Assessment", list(by_id), format_func=lambda id: markup.day(by_id[id].assessed_on))
    st.caption("Official-sensitive: it names the young person and holds evidence. Making it is noted in the audit.")
    if st.button("Make the document", type="primary"):
        try:
            made = documents.assessment(desk, record.young_person.id, chosen)
        except ChmError as error:
            faults.show(error, "The document was not made")
            return
        make = partial(documents.assessment, young_person=record.young_person.id, assessment_id=chosen)
        downloads.save(desk, "Save the document", made, make, key="document-save")


def details(desk: Desk, record: Record) -> None:
    """The way to put right what the record says of the young person themselves."""
    if Permission.ADD_CHILD in record.may and st.button(
        "Correct details", icon=":material/edit:", width="stretch", on_click=opened_record.put_menu_away
    ):
        _details(desk, record)


@st.dialog("Correct details")
@faults.plainly
def _details(desk: Desk, record: Record) -> None:
    person = record.young_person
    key = f"{person.id}-{person.version}"
    st.markdown(
        "How long the record is kept follows from all but the borough. What was changed is noted, not what stood there."
    )
    home = st.text_input("Home borough", person.home_borough, max_chars=200, key=f"home-{key}")
    born = st.date_input(
        "Date of birth", person.born, min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY", key=f"born-{key}"
    )
    care = st.radio(
        "In care (looked after)?", list(CARE), index=list(CARE).index(person.looked_after),
        format_func=CARE.__getitem__, horizontal=True, key=f"care-{key}",
    )  # fmt: skip
    # A day that is the default cannot be cleared.
    st.session_state.setdefault(f"died-{key}", person.died_on)
    died = st.date_input(
        "Date of death, if they have died", None, min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY",
        key=f"died-{key}",
    )  # fmt: skip
    if not st.button("Save details", type="primary"):
        return
    try:
        people.correct(desk, person.id, person, born=born, looked_after=care, died_on=died, home_borough=home)
    except Conflict as error:
        opened_record.failed(error)
        st.rerun()
    except ChmError as error:
        faults.show(error, "Nothing was changed")
        return
    opened_record.changed("Corrected.")
    st.rerun()


def standing(record: Record) -> None:
    """The latest assessment in one strip; every number answers why."""
    latest = record.assessments[-1]
    framework = frameworks.known(latest.framework, latest.framework_version)
    score = latest.score
    with st.container(key="standing", horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            markup.show(
                "standing",
                totals=score_panel.totals_in_words(framework, score),
                latest=latest,
                judged=framework.level[latest.judgement.level].band_name,
                response=framework.responses[latest.judgement.level].response,
                computed=framework.responses[score.highest_band].response
                if judged_below(score, latest.judgement.level)
                else None,
                late=(today() - latest.review_by).days if latest.review_by else None,
                significant=[framework.domain[d].name for d in score.significant],
            )
        if st.button("Why?", icon=":material/help:", type="tertiary", help="Why these totals?"):
            why.totals(framework, latest.answers, score)
    other = [f for f in score.flags if f.code != "significant_domain"]
    markup.show("flags_line", flags=other, reason=latest.judgement.reason)


def domains(record: Record) -> None:
    """Each domain's score as a share of its own most, so that weights do not mislead."""
    latest = record.assessments[-1]
    framework = frameworks.known(latest.framework, latest.framework_version)
    points = {p.domain: p for p in latest.score.points}
    axes = [
        {
            "name": axis["name"],
            "rows": sorted(
                (
                    {
                        "name": d.name,
                        "level": points[d.id].level,
                        "word": framework.level[points[d.id].level].name,
                        "score": points[d.id].score,
                        "most": framework.points[d.id]["significant"].score,
                        "inferred": points[d.id].inferred,
                        "source": points[d.id].source,
                    }
                    for d in framework.axis_domains(axis["id"])
                ),
                key=lambda row: -row["score"] / row["most"],
            ),
        }
        for axis in framework.axes[:2]
    ]
    markup.show("profile", axes=axes)
