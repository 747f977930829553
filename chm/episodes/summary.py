"""What `python -m chm missing` prints, and what is said in words of a pair against chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chm.episodes.chance import AgainstChance, Compared, Verdict
from chm.episodes.overlap import overlap
from chm.episodes.records import Episode
from chm.episodes.rules import Rules


def summary(episodes: Sequence[Episode]) -> dict[str, Any]:
    """The fields the command line prints.

    `hours_together` lists pairs of young people, a < b, most time first: `hours` (`days` where dates are days alone)
    with each one's own overlapping episodes merged, and `episodes`, how many pairs of their episodes overlap.

    Raises:
        TooMany: more episodes overlap than can be counted.
    """
    found = overlap(episodes)
    unit = "days" if found.by_day else "hours"
    return {
        "young_people": len({e.young_person for e in episodes}),
        "episodes": len(episodes),
        "open": sum(e.open for e in episodes),
        "overlapping_pairs": len(found.together),
        "groups": [len(group) for group in found.groups],
        "hours_together": [
            {"a": t.a, "b": t.b, unit: int(t.amount) if found.by_day else t.amount, "episodes": t.episodes}
            for t in found.together
        ],
    }


def plainly(pair: Compared, told: AgainstChance, rules: Rules) -> str:
    """What may be said of `pair`, in words that name nobody."""
    unit = "days" if told.by_day else "hours"
    both = f"Both missing at the same time for {pair.amount:,.0f} {unit}."
    if pair.expected is None:
        return (
            f"{both} Too few to compare with chance: it takes {rules.enough.episodes} episodes of each and "
            f"{rules.enough.days} days in all."
        )
    usual = (
        f"Were each one's episodes spread at random over these {told.window_days:,} days, about {pair.expected:,.0f}"
    )
    if pair.verdict is Verdict.MORE:
        return (
            f"{both} {usual} would be usual: this is more than chance explains, also when all {told.pairs_tested:,} "
            "pairs are looked at. It does not say why, or that they were together."
        )
    return f"{both} {usual} would be usual: it is not shown that this is more than chance."
