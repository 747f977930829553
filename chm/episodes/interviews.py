"""Return home interviews: offered, accepted, held, and whether in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chm.episodes.records import LONDON, Episode, Moment, earliest, latest
from chm.episodes.rules import ReturnInterviews


@dataclass(frozen=True)
class Told:
    """Answers to one question over episodes that have ended."""

    yes: int
    no: int
    not_known: int


@dataclass(frozen=True)
class Interviews:
    """Return home interviews after episodes that have ended; `in_time` is of those held."""

    ended: int
    offered: Told
    accepted: Told
    held: Told
    in_time: Told


def in_time(episode: Episode, rule: ReturnInterviews) -> bool | None:
    """Whether the interview was held within the rule's hours of the end.

    None where it was not held, or the times as known cannot tell: between days alone lie up to two days of doubt.
    """
    held = episode.interview.held_at
    if episode.end is None or held is None:
        return None
    most, least = latest(held) - earliest(episode.end), earliest(held) - latest(episode.end)
    within = timedelta(hours=rule.hours)
    return True if most <= within else False if least > within else None


def due_by(episode: Episode, rule: ReturnInterviews) -> Moment | None:
    """When the interview is due; a day alone where only the day of the end is known. None while still missing."""
    if episode.end is None:
        return None
    within = timedelta(hours=rule.hours)
    if isinstance(episode.end, datetime):
        return (earliest(episode.end) + within).astimezone(LONDON)
    return episode.end + within


def interviews(episodes: Iterable[Episode], rule: ReturnInterviews) -> Interviews:
    """Counts over `episodes`; not known is counted apart, never as no."""
    ended = [e for e in episodes if not e.open]
    told = [e.interview for e in ended]
    return Interviews(
        ended=len(ended),
        offered=_told(i.offered for i in told),
        accepted=_told(i.accepted for i in told),
        held=_told(i.held for i in told),
        in_time=_told(in_time(e, rule) for e in ended if e.interview.held),
    )


def _told(answers: Iterable[bool | None]) -> Told:
    every = list(answers)
    return Told(every.count(True), every.count(False), every.count(None))
