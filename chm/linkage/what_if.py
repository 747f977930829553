"""What would change were several entities removed together, and what rests on one entity or stands behind one level."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from chm.errors import Faults
from chm.linkage.graph import Network
from chm.linkage.groups import sizes
from chm.linkage.rules import Strength
from chm.linkage.ties import YOUNG_PERSON, Confidence, Party, Tie


@dataclass(frozen=True)
class State:
    """A network in numbers.

    Attributes:
        pairs: of young people who are linked. groups: sizes, largest first. unlinked: young people with no link.
        weight: strength of all links together, by Newman's weights.
    """

    pairs: int
    groups: tuple[int, ...]
    unlinked: int
    weight: float

    @property
    def largest_group(self) -> int:
        """Young people in the largest group; 0 where there is nobody."""
        return max(self.groups, default=0)


@dataclass(frozen=True)
class Change:
    """What removing `removed` together would change.

    Attributes:
        pairs_lost: the pairs with no link left. isolated: young people linked before and to nobody after.
        after_network: the network then, to draw.
    """

    removed: tuple[Party, ...]
    before: State
    after: State
    pairs_lost: tuple[tuple[str, str], ...]
    isolated: tuple[str, ...]
    after_network: Network


def state(network: Network, rule: Strength) -> State:
    """`network` in numbers."""
    return State(
        pairs=network.shared.nnz,
        groups=tuple(sizes(network)),
        unlinked=int((network.degree == 0).sum()),
        weight=float(network.strength(rule).sum()),
    )


def compare(network: Network, removed: Collection[Party], rule: Strength) -> Change:
    """What removing all of `removed` would change; nothing for an entity that the network does not hold.

    Raises:
        Faults: `removed` holds a young person.
    """
    if any(p.young for p in removed):
        raise Faults(["A young person is never removed; choose a place, a person of concern, a vehicle or an account"])
    after = network.without(removed)
    left = after.shared.copy()
    left.data = np.ones_like(left.data)
    had = network.shared.copy()
    had.data = np.ones_like(had.data)
    gone = (had - left).tocoo()
    names = network.young_people
    cells = zip(gone.row.tolist(), gone.col.tolist(), gone.data.tolist(), strict=True)
    cut = (network.degree > 0) & (after.degree == 0)
    return Change(
        removed=tuple(sorted(set(removed))),
        before=state(network, rule),
        after=state(after, rule),
        pairs_lost=tuple(sorted((names[i], names[j]) for i, j, lost in cells if lost)),
        isolated=tuple(names[n] for n in np.flatnonzero(cut).tolist()),
        after_network=after,
    )


@dataclass(frozen=True)
class Behind:
    """A party with the records that tie a young person to it: ids, each once, and how sure the best of them is."""

    party: Party
    evidence: tuple[str, ...]
    best: Confidence


def behind(network: Network, young_person: str) -> tuple[tuple[Behind, ...], tuple[Behind, ...]]:
    """What a young person's Places and Peers levels may rest on: harmful links to places, and to people and groups.

    People are persons, groups and the young people linked directly; each by kind and id. Nothing where the network
    does not hold the young person.
    """
    row = network.row.get(young_person)
    if row is None:
        return (), ()
    me = Party(YOUNG_PERSON, young_person)
    tied = [network.entities[c] for c in network.tied[[row]].indices.tolist()]
    linked = (network.direct[[row]] + network.direct[:, [row]].T).indices.tolist()
    others = [Party(YOUNG_PERSON, network.young_people[n]) for n in linked]
    places = [e for e in tied if e.kind == "place"]
    people = [e for e in tied if e.kind in ("person", "group")] + others
    return tuple(_behind(network, me, places)), tuple(_behind(network, me, people))


def resting_on(network: Network, entity: Party) -> tuple[Behind, ...]:
    """The young people tied to `entity` by a harmful link, by id, each with the records that say so."""
    column = network.column.get(entity)
    rows = [] if column is None else network.tied[:, [column]].nonzero()[0].tolist()
    return tuple(_behind(network, entity, (Party(YOUNG_PERSON, network.young_people[n]) for n in rows)))


def _behind(network: Network, party: Party, others: Iterable[Party]) -> list[Behind]:
    return [_rests(other, network.evidence(party, other)) for other in sorted(others)]


def _rests(party: Party, ties: Collection[Tie]) -> Behind:
    best = max((t.confidence for t in ties), key=lambda c: c.rank)
    return Behind(party, tuple(dict.fromkeys(t.id for t in ties)), best)
