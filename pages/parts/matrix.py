"""The matrix on the Score page: the rows and the panel share one quick rerun, apart from everything else."""

from __future__ import annotations

from typing import Any

import streamlit as st

from chm import planning
from chm.casework.desk import Desk
from chm.scoring import Score
from pages.parts import evidence, faults, markup, matrix_form, open_draft, score_panel
from pages.parts.open_draft import OpenDraft


@st.fragment
@faults.plainly
def rows(desk: Desk) -> None:
    """The thirteen rows. An answer is shown, scored and stored in one rerun of this part alone."""
    draft = open_draft.current()
    if draft is None:
        st.rerun()
    score = draft.score()
    was_complete = len(draft.stored.answers.levels) == len(draft.framework.domains)
    judged = draft.answers.form.judged_level and draft.answers.levels != draft.stored.answers.levels
    shown = _state(draft)
    # The totals go out first and are drawn while the answer is stored; the rows already show what was chosen.
    told = matrix_form.matrix_form(_data(draft, score), said=_said)
    draft.save(desk)
    if isinstance(told.evidence, dict):
        evidence.add(desk, told.evidence.get("domain"), told.evidence.get("indicator"))
    if isinstance(told.remove, str):
        draft.change(evidence=[e.model_dump() for e in draft.answers.evidence if e.id != told.remove])
        draft.save(desk)
        st.rerun()
    if judged or score.complete != was_complete or _state(draft) != shown:
        st.rerun()


def _state(draft: OpenDraft) -> tuple[Any, ...]:
    """What the whole page is drawn anew for. The same trouble bears another reference each time, so not its words."""
    return draft.theirs, draft.gone, bool(draft.trouble), draft.news


def totals(draft: OpenDraft) -> None:
    """Draw the panel of totals."""
    score_panel.show(_panel(draft, draft.score()), draft.sequence)


def _panel(draft: OpenDraft, score: Score) -> str:
    raised = planning.prompts(draft.framework, score, draft.answers, draft.age, draft.person.looked_after)
    urgent = [{"title": p.title, "text": p.do[0].text, "contacts": p.contacts} for p in raised if p.urgent]
    return score_panel.markup_of(draft.framework, score, draft.assessed_on, urgent)


def _data(draft: OpenDraft, score: Score) -> dict[str, Any]:
    framework, answers = draft.framework, draft.answers
    shown = None
    if draft.opened in framework.domain:
        shown = matrix_form.detail(framework, draft.opened, answers, _raised(draft, score))
    said = answers.model_dump(mode="json", include={"levels", "ticks", "reasons", "directions"})
    return {
        "draft": draft.stored.id,
        "sequence": draft.sequence,
        "merged": draft.merged,
        "answers": said,
        "axes": matrix_form.axes(framework),
        "before": draft.last.answers.levels if draft.last else {},
        "before_on": markup.day(draft.last.assessed_on) if draft.last else None,
        "opened": draft.opened,
        "detail": shown,
        "readonly": draft.theirs is not None,
        "footnote": "Our reading: the printed number cannot be read.",
        "announce": score_panel.announcement(framework, score),
        "panel": _panel(draft, score),
        "next": score_panel.next_totals(framework, answers.levels, draft.assessed_on),
    }


def _raised(draft: OpenDraft, score: Score) -> list[dict[str, Any]]:
    """The pathways that ticks of the opened domain raise."""
    framework, answers = draft.framework, draft.answers
    domain = framework.domain[draft.opened or ""]
    ticked = [i for items in domain.levels.values() for i in items if i.id in answers.ticks]
    own = {p for i in ticked for p in i.prompts} | set(domain.pathways)
    raised = planning.prompts(framework, score, answers, draft.age, draft.person.looked_after)
    return [
        {"title": p.title, "do": [d.text for d in p.do[:3]], "urgent": p.urgent, "settled": p.settled}
        for p in raised
        if p.pathway in own
    ]


def _said() -> None:
    if draft := open_draft.current():
        draft.take(st.session_state[matrix_form.KEY].get("said"))
