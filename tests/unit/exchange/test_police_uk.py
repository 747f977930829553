"""police.uk files read: every row accounted for, every fault named, nothing taken in by halves."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest

from chm.errors import Faults
from chm.exchange.police_files import PoliceFile
from chm.exchange.police_uk import SEARCH, STREET, FileRows, NearPoint, read
from chm.geography.areas import Areas
from chm.places.public_events import AreaCount

A, B, NEAR, FAR = (51.405, -0.195), (51.405, -0.185), (51.405, -0.202), (51.5, -0.1)
FORCE = "Example Police"


def written(columns: Sequence[str], rows: Sequence[dict[str, object]], name: str) -> PoliceFile:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return PoliceFile(name, text.getvalue().encode())


def crime(
    where: tuple[object, object] = A, month: str = "2024-06", kind: str = "Burglary", force: str = FORCE
) -> dict[str, object]:
    return {
        "Month": month, "Reported by": force, "Falls within": force, "Latitude": where[0], "Longitude": where[1],
        "Crime type": kind,
    }  # fmt: skip


def street(*rows: dict[str, object], name: str = "2024-06-example-street.csv") -> PoliceFile:
    return written(STREET, rows, name)


def searched(where: tuple[object, object] = A, day: str = "2024-06-03T20:18:00+00:00") -> dict[str, object]:
    return {"Type": "Person search", "Date": day, "Latitude": where[0], "Longitude": where[1], "Gender": "Male"}


def searches(*rows: dict[str, object], name: str = "2024-06-example-stop-and-search.csv") -> PoliceFile:
    return written(SEARCH, rows, name)


def faults(areas: Areas, *files: PoliceFile) -> list[str]:
    with pytest.raises(Faults) as found:
        read(files, areas, stop_and_search=True)
    return found.value.faults


def test_every_row_is_accounted_for(sectors: Areas) -> None:
    found = read([street(crime(), crime(), crime(B), crime(NEAR), crime(FAR), crime(("", "")))], sectors)
    assert found.files == (
        FileRows("2024-06-example-street.csv", False, rows=6, inside=3, near=1, elsewhere=1, without_point=1),
    )
    assert found.near == (NearPoint("2024-06-example-street.csv", 5, *NEAR),)
    assert found.street.area.tolist() == [0, 0, 1, -1]
    assert found.searches is None


def test_counts_by_area_month_and_kind(sectors: Areas) -> None:
    found = read([street(crime(), crime(kind="Drugs"), crime(), crime(month="2024-07"), crime(B))], sectors)
    assert found.street.counts(sectors) == [
        AreaCount("ZZ1 1", "2024-06", "Burglary", 2),
        AreaCount("ZZ1 1", "2024-06", "Drugs", 1),
        AreaCount("ZZ1 1", "2024-07", "Burglary", 1),
        AreaCount("ZZ1 2", "2024-06", "Burglary", 1),
    ]


def test_stop_and_search_is_left_out_unless_asked_for_and_then_stands_apart(sectors: Areas) -> None:
    files = [street(crime()), searches(searched(), searched(NEAR))]
    off = read(files, sectors)
    assert off.left_out == (
        ("2024-06-example-stop-and-search.csv", "stop and search is off; switch it on to take it in"),
    )
    assert off.searches is None
    assert len(off.street) == 1
    on = read(files, sectors, stop_and_search=True)
    assert on.searches is not None
    assert (on.searches.kinds, on.searches.months, on.searches.area.tolist()) == (
        ("Person search",), ("2024-06",), [0, -1],
    )  # fmt: skip
    assert len(on.street) == 1
    assert on.files[1] == FileRows("2024-06-example-stop-and-search.csv", True, 2, 1, 1, 0, 0)


def test_outcomes_are_left_out_and_a_file_of_headers_alone_is_read(sectors: Areas) -> None:
    outcomes = written(
        ("Crime ID", "Month", "Reported by", "Longitude", "Latitude", "Outcome type"),
        [],
        "2024-06-example-outcomes.csv",
    )
    found = read([outcomes, street()], sectors)
    assert found.left_out == (("2024-06-example-outcomes.csv", "outcomes of crimes are not used"),)
    assert found.files == (FileRows("2024-06-example-street.csv", False, 0, 0, 0, 0, 0),)
    assert len(found.street) == 0


def test_sixty_months(sectors: Areas) -> None:
    months = [f"{2019 + n // 12}-{n % 12 + 1:02}" for n in range(60)]
    found = read([street(crime(month=m), name=f"{m}-example-street.csv") for m in months], sectors)
    assert found.street.months == tuple(months)
    assert found.street.by_month().tolist() == [1] * 60


def test_two_files_for_one_month_of_one_force(sectors: Areas) -> None:
    first, again = street(crime(), name="a.csv"), street(crime(B), name="b.csv")
    assert faults(sectors, first, again) == [
        "b.csv: holds 2024-06 of the same force as a.csv; leave one of the two out"
    ]
    years = [crime(month=f"2023-{n:02}") for n in range(1, 6)]
    assert faults(sectors, street(*years, name="a.csv"), street(*years, name="b.csv")) == [
        "b.csv: holds 2023-01, 2023-02, 2023-03 and 2 more months of the same force as a.csv; leave one of the two out"
    ]


def test_another_force_or_other_kinds_of_crime_in_one_month_are_no_double(sectors: Areas) -> None:
    found = read(
        [street(crime(), name="a.csv"), street(crime(force="Sample Police"), name="b.csv"),
         street(crime(kind="Drugs"), name="c.csv")],
        sectors,
    )  # fmt: skip
    assert len(found.street) == 3


def test_searches_of_one_month_twice(sectors: Areas) -> None:
    assert faults(sectors, searches(searched(), name="a.csv"), searches(searched(), name="b.csv")) == [
        "b.csv: holds 2024-06 of the same force as a.csv; leave one of the two out"
    ]
    named = [searches(searched(), name=f"2024-06-{f}-stop-and-search.csv") for f in ("btp", "metropolitan")]
    assert len(read(named, sectors, stop_and_search=True).searches or ()) == 2


def test_old_headers_are_said(sectors: Areas) -> None:
    old = written(
        ("Month", "Reported by", "Falls within", "Easting", "Northing", "Location", "Crime type", "Context"),
        [],
        "old.csv",
    )
    assert faults(sectors, old) == [
        "old.csv: row 1: the headers police.uk used in its first years (Easting, Northing); download these months again"
    ]


def test_missing_headers_are_named(sectors: Areas) -> None:
    short = written(STREET[:9], [], "a.csv")
    other = PoliceFile("b.csv", b"name,date of birth\nHeron Madeup,2011-03-09\n")
    assert faults(sectors, short, other) == [
        "a.csv: row 1: not the headers of police.uk, missing: Crime type, Last outcome category, Context; download the "
        "file again",
        f"b.csv: row 1: not the headers of police.uk, missing: {', '.join(STREET)}; download the file again",
    ]


def test_all_faults_of_all_files_at_once_and_no_cell_repeated(sectors: Areas) -> None:
    first = street(
        crime((-0.195, 51.405)),
        crime((51.405, "")),
        crime(("Heron", -0.195)),
        crime((40.7, -0.195)),
        crime(month="Jun-24"),
        crime(kind=" "),
        crime((-0.195, 51.405)),
        name="a.csv",
    )
    second = searches(searched(day="03/06/2024 20:18"), searched(day="2024-06-31"), searched(), name="b.csv")
    third = PoliceFile("c.csv", fault="damaged inside the zip; download it again")
    assert faults(sectors, first, second, third, street(crime(), name="d.csv")) == [
        "a.csv: row 3: only one of Latitude and Longitude; download the file again",
        "a.csv: row 4: Latitude or Longitude is not a number; download the file again",
        "a.csv: rows 2, 8: Latitude and Longitude are swapped; put each under its own header",
        "a.csv: row 5: the point is not in the United Kingdom; download the file again",
        "a.csv: row 6: Month must read as in 2024-06; a spreadsheet may have changed it, so download the file again",
        "a.csv: row 7: Crime type is blank; download the file again",
        "b.csv: row 2: Date must read as in 2024-06-01T13:45:00+00:00; a spreadsheet may have changed it, so download "
        "the file again",
        "c.csv: damaged inside the zip; download it again",
    ]


def test_many_rows_are_told_shortly(sectors: Areas) -> None:
    wrong = crime((-0.195, 51.405))
    rows = [crime() if n % 3 == 2 else wrong for n in range(30)]
    assert faults(sectors, street(*rows, name="a.csv")) == [
        "a.csv: rows 2 to 3, 5 to 6, 8 to 9, 11 to 12, 14 to 15 and 10 more: Latitude and Longitude are swapped; put "
        "each under its own header"
    ]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "empty; download it again"),
        (b" \r\n", "empty; download it again"),
        (b"PK\x03\x04", "a spreadsheet or zip, not CSV; take the CSV that police.uk gives"),
        (b"a,b\n1,2\n1,2,3\n", "row 3: not CSV as police.uk gives it; download it again"),
        (b"a,b\n1,2,3\n1,2,3\n", "its rows have more cells than row 1 has headers; download it again"),
        (b'a,b\n"1,2\n', "the file: not CSV as police.uk gives it; download it again"),
        (b"a" + b",b" * 101 + b"\n1\n", "row 1: more than 100 columns; download the file again"),
    ],
)
def test_a_file_that_cannot_be_read(sectors: Areas, data: bytes, fault: str) -> None:
    assert faults(sectors, PoliceFile("a.csv", data)) == [f"a.csv: {fault}"]


def test_nothing_given(sectors: Areas) -> None:
    assert faults(sectors) == ["There is no CSV file in this; take the folder or zip that police.uk gives."]


def test_a_byte_order_mark_another_order_of_columns_and_windows_letters(sectors: Areas) -> None:
    row = {**crime(), "Location": "On or near Café"}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(reversed(STREET)), restval="")
    writer.writeheader()
    writer.writerow(row)
    for data in (b"\xef\xbb\xbf" + text.getvalue().encode(), text.getvalue().encode("cp1252")):
        found = read([PoliceFile("a.csv", data)], sectors)
        assert found.street.area.tolist() == [0]
