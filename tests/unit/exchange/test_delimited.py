"""Tables of text as hostile hands make them; what ordinary files say stands with each reader's own tests."""

from __future__ import annotations

from datetime import date

import pytest

from chm.exchange.connections import read_connections
from chm.exchange.delimited import LONG_CELL, MOST_BYTES, MOST_COLUMNS, MOST_LINES, QUOTES, Refused, read_table
from chm.exchange.missing import read_missing
from chm.exchange.young_people import read_young_people

WIDE = f"more than {MOST_COLUMNS} cells; check that this is the right file"
EMPTY = "The file is empty; the first row must be a,b."


def read(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    return read_table(data, {"a", "b"}, "a,b", [])


@pytest.mark.parametrize(
    "data", [b"", b"\x0c", "\u00a0\u2003\n".encode(), b'""\n', b",,\n;;\n", b"\x00\x00", b"\xff\xfe"]
)
def test_a_file_of_blanks_is_empty(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read(data)
    assert str(refused.value) == EMPTY


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n" + b"x" * 200_000 + b",1\n", f"row 2: {LONG_CELL}"),
        (b'a,b\n"' + b"x\n" * 100_000, f"row 2: {LONG_CELL}"),
        (b'a,b\n1,2\n"x\n', f"row 3: {QUOTES}"),
        (
            b"a,b" + b",c" * 1_000_000 + b"\n",
            f"row 1: more than {MOST_COLUMNS} cells; check that this is the right file",
        ),
        (b"a,b\n" + b"1," * 9_000_000, f"row 2: more than {MOST_COLUMNS} cells; check that this is the right file"),
        (b"x" * MOST_BYTES, f"row 1: {LONG_CELL}"),
        (
            b"a,b" + b"\n" * (MOST_LINES + 1),
            "The file has more than 1,000,000 lines, most of them empty; take those out.",
        ),
        (b"x" * (MOST_BYTES + 1), "The file is larger than 20 MB; split it."),
    ],
    ids=["cell", "unclosed", "quote", "columns", "cells", "one line", "lines", "large"],
)
def test_what_is_refused_says_why(data: bytes, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read(data)
    assert str(refused.value) == said


def test_many_empty_columns_are_passed_over() -> None:
    assert read(b"a,b" + b"," * 1_000_000 + b"\n1,2\n") == (["a", "b"], [(2, ["1", "2"])])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_control_characters_are_gone_from_every_cell(encoding: str) -> None:
    hostile = "\x00\x07\x1b[31m é\x7f"
    assert read(f"a\x00,b\n{hostile},\x0b\n".encode(encoding)) == (["a", "b"], [(2, ["[31m é", ""])])
    assert read("a,b\nx\u202ey\u200bz,1\n".encode("utf-16")) == (["a", "b"], [(2, ["xyz", "1"])])


def test_half_a_character_is_read_as_another_encoding() -> None:
    notes: list[str] = []
    assert read_table("a,b\né,1\n".encode("utf-16")[:-1], {"a", "b"}, "a,b", notes)[0]
    assert len(notes) == 1
    assert read(b"a,b\n\xed\xa0\x80,1\n")[1] == [(2, ["í\u00a0€", "1"])]


@pytest.mark.parametrize("name", ["x\x00\x1b" * 40, "=cmd()", "\u202eevil"])
def test_an_unknown_column_is_named_in_plain_text_cut_short(name: str) -> None:
    today = date(2026, 11, 23)
    said = [
        *read_connections(f"from_kind,from,to_kind,to,{name}\n".encode()).faults,
        *read_missing(f"young_person,start,end,{name}\n".encode(), today).faults,
        *read_young_people(f"name,home_borough,age,{name}\n".encode(), today).faults,
    ]
    assert len(said) == 3
    assert all(fault.startswith("row 1: column ") and fault.isprintable() for fault in said)


@pytest.mark.parametrize("data", [b"\x00" * 100, b'""\n', b"\x0c\n", b"name" + b",x" * 10_000 + b"\n"])
def test_young_people_of_no_such_file(data: bytes) -> None:
    found = read_young_people(data, date(2026, 11, 23))
    assert (found.rows, len(found.faults)) == ([], 1)


def test_a_cell_of_a_young_person_without_end() -> None:
    data = b"name,home_borough,age\n" + b"x" * 200_000 + b",Merton,14\n"
    assert read_young_people(data, date(2026, 11, 23)).faults == [f"row 2: {LONG_CELL}"]
