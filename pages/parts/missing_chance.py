"""Time missing together beside what chance would give: in a sentence, and pair by pair."""

from __future__ import annotations

from chm.episodes.chance import Compared, Verdict
from chm.episodes.records import DAYS_CANNOT_SHOW
from chm.episodes.summary import plainly
from pages.parts import markup
from pages.parts.opened_missing import Seen

SHOWN = 10


def verdict(seen: Seen) -> None:
    """What can be said of them all, in a sentence."""
    more = [p for p in seen.chance.pairs if p.verdict is Verdict.MORE]
    who = list(dict.fromkeys(name for p in more for name in (seen.names[p.a], seen.names[p.b])))
    tested = seen.chance.pairs_tested
    markup.show(
        "missing_verdict",
        who=who,
        pairs=len(more),
        tested=tested,
        overlapping=len(seen.overlap.together),
        still=[(seen.names[e.young_person], e.start) for e in seen.episodes if e.open],
        episodes=len(seen.episodes),
        by_day=DAYS_CANNOT_SHOW if seen.overlap.by_day and seen.episodes else "",
    )


def pairs(seen: Seen) -> None:
    """Each pair with time together, most first, with what chance would give and what may be said."""
    episodes = {(t.a, t.b): t.episodes for t in seen.overlap.together}
    found = [p for p in seen.chance.pairs if p.amount]
    most = max((max(p.amount, p.expected or 0) for p in found), default=0)
    rule = seen.rules
    markup.show(
        "missing_pairs",
        rows=[_row(seen, p, episodes.get((p.a, p.b), 0), most) for p in found[:SHOWN]],
        more=max(0, len(found) - SHOWN),
        unit="days" if seen.chance.by_day else "h",
        shifts=seen.chance.shifts,
        least=rule.enough.episodes,
        days=rule.enough.days,
        source=rule.chance.source,
    )


def _row(seen: Seen, pair: Compared, episodes: int, most: float) -> dict[str, object]:
    return {
        "names": f"{seen.names[pair.a]} and {seen.names[pair.b]}",
        "amount": pair.amount,
        "expected": pair.expected,
        "times": pair.amount / pair.expected if pair.expected else None,
        "episodes": episodes,
        "verdict": pair.verdict.value,
        "said": plainly(pair, seen.chance, seen.rules),
        "width": round(100 * pair.amount / most) if most else 0,
        "line": round(100 * pair.expected / most) if most and pair.expected is not None else None,
    }
