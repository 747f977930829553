"""What is in hand, what they share, and what to do about it: one piece of markup whose buttons Python answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from chm.access import Permission
from chm.casework import frameworks, questions
from chm.casework.desk import Desk
from chm.casework.linked import Linked
from chm.linkage.graph import Link
from chm.linkage.ties import ONGOING, YOUNG_PERSON, Party
from chm.linkage.totals import GroupRow
from chm.target_actions import TargetAction, recommend
from pages.parts import navigation, network_card, network_evidence, opened_record, opened_setting, pressable
from pages.parts.opened_network import OpenedNetwork
from pages.parts.propose import propose

PANELS = {"shared": "What they share", "groups": "Groups", "pairs": "Pairs", "safe": "Who keeps them safe"}
ROWS, MORE, FIRST = 7, 40, 3
ALL = "network_all"


def panel(desk: Desk, opened: OpenedNetwork, seen: Linked) -> tuple[str, str]:
    """Draw it; give what was pressed that opens something, and on what."""
    advice = _advice(desk, opened, seen)
    whole = st.session_state.get(ALL)
    most = MORE if whole else ROWS
    items, row = TABLES[opened.panel]
    found = items(seen)
    return pressable.show(
        "network_panel",
        key="network-panel",
        pressed=lambda what, which: _heard(opened, seen, what, which),
        card=network_card.card(opened, seen),
        panels=PANELS,
        shown=opened.panel,
        rows=[row(seen, item) for item in found[:most]],
        total=len(found),
        whole=whole,
        stability=_stability(seen),
        advice=advice[: None if whole else FIRST],
        advised=len(advice),
        label=seen.known.labels[opened.selected].text if opened.selected else "",
    )


def answer(desk: Desk, opened: OpenedNetwork, seen: Linked, asked: tuple[str, str]) -> None:
    """Open what was asked for; nothing that the picture does not hold."""
    what, which = asked
    party = opened.party(which)
    if what == "propose" and opened.selected:
        chosen = [a for n, a in enumerate(_advice(desk, opened, seen)) if str(n) == which]
        if chosen:
            whom = [s for s in network_card.touched(seen, opened.selected) if not seen.people[s].masked]
            propose(desk, opened.selected, seen.known.labels[opened.selected].text, whom, chosen)
    elif what == "evidence" and party:
        network_evidence.show(desk, opened, seen, (party,))
    elif what == "pair":
        pair = tuple(Party(YOUNG_PERSON, id) for id in which.split("+"))
        if len(set(pair)) == 2 and all(p.id in seen.people for p in pair):
            network_evidence.show(desk, opened, seen, pair)
    elif what == "record" and which in seen.people and not seen.people[which].masked:
        opened_record.choose(which)
        navigation.go(navigation.YOUNG_PERSON)
    elif what == "setting" and party and party in seen.records.entities:
        opened_setting.choose(party.id)
        navigation.go(navigation.SETTING)


def _heard(opened: OpenedNetwork, seen: Linked, what: str, which: str) -> None:
    """What changes the picture itself, before it is drawn."""
    party = opened.party(which)
    if what == "select":
        opened.select(party)
    elif what == "switch" and party in seen.options:
        opened.switch(party)
    elif what == "together":
        opened.removed = seen.together(opened.together).entities
    elif what == "k" and which in map(str, range(1, network_card.MOST_TOGETHER + 1)):
        opened.together = int(which)
    elif what == "back":
        opened.removed = ()
    elif what == "panel" and which in PANELS:
        opened.panel = which
    elif what == "all":
        st.session_state[ALL] = not st.session_state.get(ALL)


def _advice(desk: Desk, opened: OpenedNetwork, seen: Linked) -> list[TargetAction]:
    target = opened.selected
    if target is None or not desk.may(Permission.PROPOSE_ACTION) or (target.young and seen.people[target.id].masked):
        return []
    return recommend(questions.target_actions(), frameworks.current(), target, seen.entity(target), seen.about(target))


def _shared_row(seen: Linked, entity: Party) -> dict[str, Any]:
    shared, option = seen.shared[entity], seen.options.get(entity)
    most = max((o.pairs_lost for o in seen.options.values()), default=0)
    return {
        "party": network_card.said(entity),
        "label": network_card.label(seen, entity),
        "kind": network_card.kind(seen, entity),
        "count": len(shared.young_people),
        "combined": shared.combined,
        "boroughs": shared.boroughs,
        "last": shared.last,
        "ongoing": shared.last == ONGOING,
        "best": shared.best,
        "option": option,
        "share": round(100 * option.pairs_lost / most) if option and most else 0,
    }


def _groups(seen: Linked) -> list[tuple[str, GroupRow]]:
    closer = seen.communities if len(seen.communities) > len(seen.groups) else []
    return [*(("Group", g) for g in seen.groups), *(("Closer within it", c) for c in closer)]


def _group_row(seen: Linked, item: tuple[str, GroupRow]) -> dict[str, Any]:
    head, row = item
    return {
        "head": head,
        "names": [(f"{YOUNG_PERSON}:{id}", seen.people[id].name) for id in row.young_people],
        "spread": row.spread,
        "unscored": row.spread.not_scored - sum(seen.people[id].masked for id in row.young_people),
        "pairs": row.pairs,
        "shared": [(network_card.label(seen, e), k) for e, k in row.shared[:3]],
        "protected": row.protected,
        "conflicts": row.conflicts,
    }


def _pair_row(seen: Linked, link: Link) -> dict[str, Any]:
    return {
        "pair": "+".join(link.pair),
        "names": [seen.people[id].name for id in link.pair],
        "shared": [network_card.label(seen, e) for e in link.shared],
        "direct": link.direct,
        "overlap": link.overlap,
        "best": link.best,
        "weakest": link.weakest,
        "evidence": len(link.evidence),
        "strength": link.strength,
    }


def _safe(seen: Linked) -> list[tuple[Party, list[str]]]:
    found: dict[Party, set[str]] = {}
    for tie in seen.network.protective:
        for one, other in (tie.parties, tie.parties[::-1]):
            if one.young:
                found.setdefault(other, set()).add(seen.people[one.id].name)
    most_first = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(party, sorted(names)) for party, names in most_first]


def _safe_row(seen: Linked, item: tuple[Party, list[str]]) -> dict[str, Any]:
    party, names = item
    return {
        "party": network_card.said(party),
        "label": network_card.label(seen, party),
        "kind": network_card.kind(seen, party),
        "names": names,
    }


# What each table lists, and how a row of it is told: only rows that show are.
TABLES: dict[str, tuple[Callable[[Linked], Sequence[Any]], Callable[[Linked, Any], dict[str, Any]]]] = {
    "shared": (lambda seen: list(seen.shared), _shared_row),
    "groups": (_groups, _group_row),
    "pairs": (lambda seen: seen.pairs, _pair_row),
    "safe": (_safe, _safe_row),
}
WITHOUT = {
    "unverified": "unverified information",
    "old": "information over a year old",
    "single_agency": "what only one agency reports",
}


def _stability(seen: Linked) -> dict[str, Any] | None:
    """Whether the first answer stands, in words; None where nothing would lose a pair."""
    first = next(iter(seen.options.values()), None)
    if first is None or not first.pairs_lost:
        return None
    return {
        "label": network_card.label(seen, first.entity),
        "stands": [WITHOUT[c.without] for c in seen.checks if not c.changes],
        "changes": [
            (WITHOUT[c.without], network_card.label(seen, c.first[0]) if c.first else "nothing")
            for c in seen.checks
            if c.changes
        ],
    }
