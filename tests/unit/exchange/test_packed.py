"""Zips and the XML in them, looked at before they are opened."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from chm.exchange.packed import DAMAGED, MOST_RATIO, Packing, fault, xml_fault

PACKING = Packing(most_entries=5, most_unpacked=2_000_000, again="split it")
RATIO = f"something in it unpacks to more than {MOST_RATIO} times its size; pack the files anew"
NESTED = "another archive or workbook in it; take that one out, or unpack it first"
ELSEWHERE = "a file in it has a name that leads elsewhere; pack the files anew"
TWICE = "two files in it have one name; pack the files anew"
TYPE = "a document type or entities in it, which no workbook needs; save it anew as .xlsx"


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            # As it is asked for: zipfile would mend a name on its way in.
            info.filename, info.compress_type = name, method
            archive.writestr(info, data)
    return file.getvalue()


def found(data: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return fault(archive, PACKING)


def locked(data: bytes) -> bytes:
    """With the flag of an encrypted entry, in the entry and in the list."""
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def overlapping() -> bytes:
    """Two entries in the list of the same bytes, as in a bomb without one packed file in another."""
    once = zipped(("a.csv", b"A" * 1_000))
    start = once.index(b"PK\x01\x02")
    end = once.index(b"PK\x05\x06")
    first = once[start:end]
    second = first.replace(b"a.csv", b"b.csv")
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(first) * 2, start, 0)
    return once[:start] + first + second + tail


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_ordinary_zip_is_opened(method: int) -> None:
    entries = (("2024-01/a.csv", b"a,b\n" * 20_000), ("2024-01/é.csv", b""), ("__MACOSX/._a", b"x"))
    assert found(zipped(*entries, method=method)) is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped(*((f"{n}.csv", b"") for n in range(6))), "more than 5 files in it; split it"),
        (zipped(("a", bytes(range(256)) * 8_000)), "more than 2 MB unpacked; split it"),
        (zipped(("a", b"\0" * 1_000_000)), RATIO),
        (locked(zipped(("a.csv", b"A"))), "locked with a password; unlock it"),
        (zipped(("a.csv", b"A"), method=zipfile.ZIP_LZMA), "packed in a way few programs read; pack the files anew"),
        (zipped(("x/b.ZIP", b"")), NESTED),
        (zipped(("xl/embeddings/Book.xlsx", b"")), NESTED),
        (zipped(("../a.csv", b"")), ELSEWHERE),
        (zipped(("/etc/a.csv", b"")), ELSEWHERE),
        (zipped(("C:\\a.csv", b"")), ELSEWHERE),
        (zipped(("a\x07.csv", b"")), ELSEWHERE),
        (zipped(("a\u202e.csv", b"")), ELSEWHERE),
        (zipped(("a.csv", b""), ("A.CSV", b"")), TWICE),
        (overlapping(), DAMAGED),
    ],
    ids=[
        "many", "large", "bomb", "locked", "lzma", "zip", "workbook", "up", "root", "drive", "bell", "turned", "twice",
        "overlap",
    ],
)  # fmt: skip
def test_what_is_not_opened_and_what_to_do(data: bytes, said: str) -> None:
    assert found(data) == said


def test_a_small_file_may_shrink_much() -> None:
    assert found(zipped(("a.csv", b"\0" * 99_000))) is None


def test_no_more_is_read_than_an_entry_claims() -> None:
    """What makes the sizes of the list worth asking: an entry that holds more is damaged."""
    data = bytearray(zipped(("a.csv", b"A" * 5_000)))
    for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        where = data.index(sign) + at
        data[where : where + 4] = struct.pack("<L", 10)
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        assert fault(archive, PACKING) is None
        with pytest.raises((zipfile.BadZipFile, zlib.error)):
            archive.read("a.csv")


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/media/a.png"])
def test_a_workbook_with_a_part_that_holds_more_than_it_claims_is_damaged(name: str) -> None:
    data = bytearray(zipped((name, b"<x>" + b" " * 5_000 + b"</x>")))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        assert xml_fault(archive) is None
    where = data.index(b"PK\x01\x02") + 24
    data[where : where + 4] = struct.pack("<L", 10)
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        assert xml_fault(archive) == DAMAGED


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (b"<x/>", None),
        (b"<?xml version='1.0' encoding='UTF-8'?><!-- words --><x/>", None),
        ("\ufeff<x/>".encode(), None),
        (LAUGHS.encode(), TYPE),
        (LAUGHS.encode("utf-16"), TYPE),
        (b"<?xml version='1.0'?>" + b"<!-- -->" * 10_000 + LAUGHS.encode(), TYPE),
        (b'<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><x/>', TYPE),
        (b"<!DOCTYPE x><x/>", TYPE),
        ("<?xml version='1.0' encoding='cp037'?>".encode("cp037") + LAUGHS.encode("cp037"), DAMAGED),
        (b"no XML", DAMAGED),
        (b"", DAMAGED),
        (b"<x", DAMAGED),
        (b"<?xml version='1.0' encoding='nowhere'?><x/>", DAMAGED),
    ],
)
@pytest.mark.parametrize("name", ["xl/workbook.xml", "_rels/.rels", "xl/drawings/a.VML"])
def test_xml_has_no_document_type(name: str, part: bytes, said: str | None) -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(("xl/media/a.png", b"<!DOCTYPE"), (name, part)))) as archive:
        assert xml_fault(archive) == said
