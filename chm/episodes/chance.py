"""How much time two young people would have in common if each one's episodes fell at random in the window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.stats import false_discovery_control

from chm.episodes.overlap import SECONDS_AN_HOUR, Numbers, Spans, common_time, merged, portions, spans
from chm.episodes.records import Episode
from chm.episodes.rules import Rules

SECONDS_A_DAY = 86_400
SPANS_AT_ONCE, CELLS_AT_ONCE = 200_000, 10_000_000


class Verdict(StrEnum):
    """What the comparison can tell."""

    MORE = "more_than_chance"
    NOT_SHOWN = "not_shown"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Compared:
    """A pair's time in common beside what chance would give; a < b.

    Attributes:
        amount, expected: hours, or days where dates are days alone; `expected` is the mean over the shifts.
        corrected: Benjamini-Hochberg p-value over all pairs with enough episodes, overlapping or not.
        expected, corrected: None where there is too little to say anything.
    """

    a: str
    b: str
    amount: float
    expected: float | None
    corrected: float | None
    verdict: Verdict


@dataclass(frozen=True)
class AgainstChance:
    """Every pair of young people, those with most time in common first.

    Attributes:
        pairs_tested: over how many pairs the correction runs. shifts: how often chance was imitated.
        window_days: from the first start to the last end.
    """

    by_day: bool
    pairs: tuple[Compared, ...]
    pairs_tested: int
    shifts: int
    window_days: int


def against_chance(episodes: Sequence[Episode], rules: Rules) -> AgainstChance:
    """Compares each pair's time in common with that after circular shifts; the same episodes give the same answer.

    Raises:
        TooMany: more episodes overlap than can be counted.
    """
    found = spans(episodes)
    n, enough = len(found.young_people), rules.enough
    own = merged(found)
    window = int(own.end.max(initial=0) - own.start.min()) if n else 0
    window_days = window if found.by_day else window // SECONDS_A_DAY
    counted = Counter(found.who.tolist())
    told = [k for k in range(n) if counted[k] >= enough.episodes] if window_days >= enough.days else []
    keys, times = common_time(own)
    seen = dict(zip(keys.tolist(), times.tolist(), strict=True))
    tested = [a * n + b for at, a in enumerate(told) for b in told[at + 1 :]]
    expected, corrected = _imitated(own, np.array(tested, dtype=np.int64), seen, told, rules)
    unit = 1 if found.by_day else SECONDS_AN_HOUR
    compared = [
        Compared(
            found.young_people[a],
            found.young_people[b],
            seen.get(a * n + b, 0) / unit,
            None if (mean := expected.get(a * n + b)) is None else mean / unit,
            corrected.get(a * n + b),
            _verdict(corrected.get(a * n + b), rules),
        )
        for a in range(n)
        for b in range(a + 1, n)
    ]
    compared.sort(key=lambda c: (-c.amount, c.a, c.b))
    return AgainstChance(found.by_day, tuple(compared), len(tested), rules.chance.shifts, window_days)


def _verdict(corrected: float | None, rules: Rules) -> Verdict:
    if corrected is None:
        return Verdict.TOO_FEW
    return Verdict.MORE if corrected <= rules.control.false_share else Verdict.NOT_SHOWN


def _imitated(
    own: Spans, tested: Numbers, seen: dict[int, int], told: Sequence[int], rules: Rules
) -> tuple[dict[int, float], dict[int, float]]:
    """Mean time in common and corrected p-value by pair key."""
    if not len(tested):
        return {}, {}
    observed = np.array([seen.get(key, 0) for key in tested.tolist()], dtype=np.int64)
    as_much, total = np.zeros(len(tested), dtype=np.int64), np.zeros(len(tested), dtype=np.int64)
    for times in shifted_times(own, tested, told, rules.chance.shifts, rules.chance.seed):
        as_much += (times >= observed).sum(axis=0)
        total += times.sum(axis=0)
    shifts = rules.chance.shifts
    p = false_discovery_control((as_much + 1) / (shifts + 1), method="bh")
    keys = tested.tolist()
    return dict(zip(keys, (total / shifts).tolist(), strict=True)), dict(zip(keys, p.tolist(), strict=True))


def shifted_times(own: Spans, tested: Numbers, told: Sequence[int], shifts: int, seed: int) -> Iterator[Numbers]:
    """(some shifts, len(tested)) at a time: time in common of each pair, each young person's spans moved as one.

    Args:
        own: merged spans. told: young people by index, ascending. tested: keys of all their pairs, ascending.
    """
    chance = np.random.default_rng(seed)
    kept = np.isin(own.who, told)
    who, start, end = own.who[kept], own.start[kept], own.end[kept]
    first, last = own.start.min(), own.end.max()
    window, n = int(last - first), len(own.young_people)
    at_once = max(1, min(SPANS_AT_ONCE // (2 * len(who)), CELLS_AT_ONCE // len(tested)))
    for done in range(0, shifts, at_once):
        rounds = min(at_once, shifts - done)
        by = chance.integers(window, size=(rounds, n))
        begins = (start - first + by[:, who]) % window
        ends = begins + (end - start)
        # Each round stands in a window of its own, and what passes its end comes in at its start.
        base = (np.arange(rounds) * window)[:, None]
        over = ends > window
        everyone = np.broadcast_to(who, begins.shape)
        at = np.broadcast_to(np.arange(rounds)[:, None], begins.shape)
        pieces = Spans(
            own.young_people,
            own.by_day,
            np.concatenate([(at * n + everyone).ravel(), (at * n + everyone)[over]]),
            np.concatenate([(base + begins).ravel(), np.broadcast_to(base, begins.shape)[over]]),
            np.concatenate([(base + np.minimum(ends, window)).ravel(), (base + ends - window)[over]]),
            np.zeros(begins.size + int(over.sum()), dtype=np.bool_),
        )
        yield _by_round(pieces, tested, rounds, n)


def _by_round(pieces: Spans, tested: Numbers, rounds: int, n: int) -> Numbers:
    times = np.zeros(rounds * len(tested), dtype=np.int64)
    for both in portions(pieces.who, pieces.start, pieces.end):
        at, one = np.divmod(pieces.who[both.one], n)
        other = pieces.who[both.other] % n
        place = np.searchsorted(tested, np.minimum(one, other) * n + np.maximum(one, other))
        time = np.minimum(pieces.end[both.one], pieces.end[both.other]) - pieces.start[both.other]
        # Sums of whole seconds stay exact as floats: far below 2 ** 53.
        times += np.bincount(at * len(tested) + place, weights=time, minlength=len(times)).astype(np.int64)
    return times.reshape(rounds, len(tested))
