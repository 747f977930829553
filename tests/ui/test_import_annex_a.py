"""An Annex A workbook on the Import page: seen first with every fault, then taken in whole, once."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from chm.casework import audit_log, people
from chm.casework.desk import Desk
from pages.parts.import_annex_a import split
from pages.parts.navigation import IMPORT

HOSTILE = "<img src=x onerror=alert(1)> ![x](http://192.0.2.1/x) {{ 7*7 }}"
START = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age"]
REFERRED = [*START, "Date of Referral", "Number of Referrals in Last 12 Months"]
LOOKED_AFTER = [
    *START,
    "Date Ceased to be Looked After",
    "Number of Episodes the Child has been ‘Missing’",
    "Number of Episodes the Child has been ‘Absent’",
    "Was the child offered a Return Interview?",
    "Did the child accept a Return Interview?",
]
SAID = (
    "4 times missing and 1 time absent in the 12 months of the return; "
    "return interview offered: yes, accepted: not known"
)


def workbook(*more: list[Any]) -> bytes:
    """Child 7 with a referral and missing episodes, a child of a hostile id with five; `more` rows of List 3."""
    book = openpyxl.Workbook()
    referred, looked_after = book.active, book.create_sheet("List 8")
    assert referred is not None
    referred.title = "List 3"
    days = [[HOSTILE, "", "", None, 15, datetime(2026, 1, day), 9] for day in range(1, 6)]
    for row in [REFERRED, [7, "", "", datetime(2012, 5, 17), 13, datetime(2026, 3, 2), 1], *days, *more]:
        referred.append(row)
    for row in [LOOKED_AFTER, [7, "", "", datetime(2012, 5, 17), 13, None, 4, 1, "a) Yes", "c) Not known"]]:
        looked_after.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def importing(visit: Any) -> Any:
    here = visit("U-chris").to(IMPORT)
    here.field("What to import").set_value("Annex A")
    here.at.run()
    assert not here.at.exception
    return here


def upload(here: Any, content: bytes) -> Any:
    here.at.file_uploader[0].set_value(("annex a.xlsx", content, "application/octet-stream"))
    here.at.run()
    assert not here.at.exception
    return here


def labels(here: Any) -> list[str]:
    return [b.label for b in here.at.button if b.label.startswith("Import")]


def named(lead: Desk) -> dict[str, str]:
    return {row.young_person.name: row.young_person.id for row in people.mine(lead)}


def test_the_choice_says_what_it_takes(importing: Any) -> None:
    assert "Import Annex A From an Excel workbook, all of it or nothing" in importing.said
    assert "List 3 Each Date of Referral." in importing.said
    assert [u.label for u in importing.at.file_uploader] == ["Excel workbook (.xlsx)"]
    importing.field("What to import").set_value("Missing episodes")
    importing.at.run()
    assert "Import missing episodes From a CSV file, all rows or none" in importing.said


def test_a_workbook_is_seen_first_and_written_once(importing: Any, lead: Desk) -> None:
    before = len(named(lead))
    upload(importing, workbook())
    assert "2 young people, no fault would add 2 new young people, 6 referrals and 1 count of missing" in importing.said
    assert f"Child 7 new 17 May 2012 yes 2 Mar 2026 {SAID}" in importing.said
    assert f"Child {HOSTILE} new 15 not known 1 Jan 2026 2 Jan 2026 3 Jan 2026 and 2 more" in importing.said
    assert all("<img" not in h.proto.body for h in importing.at.get("html") if "chm-import" in h.proto.body)
    assert len(named(lead)) == before
    assert labels(importing) == ["Import all of it"]
    importing.press("Import all of it")
    assert not importing.at.exception
    assert [s.value for s in importing.at.success] == [
        "Imported: 2 new young people, 6 referrals and 1 count of missing episodes. They stand under Young people."
    ]
    record = people.record_of(lead, named(lead)["Child 7"])
    assert [i.what for i in record.incidents] == [SAID]
    assert len(named(lead)) == before + 2

    upload(importing, workbook())
    assert "2 young people, no fault 2 on record with nothing new" in importing.said
    assert "there is nothing to import" in importing.at.info[0].value
    assert labels(importing) == []
    upload(importing, workbook([7, "", "", None, None, datetime(2026, 4, 9), 2]))
    assert "would add 1 referral; 1 on record with nothing new" in importing.said
    assert f"Child 7 {record.young_person.id} 17 May 2012 yes 9 Apr 2026" in importing.said


def test_a_workbook_is_read_once_however_often_the_page_runs(importing: Any, lead: Desk) -> None:
    upload(importing, workbook())
    importing.at.run()
    operations = [entry.operation for entry in audit_log.read(lead)]
    assert operations.count("annex_a_import.preview") == 1


def test_faults_name_sheet_row_column_and_fix(importing: Any, lead: Desk) -> None:
    before = len(named(lead))
    upload(importing, workbook([8, "", "", "=TODAY()"]))
    assert "file Formulas in the workbook were never worked out Open it in Excel and save it again." in importing.said
    upload(importing, workbook([8, "", "", None, "soon", None, -1], [9], [10, "", "", HOSTILE]))
    assert "4 things to put right nothing is imported until all are" in importing.said
    assert "List 3 8 Age Is not an age in years Correct it" in importing.said
    assert "List 3 9 Date of Birth or Age Both are missing Give one of them" in importing.said
    assert "List 3 10 Date of Birth Is not a date Write it as 17/05/2026" in importing.said
    assert HOSTILE not in importing.said
    assert labels(importing) == []
    assert len(named(lead)) == before


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "This is not an Excel workbook"), (b"PK\x03\x04", "The workbook is damaged")],
)
def test_a_file_that_cannot_be_read_says_why(importing: Any, content: bytes, said: str) -> None:
    upload(importing, content)
    assert said in importing.said
    assert labels(importing) == []


@pytest.mark.parametrize(
    ("fault", "parts"),
    [
        (
            "List 3, row 2 (and 1,200 more), Date of Birth or Age: both are missing; give one of them",
            ("List 3", "2 (and 1,200 more)", "Date of Birth or Age", "both are missing", "give one of them"),
        ),
        ("List 1: has more than one sheet; keep one", ("List 1", "", "", "has more than one sheet", "keep one")),
        ("This is not one; save it as .xlsx.", ("", "", "", "This is not one", "save it as .xlsx.")),
        ("Plain", ("", "", "", "Plain", "")),
    ],
)
def test_a_fault_is_taken_apart(fault: str, parts: tuple[str, ...]) -> None:
    assert tuple(split(fault).values()) == parts
