"""What people and things are called on a shared screen."""

from __future__ import annotations

from random import Random

import pytest

from chm.meetings import rules
from chm.meetings.pseudonyms import code, draw, initials

TREES = rules.load().pseudonyms
MANY = {f"YP-{n:04}": f"Somebody Unreal {n}" for n in range(1, 61)}


def test_each_has_a_tree_of_their_own_and_sixty_have_enough() -> None:
    drawn = draw(list(MANY), MANY, TREES, (), Random(1))
    assert drawn.keys() == MANY.keys()
    assert len(set(drawn.values())) == 60
    assert set(drawn.values()) <= set(TREES)


def test_they_are_shuffled_anew_at_each_call() -> None:
    random = Random(1)
    one, other = (draw(list(MANY), MANY, TREES, (), random) for _ in range(2))
    assert one != other
    assert sum(one[id] == other[id] for id in MANY) < 10
    order = [one[id] for id in MANY]
    assert order != sorted(order)
    assert order != sorted(order, reverse=True)


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("Rowan Oak", "Oak"),
        ("oak notreal", "Oak"),
        ("OAK Notreal", "Oak"),
        ("Öak Notreal", "Oak"),
        ("Oakley Notreal", "Oak"),
        ("Sky-Oak Notreal", "Oak"),
        ("O'Oak", "Oak"),
        ("Elmira Notreal", "Elm"),
    ],
)
def test_a_tree_in_anybodys_name_is_nobodys(name: str, gone: str) -> None:
    two = {"YP-0001": name, "YP-0002": "Wren Madeup"}
    for seed in range(40):
        assert gone not in draw(list(two), two, ["Oak", "Elm", "Fig"], (), Random(seed)).values()


def test_what_is_taken_stays_taken_and_numbers_go_on() -> None:
    three = dict(list(MANY.items())[:3])
    drawn = draw(list(three), three, ["Oak", "Elm"], ("Oak", "Young person 1"), Random(1))
    assert sorted(drawn.values()) == ["Elm", "Young person 2", "Young person 3"]


def test_nobody_needs_none() -> None:
    assert draw([], {}, TREES, (), Random(1)) == {}
    assert code([], (), Random(1)) == {}


def test_things_have_a_code_after_those_taken_in_no_order() -> None:
    kinds = [(f"PER-{n}", "person") for n in range(30)] + [("PLA-1", "home"), ("ACC-1", "account")]
    drawn = code(kinds, ("Person A", "Home A"), Random(1))
    assert drawn["PLA-1"] == "Home B"
    assert drawn["ACC-1"] == "Account A"
    people = [drawn[f"PER-{n}"] for n in range(30)]
    assert sorted(people, key=lambda p: (len(p), p)) == (
        [f"Person {chr(n)}" for n in range(ord("B"), ord("Z") + 1)] + [f"Person A{c}" for c in "ABCDE"]
    )
    assert people != sorted(people)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Zoë Heron", "Z. H."),
        ("sky-ann o'madeup", "S. A. O."),
        ("A.B.", "A."),
        ("X", "X."),
        ("", ""),
        ("? 9th", "9."),
        ("ßa", "SS."),
    ],
)
def test_initials(name: str, said: str) -> None:
    assert initials(name) == said
