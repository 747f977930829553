"""A police.uk download opened: one CSV, a folder, a zip."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from random import Random

import pytest

from chm.exchange import police_files
from chm.exchange.police_files import PoliceFile, from_path, from_upload


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def test_one_csv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"A")
    assert list(from_path(tmp_path / "a.csv")) == [PoliceFile("a.csv", b"A")]
    assert list(from_upload("a.csv", b"A")) == [PoliceFile("a.csv", b"A")]


def test_a_folder_of_months_with_a_zip_in_it_and_other_files_passed_over(tmp_path: Path) -> None:
    for month in ("2024-02", "2024-01"):
        (tmp_path / month).mkdir()
        (tmp_path / month / f"{month}-x-street.CSV").write_bytes(month.encode())
    (tmp_path / "notes.txt").write_bytes(b"no")
    (tmp_path / "z.zip").write_bytes(zipped(**{"b.csv": b"B"}))
    assert [(f.name, f.data) for f in from_path(tmp_path)] == [
        ("2024-01-x-street.CSV", b"2024-01"), ("2024-02-x-street.CSV", b"2024-02"), ("b.csv", b"B"),
    ]  # fmt: skip


def test_a_zip_of_sixty_months_in_order() -> None:
    months = [f"{2019 + n // 12}-{n % 12 + 1:02}" for n in range(60)]
    data = zipped(
        **{f"{m}/{m}-x-street.csv": m.encode() for m in reversed(months)},
        **{"__MACOSX/._a.csv": b"", ".hidden.csv": b"", "README.txt": b""},
    )
    assert [f.data.decode() for f in from_upload("latest.zip", data)] == months


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"PK\x03\x04 cut short", "not a whole zip file; download it again"),
        (zipped(**{"a.txt": b""}), "no CSV file in it; take the zip that police.uk gives"),
        (zipped(**{"xl/workbook.xml": b""}), "a spreadsheet, not CSV; take the CSV that police.uk gives"),
    ],
)
def test_what_is_no_zip_of_csv(data: bytes, fault: str) -> None:
    assert list(from_upload("x.zip", data)) == [PoliceFile("x.zip", fault=fault)]


def test_a_damaged_file_in_a_zip_does_not_hide_the_others() -> None:
    data = bytearray(zipped(**{"a.csv": b"A" * 500, "b.csv": b"B"}))
    data[36:38] = b"\xff\xff"
    first, second = from_upload("x.zip", bytes(data))
    assert (first.name, first.fault) == ("a.csv", "damaged inside the zip; download it again")
    assert second == PoliceFile("b.csv", b"B")


def test_a_file_that_holds_more_than_the_zip_claims_is_damaged() -> None:
    data = bytearray(zipped(**{"a.csv": b"A" * 5_000}))
    where = data.index(b"PK\x01\x02") + 24
    data[where : where + 4] = struct.pack("<L", 10)
    (only,) = from_upload("x.zip", bytes(data))
    assert only == PoliceFile("a.csv", fault="damaged inside the zip; download it again")


def test_limits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(police_files, "MOST_BYTES", 1_000_000)
    big = Random(1).randbytes(1_000_001)
    (tmp_path / "a.csv").write_bytes(big)
    said = "larger than 1 MB; split it by month"
    assert [f.fault for f in from_path(tmp_path / "a.csv")] == [said]
    assert [f.fault for f in from_upload("a.csv", big)] == [said]
    assert [f.fault for f in from_upload("a.zip", zipped(**{"a.csv": big}))] == [said]
    monkeypatch.setattr(police_files, "MOST_FILES", 1)
    assert [f.fault for f in from_upload("a.zip", zipped(**{"a.csv": b"", "b.csv": b""}))] == [
        "more than 1 files in it; take fewer months or forces"
    ]
    monkeypatch.setattr(police_files, "MOST_FILES", 2)
    monkeypatch.setattr(police_files, "MOST_BYTES_IN_ALL", 1_000_000)
    assert [f.fault for f in from_upload("a.zip", zipped(**{"a.csv": big}))] == [
        "more than 1 MB unpacked; take fewer months or forces"
    ]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    assert list(from_path(tmp_path / "none.csv")) == [
        PoliceFile("none.csv", fault="cannot be read (No such file or directory)")
    ]
    assert list(from_path(tmp_path / "none.zip")) == [
        PoliceFile("none.zip", fault="cannot be read (No such file or directory)")
    ]
