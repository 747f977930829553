"""Annex A workbooks taken in: 60 young people, twice; hostile cells; all or nothing, on both databases."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from chm import store
from chm.access import Permission
from chm.casework import annex_a_import, guarded, people
from chm.casework.annex_a_import import AGENCY, KIND, NOT_KNOWN, REASON, AnnexARow, Imported
from chm.casework.desk import INTENTIONS, Desk
from chm.errors import Faults, NotPermitted
from chm.exchange.annex_a import NOT_WORKED_OUT
from chm.records import Incident, NewYoungPerson, Referral, Role, YoungPerson
from chm.store import audit, users
from chm.store import people as stored

from .conftest import NOW, TODAY, USERS, Office

START = ["Child’s Unique ID", "Gender", "Ethnicity", "Date of  Birth", "Age (at last birthday)"]
REFERRED = [*START, "Date of referral (dd/mm/yyyy)", "Referral NFA?", "Number of referrals in last 12 months"]
LOOKED_AFTER = [
    *START,
    "Date ceased to be looked after",
    "Number of episodes the child has been “Missing” from their placement in the last 12 months",
    "Number of episodes the child has been ‘Absent’ from their placement in the last 12 months",
    "Was the child offered a return interview after their last missing episode (Y/N)?",
    "Did the child accept a return interview after their last missing episode (Y/N)?",
]
TABLES = ("young_person", "referral", "incident", "caseload")


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def born(n: int) -> datetime:
    return datetime(2009, 1, 1) + timedelta(days=31 * n)


def child(n: int) -> list[Any]:
    """Numbers up to 40, then letters; every tenth has an age and no birth date."""
    id: Any = n if n <= 40 else f"MRT-{n:03d}"
    return [id, "a) Male" if n % 2 else "b) Female", "", *((None, 13.5) if n % 10 == 0 else (born(n), 13))]


def realistic() -> bytes:
    """60 children on nine lists; 30 referred, 5 of whom twice and 2 without a day; 20 looked after."""
    referred = [[*child(n), date(2026, 6, 1) + timedelta(days=n), "No", 1] for n in range(1, 29)]
    referred += [[*child(n), f"{n:02d}/09/2026", "No", 2] for n in range(1, 6)]
    referred += [[*child(29), None, "", 3], [*child(30), None, "", None]]
    looked_after = [[*child(n), None, n - 41, 1, "a) Yes", "c) Not known"] for n in range(41, 46)]
    looked_after += [[*child(n), None, 0, 0, "b) No", "b) No"] for n in range(46, 60)]
    looked_after += [[*child(60), datetime(2026, 5, 1), None, None, "", ""]]
    return workbook(
        {
            "Cover": [["Annex A"]],
            "List 1": [["List 1: contacts"], [], START, *(child(n) for n in range(1, 61))],
            "List 2": [START],
            "List 3": [REFERRED, *referred],
            **{f"List {n}": [START, *(child(c) for c in range(n, 60, 7))] for n in range(4, 8)},
            "List 8": [LOOKED_AFTER, *looked_after],
            "List 9": [START, child(60)],
        }
    )


def rows(engine: store.Engine) -> list[int]:
    with engine.connect() as connection:
        return [connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in TABLES]


def called(desk: Desk, name: str) -> people.Record:
    (found,) = [row.young_person for row in people.mine(desk) if row.young_person.name == name]
    return people.record_of(desk, found.id)


def audited(engine: store.Engine) -> list[tuple[str, str, str, str]]:
    with store.transaction(engine, writing=False) as session:
        return [(e.user, e.operation, e.record, e.why) for e in reversed(audit.read(session, None, 1000))]


def one(*cells: Any, head: list[str] = REFERRED, title: str = "List 3", **sheets: list[list[Any]]) -> bytes:
    """A workbook about one child; `cells` are those of its row."""
    lists = {"List 3": [REFERRED], "List 8": [LOOKED_AFTER], title: [head, list(cells)]}
    return workbook({**lists, **{name.replace("_", " "): found for name, found in sheets.items()}})


def test_sixty_are_seen_then_taken_in_and_the_same_workbook_adds_nothing(office: Office) -> None:
    lead, data, before = office["lead"], realistic(), rows(office.engine)
    seen = annex_a_import.preview(lead, data)
    assert seen.faults == ()
    assert seen.counts == Imported(60, 33, 5)
    assert (len(seen.new), len(seen.known)) == (60, 0)
    assert [row.young_person.name for row in seen.rows[8:10]] == ["Child 9", "Child 10"]
    assert seen.rows[0] == AnnexARow(
        NewYoungPerson("Child 1", NOT_KNOWN, date(2009, 2, 1)), "", (date(2026, 6, 2), date(2026, 9, 1)), ""
    )
    assert seen.notes == (
        "1 sheet has a name other than List 1 to List 11; it is not read.",
        "1 young person: there is a count of referrals and no day, so that no referral is added (List 3, row 35).",
        "14 young people: the count is 0 times missing or absent, so that no incident is added (List 8, "
        "rows 7, 8, 9, 10, 11 and 9 more).",
        "6 young people: there is an age and no birth date; it is taken as their age today (List 1, "
        "rows 13, 23, 33, 43, 53 and 1 more).",
    )
    assert rows(office.engine) == before

    assert annex_a_import.take_in(lead, data) == Imported(60, 33, 5)
    assert rows(office.engine) == [before[0] + 60, before[1] + 33, before[2] + 5, before[3]]
    first = called(lead, "Child 1")
    assert [(r.on, r.agency, r.reason, r.outcome) for r in first.referrals] == [
        (date(2026, 6, 2), AGENCY, REASON, ""),
        (date(2026, 9, 1), AGENCY, REASON, ""),
    ]
    assert (first.incidents, first.workers, first.young_person.looked_after) == ((), (), None)
    aged = called(lead, "Child 10").young_person
    assert (aged.born, aged.age, aged.age_on, aged.home_borough) == (None, 13, TODAY, "Not known")
    missing = called(lead, "Child MRT-045")
    assert missing.young_person.looked_after is True
    assert [(i.on, i.kind, i.what, i.agency, i.first_hand, i.ended_on) for i in missing.incidents] == [
        (
            TODAY,
            "Missing episodes in the return",
            "4 times missing and 1 time absent in the 12 months of the return; "
            "return interview offered: yes, accepted: not known",
            "Children's Social Care",
            False,
            None,
        )
    ]
    ceased = called(lead, "Child MRT-060")
    assert (ceased.young_person.looked_after, ceased.incidents) == (False, ())
    assert ceased.young_person.ever_looked_after is True
    assert first.young_person.ever_looked_after is None

    after = rows(office.engine)
    again = annex_a_import.preview(lead, data)
    assert (len(again.new), len(again.known), again.counts) == (0, 60, Imported(0, 0, 0))
    assert [row.adds for row in again.rows] == [False] * 60
    assert annex_a_import.take_in(lead, data) == Imported(0, 0, 0)
    assert rows(office.engine) == after


def test_only_what_is_new_is_added_to_who_is_known(office: Office) -> None:
    lead, day = office["lead"], datetime(2012, 5, 17)
    first = one(
        7, "", "", day, None, date(2026, 9, 1), List_8=[LOOKED_AFTER, [7, "", "", day, 14, None, 2, 0, "Y", ""]]
    )
    assert annex_a_import.take_in(lead, first) == Imported(1, 1, 1)
    id = called(lead, "Child 7").young_person.id
    more = workbook(
        {
            "List 3": [REFERRED, [7, "", "", day, 14, date(2026, 9, 1)], [7, "", "", day, 14, date(2026, 9, 3), "", 9]],
            "List 8": [LOOKED_AFTER, [7, "", "", day, 14, datetime(2026, 8, 1), 3, 0, "Y", "n"]],
        }
    )
    said = (
        "3 times missing and 0 times absent in the 12 months of the return; return interview offered: yes, accepted: no"
    )
    seen = annex_a_import.preview(lead, more)
    assert seen.rows == (
        AnnexARow(NewYoungPerson("Child 7", NOT_KNOWN, day.date(), None, False, True), id, (date(2026, 9, 3),), said),
    )
    assert seen.notes == (
        "1 young person: more referrals are counted than days given; those with a day are taken in (List 3, row 2).",
        "1 young person: the record lacks the birth date, or says otherwise whether they are looked after; "
        "it stays as it is (List 3, row 2).",
    )
    assert annex_a_import.take_in(lead, more) == Imported(0, 1, 1)
    record = called(lead, "Child 7")
    assert [r.on for r in record.referrals] == [date(2026, 9, 1), date(2026, 9, 3)]
    assert sorted(i.what for i in record.incidents)[1] == said
    assert record.young_person.looked_after is True
    operations = [(entry[1], entry[2], entry[3]) for entry in audited(office.engine) if entry[1].startswith("annex_a")]
    assert operations == [
        ("annex_a_import.take_in", id, "1 added, 1 referrals, 1 counts of missing episodes"),
        ("annex_a_import.preview", "", "preview: 1 young people, 0 faults"),
        ("annex_a_import.take_in", id, "0 added, 1 referrals, 1 counts of missing episodes"),
    ]


@pytest.mark.parametrize("now", [False, None])
def test_that_they_once_were_looked_after_is_added_to_who_is_known(office: Office, now: bool | None) -> None:
    lead, day = office["lead"], datetime(2012, 5, 17)
    with store.transaction(office.engine) as session:
        stored.add(session, YoungPerson("YP-0050", "Child 7", "Merton", born=day.date(), looked_after=now))
    ceased = one(7, "", "", day, None, datetime(2026, 5, 1), head=LOOKED_AFTER, title="List 8")
    seen = annex_a_import.preview(lead, ceased)
    (row,) = seen.rows
    assert (row.known, row.once, row.adds, seen.counts) == ("YP-0050", True, True, Imported(0, 0, 0, 1))
    assert annex_a_import.take_in(lead, ceased) == Imported(0, 0, 0, 1)
    person = called(lead, "Child 7").young_person
    assert (person.looked_after, person.ever_looked_after) == (now, True)
    assert [e[1:3] for e in audited(office.engine)].count(("annex_a_import.take_in", "YP-0050")) == 1
    assert annex_a_import.preview(lead, ceased).counts == Imported(0, 0, 0)


def test_a_closed_record_stays_closed_and_that_is_told(office: Office) -> None:
    lead, day = office["lead"], datetime(2012, 5, 17)
    annex_a_import.take_in(lead, one(7, "", "", day, None, date(2026, 9, 1)))
    id = called(lead, "Child 7").young_person.id
    guarded.close(lead, id, "Moved away")
    again, more = (one(7, "", "", day, None, date(2026, 9, n)) for n in (1, 2))
    assert annex_a_import.preview(lead, again).notes == ()
    assert annex_a_import.preview(lead, more).notes == (
        "1 young person: the record is closed; what is new is added to it and it stays closed (List 3, row 2).",
    )
    assert annex_a_import.take_in(lead, more) == Imported(0, 1, 0)
    assert guarded.state(lead, id).closed_on == TODAY


def test_a_referral_of_that_day_is_enough_whoever_made_it(office: Office) -> None:
    with store.transaction(office.engine) as session:
        stored.add(session, YoungPerson("YP-0050", "Child 7", "Merton", born=date(2012, 5, 17)))
        stored.add_referral(session, Referral("REF-1", "YP-0050", date(2026, 9, 1), "Police", "Seen at night"))
        stored.add_incident(session, Incident("INC-1", "YP-0050", TODAY, "Other", "1 time missing", "Police"))
    data = one(7, "", "", datetime(2012, 5, 17), None, date(2026, 9, 1))
    assert annex_a_import.preview(office["lead"], data).counts == Imported(0, 0, 0)
    assert annex_a_import.take_in(office["lead"], data) == Imported(0, 0, 0)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((None, None, "", ""), ""),
        ((0, 0, "b) No", "b) No"), ""),
        ((0, None, "", ""), ""),
        (
            (1, None, "", ""),
            "1 time missing and times absent not known in the 12 months of the return; "
            "return interview offered: not known, accepted: not known",
        ),
        (
            (None, None, "b) No", ""),
            "times missing not known and times absent not known in the 12 months of the return; "
            "return interview offered: no, accepted: not known",
        ),
        (
            (0, 1234, "Y", "Y"),
            "0 times missing and 1,234 times absent in the 12 months of the return; "
            "return interview offered: yes, accepted: yes",
        ),
    ],
)
def test_what_the_return_says_of_missing_episodes(office: Office, cells: tuple[Any, ...], said: str) -> None:
    data = one(7, "", "", None, 15, None, *cells, head=LOOKED_AFTER, title="List 8")
    assert annex_a_import.preview(office["lead"], data).rows[0].missing == said
    assert annex_a_import.take_in(office["lead"], data).missing == bool(said)
    assert [(i.kind, i.what) for i in called(office["lead"], "Child 7").incidents] == [(KIND, said)] * bool(said)


def test_every_fault_names_its_sheet_row_and_column_and_keeps_everything_out(office: Office) -> None:
    with store.transaction(office.engine) as session:
        stored.add(session, YoungPerson("YP-0050", "Child 7", "Merton", born=date(2012, 5, 17)))
        for id in ("YP-0051", "YP-0052"):
            stored.add(session, YoungPerson(id, "Child 8", "Merton", age=15, age_on=TODAY))
    before = rows(office.engine)
    data = workbook(
        {
            "List 1": [START, [1, "", "", datetime(2012, 5, 17), 14], [2, "", "", None, None], [3, "", "", None, 26]],
            "List 3": [
                REFERRED,
                [2, "", "", None, None, date(2026, 9, 1)],
                [4, "", "", datetime(1999, 5, 17), None, None],
                [7, "", "", datetime(2012, 5, 18), None, None],
                [8, "", "", None, 15, None],
                [5, "", "", datetime(2020, 5, 17), None, date(2020, 5, 16)],
                [6, "", "", None, "soon", date(2026, 9, 1)],
                ["X" * 199, "", "", None, 15, None],
            ],
            "List 8": [LOOKED_AFTER, [9, "", "", None, 4, None, "many"]],
        }
    )
    expected = [
        "List 1, row 3 (and 1 more), Date of Birth or Age: both are missing; give one of them",
        "List 1, row 4, Age: must be 0 to 25 years; correct it, or take the rows out",
        "List 3, row 3, Age: must be 0 to 25 years; correct it, or take the rows out",
        "List 3, row 4, Date of Birth: differs from the record of this id; make sure that it is the same child, then "
        "correct it or take the rows out",
        "List 3, row 5, Child Unique ID: several young people on record go by it; take the rows out",
        "List 3, row 6, Date of Referral: lies before the birth date; correct it, or take the row out",
        "List 3, row 7, Age: is not an age in years; correct it",
        "List 3, row 8, Child Unique ID: 205 characters; at most 200 fit",
        "List 8, row 2, Number of Episodes the Child has been Missing: is not a whole number from 0; correct it, or "
        "leave it empty where not known",
    ]
    seen = annex_a_import.preview(office["lead"], data)
    assert list(seen.faults) == expected
    assert (seen.rows, seen.counts) == ((), Imported(0, 0, 0))
    with pytest.raises(Faults) as faults:
        annex_a_import.take_in(office["lead"], data)
    assert faults.value.faults == expected
    assert rows(office.engine) == before


def test_birth_dates_that_differ_leave_none_and_are_told(office: Office) -> None:
    data = one(
        7, "", "", datetime(2012, 5, 17), None, None,
        List_8=[LOOKED_AFTER, [7, "", "", datetime(2012, 5, 18), None, None, 1, 0, "", ""]],
    )  # fmt: skip
    seen = annex_a_import.preview(office["lead"], data)
    assert seen.faults == ("List 3, row 2 (and 1 more), Date of Birth or Age: both are missing; give one of them",)
    assert seen.notes == ("List 3, row 2, Date of Birth: differs in List 8, row 2 of the same child; none is taken.",)


@pytest.mark.filterwarnings("ignore:Cell D9 is marked as a date")
def test_a_hostile_workbook_is_read_or_refused_and_repeats_nothing(office: Office) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "List 3"
    sheet.append(["Referrals of <b>children</b>"])
    sheet.append(REFERRED)
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("G2:H2")
    sheet.append(["", "", "", "", 15])
    sheet.append(['\'=HYPERLINK("http://192.0.2.1")', "LONGCELL", "", None, 14, date(2026, 9, 1)])
    sheet.append([1e300, "", "", None, 14, None])
    sheet.append([9, "", "", None, 1e300, 10**18])
    sheet.append(["LONGCELL", "", "", None, 14, None])
    sheet.append(["<img src=x>", "", "", "LONGCELL", 14, None])
    sheet.append([10, "", "", 10**12, 14, None])
    sheet["D9"].number_format = "dd/mm/yyyy"
    book.create_sheet("List of adopters").append(["x"])
    file = io.BytesIO()
    book.save(file)
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"LONGCELL", b"Q" * 40_000))
    before = rows(office.engine)
    seen = annex_a_import.preview(office["lead"], out.getvalue())
    assert seen.faults == (
        "List 3, row 3, Child Unique ID: is empty; fill it in",
        "List 3, row 5, Child Unique ID: is longer than 200 characters; shorten it",
        "List 3, row 6, Age: is not an age in years; correct it",
        "List 3, row 6, Date of Referral: is not a date; format the cell as a date",
        "List 3, row 7, Child Unique ID: is longer than 200 characters; shorten it",
        "List 3, row 8, Date of Birth: is not a date; write it as 17/05/2026",
    )
    assert seen.notes == (
        "List 3: no column Number of Referrals in Last 12 Months; it is not known.",
        "There is no sheet List 8: Number of Episodes the Child has been Missing, Number of Episodes the Child has "
        "been Absent, offered a Return Interview, accept a Return Interview, Date Ceased to be Looked After "
        "are not known.",
        "1 sheet has a name other than List 1 to List 11; it is not read.",
        "List 3, Date of Birth: an error stands in 1 cell; it is not known.",
    )
    with pytest.raises(Faults):
        annex_a_import.take_in(office["lead"], out.getvalue())
    assert rows(office.engine) == before


def test_an_id_that_starts_a_formula_is_text(office: Office) -> None:
    data = one('=HYPERLINK("http://192.0.2.1")', "", "", None, 15, None)
    plain = openpyxl.load_workbook(io.BytesIO(data))
    plain["List 3"]["A2"].data_type = "s"
    file = io.BytesIO()
    plain.save(file)
    assert annex_a_import.take_in(office["lead"], file.getvalue()) == Imported(1, 0, 0)
    assert called(office["lead"], 'Child =HYPERLINK("http://192.0.2.1")').young_person.age == 15


def test_two_imports_at_once_add_once(office: Office) -> None:
    data = realistic()
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda desk: annex_a_import.take_in(desk, data), [office["lead"]] * 2))
    assert sorted(d.young_people for d in done) == [0, 60]
    assert rows(office.engine)[0] == 63


def test_a_practitioner_who_imports_gets_the_new_on_the_caseload(office: Office) -> None:
    both = users_with(office, Role.SAFEGUARDING_LEAD, Role.PRACTITIONER)
    data = one(7, "", "", None, 15, date(2026, 9, 1))
    assert annex_a_import.take_in(both, data) == Imported(1, 1, 0)
    assert annex_a_import.take_in(both, data) == Imported(0, 0, 0)
    assert called(office["lead"], "Child 7").workers == ("Vi Placeholder",)


def users_with(office: Office, *roles: Role) -> Desk:
    user = type(USERS["jo"])("u-vi", "Vi Placeholder", "Children's Social Care", frozenset(roles))
    with store.transaction(office.engine) as session:
        users.add(session, user)
    return Desk(office.engine, user, lambda: NOW)


def test_only_the_lead_takes_in(office: Office) -> None:
    for operation in ("annex_a_import.preview", "annex_a_import.take_in"):
        found = INTENTIONS[operation]
        assert (found.permission, found.about, found.audited) == (Permission.IMPORT_CHILDREN, None, True)
    for name in ("jo", "chair", "analyst", "partner", "auditor", "admin"):
        for ask in (annex_a_import.preview, annex_a_import.take_in):
            with pytest.raises(NotPermitted):
                ask(office[name], realistic())


def test_formulas_that_were_never_worked_out_keep_everything_out(office: Office) -> None:
    data = one(7, "", "", "=TODAY()-5000", None, date(2026, 9, 1))
    assert annex_a_import.preview(office["lead"], data).faults == (NOT_WORKED_OUT,)
    with pytest.raises(Faults):
        annex_a_import.take_in(office["lead"], data)
