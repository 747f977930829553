"""The thirteen rows to answer, as a Streamlit component: shown at once in the browser, scored in Python."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from chm.assessments import Answers
from chm.framework import AXES, LEVELS, Framework
from chm.scoring import suggest

_HERE = Path(__file__).parent
KEY = "matrix"
TITLES = {
    "significant": "Significant",
    "moderate": "Moderate",
    "emerging": "Emerging",
    "none": "No concern: what protects",
}

_component = st.components.v2.component(
    "chm_matrix_form",
    html='<div class="matrix"></div>',
    css=(_HERE / "matrix_form.css").read_text(encoding="utf-8"),
    js=(_HERE / "matrix_form.js").read_text(encoding="utf-8"),
)


def axes(framework: Framework) -> list[dict[str, Any]]:
    """The rows: axes, domains, levels and scores, as JSON types."""
    return [
        {
            "id": axis["id"],
            "name": axis["name"],
            "domains": [
                {
                    "id": d.id,
                    "name": d.name,
                    "levels": [
                        {"id": v, "name": framework.level[v].name, "score": p.score, "inferred": p.inferred}
                        for v, p in framework.points[d.id].items()
                    ],
                }
                for d in framework.axis_domains(axis["id"])
            ],
        }
        for axis in framework.axes
        if axis["id"] in AXES
    ]


def detail(framework: Framework, id: str, answers: Answers, prompts: list[dict[str, Any]]) -> dict[str, Any]:
    """What an opened row shows: indicators by level, what to consider, evidence, as JSON types."""
    domain = framework.domain[id]
    return {
        "domain": id,
        "suggestion": suggest(framework, id, answers.ticks).level,
        "source": f"Guidance p. {domain.page}",
        "prompts": prompts,
        "consider": [s.text for s in (*domain.introduction, *domain.consider, *domain.assess, *domain.extras)],
        "levels": [
            {
                "id": level,
                "title": TITLES[level],
                "items": [
                    {"id": i.id, "text": i.text, "note": i.note, "harm_by": i.harm_by} for i in domain.levels[level]
                ],
            }
            for level in reversed(LEVELS)
        ],
        "pathways": [
            {
                "title": framework.pathway[p].title,
                "trigger": framework.pathway[p].trigger,
                "note": framework.pathway[p].notes[0] if framework.pathway[p].notes else "",
                "items": [
                    {"id": s.id, "text": s.text, "note": None, "harm_by": False}
                    for part in (framework.pathway[p].criteria, *framework.pathway[p].thresholds.values())
                    for s in part
                ],
            }
            for p in domain.pathways
        ],
        "evidence": [
            {
                "id": e.id,
                "indicator": e.indicator if e.indicator in answers.ticks else None,
                "text": e.text,
                "meta": f"{e.on.day} {e.on:%b %Y} · {e.agency} · {'first-hand' if e.first_hand else 'passed on'}",
            }
            for e in answers.evidence
            if e.domain == id
        ],
    }


def matrix_form(data: dict[str, Any], *, said: Callable[[], None]) -> Any:
    """Draw the form. `said` runs when an answer changes or a row opens; it reads the state at `KEY`."""
    return _component(
        key=KEY,
        data=data,
        on_said_change=said,
        on_evidence_change=lambda: None,
        on_remove_change=lambda: None,
    )
