"""A postcode to a point."""

from __future__ import annotations

import numpy as np
import pytest

from chm.errors import NotFound
from chm.geography import postcodes
from chm.geography.postcodes import PostcodePoint, directory, locate, sector, spaced, within, written

CIVIC_CENTRE = PostcodePoint("SM4 5DX", 51.401282, -0.196296, "E09000024")


@pytest.mark.parametrize(
    "text",
    ["SM4 5DX", "sm45dx", " SM4  5DX ", "SM4\u00a05DX", "Civic Centre, London Road, Morden, SM4 5DX, UK",
     "Flat 2A, formerly ZZ9 9ZZ, now SM4 5DX", "SM4-5DX (front door)"],
)  # fmt: skip
def test_a_postcode_alone_or_in_an_address(text: str) -> None:
    assert locate(text) == CIVIC_CENTRE


def test_northern_ireland_goes_by_a_grid_of_its_own() -> None:
    # Belfast City Hall.
    found = locate("BT1 5GS")
    assert (found.latitude, found.longitude) == pytest.approx((54.5966, -5.9301), abs=2e-4)
    assert found.authority == "N09000003"


def test_of_two_that_exist_the_last_is_the_place() -> None:
    assert locate("SW1A 1AA, sent on to SM4 5DX") == CIVIC_CENTRE


@pytest.mark.parametrize("text", ["", "London Road", "SM4", "SM4 5D", "ASM4 5DX", "12345", "SM4 5DC", "S4LONDON 5DX"])
def test_what_is_no_whole_postcode_is_said(text: str) -> None:
    with pytest.raises(NotFound) as found:
        locate(text)
    assert str(found.value) == (
        "There is no whole postcode in this; write it as in SM4 5DX, or put the place on the map."
    )


@pytest.mark.parametrize("text", ["SM4 5ZZ", "ZZ99 9ZZ", "QQ1 1QQ", "Placeholder House, ZZ1 1ZZ"])
def test_one_that_does_not_exist_is_said_and_not_repeated(text: str) -> None:
    with pytest.raises(NotFound) as found:
        locate(text)
    assert str(found.value) == (
        f"This postcode is not in the directory ({postcodes.release()}); check it, or put the place on "
        f"the map by a click."
    )


def test_one_without_a_point_is_said() -> None:
    with pytest.raises(NotFound) as found:
        locate("JE1 0BD")
    assert str(found.value) == (
        "The directory gives no point for this postcode; put the place on the map by a click."
    )  # fmt: skip


def test_how_a_postcode_is_written() -> None:
    assert written("a SW19 1AA, b sw1a1aa") == ["SW191AA", "SW1A1AA"]
    assert [spaced("SW1A1AA"), sector("SW1A1AA"), sector("M11AE")] == ["SW1A 1AA", "SW1A 1", "M1 1"]


def test_a_letter_without_postcodes_is_empty() -> None:
    assert len(directory("Q").postcodes) == 0


def test_the_directory_is_in_order_so_that_it_can_be_searched() -> None:
    found = directory("Y")
    assert (found.postcodes[1:] > found.postcodes[:-1]).all()
    assert found.points.shape == (len(found.postcodes), 2)
    assert found.sectors[0] == sector(found.postcodes[0].decode())


def test_within_a_rectangle(monkeypatch: pytest.MonkeyPatch) -> None:
    here = postcodes.Directory(
        np.array([b"ZZ11AA", b"ZZ11AB", b"ZZ11AD"]),
        np.array([b"E09999999"] * 3),
        np.array([[10.0, 10.0], [30.0, 10.0], [np.nan, np.nan]]),
    )
    nothing = postcodes.Directory(np.empty(0, "S7"), np.empty(0, "S9"), np.empty((0, 2)))
    monkeypatch.setattr(postcodes, "directory", lambda letter: here if letter == "Z" else nothing)
    assert within(0, 0, 20, 20).postcodes.tolist() == [b"ZZ11AA"]
    assert within(50, 50, 60, 60).points.shape == (0, 2)
    assert postcodes.of_authority("E09999999").postcodes.tolist() == [b"ZZ11AA", b"ZZ11AB"]
