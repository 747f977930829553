"""Young people from a CSV file: a preview with every fault, read before anything is written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from chm.assessments import LINE_LENGTH, plain_text
from chm.exchange.delimited import quotes_or_long
from chm.records import NewYoungPerson, YoungPerson
from chm.unseen import seen

COLUMNS = ("name", "born", "age", "home_borough", "looked_after")
NEEDED = ("name", "home_borough")
MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 1_000_000, 2_000, 200
OLDEST = 25
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
WORDS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
DAY_FIRST = "Dates with slashes are read as day/month/year: a day above 12 stands first in this file."


@dataclass(frozen=True)
class Preview:
    """What a file holds: the rows that are right, every fault, and what to know before taking it in.

    Rows are counted as a spreadsheet does, the header being row 1. No message repeats what a row says of a child.
    """

    rows: list[NewYoungPerson]
    faults: list[str]
    notes: list[str] = field(default_factory=list)


class _Refused(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


def read_young_people(data: bytes, today: date) -> Preview:
    """Reads a CSV file with the columns name, born, age, home_borough, looked_after.

    name and home_borough are needed, and born or age; looked_after is yes, no or empty. Dates are 2012-05-17, or
    17/05/2012 where the file itself proves that the day stands first.
    """
    try:
        header, records = _table(data)
    except _Refused as refused:
        return Preview([], [str(refused)])
    faults, order = _columns(header)
    if faults:
        return Preview([], faults)
    cells = [(n, _cells(order, record)) for n, record in records if any(c.strip() for c in record)]
    widths = {n: len(record) for n, record in records}
    slashed = [m for _, row in cells if (m := SLASHED.fullmatch(row.get("born", "")))]
    day_first = any(int(m[1]) > 12 for m in slashed) and not any(int(m[2]) > 12 for m in slashed)
    rows: list[NewYoungPerson] = []
    notes = [DAY_FIRST] if day_first else []
    met: dict[tuple[object, ...], int] = {}
    if not cells:
        faults.append("The file has a header and no rows; add one row for each young person.")
    for n, row in cells:
        if widths[n] != len(header):
            faults.append(
                f"row {n}: {widths[n]} cells under {len(header)} columns; put quotes round a cell with a comma"
            )
            continue
        wrong, new = _young_person(row, today, day_first)
        faults += [f"row {n}, {fault}" for fault in wrong]
        if wrong or new is None:
            continue
        rows.append(new)
        first = met.setdefault((" ".join(seen(new.name).casefold().split()), new.born or new.age), n)
        if first != n and new.born:
            faults.append(f"row {n}, name: the same name and birth date as row {first}; remove one of them")
        elif first != n:
            notes.append(f"Row {n} has the same name and age as row {first}: check that they are two young people.")
    return Preview(rows, faults, notes)


def _table(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    if len(data) > MOST_BYTES:
        raise _Refused(f"The file is larger than {MOST_BYTES // 1_000_000} MB; split it.")
    if data.startswith(b"PK"):
        raise _Refused("This is a spreadsheet, not CSV; save it as “CSV UTF-8 (comma delimited)”.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Refused(
            f"Line {line}: the file is not UTF-8 (Excel's plain CSV is Windows-1252); "
            "save it as “CSV UTF-8 (comma delimited)”."
        ) from None
    if not text.strip():
        raise _Refused(f"The file is empty; the first row must be {','.join(COLUMNS)}.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    try:
        for n, record in enumerate(reader, start=1):
            records.append((n, record))
            if n > MOST_ROWS + 1:
                raise _Refused(f"The file has more than {MOST_ROWS:,} rows; split it.")
    except csv.Error as error:
        raise _Refused(f"row {len(records) + 1}: {quotes_or_long(error)}") from None
    if len(records[0][1]) > MOST_COLUMNS:
        raise _Refused(f"row 1: more than {MOST_COLUMNS} columns; check that this is the right file")
    return [plain_text(cell) for cell in records[0][1]], records[1:]


def _columns(header: Sequence[str]) -> tuple[list[str], list[str]]:
    order = [re.sub(r"[\s_]+", "_", cell.strip().casefold()) for cell in header]
    if not set(order) & set(COLUMNS):
        separator = next((s for s in (";", "\t") if s in "".join(header)), None)
        if separator:
            return ["Cells are not separated by commas; save the file with commas."], order
        return [f"row 1: must name the columns: {', '.join(COLUMNS)}"], order
    faults = [f"row 1: column {c} is missing; add it" for c in NEEDED if c not in order]
    if "born" not in order and "age" not in order:
        faults.append("row 1: columns born and age are both missing; add one of them")
    for n, name in enumerate(order, start=1):
        if name not in COLUMNS:
            what = f"column {header[n - 1][:60]}" if name else f"column {n} without a name"
            faults.append(f"row 1: {what} is not known; remove it or use one of {', '.join(COLUMNS)}")
        elif order.index(name) != n - 1:
            faults.append(f"row 1: column {name} is there twice; remove one")
    return faults, order


def _cells(order: Sequence[str], record: Sequence[str]) -> dict[str, str]:
    return {column: plain_text(cell) for column, cell in zip(order, record, strict=False)}


def _young_person(row: dict[str, str], today: date, day_first: bool) -> tuple[list[str], NewYoungPerson | None]:
    faults: list[str] = []

    def read(column: str, how: Callable[[str], object]) -> object:
        cell = row.get(column, "")
        try:
            return how(cell) if cell else None
        except ValueError as wrong:
            faults.append(f"{column}: {wrong}")
            return None

    faults += _lines(row)
    born = read("born", lambda cell: _date(cell, day_first, today))
    age = read("age", _age)
    looked_after = read("looked_after", _yes_or_no)
    if not row.get("born") and not row.get("age"):
        faults.append("born: birth date and age are both empty; fill in one of them")
    new = NewYoungPerson(row.get("name", ""), row.get("home_borough", ""), born, age, looked_after)  # type: ignore[arg-type]
    if new.born:
        years = YoungPerson("", "", "", new.born).age_at(today)
        if years is not None and years > OLDEST:
            faults.append(f"born: more than {OLDEST} years ago; correct the year")
        elif new.age is not None and new.age != years:
            faults.append("age: does not agree with the birth date; leave one of them empty")
    return faults, None if faults else new


def _lines(row: dict[str, str]) -> Iterator[str]:
    for column in NEEDED:
        if not row[column]:
            yield f"{column}: is empty; fill it in"
        if len(row[column]) > LINE_LENGTH:
            yield f"{column}: is longer than {LINE_LENGTH} characters; shorten it"


def _date(cell: str, day_first: bool, today: date) -> date:
    iso, slashed = ISO.fullmatch(cell), SLASHED.fullmatch(cell)
    if iso:
        parts = int(iso[1]), int(iso[2]), int(iso[3])
    elif slashed:
        if not day_first and slashed[1].zfill(2) != slashed[2].zfill(2):
            raise ValueError("slashes do not say which is the day; write it as 2012-05-17")
        parts = int(slashed[3]), int(slashed[2]), int(slashed[1])
    else:
        raise ValueError("is not a date; write it as 2012-05-17")
    try:
        born = date(*parts)
    except ValueError:
        raise ValueError("is not a day of the calendar; correct it") from None
    if born > today:
        raise ValueError("lies in the future; correct it")
    return born


def _age(cell: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", cell) or int(cell) > OLDEST:
        raise ValueError(f"must be whole years from 0 to {OLDEST}")
    return int(cell)


def _yes_or_no(cell: str) -> bool:
    try:
        return WORDS[cell.casefold()]
    except KeyError:
        raise ValueError("must be yes or no, or empty where not known") from None
