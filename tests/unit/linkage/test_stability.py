"""Whether the first answer stands without weak information."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from chm.linkage.rules import load
from chm.linkage.stability import Check, stability
from chm.linkage.ties import ONGOING, Party, Tie

RULES = load()
TODAY = date(2026, 11, 23)
FLAT, PARK = Party("place", "flat"), Party("place", "park")
Make = Callable[..., Tie]


def told(tie: Make, flat: dict[str, object], park: dict[str, object]) -> list[Check]:
    """The flat, shared by three, does more than the park, shared by two."""
    sure = {"confidence": "confirmed"}
    ties = [
        tie(who, "place:flat", **sure | flat | {"agency": agency}) for who in "ABC" for agency in ("Police", "Health")
    ]
    ties += [
        tie(who, "place:park", **sure | park | {"agency": agency}) for who in "DE" for agency in ("Police", "Health")
    ]
    return stability(ties, RULES, TODAY)


def test_sound_information_leaves_the_answer(tie: Make) -> None:
    assert told(tie, {"start": "2026-01-01"}, {"start": "2020-01-01", "end": ONGOING}) == [
        Check("unverified", 0, (FLAT, PARK), False),
        Check("old", 0, (FLAT, PARK), False),
        Check("single_agency", 0, (FLAT, PARK), False),
    ]


def test_what_rests_on_unverified_or_old_reports_is_said(tie: Make) -> None:
    unverified, old, single = told(tie, {"confidence": "unverified", "start": "2025-11-22"}, {})
    assert unverified == Check("unverified", 6, (PARK,), True)
    assert old == Check("old", 6, (PARK,), True)
    assert single == Check("single_agency", 0, (FLAT, PARK), False)


@pytest.mark.parametrize(("end", "left_out"), [("2025-11-22", 6), ("2025-11-23", 0)])
def test_old_is_a_year_ago(tie: Make, end: str, left_out: int) -> None:
    assert told(tie, {"start": "2025-01-01", "end": end}, {})[1].left_out == left_out


def test_what_one_agency_alone_reports_is_said(tie: Make) -> None:
    ties = [tie(who, "place:flat", agency="Police") for who in "ABC"]
    ties += [tie("A", "place:flat", agency="police"), tie("B", "place:flat")]
    ties += [tie(who, "place:park", agency=agency) for who in "DE" for agency in ("Police", "Health")]
    assert stability(ties, RULES, TODAY)[2] == Check("single_agency", 5, (PARK,), True)


def test_an_equal_beside_the_first_is_no_change(tie: Make) -> None:
    ties = [tie(who, "place:b", confidence="confirmed") for who in "AB"]
    ties += [
        tie(who, "place:z", confidence=sure)
        for who, sure in zip("CDE", ("likely", "likely", "unverified"), strict=True)
    ]
    z, b = Party("place", "z"), Party("place", "b")
    assert stability(ties, RULES, TODAY)[0] == Check("unverified", 1, (b, z), False)


def test_where_nothing_is_left_the_answer_changes_and_no_answer_cannot(tie: Make) -> None:
    assert stability([tie("A", "place:x"), tie("B", "place:x")], RULES, TODAY)[0] == Check("unverified", 2, (), True)
    assert [c.changes for c in stability([tie("A", "place:x")], RULES, TODAY)] == [False] * 3


def test_a_child_is_never_ranked(tie: Make) -> None:
    ties = [tie(who, "person:Kit", role="peer", confidence="confirmed") for who in "ABC"]
    assert [c.first for c in stability(ties, RULES, TODAY)] == [()] * 3
