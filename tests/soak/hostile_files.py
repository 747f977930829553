"""Files as a hostile hand makes them: right ones changed at random from a seed, and bombs made by hand."""

from __future__ import annotations

import csv
import io
import math
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

import openpyxl

from chm.exchange.connections import COLUMNS
from chm.exchange.police_uk import SEARCH, STREET

Kind = str
YOUNG_PEOPLE, CONNECTIONS, MISSING, ANNEX_A, POLICE = "young people", "connections", "missing", "Annex A", "police.uk"
KINDS = (YOUNG_PEOPLE, CONNECTIONS, MISSING, ANNEX_A, POLICE)
WORDS = (
    "Heron Placeholder", "Some Park", "Zoë", "=cmd()", "@SUM(A1)", "\u202eevil", "👧", "x" * 300, "", "0", "-1",
    "9" * 400, "1e400", "nan", "2026-02-30", "31/12/1899", "0000-00-00", "\x00", "'", '"', "a,b", "a;b", "<b>x</b>",
    "NULL", "true", "YP-0001", "YP-9999", "..", "2026-05-17T25:61", "2026-10-25T01:30+99:99",
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "cp037", "utf-7")


@dataclass(frozen=True)
class Upload:
    """A file of a kind; `how` says what was done to it."""

    kind: Kind
    data: bytes
    how: str


@dataclass(frozen=True)
class Bomb:
    """A file made by hand, once it is needed: some are large. `slow` ones take most of the time there is."""

    kind: Kind
    make: Callable[[], bytes]
    how: str
    slow: bool = False


def right(kind: Kind, chance: Random) -> bytes:
    """A file that is taken in as it is."""
    return {
        YOUNG_PEOPLE: _young_people,
        CONNECTIONS: _connections,
        MISSING: _missing,
        ANNEX_A: _annex_a,
        POLICE: lambda c: _zipped(_months(c)) if c.random() < 0.5 else next(iter(_months(c).values())),
    }[kind](chance)


def uploads(seed: int, number: int) -> Iterator[Upload]:
    """`number` files: the bombs, as many as are a third of them at most, spread among others of which four in five are
    changed."""
    chance = Random(seed)
    known = list(bombs())
    step = max(1, math.ceil(3 * len(known) / number))
    some = islice((bomb for bomb in known if step == 1 or not bomb.slow), 0, None, step)
    every = number * step // len(known)
    for n in range(number):
        if n % every == 0 and (bomb := next(some, None)):
            yield Upload(bomb.kind, bomb.make(), bomb.how)
            continue
        kind = chance.choice(KINDS)
        data = right(kind, chance)
        how = []
        for _ in range(chance.choice((0, 1, 1, 2, 4))):
            change = chance.choice(CHANGES if data.startswith(b"PK") else TEXT_CHANGES)
            data = change(data, chance)
            how.append(change.__name__.strip("_"))
        yield Upload(kind, data, ", ".join(how) or "as it was")


def _table(header: Any, rows: Any, separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=separator)
    out.writerow(header)
    out.writerows(rows)
    return text.getvalue().encode()


def _name(chance: Random) -> str:
    return f"Madeup {chance.getrandbits(40):x}"


def _young_people(chance: Random) -> bytes:
    rows = [
        [_name(chance), f"20{chance.randint(10, 14)}-05-17", "", "Merton", "no"] for _ in range(chance.randint(1, 9))
    ]
    return _table(("name", "born", "age", "home_borough", "looked_after"), rows)


def _connections(chance: Random) -> bytes:
    rows = []
    for n in range(chance.randint(1, 20)):
        day = f"2026-{chance.randint(1, 10):02}-{chance.randint(1, 28):02}"
        rows.append(
            ["young_person", f"YP-000{chance.randint(1, 3)}", "place", _name(chance), "sighting", "", day, "", "Police",
             "likely", "unclear", f"E{n // 2}" if chance.random() < 0.5 else "", "seen"]
        )  # fmt: skip
    return _table(COLUMNS, rows, chance.choice(",;\t"))


def _missing(chance: Random) -> bytes:
    rows = []
    for _ in range(chance.randint(1, 20)):
        day = chance.randint(1, 27)
        month = f"20{chance.randint(20, 25)}-{chance.randint(1, 12):02}"
        rows.append(
            [f"YP-000{chance.randint(1, 3)}", f"{month}-{day:02}T21:30", f"{month}-{day + 1:02}T07:10", "Some Park"]
        )
    return _table(("young_person", "start", "end", "found_at"), rows)


def _annex_a(chance: Random) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "List 3"
    sheet.append(["Child Unique ID", "Date of Birth", "Age", "Date of Referral"])
    for _ in range(chance.randint(1, 9)):
        sheet.append([_name(chance), "17/05/2012", 14, f"0{chance.randint(1, 9)}/03/2026"])
    more = book.create_sheet("List 8")
    more.append(["Child Unique ID", "Number of Episodes the Child has been Missing"])
    more.append([_name(chance), 3])
    more.cell(2, 3).value = "x"
    more.append([_name(chance), 0])
    for row in (2, 3):
        more.cell(row, 4).value = 15
    more.cell(1, 4).value = "Age"
    file = io.BytesIO()
    book.save(file)
    core = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-01-01T00:00:00Z", _parts(file.getvalue())["docProps/core.xml"])
    return _zipped({**_parts(file.getvalue()), "docProps/core.xml": core})


def _months(chance: Random) -> dict[str, bytes]:
    found = {}
    for month in chance.sample([f"20{y}-{m:02}" for y in range(20, 26) for m in range(1, 13)], chance.randint(1, 3)):
        said = {"Month": month, "Reported by": "Example Police", "Crime type": "Drugs"}
        rows = []
        for _ in range(chance.randint(1, 30)):
            point = {
                "Longitude": f"{chance.uniform(-0.25, -0.13):.6f}",
                "Latitude": f"{chance.uniform(51.38, 51.44):.6f}",
            }
            rows.append([{**said, **point}.get(column, "") for column in STREET])
        found[f"{month}/{month}-example-street.csv"] = _table(STREET, rows)
        search = {
            "Type": "Person search",
            "Date": f"{month}-01T13:45:00+00:00",
            "Latitude": "51.4",
            "Longitude": "-0.16",
        }
        found[f"{month}/{month}-example-stop-and-search.csv"] = _table(SEARCH, [[search.get(c, "") for c in SEARCH]])
    return found


def _zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            # Without the time of day, so that one seed makes one file.
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def flip(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20, 200))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def take_out(data: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randrange(200) :]


def put_in(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    new = chance.choice(
        (chance.randbytes(chance.randrange(2_000)), b"\x00" * 5_000, b'"', b"\r", b"\xff\xfe", b"\xed\xa0\x80")
    )
    return data[:at] + new + data[at:]


def repeat(data: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.randrange(1, 300)]
    return data[:start] + piece * chance.choice((2, 50, 2_000)) + data[start:]


def join(data: bytes, chance: Random) -> bytes:
    other = right(chance.choice(KINDS), chance)
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def in_another_encoding(data: bytes, chance: Random) -> bytes:
    return data.decode("utf-8", errors="replace").encode(chance.choice(ENCODINGS), errors="replace")


def cells(data: bytes, chance: Random) -> bytes:
    """Some cells of a table replaced, whatever the table is."""
    lines = data.decode("utf-8", errors="replace").split("\n")
    for _ in range(chance.choice((1, 2, 10))):
        n = chance.randrange(len(lines))
        row = lines[n].split(",")
        row[chance.randrange(len(row))] = chance.choice(WORDS)
        lines[n] = ",".join(row)
    return "\n".join(lines).encode(errors="replace")


def ends(data: bytes, chance: Random) -> bytes:
    return data.replace(b"\r\n", chance.choice((b"\r", b"\n", b"\n\n", b"\x85", b"\x0b", b"\r\r\n")))


def inside(data: bytes, chance: Random) -> bytes:
    """A part of a zip changed, and packed anew; no zip any more, the bytes changed."""
    try:
        parts = _parts(data)
        name = chance.choice(list(parts))
    except Exception:
        return flip(data, chance)
    parts[name] = chance.choice(TEXT_CHANGES)(parts[name], chance)
    return _zipped(parts, chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))


Change = Callable[[bytes, Random], bytes]
TEXT_CHANGES: tuple[Change, ...] = (flip, cut, take_out, put_in, repeat, join, in_another_encoding, cells, ends)
CHANGES: tuple[Change, ...] = (inside, inside, inside, inside, flip, cut, take_out, put_in, join)

CONTENT = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Override PartName="/xl/workbook.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
LAUGHS = b"<!DOCTYPE x [<!ENTITY a0 'ha'>%s]>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
)


def _workbook(**parts: bytes) -> bytes:
    """A right workbook with some parts replaced, or added: `xl_sharedStrings` is xl/sharedStrings.xml.

    Packed as it is, so that it gets past the check of how far it shrinks.
    """
    named = {f"{name.replace('_', '/')}.xml": data for name, data in parts.items()}
    return _zipped({**_parts(_annex_a(Random(1))), **named}, zipfile.ZIP_STORED)


def _sheet(rows: bytes, claims: bytes = b"A1:D9") -> bytes:
    return (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="%s"/><sheetData>%s</sheetData></worksheet>' % (claims, rows)
    )


HEAD_ROW = b'<row r="1"><c t="inlineStr"><is><t>Child Unique ID</t></is></c></row>'


def _encrypted(data: bytes) -> bytes:
    changed = bytearray(data)
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        changed[at + 8] |= 1
        at += 4
    return bytes(changed)


def _overlapping() -> bytes:
    """Ten thousand entries that are all the same bytes."""
    once = _zipped({"00000.csv": b"0" * 5_000_000})
    start, end = once.index(b"PK\x01\x02"), once.index(b"PK\x05\x06")
    listed = b"".join(once[start:end].replace(b"00000", b"%05d" % n) for n in range(10_000))
    return once[:start] + listed + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 10_000, 10_000, len(listed), start, 0)


def _lying(data: bytes) -> bytes:
    """Claims of each entry that it is small."""
    changed, at = bytearray(data), 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        changed[at + 24 : at + 28] = struct.pack("<L", 10)
        at += 4
    return bytes(changed)


def bombs() -> Iterator[Bomb]:
    """Files made by hand to take memory, time, or more than what they are given."""
    heads = {k: ",".join(h).encode() for k, h in {CONNECTIONS: COLUMNS, POLICE: STREET}.items()}
    heads |= {YOUNG_PEOPLE: b"name,born,age,home_borough,looked_after", MISSING: b"young_person,start,end,found_at"}
    for kind, head in heads.items():
        yield from _tables(kind, head)

    def archive(how: str, make: Callable[[], bytes]) -> Bomb:
        return Bomb(POLICE, make, how)

    yield archive("300 MB of noughts in a zip", _zeros)
    yield archive("300 MB of noughts that claim to be ten bytes", lambda: _lying(_zeros()))
    yield archive("a zip in a zip", lambda: _zipped({"a.zip": _zeros(), "a.csv": b"a"}))
    yield archive("20,000 files", lambda: _zipped({f"{n}.csv": b"" for n in range(20_000)}))
    yield archive("ten thousand files that share their bytes", _overlapping)
    yield archive("locked", lambda: _encrypted(_zipped({"a.csv": b"x"})))
    yield archive("a path that leads out", lambda: _zipped({"../../a.csv": b"x"}))
    yield archive("LZMA", lambda: _zipped({"a.csv": b"x"}, zipfile.ZIP_LZMA))
    yield archive("60 MB of noise", lambda: _zipped({"a.csv": Random(1).randbytes(60_000_000)}, zipfile.ZIP_STORED))
    row = {"Month": "2024-06", "Reported by": "P", "Longitude": "-0.16", "Latitude": "51.4", "Crime type": "D"}
    line = ",".join(row.get(column, "") for column in STREET).encode() + b"\n"
    yield archive("a million and a half rows", lambda: heads[POLICE] + b"\n" + line * 1_500_000)
    yield from _workbooks()


def _zeros() -> bytes:
    return _zipped({"2024-06-x-street.csv": b"0" * 300_000_000})


def _tables(kind: Kind, head: bytes) -> Iterator[Bomb]:
    def table(how: str, make: Callable[[], bytes]) -> Bomb:
        return Bomb(kind, make, how)

    yield table("one line of 20 MB", lambda: b"x" * 20_000_000)
    yield table("20 million empty cells", lambda: b"," * 20_000_000)
    yield table("a million columns", lambda: head + b",c" * 1_000_000)
    yield table("a quotation mark that is never closed", lambda: head + b'\n"' + b"x\n" * 5_000_000)
    yield table("five million empty lines", lambda: head + b"\n" * 5_000_000)
    yield table("three million NULs", lambda: head + b"\n" + b"\x00" * 3_000_000)
    yield table("half characters of UTF-16", lambda: b"\xff\xfe" + b"\xd8" * 999_999)
    yield table("a fault in each of 200,000 rows", lambda: head + b"\n" + b"x,y\n" * 200_000)
    yield table("one long formula", lambda: head + b"\n" + b"=" * 100_000)
    yield table("as many apostrophes as fit in a cell", lambda: head + b"\n" + b"'" * 130_000 + b",x")
    yield table("a formula behind as many spaces as fit", lambda: head + b"\n" + b" " * 130_000 + b"=,x")
    yield table("empty", lambda: b"")


def _workbooks() -> Iterator[Bomb]:
    def file(how: str, make: Callable[[], bytes]) -> Bomb:
        return Bomb(ANNEX_A, make, how)

    def book(how: str, part: str, make: Callable[[], bytes], slow: bool = False) -> Bomb:
        return Bomb(ANNEX_A, lambda: _workbook(**{part: make()}), how, slow)

    def rows(how: str, make: Callable[[], bytes], claims: bytes = b"A1:D9") -> Bomb:
        return book(how, "xl_worksheets_sheet1", lambda: _sheet(HEAD_ROW + make(), claims))

    deep = b"<x>" * 5_000_000
    yield file("XML five million elements deep, packed", lambda: _zipped({"xl/workbook.xml": deep}))
    yield book("XML five million elements deep", "xl_workbook", lambda: deep, slow=True)
    yield book("a billion laughs in the book", "xl_workbook", lambda: LAUGHS + b"<workbook>&a9;</workbook>")
    yield book("a billion laughs in a sheet", "xl_worksheets_sheet1", lambda: LAUGHS + _sheet(b"&a9;"))
    yield book("a billion laughs in words", "xl_sharedStrings", lambda: LAUGHS + b"<sst><si><t>&a9;</t></si></sst>")
    elsewhere = b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><workbook/>"
    yield book("a document type from elsewhere", "xl_workbook", lambda: elsewhere)
    yield rows("a sheet five million elements deep", lambda: deep)
    yield rows("a row of a million cells", lambda: b'<row r="2">%s</row>' % (b"<c><v>1</v></c>" * 1_000_000))
    yield rows("the last cell of a sheet", lambda: _far([1_048_576]))
    yield rows("the last cell of each of 50,000 rows", lambda: _far(range(2, 50_000)))
    yield rows("claims a whole sheet", bytes, b"A1:XFD1048576")
    yield rows("claims more than a sheet", bytes, b"A1:ZZZZ99999999999")
    yield rows("claims less than nothing", bytes, b"B9:A1")
    yield rows("a row without end", lambda: b'<row r="99999999999999999999"><c><v>1</v></c></row>')
    words = b'<row r="2"><c t="s"><v>999999999</v></c><c t="s"><v>-1</v></c></row>'
    yield rows("words that are not there", lambda: words)
    yield rows(
        "200,000 rows", lambda: b"".join(b'<row r="%d"><c><v>%d</v></c></row>' % (n, n) for n in range(2, 200_000))
    )
    digits = b"<c><v>%s</v></c>" % (b"9" * 100_000)
    yield rows("a number of 100,000 digits", lambda: b'<row r="2">%s<c t="d"><v>99999-99-99</v></c></row>' % digits)
    large = b'<row r="2"><c t="inlineStr"><is><t>%s</t></is></c></row>'
    yield rows("a cell of 10 MB", lambda: large % (b"x" * 10_000_000))
    yield rows("formulas side by side", lambda: b'<row r="2">%s</row>' % (b"<c><f>1" * 500_000))
    yield file("a workbook in a workbook", lambda: _zipped({**_parts(_annex_a(Random(1))), "xl/Book.xlsx": b"PK"}))
    styles = b"<styleSheet><cellXfs>%s</cellXfs></styleSheet>"
    yield book("a million styles", "xl_styles", lambda: styles % (b"<xf/>" * 1_000_000), slow=True)
    yield book("a million words", "xl_sharedStrings", lambda: b"<sst>%s</sst>" % (b"<si><t>x</t></si>" * 1_000_000))
    yield book("noise", "xl_worksheets_sheet1", lambda: Random(1).randbytes(19_000_000))
    yield file("no book", lambda: _zipped({"[Content_Types].xml": CONTENT, "xl/workbook.xml": b"<a/>"}))
    yield file("a book whose parts claim to be ten bytes", lambda: _lying(_annex_a(Random(3))))
    yield file("a locked book", lambda: _encrypted(_annex_a(Random(2))))
    yield file("an old book", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000)
    parts = {f"xl/{n}.xml": b"<a/>" for n in range(5_000)}
    yield file("5,000 parts", lambda: _zipped({"xl/workbook.xml": b"<workbook/>", **parts}))


def _far(numbers: Iterable[int]) -> bytes:
    return b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in numbers)
