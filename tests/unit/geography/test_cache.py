"""Outlines kept on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from chm.geography import cache, outlines
from chm.geography.areas import AreaKind, Areas, Borough
from chm.geography.rules import Geography, load

RULES = load()


@pytest.fixture
def drawn(borough: Borough, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes asked to be drawn, each time one is."""
    asked: list[str] = []

    def draw(rules: Geography) -> Borough:
        asked.append(rules.borough.code)
        return borough

    monkeypatch.setattr(outlines, "draw", draw)
    return asked


def test_drawn_once_then_read(borough: Borough, drawn: list[str], tmp_path: Path) -> None:
    cache.borough(RULES, tmp_path / "new")
    again = cache.borough(RULES, tmp_path / "new")
    assert drawn == ["E09000024"]
    assert (again.code, again.name) == ("E09000024", "Merton")
    assert again.sectors.codes == borough.sectors.codes
    assert again.attribution == borough.attribution
    assert shapely.equals(again.sectors.shapes, borough.sectors.shapes).all()
    assert shapely.equals(again.outline, borough.outline)
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["E09000024.geojson"]


def test_drawn_anew_after_a_change_of_rules_or_of_the_directory(
    drawn: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.borough(RULES, tmp_path)
    rougher = RULES.outlines.model_copy(update={"smooth_metres": 60})
    cache.borough(RULES.model_copy(update={"outlines": rougher}), tmp_path)
    assert len(drawn) == 2
    monkeypatch.setattr(cache.postcodes, "release", lambda: "2027.1.1")
    cache.borough(RULES, tmp_path)
    assert len(drawn) == 3


@pytest.mark.parametrize("damage", [b"", b"[1]", b"\xff", b'{"made_from": "x"}'])
def test_drawn_anew_where_the_file_is_damaged(damage: bytes, drawn: list[str], tmp_path: Path) -> None:
    cache.borough(RULES, tmp_path)
    (tmp_path / "E09000024.geojson").write_bytes(damage)
    assert cache.borough(RULES, tmp_path).name == "Madeup"
    cache.borough(RULES, tmp_path)
    assert len(drawn) == 2


def test_a_file_cut_within_its_features(drawn: list[str], tmp_path: Path) -> None:
    cache.borough(RULES, tmp_path)
    file = tmp_path / "E09000024.geojson"
    file.write_bytes(file.read_bytes().replace(b'"Polygon"', b'"Polygone"'))
    cache.borough(RULES, tmp_path)
    assert len(drawn) == 2


def test_where_the_folder_cannot_be_written_it_is_drawn_each_time(drawn: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for _ in range(2):
        cache.borough(RULES, tmp_path / "file")
    assert len(drawn) == 2


def test_what_an_administrator_supplied_is_kept_replaced_and_removed(sectors: Areas, tmp_path: Path) -> None:
    assert cache.kept(AreaKind.WARD, "E09000024", tmp_path) is None
    wards = Areas(AreaKind.WARD, sectors.codes, ("One", "Two", "Three", "Four"), sectors.shapes, "Whoever")
    cache.keep(sectors, "E09000024", tmp_path)
    cache.keep(wards, "E09000024", tmp_path)
    found = cache.kept(AreaKind.WARD, "E09000024", tmp_path)
    assert found is not None
    assert (found.kind, found.names, found.attribution) == (AreaKind.WARD, ("One", "Two", "Three", "Four"), "Whoever")
    assert cache.kept(AreaKind.WARD, "E09000001", tmp_path) is None
    cache.forget(AreaKind.WARD, "E09000024", tmp_path)
    cache.forget(AreaKind.WARD, "E09000024", tmp_path)
    assert cache.kept(AreaKind.WARD, "E09000024", tmp_path) is None
    assert cache.kept(AreaKind.SECTOR, "E09000024", tmp_path) is not None


def test_a_write_that_fails_leaves_what_was_there(
    sectors: Areas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.keep(sectors, "E09000024", tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        cache.keep(sectors, "E09000024", tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["E09000024-sector.geojson"]
