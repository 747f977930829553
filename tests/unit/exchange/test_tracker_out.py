"""The action tracker's rows as CSV and as a workbook."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from chm.exchange.tracker_out import COLUMNS, FORMS, tracker_csv, tracker_xlsx
from chm.meetings.tracked import DecidedAt, Kind, Tracked, When
from chm.records import ActionStatus

ROW = Tracked(
    id="MA-b1",
    kind=Kind.MEETING,
    what="Stop the car",
    pillar="disrupt",
    target="vehicle:VEH-b1",
    about="Grey Golf",
    young_people=(("YP-0002", "Teal Madeup"), ("", "another young person")),
    owner_agency="Police",
    owner_person="PC Placeholder",
    due=date(2026, 11, 22),
    status=ActionStatus.UNDER_WAY,
    outcome="",
    closed_on=None,
    meeting=DecidedAt("M-1", "Complex strategy", date(2026, 11, 2)),
    place=None,
    version=3,
    when=When.OVERDUE,
    mine=False,
    my_agency=True,
    may_update=True,
    may_reassign=True,
    owner_gone=True,
    about_unnamed="a vehicle",
    agency_unnamed="Police",
    person_unnamed="PC Placeholder",
)
DONE = replace(
    ROW, id="PAC-c1", kind=Kind.PLACE, young_people=(), due=None, status=ActionStatus.DONE, outcome="Two lamps",
    closed_on=date(2026, 11, 23), meeting=None, place="Placeholder Arcade", when=When.ENDED,
)  # fmt: skip
BAD = (
    "=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "'=1", "#REF!",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)", " \uff1d1",
)  # fmt: skip


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def sheet(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_csv_has_a_row_for_each_action() -> None:
    data = tracker_csv([ROW, DONE])
    assert data.startswith(b"\xef\xbb\xbf")
    first, second = read(data)
    assert first == {
        "id": "MA-b1",
        "kept_with": "meeting",
        "what": "Stop the car",
        "pillar": "disrupt",
        "acts_on": "Grey Golf",
        "young_people": "Teal Madeup, another young person",
        "owner_agency": "Police",
        "owner_person": "PC Placeholder",
        "due": "2026-11-22",
        "overdue": "yes",
        "status": "under way",
        "outcome": "",
        "closed_on": "",
        "meeting": "Complex strategy",
        "meeting_on": "2026-11-02",
        "place": "",
    }
    assert [second[c] for c in ("due", "overdue", "status", "outcome", "closed_on", "meeting", "place")] == [
        "", "no", "done", "Two lamps", "2026-11-23", "", "Placeholder Arcade",
    ]  # fmt: skip


def test_the_workbook_has_real_days_and_a_header_that_stays() -> None:
    found = sheet(tracker_xlsx([ROW, DONE]))
    assert found.title == "Actions"
    assert [c.value for c in found[1]] == [
        "Id", "Kept with", "What", "Pillar", "Acts on", "Young people", "Owner agency", "Owner person", "Due",
        "Overdue", "Status", "Outcome", "Closed on", "Meeting", "Meeting on", "Place",
    ]  # fmt: skip
    assert {c.font.bold for c in found[1]} == {True}
    assert (found.freeze_panes, found.auto_filter.ref, found.max_row) == ("A2", "A1:P3", 3)
    assert [c.value for c in found[2]] == [
        "MA-b1", "meeting", "Stop the car", "disrupt", "Grey Golf", "Teal Madeup, another young person", "Police",
        "PC Placeholder", datetime(2026, 11, 22), "yes", "under way", None, None, "Complex strategy",
        datetime(2026, 11, 2), None,
    ]  # fmt: skip
    assert (found["I2"].is_date, found["I2"].number_format) == (True, "d mmm yyyy")
    assert (found["M3"].value, found["I3"].value) == (datetime(2026, 11, 23), None)
    assert [d.width for d in found.column_dimensions.values()] == list(COLUMNS.values())
    assert (found["C2"].alignment.wrap_text, bool(found["A2"].alignment.wrap_text)) == (True, False)


@pytest.mark.parametrize("bad", BAD)
def test_no_cell_is_a_formula(bad: str) -> None:
    texts = {"what": bad, "about": bad, "owner_agency": bad, "owner_person": bad, "outcome": bad, "place": bad}
    hostile = replace(ROW, **texts, young_people=(("", bad),), meeting=DecidedAt("M-1", bad, date(2026, 11, 2)))
    (row,) = read(tracker_csv([hostile]))
    apart = bad if bad == "#REF!" else f"'{bad}"
    columns = ("what", "acts_on", "young_people", "owner_agency", "owner_person", "outcome", "meeting", "place")
    assert [row[c] for c in columns] == [apart] * 8
    found = sheet(tracker_xlsx([hostile]))
    cells = [found.cell(2, list(COLUMNS).index(c) + 1) for c in columns]
    assert [(c.value, c.data_type) for c in cells] == [(bad, "s")] * 8
    assert {c.quotePrefix for c in cells} == {bad != "#REF!"}
    assert {c.data_type for row in found for c in row} <= {"s", "d", "n"}


def test_a_character_that_no_workbook_may_hold_is_left_out() -> None:
    hostile = replace(ROW, what="a\x0bb\x00 <b>&amp;\n👧")
    assert sheet(tracker_xlsx([hostile]))["C2"].value == "ab <b>&amp;\n👧"


def test_no_rows_leave_the_header() -> None:
    assert tracker_csv([]).decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"
    assert sheet(tracker_xlsx([])).max_row == 1
    assert list(FORMS) == ["xlsx", "csv"]
