"""Ties to a network: who is tied to what, and the projection that says what each two young people share.

The two-mode matrix has a row for each young person and a column for each entity (L. C. Freeman and colleagues call it
the membership matrix); its product with its own transpose counts what each pair shares (R. L. Breiger, The duality of
persons and groups, Social Forces 53, 1974).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from chm.linkage.rules import Strength
from chm.linkage.ties import YOUNG_PERSON, Confidence, Influence, Party, Tie, folded, young_people

Numbers = NDArray[np.int64]
# Two sums in one integer: how many hold a pair, above this bit; their numbers added up, below it.
COUNT_BIT = 40


@dataclass(frozen=True, eq=False)
class Network:
    """n young people, m entities, and what ties them; protective and conflict ties stand apart and link nobody.

    Attributes:
        young_people: n ids in order; entities: m parties in order.
        ties: the harmful ties; protective, conflicts: the others (a tie may be in both).
        tied: (n, m) of 0 and 1. direct: (n, n) of 0 and 1, upper triangle: pairs linked with nothing between them.
    """

    young_people: tuple[str, ...]
    entities: tuple[Party, ...]
    ties: tuple[Tie, ...]
    protective: tuple[Tie, ...]
    conflicts: tuple[Tie, ...]
    tied: csr_array
    direct: csr_array

    @cached_property
    def row(self) -> dict[str, int]:
        """Row of each young person."""
        return {id: n for n, id in enumerate(self.young_people)}

    @cached_property
    def column(self) -> dict[Party, int]:
        """Column of each entity."""
        return {entity: n for n, entity in enumerate(self.entities)}

    @cached_property
    def popularity(self) -> Numbers:
        """(m,): how many young people are tied to each entity."""
        return np.bincount(self.tied.indices, minlength=len(self.entities))

    @cached_property
    def holders(self) -> csr_array:
        """(n, n), upper triangle: how many hold each pair, shifted by `COUNT_BIT`, plus the sum of their numbers.

        An entity's number is its column + 1, a direct link's is 0: where one alone holds a pair, the sum names it.
        """
        one = np.int64(1 << COUNT_BIT)
        numbered = self.tied.astype(np.int64)
        numbered.data = self.tied.indices + (one + 1)
        return _upper(_added(numbered @ self.tied.T, self.direct, one))

    @cached_property
    def shared(self) -> csr_array:
        """(n, n), upper triangle: the projection, how many entities each pair shares, a direct link being one more."""
        counts = self.holders.copy()
        counts.data >>= COUNT_BIT
        return counts

    @cached_property
    def degree(self) -> Numbers:
        """(n,): to how many others each young person is linked."""
        pairs = self.shared.tocoo()
        return np.bincount(np.concatenate((pairs.row, pairs.col)), minlength=len(self.young_people))

    def strength(self, rule: Strength) -> csr_array:
        """(n, n), upper triangle: each pair's weight by Newman's rule, which damps hubs (`data/linkage.yaml`)."""
        spread = self.tied.astype(float)
        spread.data = rule.shared / np.maximum(self.popularity - 1, 1)[self.tied.indices]
        return _upper(_added(spread @ self.tied.T, self.direct, rule.direct))

    def without(self, entities: Iterable[Party]) -> Network:
        """The network were all `entities` removed together; no young person, no tie's record and no protection goes."""
        gone = set(entities)
        kept = np.array([e not in gone for e in self.entities], dtype=bool)[self.tied.indices]
        return replace(self, tied=_ones(row_numbers(self.tied)[kept], self.tied.indices[kept], self.tied.shape))

    @cached_property
    def _pair_ties(self) -> dict[tuple[Party, Party], list[Tie]]:
        return folded(self.ties)

    @cached_property
    def _event_ties(self) -> dict[Party, dict[str, list[Tie]]]:
        found: defaultdict[Party, dict[str, list[Tie]]] = defaultdict(dict)
        for tie in self.ties:
            for party in tie.parties if tie.event else ():
                found[party].setdefault(tie.event, []).append(tie)
        return found

    @cached_property
    def _placed_events(self) -> set[str]:
        return {t.event for t in self.ties for p in t.parties if not p.young}

    def evidence(self, one: Party, other: Party) -> tuple[Tie, ...]:
        """The harmful ties behind one tie of the network: those between the two, and of each event that has both
        without tying them, all its ties to either.
        """
        ties = list(self._pair_ties.get((min(one, other), max(one, other)), ()))
        stated = {t.event for t in ties}
        mine, theirs = self._event_ties.get(one, {}), self._event_ties.get(other, {})
        for event in (mine.keys() & theirs.keys()) - stated:
            if not (one.young and other.young and event in self._placed_events):
                ties += mine[event] + theirs[event]
        return self.in_order(ties)

    def in_order(self, ties: Iterable[Tie]) -> tuple[Tie, ...]:
        """Harmful `ties`, each once, as recorded."""
        return tuple(sorted(set(ties), key=lambda t: self._place[t]))

    @cached_property
    def _place(self) -> dict[Tie, int]:
        return {tie: n for n, tie in enumerate(self.ties)}


def build(ties: Sequence[Tie], everybody: Iterable[str] = ()) -> Network:
    """The network of `ties`, in which every young person of `everybody` has a row, tied or not.

    An event adds no count of its own: each young person on it is tied to each entity on it; where it has no entity,
    its young people are linked directly.
    """
    names = sorted(young_people(ties).union(everybody))
    entities = sorted({p for t in ties for p in t.parties if not p.young})
    number = {Party(YOUNG_PERSON, id): n for n, id in enumerate(names)} | {e: n for n, e in enumerate(entities)}
    harmful = tuple(t for t in ties if t.harmful)
    tied: set[tuple[int, int]] = set()
    direct: set[tuple[int, int]] = set()
    events: defaultdict[str, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for tie in harmful:
        young = sorted(number[p] for p in tie.parties if p.young)
        others = [number[p] for p in tie.parties if not p.young]
        tied.update(product(young, others))
        direct.update(combinations(young, 2))
        if tie.event:
            events[tie.event][0].update(young)
            events[tie.event][1].update(others)
    for on_it, there in events.values():
        if there:
            tied.update(product(on_it, there))
        else:
            direct.update(combinations(sorted(on_it), 2))
    return Network(
        young_people=tuple(names),
        entities=tuple(entities),
        ties=harmful,
        protective=tuple(t for t in ties if t.protective),
        conflicts=tuple(t for t in ties if t.conflict),
        tied=_ones(*_columns(tied), (len(names), len(entities))),
        direct=_ones(*_columns(direct), (len(names), len(names))),
    )


@dataclass(frozen=True)
class Link:
    """What links two young people, with the evidence behind it.

    Attributes:
        shared: the entities both are tied to; direct: whether they are also tied to each other.
        evidence: ids of the ties behind it, each once.
        first, last: their earliest and latest day (last is `ONGOING` for a tie without an end), None where undated.
        weakest, best: confidence of that evidence. influence: harmful where any of it is.
        overlap: whether both were tied to the same thing on the same days; None where the dates do not tell.
        strength: Newman's weight.
    """

    pair: tuple[str, str]
    shared: tuple[Party, ...]
    direct: bool
    evidence: tuple[str, ...]
    first: date | None
    last: date | None
    weakest: Confidence
    best: Confidence
    influence: Influence
    overlap: bool | None
    strength: float

    @property
    def count(self) -> int:
        """How many things the two share, the direct link being one."""
        return len(self.shared) + self.direct


def links(network: Network, rule: Strength, among: Collection[str] | None = None) -> list[Link]:
    """The links between the young people of `among` (all unless given), strongest first."""
    wanted = np.array([among is None or id in among for id in network.young_people], dtype=bool)
    weights = network.strength(rule).tocoo()
    near = wanted[weights.row] & wanted[weights.col]
    found = [
        _link(network, i, j, weight)
        for i, j, weight in zip(
            weights.row[near].tolist(), weights.col[near].tolist(), weights.data[near].tolist(), strict=True
        )
    ]
    return sorted(found, key=lambda link: (-link.strength, link.pair))


def _link(network: Network, i: int, j: int, strength: float) -> Link:
    one, other = (Party(YOUNG_PERSON, network.young_people[n]) for n in (i, j))
    shared = [network.entities[c] for c in np.intersect1d(_columns_of(network, i), _columns_of(network, j)).tolist()]
    between = network.evidence(one, other)
    sides = [(network.evidence(one, e), network.evidence(other, e)) for e in shared]
    evidence = network.in_order(t for side in ((between,), *sides) for part in side for t in part)
    dated = [t for t in evidence if t.start and t.end]
    meet = [a.overlaps(b) for left, right in sides for a in left for b in right] + [t.overlaps(t) for t in between]
    return Link(
        pair=(one.id, other.id),
        shared=tuple(shared),
        direct=bool(between),
        evidence=tuple(dict.fromkeys(t.id for t in evidence)),
        first=min((t.start for t in dated if t.start), default=None),
        last=max((t.end for t in dated if t.end), default=None),
        weakest=min((t.confidence for t in evidence), key=lambda c: c.rank),
        best=max((t.confidence for t in evidence), key=lambda c: c.rank),
        influence=max((t.influence for t in evidence), key=lambda i: i == Influence.HARMFUL),
        overlap=True if True in meet else False if False in meet else None,
        strength=strength,
    )


def conflicts(network: Network, meeting: Collection[str]) -> tuple[Tie, ...]:
    """The conflict ties between young people whom an action or a meeting would bring together."""
    return tuple(t for t in network.conflicts if all(p.young and p.id in meeting for p in t.parties))


def _columns_of(network: Network, row: int) -> Numbers:
    indices: Numbers = network.tied.indices[network.tied.indptr[row] : network.tied.indptr[row + 1]]
    return indices


def _columns(pairs: set[tuple[int, int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    both = np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _ones(rows: NDArray[np.int32], columns: NDArray[np.int32], shape: tuple[int, int]) -> csr_array:
    return csr_array((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=shape)


def row_numbers(matrix: csr_array) -> NDArray[np.int32]:
    """Row number of each entry of `matrix`, in the order of its data."""
    return np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))


def _added(matrix: csr_array, direct: csr_array, weight: float | np.int64) -> csr_array:
    return matrix + direct.astype(matrix.dtype) * weight if direct.nnz else matrix


def _upper(matrix: csr_array) -> csr_array:
    """The part of a square `matrix` above its diagonal; several times as quick as `scipy.sparse.triu`."""
    rows = row_numbers(matrix)
    above = matrix.indices > rows
    ends = np.concatenate(([0], np.cumsum(np.bincount(rows[above], minlength=matrix.shape[0]))))
    return csr_array((matrix.data[above], matrix.indices[above], ends), shape=matrix.shape)
