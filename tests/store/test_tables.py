"""The records of processing say where each activity's data is kept: every table, under its own name."""

from __future__ import annotations

import re

from chm import settings
from chm.store.tables import Table

PAPER = (settings.ROOT / "docs" / "records-of-processing.md").read_text(encoding="utf-8")
ACTIVITIES = PAPER.partition("## By activity\n")[2].partition("\n## ")[0]


def test_every_table_is_named_and_every_name_is_a_table() -> None:
    rows = [line.split("|")[-2] for line in ACTIVITIES.splitlines() if line.startswith("|")]
    without_persons = ACTIVITIES.partition("Tables that hold nothing of a person:")[2]
    told = set(re.findall(r"`(\w+)`", "\n".join([*rows, without_persons])))
    assert told == set(Table.metadata.tables)
