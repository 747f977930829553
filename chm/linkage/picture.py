"""What a screen draws of a network: nodes by shape, lines by kind, the strongest part where the whole is too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chm.linkage.graph import Network
from chm.linkage.rules import Strength
from chm.linkage.shapes import NOT_KNOWN, Known, Shape, shapes
from chm.linkage.strongest import strongest
from chm.linkage.ties import YOUNG_PERSON, Confidence, Party, Tie, folded
from chm.linkage.view import LineKind

Pair = tuple[Party, Party]


@dataclass(frozen=True)
class Node:
    """A young person or an entity.

    Attributes:
        young_people: how many young people a harmful link joins to it; of what only protects, how many it protects.
        new: whether all that is known of it is from the chosen day on.
    """

    party: Party
    label: str
    kind: str
    shape: Shape
    score: int | None
    band: str | None
    judged: str | None
    masked: bool
    chosen: bool
    young_people: int
    new: bool


@dataclass(frozen=True)
class Line:
    """What ties a young person to an entity, or two young people directly; a pair has one line of each kind at most.

    Attributes:
        confidence, weakest: the best and the weakest of its evidence. evidence: ids of the records, each once.
        strength: 0 to 1 by Newman's weight, 0 where it joins nobody; 1 for protection and conflict, never weighed.
        first, last: as of a `Link`. new: whether all that is known of the pair is from the chosen day on.
    """

    one: Party
    other: Party
    influence: LineKind
    confidence: Confidence
    weakest: Confidence
    strength: float
    evidence: tuple[str, ...]
    first: date | None
    last: date | None
    new: bool


@dataclass(frozen=True)
class Picture:
    """Nodes, young people first; lines; and how many nodes are left out."""

    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    left_out: int


def draw(
    network: Network,
    known: Known,
    rule: Strength,
    most: int,
    *,
    chosen: Collection[Party] = (),
    new_since: date | None = None,
    history: Iterable[Tie] | None = None,
) -> Picture:
    """The picture of `network`: all of it, or its `strongest` part of `most` nodes with all of `chosen`.

    Args:
        chosen: young people and entities. new_since: a day; what `history`, the ties of all time (unless given, those
            of the network), knows from before it, or has undated, is not new.
    """
    protects = _by_pair(t for t in network.protective if not t.conflict)
    fights = _by_pair(network.conflicts)
    kept, left_out = strongest(network, protects, fights, chosen, most)
    before = network.ties + network.protective + network.conflicts if history is None else history
    first = _first_days(before) if new_since else {}
    young_people = _young_people(network, protects)
    shape = shapes(network, known)

    def new(key: Party | Pair, evidence: Sequence[Tie] = ()) -> bool:
        days = [first.get(key, date.max if evidence else date.min), *(t.start or date.min for t in evidence)]
        return new_since is not None and min(days) >= new_since

    nodes = []
    for party in sorted(kept, key=lambda p: (not p.young, p)):
        label = known.labels.get(party, NOT_KNOWN)
        nodes.append(
            Node(
                party=party,
                label=label.text,
                kind=party.kind,
                shape=shape[party],
                score=label.score,
                band=label.band,
                judged=label.judged,
                masked=label.masked,
                chosen=party in chosen,
                young_people=young_people[party],
                new=new(party),
            )
        )
    lines = [
        _line(pair, evidence, strength, new(pair, evidence))
        for pair, evidence, strength in _drawn(network, rule, kept, (protects, fights))
    ]
    return Picture(tuple(nodes), tuple(lines), left_out)


def _drawn(
    network: Network, rule: Strength, kept: set[Party], others: Sequence[dict[Pair, list[Tie]]]
) -> Iterator[tuple[Pair, Sequence[Tie], float]]:
    """Each pair of `kept` parties that a line joins, with its evidence and its strength."""
    top = max(rule.shared, rule.direct)
    people = [Party(YOUNG_PERSON, id) for id in network.young_people]
    for one, i in ((p, network.row[p.id]) for p in people if p in kept):
        for column in network.tied.indices[network.tied.indptr[i] : network.tied.indptr[i + 1]].tolist():
            entity, k = network.entities[column], int(network.popularity[column])
            if entity in kept:
                yield (one, entity), network.evidence(one, entity), rule.shared / (k - 1) / top if k > 1 else 0.0
    direct = network.direct.tocoo()
    for i, j in zip(direct.row.tolist(), direct.col.tolist(), strict=True):
        if people[i] in kept and people[j] in kept:
            yield (people[i], people[j]), network.evidence(people[i], people[j]), rule.direct / top
    for pairs in others:
        yield from ((pair, ties, 1.0) for pair, ties in pairs.items() if kept.issuperset(pair))


def _line(pair: Pair, evidence: Sequence[Tie], strength: float, new: bool) -> Line:
    sure = sorted((t.confidence for t in evidence), key=lambda c: c.rank)
    return Line(
        one=pair[0],
        other=pair[1],
        influence=max(map(LineKind.of, evidence), key=lambda kind: kind == LineKind.HARMFUL),
        confidence=sure[-1],
        weakest=sure[0],
        strength=strength,
        evidence=tuple(dict.fromkeys(t.id for t in evidence)),
        first=min((t.start for t in evidence if t.start), default=None),
        last=max((t.end for t in evidence if t.end), default=None),
        new=new,
    )


def _by_pair(ties: Iterable[Tie]) -> dict[Pair, list[Tie]]:
    """Ties that touch a young person, under their pair, the young person first."""
    pairs = folded(t for t in ties if t.one.young or t.other.young)
    return {(one, other) if one.young else (other, one): same for (one, other), same in pairs.items()}


def _first_days(ties: Iterable[Tie]) -> dict[Party | Pair, date]:
    """The earliest day of each party and each pair; the first of all days where some tie is undated."""
    first: dict[Party | Pair, date] = {}
    for tie in ties:
        one, other = tie.parties
        for key in (one, other, (one, other), (other, one)):
            first[key] = min(first.get(key, date.max), tie.start or date.min)
    return first


def _young_people(network: Network, protects: Iterable[Pair]) -> dict[Party, int]:
    """Of each party: how many young people it is linked to; an entity that links nobody: how many it protects."""
    protected = Counter(other for _, other in protects)
    joined = zip(network.entities, network.popularity.tolist(), strict=True)
    linked = zip(network.young_people, network.degree.tolist(), strict=True)
    return {entity: k or protected[entity] for entity, k in joined} | {Party(YOUNG_PERSON, id): k for id, k in linked}
