"""Vehicles whose plates are alike; two plates a letter apart are two vehicles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from chm.connections import Vehicle
from chm.duplicates import words
from chm.duplicates.buckets import by_key, within
from chm.duplicates.rules import Reason, Rules

GRAM = 3


def alike(vehicles: Sequence[Vehicle], rules: Rules) -> Iterator[tuple[int, int, Reason]]:
    """Pairs by their places in `vehicles`; a vehicle without a plate is like none."""
    written = [v.plate or (v.name if words.reads_as_plate(v.name) else "") for v in vehicles]
    plates = [words.plate(text) for text in written]
    signs = str.maketrans(rules.look_alike)
    folded = [plate.translate(signs) for plate in plates]
    same = by_key((plate, n) for n, plate in enumerate(folded))
    for plate, numbers in same.items():
        if _known(plate) < rules.partial_plate_from:
            continue
        for one, other in within(numbers, rules.most_alike):
            if written[one].upper().split() == written[other].upper().split():
                yield one, other, "same_plate"
            else:
                yield one, other, "plate_spacing" if plates[one] == plates[other] else "plate_look_alike"
    for part, whole in _parts(same, rules.partial_plate_from):
        fits = [n for plate in whole for n in same[plate]]
        if len(fits) <= rules.most_alike:
            yield from ((n, fit, "partial_plate") for n in same[part][: rules.most_alike] for fit in fits)


def _parts(plates: Sequence[str] | dict[str, list[int]], fewest: int) -> Iterator[tuple[str, list[str]]]:
    """Each plate of at least `fewest` known characters that is part of others, with those."""
    grams: defaultdict[str, set[str]] = defaultdict(set)
    for plate in plates:
        for start in range(len(plate) - GRAM + 1):
            grams[plate[start : start + GRAM]].add(plate)
    for plate in plates:
        runs = [run for run in re.split(r"[?*]+", plate) if len(run) >= GRAM]
        if _known(plate) < fewest or not runs:
            continue
        longest = max(runs, key=len)
        near = min((grams[longest[s : s + GRAM]] for s in range(len(longest) - GRAM + 1)), key=len)
        pattern = re.compile(plate.replace("?", ".").replace("*", ".*"))
        whole = sorted(p for p in near if p != plate and _known(p) > _known(plate) and pattern.search(p))
        if whole:
            yield plate, whole


def _known(plate: str) -> int:
    return len(plate) - plate.count("?") - plate.count("*")
