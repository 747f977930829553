"""What disrupting an entity would change, for every entity in one pass and exactly.

A pair is lost where the entity alone holds it. The largest group after comes from the block-cut tree (J. Hopcroft and
R. Tarjan, Algorithm 447: efficient algorithms for graph manipulation, Communications of the ACM 16, 1973): only a cut
node breaks a group. A young person is never removed, and a child is never ranked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

import igraph
import numpy as np
from scipy.sparse import csr_array

from chm.linkage.graph import COUNT_BIT, Network, Numbers, row_numbers
from chm.linkage.groups import component_of, sizes
from chm.linkage.rules import Strength
from chm.linkage.ties import Party

DISRUPTED = ("account", "person", "place", "vehicle")
MOST_PAIRS, MOST_TRIED = 20_000, 50_000


@dataclass(frozen=True, eq=False)
class Effects:
    """What removing each of m entities alone would change; each (m,), by the network's columns."""

    pairs_lost: Numbers
    isolated: Numbers
    largest_group: Numbers


@dataclass(frozen=True)
class Option:
    """What removing one entity would change.

    Attributes:
        pairs_lost: pairs of young people who would lose their last link. isolated: young people left with none.
        largest_group_after: young people in the largest group then left.
        weight_lost: strength of all links that goes with it (Newman's weights; k / 2 where k share it).
        protects: young people whom the same entity keeps safe by other ties, which stay; ask before acting.
    """

    entity: Party
    pairs_lost: int
    isolated: int
    largest_group_after: int
    weight_lost: float
    protects: int


@dataclass(frozen=True)
class Together:
    """A set of entities chosen to be removed together, and how far that is from the best set of its size.

    Attributes:
        entities: in the order chosen. best, best_pairs_lost: the best set there is, None where too many to try.
    """

    entities: tuple[Party, ...]
    pairs_lost: int
    largest_group_after: int
    best: tuple[Party, ...] | None
    best_pairs_lost: int | None


def effects(network: Network) -> Effects:
    """What removing each entity alone would change, all in one pass."""
    return Effects(pairs_lost(network), _isolated(network), _largest_group(network))


def pairs_lost(network: Network) -> Numbers:
    """(m,): pairs that each entity alone holds."""
    holders = network.holders.data
    alone = holders[holders >> COUNT_BIT == 1] - (1 << COUNT_BIT)
    return np.bincount(alone, minlength=len(network.entities) + 1)[1:]


def _isolated(network: Network) -> Numbers:
    """(m,): young people to whom each entity is the only thing they share with anybody."""
    n, m = network.tied.shape
    shares = csr_array(
        ((network.popularity > 1)[network.tied.indices], network.tied.indices, network.tied.indptr), shape=(n, m)
    )
    alone = (shares.sum(axis=1) == 1) & (network.direct.sum(axis=0) + network.direct.sum(axis=1) == 0)
    rows, columns = shares.nonzero()
    return np.bincount(columns[alone[rows]], minlength=m)


def _largest_group(network: Network) -> Numbers:
    """(m,): young people in the largest group after each entity's removal.

    Young people whom two or more things hold together stay together whichever one goes. So they are one node here, and
    what is left is small: those nodes, and the entities that join several of them.
    """
    n, m = network.tied.shape
    counts = network.shared
    firm = component_of(counts, 2).astype(np.int64)
    people = np.bincount(firm)
    node, entity = np.divmod(np.unique(firm[row_numbers(network.tied)] * m + network.tied.indices), max(m, 1))
    joins = np.bincount(entity, minlength=m)[entity] > 1
    linked = network.direct.tocoo()
    one, other = firm[linked.row], firm[linked.col]
    edges = np.column_stack(
        (
            np.concatenate((node[joins], one[one != other])),
            np.concatenate((entity[joins] + len(people), other[one != other])),
        )
    )
    graph = igraph.Graph(len(people) + m, edges=edges)
    weight = np.concatenate((people, np.zeros(m, dtype=np.int64)))
    group = np.array(graph.connected_components().membership, dtype=np.int64)
    whole = np.bincount(group, weights=weight).astype(np.int64)
    after = np.full(m, whole.max(initial=0))
    order = np.argsort(-whole, kind="stable")
    second = whole[order[1]] if len(order) > 1 else 0
    for cut, pieces in _pieces(graph, weight.tolist()):
        if cut >= len(people):
            here = group[cut]
            rest = int(whole[here]) - sum(pieces)
            after[cut - len(people)] = max(*pieces, rest, second if here == order[0] else whole[order[0]])
    return after


def _pieces(graph: igraph.Graph, weight: list[int]) -> Iterator[tuple[int, list[int]]]:
    """Each cut node of `graph` with the weights of the pieces below it in the block-cut tree, rooted anywhere.

    The piece above is what is left of its component.
    """
    blocks, cuts = graph.biconnected_components(return_articulation_points=True)
    cut = set(cuts)
    inside = [list(block) for block in blocks]
    around: dict[int, list[int]] = {node: [] for node in cuts}
    for number, block in enumerate(inside):
        for node in cut.intersection(block):
            around[node].append(number)
    # The walk takes the tree from each root down, so that backwards every block comes after all that hangs below it.
    above: dict[int, int | None] = {}
    order: list[int] = []
    for root in range(len(inside)):
        stack = [] if root in above else [root]
        above.setdefault(root, None)
        while stack:
            number = stack.pop()
            order.append(number)
            for node in cut.intersection(inside[number]) - {above[number]}:
                for below in around[node]:
                    if below != number:
                        above[below] = node
                        stack.append(below)
    pieces: dict[int, list[int]] = {node: [] for node in cuts}
    for number in reversed(order):
        top = above[number]
        total = sum(weight[node] + sum(pieces.get(node, ())) for node in inside[number] if node != top)
        if top is not None:
            pieces[top].append(total)
    return iter(pieces.items())


def ranked(network: Network, rule: Strength, never: Collection[Party] = ()) -> list[Option]:
    """Every place, person, vehicle and account tied to a young person, by what its removal would change, most first.

    Those of `never` (children) and what only protects are left out. Order: pairs lost, isolated, then kind and id.
    """
    found = effects(network)
    columns = _candidates(network, never)
    columns.sort(key=lambda c: (-found.pairs_lost[c], -found.isolated[c], c))
    protected = {(e, p) for t in network.protective for e in t.parties for p in t.parties if p.young and not e.young}
    protects = Counter(entity for entity, _ in protected)
    return [
        Option(
            entity=network.entities[c],
            pairs_lost=int(found.pairs_lost[c]),
            isolated=int(found.isolated[c]),
            largest_group_after=int(found.largest_group[c]),
            weight_lost=rule.shared * (k / 2 if (k := int(network.popularity[c])) > 1 else 0),
            protects=protects[network.entities[c]],
        )
        for c in columns
    ]


def together(network: Network, k: int, never: Collection[Party] = ()) -> Together:
    """k entities to remove together: each in turn the one that loses most pairs, then the one most shared.

    Losing pairs is not submodular, as a pair that two hold is lost only with both, so turns may miss the best set; that
    is found beside them, by branch and bound, where the network is small.
    """
    candidates = _candidates(network, never)
    chosen: list[int] = []
    rest = network
    for _ in range(min(k, len(candidates))):
        lost = pairs_lost(rest)
        left = (c for c in candidates if c not in chosen)
        chosen.append(min(left, key=lambda c: (-lost[c], -network.popularity[c], c)))
        rest = network.without(network.entities[c] for c in chosen)
    won = network.shared.nnz - rest.shared.nnz
    best = _best(network, candidates, chosen, won, k)
    return Together(
        entities=tuple(network.entities[c] for c in chosen),
        pairs_lost=won,
        largest_group_after=max(sizes(rest), default=0),
        best=None if best is None else tuple(network.entities[c] for c in best[1]),
        best_pairs_lost=None if best is None else best[0],
    )


def _best(network: Network, candidates: list[int], chosen: list[int], won: int, k: int) -> tuple[int, list[int]] | None:
    """The most pairs that any k of `candidates` lose and which; `chosen` where none beats `won`; None if too many."""
    if network.shared.nnz > MOST_PAIRS:
        return None
    held = _held(network, set(candidates), k)
    # A set loses at most the sum of its shares: a pair that t entities hold gives each of them 1 / t.
    share: Counter[int] = Counter()
    for holders, pairs in held.items():
        for c in holders:
            share[c] += pairs / len(holders)  # type: ignore[assignment]
    order = sorted(share, key=lambda c: (-share[c], c))
    best, tried = (won, chosen), 0
    stack: list[tuple[list[int], int]] = [([], 0)]
    while stack:
        taken, first = stack.pop()
        lost = sum(held[s] for size in range(1, len(taken) + 1) for s in combinations(sorted(taken), size))
        if lost > best[0]:
            best = lost, taken
        wanted = k - len(taken)
        for n in range(first, len(order) if wanted else first):
            if sum(share[c] for c in taken + order[n : n + wanted]) <= best[0]:
                break
            if (tried := tried + 1) > MOST_TRIED:
                return None
            stack.append(([*taken, order[n]], n + 1))
    return best


def _held(network: Network, candidates: set[int], k: int) -> Counter[tuple[int, ...]]:
    """How many pairs each set of up to k candidates holds, nothing else holding them."""
    rows = np.split(network.tied.indices, network.tied.indptr[1:-1])
    columns = [set(row.tolist()) for row in rows]
    direct = network.direct.tocoo()
    firm = set(zip(direct.row.tolist(), direct.col.tolist(), strict=True))
    pairs = network.shared.tocoo()
    between = zip(pairs.row.tolist(), pairs.col.tolist(), pairs.data.tolist(), strict=True)
    few = [(i, j) for i, j, count in between if count <= k and (i, j) not in firm]
    return Counter(tuple(sorted(both)) for i, j in few if (both := columns[i] & columns[j]) <= candidates)


def _candidates(network: Network, never: Collection[Party]) -> list[int]:
    """Columns of what may be ranked: an entity of a kind in `DISRUPTED` that a harmful tie joins to a young person."""
    return [
        c
        for c, (entity, k) in enumerate(zip(network.entities, network.popularity.tolist(), strict=True))
        if k and entity.kind in DISRUPTED and entity not in never
    ]
