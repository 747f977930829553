"""Who is picked while a text is typed."""

from __future__ import annotations

import pytest

from chm.meetings.mentions import SOMETHING, called, masked, mentioned, mentioned_again, renamed

ZOE, TEAL, DAN = "young_person:YP-0001", "young_person:YP-0002", "person:PER-d1"
TEXT = f"@{{{ZOE}}} met @{{{DAN}}}; @{{{ZOE}}} left"
NAMES = {ZOE: "Zoë Heron", TEAL: "Teal Madeup", DAN: "Danno"}


def test_each_party_once_in_the_order_they_stand() -> None:
    assert mentioned(TEXT) == (ZOE, DAN)
    assert mentioned("@Zoe and {young_person:YP-0001}") == ()


@pytest.mark.parametrize(
    "broken",
    ["@{", "@{}", "@{young_person:}", "@{young_person}", "@{Young:x}", "@ {person:x}", "@{person:" + "x" * 81 + "}"],
)
def test_what_is_broken_is_only_text(broken: str) -> None:
    assert mentioned(broken) == ()
    assert called(broken, {}) == masked(broken, {}, {}) == renamed(broken, lambda _: "gone") == broken


def test_called_as_the_reader_knows_them() -> None:
    assert called(TEXT, {ZOE: "Alder"}) == f"Alder met {SOMETHING}; Alder left"
    assert called(TEXT, {}, "a young person") == "a young person met a young person; a young person left"


def test_renamed_leaves_what_becomes_nothing() -> None:
    assert renamed(TEXT, {ZOE: "young_person:a1"}.get) == (
        f"@{{young_person:a1}} met @{{{DAN}}}; @{{young_person:a1}} left"
    )


def test_names_become_mentions_again_longer_ones_first() -> None:
    names = {ZOE: "Zoë", TEAL: "Zoë Heron", DAN: "A+ (b)"}
    assert mentioned_again("Zoë Heron, Zoë and Zoëlle with A+ (b)", names) == (
        f"@{{{TEAL}}}, @{{{ZOE}}} and Zoëlle with @{{{DAN}}}"
    )
    assert mentioned_again("zoë", names) == "zoë"
    assert mentioned_again("Zo\u00adë He\u200dron, Zo\u200bë\u00ad", {**names, TEAL: "Zoë\u200c Heron"}) == (
        f"@{{{TEAL}}}, @{{{ZOE}}}\u00ad"
    )
    assert mentioned_again("Zoë", {}) == mentioned_again("Zoë", {ZOE: ""}) == "Zoë"


def test_what_was_called_is_mentioned_again() -> None:
    assert mentioned_again(called(TEXT, NAMES), NAMES, TEXT) == TEXT


def test_two_of_one_name_become_those_who_were_mentioned_and_never_another() -> None:
    same = {ZOE: "Sam Madeup", TEAL: "Sam Madeup"}
    before = f"@{{{TEAL}}} told @{{{ZOE}}}"
    assert mentioned_again(called(before, same), same, before) == before
    assert mentioned_again("Sam Madeup and Sam Madeup", same, f"@{{{TEAL}}}") == f"@{{{TEAL}}} and @{{{TEAL}}}"
    assert mentioned_again("Sam Madeup", same) == "Sam Madeup"


def test_a_single_letter_is_a_mention_only_where_it_was_one() -> None:
    assert mentioned_again("A car", {ZOE: "A"}) == "A car"
    assert mentioned_again("A left", {ZOE: "A"}, f"@{{{ZOE}}} left") == f"@{{{ZOE}}} left"


def test_masked_hides_mentions_and_typed_names() -> None:
    said = f"{TEXT}. Zoë and ZOË HERON, not Zoëlle"
    assert masked(said, {ZOE: "Zoë Heron"}, {ZOE: "Alder", DAN: "Person A"}) == (
        "Alder met Person A; Alder left. Alder and Alder, not Zoëlle"
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"@{{young_person:@{{{ZOE}}}}}", "@{young_person:Alder}"),
        (f"@{{young_person:@{{{TEAL}}}}}", f"@{{young_person:{SOMETHING}}}"),
        ("@{@{@{person:x}}}", f"@{{@{{{SOMETHING}}}}}"),
    ],
)
def test_a_mention_within_a_mention_breaks_nothing(said: str, shown: str) -> None:
    assert masked(said, {}, {ZOE: "Alder"}) == shown
