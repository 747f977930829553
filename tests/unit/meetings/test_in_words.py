"""What changed and what is not covered, as sentences."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chm import settings
from chm.framework import load_all, newest
from chm.meetings import in_words
from chm.meetings.coverage import Cell, Coverage
from chm.meetings.since import Done, Moved, Since

FRAMEWORK = newest(load_all(settings.data()), "merton-2020")
NAMES = {"YP-1": "Alder", "YP-2": "Fig"}
THINGS = {"place:a": "The Arcade", "person:b": "Person A", "vehicle:c": "Grey Golf"}


def changed(**more: Any) -> tuple[str, ...]:
    given = {
        "on": date(2026, 11, 1), "moved": (), "assessed": 0, "new_pairs": 0, "gone_pairs": 0, "new_things": (),
        "actions": Done(0, 0, 0, 0, 0), **more,
    }  # fmt: skip
    return in_words.changed(Since(**given), FRAMEWORK, NAMES.__getitem__, THINGS.__getitem__)


def test_nothing_changed_says_nothing() -> None:
    assert changed() == ()


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        (
            Moved("YP-1", 31, 49, ("places", "peers"), ("family",), ("moderate", "significant")),
            "Alder: combined 31 to 49; more worry on Places and spaces and Peers and relationships; less on Family and "
            "accommodation; judged Significant, was Moderate",
        ),
        (Moved("YP-2", 31, 31, (), (), ("moderate", "none")), "Fig: combined 31 to 31; judged None, was Moderate"),
        (Moved("YP-2", 31, 30, (), ("family",), ("none", "none")),
         "Fig: combined 31 to 30; less on Family and accommodation"),
        (Moved("YP-2", None, 31, (), (), (None, "none")), "Fig: assessed for the first time, combined 31"),
        (Moved("YP-2", None, None, (), (), (None, "none")), "Fig: assessed for the first time, combined not known"),
        (Moved("YP-2", None, 31, ("peers",), (), ("none", "none")),
         "Fig: combined not known to 31; more worry on Peers and relationships"),
    ],
)  # fmt: skip
def test_a_young_person_who_moved(moved: Moved, said: str) -> None:
    assert changed(moved=(moved,), assessed=1) == (said,)


def test_those_assessed_with_no_level_changed() -> None:
    assert changed(assessed=1) == ("1 young person assessed anew with no level changed",)
    moved = Moved("YP-1", None, 31, (), (), (None, "none"))
    assert changed(moved=(moved,), assessed=3)[1:] == ("2 young people assessed anew with no level changed",)


@pytest.mark.parametrize(
    ("new", "gone", "said"),
    [
        (1, 0, "1 pair newly linked"),
        (2, 3, "2 pairs newly linked, 3 no longer"),
        (0, 1, "0 pairs newly linked, 1 no longer"),
    ],
)
def test_pairs(new: int, gone: int, said: str) -> None:
    assert changed(new_pairs=new, gone_pairs=gone) == (said,)


def test_things_and_actions() -> None:
    assert changed(new_things=("place:a", "person:b", "vehicle:c")) == (
        "Now shared by several: The Arcade, Person A and Grey Golf",
    )
    assert changed(new_things=("place:a",)) == ("Now shared by several: The Arcade",)
    assert changed(actions=Done(2, 1, 0, 1, 0)) == ("Of 4 actions agreed then: 2 done, 1 under way, 1 dropped",)
    assert changed(actions=Done(0, 0, 1, 0, 1)) == ("Of 1 action agreed then: 1 not begun; 1 overdue",)


def test_gaps() -> None:
    cells = {"YP-1": {"places": Cell("significant", False), "peers": Cell("moderate", False)}}
    found = Coverage(
        cells, (("YP-1", "places"), ("YP-1", "peers")), {"YP-2": ("support", "disrupt"), "YP-1": ("protect",)},
        ("place:a", "vehicle:c"), ("YP-2", "YP-1"),
    )  # fmt: skip
    assert in_words.gaps(found, FRAMEWORK, NAMES.__getitem__, THINGS.__getitem__) == (
        "Alder: nobody acts on Places and spaces (Significant) and Peers and relationships (Moderate)",
        "Fig: no action to support or disrupt",
        "Alder: no action to protect",
        "Shared by two or more and not disrupted: The Arcade and Grey Golf",
        "Not assessed yet: Fig and Alder",
    )
    assert in_words.gaps(Coverage({}, (), {}, (), ()), FRAMEWORK, str, str) == ()
