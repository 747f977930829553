"""When episodes begin: weekday by hour, in London's own time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chm.episodes.records import LONDON, Episode, local_day

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = 24


@dataclass(frozen=True)
class WeekPattern:
    """How many episodes began when.

    Attributes:
        weekdays: (7,) from Monday, all episodes. cells: (7, 24) of those with a time. without_time: those of which
            only the day is known: `cells` cannot show them.
    """

    weekdays: tuple[int, ...]
    cells: tuple[tuple[int, ...], ...]
    without_time: int


def week_pattern(episodes: Iterable[Episode]) -> WeekPattern:
    """Counts the starts of `episodes`."""
    weekdays = [0] * len(WEEKDAYS)
    cells = [[0] * HOURS for _ in WEEKDAYS]
    without_time = 0
    for episode in episodes:
        weekday = local_day(episode.start).weekday()
        weekdays[weekday] += 1
        if isinstance(episode.start, datetime):
            cells[weekday][episode.start.astimezone(LONDON).hour] += 1
        else:
            without_time += 1
    return WeekPattern(tuple(weekdays), tuple(map(tuple, cells)), without_time)
