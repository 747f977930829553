"""Young people, referrals and missing counts from an Ofsted Annex A workbook, sheets "List 1" to "List 11"."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

import openpyxl

from chm.assessments import LINE_LENGTH, plain_text
from chm.episodes.records import ReturnInterview
from chm.exchange.missing_formats import ANSWERS
from chm.exchange.moments import either

SHEET = re.compile(r"\s*list[\s_-]*(\d{1,2})(?!\d)", re.IGNORECASE | re.ASCII)
CHILDREN = range(1, 11)
REFERRALS, LOOKED_AFTER = 3, 8
MOST_BYTES, MOST_UNPACKED, MOST_ROWS, HEADER_WITHIN = 20_000_000, 500_000_000, 50_000, 20
# Each column by words its header holds, whatever the quotes, capitals and order: councils write them in many ways.
COLUMNS: dict[str, tuple[frozenset[str], ...]] = {
    "id": (frozenset({"child", "unique", "id"}), frozenset({"child", "id"}), frozenset({"child", "identifier"})),
    "born": (frozenset({"date", "birth"}), frozenset({"dob"})),
    "age": (frozenset({"age"}),),
    "referred": (frozenset({"date", "referral"}),),
    "referrals": (frozenset({"number", "referrals"}),),
    "missing": (frozenset({"number", "missing"}), frozenset({"missing", "episodes"})),
    "absent": (frozenset({"number", "absent"}), frozenset({"absent", "episodes"})),
    "offered": (frozenset({"offered", "interview"}),),
    "accepted": (frozenset({"accept", "interview"}), frozenset({"accepted", "interview"})),
    "ceased": (frozenset({"date", "ceased"}),),
}
WANTED = {
    REFERRALS: ("referred", "referrals"),
    LOOKED_AFTER: ("missing", "absent", "offered", "accepted", "ceased"),
}
SHOWN = {
    "id": "Child Unique ID", "born": "Date of Birth", "age": "Age", "referred": "Date of Referral",
    "referrals": "Number of Referrals in Last 12 Months", "missing": "Number of Episodes the Child has been Missing",
    "absent": "Number of Episodes the Child has been Absent", "offered": "offered a Return Interview",
    "accepted": "accept a Return Interview", "ceased": "Date Ceased to be Looked After",
}  # fmt: skip
DAMAGED = "The workbook is damaged or not one of Excel's; open it in Excel and save it as .xlsx."
NOTHING = {"", "#n/a", "n/a", "na", "none", "null", "#ref!", "#value!"}


@dataclass(frozen=True, kw_only=True)
class Child:
    """What the lists say of one child. None is not known, never none.

    Attributes:
        lists: numbers of the lists the child stands on. age: whole years, as the workbook gives it.
        looked_after: on List 8 without a day on which it ceased; None where the child is not on it.
        referrals, missing, absent: counts over the last 12 months, the highest where rows differ; the latter two are
            of episodes from a placement. referred: days of referral, earliest first.
    """

    id: str
    lists: tuple[int, ...] = ()
    born: date | None = None
    age: int | None = None
    looked_after: bool | None = None
    referrals: int | None = None
    referred: tuple[date, ...] = ()
    missing: int | None = None
    absent: int | None = None
    interview: ReturnInterview = ReturnInterview()


@dataclass(frozen=True)
class AnnexA:
    """What a workbook holds, every fault, and what to know before taking it in; no message repeats what a cell says."""

    children: list[Child]
    faults: list[str]
    notes: list[str] = field(default_factory=list)


def read_annex_a(data: bytes) -> AnnexA:
    """Reads every list that names children, 1 to 10; headers may stand below a title and be worded loosely."""
    faults: list[str] = []
    notes: list[str] = []
    children: dict[str, Child] = {}
    born: dict[str, dict[date, str]] = {}
    if refusal := _refusal(data):
        return AnnexA([], [refusal])
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = {int(m[1]): sheet for sheet in book.worksheets if (m := SHEET.match(sheet.title))}
        for sheet in sheets.values():
            # What a file says of its own size is often wrong, and rows past it would be lost.
            sheet.reset_dimensions()
        found = {n: list(islice(sheets[n].iter_rows(values_only=True), MOST_ROWS + 1)) for n in sorted(sheets)}
    # A damaged file can fail anywhere inside the reader, with whatever zlib, its XML parser or its own code raises.
    except Exception:
        return AnnexA([], [DAMAGED])
    for number in (n for n in found if n in CHILDREN):
        _sheet(number, found[number], children, born, faults, notes)
    if not any(number in CHILDREN for number in found):
        return AnnexA([], ["The workbook has no sheet List 1 to List 10; name its sheets as Annex A does."])
    for number in WANTED:
        if number not in found:
            notes.append(
                f"There is no sheet List {number}: {', '.join(SHOWN[c] for c in WANTED[number])} are not known."
            )
    for id, days in born.items():
        if len(days) > 1:
            children[id] = replace(children[id], born=None)
            first, *others = days.values()
            notes.append(f"{first}, {SHOWN['born']}: differs in {'; '.join(others)} of the same child; none is taken.")
    if not children and not faults:
        faults.append("The lists name no child; fill in at least one.")
    return AnnexA(sorted(children.values(), key=lambda c: c.id), faults, notes)


def _refusal(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        return f"The file is larger than {MOST_BYTES // 1_000_000} MB; split it."
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "This is an older or a protected workbook; take the password off and save it as .xlsx."
    if not data.startswith(b"PK"):
        return "This is not an Excel workbook; save it as .xlsx."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except Exception:
        return DAMAGED
    if unpacked > MOST_UNPACKED:
        return f"The workbook unpacks to more than {MOST_UNPACKED // 1_000_000} MB; split it."
    return ""


def _sheet(
    number: int,
    rows: Sequence[tuple[Any, ...]],
    children: dict[str, Child],
    born: dict[str, dict[date, str]],
    faults: list[str],
    notes: list[str],
) -> None:
    at: dict[str, int] = {}
    for n, cells in enumerate(rows, start=1):
        if n > MOST_ROWS:
            faults.append(f"List {number}: more than {MOST_ROWS:,} rows; split the workbook")
            return
        if not at:
            at = _columns(cells)
            if "id" not in at:
                at = {}
                if n >= HEADER_WITHIN:
                    break
                continue
            for column in (c for c in WANTED.get(number, ()) if c not in at):
                notes.append(f"List {number}: no column {SHOWN[column]}; it is not known.")
            continue
        if any(_text(cell) for cell in cells):
            _row(number, _Cells(f"List {number}, row {n}", at, cells, faults), children, born)
    if not at:
        faults.append(f"List {number}: no row names the column {SHOWN['id']}; add the headers of Annex A")


def _columns(cells: Sequence[Any]) -> dict[str, int]:
    """Where each column of `COLUMNS` stands, the first that fits."""
    said = [frozenset(re.findall(r"[a-z0-9]+", re.sub("['’‘`]", "", _text(c).casefold()))) for c in cells]
    # The words of a possessive stand with and without their s.
    said = [words | {w[:-1] for w in words if w in ("childs", "childrens")} for words in said]
    found: dict[str, int] = {}
    for column, choices in COLUMNS.items():
        for at, words in enumerate(said):
            if any(choice <= words for choice in choices) and column not in found:
                found[column] = at
    return found


class _Cells:
    """The cells of one row by column; what cannot be read becomes a fault that names sheet, row and column."""

    def __init__(self, where: str, at: dict[str, int], cells: Sequence[Any], faults: list[str]):
        self.where = where
        self.at = at
        self.cells = cells
        self.faults = faults

    def read(self, column: str, how: Callable[[Any], Any]) -> Any:
        at = self.at.get(column)
        cell = self.cells[at] if at is not None and at < len(self.cells) else None
        if not _text(cell):
            return None
        try:
            return how(cell)
        except ValueError as wrong:
            self.faults.append(f"{self.where}, {SHOWN[column]}: {wrong}")
            return None


def _row(number: int, cells: _Cells, children: dict[str, Child], born: dict[str, dict[date, str]]) -> None:
    before = len(cells.faults)
    id = cells.read("id", _id)
    if id is None and len(cells.faults) == before:
        cells.faults.append(f"{cells.where}, {SHOWN['id']}: is empty; fill it in")
    # A row without an id is read all the same, for its faults.
    child = children.get(id or "", Child(id=id or ""))
    day = cells.read("born", _day)
    if day and id:
        born.setdefault(id, {}).setdefault(day, cells.where)
    child = replace(
        child,
        lists=(*child.lists, number) if number not in child.lists else child.lists,
        born=child.born or day,
        age=_most(child.age, cells.read("age", _years)),
    )
    if number == REFERRALS:
        referred = cells.read("referred", _day)
        child = replace(
            child,
            referred=tuple(sorted({*child.referred, *([referred] if referred else [])})),
            referrals=_most(child.referrals, cells.read("referrals", _count)),
        )
    if number == LOOKED_AFTER:
        told = ReturnInterview(cells.read("offered", _answer), cells.read("accepted", _answer))
        ceased = cells.read("ceased", _day)
        child = replace(
            child,
            missing=_most(child.missing, cells.read("missing", _count)),
            absent=_most(child.absent, cells.read("absent", _count)),
            interview=child.interview if told == ReturnInterview() else told,
            looked_after=bool(child.looked_after) or ceased is None if "ceased" in cells.at else None,
        )
    if id:
        children[id] = child


def _most(one: int | None, other: int | None) -> int | None:
    return max((n for n in (one, other) if n is not None), default=None)


def _text(cell: Any) -> str:
    text = "" if cell is None else plain_text(str(cell))
    return "" if text.casefold() in NOTHING else text


def _id(cell: Any) -> str:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else _text(cell)
    if len(text) > LINE_LENGTH:
        raise ValueError(f"is longer than {LINE_LENGTH:,} characters; shorten it")
    return text


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        raise ValueError("is not a date; format the cell as a date")
    try:
        moment = either(_text(cell))
    except ValueError:
        raise ValueError("is not a date; write it as 17/05/2026") from None
    return moment.date() if isinstance(moment, datetime) else moment


def _years(cell: Any) -> int:
    try:
        years = float(_text(cell))
    except ValueError:
        years = -1
    if not 0 <= years < 120:
        raise ValueError("is not an age in years; correct it")
    return int(years)


def _count(cell: Any) -> int:
    text = re.sub(r"\.0+$", "", _text(cell))
    if isinstance(cell, bool) or not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise ValueError("is not a whole number from 0; correct it, or leave it empty where not known")
    return int(text)


def _answer(cell: Any) -> bool | None:
    """Annex A writes `a) Yes`, `b) No` and further letters for what is not known."""
    words = re.sub(r"^\s*[a-z]\s*\)\s*", "", _text(cell), flags=re.IGNORECASE).casefold()
    return ANSWERS.get(re.split(r"\s*[-–,:;(]", words)[0])
