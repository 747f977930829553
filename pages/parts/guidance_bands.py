"""Bands and what follows from them, and beside them what the numbers do that a reader would not expect."""

from __future__ import annotations

from collections import Counter
from typing import Any

import streamlit as st

from chm.framework import AXES, LEVELS, Framework
from pages.parts import guidance_matrix, markup

TOTALS = ("combined", *AXES)
TOTAL_NAMES = {"combined": "Combined", "harm": "Harm", "context": "Context"}


def bands(framework: Framework) -> None:
    """The table of bands with response, pillars and review; what each level means; what to read with care."""
    markup.show("guidance_bands", rows=_rows(framework), names=TOTAL_NAMES, totals=_totals(framework))
    left, right = st.columns([58, 42], gap="large")
    with left:
        markup.show("guidance_meanings", levels=_meanings(framework))
    with right:
        markup.show("guidance_care", cares=cares(framework))


def _rows(framework: Framework) -> list[dict[str, Any]]:
    return [
        {
            "level": level,
            "name": framework.level[level].band_name,
            "spans": [_span(framework, axis, level) for axis in TOTALS],
            "response": framework.responses[level],
            "pillars": [
                {"name": p["name"], "lead": p["id"] in framework.responses[level].lead_pillars}
                for p in framework.pillars
                if p["id"] in framework.responses[level].pillars
            ],
            "source": framework.cite(framework.responses[level].lines),
        }
        for level in LEVELS
    ]


def _span(framework: Framework, axis: str, level: str) -> str:
    starts = framework.bands[axis]  # type: ignore[index]
    if level == LEVELS[-1]:
        return f"{starts.of(level)} and over"
    return f"{starts.of(level)} to {starts.of(LEVELS[LEVELS.index(level) + 1]) - 1}"  # type: ignore[arg-type]


def _totals(framework: Framework) -> list[dict[str, Any]]:
    return [
        {"id": a, "maximum": framework.maximum(a), "source": framework.cite(framework.bands[a].lines)}  # type: ignore[index]
        for a in TOTALS
    ]


def _meanings(framework: Framework) -> list[dict[str, Any]]:
    def said(statements: Any) -> list[dict[str, Any]]:
        return [
            {"said": s, "source": guidance_matrix.source(framework, s), "full": framework.cite(s.lines), "link": None}
            for s in statements
        ]

    return [
        {
            "level": framework.level[v],
            "source": framework.cite(framework.level[v].definition_lines)
            if framework.level[v].definition_lines
            else "",
            "text": said(framework.responses[v].text),
            "checklist": said(framework.responses[v].checklist),
        }
        for v in reversed(LEVELS)
    ]


@st.cache_data(show_spinner=False, hash_funcs={Framework: lambda f: (f.id, f.version, f.fingerprint)})
def cares(framework: Framework) -> list[dict[str, str]]:
    """What a reader of the numbers must know, reckoned from the framework itself; each with a head and a text."""
    band = framework.band_of
    names = {v: framework.level[v].band_name for v in LEVELS}
    found = []
    low: dict[str, list[str]] = {}
    for d in framework.domains:
        number = framework.scores[d.id].significant
        low.setdefault(band["combined"][number], []).append(f"{d.name} {number}")
    hidden = low.get("none", [])
    if hidden:
        found.append(
            {
                "head": "One Significant domain can hide",
                "text": f"Alone, each of these leaves the combined total at {names['none']}: {', '.join(hidden)}. "
                "The total stays as printed; a flag stands above it, and a person judges.",
            }
        )
    share = below_an_axis(framework)
    if share:
        found.append(
            {
                "head": "The combined band can hide an axis",
                "text": f"In {share:.0%} of all possible answers it lies below the harm or the context band. "
                "So the three bands always stand together.",
            }
        )
    for level in ("emerging", "moderate"):
        above = []
        for axis in TOTALS:
            total = sum(framework.scores[d.id].of(level) for d in framework.domains if axis in (d.axis, "combined"))
            if LEVELS.index(band[axis][total]) > LEVELS.index(level):
                above.append(f"{TOTAL_NAMES[axis].lower()} {total} is {names[band[axis][total]]}")
        if above:
            found.append(
                {
                    "head": f"{names[level]} everywhere adds up to more",
                    "text": f"With every domain at {names[level]}, {' and '.join(above)}, above each single level.",
                }
            )
    tops = [f"{TOTAL_NAMES[a].lower()} {framework.maximum(a)}" for a in TOTALS]
    found.append({"head": "The top band is open", "text": f"The most that can be reached: {', '.join(tops)}."})
    for id, scores in framework.scores.items():
        for level in scores.inferred:
            head = f"{framework.domain[id].name} at {names[level]}: {scores.of(level)} is our reading"
            found.append({"head": head, "text": scores.why or ""})
    repeats, young, danger = framework.repeat_referrals, framework.young_and_missing, framework.immediate_danger
    found += [
        {
            "head": "Identify always comes first",
            "text": "Pillars add up from level to level; the table's own are bold.",
        },
        {"head": danger.text, "text": danger.note},
        {"head": "Repeat referrals raise worry", "text": " ".join(filter(None, [repeats.text, repeats.note]))},
        {"head": young.text or "Young and missing", "text": young.note or ""},
    ]
    return found


def below_an_axis(framework: Framework) -> float:
    """The share of all possible answers whose combined band is below the harm or the context band."""
    ways: dict[str, Counter[int]] = {}
    for axis in AXES:
        sums = Counter({0: 1})
        for d in framework.axis_domains(axis):
            after: Counter[int] = Counter()
            for total, count in sums.items():
                for level in LEVELS:
                    after[total + framework.scores[d.id].of(level)] += count
            sums = after
        ways[axis] = sums
    rank = {axis: [LEVELS.index(v) for v in bands] for axis, bands in framework.band_of.items()}
    hidden = sum(
        a * b
        for harm, a in ways["harm"].items()
        for context, b in ways["context"].items()
        if rank["combined"][harm + context] < max(rank["harm"][harm], rank["context"][context])
    )
    return hidden / (ways["harm"].total() * ways["context"].total())
