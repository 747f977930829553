"""Taking in a file of young people: read, shown with every fault and likely double, and only then written."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from chm import settings
from chm.casework import people
from chm.casework.desk import Desk
from chm.errors import ChmError
from chm.exchange.uploads import read_young_people
from chm.exchange.young_people import COLUMNS, Preview
from chm.records import NewYoungPerson
from pages.parts import faults, markup
from pages.parts.text import plain

FILE, DONE, KNOWN = "import_file", "import_done", "import_known"
SHOWN = 100
FAULT = re.compile(r"row (\d+)(?:, (\w+))?: (.*?)(?:; (.*))?$", re.DOTALL)
TEMPLATE = f"""{",".join(COLUMNS)}
Wren Madeup,2012-05-17,,Merton,no
Heron Madeup,,14,Sutton,yes
"""


def take_in(desk: Desk) -> None:
    """Choose a file, see what is in it, and import it."""
    done()
    file = choose()
    if file is None:
        markup.show("import_empty")
        return
    preview = read(desk, file)
    show(desk, preview)
    offer(desk, preview)


def columns() -> None:
    """What the file holds, and a template to copy."""
    markup.show("import_columns")
    st.code(TEMPLATE, language=None)


def choose() -> Any:
    """The file chosen, if one is."""
    turn = st.session_state.setdefault("import_turn", 0)
    return st.file_uploader("CSV file", type=["csv"], key=f"{FILE}-{turn}", max_upload_size=1)


def done() -> None:
    """Say once what was imported."""
    if said := st.session_state.pop(DONE, None):
        st.success(said, icon=":material/check_circle:")


def read(desk: Desk, file: Any) -> Preview:
    """What the file holds, read by the day it is at the desk."""
    return read_young_people(file.getvalue(), desk.clock().astimezone(settings.ZONE).date())


def show(desk: Desk, preview: Preview) -> None:
    """Every fault with its row and column; else every row, with who may be known already."""
    for note in preview.notes:
        st.info(plain(note), icon=":material/info:")
    if preview.faults:
        markup.show("import_faults", faults=[split(f) for f in preview.faults], right=len(preview.rows))
        return
    doubles = _known(desk, preview.rows)
    known = sum(map(bool, doubles))
    rows = sorted(zip(preview.rows, doubles, strict=True), key=lambda pair: not pair[1])
    markup.show("import_rows", rows=rows[:SHOWN], total=len(rows), known=known)
    if known:
        st.warning(
            f"{known} of {len(rows)} may be known already: the same names in any order, or the same birth date and a "
            "name alike. Look at each; take out of the file whoever is the same person.",
            icon=":material/group:",
        )


def _known(desk: Desk, rows: list[NewYoungPerson]) -> list[tuple[str, ...]]:
    """Looked for once for each file, for the audit notes every look."""
    kept = st.session_state.get(KNOWN)
    if kept is None or kept[:2] != (desk.user.id, rows):
        kept = st.session_state[KNOWN] = (desk.user.id, rows, people.known_rows(desk, rows))
    found: list[tuple[str, ...]] = kept[2]
    return found


def split(fault: str) -> dict[str, str]:
    """A fault as row, column, what is wrong and what to do."""
    found = FAULT.match(fault)
    row, column, what, fix = found.groups(default="") if found else ("", "", fault, "")
    if not found and "; " in fault:
        what, fix = fault.split("; ", 1)
    if not fix and what.startswith("must "):
        what, fix = "cannot be understood", what
    return {"row": row, "column": column.replace("_", " "), "what": what, "fix": fix}


def offer(desk: Desk, preview: Preview) -> None:
    """Import all rows, where none has a fault."""
    if preview.faults or not preview.rows:
        return
    people_count = f"{len(preview.rows):,} young {'person' if len(preview.rows) == 1 else 'people'}"
    if not st.button(
        f"Import all {people_count}" if len(preview.rows) > 1 else f"Import {people_count}", type="primary"
    ):
        return
    try:
        added = people.import_rows(desk, preview.rows, dict(enumerate(_known(desk, preview.rows), 1)))
    except ChmError as error:
        st.session_state.pop(KNOWN, None)
        faults.show(error, "Nobody was imported")
        return
    st.session_state[DONE] = f"{added:,} imported. They stand under Young people."
    st.session_state["import_turn"] += 1
    st.session_state.pop(KNOWN, None)
    st.rerun()
