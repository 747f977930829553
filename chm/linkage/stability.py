"""Whether the first answer stands: disruption ranked again without unverified, old or single-agency information."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chm.linkage import disruption
from chm.linkage.disruption import Option
from chm.linkage.graph import build
from chm.linkage.rules import Rules
from chm.linkage.ties import Confidence, Party, Tie, folded, young_people


@dataclass(frozen=True)
class Check:
    """The ranking without some of the information.

    Attributes:
        without: "unverified", "old" or "single_agency". left_out: how many ties that leaves out.
        first: the first entities then. changes: whether another entity would now do more than the first answer.
    """

    without: str
    left_out: int
    first: tuple[Party, ...]
    changes: bool


def stability(
    ties: Sequence[Tie], rules: Rules, today: date, first: int = 3, never: Collection[Party] = ()
) -> list[Check]:
    """The first `first` options ranked again three times, each time without one kind of weak information.

    What is of `never`, or by its ties a child, is not ranked. Undated ties are not old. Information is of a single
    agency where no second agency reports the same pair.
    """
    everybody, children = young_people(ties), rules.children.among(ties).union(never)

    def ranked(some: Sequence[Tie]) -> list[Option]:
        return disruption.ranked(build(some, everybody), rules.strength, children)

    oldest = today - timedelta(days=rules.stability.old_after_days)
    weak = {
        "unverified": {t for t in ties if t.confidence == Confidence.UNVERIFIED},
        "old": {t for t in ties if t.end and t.end < oldest},
        "single_agency": {t for same in folded(ties).values() if _agencies(same) < 2 for t in same},
    }
    before = ranked(ties)
    checks = []
    for name, out in weak.items():
        after = ranked([t for t in ties if t not in out])
        checks.append(Check(name, len(out), tuple(o.entity for o in after[:first]), _changes(before, after)))
    return checks


def _agencies(ties: Sequence[Tie]) -> int:
    return len({t.agency.casefold() for t in ties} - {""})


def _changes(before: Sequence[Option], after: Sequence[Option]) -> bool:
    """Whether the first of `before` now loses no pair, or something else does more."""
    if not before or not before[0].pairs_lost:
        return False
    effect = {o.entity: (o.pairs_lost, o.isolated) for o in after}
    now = effect.get(before[0].entity, (0, 0))
    return not now[0] or now < max(effect.values())
