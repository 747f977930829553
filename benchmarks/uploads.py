"""Time of reading a small upload apart, in a child of the fork server, against reading it in this process.

A small file of each kind that people upload, and 20,000 rows of connections for what the way there and back costs
as files grow. The rivals take turns in one run; prints medians, their ratio, what apart costs more in milliseconds, and
the spread ((slowest - fastest) / median). Exits 1 where results differ or a small file costs 150 ms more.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chm.exchange.apart import readers, run, samples  # noqa: E402
from chm.exchange.apart.reader import Reader  # noqa: E402
from chm.exchange.connections import COLUMNS  # noqa: E402

RUNS, WARM_UP, MOST_MORE = 31, 3, 150.0
TODAY = date(2026, 11, 23)
ROWS = 20_000


def large() -> bytes:
    """A connections file as an export makes it."""
    rows = (
        f"young_person,YP-{n % 400:04},place,Madeup Park {n % 3_000},sighting,,2026-05-{n % 28 + 1:02},,Police,likely,"
        f"unclear,E{n // 3},seen"
        for n in range(ROWS)
    )
    return "\n".join([",".join(COLUMNS), *rows]).encode()


def told(reader: Reader[Any], result: Any) -> Any:
    """What is compared: a result as it is written, where arrays have no equality of their own."""
    return reader.form.encode(result)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = work()
    return (time.perf_counter() - began) * 1000, result


def main() -> int:
    square = replace(samples.square())
    cases: list[tuple[str, Callable[[], Reader[Any]], bytes, tuple[Any, ...]]] = [
        ("young people", readers.young_people, samples.young_people()[0], (TODAY,)),
        ("connections", readers.connections, samples.connections()[0], ()),
        ("missing", readers.missing, samples.missing()[3], (TODAY,)),
        ("Annex A", readers.annex_a, samples.annex_a()[0], (TODAY,)),
        ("police.uk", readers.police, samples.police()[3], ("a.zip", square, True)),
        (f"{ROWS:,} connections", readers.connections, large(), ()),
    ]
    first, _ = timed(lambda: run.read(readers.young_people, b"", TODAY))
    print(f"the first file of all, which starts the fork server: {first:.0f} ms")
    wrong = False
    for name, make, data, more in cases:
        reader = make()
        here: list[float] = []
        apart: list[float] = []
        runs = RUNS if len(data) < 100_000 else 5
        for n in range(runs + WARM_UP):
            one, own = timed(lambda r=reader, d=data, m=more: r.read(d, *m))  # type: ignore[misc]
            other, theirs = timed(lambda k=make, d=data, m=more: run.read(k, d, *m))  # type: ignore[misc]
            if n >= WARM_UP:
                here.append(one)
                apart.append(other)
        same = told(reader, own) == told(reader, theirs)
        costs = median(apart) - median(here)
        late = len(data) < 100_000 and costs > MOST_MORE
        wrong = wrong or late or not same
        print(
            f"{name:>20}, {len(data) / 1000:8.1f} kB: here {median(here):7.2f} ms, apart {median(apart):7.2f} ms, "
            f"{median(apart) / median(here):6.1f} times, {costs:+7.2f} ms; spread {_spread(here):.0%} and "
            f"{_spread(apart):.0%}{'' if same else '; RESULTS DIFFER'}{'; TOO LATE' if late else ''}"
        )
    return int(wrong)


def _spread(times: list[float]) -> float:
    return (max(times) - min(times)) / median(times)


if __name__ == "__main__":
    sys.exit(main())
