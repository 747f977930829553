"""Young people, referrals and missing counts from an Ofsted Annex A workbook, sheets "List 1" to "List 11"."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from operator import itemgetter
from typing import Any

import openpyxl

from chm.assessments import LINE_LENGTH, plain_text
from chm.episodes.records import ReturnInterview
from chm.exchange import packed
from chm.exchange.missing_formats import ANSWERS
from chm.exchange.moments import either
from chm.exchange.packed import Packing

SHEET = re.compile(r"\s*list[\s_-]*(\d{1,2})(?!\d)", re.IGNORECASE | re.ASCII)
LISTS, CHILDREN = range(1, 12), range(1, 11)
REFERRALS, LOOKED_AFTER = 3, 8
MOST_BYTES, MOST_ROWS, MOST_COLUMNS, HEADER_WITHIN, NAMED = 20_000_000, 50_000, 200, 20, 5
PACKING = Packing(most_entries=2_000, most_unpacked=150_000_000, again="split the workbook")
# A sheet of Excel has no more; one that claims it is not Excel's.
EXCEL_ROWS, EXCEL_COLUMNS = 1_048_576, 16_384
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
# A formula whose result was never stored; one that gives an empty text has the type "str".
UNWORKED = re.compile(rb'<c\b(?![^<>]*\bt="str")[^<>]*><f\b[^<>]*>[^<]*</f>(?:<v ?/>|<v></v>)?</c>')
NOT_WORKED_OUT = "Formulas in the workbook were never worked out; open it in Excel and save it again."
DAMAGED = "The workbook is damaged or not one of Excel's; open it in Excel and save it as .xlsx."
NOTHING = {"", "#n/a", "n/a", "na", "none", "null"}
ERRORS = {"#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!"}
# openpyxl's warning repeats what the cell holds; here it is told as an error.
warnings.filterwarnings("ignore", "Cell .* is marked as a date", UserWarning, "openpyxl")


@dataclass(frozen=True, kw_only=True)
class Child:
    """What the lists say of one child. None is not known, never none.

    Attributes:
        lists: numbers of the lists the child stands on. rows: each row about them, as `List 3, row 2`.
        age: whole years, as the workbook gives it.
        looked_after: on List 8 and no day on which it ceased has come; None where the child is not on it.
        referrals, missing, absent: counts over the last 12 months, the highest where rows differ; the latter two are
            of episodes from a placement. referred: days of referral, earliest first.
    """

    id: str
    lists: tuple[int, ...] = ()
    rows: tuple[str, ...] = ()
    born: date | None = None
    age: int | None = None
    looked_after: bool | None = None
    referrals: int | None = None
    referred: tuple[date, ...] = ()
    missing: int | None = None
    absent: int | None = None
    interview: ReturnInterview = ReturnInterview()

    @property
    def ever_looked_after(self) -> bool | None:
        """True on List 8, ceased or not; None is not known."""
        return LOOKED_AFTER in self.lists or None


@dataclass(frozen=True)
class AnnexA:
    """What a workbook holds, every fault, and what to know before taking it in; no message repeats what a cell says."""

    children: list[Child]
    faults: list[str]
    notes: list[str] = field(default_factory=list)


@dataclass
class _Found:
    """What is read so far. `born`: where each birth date of a child stands. `errors`: a column's cells with errors."""

    today: date
    children: dict[str, Child] = field(default_factory=dict)
    rows: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    born: defaultdict[str, dict[date, str]] = field(default_factory=lambda: defaultdict(dict))
    referred: defaultdict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    errors: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_annex_a(data: bytes, today: date) -> AnnexA:
    """Reads every list that names children, 1 to 10; headers may stand below a title and be worded loosely.

    `today` is the last day on which anybody may be born or referred.
    """
    if refusal := _refusal(data):
        return AnnexA([], [refusal])
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        named = [(int(m[1]) if (m := SHEET.match(sheet.title)) else 0, sheet) for sheet in book.worksheets]
        for _, sheet in named:
            if (sheet.max_row or 0) > EXCEL_ROWS or (sheet.max_column or 0) > EXCEL_COLUMNS:
                return AnnexA([], [DAMAGED])
            # What a file says of its own size is often wrong, and rows past it would be lost.
            sheet.reset_dimensions()
        lists = sorted((pair for pair in named if pair[0] in CHILDREN), key=itemgetter(0))
        read = {n: _filled(sheet) for n, sheet in lists}
    except MemoryError:
        raise
    # A damaged file can fail anywhere inside the reader, with whatever zlib, its XML parser or its own code raises.
    except Exception:
        return AnnexA([], [DAMAGED])
    if not read:
        return AnnexA([], ["The workbook has no sheet List 1 to List 10; name its sheets as Annex A does."])
    found = _Found(today)
    for number, rows in read.items():
        _sheet(number, rows, found)
    _sheets([n for n, _ in named], found)
    for where, n in found.errors.items():
        found.notes.append(f"{where}: an error stands in {n:,} {'cell' if n == 1 else 'cells'}; it is not known.")
    children = [_whole(child, found) for child in found.children.values()]
    if not children and not found.faults:
        found.faults.append("The lists name no child; fill in at least one.")
    return AnnexA(sorted(children, key=lambda c: c.id), found.faults, found.notes)


def _filled(sheet: Any) -> list[tuple[Any, ...]]:
    """The rows, one more than may be, each up to its last cell that holds anything."""
    rows = islice(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), MOST_ROWS + 1)
    return [row[: max((n for n, cell in enumerate(row, 1) if cell is not None), default=0)] for row in rows]


def _sheets(numbers: list[int], found: _Found) -> None:
    """What to know of the sheets by the numbers of their lists, 0 for one that is none."""
    for number in sorted(n for n in set(numbers) if n in CHILDREN and numbers.count(n) > 1):
        found.faults.append(f"List {number}: has more than one sheet; keep one")
    for number in (n for n in WANTED if n not in numbers):
        columns = ", ".join(SHOWN[c] for c in WANTED[number])
        found.notes.append(f"There is no sheet List {number}: {columns} are not known.")
    if other := sum(n not in LISTS for n in numbers):
        said = "1 sheet has" if other == 1 else f"{other:,} sheets have"
        found.notes.append(f"{said} a name other than List 1 to List 11; it is not read.")


def _whole(child: Child, found: _Found) -> Child:
    """`child` with what its rows say together."""
    days = found.born[child.id]
    if len(days) > 1:
        first, *others = days.values()
        more = f" and {len(others) - NAMED:,} more rows" if len(others) > NAMED else ""
        said = f"differs in {'; '.join(others[:NAMED])}{more} of the same child; none is taken."
        found.notes.append(f"{first}, {SHOWN['born']}: {said}")
    return replace(
        child,
        rows=tuple(found.rows[child.id]),
        born=next(iter(days)) if len(days) == 1 else None,
        referred=tuple(sorted(found.referred[child.id])),
    )


def _refusal(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        return f"The file is larger than {MOST_BYTES // 1_000_000} MB; split it."
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "This is an older or a protected workbook; take the password off and save it as .xlsx."
    if not data.startswith(b"PK"):
        return "This is not an Excel workbook; save it as .xlsx."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if fault := packed.fault(parts, PACKING) or packed.xml_fault(parts):
                return DAMAGED if fault == packed.DAMAGED else f"The workbook cannot be opened: {fault}."
            sheets = (name for name in parts.namelist() if name.startswith("xl/worksheets/"))
            if any(UNWORKED.search(parts.read(name)) for name in sheets):
                return NOT_WORKED_OUT
    except MemoryError:
        raise
    except Exception:
        return DAMAGED
    return ""


def _sheet(number: int, rows: Sequence[tuple[Any, ...]], found: _Found) -> None:
    at: dict[str, int] = {}
    for n, cells in enumerate(rows, start=1):
        if n > MOST_ROWS:
            found.faults.append(f"List {number}: more than {MOST_ROWS:,} rows; split the workbook")
            return
        if not at:
            at = _columns(cells)
            if "id" not in at:
                at = {}
                if n >= HEADER_WITHIN:
                    break
                continue
            for column in (c for c in WANTED.get(number, ()) if c not in at):
                found.notes.append(f"List {number}: no column {SHOWN[column]}; it is not known.")
            continue
        if any(_text(cell) for cell in cells):
            _row(number, _Cells(f"List {number}", n, at, cells, found))
    if not at:
        found.faults.append(f"List {number}: no row names the column {SHOWN['id']}; add the headers of Annex A")


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

    def __init__(self, sheet: str, n: int, at: dict[str, int], cells: Sequence[Any], found: _Found):
        self.sheet = sheet
        self.where = f"{sheet}, row {n}"
        self.at = at
        self.cells = cells
        self.found = found

    def cell(self, column: str) -> Any:
        at = self.at.get(column)
        return self.cells[at] if at is not None and at < len(self.cells) else None

    def broken(self, column: str) -> bool:
        return _text(self.cell(column)).casefold() in ERRORS

    def read(self, column: str, how: Callable[[Any], Any]) -> Any:
        cell = self.cell(column)
        if self.broken(column):
            self.found.errors[f"{self.sheet}, {SHOWN[column]}"] += 1
            return None
        if not _text(cell):
            return None
        try:
            return how(cell)
        except ValueError as wrong:
            self.found.faults.append(f"{self.where}, {SHOWN[column]}: {wrong}")
            return None

    def past(self, cell: Any) -> date:
        day = _day(cell)
        if day > self.found.today:
            raise ValueError("lies in the future; correct it, or take the row out")
        return day


def _row(number: int, cells: _Cells) -> None:
    found = cells.found
    before = len(found.faults)
    id = cells.read("id", _id)
    if id is None and len(found.faults) == before:
        found.faults.append(f"{cells.where}, {SHOWN['id']}: is empty; fill it in")
    # A row without an id is read all the same, for its faults.
    child = found.children.get(id or "", Child(id=id or ""))
    born = cells.read("born", cells.past)
    child = replace(
        child,
        lists=(*child.lists, number) if number not in child.lists else child.lists,
        age=_most(child.age, cells.read("age", _years)),
    )
    referred = None
    if number == REFERRALS:
        referred = cells.read("referred", cells.past)
        child = replace(child, referrals=_most(child.referrals, cells.read("referrals", _count)))
    if number == LOOKED_AFTER:
        told = ReturnInterview(cells.read("offered", _answer), cells.read("accepted", _answer))
        ceased, known = cells.read("ceased", _day), "ceased" in cells.at and not cells.broken("ceased")
        now = ceased is None or ceased > found.today
        child = replace(
            child,
            missing=_most(child.missing, cells.read("missing", _count)),
            absent=_most(child.absent, cells.read("absent", _count)),
            interview=child.interview if told == ReturnInterview() else told,
            looked_after=bool(child.looked_after) or now if known else None,
        )
    if id:
        found.children[id] = child
        found.rows[id].append(cells.where)
        if born:
            found.born[id].setdefault(born, cells.where)
        if referred:
            found.referred[id].add(referred)


def _most(one: int | None, other: int | None) -> int | None:
    return max((n for n in (one, other) if n is not None), default=None)


def _text(cell: Any) -> str:
    text = "" if cell is None else plain_text(str(cell))
    return "" if text.casefold() in NOTHING else text


def _id(cell: Any) -> str:
    """One line of text; a number as it is shown, 7.0 as 7."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else " ".join(_text(cell).split())
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
