"""What stands beside the matrix: pathways, partners and the glossary."""

from __future__ import annotations

from typing import Any

import streamlit as st

from chm.framework import LEVELS, Framework, Pathway
from pages.parts import guidance_matrix, markup
from pages.parts.text import plain


def pathways(framework: Framework) -> None:
    """Choose a pathway at the left; when it is raised, what to do and what to weigh at the right."""
    left, right = st.columns([21, 79], gap="large")
    with left, st.container(key="guidance-side"):
        names = {p.id: plain(p.title) for p in framework.pathways}
        chosen = st.radio(
            "Pathways beside the score",
            list(names),
            format_func=names.__getitem__,
            key="guidance_pathway",
            width="stretch",
        )
    pathway = framework.pathway[chosen]
    with right:
        markup.show(
            "guidance_pathway",
            pathway=pathway,
            source=pathway.source if pathway.outside else framework.cite(pathway.lines),
            do=[_do(framework, s) for s in pathway.do],
            criteria=[_row(framework, s) for s in pathway.criteria],
            thresholds=[
                {"level": framework.level[v], "rows": [_row(framework, s) for s in pathway.thresholds[v]]}
                for v in LEVELS
                if v in pathway.thresholds
            ],
            contacts=contacts(framework, pathway),
            link=next((link for link in framework.links if link["id"] == pathway.link), None),
        )


def _row(framework: Framework, s: Any) -> dict[str, Any]:
    return {
        "said": s,
        "source": guidance_matrix.source(framework, s),
        "full": guidance_matrix.full_source(framework, s),
        "link": next((link for link in framework.links if link["id"] == s.link), None) if s.link else None,
    }


def _do(framework: Framework, s: Any) -> dict[str, Any]:
    return _row(framework, s) | {"contact": contact(framework.local["services"].get(s.service) or {})}


def contacts(framework: Framework, pathway: Pathway) -> list[tuple[str, str]]:
    """Names and numbers of the services a pathway calls on."""
    found = []
    for id in pathway.services:
        service = framework.local["services"].get(id) or {}
        lines = service.get("lines_to_call") or [service]
        found += [(str(one.get("name", id)), contact(one)) for one in lines]
    return found


def contact(service: dict[str, Any]) -> str:
    """How to reach a service, as text."""
    ways = [service.get("phone"), service.get("email")]
    if service.get("text_to"):
        ways.append(f"text {service.get('message', '')} to {service['text_to']}")
    return " · ".join(str(w) for w in ways if w)


def partners(framework: Framework) -> None:
    """Who is involved at least, context by context, and the local services behind the names."""
    left, right = st.columns([46, 54], gap="large")
    services = framework.local["services"]
    with left:
        names = {p.id: services.get(p.service, {}).get("name", p.service) for p in framework.partners}
        rows = [
            (context.name, [names[p.id] for p in framework.partners if context.id in p.contexts])
            for context in framework.axis_domains("context")
        ]
        asked = [framework.level[v].band_name for v in LEVELS if framework.responses[v].partners]
        said = [(names[p.id], p, framework.cite(p.lines)) for p in framework.partners]
        markup.show("guidance_partners", rows=rows, asked=asked, said=said)
    with right:
        known = [{"kind": s.get("kind", ""), "name": s["name"], "reach": _ways(s)} for s in services.values()]
        known.sort(key=lambda s: not s["reach"])
        markup.show("guidance_services", services=known, council=framework.local["borough"]["name"])


def _ways(service: dict[str, Any]) -> list[str]:
    if inner := service.get("lines_to_call"):
        return [f"{one['name']}: {contact(one)}" for one in inner]
    return [contact(service)] if contact(service) else []


def glossary(framework: Framework) -> None:
    """Every short form the guidance uses, in plain words; a search narrows them."""
    text = st.text_input(
        "Find a word",
        key="glossary_search",
        placeholder="MARAC, risk, order",
        icon=":material/search:",
        max_chars=80,
        width=420,
    )
    sought = text.strip().casefold()
    terms = [t for t in framework.glossary if sought in f"{t.term} {t.means or ''} {t.plain}".casefold()]
    markup.show("guidance_glossary", terms=terms, text=text.strip(), cite=framework.cite)
