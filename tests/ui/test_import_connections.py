"""Connections on the Import page: seen first with every fault, then taken in whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from chm.exchange.connections import COLUMNS, read_connections
from pages.parts.import_connections import TEMPLATE
from pages.parts.navigation import IMPORT

HEADER = ",".join(COLUMNS)
HOSTILE = "<img src=x onerror=alert(1)> ![x](http://192.0.2.1/x) {{ 7*7 }} =cmd()"


def count(file: Path, table: str) -> int:
    with sqlite3.connect(file) as connection:
        found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return found


def connections(visit: Any) -> Any:
    here = visit("U-chris").to(IMPORT)
    here.field("What to import").set_value("Connections")
    here.at.run()
    assert not here.at.exception
    return here


def upload(here: Any, content: str | bytes) -> Any:
    content = content.encode() if isinstance(content, str) else content
    here.at.file_uploader[0].set_value(("rows.csv", content, "text/csv"))
    here.at.run()
    assert not here.at.exception
    return here


def labels(here: Any) -> list[str]:
    return [b.label for b in here.at.button if b.label.startswith("Import")]


def test_the_template_can_be_taken_in_as_it_is(visit: Any) -> None:
    assert read_connections(TEMPLATE.encode()).faults == []
    here = connections(visit)
    assert "Import connections" in here.said
    assert [b.label for b in here.at.get("download_button")] == ["Save a template"]
    upload(here, TEMPLATE)
    assert "3 rows, no fault would add 1 event and 1 relationship about 1 young person" in here.said
    assert labels(here) == ["Import 3 rows"]


def test_rows_are_seen_first_and_written_once(visit: Any, demo: Path) -> None:
    before = count(demo, "entity"), count(demo, "event"), count(demo, "relationship")
    content = f'{TEMPLATE}young_person,YP-0002,place,"{HOSTILE}",,,,,,,,,"{HOSTILE}"\n'
    here = upload(connections(visit), content)
    assert "New, to be added People 2 Aunt Example , Danno Notreal" in here.said
    assert HOSTILE in here.said
    assert all("<img" not in h.proto.body for h in here.at.get("html") if "chm-import" in h.proto.body)
    assert (count(demo, "entity"), count(demo, "event"), count(demo, "relationship")) == before
    here.press("Import 4 rows")
    assert not here.at.exception
    assert here.at.success[0].value == "Imported: 1 event and 2 relationships, 4 new entries."
    after = count(demo, "entity"), count(demo, "event"), count(demo, "relationship")
    assert after == (before[0] + 4, before[1] + 1, before[2] + 2)
    upload(here, content)
    assert "4 in already, or said by an earlier row" in here.said
    assert here.at.info[0].value == "Every row of this file is in already; there is nothing to import."
    assert labels(here) == []


def test_each_fault_says_row_column_what_and_fix(visit: Any, demo: Path) -> None:
    rows = (
        "young_person,YP-9999,place,Madeup Park,,,,,,,,,",
        "alien,YP-0001,place,Madeup Park,,,17/05/2026,,,,,,",
        "young_person,YP-0001,place,Madeup Park,,,,,,,,,",
    )
    here = upload(connections(visit), "\n".join([HEADER, *rows]))
    assert "3 things to put right 1 row is right; nothing is imported until all are" in here.said
    assert (
        "2 from No young person with this id is known to you Write the id as in YP-0001, or add them first" in here.said
    )
    assert "3 from kind Is not a kind" in here.said
    assert "3 start Is not a date Write it as 2026-05-17" in here.said
    assert labels(here) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "The file is empty"), (b"PK\x03\x04", "This is a spreadsheet, not CSV"), (HEADER.encode(), "and no rows")],
)
def test_a_file_that_cannot_be_read_says_why(visit: Any, content: bytes, said: str) -> None:
    here = upload(connections(visit), content)
    assert said in here.said
    assert labels(here) == []
