"""Taking in a file of connections: every row and what it would add are shown first, then all or nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import streamlit as st

from chm.casework import connections_import
from chm.casework.connections_import import Imported, ImportPreview
from chm.casework.desk import Desk
from chm.connections import ONGOING, Party
from chm.errors import ChmError
from chm.exchange.connections import COLUMNS
from chm.exchange.delimited import MOST_BYTES, MOST_ROWS
from chm.linkage.ties import Tie
from pages.parts import faults, import_view, markup
from pages.parts.text import plain

TURN, DONE, READ = "import_connections_turn", "import_connections_done", "import_connections_read"
SHOWN, NAMED = 100, 20
KINDS = {"person": "People", "place": "Places", "vehicle": "Vehicles", "account": "Accounts", "group": "Groups"}
TEMPLATE = f"""{",".join(COLUMNS)}
young_person,YP-0001,place,Madeup Park,sighting,,2026-05-17,,Police,likely,unclear,E1,by the bandstand
person,Danno Notreal,place,Madeup Park,sighting,alleged_source,2026-05-17,,Police,likely,harmful,E1,
young_person,YP-0001,person,Aunt Example,trusted_adult,,2025-01-01,..,School,confirmed,protective,,
"""


def columns() -> None:
    """What the file holds, and a template to save."""
    markup.show("import_connections_columns", most_rows=MOST_ROWS, most_megabytes=MOST_BYTES // 1_000_000)
    st.download_button(
        "Save a template",
        TEMPLATE.encode("utf-8-sig"),
        "connections.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


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
        found = [import_view.split(f) for f in preview.faults]
        markup.show("import_faults", faults=found, right=len({t.id for t in preview.ties} - _rows(found)))
        return
    for note in preview.notes[:NAMED]:
        st.info(plain(note), icon=":material/info:")
    _adds_what(preview)
    _offer(desk, file, preview)
    rows = [(tie, _days(tie)) for tie in preview.ties[:SHOWN]]
    markup.show("import_connections_rows", total=len(preview.ties), rows=rows)


def _rows(found: list[dict[str, str]]) -> set[str]:
    return {f"row {fault['row']}" for fault in found}


def _read(desk: Desk, file: Any) -> ImportPreview:
    """What the file holds, read once: each reading is noted in the audit."""
    key = (desk.user.id, file.file_id)
    if READ not in st.session_state or st.session_state[READ][0] != key:
        st.session_state[READ] = (key, connections_import.preview(desk, file.getvalue()))
    preview: ImportPreview = st.session_state[READ][1]
    return preview


def _adds_what(preview: ImportPreview) -> None:
    new, known = _by_kind(preview.new), _by_kind(preview.known)
    markup.show(
        "import_connections_adds",
        total=len(preview.ties),
        adds=_adds(preview.events, preview.relationships),
        already=preview.already,
        young_people=preview.young_people,
        groups=[("New, to be added", new), ("Known already", known)],
        most=NAMED,
    )


def _offer(desk: Desk, file: Any, preview: ImportPreview) -> None:
    fresh = len(preview.ties) - preview.already
    if not fresh:
        st.info("Every row of this file is in already; there is nothing to import.", icon=":material/info:")
        return
    if not st.button(f"Import {_count(fresh, 'row', 'rows')}", type="primary"):
        return
    try:
        done = connections_import.import_connections(desk, file.getvalue())
    except ChmError as error:
        faults.show(error, "Nothing was imported")
        return
    st.session_state[DONE] = _said(done)
    st.session_state[TURN] += 1
    st.session_state.pop(READ, None)
    st.rerun()


def _said(done: Imported) -> str:
    new = f", {_count(done.entities, 'new entry', 'new entries')}" if done.entities else ""
    before = f" {_count(done.already, 'row was', 'rows were')} in already." if done.already else ""
    return f"Imported: {_adds(done.events, done.relationships)}{new}.{before}"


def _adds(events: int, relationships: int) -> str:
    return f"{_count(events, 'event', 'events')} and {_count(relationships, 'relationship', 'relationships')}"


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


def _by_kind(parties: tuple[Party, ...]) -> list[tuple[str, list[str]]]:
    named = defaultdict(list)
    for party in parties:
        named[party.kind].append(party.id)
    return [(KINDS[kind], sorted(named[kind], key=str.casefold)) for kind in KINDS if kind in named]


def _days(tie: Tie) -> str:
    if tie.start is None:
        return "not known"
    if tie.end == ONGOING:
        return f"since {markup.day(tie.start)}"
    return markup.day(tie.start) if tie.end == tie.start else f"{markup.day(tie.start)} to {markup.day(tie.end)}"
