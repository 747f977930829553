"""Pairs from what shares a key, without the square of a crowd."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
Sign = tuple[int, int]


def by_key(keyed: Iterable[tuple[K, int]]) -> dict[K, list[int]]:
    """The numbers under each key that is not empty, in order."""
    found: defaultdict[K, list[int]] = defaultdict(list)
    for key, number in keyed:
        if key:
            found[key].append(number)
    return dict(found)


def within(numbers: Sequence[int], most: int) -> Iterator[Sign]:
    """Every two of `numbers`; of more than `most`, each with the first."""
    if len(numbers) <= most:
        yield from combinations(numbers, 2)
    else:
        yield from ((numbers[0], n) for n in numbers[1:])


def across(some: Sequence[int], others: Sequence[int], most: int) -> Iterator[Sign]:
    """Each of `some` with each of `others`; where either are more than `most`, with the first of the other side."""
    if max(len(some), len(others)) <= most or not (some and others):
        yield from product(some, others)
    else:
        yield from ((n, others[0]) for n in some)
        yield from ((some[0], n) for n in others[1:])
