"""Who was missing while whom: episodes that overlap, time in common, groups. Found by sort and search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chm.episodes.records import Episode, earliest, latest, local_day, timed
from chm.errors import ChmError

Numbers = NDArray[np.int64]
SECONDS_AN_HOUR = 3600
NEVER = np.iinfo(np.int64).max // 4
MOST_PAIRS = 200_000_000
# Portions that fit a processor's cache are twice as fast as whole arrays; sums are made of many portions.
PORTION, SUMMED_AT_ONCE = 1 << 15, 4_000_000


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
    order, later = _searched(found.start, found.reach)
    one, other = np.empty((2, int(later.sum())), dtype=np.int64)
    filled = 0
    for part in _expanded(found.who, order, later):
        upto = filled + len(part.one)
        one[filled:upto], other[filled:upto] = part
        filled = upto
    return Pairs(one[:filled], other[:filled])


def portions(who: Numbers, start: Numbers, end: Numbers) -> Iterator[Pairs]:
    """`pairs` of plain arrays, some `PORTION` at a time so that memory stays small."""
    return _expanded(who, *_searched(start, end))


def _searched(start: Numbers, end: Numbers) -> tuple[Numbers, Numbers]:
    """Spans with any length in order of start, and for each how many after it start before it ends."""
    order = np.argsort(start, kind="stable")
    order = order[end[order] > start[order]]
    later = np.searchsorted(start[order], end[order], side="left") - np.arange(1, len(order) + 1)
    if later.sum() > MOST_PAIRS:
        raise TooMany(f"More than {MOST_PAIRS:,} pairs of episodes overlap; split them by area or time")
    return order, later


def _expanded(who: Numbers, order: Numbers, later: Numbers) -> Iterator[Pairs]:
    n = len(order)
    before = np.concatenate([[0], np.cumsum(later)])
    cuts = np.unique(np.append(np.searchsorted(before, np.arange(0, before[-1], PORTION)), n))
    whose = who[order]
    after = np.arange(1, n + 1)
    count = np.arange(int(np.diff(before[cuts]).max(initial=0)))
    for low, high in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        times = later[low:high]
        at = np.repeat(after[low:high] - before[low:high] + before[low], times)
        at += count[: len(at)]
        one, other = np.repeat(order[low:high], times), order[at]
        apart = np.flatnonzero(np.repeat(whose[low:high], times) != whose[at])
        yield Pairs(one, other) if len(apart) == len(at) else Pairs(one[apart], other[apart])


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
    return _summed(
        (pair_keys(found, both), np.ones(len(both.one), dtype=np.int64))
        for both in portions(found.who, found.start, found.reach)
    )


def common_time(found: Spans) -> tuple[Numbers, Numbers]:
    """Keys of pairs of young people, ascending, and their time in common; `found` is merged or counts time twice."""
    return _summed(
        (
            pair_keys(found, both),
            np.minimum(found.end[both.one], found.end[both.other]) - found.start[both.other],
        )
        for both in portions(found.who, found.start, found.end)
    )


def _summed(parts: Iterator[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    """Keys, ascending, each once, and the sum of what came with it."""
    waiting: list[tuple[Numbers, Numbers]] = [(_none(), _none())]
    fresh = 0
    for part in parts:
        waiting.append(part)
        fresh += len(part[0])
        if fresh > max(SUMMED_AT_ONCE, len(waiting[0][0])):
            waiting, fresh = [_sums(waiting)], 0
    return _sums(waiting)


def _sums(parts: Sequence[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    keys, added = (np.concatenate(side) for side in zip(*parts, strict=True))
    order = np.argsort(keys, kind="stable")
    keys, added = keys[order], added[order]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    return keys[first], np.add.reduceat(added, first) if len(first) else _none()


def _none() -> Numbers:
    return np.empty(0, dtype=np.int64)


def _groups(young_people: tuple[str, ...], keys: Numbers) -> tuple[tuple[str, ...], ...]:
    n = len(young_people)
    if not n:
        return ()
    # Late, so that reading a file, which needs only spans, does without its weight.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    joined = coo_array((np.ones(len(keys), dtype=np.int8), (keys // n, keys % n)), shape=(n, n))
    groups: dict[int, list[str]] = {}
    for id, number in zip(young_people, connected_components(joined, directed=False)[1].tolist(), strict=True):
        groups.setdefault(number, []).append(id)
    return tuple(sorted(map(tuple, groups.values()), key=lambda group: (-len(group), group)))
