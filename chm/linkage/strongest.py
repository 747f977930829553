"""Which nodes a picture keeps where the whole network is too much to read."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from chm.linkage.graph import Network, Numbers
from chm.linkage.ties import YOUNG_PERSON, Party

Pair = tuple[Party, Party]
PROTECTORS = 3


def strongest(
    network: Network, protects: Collection[Pair], fights: Collection[Pair], chosen: Collection[Party], most: int
) -> tuple[set[Party], int]:
    """The parties to draw, and how many more there are: every young person, and every entity that is tied to one.

    Where that is more than `most`, these are kept: `chosen`, however many; where no young person is chosen, the most
    linked in half of the room; the entities that protect them, in up to a third of what is left (1 / `PROTECTORS`);
    then the entities that most of them are tied to; and the young people most tied to all these.

    Args:
        protects, fights: pairs of a young person and another party, in this order.
    """
    young = np.ones(len(network.young_people), dtype=bool)
    guards, fought = _matrix(network, protects), _matrix(network, fights)
    drawn = ((network.tied + guards + fought).sum(axis=0) > 0).astype(bool)
    whole = int(young.sum() + drawn.sum())
    if whole > most:
        young, drawn = _part(network, guards, drawn, chosen, most)
    kept = {Party(YOUNG_PERSON, network.young_people[n]) for n in np.flatnonzero(young).tolist()}
    kept.update(network.entities[n] for n in np.flatnonzero(drawn).tolist())
    return kept, whole - len(kept)


def _part(
    network: Network, guards: csr_array, drawn: NDArray[np.bool_], chosen: Collection[Party], most: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which young people (n,) and which entities (m,) to keep."""
    young = np.array([Party(YOUNG_PERSON, id) in chosen for id in network.young_people], dtype=bool)
    entities = drawn & np.array([e in chosen for e in network.entities], dtype=bool)
    if not young.any():
        _fill(young, network.degree, most // 2)
    joins = ((network.tied + guards) > 0).astype(np.int64)
    room = max(most - int(young.sum() + entities.sum()), 0)
    _fill(entities, (guards.T @ young.astype(np.int64)) * drawn, int(entities.sum()) + room // PROTECTORS)
    # Of entities that join as many of the kept, the one that is tied to most young people at all goes first.
    popular = network.popularity / (len(network.young_people) + 1)
    near = joins.T @ young.astype(np.int64)
    _fill(entities, np.where(near > 0, near + popular, 0), most - int(young.sum()))
    beside = joins @ entities.astype(np.int64)
    linked = (network.direct + network.direct.T) @ young.astype(np.int64)
    _fill(young, beside + linked, most - int(entities.sum()))
    return young, entities


def _fill(kept: NDArray[np.bool_], weight: NDArray[np.float64] | Numbers, room: int) -> None:
    """Adds to `kept` what weighs most and more than nothing, till `room` are kept; of equals the first."""
    order = np.argsort(-weight, kind="stable")
    wanted = order[~kept[order] & (weight[order] > 0)]
    kept[wanted[: max(room - int(kept.sum()), 0)]] = True


def _matrix(network: Network, pairs: Collection[Pair]) -> csr_array:
    """(n, m) of 0 and 1: which young person each entity is paired with."""
    cells = [(network.row[one.id], network.column[other]) for one, other in pairs if not other.young]
    rows, columns = np.array(cells, dtype=np.int32).reshape(-1, 2).T
    return csr_array((np.ones(len(cells), dtype=np.int32), (rows, columns)), shape=network.tied.shape)
