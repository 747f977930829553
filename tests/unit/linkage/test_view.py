"""The part of the ties that is looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chm.connections import Event, Relationship, Source
from chm.linkage.ties import ONGOING, Confidence, Tie
from chm.linkage.view import LineKind, View, known_by, seen

from .conftest import party

Make = Callable[..., Tie]


@pytest.fixture
def ties(tie: Make) -> list[Tie]:
    return [
        tie("A", "place:x", start="2026-01-05", confidence="confirmed", influence="harmful"),
        tie("A", "person:p", start="2026-03-01", end=ONGOING, confidence="likely", influence="protective"),
        tie("A", "B", relation="Conflict", start="2026-02-01", influence="harmful", confidence="possible"),
        tie("B", "vehicle:v"),
    ]


@pytest.mark.parametrize(
    ("view", "ids", "undated"),
    [
        ({}, "t1 t2 t3 t4", 0),
        ({"until": date(2026, 2, 1)}, "t1 t3", 1),
        ({"until": date(2026, 1, 4)}, "", 1),
        ({"since": date(2026, 2, 2)}, "t2", 1),
        ({"since": date(2026, 1, 5), "until": date(2026, 1, 5)}, "t1", 1),
        ({"least": Confidence.LIKELY}, "t1 t2", 0),
        ({"least": Confidence.LIKELY, "since": date(2026, 1, 1)}, "t1 t2", 0),
        ({"influences": frozenset({LineKind.HARMFUL})}, "t1", 0),
        ({"influences": frozenset({LineKind.CONFLICT, LineKind.UNCLEAR})}, "t3 t4", 0),
        ({"kinds": frozenset({"vehicle"})}, "t3 t4", 0),
        ({"kinds": frozenset[str]()}, "t3", 0),
    ],
)
def test_a_view_takes_in(ties: list[Tie], view: dict[str, Any], ids: str, undated: int) -> None:
    found, left_out = seen(ties, View(**view))
    assert (" ".join(t.id for t in found), left_out) == (ids, undated)


def test_what_had_been_recorded_by_a_moment() -> None:
    at = datetime(2026, 5, 17, 12, tzinfo=UTC)
    early = Event("EV-1", "sighting", (), Source("Police"), recorded_at=at)
    late = Relationship(
        "REL-1", party("A"), party("B"), "friend", Source("Police"), recorded_at=datetime(2026, 5, 18, tzinfo=UTC)
    )
    unknown = Event("EV-2", "sighting", (), Source("Police"))
    assert known_by([early, late, unknown], at) == [early]
