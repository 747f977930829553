"""Time of finding who was missing while whom, and of asking whether chance explains it.

40,000 episodes of 2,000 young people over two years, every overlapping pair of episodes, against one pandas filter an
episode (estimated from a sample, on which the results must be equal); and the chance baseline of a meeting of 30 with
200 shifts against one overlap count of the same 30. The rivals take turns in one run; prints ratios of medians and the
spread ((slowest - fastest) / median). Exits 1 where a result differs or a limit is missed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chm.episodes.chance import against_chance, shifted_times  # noqa: E402
from chm.episodes.overlap import Spans, common_time, merged, overlap, pairs, spans  # noqa: E402
from chm.episodes.records import Episode  # noqa: E402
from chm.episodes.rules import load  # noqa: E402

SEED, RUNS, SAMPLE = 20261126, 9, 60
BOROUGH, MEETING, DAYS = (2_000, 40_000), (30, 600), 730
SHIFTS, GAIN, FLOOR = 200, 500, 250


def drawn(young: int, episodes: int) -> list[Episode]:
    """Starts spread evenly over the days, lengths of ten hours in the mean; of a meeting's one in a hundred is open."""
    chance = np.random.default_rng(SEED)
    begin = datetime(2024, 11, 26, tzinfo=UTC)
    who = chance.integers(young, size=episodes).tolist()
    starts = chance.integers(DAYS * 86_400, size=episodes).tolist()
    lengths = chance.exponential(10 * 3600, size=episodes).tolist()
    still = (chance.random(episodes) < 0.01 * (young < 100)).tolist()
    return [
        Episode(
            id=str(n),
            young_person=f"{who[n]:05}",
            start=begin + timedelta(seconds=starts[n]),
            end=None if still[n] else begin + timedelta(seconds=starts[n] + round(lengths[n])),
        )
        for n in range(episodes)
    ]


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def spread(times: list[float]) -> str:
    return f"{median(times) * 1000:.2f} ms (spread {(max(times) - min(times)) / median(times):.0%})"


def filtered(frame: pd.DataFrame, n: int) -> list[int]:
    """Rows that overlap row `n` and are of somebody else, as one writes it in pandas."""
    row = frame.iloc[n]
    here = (frame["start"] < row["end"]) & (frame["end"] > row["start"]) & (frame["who"] != row["who"])
    return frame.index[here].tolist()


def borough() -> bool:
    """Print the ratio for all overlapping pairs; whether it meets its limit with equal results."""
    found = spans(drawn(*BOROUGH))
    frame = pd.DataFrame({"who": found.who, "start": found.start, "end": found.reach})
    sample = np.random.default_rng(SEED).choice(len(frame), SAMPLE, replace=False).tolist()
    each, ours = [], []
    for run in range(RUNS):
        ours.append(seconds(lambda: pairs(found)))
        each += [seconds(lambda n=n: filtered(frame, n)) for n in sample[run::RUNS]]
    both = pairs(found)
    same = all(
        sorted([*both.other[both.one == n].tolist(), *both.one[both.other == n].tolist()]) == filtered(frame, n)
        for n in sample
    )
    whole = median(each) * len(frame)
    ratio = whole / median(ours)
    print(
        f"borough: {len(frame):,} episodes of {len(found.young_people):,} young people, {len(both.one):,} overlaps\n"
        f"  {spread(ours)}: pandas {whole:.1f} s from {SAMPLE} filters, {ratio:,.0f} times faster (at least {GAIN}); "
        f"results on the sample {'equal' if same else 'DIFFER'}"
    )
    return same and ratio >= GAIN


def count(found: Spans) -> object:
    """One overlap count: time in common of every pair of young people."""
    return common_time(merged(found))


def meeting() -> bool:
    """Print what 200 shifts cost in overlap counts of the same young people; whether it meets its limit."""
    episodes = drawn(*MEETING)
    found, rules = spans(episodes), load()
    rules = rules.model_copy(update={"chance": rules.chance.model_copy(update={"shifts": SHIFTS})})
    own, n = merged(found), len(found.young_people)
    told = list(range(n))
    tested = np.array([a * n + b for a in told for b in told[a + 1 :]])
    bare, whole, once, asked = [], [], [], []
    for _ in range(RUNS * 3):
        bare.append(seconds(lambda: count(found)))
        asked.append(seconds(lambda: list(shifted_times(own, tested, told, SHIFTS, SEED))))
        whole.append(seconds(lambda: overlap(episodes)))
        once.append(seconds(lambda: against_chance(episodes, rules)))
    ratio, answer = median(asked) / median(bare), median(once) / median(whole)
    full = seconds(lambda: against_chance(episodes, load()))
    print(
        f"meeting: {len(episodes):,} episodes of {n} young people, {len(tested)} pairs, {SHIFTS} shifts\n"
        f"  {spread(asked)}: one overlap count {spread(bare)}, {ratio:.0f} counts (at most {FLOOR})\n"
        f"  from records to answer {spread(once)}: overlap alone {spread(whole)}, {answer:.1f} (at most {FLOOR})\n"
        f"  with the product's own {load().chance.shifts:,} shifts {full:.2f} s"
    )
    return ratio <= FLOOR and answer <= FLOOR


def main() -> int:
    passed = [borough(), meeting()]
    return int(not all(passed))


if __name__ == "__main__":
    sys.exit(main())
