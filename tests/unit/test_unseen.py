"""Characters that nobody sees."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest

from chm.unseen import UNSEEN, as_one, replaced, seen, spans

EVERY = [chr(n) for n in range(sys.maxunicode + 1)]
VOWEL = re.compile(r"\bo+\b")


def test_all_that_unicode_calls_a_format_character_or_a_variation_selector_is_one() -> None:
    missed = [
        c
        for c in EVERY
        if not UNSEEN.match(c) and (unicodedata.category(c) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(c, ""))
    ]
    assert missed == []
    assert [c for c in EVERY if not UNSEEN.match(c) and UNSEEN.search(unicodedata.normalize("NFKD", c))] == []


def test_no_letter_figure_space_or_accent_is_one() -> None:
    fillers = {"\u115f", "\u1160", "\u3164", "\uffa0"}
    assert {c for c in EVERY if UNSEEN.match(c) and (c.isalnum() or c.isspace())} == fillers
    assert not any(UNSEEN.match(c) for c in "\u0301\u0308\u200a\u2010\u2028\u20dd\u2800-'’·")


def test_what_is_seen() -> None:
    assert seen("Ke\u00adst\u200drel \u2764\ufe0f") == "Kestrel \u2764"
    assert seen("Kestrel") == "Kestrel"


@pytest.mark.parametrize(
    ("text", "found", "said"),
    [
        ("o oo x", [(0, 1), (2, 4)], "1 2 x"),
        ("o\u00ado x", [(0, 3)], "3 x"),
        ("\u200bo\u00ad", [(1, 2)], "\u200b1\u00ad"),
        ("o\u00adx", [(0, 1)], "1\u00adx"),
        ("é o\u200do\u200d é", [(2, 5)], "é 3\u200d é"),
        ("", [], ""),
    ],
)
def test_what_a_pattern_finds_over_it_and_beside_it(text: str, found: list[tuple[int, int]], said: str) -> None:
    assert spans(VOWEL, text) == found
    assert replaced(VOWEL, lambda said: str(len(said)), text) == said


def test_finds_that_overlap_are_one() -> None:
    assert as_one([(7, 9), (0, 3), (2, 5), (2, 4), (5, 6)]) == [(0, 5), (5, 6), (7, 9)]
