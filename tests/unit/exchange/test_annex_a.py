"""Annex A workbooks: loose headers, exact children, every fault at once."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from chm.episodes.records import ReturnInterview
from chm.exchange.annex_a import NOT_WORKED_OUT, AnnexA, Child, read_annex_a

START = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age"]
LIST_3 = [*START, "Date of Referral", "Referral NFA?", "Number of Referrals in Last 12 Months"]
LIST_8 = [
    *START,
    "Date Ceased to be Looked After",
    "Number of Episodes the Child has been ‘Missing’ from their Placement in the last 12 months",
    "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
    "Was the child offered a Return Interview after their last missing episode (Y/N)?",
    "Did the child accept a Return Interview after their last missing episode (Y/N)?",
]
TODAY = date(2026, 11, 23)
NO_COUNT = "is not a whole number from 0; correct it, or leave it empty where not known"
OLD = "This is an older or a protected workbook; take the password off and save it as .xlsx."
NO_LISTS = "The workbook has no sheet List 1 to List 10; name its sheets as Annex A does."
DAMAGED = "The workbook is damaged or not one of Excel's; open it in Excel and save it as .xlsx."


def workbook(**sheets: list[list[Any]]) -> bytes:
    """A workbook of these sheets; `List_3` stands for "List 3"."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(**sheets: list[list[Any]]) -> AnnexA:
    return read_annex_a(workbook(**sheets), TODAY)


def test_children_of_all_lists_once_each() -> None:
    found = read(
        List_1=[START, [7, "b) Female", "k) APKN", datetime(2012, 5, 17), 8.9]],
        List_3=[
            LIST_3,
            [7, "Female", "", None, 8, datetime(2020, 9, 16), "No", 2],
            [7, "Female", "", None, 8, "01/03/2020", "No", 1],
            ["A-9", "a) Male", "", "2010-02-03", "#N/A", None, "", None],
        ],
        List_8=[LIST_8, [7, "", "", datetime(2012, 5, 17), 8, None, 3, 0, "a) Yes", "b) No"]],
        List_11=[["Individual adopter identifier"], ["1"]],
    )
    assert found.faults == []
    assert found.notes == []
    assert found.children == [
        Child(
            id="7", lists=(1, 3, 8),
            rows=("List 1, row 2", "List 3, row 2", "List 3, row 3", "List 8, row 2"),
            born=date(2012, 5, 17), age=8, looked_after=True, referrals=2,
            referred=(date(2020, 3, 1), date(2020, 9, 16)), missing=3, absent=0,
            interview=ReturnInterview(True, False),
        ),
        Child(id="A-9", lists=(3,), rows=("List 3, row 4",), born=date(2010, 2, 3)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        "Number of Episodes the Child has been “Missing” from their Placement in the last 12 months",
        "NUMBER OF  MISSING EPISODES",
        "number of episodes the child has been missing",
    ],
)
def test_headers_are_matched_loosely(header: str) -> None:
    found = read(List_8=[["List 8: looked after"], [], ["Child’s unique ID", "DOB", header], ["7", "17/05/2012", "4"]])
    assert found.faults == []
    (child,) = found.children
    assert (child.id, child.born, child.missing, child.absent) == ("7", date(2012, 5, 17), 4, None)
    assert child.looked_after is None


def test_titles_of_sheets_are_too() -> None:
    book = workbook(**{"LIST_3 - Referrals": [LIST_3, [7]], "list10": [START, [8]], "Listing": [START, [9]]})
    assert [c.id for c in read_annex_a(book, TODAY).children] == ["7", "8"]


def test_what_is_not_there_is_not_known_and_said() -> None:
    found = read(List_8=[START, [7, None, None, None, 15]])
    assert found.children == [Child(id="7", lists=(8,), rows=("List 8, row 2",), age=15)]
    assert found.notes == [
        "List 8: no column Number of Episodes the Child has been Missing; it is not known.",
        "List 8: no column Number of Episodes the Child has been Absent; it is not known.",
        "List 8: no column offered a Return Interview; it is not known.",
        "List 8: no column accept a Return Interview; it is not known.",
        "List 8: no column Date Ceased to be Looked After; it is not known.",
        "There is no sheet List 3: Date of Referral, Number of Referrals in Last 12 Months are not known.",
    ]


def test_who_is_no_longer_looked_after() -> None:
    found = read(List_3=[LIST_3, [7]], List_8=[LIST_8, [8, "", "", None, 15, datetime(2020, 9, 1)], [9]])
    assert {c.id: c.looked_after for c in found.children} == {"7": None, "8": False, "9": True}
    assert {c.id: c.ever_looked_after for c in found.children} == {"7": None, "8": True, "9": True}


@pytest.mark.parametrize(("ceased", "still"), [("22/11/2026", False), ("23/11/2026", False), ("24/11/2026", True)])
def test_a_child_is_looked_after_until_the_day_on_which_it_ceases(ceased: str, still: bool) -> None:
    (child,) = read(List_8=[LIST_8, [8, "", "", None, 9, ceased]]).children
    assert (child.looked_after, child.ever_looked_after) == (still, True)


def test_two_birth_dates_of_one_child() -> None:
    found = read(
        List_3=[LIST_3, [7, "", "", datetime(2012, 5, 17)]],
        List_8=[LIST_8, [8], [7, "", "", datetime(2012, 5, 18)]],
    )
    assert found.children[0].born is None
    assert found.notes == ["List 3, row 2, Date of Birth: differs in List 8, row 3 of the same child; none is taken."]


def test_all_faults_at_once_and_nothing_typed_comes_back() -> None:
    found = read(
        List_1=[["Name", "Age"], ["Heron Madeup", 3]],
        List_3=[
            LIST_3,
            [None, "Female", "", 40000, "old", "soon", "", 1.5],
            [7, "", "", "30/02/2012", -1, None, "", True],
        ],
        List_8=[LIST_8, [8, "", "", None, 5, None, "many", -1]],
    )
    assert found.faults == [
        "List 1: no row names the column Child Unique ID; add the headers of Annex A",
        "List 3, row 2, Child Unique ID: is empty; fill it in",
        "List 3, row 2, Date of Birth: is not a date; format the cell as a date",
        "List 3, row 2, Age: is not an age in years; correct it",
        "List 3, row 2, Date of Referral: is not a date; write it as 17/05/2026",
        f"List 3, row 2, Number of Referrals in Last 12 Months: {NO_COUNT}",
        "List 3, row 3, Date of Birth: is not a date; write it as 17/05/2026",
        "List 3, row 3, Age: is not an age in years; correct it",
        f"List 3, row 3, Number of Referrals in Last 12 Months: {NO_COUNT}",
        f"List 8, row 2, Number of Episodes the Child has been Missing: {NO_COUNT}",
        f"List 8, row 2, Number of Episodes the Child has been Absent: {NO_COUNT}",
    ]


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        ("a) Yes", True),
        ("Y", True),
        ("b) No", False),
        ("n", False),
        ("b) No - declined", False),
        ("c) Not known", None),
        ("d) N/A", None),
        ("", None),
    ],
)
def test_answers(answer: str, known: bool | None) -> None:
    found = read(List_3=[LIST_3], List_8=[LIST_8, [7, "", "", None, 15, None, 1, 0, answer, ""]])
    assert found.children[0].interview.offered is known


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This is not an Excel workbook; save it as .xlsx."),
        (b"Child Unique ID,Age\n7,3\n", "This is not an Excel workbook; save it as .xlsx."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", OLD),
        (b"PK\x03\x04 cut", DAMAGED),
        (workbook(List_3=[LIST_3, [7]])[:-60], DAMAGED),
        (workbook(Sheet1=[START, [7]]), NO_LISTS),
        (workbook(List_3=[LIST_3]), "The lists name no child; fill in at least one."),
    ],
    ids=["empty", "csv", "xls", "no zip", "cut", "no lists", "no children"],
)  # fmt: skip
def test_what_is_no_such_workbook(data: bytes, words: str) -> None:
    found = read_annex_a(data, TODAY)
    assert (found.children, found.faults) == ([], [words])


def test_a_damaged_workbook_is_read_or_refused_and_never_breaks() -> None:
    whole = workbook(List_3=[LIST_3, *([n, "", "", datetime(2012, 5, 17)] for n in range(1, 60))])
    refused = 0
    for at in range(30, len(whole), 97):
        broken = bytearray(whole)
        broken[at : at + 4] = b"\xff\x00\xaa\x55"
        refused += read_annex_a(bytes(broken), TODAY).faults == [DAMAGED]
    assert refused > 10


def test_days_to_come_are_faults() -> None:
    found = read(
        List_3=[LIST_3, [7, "", "", datetime(2026, 11, 24), None, "24/11/2026"], [8, "", "", None, 9, TODAY]],
        List_8=[LIST_8, [8, "", "", None, 9, "24/11/2026"]],
    )
    assert found.faults == [
        "List 3, row 2, Date of Birth: lies in the future; correct it, or take the row out",
        "List 3, row 2, Date of Referral: lies in the future; correct it, or take the row out",
    ]
    assert (found.children[1].referred, found.children[1].looked_after) == ((TODAY,), True)


def test_errors_of_excel_are_not_known_and_counted() -> None:
    found = read(
        List_3=[
            LIST_3,
            [7, "", "", "#VALUE!", "#NUM!", "#REF!", "", 1],
            [7, "", "", None, "#DIV/0!"],
            ["#NAME?", "", "", "", 9],
        ],
        List_8=[LIST_8, [7, "", "", None, 9, "#REF!"]],
    )
    assert found.faults == ["List 3, row 4, Child Unique ID: is empty; fill it in"]
    assert found.notes == [
        "List 3, Date of Birth: an error stands in 1 cell; it is not known.",
        "List 3, Age: an error stands in 2 cells; it is not known.",
        "List 3, Date of Referral: an error stands in 1 cell; it is not known.",
        "List 3, Child Unique ID: an error stands in 1 cell; it is not known.",
        "List 8, Date Ceased to be Looked After: an error stands in 1 cell; it is not known.",
    ]
    (child,) = found.children
    assert (child.age, child.referrals, child.looked_after) == (9, 1, None)


def test_sheets_that_are_there_twice_or_named_otherwise() -> None:
    found = read(**{"List 3": [LIST_3, [7]], "List 3 (2)": [LIST_3, [8]], "List 8": [LIST_8], "Cover": [["x"]]})
    assert found.faults == ["List 3: has more than one sheet; keep one"]
    assert found.notes == ["1 sheet has a name other than List 1 to List 11; it is not read."]


def test_an_id_is_one_line_however_it_is_spaced() -> None:
    found = read(List_3=[LIST_3, [" A  9\n"], ["A\u00a09"]], List_8=[LIST_8])
    assert [(c.id, c.rows) for c in found.children] == [("A 9", ("List 3, row 2", "List 3, row 3"))]


def test_formulas_are_taken_by_their_results() -> None:
    book = workbook(List_3=[LIST_3, ["=6+1", "", "", '=""', "=7*2"], ["", "", "", '=""', '=""']], List_8=[LIST_8])
    assert read_annex_a(book, TODAY).faults == [NOT_WORKED_OUT]
    worked = {b"<f>6+1</f><v": b"<f>6+1</f><v>7</v", b"<f>7*2</f><v": b"<f>7*2</f><v>14</v"}
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = re.sub(rb'<c (r="\w+")><f>""</f>', rb'<c \1 t="str"><f>""</f>', old.read(name))
            for before, after in worked.items():
                part = re.sub(re.escape(before) + rb"\s*/>|" + re.escape(before) + rb"></v>", after + b">", part)
            new.writestr(name, part)
    found = read_annex_a(file.getvalue(), TODAY)
    assert (found.faults, found.notes) == ([], [])
    assert found.children == [Child(id="7", lists=(3,), rows=("List 3, row 2",), age=14)]
