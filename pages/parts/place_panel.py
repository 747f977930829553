"""The ranking in a table and the place in hand: why it ranks, who and what was seen there, what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from chm.access import Permission
from chm.casework import frameworks
from chm.casework.desk import Desk
from chm.casework.places import Filter, OpenedPlace, PlaceRanking, PlaceRow, SafeRow
from chm.connections import EventRole, Influence
from chm.places import rules
from chm.places.risk import Trend
from chm.places.stability import Check
from pages.parts import place_actions, place_more, pressable
from pages.parts.place_filters import SORTS

TRENDS = {
    Trend.NEW: ("★", "new"), Trend.RISING: ("↑", "rising"), Trend.STEADY: ("→", "steady"),
    Trend.FALLING: ("↓", "falling"), Trend.FEW: ("·", "too few to tell"), Trend.NONE: ("–", "none lately"),
}  # fmt: skip
ROLES = {
    EventRole.EXPERIENCING_HARM: "experiencing harm", EventRole.ALLEGED_SOURCE: "alleged source of harm",
    EventRole.BOTH: "both", EventRole.WITNESS: "saw it", EventRole.UNKNOWN: "role not known",
}  # fmt: skip
WITHOUT = {
    "unverified": "unverified information", "old": "information over a year old",
    "single_agency": "what only one agency reports",
}  # fmt: skip
ROWS, ALL = 7, "places_all"


def first(rows: Sequence[PlaceRow], pressed: Callable[[str, str], None]) -> None:
    """The three places to look at first, each with why."""
    pressable.show("place_first", key="place-first", pressed=pressed, rows=[_row(r) for r in rows[:3]])


def panel(
    desk: Desk,
    ranking: PlaceRanking,
    rows: Sequence[PlaceRow],
    safe: Sequence[SafeRow],
    opened: OpenedPlace | None,
    checks: Sequence[Check],
    pressed: Callable[[str, str], None],
) -> tuple[str, str]:
    """Draw it; give what was pressed that opens something, and on what."""

    def heard(what: str, which: str) -> None:
        for said, key in (("all", ALL), ("more", place_actions.ALL)):
            if what == said:
                st.session_state[key] = not st.session_state.get(key)
        pressed(what, which)

    whole = bool(st.session_state.get(ALL))
    return pressable.show(
        "place_panel",
        key="place-panel",
        pressed=heard,
        rows=[_row(r) for r in rows],
        homes=[_row(r) for r in ranking.homes],
        safe=[_safe(s) for s in safe],
        most=len(rows) if whole else ROWS,
        whole=whole,
        of=len(ranking.rows),
        hidden=ranking.hidden,
        threshold=rules.load().suppression.threshold,
        stands=[WITHOUT[c.without] for c in checks if not c.changes],
        changes=[WITHOUT[c.without] for c in checks if c.changes],
        card=_card(opened) if opened else None,
        actions=place_actions.told(desk, opened.place.id) if opened else None,
    )


def answer(desk: Desk, opened: OpenedPlace | None, filter: Filter, asked: tuple[str, str]) -> None:
    """Open what was asked for, of the place in hand."""
    what, which = asked
    if opened is None:
        return
    if what in place_actions.ASKS:
        place_actions.answer(desk, opened.place, what, which)
    elif what == "briefing" and desk.may(Permission.EXPORT_PLACES):
        place_more.briefing(desk, opened.place, filter)
    elif what == "edit" and desk.may(Permission.EDIT_PLACES):
        place_more.edit(desk, opened.place)


def _row(row: PlaceRow) -> dict[str, Any]:
    risk = row.risk
    mark, trend = TRENDS[risk.trend]
    return {
        "id": row.place.id,
        "rank": risk.rank,
        "name": row.place.name,
        "sort": SORTS[row.place.kind],
        "sector": row.place.sector,
        "band": risk.band,
        "word": frameworks.current().level[risk.band].name,
        "level": row.level,
        "points": risk.points,
        "young": risk.count("young_people").text,
        "concern": risk.count("of_concern").text,
        "mark": mark,
        "trend": trend,
        "why": row.why,
        "actions": row.actions,
    }


def _safe(row: SafeRow) -> dict[str, Any]:
    safe = row.safe
    return {
        "id": row.place.id,
        "name": row.place.name,
        "young": safe.young_people.text,
        "guardians": safe.guardians.text,
    }


def _card(opened: OpenedPlace) -> dict[str, Any]:
    rule, numbers, row = rules.load(), opened.numbers, opened.row
    names = frameworks.current().level
    bands = [(names[band].name if band else "Not assessed", c.text) for band, c in numbers.bands.counts if not c.none]
    return {
        "id": opened.place.id,
        "name": opened.place.name,
        "sort": SORTS[opened.place.kind],
        "facts": [f for f in (opened.place.address, opened.place.postcode or opened.place.sector) if f],
        "rank": row.risk.rank if row else None,
        "band": (row.risk.band, names[row.risk.band].name) if row else None,
        "level": (row.level, names[row.level].name) if row and row.level else None,
        "points": row.risk.points if row else 0,
        "parts": [
            (rule.part[p.id].name, p.counted.text, p.points, rule.part[p.id].weight, rule.part[p.id].source)
            for p in (row.risk.parts if row else ())
        ],
        "roles": [(ROLES[EventRole(r)], c.text) for r, c in numbers.roles.counts if not c.none],
        "influences": [(i, c.text) for i, c in numbers.influences.counts if not c.none and i != Influence.PROTECTIVE],
        "protected": numbers.influences.of(Influence.PROTECTIVE.value).text,
        "bands": bands,
        "kinds": [(k.replace("_", " "), c.text) for k, c in numbers.kinds.counts if not c.none],
        "sure": [(k, c.text) for k, c in numbers.confidence.counts if not c.none],
        "months": [(m, c.text, c.step) for m, c in numbers.months.counts],
        "most": max((c.step for _, c in numbers.months.counts), default=0),
        "new": [
            (text, c.text)
            for text, c in (
                ("young people", numbers.new_young_people),
                ("people of concern", numbers.new_of_concern),
                ("vehicles", numbers.new_vehicles),
            )
            if not c.none
        ],
        "agencies": numbers.agencies.text,
        "guardians": numbers.guardians.text,
        "undated": None if numbers.undated.none else numbers.undated.text,
        "last": row.risk.last if row else None,
        "alike": numbers.bands.alike or numbers.kinds.alike or numbers.months.alike,
    }
