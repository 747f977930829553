"""Whether the first places stay first without unverified, old or single-agency information."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from chm.linkage.rules import Stability
from chm.linkage.ties import Confidence
from chm.places.risk import first_three, ranked
from chm.places.rules import Rules
from chm.places.seen import CONFIDENCE, NEVER, Rows, Seen, month_of
from chm.places.tally import Filter


@dataclass(frozen=True)
class Check:
    """The ranking without some of the information.

    Attributes:
        without: "unverified", "old" or "single_agency". first: the first three places then.
        changes: whether the first place is another, or one of the first three leaves them.
    """

    without: str
    first: tuple[str, ...]
    changes: bool


def stability(seen: Seen, rules: Rules, old: Stability, filter: Filter, today: date) -> list[Check]:
    """The places ranked again three times, each time without one kind of weak information.

    Undated information is not old. Information is of a single agency where no second agency reports the same place.
    """
    before = first_three(ranked(seen, rules, filter, today))
    oldest = month_of(today - timedelta(days=old.old_after_days))
    several = np.bincount(
        np.unique(np.concatenate([r.place * len(seen.agencies) + r.agency for r in (seen.reports, seen.people)]))
        // max(len(seen.agencies), 1),
        minlength=len(seen.places),
    )

    def kept(rows: Rows, without: str) -> NDArray[np.bool_]:
        found: NDArray[np.bool_]
        if without == "unverified":
            found = rows.confidence != CONFIDENCE[Confidence.UNVERIFIED.value]
        elif without == "old":
            found = (rows.last == NEVER) | (rows.last >= oldest)
        else:
            found = several[rows.place] > 1
        return found

    checks = []
    for without in ("unverified", "old", "single_agency"):
        less = replace(
            seen,
            reports=seen.reports.only(kept(seen.reports, without)),
            people=seen.people.only(kept(seen.people, without)),
            things=seen.things.only(kept(seen.things, without)),
        )
        after = first_three(ranked(less, rules, filter, today))
        checks.append(Check(without, after, before[:1] != after[:1] or set(before) != set(after)))
    return checks
