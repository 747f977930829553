"""How things came about: totals over time, what happened when, what changed, and adding to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from chm import planning
from chm.access import Permission
from chm.assessments import Assessment
from chm.casework import frameworks, people
from chm.casework.desk import Desk
from chm.casework.people import Record
from chm.errors import ChmError
from chm.figures import palette
from chm.figures.timeline import timeline as timeline_figure
from chm.figures.trend import trend as trend_figure
from chm.settings import today
from pages.parts import faults, markup, opened_record, score_panel, why

KINDS = (
    "Missing episode", "Assault or violence", "Found with items", "Online contact", "Exclusion", "Hospital attendance",
    "Arrest or police contact", "Sighting", "Other",
)  # fmt: skip
EARLIEST = date(2000, 1, 1)


def begin(desk: Desk, record: Record) -> None:
    """The page of somebody never assessed."""
    next = (
        " “Score” above begins one; referrals and incidents can be added now." if Permission.SCORE in record.may else ""
    )
    st.info(f"No assessment is recorded yet.{next}", icon=":material/info:")
    if record.referrals or record.incidents:
        timeline(record)
    add_to(desk, record)


def colours() -> palette.Palette:
    """The palette of the theme that is shown."""
    return palette.DARK if st.context.theme.type == "dark" else palette.LIGHT


def _chart(figure: Any, key: str) -> None:
    st.plotly_chart(figure, theme=None, key=key, config={"displayModeBar": False}, alt=figure.layout.meta["alt"])


def trend(record: Record) -> None:
    """Three totals over time with the bands behind."""
    n = len(record.assessments)
    markup.show("heading", text="Three totals" if n == 1 else f"Three totals over {n} assessments")
    latest = record.assessments[-1]
    framework = frameworks.known(latest.framework, latest.framework_version)
    _chart(trend_figure(framework, record.assessments, colours()), "trend")


def timeline(record: Record) -> None:
    """Assessments, referrals, incidents and missing episodes in time, and the review due."""
    markup.show("heading", text="What happened")
    due = record.assessments[-1].review_by if record.assessments else None
    _chart(
        timeline_figure(record.assessments, record.referrals, record.incidents, due, today(), colours()),
        "timeline",
    )


def changes(record: Record) -> None:
    """Domain by domain, what changed since the assessment before."""
    if len(record.assessments) < 2:
        return
    before, after = record.assessments[-2:]
    moved = _moved(before, after)
    markup.show("changes", since=before.assessed_on, moved=moved, same=len(after.answers.levels) - len(moved))


def history(record: Record) -> None:
    """Every assessment, newest first: totals, judgement, what changed since the one before, and why."""
    with st.expander(f"Assessments · {len(record.assessments)}", type="compact"):
        before = dict(zip([a.id for a in record.assessments[1:]], record.assessments, strict=False))
        for assessment in reversed(record.assessments):
            framework = frameworks.known(assessment.framework, assessment.framework_version)
            with st.container(horizontal=True, vertical_alignment="center", wrap=False):
                with st.container(width="stretch"):
                    earlier = before.get(assessment.id)
                    markup.show(
                        "past_assessment",
                        assessment=assessment,
                        names={v.id: v.band_name for v in framework.levels},
                        totals=score_panel.totals_in_words(framework, assessment.score),
                        moved=_moved(earlier, assessment) if earlier else None,
                    )
                if st.button("Why?", key=f"why-{assessment.id}", type="tertiary", icon=":material/help:"):
                    why.totals(framework, assessment.answers, assessment.score)


def _moved(before: Assessment, after: Assessment) -> list[tuple[str, str, str, bool]]:
    framework = frameworks.known(after.framework, after.framework_version)
    return [
        (framework.domain[c.domain].name, framework.level[c.before].name, framework.level[c.after].name, c.more)
        for c in planning.changes(before, after)
        if c.domain in framework.domain
    ]


def add_to(desk: Desk, record: Record) -> None:
    """Read the referrals and incidents there are, and add one."""
    if Permission.PLAN not in record.may:
        return
    agencies = frameworks.current().local["agencies"]
    with st.expander(f"Referrals · {len(record.referrals)} and incidents · {len(record.incidents)}", type="compact"):
        markup.show("history", referrals=list(reversed(record.referrals)), incidents=list(reversed(record.incidents)))
        if Permission.SCORE not in record.may:
            return
        referral, incident = st.columns(2, gap="medium")
        with referral, st.form("add_referral", clear_on_submit=True):
            on = st.date_input("Referred on", value=None, min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY")
            agency = st.selectbox("By", agencies)
            reason = st.text_area("Why", height=72)
            outcome = st.text_input("What followed")
            if st.form_submit_button("Add referral"):
                _try(
                    on,
                    lambda: people.add_referral(
                        desk, record.young_person.id, on=on, agency=agency, reason=reason, outcome=outcome
                    ),
                    "Referral added.",
                )
        with incident, st.form("add_incident", clear_on_submit=True):
            day = st.date_input("Date", value=None, min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY")
            kind = st.selectbox("Kind", KINDS)
            what = st.text_area("What happened", height=72)
            source = st.selectbox("Source", agencies)
            if st.form_submit_button("Add incident"):
                _try(
                    day,
                    lambda: people.add_incident(
                        desk, record.young_person.id, on=day, kind=kind, what=what, agency=source
                    ),
                    "Incident added.",
                )


def _try(day: date | None, store: Any, news: str) -> None:
    if day is None:
        st.error("Give the date; nothing was added.")
        return
    try:
        store()
    except ChmError as error:
        faults.show(error, "Nothing was added")
        return
    opened_record.changed(news)
    st.rerun()
