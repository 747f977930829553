"""Who and what is likely to be one, and what only looks so."""

from __future__ import annotations

import random
import shutil
from itertools import count
from pathlib import Path

import pytest

from chm import settings
from chm.connections import Account, AccountKind, Entity, NamedGroup, Person, Place, PlaceKind, Vehicle
from chm.duplicates import likely, rules
from chm.errors import Faults

RULES = rules.load()
SAYS = {reason: weighed.says for reason, weighed in RULES.reasons.items()}
ids = count(1)


def person(name: str = "", *other_names: str, about: str = "", under_18: bool | None = None) -> Person:
    return Person(id=f"PER-{next(ids):012}", name=name, other_names=other_names, description=about, under_18=under_18)


def place(name: str, **more: object) -> Place:
    return Place(id=f"PLA-{next(ids):012}", name=name, **more)  # type: ignore[arg-type]


def vehicle(plate: str, name: str = "") -> Vehicle:
    return Vehicle(id=f"VEH-{next(ids):012}", name=name, plate=plate)


def phone(number: str) -> Account:
    return Account(id=f"ACC-{next(ids):012}", name=number, account_kind=AccountKind.PHONE)


def online(name: str, platform: str = "Snapchat") -> Account:
    return Account(id=f"ACC-{next(ids):012}", name=name, platform=platform)


def reasons(one: Entity, other: Entity) -> tuple[str, ...]:
    """Ids of the reasons for which the two are offered, weightiest first; none where they are not."""
    found = likely([one, other], RULES)
    assert len(found) <= 1
    by_words = {says: reason for reason, says in SAYS.items()}
    return tuple(by_words[says] for pair in found for says in pair.reasons)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (person("Dan Placeholder"), person("Dan Placeholder"), ("same_name",)),
        (person("Dan Placeholder"), person("dan  PLACEHOLDER"), ("same_but_for_form",)),
        (person("Zoë O'Madeup"), person("Zoe O’Madeup"), ("same_but_for_form",)),
        (person("Mr Dan Placeholder"), person("Dan Placeholder"), ("same_but_for_form",)),
        (person("Placeholder, Dan"), person("Dan Placeholder"), ("same_but_for_form",)),
        (person("Placeholder Dan"), person("Dan Placeholder"), ("another_order",)),
        (person("Dan Lee Placeholder"), person("Dan Placeholder"), ("middle_name",)),
        (person("Dan Placeholder"), person("Daniel Placeholder"), ("short_form",)),
        (person("Dan Placeholder"), person("Danny Placeholder"), ("short_form",)),
        (person("Kate Placeholder"), person("Catherine Placeholder"), ("short_form",)),
        (person("Steven Placeholder"), person("Steve Placeholder"), ("short_form",)),
        (person("Mohammed Madeup"), person("Muhammad Madeup"), ("short_form",)),
        (person("Tom Placeholder"), person("Tom Placehodler"), ("spelling",)),
        (person("Tom Madeup"), person("Tom Madeop"), ("spelling",)),
        (person("Kieran Madeup"), person("Kieron Madeup"), ("spelling",)),
        (person("Da\u00adn Place\u200dholder"), person("Dan Placeholder"), ("same_but_for_form",)),
        (person("D Placeholder"), person("Dan Placeholder"), ("initial",)),
        (person("Dan P."), person("Dan Placeholder"), ("initial",)),
        (person("Danno"), person("Dan Placeholder", "Danno"), ("other_name",)),
        (person("Kit Madeup", "Danno"), person("Dan Placeholder", "danno"), ("shared_other_name",)),
        (person("Danno"), person("Danno"), ("same_single_name",)),
        (person(about="tall, grey Golf, 'Danno'"), person(about="Tall; grey golf, Danno"), ("same_description",)),
    ],
)  # fmt: skip
def test_people(one: Person, other: Person, why: tuple[str, ...]) -> None:
    assert reasons(one, other) == why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("Alex Placeholder"), person("Alec Placeholder")),
        (person("Louis Placeholder"), person("Louise Placeholder")),
        (person("Jayden Placeholder"), person("Kayden Placeholder")),
        (person("Bob Placeholder"), person("Rob Placeholder")),
        (person("Dan Placeholder"), person("Dan Madeup")),
        (person("Tom Madeup"), person("Tim Madeup")),
        (person("D Placeholder"), person("Tom Placeholder")),
        (person("D P"), person("Dan P")),
        (person("Danno"), person("Dan Placeholder")),
        (person(about="tall man"), person(about="tall man")),
        (person(about="Older male in a grey hoodie"), person(about="Older male in a grey hoodie")),
        (person("Unknown male"), person("Unknown male")),
        (person("Dan Placeholder", under_18=True), person("Dan Placeholder", under_18=False)),
        (person(), person()),
    ],
)
def test_people_who_are_two(one: Person, other: Person) -> None:
    assert reasons(one, other) == ()


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (vehicle("AB12 CDE"), vehicle("ab12 cde"), ("same_plate",)),
        (vehicle("AB12 CDE"), vehicle("AB12CDE"), ("plate_spacing",)),
        (vehicle("AB12 CDE"), vehicle("AB\u200d12 CDE\u3164"), ("plate_spacing",)),
        (vehicle("AB12 CDO"), vehicle("AB12 CD0"), ("plate_look_alike",)),
        (vehicle("AB12 CDE"), vehicle("ABI2CDE"), ("plate_look_alike",)),
        (vehicle("B12 C"), vehicle("AB12 CDE"), ("partial_plate",)),
        (vehicle("AB1? CDE"), vehicle("AB12 CDE"), ("partial_plate",)),
        (vehicle("", "AB12 CDE"), vehicle("AB12CDE"), ("plate_spacing",)),
        (phone("07700 900123"), phone("+44 7700 900123"), ("phone_format",)),
        (phone("07700900123"), phone("0044 7700-900-123"), ("phone_format",)),
        (phone("07700 900123"), phone("07700 900123"), ("same_phone",)),
        (phone("07700 900123"), phone("07700\u200d 900\u00ad123"), ("phone_format",)),
        (online("Kit\u200dMade\u00adup"), online("kitmadeup"), ("online_name_form",)),
        (online("@Kit.Made_up"), online("kitmadeup", "snapchat"), ("online_name_form",)),
        (online("kitmadeup"), online("kitmadeup"), ("same_online_name",)),
        (online("@kitmadeup"), online("kitmadeup", ""), ("platform_not_known",)),
        (online("kitmadeup", ""), online("kitmadeup", ""), ("platform_not_known",)),
        (NamedGroup(id="GRP-1", name="The Madeup Lot"), NamedGroup(id="GRP-2", name="Madeup lot"), ("name_form",)),
        (NamedGroup(id="GRP-1", name="Madeup Lot"), NamedGroup(id="GRP-2", name="Madeap Lot"), ("spelling",)),
    ],
)  # fmt: skip
def test_vehicles_accounts_and_groups(one: Entity, other: Entity, why: tuple[str, ...]) -> None:
    assert reasons(one, other) == why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (vehicle("AB12 CDE"), vehicle("AB12 CDF")),
        (vehicle("AB1"), vehicle("AB12 CDE")),
        (vehicle("AB1? CDE"), vehicle("AB12 CDF")),
        (vehicle("", "Grey Golf"), vehicle("", "Grey Golf")),
        (vehicle("???"), vehicle("???")),
        (phone("07700 900123"), phone("07700 900124")),
        (phone("+1 202 555 0123"), phone("0202 555 0123")),
        (online("kitmadeup", "Snapchat"), online("kitmadeup", "Instagram")),
        (online("kitmadeup1"), online("kitmadeup2")),
        (online("_._"), online("...")),
        (person("Danno"), NamedGroup(id="GRP-1", name="Danno")),
        (Person(id="PER-a", name="Dan Madeup", merged_into="PER-b"), Person(id="PER-b", name="Dan Madeup")),
    ],
)
def test_vehicles_accounts_and_others_that_are_two(one: Entity, other: Entity) -> None:
    assert reasons(one, other) == ()


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (place("Example Park"), place("the example  park"), ("name_form",)),
        (place("Example Park"), place("Example Park"), ("same_name",)),
        (place("St Madeup's Road"), place("Saint Madeups Rd"), ("name_form",)),
        (place("Notreal High St."), place("Notreal High Street"), ("name_form",)),
        (place("Mc Madeup"), place("McMadeup"), ("name_form",)),
        (place("Example Park"), place("Exmaple Park"), ("spelling",)),
        (
            place("Exampel Park", postcode="ZZ1 1ZZ"),
            place("Example Park", postcode="zz11zz"),
            ("spelling", "same_postcode"),
        ),
        (
            place("Chicken Madeup", address="1 Example Rd", postcode="ZZ1 1ZZ"),
            place("The takeaway", address="1 Example Road", postcode="ZZ1 1ZZ"),
            ("same_address", "same_postcode"),
        ),
        (
            place("Example Park", latitude=51.4, longitude=-0.19),
            place("The Example Park", latitude=51.403, longitude=-0.19),
            ("name_form",),
        ),
    ],
)  # fmt: skip
def test_places(one: Place, other: Place, why: tuple[str, ...]) -> None:
    assert reasons(one, other) == why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (place("Flat 1, Example House"), place("Flat 11, Example House")),
        (place("Flat 1 1"), place("Flat 11")),
        (place("Block A"), place("Block B")),
        (place("Station Road"), place("Station Row")),
        (place("North Madeup Park"), place("South Madeup Park")),
        (place("Chicken Madeup", postcode="ZZ1 1ZZ"), place("Chicken Madeup", postcode="ZZ2 2ZZ")),
        (
            place("Example Park", latitude=51.4, longitude=-0.19),
            place("Example Park", latitude=51.405, longitude=-0.19),
        ),
        (place("Example Chat", place_kind=PlaceKind.ONLINE), place("Example Chat")),
        (place("Notreal Cafe", postcode="ZZ1 1ZZ"), place("Madeup Gym", postcode="ZZ1 1ZZ")),
        (
            place("Flat 1", address="Example House", postcode="ZZ1 1ZZ"),
            place("Flat 2", address="Example House", postcode="ZZ1 1ZZ"),
        ),
        (place("School"), place("The school")),
    ],
)  # fmt: skip
def test_places_that_are_two(one: Place, other: Place) -> None:
    assert reasons(one, other) == ()


def test_scores_reasons_in_plain_words_and_the_likeliest_first() -> None:
    a, b = place("Exampel Park", postcode="ZZ1 1ZZ"), place("Example Park", postcode="ZZ1 1ZZ")
    c, d = vehicle("AB12 CDE"), vehicle("AB12CDE")
    found = likely([d, b, a, c], RULES)
    assert [(p.one, p.other, p.score) for p in found] == [(c, d, 0.97), (a, b, 0.82)]
    assert found[0].reasons == ("The plate is the same but for spaces",)
    assert found[1].reasons == ("The names differ by a letter or two in one word", "The postcode is the same")


def test_a_crowd_of_one_name_is_offered_with_the_first_of_them_only() -> None:
    crowd = [Person(id=f"PER-{n:05}", name="Dan Placeholder") for n in range(10_000)]
    found = likely(crowd, RULES)
    assert len(found) == 9_999
    assert {p.one.id for p in found} == {"PER-00000"}


def test_ten_thousand_entities_are_compared_by_key() -> None:
    pick = random.Random(5)
    surnames = ["".join(pick.choices("aeioulnrst", k=9)) for _ in range(2_000)]
    people = [Person(id=f"PER-{n:05}", name=f"{given} {s}") for n, (given, s) in enumerate(
        (given, s) for s in surnames for given in ("Amy", "Ben", "Cleo", "Dev", "Eve"))]  # fmt: skip
    twin = Person(id="PER-10000", name=f"Benjamin {surnames[1_234]}")
    found = [p for p in likely([*people, twin], RULES) if twin in (p.one, p.other)]
    assert [(p.one.name, p.reasons) for p in found] == [(f"Ben {surnames[1_234]}", (SAYS["short_form"],))]


class TestRules:
    def test_weights_and_thresholds(self) -> None:
        assert RULES.offer_from == 0.6
        assert len(RULES.reasons) == 23
        assert min(w.weight for w in RULES.reasons.values()) == 0.4
        assert RULES.nicknames.alike["dan"] == {"daniel", "danny", "danno", "dani"}
        assert "alec" not in RULES.nicknames.alike["alex"]

    def test_a_council_may_change_them(self, tmp_path: Path) -> None:
        shutil.copy(settings.data() / rules.NAMES_FILE, tmp_path)
        text = (settings.data() / rules.FILE).read_text(encoding="utf-8")
        (tmp_path / rules.FILE).write_text(text.replace("offer_from: 0.6", "offer_from: 0.61"), encoding="utf-8")
        assert likely([person("D Placeholder"), person("Dan Placeholder")], rules.load(tmp_path)) == []

    def test_every_fault_of_both_files_is_named(self, tmp_path: Path) -> None:
        text = (settings.data() / rules.FILE).read_text(encoding="utf-8")
        broken = text.replace("offer_from: 0.6", "offer_from: 6").replace(
            "weight: 0.98, says: The plate", "says: The plate"
        )
        (tmp_path / rules.FILE).write_text(broken.replace("  same_address:", "  same_adress:"), encoding="utf-8")
        with pytest.raises(Faults) as found:
            rules.load(tmp_path)
        said = found.value.faults
        assert said[0] == "duplicates.yaml: offer_from: input should be less than 1; correct it"
        assert said[1] == "duplicates.yaml: reasons.same_plate.weight: field required; add it"
        assert said[2].startswith("duplicates.yaml: reasons.same_adress.[key]: input should be 'same_name', ")
        assert said[3:] == [
            "nicknames.yaml: the file cannot be read (No such file or directory); restore it from the release"
        ]

    def test_a_reason_left_out(self, tmp_path: Path) -> None:
        shutil.copy(settings.data() / rules.NAMES_FILE, tmp_path)
        lines = (settings.data() / rules.FILE).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("  initial:")]
        (tmp_path / rules.FILE).write_text("\n".join(kept), encoding="utf-8")
        with pytest.raises(Faults) as found:
            rules.load(tmp_path)
        assert found.value.faults == ["duplicates.yaml: reasons: missing: initial; correct it"]


def test_many_with_a_middle_name_and_nobody_without() -> None:
    many = [person(f"Pat {chr(65 + n // 26)}{chr(97 + n % 26)} Invented") for n in range(RULES.most_alike + 1)]
    assert likely(many) == []
