"""The network's picture on a page of its own, with invented names: `streamlit run`, then `?nodes=40&removed=1`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from chm.linkage.graph import build
from chm.linkage.layout import Point, layout
from chm.linkage.picture import Picture, draw
from chm.linkage.rules import load
from chm.linkage.shapes import Known, Label
from chm.linkage.ties import YOUNG_PERSON, Confidence, Influence, Party, Tie
from pages.parts.network_view import network_view

SEED = 20261126
HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil.example/x.png) **b**"
FIRST = [
    "Avocet",
    "Bittern",
    "Curlew",
    "Dunlin",
    "Egret",
    "Fulmar",
    "Gannet",
    "Hobby",
    "Ibis",
    "Jackdaw",
    "Knot",
    "Lapwing",
]
LAST = ["Placeholder", "Madeup", "Example", "Notreal", "Invented"]
THINGS = {
    "place": [
        "Tinsel Arcade",
        "Nonesuch Takeaway",
        "Lantern Youth Club",
        "Fable Court stairwell",
        "Platform 9 bus stop",
    ],
    "person": ["“Uncle Vee”", "Ms Placeholder, mentor", "“Tall, grey coat”", "Nan Madeup", "“Roo”"],
    "vehicle": ["Grey Golf ZZ99 ZZZ", "“White van, part plate”"],
    "account": ["@ghost_example", "07700 900123"],
    "group": ["“Skylarkers” chat"],
}
SURE = tuple(Confidence)
SCORES = ((8, "none"), (17, "emerging"), (28, "emerging"), (44, "moderate"), (61, "significant"), (None, None))


def example(nodes: int) -> Picture:
    """A picture of `nodes` nodes: one in ten a young person or more, three at least; things shared by Zipf's law."""
    chance = np.random.default_rng(SEED)
    young = max(3, nodes // 10) if nodes < 12 or nodes > 60 else nodes // 4
    people = [Party(YOUNG_PERSON, f"{n:03}") for n in range(young)]
    labels = {}
    for n, person in enumerate(people):
        score, band = SCORES[n % len(SCORES)]
        judged = "significant" if n == 3 else None
        labels[person] = Label(f"{FIRST[n % 12]} {LAST[n // 12 % 5]}", score, band, judged, masked=False)
    order = ["place", "person", "vehicle", "place", "account", "person", "place", "group", "person", "place"]
    entities = []
    for n in range(nodes - young):
        kind = order[n % len(order)]
        named = THINGS[kind]
        again = n // len(order)
        entities.append(Party(kind, f"{n:03}"))
        labels[entities[-1]] = Label(named[(n // 2) % len(named)] + (f" {again + 1}" if again else ""))
    if len(entities) > 1:
        labels[entities[1]] = Label(HOSTILE)
    weight = np.arange(1, len(entities) + 1) ** -0.7
    ties = []
    for n, entity in enumerate(entities):
        safe = n % 7 == 4 or n % 7 == 2 and entity.kind == "place"
        many = min(young, max(2, round(young * float(weight[n]) * 0.6)))
        for who in chance.choice(young, size=many, replace=False).tolist():
            ties.append(
                Tie(
                    f"t{len(ties)}",
                    people[who],
                    entity,
                    confidence=SURE[int(chance.integers(len(SURE)))],
                    influence=Influence.PROTECTIVE if safe else Influence.HARMFUL if n % 3 else Influence.UNCLEAR,
                )
            )
    for one, other in ((people[0], people[1]), (people[1], people[2]))[: 2 if nodes > 12 else 1]:
        ties.append(Tie(f"t{len(ties)}", one, other, relation="conflict"))
    adults = frozenset(e for n, e in enumerate(entities) if e.kind == "person" and n % 10 != 8)
    rules = load()
    network = build(ties, [p.id for p in people])
    return draw(network, Known(labels, adults), rules.strength, rules.picture.most_nodes, chosen=people[:1])


def placed(picture: Picture) -> dict[Party, Point]:
    return layout({n.party: n.label for n in picture.nodes}, [(line.one, line.other) for line in picture.lines])


def page() -> None:
    st.set_page_config(page_title="Network", layout="wide")
    st.html("<h1>Network</h1>")
    state = st.session_state
    if "picture" not in state:
        state.picture = example(int(st.query_params.get("nodes", 40)))
        state.at = placed(state.picture)
        state.selected = None
        state.calls = []
    entity = next(n.party for n in state.picture.nodes if not n.party.young)
    removed = st.checkbox("Show the first gone", value="removed" in st.query_params)

    def chosen(party: Party | None) -> None:
        state.selected = party
        state.calls.append(party)

    def moved(at: dict[Party, Point]) -> None:
        state.at |= at
        state.last = sorted(at)

    with st.columns([62, 38])[0]:
        network_view(
            state.picture,
            state.at,
            selected=state.selected,
            removed=[entity] if removed else [],
            chosen=chosen,
            moved=moved,
        )
    st.text(f"Heard {len(state.calls)}: {state.selected.id if state.selected else 'nothing'}")
    st.text("Moved: " + ", ".join(p.id for p in state.get("last", ())))
    st.button("Again")


page()
