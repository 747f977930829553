"""What two young people's episodes have in common: when, where they were found, with whom, how they travelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chm.episodes.overlap import SECONDS_AN_HOUR, pairs, spans
from chm.episodes.records import LONDON, Episode, Moment

SAID = ("found_at", "companions", "returned_how", "reported_by", "travelled")


@dataclass(frozen=True)
class SharedTime:
    """Two overlapping episodes, `one` of the young person whose id sorts first.

    Attributes:
        start, end: when both were missing; days alone (both included) where dates are days alone. `end` is None where
            neither has ended.
        amount: hours or days, an open episode measured to the last that is known of any.
        alike: names of the fields of `Episode` in which both say the same, whatever the capitals.
    """

    one: Episode
    other: Episode
    start: Moment
    end: Moment | None
    amount: float
    alike: tuple[str, ...]


def shared_times(episodes: Sequence[Episode], among: frozenset[str] | None = None) -> list[SharedTime]:
    """Overlapping episodes of different young people, latest first; `among` leaves only pairs of these young people.

    All episodes are given, as an open one is measured to the last that is known of any.

    Raises:
        TooMany: more episodes overlap than can be counted.
    """
    found = spans(episodes)
    both = pairs(found)
    shared = []
    for i, j in zip(both.one.tolist(), both.other.tolist(), strict=True):
        one, other = sorted((episodes[i], episodes[j]), key=lambda e: e.young_person)
        if among is not None and not {one.young_person, other.young_person} <= among:
            continue
        start, end = int(found.start[j]), int(min(found.end[i], found.end[j]))
        time = (end - start) / (1 if found.by_day else SECONDS_AN_HOUR)
        last = None if one.open and other.open else _moment(end, found.by_day, last=True)
        shared.append((start, SharedTime(one, other, _moment(start, found.by_day), last, time, _alike(one, other))))
    shared.sort(key=lambda s: (-s[0], s[1].one.young_person, s[1].other.young_person))
    return [s for _, s in shared]


def _moment(number: int, by_day: bool, last: bool = False) -> Moment:
    if by_day:
        return datetime.fromordinal(number - last).date()
    return datetime.fromtimestamp(number, LONDON)


def _alike(one: Episode, other: Episode) -> tuple[str, ...]:
    def said(episode: Episode, name: str) -> str:
        return " ".join(str(getattr(episode, name)).casefold().split())

    return tuple(name for name in SAID if said(one, name) and said(one, name) == said(other, name))
