"""The files of a police.uk download: one CSV, a folder of months or a zip of them, one at a time."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from chm.exchange import packed
from chm.exchange.packed import Packing

DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, NotImplementedError, RuntimeError)
MOST_FILES, MOST_BYTES, MOST_BYTES_IN_ALL = 10_000, 200_000_000, 2_000_000_000


@dataclass(frozen=True)
class PoliceFile:
    """A file by its name, with what it holds or why it cannot be read."""

    name: str
    data: bytes = b""
    fault: str | None = None


def from_path(path: Path) -> Iterator[PoliceFile]:
    """The CSV files at `path`: itself, in a zip, or in a folder with all its sub-folders; in order of name."""
    if path.is_dir():
        for file in sorted(p for p in path.rglob("*") if p.suffix.lower() in (".csv", ".zip") and p.is_file()):
            yield from from_path(file)
        return
    try:
        if path.suffix.lower() == ".zip":
            yield from _in_zip(path.name, path)
        elif path.stat().st_size > MOST_BYTES:
            yield PoliceFile(path.name, fault=f"larger than {MOST_BYTES // 1_000_000} MB; split it by month")
        else:
            yield PoliceFile(path.name, path.read_bytes())
    except OSError as error:
        yield PoliceFile(path.name, fault=f"cannot be read ({error.strerror})")


def from_upload(name: str, data: bytes) -> Iterator[PoliceFile]:
    """The CSV files in what somebody uploaded: a CSV, or a zip of them."""
    if data.startswith(b"PK"):
        yield from _in_zip(name, io.BytesIO(data))
    elif len(data) > MOST_BYTES:
        yield PoliceFile(name, fault=f"larger than {MOST_BYTES // 1_000_000} MB; split it by month")
    else:
        yield PoliceFile(name, data)


def _in_zip(name: str, source: Path | io.BytesIO) -> Iterator[PoliceFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            inside = sorted((i for i in archive.infolist() if _wanted(i)), key=lambda i: i.filename)
            packing = Packing(MOST_FILES, MOST_BYTES_IN_ALL, "take fewer months or forces")
            if fault := _without_csv(archive, inside) or packed.fault(archive, packing):
                yield PoliceFile(name, fault=fault)
                return
            for info in inside:
                yield _unpacked(archive, info)
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError):
        yield PoliceFile(name, fault=packed.DAMAGED)


def _wanted(info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(info.filename)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return path.suffix.lower() == ".csv" and not hidden


def _without_csv(archive: zipfile.ZipFile, inside: list[zipfile.ZipInfo]) -> str | None:
    if inside:
        return None
    if any(i.filename == "xl/workbook.xml" for i in archive.infolist()):
        return "a spreadsheet, not CSV; take the CSV that police.uk gives"
    return "no CSV file in it; take the zip that police.uk gives"


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> PoliceFile:
    try:
        with archive.open(info) as file:
            # Never more than is claimed, which a zip may lie about, nor than the limit.
            data = file.read(min(info.file_size, MOST_BYTES) + 1)
    except DAMAGE as error:
        locked = isinstance(error, RuntimeError) and "password" in str(error)
        said = "locked with a password; unlock it" if locked else "damaged inside the zip; download it again"
        return PoliceFile(info.filename, fault=said)
    if len(data) > MOST_BYTES:
        return PoliceFile(info.filename, fault=f"larger than {MOST_BYTES // 1_000_000} MB; split it by month")
    return PoliceFile(info.filename, data)
