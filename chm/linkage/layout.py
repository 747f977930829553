"""Where each node of a picture stands: spread over the box, no label on another, and never moved once it is placed.

Kamada and Kawai's springs (An algorithm for drawing general undirected graphs, Information Processing Letters 31, 1989)
to `SPRINGS` nodes, Fruchterman and Reingold's forces (Software: Practice and Experience 21, 1991) above.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping

import igraph
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from chm.linkage.groups import CHANCE
from chm.linkage.ties import Party

Point = tuple[float, float]
Points = NDArray[np.float64]

BOX = (1180.0, 600.0)
YOUNG_BOX, YOUNG_BOX_CROWDED = (150.0, 100.0), (100.0, 96.0)
LABEL_HEIGHT, SYMBOL = 66.0, 38.0
# How far below the middle of its symbol the middle of a box is, as the words stand below.
YOUNG_DROP, YOUNG_DROP_CROWDED, LABEL_DROP = 20.0, 16.0, 11.0
CHARACTER, LABEL_MARGIN, LABEL_MOST = 6.9, 14.0, 190.0
CROWDED = 60
FILLED, FILLED_CROWDED = 0.5, 0.42
SPRINGS = 300
RANK = 0.45
SEED = 20261123
ROUNDS, ROUNDS_MANY = 500, 200
DIGITS = 5
GRAIN, EVENINGS, FEW = 12.0, 8, 12


def boxes(nodes: Mapping[Party, str]) -> dict[Party, Point]:
    """Width and height in pixels of what is drawn at each node, its label included.

    Above `CROWDED` nodes the labels of entities show only on a closer look, so that a symbol needs its own room alone.
    """
    crowded = len(nodes) > CROWDED
    return {party: _box(party, label, crowded) for party, label in nodes.items()}


def drop(party: Party, crowded: bool) -> float:
    """How many pixels the middle of a box is below the place of its node."""
    if party.young:
        return YOUNG_DROP_CROWDED if crowded else YOUNG_DROP
    return 0.0 if crowded else LABEL_DROP


def _box(party: Party, label: str, crowded: bool) -> Point:
    if party.young:
        return YOUNG_BOX_CROWDED if crowded else YOUNG_BOX
    if crowded:
        return SYMBOL, SYMBOL
    return min(max(SYMBOL, CHARACTER * len(label) + LABEL_MARGIN), LABEL_MOST), LABEL_HEIGHT


def scale(nodes: Mapping[Party, str]) -> float:
    """How many times larger than `BOX` the ground is on which all boxes of `nodes` have room; 1 at least."""
    filled = FILLED_CROWDED if len(nodes) > CROWDED else FILLED
    area = sum(width * height for width, height in boxes(nodes).values())
    return float(max(1.0, np.sqrt(area / (filled * BOX[0] * BOX[1]))))


def layout(
    nodes: Mapping[Party, str], edges: Iterable[tuple[Party, Party]], before: Mapping[Party, Point] | None = None
) -> dict[Party, Point]:
    """Where each node stands, as shares (0 to 1) of the width and height of a ground as long as `BOX`.

    `nodes` gives each its label. Those in `before` stand where they stood; new ones are placed near their neighbours,
    or where there is room. The same nodes and edges give the same places, whatever their order.
    """
    if not nodes:
        return {}
    names = sorted(nodes)
    pairs = sorted({(min(e), max(e)) for e in edges if e[0] != e[1] and e[0] in nodes and e[1] in nodes})
    known = {p: before[p] for p in names if p in before} if before else {}
    if len(known) == len(names):
        return known
    ground = np.array(BOX) * scale(nodes)
    each = boxes(nodes)
    size = np.array([each[p] for p in names])
    below = np.array([(0.0, drop(p, len(nodes) > CROWDED)) for p in names])
    if known:
        placed = {n: np.array(known[p]) * ground + below[n] for n, p in enumerate(names) if p in known}
        places = _beside(names, pairs, placed, size, ground)
    else:
        places = _apart(_evened(_spread(_springs(names, pairs), size, ground), size, ground), size, ground)
    places -= below
    found = {
        p: (round(x, DIGITS), round(y, DIGITS)) for p, (x, y) in zip(names, (places / ground).tolist(), strict=True)
    }
    return found | known


def _springs(names: list[Party], pairs: list[tuple[Party, Party]]) -> Points:
    """(n, 2) in no unit: nodes tied are near."""
    number = {p: n for n, p in enumerate(names)}
    graph = igraph.Graph(len(names), edges=[(number[a], number[b]) for a, b in pairs])
    with CHANCE:
        igraph.set_random_number_generator(random.Random(SEED))
        try:
            if len(names) <= SPRINGS:
                drawn = graph.layout_kamada_kawai()
            else:
                start = np.random.default_rng(SEED).random((len(names), 2)).tolist()
                drawn = graph.layout_fruchterman_reingold(niter=200, seed=start, grid=True)
        finally:
            igraph.set_random_number_generator(random)
    return np.array(drawn.coords).reshape(-1, 2)


def _spread(places: Points, size: Points, ground: Points) -> Points:
    """Turned to the long axis; each axis partly by rank, so that no corner stays empty, and partly by distance."""
    if len(places) == 1:
        return ground[None] / 2
    centred = places - places.mean(axis=0)
    turned = centred @ np.linalg.svd(centred, full_matrices=False)[2].T
    turned *= np.where(turned[np.abs(turned).argmax(axis=0), (0, 1)] < 0, -1, 1)
    reach = np.maximum(np.ptp(turned, axis=0), 1e-9)
    rank = turned.round(9).argsort(axis=0, kind="stable").argsort(axis=0) / (len(places) - 1)
    share = RANK * rank + (1 - RANK) * (turned - turned.min(axis=0)) / reach
    spread: Points = size / 2 + share * (ground - size)
    return spread


def _evened(places: Points, size: Points, ground: Points) -> Points:
    """Half-way steps to the middle of what is nearest to each (S. P. Lloyd's relaxation), so that no hole stays."""
    steps = [np.linspace(0, g, round(g / GRAIN)) for g in ground]
    grid = np.stack(np.meshgrid(*steps), axis=-1).reshape(-1, 2)
    for _ in range(EVENINGS if len(places) > FEW else 0):
        owner = cKDTree(places).query(grid)[1]
        mine = np.bincount(owner, minlength=len(places))
        middle = (
            np.stack([np.bincount(owner, grid[:, a], len(places)) for a in (0, 1)], axis=1)
            / np.maximum(mine, 1)[:, None]
        )
        places = np.where(mine[:, None] > 0, (places + middle) / 2, places)
    return np.clip(places, size / 2, ground - size / 2)


def _apart(places: Points, size: Points, ground: Points) -> Points:
    """Push boxes that overlap apart along their shorter way; the last that still do go to where there is room."""
    places = places.copy()
    reach = float(size.max())
    for _ in range(ROUNDS if len(places) <= SPRINGS else ROUNDS_MANY):
        one, other, over, way = _overlaps(places, size, reach)
        if not len(one):
            return places
        axis = over.argmin(axis=1)
        rows = np.arange(len(one))
        push = (over[rows, axis] / 2 + 0.5) * np.where(way[rows, axis] < 0, -1, 1) * 0.7
        np.subtract.at(places, (one, axis), push)
        np.add.at(places, (other, axis), push)
        places = np.clip(places, size / 2, ground - size / 2)
    if len(places) <= 2 * SPRINGS:
        area = size.prod(axis=1)
        one, other, *_ = _overlaps(places, size, reach)
        for n in sorted(set(np.where(area[one] < area[other], one, other).tolist()), key=lambda n: (-area[n], n)):
            others = np.arange(len(places)) != n
            places[n] = _free(places[n], size[n], places[others], size[others], ground)
    return places


def _overlaps(places: Points, size: Points, reach: float) -> tuple[NDArray[np.intp], NDArray[np.intp], Points, Points]:
    pairs = cKDTree(places).query_pairs(reach, p=np.inf, output_type="ndarray")
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    one, other = pairs[:, 0], pairs[:, 1]
    way = places[other] - places[one]
    over = (size[one] + size[other]) / 2 - np.abs(way)
    found = (over > 1e-6).all(axis=1)
    return one[found], other[found], over[found], way[found]


def _beside(
    names: list[Party], pairs: list[tuple[Party, Party]], placed: Mapping[int, Points], size: Points, ground: Points
) -> Points:
    """Known nodes where they were; each new one where there is room, near the middle of its placed neighbours."""
    number = {p: n for n, p in enumerate(names)}
    near: dict[int, set[int]] = {n: set() for n in range(len(names))}
    for a, b in pairs:
        near[number[a]].add(number[b])
        near[number[b]].add(number[a])
    places = np.zeros((len(names), 2))
    done = set(placed)
    for n, at in placed.items():
        places[n] = at
    left = [n for n in range(len(names)) if n not in done]
    while left:
        n = max(left, key=lambda n: (len(near[n] & done), -n))
        left.remove(n)
        wish = _middle(near[n] & done, places, ground)
        others = sorted(done)
        places[n] = _free(wish, size[n], places[others], size[others], ground)
        done.add(n)
    return places


def _middle(neighbours: Collection[int], places: Points, ground: Points) -> Points:
    middle: Points = places[sorted(neighbours)].mean(axis=0) if neighbours else ground * (0.5, 1.0)
    return middle


def _free(wish: Points, size: Points, places: Points, sizes: Points, ground: Points) -> Points:
    """The place nearest to `wish` where a box of `size` overlaps none of the others; else where it overlaps least."""
    steps = [np.linspace(s / 2, g - s / 2, 48) for s, g in zip(size, ground, strict=True)]
    grid = np.stack(np.meshgrid(*steps), axis=-1).reshape(-1, 2)
    tried = np.vstack((np.clip(wish, size / 2, ground - size / 2), grid))
    over = (size + sizes) / 2 - np.abs(tried[:, None] - places)
    taken = np.clip(over, 0, None).prod(axis=2).sum(axis=1).round(6)
    best: Points = tried[np.lexsort((((tried - wish) ** 2).sum(axis=1).round(6), taken))[0]]
    return best
