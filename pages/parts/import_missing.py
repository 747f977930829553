"""Taking in a file of missing episodes: what is in it is shown first, then all or nothing."""

from __future__ import annotations

from typing import Any

import streamlit as st

from chm.casework import episodes_import
from chm.casework.desk import Desk
from chm.casework.episodes_import import EpisodesPreview
from chm.errors import ChmError
from chm.exchange.delimited import MOST_BYTES
from pages.parts import faults, import_view, markup
from pages.parts.text import plain

TURN, DONE, READ = "import_missing_turn", "import_missing_done", "import_missing_read"
SHOWN = 100
TEMPLATE = """young_person,start,end,found_at,with,returned_how,reported_by,travelled,rhi_offered,rhi_accepted,rhi_held
YP-0001,2026-05-15T21:30,2026-05-16T07:10,Madeup Park,,Driven,Placement,Bus,yes,yes,2026-05-18
"""


def columns() -> None:
    """What the file may be, and a template to save."""
    markup.show("import_missing_columns")
    st.download_button(
        "Save a template", TEMPLATE.encode("utf-8-sig"), "missing.csv", "text/csv", icon=":material/download:",
        on_click="ignore",
    )  # fmt: skip


def take_in(desk: Desk) -> None:
    """Choose a file, see what is in it, and import it."""
    if said := st.session_state.pop(DONE, None):
        st.success(said, icon=":material/check_circle:")
    turn = st.session_state.setdefault(TURN, 0)
    file = st.file_uploader("CSV file", type=["csv"], key=f"{READ}-{turn}", max_upload_size=MOST_BYTES // 1_000_000)
    if file is None:
        st.session_state.pop(READ, None)
        markup.show("import_empty")
        return
    preview = _read(desk, file)
    if preview.faults:
        markup.show("import_faults", faults=[import_view.split(f) for f in preview.faults], right=len(preview.new))
        return
    for note in preview.notes[:20]:
        st.info(plain(note), icon=":material/info:")
    _offer(desk, file, preview)
    if preview.new:
        markup.show("import_missing_rows", rows=preview.new[:SHOWN], total=len(preview.new))


def _read(desk: Desk, file: Any) -> EpisodesPreview:
    """What the file holds, read once: each reading is noted in the audit."""
    key = (desk.user.id, file.file_id)
    if READ not in st.session_state or st.session_state[READ][0] != key:
        st.session_state[READ] = (key, episodes_import.preview(desk, file.getvalue()))
    preview: EpisodesPreview = st.session_state[READ][1]
    return preview


def _offer(desk: Desk, file: Any, preview: EpisodesPreview) -> None:
    if preview.already:
        st.caption(f"{preview.already:,} are in already and stay as they are.")
    if not preview.new:
        st.info("Every episode of this file is in already; there is nothing to import.", icon=":material/info:")
        return
    if not st.button(f"Import {len(preview.new):,} episode{'' if len(preview.new) == 1 else 's'}", type="primary"):
        return
    try:
        added = episodes_import.take_in(desk, file.getvalue())
    except ChmError as error:
        faults.show(error, "Nothing was imported")
        return
    st.session_state[DONE] = f"Imported: {added:,} missing episode{'' if added == 1 else 's'}."
    st.session_state[TURN] += 1
    st.session_state.pop(READ, None)
    st.rerun()
