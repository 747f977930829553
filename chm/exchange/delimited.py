"""A table of comma, semicolon or tab separated text, in whatever encoding Excel left it."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection

from chm.assessments import plain_text

MOST_BYTES, MOST_ROWS, MOST_LINES, MOST_COLUMNS = 20_000_000, 200_000, 1_000_000, 200
# csv's own limit for a cell, in characters; the first row may hold that of each column's name.
MOST_IN_CELL, MOST_IN_FIRST_ROW = 131_072, 20_000
QUOTES = "a quotation mark is not closed or stands alone; inside quotes write it twice"
LONG_CELL = f"a cell has more than {MOST_IN_CELL:,} characters; shorten it, or close its quotation mark"
Row = tuple[int, list[str]]


class _Plain(dict[str, str]):
    """Cells as plain text. The same words come again and again: each is kept once, and made plain once."""

    def __missing__(self, cell: str) -> str:
        text = self[cell] = plain_text(cell)
        return text


class Refused(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


def read_table(data: bytes, columns: Collection[str], first_row: str, notes: list[str]) -> tuple[list[str], list[Row]]:
    """The header and the rows that hold anything, each with its number as a spreadsheet counts; cells as plain text.

    Args:
        columns: names in small letters; the separator is the one that splits the header into most of them.
        first_row: what the header should be, told where the file is empty. notes: gains what to know of the reading.

    Raises:
        Refused: the file is empty, too large, a spreadsheet, or its quotation marks do not match.
    """
    if len(data) > MOST_BYTES:
        raise Refused(f"The file is larger than {MOST_BYTES // 1_000_000} MB; split it.")
    if data.startswith(b"PK"):
        raise Refused("This is a spreadsheet, not CSV; save it as “CSV UTF-8 (comma delimited)”.")
    # Read line by line: the whole as text would take several times the memory of the file.
    lines = io.TextIOWrapper(io.BytesIO(data), _encoding(data, notes), newline="")
    separator = _separator(lines, columns)
    lines.seek(0)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    records: list[Row] = []
    plain = _Plain()
    n = 0
    try:
        for n, record in enumerate(reader, start=1):
            if any(cell.strip() for cell in record[MOST_COLUMNS:]):
                raise Refused(f"row {n}: more than {MOST_COLUMNS} cells; check that this is the right file")
            cells = [plain[cell] for cell in record[:MOST_COLUMNS]]
            if any(cells):
                records.append((n, cells))
            if len(records) > MOST_ROWS + 1:
                raise Refused(f"The file has more than {MOST_ROWS:,} rows; split it.")
            if n > MOST_LINES:
                raise Refused(f"The file has more than {MOST_LINES:,} lines, most of them empty; take those out.")
    except csv.Error as error:
        raise Refused(f"row {n + 1}: {quotes_or_long(error)}") from None
    if not any(cell.strip(",;\t") for _, cells in records for cell in cells):
        raise Refused(f"The file is empty; the first row must be {first_row}.")
    header = records[0][1]
    while not header[-1].strip():
        header.pop()
    return header, records[1:]


def quotes_or_long(error: csv.Error) -> str:
    """What is wrong with a row that csv cannot read, and what to do."""
    return LONG_CELL if "field limit" in str(error) else QUOTES


def _separator(lines: io.TextIOWrapper, columns: Collection[str]) -> str:
    first = lines.readline(MOST_IN_FIRST_ROW)
    while first and not first.strip():
        first = lines.readline(MOST_IN_FIRST_ROW)
    cells = first.casefold()
    return max(",;\t", key=lambda s: len({cell.strip(' "\r\n') for cell in cells.split(s)}.intersection(columns)))


def _encoding(data: bytes, notes: list[str]) -> str:
    first = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        data.decode(first)
        return first
    except UnicodeDecodeError:
        notes.append("The file is not UTF-8 and was read as Windows-1252 (Latin-1): check letters with accents.")
    try:
        data.decode("cp1252")
        return "cp1252"
    except UnicodeDecodeError:
        return "latin-1"
