"""The matrix in print: a domain with its levels, what to consider and next steps; and a search over all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

import streamlit as st

from chm.framework import AXES, LEVELS, PILLARS, Domain, Framework, Statement
from pages.parts import markup
from pages.parts.text import plain

CHOSEN, SEARCH = "guidance_domain", "guidance_search"
LEAST_LETTERS = 2
MOST_FOUND = 60


def matrix(framework: Framework) -> None:
    """Choose a domain at the left, read it at the right; a search takes the right side while it has text."""
    left, right = st.columns([21, 79], gap="large")
    with left, st.container(key="guidance-side"):
        text = st.text_input(
            "Find an indicator or a step",
            key=SEARCH,
            placeholder="curfew, CAMHS, phone",
            icon=":material/search:",
            max_chars=80,
        )
        searching = len(text.strip()) >= LEAST_LETTERS
        domain = _choose(framework, searching)
    with right:
        if searching:
            _found(framework, text.strip())
        else:
            _domain(framework, domain)


def _choose(framework: Framework, searching: bool) -> Domain:
    chosen = st.session_state.get(CHOSEN)
    if chosen not in framework.domain:
        chosen = framework.domains[0].id
    for axis in [a for a in framework.axes if a["id"] in AXES]:
        inside = [d.id for d in framework.axis_domains(axis["id"])]
        key = f"guidance-axis-{axis['id']}"
        st.session_state[key] = chosen if chosen in inside and not searching else None
        st.radio(
            plain(axis["name"]),
            inside,
            index=None,
            format_func=lambda id: plain(framework.domain[id].name),
            key=key,
            on_change=_take,
            args=(key,),
            width="stretch",
        )
    return framework.domain[chosen]


def _take(key: str) -> None:
    if st.session_state[key]:
        _open(st.session_state[key])


def _open(domain: str) -> None:
    st.session_state[CHOSEN], st.session_state[SEARCH] = domain, ""


def _domain(framework: Framework, domain: Domain) -> None:
    axis = next(a for a in framework.axes if a["id"] == domain.axis)
    about = _said(framework, domain, domain.introduction)
    first = 1 if len(about) > 1 and about[1]["said"].text.endswith(":") else 2
    markup.show(
        "guidance_domain",
        domain=domain,
        axis=axis["name"],
        most=framework.scores[domain.id].significant,
        maximum=framework.maximum(domain.axis),
        about=about[:first],
        more=about[first:],
    )
    statements = sum(len(domain.levels[level]) for level in LEVELS)
    steps = sum(len(domain.steps[p]) for p in PILLARS)
    questions = len(domain.consider) + len(domain.assess) + len(domain.extras)
    names = [f"Four levels · {statements}", f"To consider · {questions}", f"Next steps · {steps}"]
    levels, consider, next_steps = st.tabs(names, key=f"guidance-tabs-{domain.id}")
    with levels:
        markup.show("guidance_levels", levels=_levels(framework, domain), why=framework.scores[domain.id].why)
    with consider:
        markup.show("guidance_consider", **_questions(framework, domain))
    with next_steps:
        markup.show("guidance_steps", pillars=_steps(framework, domain))


def _said(framework: Framework, domain: Domain | None, statements: Iterable[Statement]) -> list[dict[str, Any]]:
    """Statements with their source and link, to show."""
    links = {link["id"]: link for link in framework.links}
    return [
        {
            "said": s,
            "source": source(framework, s),
            "full": full_source(framework, s, domain),
            "link": links.get(s.link),
        }
        for s in statements
    ]


def source(framework: Framework, s: Statement) -> str:
    """Where a statement stands, in a word or two beside it."""
    if s.lines is None:
        return ""
    first, last = s.lines
    return f"line {first}" if first == last else f"lines {first}–{last}"


def full_source(framework: Framework, s: Statement, domain: Domain | None = None) -> str:
    """Where a statement stands, in full."""
    if s.lines is None:
        return f"Outside the guidance: {s.source}"
    return framework.cite(s.lines, domain.page if domain else None)


def _levels(framework: Framework, domain: Domain) -> list[dict[str, Any]]:
    def place(id: str) -> str:
        other, level, _ = framework.indicators[id]
        name = framework.level[level].name
        return f"at {name}" if other.id == domain.id else f"in {other.name}, {name}"

    shown = []
    for level in LEVELS:
        rows = _said(framework, domain, domain.levels[level])
        for row, indicator in zip(rows, domain.levels[level], strict=True):
            row["prompts"] = [framework.pathway[p].title for p in indicator.prompts]
            row["same_as"] = [place(id) for id in indicator.same_as if id in framework.indicators]
        point = framework.points[domain.id][level]
        shown.append({"id": level, "name": framework.level[level].name, "point": point, "rows": rows})
    shown[-1]["explained"] = _said(framework, domain, domain.explanations)
    return shown


def _questions(framework: Framework, domain: Domain) -> dict[str, Any]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in _said(framework, domain, domain.consider):
        groups.setdefault(row["said"].group or "", []).append(row)
    return {
        "groups": groups,
        "helps": _said(framework, domain, domain.assess),
        "extras": _said(framework, domain, domain.extras),
        "see_also": _said(framework, domain, domain.see_also),
        "pathways": [framework.pathway[p].title for p in domain.pathways],
    }


def _steps(framework: Framework, domain: Domain) -> list[dict[str, Any]]:
    about = {p["id"]: p for p in framework.pillars}
    return [
        {"pillar": about[pillar], "rows": _said(framework, domain, domain.steps[pillar])}
        for pillar in PILLARS
        if domain.steps[pillar]
    ]


def _found(framework: Framework, text: str) -> None:
    """Every indicator and step that holds `text`, under its domain."""
    hits = search(framework, text)
    markup.show("guidance_count", text=text, hits=hits, most=MOST_FOUND)
    for domain in framework.domains:
        rows = [h for h in hits[:MOST_FOUND] if h["domain"] == domain.id]
        if not rows:
            continue
        with st.container(gap=None):
            st.button(
                plain(domain.name),
                key=f"guidance-open-{domain.id}",
                type="tertiary",
                icon=":material/arrow_forward:",
                icon_position="right",
                on_click=partial(_open, domain.id),
                help="Open this domain",
            )
            markup.show("guidance_found", rows=rows)


def search(framework: Framework, text: str) -> list[dict[str, Any]]:
    """Where `text` stands, in whatever case: each hit with its parts, those at odd places being the text itself."""
    sought = re.compile(f"({re.escape(text)})", re.IGNORECASE)
    inside = [(d, "level", v, i) for d in framework.domains for v in reversed(LEVELS) for i in d.levels[v]]
    inside += [(d, "pillar", p, s) for d in framework.domains for p in PILLARS for s in d.steps[p]]
    names = {v: framework.level[v].name for v in LEVELS} | {p["id"]: p["name"] for p in framework.pillars}
    return [
        {"domain": d.id, "kind": kind, "at": at, "place": names[at], "parts": parts, "source": source(framework, s)}
        for d, kind, at, s in inside
        if len(parts := sought.split(s.text)) > 1
    ]
