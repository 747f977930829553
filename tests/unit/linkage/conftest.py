"""Ties in few words, for the tests of linkage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest

from chm.linkage.ties import YOUNG_PERSON, Confidence, Influence, Party, Tie


def party(text: str) -> Party:
    """`kind:id`, a bare id being a young person."""
    kind, _, id = text.rpartition(":")
    return Party(kind or YOUNG_PERSON, id)


@pytest.fixture
def tie() -> Callable[..., Tie]:
    """`tie("A", "place:x", ...)` with ids t1, t2, ... in the order made; days as text."""
    numbers = count(1)

    def make(one: str, other: str, **more: Any) -> Tie:
        for day in ("start", "end"):
            if isinstance(more.get(day), str):
                more[day] = date.fromisoformat(more[day])
        if more.get("start"):
            more.setdefault("end", more["start"])
        if "confidence" in more:
            more["confidence"] = Confidence(more["confidence"])
        if "influence" in more:
            more["influence"] = Influence(more["influence"])
        return Tie(f"t{next(numbers)}", party(one), party(other), **more)

    return make
