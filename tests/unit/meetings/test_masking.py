"""What people wrote, without what tells who somebody is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chm.meetings.masking import Mask, further_names, typed_names

ZOE, WREN, ANN, DAN = "young_person:YP-0001", "young_person:YP-0003", "young_person:YP-0009", "person:PER-1"
NAMES = {ZOE: "Zoë Heron", WREN: "Wren O'Madeup", ANN: "Sky-Ann Will", f"{DAN}#1": "Danno", "young_person:YP-0008": "A"}
HERE = {**NAMES, **further_names(ZOE, "Zoë Heron", ()), **further_names(ANN, "Sky-Ann Will", ("will", "sky"))}
CALLED = {ZOE: "Alder", ANN: "Fig", DAN: "Person A"}


def mask(**more: Any) -> Mask:
    given = {"names": HERE, "called": CALLED, "here": frozenset(HERE), "withheld": "Withheld", **more}
    return Mask(**given)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Zoë's phone", "Alder's phone"),
        ("zoe’s phone", "Alder’s phone"),
        ("heron and ZOE", "Alder and Alder"),
        ("O'Madeup’s mum", "another young person’s mum"),
        ("Sky-Ann Will, Sky-Ann, Ann, Sky Ann", "Fig, Fig, Fig, Fig Fig"),
        ("police will visit under a grey sky", "police will visit under a grey sky"),
        ("Danno's car, danno", "Person A's car, Person A"),
        ("A car was seen, a. b", "A car was seen, a. b"),
        ("YP-0001, yp 1, YP0001 and YP-0003; YP-7777", "Alder, Alder, Alder and another young person; YP-7777"),
        ("xX_zoeheron_Xx", "Withheld"),
        ("heronzoe99", "Withheld"),
        ("near CR4 3ZZ, sw1a1aa", "near a postcode, a postcode"),
        ("@{young_person:YP-0001} and @{vehicle:V}", "Alder and something else"),
        ("@{young_person:@{vehicle:V}}", "@{young_person:something else}"),
        ("Zoëlle, Dannock, wrench", "Zoëlle, Dannock, wrench"),
        ("Zo\u00adë and He\u200dron, YP-\u200b00\u206001", "Alder and Alder, Alder"),
        ("xX_zoe\u00adheron_Xx", "Withheld"),
        ("Sky\u2011Ann Will, YP\u20110001, CR4\u20133ZZ", "Fig, Alder, a postcode"),
        ("near CR4\u200b 3\u00adZZ", "near a postcode"),
        ("\U0001f469\u200d\U0001f467 stay \u2764\ufe0f", "\U0001f469\u200d\U0001f467 stay \u2764\ufe0f"),
        ("", ""),
    ],
)
def test_names_are_hidden_however_they_are_typed(said: str, shown: str) -> None:
    assert mask()(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "4/3/2012", "04-03-12", "4.3.2012", "04 03 2012", "2012-03-04", "2012/3/4", "04032012", "20120304",
        "4 March 2012", "04 March 2012", "4th of March, 2012", "4th Mar 2012", "4-Mar-2012", "March 4, 2012",
        "mar 4th 2012", "4 MARCH '12", "4 March ’12", "4\u20113\u20112012", "04 \u2013 03 \u2013 2012",
        "2012\u201403\u201404", "4\u2212Mar\u22122012", "4\u201003\u201512", "4\u00a0March\u00a02012",
        "4\u00ad/3/2\u200b012",
    ],
)  # fmt: skip
def test_a_birth_date_in_each_form(said: str) -> None:
    assert mask(born={date(2012, 3, 4)})(f"born {said}, they say") == "born a date, they say"


@pytest.mark.parametrize("said", ["5/3/2012", "14/3/2012", "4/3/2026", "4 March", "24 March 2012"])
def test_another_date_stays(said: str) -> None:
    assert mask(born={date(2012, 3, 4)})(said) == said


def test_a_birthday_in_september_in_short() -> None:
    assert mask(born={date(2011, 9, 1)})("1 Sept 2011 or Sep 1, 2011") == "a date or a date"


def test_addresses_accounts_and_plates_whole_in_any_case_and_spacing() -> None:
    things = {"Flat 9, Notreal Court": "Home A", "Flat 9": "Home A", "07700 900123": "Account B", "x.y": "Account C"}
    assert mask(things=things)("flat 9,  notreal court; FLAT 9; 07700900123, 07700-900-123; x.y, not xay or x.yz") == (
        "Home A; Home A; Account B, Account B; Account C, not xay or x.yz"
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("at 12 Made\u00adup Road", "at Home A"),
        ("\u200e12\u00a0Mad\u200be\u2060up Ro\ufe0fad\u00ad, then", "\u200eHome A\u00ad, then"),
        ("12 Madeup Road\u00adside", "Home A\u00adside"),
        ("0770\u200d0 900\u00ad123", "Account B"),
        ("07700\u2011900\u2011123", "Account B"),
        ("12 Made-up Road", "12 Made-up Road"),
    ],
)
def test_things_with_what_nobody_sees_in_them(said: str, shown: str) -> None:
    assert mask(things={"12 Madeup Road": "Home A", "07700\u2013900123": "Account B"})(said) == shown


def test_what_stands_for_something_may_hold_any_mark() -> None:
    assert mask(things={"flat nine": r"\1 \g<0>"})("flat nine") == r"\1 \g<0>"


def test_two_of_one_first_name_are_nobody_in_particular() -> None:
    names = {ZOE: "Sam Madeup", WREN: "Sam Unreal"}
    both = Mask(names, {ZOE: "Alder", WREN: "Fig"})
    assert both("Sam, Madeup, Sam Unreal") == "another young person, Alder, Fig"


def test_whether_somebody_is_named() -> None:
    assert [mask().names_somebody(t) for t in ("Zoë's", "yp1", "zoeheron", "CR4 3ZZ", "a grey car")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_nobody_and_nothing_hides_nothing() -> None:
    assert Mask({}, {})("Will, 4/3/2012") == "Will, 4/3/2012"
    assert Mask({"young_person:YP-0001": "", "young_person:YP-0002": " "}, {})("a b") == "a b"


@pytest.mark.parametrize(("name", "ordinary", "found"), [
    ("Zoë Heron", (), ["Zoë", "Heron"]),
    ("Sky-Ann Will", ("will",), ["Sky Ann Will", "Sky", "Ann"]),
    ("A B", (), []),
    ("", (), []),
])  # fmt: skip
def test_what_somebody_is_called_in_short(name: str, ordinary: tuple[str, ...], found: list[str]) -> None:
    assert further_names(ZOE, name, ordinary) == {f"{ZOE}#{n}": said for n, said in enumerate(found, 1)}


def test_of_a_description_only_what_is_a_name_counts_alone() -> None:
    assert typed_names(DAN, ["Danno", "the tall man", "Big Kip from town", ""]) == (
        {f"{DAN}#1": "Danno", f"{DAN}#2": "Kip", f"{DAN}#3": ""},
        ("the tall man", "Big Kip from town"),
    )


def test_a_long_text_is_quick_and_whole() -> None:
    said = "Zoë " * 5_000
    assert mask(born={date(2012, 3, 4)})(said) == "Alder " * 5_000
