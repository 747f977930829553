"""Ties as they are recorded: two parties, when, who said so and how sure they were. Nothing here is a link yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

YOUNG_PERSON = "young_person"
KINDS = (YOUNG_PERSON, "person", "place", "vehicle", "account", "group")
CONFLICT = "conflict"
ONGOING, NO_END = date.max, ".."


class Confidence(StrEnum):
    """How sure the source was, rising."""

    UNVERIFIED = "unverified"
    POSSIBLE = "possible"
    LIKELY = "likely"
    CONFIRMED = "confirmed"

    @property
    def rank(self) -> int:
        """0 for unverified to 3 for confirmed."""
        return list(Confidence).index(self)


class Influence(StrEnum):
    """What a tie does to the young person; unclear counts as a link all the same."""

    HARMFUL = "harmful"
    PROTECTIVE = "protective"
    UNCLEAR = "unclear"


class Party(NamedTuple):
    """A young person or an entity; `id` is matched as written."""

    kind: str
    id: str

    @property
    def young(self) -> bool:
        """Whether this is one of the young people."""
        return self.kind == YOUNG_PERSON


@dataclass(frozen=True, slots=True)
class Tie:
    """One piece of evidence that ties two parties. `id` says where it stands; `event` groups ties of one event.

    Dated ties have both `start` and `end` (`ONGOING` where there is none yet); undated ones neither.
    """

    id: str
    one: Party
    other: Party
    relation: str = ""
    role: str = ""
    start: date | None = None
    end: date | None = None
    agency: str = ""
    confidence: Confidence = Confidence.UNVERIFIED
    influence: Influence = Influence.UNCLEAR
    event: str = ""
    note: str = ""

    @property
    def parties(self) -> tuple[Party, Party]:
        """Both ends, as recorded."""
        return self.one, self.other

    @property
    def protective(self) -> bool:
        """Whether it keeps somebody safe."""
        return self.influence == Influence.PROTECTIVE

    @property
    def conflict(self) -> bool:
        """Whether it is rivalry or assault."""
        return self.relation.casefold() == CONFLICT

    @property
    def harmful(self) -> bool:
        """Whether it can link: any tie that neither protects nor is a conflict."""
        return not self.protective and not self.conflict

    def meets(self, since: date | None, until: date | None) -> bool:
        """Whether its days meet the window, both ends included; an undated tie meets none."""
        if self.start is None or self.end is None:
            return False
        return (until is None or self.start <= until) and (since is None or self.end >= since)

    def overlaps(self, tie: Tie) -> bool | None:
        """Whether the days of the two meet; None where one of them is undated."""
        if self.start is None or tie.start is None:
            return None
        return self.meets(tie.start, tie.end)


def written_day(day: date | None) -> str:
    """A day as files write it: 2026-05-17, `NO_END` for a tie that goes on, empty where there is none."""
    return "" if day is None else NO_END if day == ONGOING else day.isoformat()


def in_window(ties: Sequence[Tie], since: date | None, until: date | None) -> tuple[list[Tie], int]:
    """The ties whose days meet the window, and how many undated ones it leaves out. No window takes all."""
    if since is None and until is None:
        return list(ties), 0
    return [t for t in ties if t.meets(since, until)], sum(t.start is None for t in ties)


def young_people(ties: Iterable[Tie]) -> set[str]:
    """Ids of the young people the ties name."""
    return {p.id for t in ties for p in t.parties if p.young}


def folded(ties: Iterable[Tie]) -> dict[tuple[Party, Party], list[Tie]]:
    """Repeated and reversed ties under one pair, ends in order, each kept as evidence."""
    pairs: defaultdict[tuple[Party, Party], list[Tie]] = defaultdict(list)
    for tie in ties:
        pairs[tie.parties if tie.one < tie.other else tie.parties[::-1]].append(tie)
    return dict(pairs)
