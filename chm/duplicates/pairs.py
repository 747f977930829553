"""Pairs of entities of one kind that are likely to be one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeVar

from chm.connections import Account, Entity, NamedGroup, Person, Place, Vehicle
from chm.duplicates import accounts, people, places, vehicles
from chm.duplicates.rules import Reason, Rules, load

E = TypeVar("E", bound=Entity)
Signs = Iterable[tuple[int, int, Reason]]


@dataclass(frozen=True)
class Pair:
    """Two entities of one kind; `score` in 0 to 1, `reasons` in plain words, the weightiest first."""

    one: Entity
    other: Entity
    score: float
    reasons: tuple[str, ...]


def likely(entities: Iterable[Entity], rules: Rules | None = None) -> list[Pair]:
    """Pairs that are likely to be one, likeliest first; an entity that is merged already stands in none.

    A pair's score is 1 - the product of (1 - weight) over its reasons, by `data/duplicates.yaml`. Names are compared
    within keys (the same but for one word, the same plate, ...), so the work grows with the number of entities and
    not with its square.

    Raises:
        Faults: `rules` is left out and the data have faults.
    """
    rules = rules or load()
    alone = sorted((e for e in entities if e.merged_into is None), key=lambda e: e.id)
    pairs = [
        *_pairs([e for e in alone if isinstance(e, Person)], people.alike, rules),
        *_pairs([e for e in alone if isinstance(e, Place)], places.alike, rules),
        *_pairs([e for e in alone if isinstance(e, Vehicle)], vehicles.alike, rules),
        *_pairs([e for e in alone if isinstance(e, Account)], accounts.alike, rules),
        *_pairs([e for e in alone if isinstance(e, NamedGroup)], places.groups_alike, rules),
    ]
    return sorted(pairs, key=lambda p: (-p.score, p.one.id, p.other.id))


def _pairs(entities: Sequence[E], alike: Callable[[Sequence[E], Rules], Signs], rules: Rules) -> Iterator[Pair]:
    reasons: defaultdict[tuple[int, int], set[Reason]] = defaultdict(set)
    for one, other, reason in alike(entities, rules):
        reasons[min(one, other), max(one, other)].add(reason)
    for (one, other), found in reasons.items():
        weighed = sorted((rules.reasons[r] for r in found), key=lambda w: (-w.weight, w.says))
        score = round(1 - prod(1 - w.weight for w in weighed), 4)
        if score >= rules.offer_from:
            yield Pair(entities[one], entities[other], score, tuple(w.says for w in weighed))
