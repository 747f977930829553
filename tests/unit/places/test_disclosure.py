"""What a count tells, alone, in pairs and in lines."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from chm.places.disclosure import Count, Counts, exact, line, narrowed, protect, protected
from chm.places.rules import Suppression

RULE = Suppression(threshold=5, rounding=5, show_zero=True, room=3, source="a test")
NO_ZERO = RULE.model_copy(update={"show_zero": False})
WIDE = RULE.model_copy(update={"rounding": 10})


def texts(cells: Counts, row: int = 0) -> list[str]:
    return [cells.at(row, n).text for n in range(cells.least.shape[1])]


def shown(cells: list[int], total: int, rule: Suppression = RULE) -> list[str]:
    return texts(line(np.array([cells]), np.array([total]), rule).cells)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5 to 9"), (9, "5 to 9"), (10, "10 to 14"),
        (23, "20 to 24"),
    ],
)  # fmt: skip
def test_a_count_in_words(count: int, text: str) -> None:
    assert protect(count, RULE).text == text
    assert protect(count, None) == Count(count, count)
    assert protect(count, None).text == str(count)


def test_zero_may_be_hidden_too() -> None:
    assert [protect(n, NO_ZERO).text for n in (0, 4, 5)] == ["fewer than 5", "fewer than 5", "5 to 9"]


def test_a_wider_rounding() -> None:
    assert [protect(n, WIDE).text for n in (4, 5, 9, 10, 19)] == [
        "fewer than 5", "5 to 9", "5 to 9", "10 to 19", "10 to 19",
    ]  # fmt: skip


def test_points_see_a_hidden_count_as_one() -> None:
    assert [protect(n, RULE).step for n in (0, 1, 4, 5, 14)] == [0, 1, 1, 5, 10]
    assert protected(np.array([0, 1, 4, 5, 14]), RULE).steps.tolist() == [0, 1, 1, 5, 10]
    assert protect(3, None).step == 3


@pytest.mark.parametrize("rule", [RULE, NO_ZERO, WIDE])
def test_no_pair_of_nested_counts_tells_a_small_difference(rule: Suppression) -> None:
    """Whatever the larger and the smaller of two nested counts, their difference is not narrowed within 1 to 4."""
    for larger, smaller in product(range(60), repeat=2):
        if larger < smaller:
            continue
        one, other = protect(larger, rule), protect(smaller, rule)
        least, most = max(one.least - other.most, 0), one.most - other.least
        assert least <= larger - smaller <= most
        assert not (least >= 1 and most <= 4) or (least, most) == (1, 4)


def test_a_total_that_tells_no_cell_leaves_them_as_they_are() -> None:
    assert shown([3, 2, 1, 0], 6) == ["fewer than 5", "fewer than 5", "fewer than 5", "0"]
    assert shown([12, 3, 0], 15) == ["10 to 14", "fewer than 5", "0"]


def test_a_total_that_tells_all_the_others_are_one_hides_the_zeros() -> None:
    """Eight cells of which each is at least 1 cannot hold more than 2 in a total of 9 or less."""
    assert shown([1, 1, 1, 1, 1, 1, 1, 0], 7) == ["fewer than 5"] * 7 + ["0"]
    assert shown([1, 1, 1, 1, 1, 1, 1, 1, 0], 8) == ["fewer than 5"] * 9
    assert shown([1, 1, 1, 0], 3) == ["fewer than 5"] * 4


def test_a_total_that_tells_the_cells_are_nearly_their_most_hides_the_next_range_too() -> None:
    assert shown([4, 4, 4, 4, 4], 20) == ["fewer than 10"] * 5
    assert shown([9, 9, 9, 4], 31) == ["fewer than 10"] * 4
    assert shown([14, 14, 14, 14, 4], 60) == ["10 to 14"] * 4 + ["fewer than 10"]


def test_rows_are_hidden_each_by_itself() -> None:
    found = line(np.array([[1, 1, 1], [3, 2, 0]]), np.array([3, 5]), RULE)
    assert found.alike.tolist() == [True, False]
    assert texts(found.cells, 1) == ["fewer than 5", "fewer than 5", "0"]


def test_every_small_line_keeps_room() -> None:
    """All lines of three cells up to 12: once hidden, a total leaves each hidden cell three values or more."""
    cells = np.array(list(product(range(13), repeat=3)))
    totals = cells.sum(axis=1)
    found = line(cells, totals, RULE).cells
    assert bool(((found.least <= cells) & (cells <= found.most)).all())
    whole = protected(totals, RULE)
    room_most = np.minimum(found.most, whole.most[:, None] - (found.least.sum(axis=1, keepdims=True) - found.least))
    room_least = np.maximum(found.least, whole.least[:, None] - (found.most.sum(axis=1, keepdims=True) - found.most))
    small = (cells > 0) & (cells < 5)
    assert int((room_most - room_least + 1)[small].min()) == 3
    assert not narrowed(found, whole, RULE).any()


def test_long_lines_keep_room_too() -> None:
    chance = np.random.default_rng(5)
    for k in range(2, 13):
        cells = chance.choice([0, 1, 2, 3, 4, 5, 9, 14], size=(2_000, k), p=[0.3, 0.2, 0.1, 0.1, 0.2, 0.04, 0.03, 0.03])
        totals = cells.sum(axis=1)
        found = line(cells, totals, RULE).cells
        assert bool(((found.least <= cells) & (cells <= found.most)).all())
        whole = protected(totals, RULE)
        most = np.minimum(found.most, whole.most[:, None] - (found.least.sum(axis=1, keepdims=True) - found.least))
        least = np.maximum(found.least, whole.least[:, None] - (found.most.sum(axis=1, keepdims=True) - found.most))
        small = (cells > 0) & (cells < 5)
        assert int((most - least + 1)[small].min()) >= 3


def test_exact_counts_for_those_who_know_the_young_people() -> None:
    assert exact(np.array([3, 7])).at(0) == Count(3, 3)
