"""The judgement: a person decides the overall level, with a reason, beside what was computed."""

from __future__ import annotations

import streamlit as st

from chm.assessments import Judgement, plain_text
from chm.casework import assessments
from chm.casework.desk import Desk
from chm.errors import ChmError, Conflict, Faults
from chm.framework import LEVELS
from chm.scoring import judged_below, review_by
from pages.parts import faults, markup, navigation, open_draft, opened_record, why, wording
from pages.parts.open_draft import OpenDraft


@st.fragment
@faults.plainly
def judgement(desk: Desk) -> None:
    """Ask for the level and its reason, and record the assessment."""
    draft = open_draft.current()
    if draft is None:
        st.rerun()
    score = draft.score()
    if not score.complete:
        _why(draft)
        markup.show("saved", complete=False, saved_at=draft.saved_at, trouble=draft.trouble)
        return
    _ask(desk, draft)
    with st.container(horizontal=True, vertical_alignment="center"):
        recorded = st.button(
            "Record assessment",
            type="primary",
            shortcut="Ctrl+Enter",
            disabled=draft.theirs is not None or draft.gone,
        )
        _why(draft)
    markup.show("saved", complete=True, saved_at=draft.saved_at, trouble=draft.trouble)
    if recorded:
        _record(desk, draft)


def _why(draft: OpenDraft) -> None:
    if st.button("Why these totals?", type="tertiary", icon=":material/help:"):
        why.totals(draft.framework, draft.answers, draft.score())


def _ask(desk: Desk, draft: OpenDraft) -> None:
    framework = draft.framework
    names = {level: framework.level[level].name for level in LEVELS}
    said, id = draft.answers.form, f"{draft.stored.id}-{draft.merged}"
    level = st.segmented_control(
        "Your judgement of the overall level",
        LEVELS,
        default=said.judged_level if said.judged_level in LEVELS else None,
        format_func=names.__getitem__,
        width="stretch",
        key=f"judged-level-{id}",
        disabled=draft.theirs is not None,
        required=True,
        help="It stands above the computed band, with your reason, and sets the response and the review.",
    )
    reason = st.text_area(
        "Your reason",
        said.judged_reason,
        key=f"judged-reason-{id}",
        height=72,
        placeholder="Your reason, in a sentence or two",
        disabled=draft.theirs is not None,
        label_visibility="collapsed",
    )
    wording.prompt(reason)
    draft.change(form={**said.model_dump(), "judged_level": level or "", "judged_reason": reason})
    merged = draft.merged
    draft.save(desk)
    if draft.merged != merged:
        st.rerun()
    if level:
        _consequence(draft, level)
    if draft.faults:
        faults.show(Faults(draft.faults), "The assessment is not recorded yet")


def _consequence(draft: OpenDraft, level: str) -> None:
    framework, score = draft.framework, draft.score()
    judged = framework.responses[level]  # type: ignore[index]
    review = review_by(framework, score, level, draft.assessed_on)
    below = judged_below(score, level)
    computed = framework.responses[score.highest_band] if below else None  # type: ignore[index]
    names = {v.id: v.band_name for v in framework.levels}
    markup.show(
        "consequence",
        judged=judged.response,
        review=review,
        computed=computed.response if computed else None,
        computed_band=names.get(score.highest_band or ""),
        significant=[framework.domain[d].name for d in score.significant] if level == "none" else [],
    )


def _record(desk: Desk, draft: OpenDraft) -> None:
    level, reason = draft.answers.form.judged_level, draft.answers.form.judged_reason
    merged = draft.merged
    draft.save(desk)
    if draft.merged != merged or draft.theirs or draft.gone or draft.trouble:
        draft.faults = [draft.trouble or "Somebody else changed this draft: look at their change, then record"]
        st.rerun()
    asked = (("Choose a level", level), ("Write your reason", plain_text(reason)))
    draft.faults = [fault for fault, there in asked if not there]
    if draft.faults:
        st.rerun()
    try:
        done = assessments.record(desk, draft.person.id, draft.stored, Judgement(level=level or "", reason=reason))
    except Conflict:
        draft.settle(desk)
        draft.faults = ["Somebody else changed this draft: look at their change, then record"]
        st.rerun()
    except ChmError as error:
        draft.faults = error.faults if isinstance(error, Faults) else [str(error)]
        # A row whose level needs a reason opens by itself.
        waiting = [d for d in draft.framework.domain for f in draft.faults if f.startswith(f"reasons.{d}:")]
        draft.opened = waiting[0] if waiting else draft.opened
        st.rerun()
    open_draft.leave()
    opened_record.choose(done.young_person)
    opened_record.changed("Assessment recorded.")
    navigation.go(navigation.YOUNG_PERSON)
