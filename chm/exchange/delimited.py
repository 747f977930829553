"""A table of comma, semicolon or tab separated text, in whatever encoding Excel left it."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection

MOST_BYTES, MOST_ROWS = 20_000_000, 200_000
Row = tuple[int, list[str]]


class Refused(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


def read_table(data: bytes, columns: Collection[str], first_row: str, notes: list[str]) -> tuple[list[str], list[Row]]:
    """The header and the rows that hold anything, each with its number as a spreadsheet counts.

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
    text = _text(data, notes)
    if not text.strip(" \t\r\n,;"):
        raise Refused(f"The file is empty; the first row must be {first_row}.")
    first = text.lstrip().partition("\n")[0].casefold()
    separator = max(",;\t", key=lambda s: len({cell.strip(' "\r') for cell in first.split(s)}.intersection(columns)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records: list[Row] = []
    n = 0
    try:
        for n, record in enumerate(reader, start=1):
            if any(cell.strip() for cell in record):
                records.append((n, record))
            if len(records) > MOST_ROWS + 1:
                raise Refused(f"The file has more than {MOST_ROWS:,} rows; split it.")
    except csv.Error:
        raise Refused(
            f"row {n + 1}: a quotation mark is not closed or stands alone; inside quotes write it twice"
        ) from None
    header = records[0][1]
    while not header[-1].strip():
        header.pop()
    return header, records[1:]


def _text(data: bytes, notes: list[str]) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        notes.append("The file is not UTF-8 and was read as Windows-1252 (Latin-1): check letters with accents.")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")
