"""Young people from CSV: exact rows, exact faults."""

from __future__ import annotations

from datetime import date

import pytest

from chm.exchange.young_people import DAY_FIRST, Preview, read_young_people
from chm.records import NewYoungPerson

TODAY = date(2026, 11, 23)
HEADER = "name,born,age,home_borough,looked_after\n"


def read(text: str, encoding: str = "utf-8") -> Preview:
    return read_young_people(text.encode(encoding), TODAY)


def rows(*lines: str) -> Preview:
    return read(HEADER + "\n".join(lines) + "\n")


def test_exact_rows() -> None:
    found = rows("Wren Madeup,2012-05-17,,Merton,yes", "K.E.,,14,Sutton,", "Teal Invented,2010-01-02,16,Croydon,No")
    assert found.faults == []
    assert found.notes == []
    assert found.rows == [
        NewYoungPerson("Wren Madeup", "Merton", date(2012, 5, 17), None, True),
        NewYoungPerson("K.E.", "Sutton", None, 14, None),
        NewYoungPerson("Teal Invented", "Croydon", date(2010, 1, 2), 16, False),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_byte_order_mark_other_order_case_and_line_ends_do_not_matter(encoding: str) -> None:
    found = read('Home Borough,NAME,Age\r\n"Merton","Siskin ""S"" Élan, 😀",13\r\n\r\n', encoding)
    assert found == Preview([NewYoungPerson('Siskin "S" Élan, 😀', "Merton", None, 13)], [], [])


def test_formulas_stay_text_and_control_characters_go() -> None:
    assert rows("=cmd()\x07,,12,Merton,").rows == [NewYoungPerson("=cmd()", "Merton", None, 12)]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "The file is empty; the first row must be name,born,age,home_borough,looked_after."),
        (b"\xef\xbb\xbf\r\n", "The file is empty; the first row must be name,born,age,home_borough,looked_after."),
        (b"PK\x03\x04zip", "This is a spreadsheet, not CSV; save it as “CSV UTF-8 (comma delimited)”."),
        (
            HEADER.encode() + "A,,12,Merton,\nRené,,12,Merton,\n".encode("cp1252"),
            "Line 3: the file is not UTF-8 (Excel's plain CSV is Windows-1252); "
            "save it as “CSV UTF-8 (comma delimited)”.",
        ),
        (b"x" * 1_000_001, "The file is larger than 1 MB; split it."),
        (HEADER.encode() + b"A,,12,Merton,\n" * 2001, "The file has more than 2,000 rows; split it."),
        (HEADER.encode(), "The file has a header and no rows; add one row for each young person."),
        (b"name;age;home_borough\nA;12;Merton\n", "Cells are not separated by commas; save the file with commas."),
        (
            b"Wren Madeup,2012-05-17,,Merton,yes\n",
            "row 1: must name the columns: name, born, age, home_borough, looked_after",
        ),
        (
            HEADER.encode() + b'A,,12,Merton,\n"B,,12,Merton,\n',
            "row 3: a quotation mark is not closed or stands alone; inside quotes write it twice",
        ),
    ],
)
def test_a_file_refused_as_a_whole_says_why_and_what_to_do(data: bytes, fault: str) -> None:
    assert read_young_people(data, TODAY) == Preview([], [fault], [])


def test_two_thousand_rows_are_taken() -> None:
    found = rows(*(f"Child {n},,12,Merton," for n in range(2000)))
    assert (len(found.rows), found.faults) == (2000, [])


def test_columns_missing_unknown_twice_and_unnamed_are_all_named() -> None:
    known = "use one of name, born, age, home_borough, looked_after"
    assert read("name,gender,name,\nA,x,B,\n").faults == [
        "row 1: column home_borough is missing; add it",
        "row 1: columns born and age are both missing; add one of them",
        f"row 1: column gender is not known; remove it or {known}",
        "row 1: column name is there twice; remove one",
        f"row 1: column 4 without a name is not known; remove it or {known}",
    ]


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        (",,12,Merton,", ["row 2, name: is empty; fill it in"]),
        ("\u200d\u00ad\u200e,,12,Merton,", ["row 2, name: is empty; fill it in"]),
        ("A,,12,,", ["row 2, home_borough: is empty; fill it in"]),
        ("A" * 201 + ",,12,Merton,", ["row 2, name: is longer than 200 characters; shorten it"]),
        ("A,,,Merton,", ["row 2, born: birth date and age are both empty; fill in one of them"]),
        ("A,17 May 2012,,Merton,", ["row 2, born: is not a date; write it as 2012-05-17"]),
        ("A,17/05/12,,Merton,", ["row 2, born: is not a date; write it as 2012-05-17"]),
        ("A,2012-02-30,,Merton,", ["row 2, born: is not a day of the calendar; correct it"]),
        ("A,2026-11-24,,Merton,", ["row 2, born: lies in the future; correct it"]),
        ("A,1990-01-01,,Merton,", ["row 2, born: more than 25 years ago; correct the year"]),
        ("A,2012-05-17,12,Merton,", ["row 2, age: does not agree with the birth date; leave one of them empty"]),
        ("A,,-1,Merton,", ["row 2, age: must be whole years from 0 to 25"]),
        ("A,,12.5,Merton,", ["row 2, age: must be whole years from 0 to 25"]),
        ("A,,26,Merton,", ["row 2, age: must be whole years from 0 to 25"]),
        ("A,,12,Merton,maybe", ["row 2, looked_after: must be yes or no, or empty where not known"]),
        ("A,,12,Merton", ["row 2: 4 cells under 5 columns; put quotes round a cell with a comma"]),
        ("A,B,,12,Merton,", ["row 2: 6 cells under 5 columns; put quotes round a cell with a comma"]),
        (
            ",x,y,,z",
            [
                "row 2, name: is empty; fill it in",
                "row 2, home_borough: is empty; fill it in",
                "row 2, born: is not a date; write it as 2012-05-17",
                "row 2, age: must be whole years from 0 to 25",
                "row 2, looked_after: must be yes or no, or empty where not known",
            ],
        ),
    ],
)
def test_each_fault_says_row_column_what_and_fix(line: str, faults: list[str]) -> None:
    assert rows(line) == Preview([], faults, [])


def test_rows_are_counted_as_a_spreadsheet_counts_and_right_rows_stay() -> None:
    found = rows('"Two\nlines",,12,Merton,', "", ",,12,Merton,", "B,,13,Merton,")
    assert found.faults == ["row 4, name: is empty; fill it in"]
    assert [r.name for r in found.rows] == ["Two\nlines", "B"]


def test_slashed_dates_are_read_day_first_only_where_the_file_proves_it() -> None:
    proven = rows("A,17/05/2012,,Merton,", "B,03/04/2012,,Merton,", "C,2012-04-03,,Merton,")
    assert [r.born for r in proven.rows] == [date(2012, 5, 17), date(2012, 4, 3), date(2012, 4, 3)]
    assert proven.notes == [DAY_FIRST]
    unclear = "born: slashes do not say which is the day; write it as 2012-05-17"
    assert rows("B,03/04/2012,,Merton,", "C,05/05/2012,,Merton,").faults == [f"row 2, {unclear}"]
    assert rows("A,17/05/2012,,Merton,", "B,05/17/2012,,Merton,").faults == [f"row 2, {unclear}", f"row 3, {unclear}"]


def test_duplicates_in_the_file_are_flagged() -> None:
    found = rows("Wren  Madeup,2012-05-17,,Merton,", "wren madeup,2012-05-17,,Sutton,")
    assert found.faults == ["row 3, name: the same name and birth date as row 2; remove one of them"]
    found = rows("Wren Madeup,2012-05-17,,Merton,", "Wr\u200cen Madeup,2012-05-17,,Sutton,")
    assert found.faults == ["row 3, name: the same name and birth date as row 2; remove one of them"]
    found = rows("K.E.,,14,Merton,", "K.E.,,14,Sutton,", "K.E.,,15,Sutton,")
    assert (len(found.rows), found.faults) == (3, [])
    assert found.notes == ["Row 3 has the same name and age as row 2: check that they are two young people."]


def test_no_message_repeats_what_a_row_says() -> None:
    found = rows("Secret Name,31/31/2031,Secretage,Secretborough,Secretcare", "Secret Name,x,,,")
    assert found.faults
    assert not any("ecret" in m or "2031" in m for m in found.faults + found.notes)
