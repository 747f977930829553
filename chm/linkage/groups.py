"""Groups of young people: who is connected at all, who forms a community, and what they share."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

import igraph
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from chm.linkage.graph import Network, Numbers
from chm.linkage.rules import Communities, Strength
from chm.linkage.ties import YOUNG_PERSON, Confidence, Party

Group = tuple[str, ...]
# igraph has one source of chance for the whole process.
CHANCE = Lock()


def component_of(shared: csr_array, min_shared: int = 1) -> Numbers:
    """(n,): number of each young person's connected component, joined where a pair shares `min_shared` or more."""
    joined = shared.copy()
    joined.data = (shared.data >= min_shared).astype(np.int8)
    joined.eliminate_zeros()
    components: Numbers = connected_components(joined, directed=False)[1]
    return components


def sizes(network: Network, min_shared: int = 1) -> list[int]:
    """Sizes of the groups, largest first; a young person with no link is a group of one."""
    found: list[int] = np.bincount(component_of(network.shared, min_shared)).tolist()
    return sorted((n for n in found if n), reverse=True)


def components(network: Network, min_shared: int = 1) -> list[Group]:
    """Connected groups, largest first, those of one size by their first young person."""
    return _grouped(network, component_of(network.shared, min_shared).tolist())


def communities(network: Network, rule: Strength, how: Communities) -> list[Group]:
    """Communities of the projection, weighed by strength: Leiden with modularity (Traag, Waltman and van Eck 2019).

    The same network gives the same communities, whatever the order of its ties.
    """
    weights = network.strength(rule)
    weights.sort_indices()
    pairs = weights.tocoo()
    graph = igraph.Graph(len(network.young_people), edges=np.column_stack((pairs.row, pairs.col)))
    with CHANCE:
        igraph.set_random_number_generator(random.Random(how.seed))
        try:
            found = graph.community_leiden(
                "modularity", weights=pairs.data.tolist(), resolution=how.resolution, n_iterations=-1
            )
        finally:
            igraph.set_random_number_generator(random)
    return _grouped(network, found.membership)


def _grouped(network: Network, labels: list[int]) -> list[Group]:
    found: dict[int, list[str]] = {}
    for id, label in zip(network.young_people, labels, strict=True):
        found.setdefault(label, []).append(id)
    return sorted(map(tuple, found.values()), key=lambda group: (-len(group), group))


@dataclass(frozen=True)
class SharedEntity:
    """An entity with the young people tied to it by a harmful link.

    Attributes:
        combined: combined scores of those whose score is known, highest first (a spread, never one invented total).
        last: latest day of its ties, None where none is dated. boroughs, agencies: each once, in order.
        weakest, best: confidence of its ties, None where nobody is tied.
    """

    entity: Party
    young_people: tuple[str, ...]
    combined: tuple[int, ...]
    last: date | None
    weakest: Confidence | None
    best: Confidence | None
    agencies: tuple[str, ...]
    boroughs: tuple[str, ...]


def shared_entities(
    network: Network, combined: Mapping[str, int], borough: Mapping[str, str], least: int = 2
) -> list[SharedEntity]:
    """Entities that at least `least` young people share, most shared first, then by kind and id."""
    return [
        _shared_entity(network, network.entities[c], combined, borough)
        for c in by_popularity(network)
        if network.popularity[c] >= least
    ]


def by_popularity(network: Network) -> list[int]:
    """Columns of the entities: most young people first, then by kind and id."""
    order: list[int] = np.argsort(-network.popularity, kind="stable").tolist()
    return order


def _shared_entity(
    network: Network, entity: Party, combined: Mapping[str, int], borough: Mapping[str, str]
) -> SharedEntity:
    rows = network.tied[:, [network.column[entity]]].nonzero()[0]
    names = [network.young_people[n] for n in rows.tolist()]
    ties = network.in_order(t for id in names for t in network.evidence(Party(YOUNG_PERSON, id), entity))
    sure = sorted((t.confidence for t in ties), key=lambda c: c.rank)
    return SharedEntity(
        entity=entity,
        young_people=tuple(names),
        combined=tuple(sorted((combined[id] for id in names if id in combined), reverse=True)),
        last=max((t.end for t in ties if t.end), default=None),
        weakest=sure[0] if sure else None,
        best=sure[-1] if sure else None,
        agencies=_once(t.agency for t in ties),
        boroughs=_once(borough.get(id, "") for id in names),
    )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({w for w in words if w}))
