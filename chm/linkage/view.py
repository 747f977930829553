"""Which part of the ties is looked at: a window of time, how sure, which influence and which kinds of entity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from chm.linkage.ties import KINDS, Confidence, Tie, in_window


class LineKind(StrEnum):
    """How a tie is drawn: what it does to the young person, or that it is a conflict, which comes before that."""

    HARMFUL = "harmful"
    PROTECTIVE = "protective"
    UNCLEAR = "unclear"
    CONFLICT = "conflict"

    @classmethod
    def of(cls, tie: Tie) -> LineKind:
        """The kind of one tie."""
        return cls.CONFLICT if tie.conflict else cls(tie.influence.value)


@dataclass(frozen=True)
class View:
    """What to look at; all of it unless narrowed.

    Attributes:
        since, until: the window, both ends included. As it was on a day: `until` that day, as then only what had
            begun by it is seen. Undated ties are in no window.
        least: the lowest confidence. influences: kinds of line. kinds: of entities; young people are always seen.
    """

    since: date | None = None
    until: date | None = None
    least: Confidence = Confidence.UNVERIFIED
    influences: frozenset[LineKind] = frozenset(LineKind)
    kinds: frozenset[str] = frozenset(KINDS[1:])


def seen(ties: Sequence[Tie], view: View) -> tuple[list[Tie], int]:
    """The ties that `view` takes in, and how many undated ones its window leaves out."""
    among = [
        t
        for t in ties
        if t.confidence.rank >= view.least.rank
        and LineKind.of(t) in view.influences
        and all(p.young or p.kind in view.kinds for p in t.parties)
    ]
    return in_window(among, view.since, view.until)


class Recorded(Protocol):
    """Anything that says when it was recorded."""

    @property
    def recorded_at(self) -> datetime | None:
        """None where nobody knows."""


Record = TypeVar("Record", bound=Recorded)


def known_by(records: Iterable[Record], when: datetime) -> list[Record]:
    """The records that had been recorded by `when`, as they read now; those of unknown time are left out."""
    return [r for r in records if r.recorded_at is not None and r.recorded_at <= when]
