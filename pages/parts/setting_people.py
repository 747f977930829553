"""Who is in a group or school, how their bands spread, and what links them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache

import streamlit as st

from chm import connection_kinds
from chm.casework import frameworks
from chm.casework.network import NetworkYoungPerson
from chm.connections import Person
from chm.framework import LEVELS
from chm.linkage.from_records import SOURCES
from chm.linkage.graph import Network, build, conflicts
from chm.linkage.groups import shared_entities
from chm.linkage.ties import ONGOING, Party, Tie
from chm.scoring import RANK
from pages.parts import markup, navigation, opened_record
from pages.parts.opened_setting import OpenedSetting
from pages.parts.text import plain

SHOWN = 10
kinds = cache(connection_kinds.load)


def who(opened: OpenedSetting) -> None:
    """Each young person with the combined score, its band and how they are known to be there; highest first."""
    people = sorted(opened.people, key=_rank)
    note = "combined score and band of the latest assessment"
    if opened.others:
        note += f" · {opened.others} more whom you may not open"
    markup.show("list_head", head=f"Who is in it · {len(people)}", note=note)
    with st.container(border=True, gap=None, key="setting-people"):
        if not people:
            st.caption("Nobody you may open is recorded here.")
        for person in people[:SHOWN]:
            _person(opened, person)
        if len(people) > SHOWN:
            with st.expander(f"{len(people) - SHOWN} more", type="compact"):
                for person in people[SHOWN:]:
                    _person(opened, person)


def _rank(person: NetworkYoungPerson) -> tuple[int, int, str]:
    band, score = _band(person), person.latest and person.latest.score.combined.score
    return -RANK[band] if band else 1, -(score or 0), person.name


def _band(person: NetworkYoungPerson) -> str | None:
    return person.latest.score.combined.band if person.latest else None


def _person(opened: OpenedSetting, person: NetworkYoungPerson) -> None:
    latest, band = person.latest, _band(person)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        with st.container(width=170):
            if st.button(plain(person.name), key=f"in-{person.id}", type="tertiary", help=plain(f"Open {person.name}")):
                opened_record.choose(person.id)
                navigation.go(navigation.YOUNG_PERSON)
        with st.container(width="stretch"):
            markup.show(
                "setting_person",
                id=person.id,
                age=person.age,
                borough=person.borough,
                score=latest.score.combined.score if latest else None,
                band=band,
                word=frameworks.current().level[band].name if band else "",
                significant=len(latest.score.significant) if latest else 0,
                known=_known(opened, person.id),
            )


def _known(opened: OpenedSetting, id: str) -> str:
    """How they are known to be there: the latest tie in words."""
    me = Party("young_person", id)
    ties = [t for t in opened.ties if set(t.parties) == {me, opened.party}]
    if not ties:
        return "named with the group" if id in opened.named else "there when it was assessed"
    ties.sort(key=lambda t: t.start or date.min)
    return _said(ties[-1]) + (f" and {len(ties) - 1} more" if len(ties) > 1 else "")


def _said(tie: Tie) -> str:
    known = kinds()
    kind = known.relationship.get(tie.relation) or known.event.get(tie.relation)
    word = kind.name if kind else tie.relation
    return f"{word}, {markup.day(tie.start)}" if tie.start and tie.end != ONGOING else word


def spread(opened: OpenedSetting) -> None:
    """How many stand in each band: a spread, never one invented total."""
    framework = frameworks.current()
    count = Counter(_band(p) for p in opened.people)
    markup.show("list_head", head="How their bands spread", note="combined score")
    rows = [(level, framework.level[level].name, count[level]) for level in reversed(LEVELS)]
    markup.show("setting_spread", rows=[*rows, (None, "Not assessed yet", count[None])])


def links(opened: OpenedSetting) -> None:
    """What else these young people share, who keeps them safe, and who is in conflict."""
    there = {p.id: p for p in opened.people}
    if not there:
        return
    ties = [t for t in opened.ties if all(not p.young or p.id in there for p in t.parties)]
    network = build(ties, there)
    combined = {id: p.latest.score.combined.score or 0 for id, p in there.items() if p.latest}
    shared = [
        s
        for s in shared_entities(network, combined, {id: p.borough for id, p in there.items()})
        if s.entity != opened.party
    ]
    names = {id: p.name for id, p in there.items()}
    markup.show(
        "setting_links",
        shared=[
            {
                "label": _label(opened, s.entity),
                "kind": _kind(opened, s.entity, ties),
                "names": [names[id] for id in s.young_people],
                "last": None if s.last == ONGOING else s.last,
                "ongoing": s.last == ONGOING,
                "sure": s.best.value if s.best else "",
            }
            for s in shared[:SHOWN]
        ],
        more=max(0, len(shared) - SHOWN),
        safe=_safe(opened, network, names),
        conflicts=sorted({tuple(sorted(names[p.id] for p in t.parties)) for t in conflicts(network, there)}),
    )


def _kind(opened: OpenedSetting, entity: Party, ties: list[Tie]) -> str:
    """As the network draws it: whoever is a child, or of unknown age, is never called of concern."""
    assert opened.records
    record = opened.records.entities.get(entity)
    if entity.kind == "person" and not (isinstance(record, Person) and not record.child):
        return "child or age unknown"
    concern = entity.kind == "person" and any(entity in t.parties and t.role in SOURCES for t in ties)
    return "person of concern" if concern else entity.kind


def _safe(opened: OpenedSetting, network: Network, names: dict[str, str]) -> list[tuple[str, list[str]]]:
    found: dict[Party, set[str]] = {}
    for tie in network.protective:
        for one, other in (tie.parties, tie.parties[::-1]):
            if one.young and not other.young:
                found.setdefault(other, set()).add(names[one.id])
    return [(_label(opened, entity), sorted(kept)) for entity, kept in sorted(found.items(), key=lambda f: -len(f[1]))]


def _label(opened: OpenedSetting, entity: Party) -> str:
    assert opened.records
    found = opened.records.entities.get(entity)
    return found.label if found else "Not known"
