"""Names in what people wrote."""

from __future__ import annotations

import pytest

from chm.privacy import closed, hidden, name_words, names_any

WILL = {"YP-0007": "Will Notreal", "YP-0008": "Zoë O'Madeup"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ask Will first", "Ask another young person first"),
        ("Police will visit", "Police will visit"),
        ("WILL and Notreal", "another young person and another young person"),
        ("will  notreal's lift", "another young person's lift"),
        ("about yp-0007, not YP-00071", "about another young person, not YP-00071"),
        ("Willow Road", "Willow Road"),
        ("Zoe was there", "another young person was there"),
        ("zoe\u0308 o’madeup", "another young person"),
        ("Zoe\u0308’s bag", "another young person’s bag"),
        ("O'Madeup", "another young person"),
        ("madeup", "madeup"),
        ("Will and W\u00adi\u200dll met", "another young person and another young person met"),
        ("\u200eZo\ufe0fe\u034f O\u2060’Ma\u200bdeup\u00ad’s", "\u200eanother young person’s"),
        ("Y\u200cP-00\u00ad07", "another young person"),
        ("Will\u200cs and Will\u00adwood", "another young person\u200cs and another young person\u00adwood"),
        ("Will\u00adow Road", "another young person\u00adow Road"),
        ("", ""),
    ],
)
def test_a_mention_is_found_and_hidden(text: str, shown: str) -> None:
    assert hidden(text, WILL) == shown
    assert names_any(text, WILL) == (shown != text)


def test_nobody_to_hide_hides_nothing() -> None:
    assert hidden("Will Notreal (1)", {}) == "Will Notreal (1)"


def test_an_initial_is_no_name_but_the_whole_is() -> None:
    assert hidden("A. T. met Ada T.", {"YP-0001": "Ada T."}) == "A. T. met another young person"


def test_a_name_with_marks_of_a_pattern_is_taken_as_written() -> None:
    assert hidden("A+ (b) and A (b)", {"YP-0001": "A+ (b)"}) == "another young person and A (b)"


@pytest.mark.parametrize(("text", "named"), [("PC Will Invented", False), ("will notreal", True), ("YP-0008", True)])
def test_where_another_may_share_a_first_name_only_the_whole_counts(text: str, named: bool) -> None:
    assert names_any(text, WILL, whole=True) == named


def test_a_single_letter_is_no_name() -> None:
    assert hidden("A car at b, a. or ?", {"YP-0001": "A", "YP-0002": "B.", "YP-0003": "?"}) == "A car at b, a. or ?"
    assert hidden("A.B. and a.b.", {"YP-0001": "A.B."}) == "another young person and another young person"
    assert hidden("YP-0001", {"YP-0001": "A"}) == "another young person"


def test_the_longest_name_is_found_first() -> None:
    names = {"YP-0001": "Sky", "YP-0002": "Sky-Ann Notreal", "YP-0003": "Sky Notreal"}
    called = {"YP-0001": "one", "YP-0002": "two", "YP-0003": "three"}
    assert hidden("Sky-Ann Notreal, Sky Notreal, Sky-Ann, Sky", names, called) == "two, three, two, one"


def test_the_words_by_which_names_are_found() -> None:
    assert name_words("Zoë’s car, O'Madeup’s; A-B_c") == {"zoe", "s", "car", "o", "madeup", "a", "b", "c"}
    assert closed("xX_Zoë.Heron-99") == "xxzoeheron99"
    assert name_words("Ke\u00adstrel") == {"kestrel", "ke", "strel"}
    assert closed("zoe\u200bHe\u3164ron") == "zoeheron"


def test_a_name_kept_with_what_nobody_sees_is_found_without_it() -> None:
    kept = {"YP-0001": "Ke\u200cstrel Not\u00adreal", "YP-0002": "\u200d\u3164"}
    assert hidden("Kestrel Notreal, Kestrel, \u200d\u3164", kept) == (
        "another young person, another young person, \u200d\u3164"
    )


def test_of_finds_that_overlap_all_is_hidden() -> None:
    names = {"YP-0001": "KeStrel Notreal", "YP-0002": "Strel Notreal Madeup"}
    assert hidden("Ke\u00adStrel Notreal Madeup", names) == "another young person"
