"""Time of `python -m chm score -` over 100,000 lines, against reading and writing the same lines as JSON alone.

Both run as processes of their own, in turn, from the same file. Prints the ratio of the medians of three and the spread
((slowest - fastest) / median) that this machine's noise gives it. Exits 1 where a ratio is over the limit.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LINES = 100_000
RUNS = 3
LIMIT = 5.0
DOMAINS = (
    "coercion", "missing", "sexual", "offending", "social_media", "substance", "health",
    "places", "peers", "professionals", "education", "family", "self",
)  # fmt: skip
LEVELS = ("none", "emerging", "moderate", "significant")
SCORE = [sys.executable, "-m", "chm", "score", "-"]
ALONE = [
    sys.executable,
    "-c",
    "import json, sys\nfor line in sys.stdin: sys.stdout.write(json.dumps(json.loads(line)) + '\\n')",
]


def plain(chance: random.Random) -> dict[str, Any]:
    """Every domain at a level, and nothing else."""
    return {"levels": {d: chance.choice(LEVELS) for d in DOMAINS}}


def mixed(chance: random.Random) -> dict[str, Any]:
    """Every field in use: one in five left open somewhere, one in three with referrals."""
    one: dict[str, Any] = plain(chance)
    if chance.random() < 0.2:
        del one["levels"][chance.choice(DOMAINS)]
    one["age"] = chance.randint(9, 18)
    one["assessed_on"] = f"2026-{chance.randint(1, 10):02}-{chance.randint(1, 28):02}"
    if chance.random() < 0.34:
        one["referrals"] = [f"2026-{chance.randint(1, 10):02}-{chance.randint(1, 28):02}" for _ in range(3)]
    return one


def seconds(command: list[str], lines: Path) -> float:
    with lines.open("rb") as given:
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, stdin=given, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - start


def measured(lines: Path) -> Iterator[tuple[str, float, float]]:
    """Each command's name, median and spread; the two take turns, so that a slow spell falls on both."""
    taken: dict[str, list[float]] = {"score": [], "json": []}
    for _ in range(RUNS):
        taken["score"].append(seconds(SCORE, lines))
        taken["json"].append(seconds(ALONE, lines))
    for name, times in taken.items():
        yield name, median(times), (max(times) - min(times)) / median(times)


def main() -> int:
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for make in (plain, mixed):
            chance = random.Random(20261123)
            lines = Path(folder, "lines.jsonl")
            lines.write_text("".join(json.dumps(make(chance)) + "\n" for _ in range(LINES)))
            (_, score, noise), (_, alone, noise_alone) = measured(lines)
            worst = max(worst, score / alone)
            print(
                f"{make.__name__}: {LINES:,} lines scored in {score:.2f} s (spread {noise:.0%}), "
                f"JSON alone {alone:.2f} s (spread {noise_alone:.0%}), ratio {score / alone:.2f}, limit {LIMIT:g}"
            )
    return int(worst > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
