"""Every file that leaves: nothing hidden in those that are zips, and no cell that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import importlib
import io
import pkgutil
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time
from enum import Enum
from inspect import getmembers, isfunction
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring

from chm import exchange
from chm.exchange import (
    actions_word,
    audit_out,
    calendar_file,
    connections_out,
    document,
    geojson,
    location_pdf,
    location_word,
    minutes_pdf,
    minutes_word,
    places_out,
    tracker_out,
)
from chm.exchange.word import PRODUCT
from chm.linkage.ties import Tie
from chm.records import AuditEntry
from tests.unit.exchange import meeting, test_connections_out, test_location, test_places_out, test_tracker_out
from tests.unit.exchange.test_location import NAMES, picture

Make = Callable[[SimpleNamespace], bytes]
PEOPLE = ("Heron", "Kestrel", "Wren", "Linnet", "Madeup", "Jo ", "Ana ", "Sam ", "Roe", "Notreal")
BAD = (
    "=1+1",
    "+1+cmd",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\tx",
    "\r=1",
    "\rx",
    "\nx",
    " =1",
    "'=1",
    "''+1",
    "=cmd|' /C calc'!A0",
    "\uff1d1+1",
    "\uff0b1+cmd",
    "\uff0d1+2",
    "\uff20SUM(A1)",
    " \uff1d1",
    "'\uff1d1",
)
STARTS = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def assessment(sample: SimpleNamespace) -> bytes:
    return document.assessment_document(
        sample.framework, sample.young_person, sample.assessed(), sample.previous, sample.referrals, sample.actions,
        sample.today, recorded_by="Jo Placeholder",
    )  # fmt: skip


def minutes(write: Callable[..., bytes]) -> bytes:
    return write(meeting.MINUTES, number=2, signed=meeting.SIGNED, why="Put right", pillars=meeting.PILLARS)


# Every function of chm.exchange that gives a file, under the kind of file it gives.
ZIPS: dict[str, Make] = {
    "document.assessment_document": assessment,
    "document.safety_plan_document": lambda s: document.safety_plan_document(s.young_person, s.plan),
    "location_word.briefing_document": lambda s: location_word.briefing_document(
        test_location.made(), NAMES, picture()
    ),
    "minutes_word.minutes_document": lambda s: minutes(minutes_word.minutes_document),
    "actions_word.agency_actions": lambda s: actions_word.agency_actions(meeting.MINUTES, "Police", meeting.PILLARS),
    "tracker_out.tracker_xlsx": lambda s: tracker_out.tracker_xlsx([test_tracker_out.ROW, test_tracker_out.DONE]),
}
PDFS: dict[str, Make] = {
    "location_pdf.briefing_pdf": lambda s: location_pdf.briefing_pdf(test_location.made(), NAMES, picture()),
    "minutes_pdf.minutes_pdf": lambda s: minutes(minutes_pdf.minutes_pdf),
    "actions_word.agency_actions_pdf": lambda s: actions_word.agency_actions_pdf(
        meeting.MINUTES, "Police", meeting.PILLARS
    ),
}
# Each with the rows it writes, whose every text the tests below replace.
TABLES: dict[str, tuple[Callable[[Any], bytes], tuple[Any, ...]]] = {
    "connections_out.write_connections": (connections_out.write_connections, (test_connections_out.WHOLE,)),
    "places_out.places_csv": (places_out.places_csv, tuple(test_places_out.ROWS)),
    "audit_out.audit_csv": (
        lambda rows: audit_out.audit_csv(((row, row.record) for row in rows), lambda operation, why: operation),
        (AuditEntry(7, datetime(2026, 11, 26, tzinfo=UTC), "u-jo", "people.find", "YP-0001", "opened"),),
    ),
    "tracker_out.tracker_csv": (tracker_out.tracker_csv, (test_tracker_out.ROW, test_tracker_out.DONE)),
    "tracker_out.tracker_xlsx": (tracker_out.tracker_xlsx, (test_tracker_out.ROW, test_tracker_out.DONE)),
}
# Neither spreadsheets nor zips but the last, a zip of what the first three of them write, as the others do.
OTHERS = {
    "word.to_bytes", "minutes_word.as_word", "minutes_pdf.as_pdf", "calendar_file.review_event", "geojson.areas_out",
    "places_out.places_geojson", "held_paper.as_json", "held_paper.packed",
}  # fmt: skip


def test_every_file_that_leaves_is_here() -> None:
    found = set()
    for module in pkgutil.iter_modules(exchange.__path__):
        loaded = importlib.import_module(f"chm.exchange.{module.name}")
        for name, function in getmembers(loaded, isfunction):
            if function.__module__ == loaded.__name__ and function.__annotations__.get("return") == "bytes":
                found |= {f"{module.name}.{name}"} if not name.startswith("_") else set()
    assert found == {*ZIPS, *PDFS, *TABLES, *OTHERS}
    assert calendar_file and geojson


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def texts(xml: bytes, *tags: str) -> list[str]:
    return [e.text or "" for e in fromstring(xml).iter() if e.tag.rpartition("}")[2] in tags]


def attributes(part: bytes, tag: str, name: str) -> list[str | None]:
    found = (e for e in fromstring(part).iter() if e.tag.rpartition("}")[2] == tag)
    return [next((v for k, v in e.attrib.items() if k.rpartition("}")[2] == name), None) for e in found]


@pytest.fixture(params=list(ZIPS))
def packed(request: pytest.FixtureRequest, sample: SimpleNamespace) -> dict[str, bytes]:
    """The parts of each exported zip in turn."""
    found = parts(ZIPS[request.param](sample))
    assert "[Content_Types].xml" in found
    return found


def test_no_part_holds_what_nobody_sees(packed: dict[str, bytes]) -> None:
    hidden = ("comment", "embed", "externallink", "custom", "vba", "ole", "activex", "people", "printer", "query",
              "connection", "pivot", "glossary", "attached", "macro", "thumbnail")  # fmt: skip
    assert [name for name in packed if any(word in name.casefold() for word in hidden)] == []
    assert {name.rpartition(".")[2] for name in packed} <= {"xml", "rels", "png"}


def test_nothing_leads_out_of_the_file(packed: dict[str, bytes]) -> None:
    links = [name for name in packed if name.endswith(".rels")]
    assert links
    for name in links:
        modes = attributes(packed[name], "Relationship", "TargetMode")
        targets = attributes(packed[name], "Relationship", "Target")
        assert modes and set(modes) <= {None, "Internal"}
        assert not any(re.match(r"\w+:|//|\\", target or "") for target in targets)


def test_the_properties_name_the_product_and_no_person(packed: dict[str, bytes]) -> None:
    core = packed["docProps/core.xml"]
    assert set(texts(core, "creator", "lastModifiedBy")) == {PRODUCT}
    assert not "".join(texts(core, "description", "keywords", "category", "subject")).strip()
    said = " ".join(texts(core, "title"))
    for name, part in packed.items():
        if name.startswith("docProps/") and name.endswith(".xml"):
            said += " ".join(texts(part, "Company", "Manager", "HyperlinkBase"))
    assert not any(name in said for name in PEOPLE)
    assert "docProps/custom.xml" not in packed


def test_no_text_is_hidden_and_no_change_is_tracked(packed: dict[str, bytes]) -> None:
    looked = 0
    for name, part in packed.items():
        if not re.fullmatch(r"word/(document|header\d*|footer\d*|settings|footnotes|endnotes)\.xml", name):
            continue
        looked += 1
        tags = {e.tag.rpartition("}")[2] for e in fromstring(part).iter()}
        assert not tags & {"vanish", "webHidden", "specVanish", "ins", "del", "moveFrom", "moveTo", "commentReference"}
        assert not tags & {"docVars", "attachedTemplate", "mailMerge", "altChunk", "object", "documentProtection"}
    assert looked or "xl/workbook.xml" in packed


def test_workbooks_have_no_hidden_sheet_row_column_or_name(sample: SimpleNamespace) -> None:
    data = ZIPS["tracker_out.tracker_xlsx"](sample)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert [(s.title, s.sheet_state) for s in book.worksheets] == [("Actions", "visible")]
    assert len(book.chartsheets) == 0
    assert dict(book.defined_names) == {}
    (sheet,) = book.worksheets
    assert not any(d.hidden for d in (*sheet.column_dimensions.values(), *sheet.row_dimensions.values()))
    assert not any(cell.comment or cell.hyperlink for row in sheet for cell in row)
    # The filter over the header is Excel's own hidden name; there is no other.
    assert set(sheet.defined_names) <= {"_xlnm._FilterDatabase"}
    assert set(attributes(parts(data)["xl/workbook.xml"], "sheet", "state")) == {"visible"}


@pytest.mark.parametrize("name", list(PDFS))
def test_a_pdf_names_no_person_and_holds_no_file_or_script(name: str, sample: SimpleNamespace) -> None:
    data = PDFS[name](sample)
    assert data.startswith(b"%PDF-")
    for word in (b"/EmbeddedFile", b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/AcroForm", b"/OpenAction /"):
        assert word not in data
    information = re.findall(rb"/(?:Author|Creator|Producer|Subject|Keywords) ?(\(.*?\)|<.*?>)", data, re.DOTALL)
    assert information
    # A title stands over the bookmarks too, which are headings of what anybody may read.
    for text in information:
        plain = text.decode("latin-1").replace("\0", "")
        if plain.startswith("<"):
            plain = bytes.fromhex(plain.strip("<>")).decode("utf-16", errors="replace")
        assert not any(person in plain for person in PEOPLE)


def with_text(value: Any, text: str) -> Any:
    """`value` with `text` in place of every text in it; enumerations, days and numbers stay."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return text
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: with_text(getattr(value, f.name), text) for f in fields(value) if f.init})
    if isinstance(value, tuple):
        made = [with_text(item, text) for item in value]
        return type(value)(*made) if hasattr(value, "_fields") else tuple(made)
    return value


def cells(data: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        yield from row


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", [n for n in TABLES if not n.endswith("xlsx")])
def test_no_cell_of_a_csv_file_is_a_formula(name: str, bad: str) -> None:
    write, rows = TABLES[name]
    found = list(cells(write([with_text(row, bad) for row in rows])))
    assert sum(cell.endswith(bad) and cell.startswith("'") for cell in found) >= 3
    assert [cell for cell in found if STARTS.match(cell) and not re.fullmatch(r"-?\d+\.\d+", cell)] == []


@pytest.mark.parametrize("bad", BAD)
def test_no_cell_of_a_workbook_is_a_formula(bad: str) -> None:
    write, rows = TABLES["tracker_out.tracker_xlsx"]
    found = parts(write([with_text(row, bad) for row in rows]))
    sheet = fromstring(found["xl/worksheets/sheet1.xml"])
    assert not [e for e in sheet.iter() if e.tag.rpartition("}")[2] == "f"]
    (book,) = openpyxl.load_workbook(io.BytesIO(write([with_text(row, bad) for row in rows]))).worksheets
    written = [cell for row in book.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
    hostile = [cell for cell in written if cell.value and STARTS.match(cell.value.lstrip("'"))]
    assert len(hostile) >= 5
    assert {(cell.data_type, bool(cell.quotePrefix)) for cell in hostile} == {("s", True)}


def test_a_day_and_a_number_stay_what_they_are() -> None:
    tie: Tie = with_text(test_connections_out.WHOLE, "=1")
    assert (tie.start, tie.confidence) == (test_connections_out.WHOLE.start, test_connections_out.WHOLE.confidence)
    assert (tie.one.id, tie.note) == ("=1", "=1")


def test_the_calendar_names_nobody() -> None:
    made = calendar_file.review_event(
        calendar_file.TITLE, date(2027, 1, 7), time(10), "MTG-7-review", datetime(2026, 11, 26, tzinfo=UTC), "Room 4"
    )
    assert not any(f"{word}".encode() in made for word in (*PEOPLE, "ORGANIZER", "ATTENDEE", "ATTACH", "COMMENT"))
