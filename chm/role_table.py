"""`data/roles.csv`: what each role may do, operation by operation. Tests hold the product to it; a page shows it.

A cell is `no`, `yes` where nothing is asked about, else what the operation opens, or names in a list:

- of young people: `linked` (of the caseload, or of a meeting that is chaired), `granted` (linked and restricted, with a
  grant by name), `restricted` (linked, without), `closed`, `other` (no link)
- of meetings: `meeting` (chaired, or invited to), `past_meeting` (the same, 120 days ago), `other_meeting`
- of entries and actions there besides: `written` by the user in `meeting`, `past_written` in `past_meeting`
- of places: `place` and `home` where a linked young person is, `other_place` and `other_home` where none is
- of events, ties, people, groups, actions: `near` a linked young person, `far` from all of them
- of actions besides: `decided` by `meeting`, `past_decided` by `past_meeting`, `other_decided` by `other_meeting`;
  `owned` by the user, and otherwise `far`
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from chm import settings, unusual
from chm.errors import Faults
from chm.fault_log import of_file
from chm.records import Role

FILE = "roles.csv"
STATES = ("linked", "granted", "restricted", "closed", "other")
MEETINGS = ("meeting", "past_meeting", "other_meeting")
PLACES = ("place", "other_place", "home", "other_home")
THINGS = ("near", "far")
WRITTEN = ("written", "past_written")
ACTIONS = ("decided", "past_decided", "other_decided", "owned")
WORDS = {"no", "yes", *STATES, *MEETINGS, *PLACES, *THINGS, *WRITTEN, *ACTIONS}
BEGIN, END = "<!-- roles.csv: begin -->\n", "<!-- roles.csv: end -->\n"


@dataclass(frozen=True)
class RoleRow:
    """One operation: the permission that it needs, and what each role opens with it."""

    operation: str
    permission: str
    cells: dict[Role, tuple[str, ...]]


def load(data: Path | None = None) -> list[RoleRow]:
    """The table of the data folder (the product's own unless given), by operation.

    Raises:
        Faults: every fault found, each as `roles.csv: row N: what is wrong; fix`.
    """
    path = (data or settings.data()) / FILE
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise Faults([of_file(f"{FILE}: the file cannot be read; restore it from the release", error)]) from None
    faults, found = [], []
    for n, row in enumerate(rows, 2):
        cells = {role: tuple((row.get(role.value) or "").split()) for role in Role}
        wrong = sorted({word for words in cells.values() for word in words or ("",)} - WORDS)
        if wrong or not row.get("operation") or not row.get("permission"):
            faults.append(f"{FILE}: row {n}: a cell is none of {', '.join(sorted(WORDS))}; correct it")
        found.append(RoleRow(row.get("operation") or "", row.get("permission") or "", cells))
    if faults:
        raise Faults(faults)
    return found


def markdown(data: Path | None = None) -> str:
    """The table of the data folder as Markdown, each operation in plain words beside its name; raises as `load`."""
    words = unusual.load(data).words
    titles = ["Operation", "What it does", "Permission", *(r.replace("_", " ").capitalize() for r in Role)]
    lines = [titles, ["---"] * len(titles)]
    for row in load(data):
        cells = (", ".join(row.cells[role]) for role in Role)
        lines.append([f"`{row.operation}`", words(row.operation, ""), row.permission, *cells])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def put_into(text: str, table: str) -> str:
    """`text` with `table` in place of what stands between its two marks. Raises Faults where it has not both."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise Faults([f"The file has no place for the table; put {BEGIN.strip()} and {END.strip()} into it"])
    return f"{before}{begin}{table}{end}{after}"
