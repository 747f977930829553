"""The action tracker's rows as CSV and as an Excel workbook, each as its reader may know it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from chm.exchange.connections import guarded
from chm.exchange.word import PRODUCT
from chm.meetings.tracked import STATUS, Tracked

Value = str | date | None

# Each column with its width in characters.
COLUMNS = {
    "id": 19, "kept_with": 10, "what": 60, "pillar": 10, "acts_on": 26, "young_people": 28, "owner_agency": 26,
    "owner_person": 22, "due": 13, "overdue": 9, "status": 12, "outcome": 44, "closed_on": 13, "meeting": 30,
    "meeting_on": 13, "place": 26,
}  # fmt: skip
WRAPPED = ("what", "young_people", "outcome")
DAY = "d mmm yyyy"


def tracker_csv(rows: Iterable[Tracked]) -> bytes:
    """A row for each action, in UTF-8 with a BOM, which tells spreadsheets so; days as 2026-11-23."""
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(COLUMNS)
    for row in rows:
        out.writerow([guarded(v) if isinstance(v, str) else v for v in _values(row).values()])
    return text.getvalue().encode("utf-8-sig")


def tracker_xlsx(rows: Iterable[Tracked]) -> bytes:
    """A row for each action under a header that stays in view; days are real days, and no cell is a formula."""
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = PRODUCT
    sheet = book.active
    assert sheet is not None
    sheet.title = "Actions"
    sheet.append([name.replace("_", " ").capitalize() for name in COLUMNS])
    for n, row in enumerate(rows, 2):
        for m, (name, value) in enumerate(_values(row).items(), 1):
            cell = sheet.cell(n, m)
            assert not isinstance(cell, MergedCell)
            cell.alignment = Alignment(vertical="top", wrap_text=name in WRAPPED)
            if isinstance(value, date):
                cell.value, cell.number_format = value, DAY
            elif value:
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                # Set after the value, which decides it: a text that begins with = would be a formula.
                cell.data_type, cell.quotePrefix = "s", guarded(value) != value
    for m, width in enumerate(COLUMNS.values(), 1):
        sheet.column_dimensions[get_column_letter(m)].width = width
        sheet.cell(1, m).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


FORMS: Mapping[str, Callable[[Iterable[Tracked]], bytes]] = {"xlsx": tracker_xlsx, "csv": tracker_csv}


def _values(row: Tracked) -> dict[str, Value]:
    meeting = row.meeting
    values: tuple[Value, ...] = (
        row.id, row.kind.value, row.what, row.pillar, row.about, ", ".join(name for _, name in row.young_people),
        row.owner_agency, row.owner_person, row.due, "yes" if row.overdue else "no", STATUS[row.status], row.outcome,
        row.closed_on, meeting.title if meeting else "", meeting.on if meeting else None, row.place or "",
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))
