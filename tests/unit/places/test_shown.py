"""What may be known of a place itself."""

from __future__ import annotations

import pytest

from chm.connections import Place, PlaceKind
from chm.places import rules
from chm.places.shown import Exposure, exposure, sector, shown

RULE = rules.load().dwellings
SHOP = Place(
    id="PLA-1", name="Placeholder Parade", address="1 Madeup Row", postcode="CR4 3ZZ", latitude=51.4, longitude=-0.1
)
FLAT = Place(
    id="PLA-2", name="Flat 9, Notreal Court", address="Flat 9", postcode="CR4 3ZZ", latitude=51.4, longitude=-0.1
)


@pytest.mark.parametrize(
    ("postcode", "found"),
    [("CR4 3AB", "CR4 3"), ("cr43ab", "CR4 3"), ("SW19 2", "SW19 2"), ("1 Row, SM4 5QT", "SM4 5"), ("W1A 1AA", "W1A 1"),
     ("", ""), ("Merton", "")],
)  # fmt: skip
def test_the_sector_of_a_postcode(postcode: str, found: str) -> None:
    assert sector(postcode) == found


@pytest.mark.parametrize(
    ("place", "lived_in", "sort", "found"),
    [
        (SHOP, None, None, Exposure.PUBLIC),
        (SHOP, None, "public", Exposure.PUBLIC),
        (SHOP, None, "taken_over", Exposure.DWELLING),
        (SHOP, False, None, Exposure.DWELLING),
        (SHOP, True, None, Exposure.HOME),
        (FLAT, None, None, Exposure.DWELLING),
        (FLAT, None, "public", Exposure.DWELLING),
        (Place(id="PLA-3", name="Flatbread House"), None, None, Exposure.PUBLIC),
        (Place(id="PLA-4", name="A house", description="The tenant no longer decides"), None, None, Exposure.DWELLING),
        (Place(id="PLA-5", name="A room", place_kind=PlaceKind.ONLINE), None, None, Exposure.ONLINE),
        (Place(id="PLA-6", name="A home", place_kind=PlaceKind.HOME), None, None, Exposure.HOME),
        (Place(id="PLA-7", name="A home", place_kind=PlaceKind.PLACEMENT), False, None, Exposure.HOME),
    ],
)
def test_how_much_may_be_shown(place: Place, lived_in: bool | None, sort: str | None, found: Exposure) -> None:
    assert exposure(place, lived_in, sort, RULE) == found


def test_a_public_place_by_its_point() -> None:
    told = shown(SHOP, Exposure.PUBLIC)
    assert (told.name, told.address, told.postcode, told.sector) == (
        "Placeholder Parade", "1 Madeup Row", "CR4 3ZZ", "CR4 3",
    )  # fmt: skip
    assert (told.latitude, told.longitude) == (51.4, -0.1)


def test_a_dwelling_by_its_area_alone() -> None:
    told = shown(FLAT, Exposure.DWELLING)
    assert (told.name, told.sector) == ("A dwelling in CR4 3", "CR4 3")
    assert (told.address, told.postcode, told.latitude, told.longitude) == ("", "", None, None)


def test_a_name_that_would_tell_who_goes_there_and_a_place_only_described() -> None:
    told = shown(SHOP, Exposure.PUBLIC, nameless=True)
    assert (told.name, told.address, told.latitude) == ("A place in CR4 3", "", 51.4)
    described = Place(id="PLA-8", description="Behind the gym")
    assert shown(described, Exposure.PUBLIC).name == "A place"
    assert shown(described, Exposure.PUBLIC, all=True).name == "“Behind the gym”"


def test_everything_for_those_who_reach_everybody() -> None:
    told = shown(FLAT, Exposure.DWELLING, all=True)
    assert (told.name, told.address, told.postcode, told.latitude) == (
        "Flat 9, Notreal Court", "Flat 9", "CR4 3ZZ", 51.4,
    )  # fmt: skip
