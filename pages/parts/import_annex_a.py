"""Taking in an Annex A workbook: what is in it and what it would add are shown first, then all or nothing."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from chm.casework import annex_a_import
from chm.casework.annex_a_import import AnnexAPreview, Imported
from chm.casework.desk import Desk
from chm.errors import ChmError
from chm.exchange.annex_a import MOST_BYTES, MOST_ROWS
from pages.parts import faults, markup

TURN, DONE, READ = "import_annex_a_turn", "import_annex_a_done", "import_annex_a_read"
SHOWN, DAYS, NOTED = 100, 3, 20
FAULT = re.compile(r"(List \d+)(?:, row (\d+(?: \(and [\d,]+ more\))?))?(?:, ([^:]+))?: (.*?)(?:; (.*))?$", re.DOTALL)


def columns() -> None:
    """What is read from a workbook, and what becomes of it."""
    markup.show("import_annex_a_columns", most_rows=MOST_ROWS, most_megabytes=MOST_BYTES // 1_000_000)


def take_in(desk: Desk) -> None:
    """Choose a workbook, see what is in it, and import it."""
    if said := st.session_state.pop(DONE, None):
        st.success(said, icon=":material/check_circle:")
    turn = st.session_state.setdefault(TURN, 0)
    file = st.file_uploader(
        "Excel workbook (.xlsx)", type=["xlsx"], key=f"{READ}-{turn}", max_upload_size=MOST_BYTES // 1_000_000
    )
    if file is None:
        st.session_state.pop(READ, None)
        markup.show("import_empty")
        return
    preview = _read(desk, file)
    if preview.faults:
        markup.show("import_annex_a_faults", faults=[split(f) for f in preview.faults])
        _note(preview)
        return
    adds = [row for row in preview.rows if row.adds]
    same = len(preview.rows) - len(adds)
    markup.show("import_annex_a_adds", total=len(preview.rows), adds=_adds(preview.counts) if adds else "", same=same)
    _offer(desk, file, preview.counts if adds else None)
    _note(preview)
    if adds:
        markup.show("import_annex_a_rows", rows=adds[:SHOWN], total=len(adds), days=DAYS)


def _read(desk: Desk, file: Any) -> AnnexAPreview:
    """What the workbook holds, read once: each reading is noted in the audit."""
    key = (desk.user.id, file.file_id)
    if READ not in st.session_state or st.session_state[READ][0] != key:
        st.session_state[READ] = (key, annex_a_import.preview(desk, file.getvalue()))
    preview: AnnexAPreview = st.session_state[READ][1]
    return preview


def split(fault: str) -> dict[str, str]:
    """A fault as sheet, row, column, what is wrong and what to do."""
    found = FAULT.match(fault)
    if found:
        return dict(zip(("sheet", "row", "column", "what", "fix"), found.groups(default=""), strict=True))
    what, _, fix = fault.partition("; ")
    return {"sheet": "", "row": "", "column": "", "what": what, "fix": fix}


def _note(preview: AnnexAPreview) -> None:
    if preview.notes:
        markup.show("import_annex_a_notes", notes=preview.notes[:NOTED], more=max(0, len(preview.notes) - NOTED))


def _offer(desk: Desk, file: Any, counts: Imported | None) -> None:
    if not counts:
        st.info("All of this workbook is on record already; there is nothing to import.", icon=":material/info:")
        return
    if not st.button("Import all of it", type="primary"):
        return
    try:
        done = annex_a_import.take_in(desk, file.getvalue())
    except ChmError as error:
        faults.show(error, "Nothing was imported")
        return
    st.session_state[DONE] = f"Imported: {_adds(done)}. They stand under Young people."
    st.session_state[TURN] += 1
    st.session_state.pop(READ, None)
    st.rerun()


def _adds(counts: Imported) -> str:
    said = (
        (counts.young_people, "new young person", "new young people"),
        (counts.referrals, "referral", "referrals"),
        (counts.missing, "count of missing episodes", "counts of missing episodes"),
        (counts.once, "record of somebody once looked after", "records of young people once looked after"),
    )
    parts = [f"{n:,} {one if n == 1 else many}" for n, one, many in said if n]
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
