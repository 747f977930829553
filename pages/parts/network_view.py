"""The network's picture, as a Streamlit component of our own: drawn, moved and lit in the browser, decided in Python.

What it sends, all JSON types; places are shares (0 to 1) of the ground's width and height:

    world: [width, height] of the ground in pixels at which every label has room
    nodes: [{id "kind:id", label, shape, kind (its shape in words), score, band, word, judged, judged_word, masked,
             chosen, new, weight (young people linked), name (what a screen reader says), x, y}], nothing empty
    lines: [[one, other, influence, confidence, width 0 to 2, new 0 or 1]]; one and other count the nodes from 0
    removed: [id]; selected: id or null; sequence: number of the last choice heard; moves: number of the last move heard

What it says: `chosen` {sequence, id or null} once a choice, `moved` {sequence, at: {id: [x, y]}} after a drop or an
undo, with every node that was ever dragged.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from chm.linkage.layout import BOX, Point, scale
from chm.linkage.picture import Line, Node, Picture
from chm.linkage.ties import Party
from chm.linkage.view import LineKind

KEY = "network"
WORDS = {"none": "No concern", "emerging": "Emerging", "moderate": "Moderate", "significant": "Significant"}
KINDS = {"child": "child or age unknown", "account": "phone or account"}
WIDTHS = (0.34, 0.67)
NEAR = (-1.0, 2.0)
_HERE = Path(__file__).parent
_SCRIPTS = ("network_shapes.js", "network_hand.js", "network_view.js")

_component = st.components.v2.component(
    "chm_network_view",
    html='<div class="network"></div>',
    css=(_HERE / "network_view.css").read_text(encoding="utf-8"),
    js="\n".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS),
)


def network_view(
    picture: Picture,
    positions: Mapping[Party, Point],
    *,
    selected: Party | None,
    removed: Collection[Party],
    chosen: Callable[[Party | None], None],
    moved: Callable[[dict[Party, Point]], None],
    key: str = KEY,
) -> None:
    """Draw `picture`. What was dragged stands where it was dropped, whatever `positions` says of it.

    `chosen` is told the node that is chosen, None where the choice is cleared; `moved` the places of all that was ever
    dragged. Both run before the rerun, which is that of the fragment this stands in: put what follows a choice there.
    """
    known = {_id(node.party): node.party for node in picture.nodes}

    def state(name: str) -> dict[str, Any]:
        said = dict(st.session_state.get(key) or {}).get(name)
        return said if isinstance(said, dict) else {}

    def dragged() -> dict[Party, Point]:
        at = state("moved").get("at")
        found = {known[id]: _point(where) for id, where in at.items() if id in known} if isinstance(at, dict) else {}
        return {party: point for party, point in found.items() if point}

    _component(
        key=key,
        data=told(picture, {**positions, **dragged()}, selected, removed)
        | {"sequence": state("chosen").get("sequence", 0), "moves": state("moved").get("sequence", 0)},
        on_chosen_change=lambda: chosen(known.get(str(state("chosen").get("id")))),
        on_moved_change=lambda: moved(dragged()),
    )


def told(
    picture: Picture, positions: Mapping[Party, Point], selected: Party | None, removed: Collection[Party]
) -> dict[str, Any]:
    """What the browser is sent of `picture`, but for the numbers of what it said itself."""
    grown = scale({n.party: n.label for n in picture.nodes})
    count = Counter(party for line in picture.lines for party in (line.one, line.other))
    here = {n.party: place for place, n in enumerate(picture.nodes)}
    return {
        "world": [round(side * grown) for side in BOX],
        "nodes": [_node(n, count[n.party], positions.get(n.party, (0.5, 0.5))) for n in picture.nodes],
        "lines": [
            [here[line.one], here[line.other], *_line(line)]
            for line in picture.lines
            if line.one in here and line.other in here
        ],
        "removed": sorted(_id(p) for p in removed if p in here),
        "selected": _id(selected) if selected in here else None,
    }


def _node(node: Node, lines: int, at: Point) -> dict[str, Any]:
    kind = KINDS.get(node.shape, node.shape.replace("_", " "))
    word = WORDS.get(node.band or "", "") if node.score is not None else ""
    judged = node.judged if node.judged != node.band else None
    parts = [node.label, kind]
    if node.party.young:
        parts += [f"combined {node.score}", word] if word else ["no score yet"]
        parts += [f"judged {WORDS[judged]}"] if judged in WORDS else []
    else:
        parts.append(f"{node.young_people} young {'person' if node.young_people == 1 else 'people'}")
    told = {
        "id": _id(node.party),
        "label": node.label,
        "shape": str(node.shape),
        "kind": kind,
        "score": node.score,
        "band": node.band if word else None,
        "word": word or ("No score yet" if node.party.young else ""),
        "judged": judged,
        "judged_word": f"Judged {WORDS[judged]}" if judged in WORDS else "",
        "masked": node.masked,
        "chosen": node.chosen,
        "new": node.new,
        "weight": node.young_people,
        "name": f"{', '.join(parts)}; {lines} line{'s' * (lines != 1)}" + "; new" * node.new,
        "x": at[0],
        "y": at[1],
    }
    return {name: value for name, value in told.items() if not (value is None or value is False or value == "")}


def _line(line: Line) -> tuple[str, str, int, int]:
    weighed = line.influence in (LineKind.HARMFUL, LineKind.UNCLEAR)
    width = sum(line.strength >= edge for edge in WIDTHS) if weighed else 1
    return str(line.influence), str(line.confidence), width, int(line.new)


def _id(party: Party) -> str:
    return f"{party.kind}:{party.id}"


def _point(where: Any) -> Point | None:
    """What the browser says of a place, where it is one; never far off the ground."""
    numbers = [v for v in where if isinstance(v, int | float) and math.isfinite(v)] if isinstance(where, list) else []
    x, y = (min(max(float(v), NEAR[0]), NEAR[1]) for v in numbers) if len(numbers) == 2 else (math.nan, math.nan)
    return None if math.isnan(x) else (x, y)
