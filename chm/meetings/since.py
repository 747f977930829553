"""What changed since the last meeting: levels, links, places, and what became of its actions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from chm.records import ActionStatus
from chm.scoring import RANK, Score


@dataclass(frozen=True)
class Moved:
    """A young person whose totals or levels are others than they were then.

    Attributes:
        before, after: the combined score, None where it is not known for want of answers.
        more, less: domains that rose and fell, by id.
        judged: the level decided then and now; the first is None where they were not yet assessed.
    """

    young_person: str
    before: int | None
    after: int | None
    more: tuple[str, ...]
    less: tuple[str, ...]
    judged: tuple[str | None, str]


@dataclass(frozen=True)
class Done:
    """How the actions of the last meeting fared."""

    done: int
    under_way: int
    open: int
    dropped: int
    overdue: int


@dataclass(frozen=True)
class Since:
    """What changed since `on`.

    Attributes:
        moved: young people assessed anew with another result. assessed: how many were assessed anew.
        new_pairs, gone_pairs: linked pairs more and fewer. new_things: kind:id of what is now shared and was not then.
    """

    on: date
    moved: tuple[Moved, ...]
    assessed: int
    new_pairs: int
    gone_pairs: int
    new_things: tuple[str, ...]
    actions: Done

    @property
    def nothing(self) -> bool:
        """Whether nothing at all is known to have changed."""
        told = (self.moved, self.assessed, self.new_pairs, self.gone_pairs, self.new_things)
        return not any(told) and not (self.actions.done or self.actions.dropped or self.actions.overdue)


def moved(young_person: str, before: tuple[Score, str] | None, after: tuple[Score, str]) -> Moved | None:
    """How the newest assessment (score, level decided) differs from the one then; None where it does not."""
    now, then = ({p.domain: p.level for p in found[0].points} if found else {} for found in (after, before))
    more = tuple(d for d, level in now.items() if d in then and RANK[level] > RANK[then[d]])
    less = tuple(d for d, level in now.items() if d in then and RANK[level] < RANK[then[d]])
    judged = (before[1] if before else None, after[1])
    if before and not (more or less) and judged[0] == judged[1]:
        return None
    return Moved(
        young_person, before[0].combined.score if before else None, after[0].combined.score, more, less, judged
    )


def done(statuses: Collection[tuple[ActionStatus, date | None]], today: date) -> Done:
    """How actions of (status, due) stand on `today`."""
    live = (ActionStatus.OPEN, ActionStatus.UNDER_WAY)
    count = {s: sum(status == s for status, _ in statuses) for s in ActionStatus}
    return Done(
        done=count[ActionStatus.DONE],
        under_way=count[ActionStatus.UNDER_WAY],
        open=count[ActionStatus.OPEN],
        dropped=count[ActionStatus.DROPPED],
        overdue=sum(status in live and due is not None and due < today for status, due in statuses),
    )


def new_shared(before: Mapping[str, Collection[str]], after: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """What (kind:id) two or more share now and did not then; each maps to the young people tied to it."""
    return tuple(t for t, who in after.items() if len(who) > 1 and len(before.get(t, ())) < 2)
