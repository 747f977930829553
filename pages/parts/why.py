"""Why a number is what it is: domain, level, indicators, evidence, guidance."""

from __future__ import annotations

import streamlit as st

from chm.assessments import Answers
from chm.framework import Framework
from chm.scoring import Score
from pages.parts import faults, markup


@st.dialog("Why these totals?", width="large")
@faults.plainly
def totals(framework: Framework, answers: Answers, score: Score) -> None:
    """Each domain's part in the three totals, what was ticked, what is known and where the guidance says so."""
    rows = []
    for point in score.points:
        domain = framework.domain[point.domain]
        ticked = [framework.indicators[t] for t in answers.ticks if t in framework.indicators]
        rows.append(
            {
                "axis": domain.axis,
                "name": domain.name,
                "level": point.level,
                "level_name": framework.level[point.level].name,
                "score": point.score,
                "most": framework.points[domain.id]["significant"].score,
                "inferred": framework.scores[domain.id].why if point.inferred else "",
                "source": f"{point.source}, “{domain.section}”",
                "reason": answers.reasons.get(domain.id, ""),
                "ticked": [
                    {
                        "text": i.text,
                        "level": framework.level[level].name,
                        "source": framework.cite(i.lines, domain.page),
                        "evidence": [e for e in answers.evidence if e.indicator == i.id],
                    }
                    for d, level, i in ticked
                    if d.id == domain.id
                ],
                "evidence": [e for e in answers.evidence if e.domain == domain.id and e.indicator not in answers.ticks],
            }
        )
    axes = [
        {
            "name": a["name"],
            "total": score.total(a["id"]),
            "maximum": framework.maximum(a["id"]),
            "starts": [(framework.level[v].band_name, framework.bands[a["id"]].of(v)) for v in framework.level],
            "source": framework.cite(framework.bands[a["id"]].lines),
            "rows": [r for r in rows if r["axis"] == a["id"]],
        }
        for a in framework.axes
    ]
    markup.show("why", axes=axes, flags=score.flags, framework=framework)
