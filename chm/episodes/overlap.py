"""Who was missing while whom: episodes that overlap, time in common, groups. Found by sort and search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from chm.episodes.records import Episode, earliest, latest, local_day, timed
from chm.errors import ChmError

Numbers = NDArray[np.int64]
SECONDS_AN_HOUR = 3600
NEVER = np.iinfo(np.int64).max // 4
MOST_AT_ONCE, MOST_PAIRS = 4_000_000, 200_000_000


class TooMany(ChmError):
    """More pairs of episodes overlap than can be counted; the message says what to do."""


class Pairs(NamedTuple):
    """(m,) each: the two spans of each overlapping pair, `one` the earlier in order of start."""

    one: Numbers
    other: Numbers


@dataclass(frozen=True)
class Spans:
    """Episodes as whole numbers, in the order they were given.

    Attributes:
        young_people: ids, sorted. by_day: counted in days; otherwise in seconds.
        who: (n,) index of the young person. start, end: (n,) from `start` up to and without `end`, where an open
            episode ends with the last that is known of any. open: (n,).
    """

    young_people: tuple[str, ...]
    by_day: bool
    who: Numbers
    start: Numbers
    end: Numbers
    open: NDArray[np.bool_]

    @property
    def reach(self) -> Numbers:
        """(n,): `end`, but never for an open episode: nobody knows that it ended."""
        return np.where(self.open, NEVER, self.end)


@dataclass(frozen=True)
class Together:
    """Two young people missing at the same times; a < b.

    Attributes:
        amount: hours, or days where the dates are days alone. Each one's own overlapping episodes are merged first, so
            no time counts twice. episodes: pairs of episodes, one of each, that overlap.
    """

    a: str
    b: str
    amount: float
    episodes: int


@dataclass(frozen=True)
class Overlap:
    """Who was missing while whom.

    Attributes:
        together: pairs of young people, most time first. groups: those joined by overlaps, directly or through others,
            largest first; a young person who overlaps nobody is a group of one.
    """

    by_day: bool
    together: tuple[Together, ...]
    groups: tuple[tuple[str, ...], ...]


def spans(episodes: Sequence[Episode]) -> Spans:
    """Days alone count as days, first and last included, where no moment has a time; otherwise all count as seconds.

    Beside times, a day alone is that whole day in London.
    """
    young_people = tuple(sorted({e.young_person for e in episodes}))
    index = {id: n for n, id in enumerate(young_people)}
    by_day = not any(timed(m) for e in episodes for m in (e.start, e.end) if m)
    if by_day:
        start = [local_day(e.start).toordinal() for e in episodes]
        end = [local_day(e.end or e.start).toordinal() + 1 for e in episodes]
    else:
        start = [_second(earliest(e.start)) for e in episodes]
        end = [_second(latest(e.end) if e.end else earliest(e.start)) for e in episodes]
    still = np.array([e.open for e in episodes], dtype=np.bool_)
    begins, ends = np.array(start, dtype=np.int64), np.array(end, dtype=np.int64)
    ends[still] = ends.max(initial=0)
    who = np.array([index[e.young_person] for e in episodes], dtype=np.int64)
    return Spans(young_people, by_day, who, begins, ends, still)


def _second(moment: datetime) -> int:
    return round(moment.timestamp())


def pairs(found: Spans) -> Pairs:
    """Every two spans of different young people that have some time in common; one that touches another has none.

    Raises:
        TooMany: more than `MOST_PAIRS` spans overlap.
    """
    parts = list(portions(found.who, found.start, found.reach))
    return Pairs(*(np.concatenate(side) for side in zip(*parts, strict=True))) if parts else Pairs(_none(), _none())


def _none() -> Numbers:
    return np.empty(0, dtype=np.int64)


def portions(who: Numbers, start: Numbers, end: Numbers) -> Iterator[Pairs]:
    """`pairs` of plain arrays, some `MOST_AT_ONCE` at a time so that memory stays small."""
    order = np.argsort(start, kind="stable")
    order = order[end[order] > start[order]]
    begins = start[order]
    upto = np.searchsorted(begins, end[order], side="left")
    later = upto - np.arange(1, len(order) + 1)
    before = np.concatenate([[0], np.cumsum(later)])
    if before[-1] > MOST_PAIRS:
        raise TooMany(f"More than {MOST_PAIRS:,} pairs of episodes overlap; split them by area or time")
    cuts = np.unique(np.append(np.searchsorted(before, np.arange(0, before[-1], MOST_AT_ONCE)), len(order)))
    for low, high in zip(cuts[:-1], cuts[1:], strict=True):
        counts = later[low:high]
        one = np.repeat(np.arange(low, high), counts)
        other = one + 1 + np.arange(len(one)) - np.repeat(before[low:high] - before[low], counts)
        apart = who[order[one]] != who[order[other]]
        yield Pairs(order[one[apart]], order[other[apart]])


def merged(found: Spans) -> Spans:
    """Each young person's overlapping or touching spans as one; sorted by young person, then start."""
    order = np.lexsort((found.start, found.who))
    who, start, end, still = found.who[order], found.start[order], found.end[order], found.open[order]
    # Young people's times are set apart so that one running maximum serves all of them.
    apart = who * (end.max(initial=0) - start.min(initial=0) + 2)
    latest_end = np.maximum.accumulate(end + apart) - apart
    new = np.ones(len(who), dtype=np.bool_)
    new[1:] = (who[1:] != who[:-1]) | (start[1:] > latest_end[:-1])
    first = np.flatnonzero(new)
    if not len(first):
        return found
    last = np.append(first[1:], len(who)) - 1
    return Spans(
        found.young_people,
        found.by_day,
        who[first],
        start[first],
        latest_end[last],
        np.logical_or.reduceat(still, first),
    )


def overlap_themselves(found: Spans) -> int:
    """How many young people have an episode that begins before another of theirs is over."""

    def lengths(of: Spans) -> Numbers:
        total = np.zeros(len(found.young_people), dtype=np.int64)
        np.add.at(total, of.who, of.end - of.start)
        return total

    return int((lengths(found) > lengths(merged(found))).sum())


def overlap(episodes: Sequence[Episode]) -> Overlap:
    """Pairs of young people, their time in common and their groups.

    Raises:
        TooMany: more episodes overlap than can be counted.
    """
    found = spans(episodes)
    n = len(found.young_people)
    keys, counts = episode_pairs(found)
    amounts = np.zeros(len(keys))
    timed_keys, times = common_time(merged(found))
    amounts[np.searchsorted(keys, timed_keys)] = times / (1 if found.by_day else SECONDS_AN_HOUR)
    order = np.lexsort((keys, -amounts))
    columns = (keys[order] // n, keys[order] % n, amounts[order], counts[order]) if n else ()
    ids = found.young_people
    together = tuple(
        Together(ids[a], ids[b], amount, count)
        for a, b, amount, count in zip(*(column.tolist() for column in columns), strict=True)
    )
    return Overlap(found.by_day, together, _groups(ids, keys))


def pair_keys(found: Spans, both: Pairs) -> Numbers:
    """(m,): a * n + b of the young people of each pair, a < b of n."""
    a, b = found.who[both.one], found.who[both.other]
    return np.minimum(a, b) * len(found.young_people) + np.maximum(a, b)


def episode_pairs(found: Spans) -> tuple[Numbers, Numbers]:
    """Keys of the pairs of young people who overlap, ascending, and how many pairs of their episodes do."""
    return _summed((pair_keys(found, both), None) for both in portions(found.who, found.start, found.reach))


def common_time(found: Spans) -> tuple[Numbers, Numbers]:
    """Keys of pairs of young people, ascending, and their time in common; `found` is merged or counts time twice."""
    return _summed(
        (
            pair_keys(found, both),
            np.minimum(found.end[both.one], found.end[both.other]) - found.start[both.other],
        )
        for both in portions(found.who, found.start, found.end)
    )


def _summed(parts: Iterator[tuple[Numbers, Numbers | None]]) -> tuple[Numbers, Numbers]:
    keys, sums = _none(), _none()
    for more, weights in parts:
        every = np.concatenate([keys, more])
        added = np.concatenate([sums, np.ones(len(more), dtype=np.int64) if weights is None else weights])
        order = np.argsort(every, kind="stable")
        every, added = every[order], added[order]
        first = np.flatnonzero(np.append(True, every[1:] != every[:-1])) if len(every) else _none()
        keys, sums = every[first], np.add.reduceat(added, first) if len(first) else _none()
    return keys, sums


def _groups(young_people: tuple[str, ...], keys: Numbers) -> tuple[tuple[str, ...], ...]:
    n = len(young_people)
    if not n:
        return ()
    joined = coo_array((np.ones(len(keys), dtype=np.int8), (keys // n, keys % n)), shape=(n, n))
    groups: dict[int, list[str]] = {}
    for id, number in zip(young_people, connected_components(joined, directed=False)[1].tolist(), strict=True):
        groups.setdefault(number, []).append(id)
    return tuple(sorted(map(tuple, groups.values()), key=lambda group: (-len(group), group)))
