"""Who has seen a record, and whose use of records stands out."""

from __future__ import annotations

import streamlit as st

from chm import settings
from chm.access import Permission
from chm.casework import audit_log
from chm.casework.desk import Desk
from chm.casework.people import Record
from chm.errors import ChmError
from pages.parts import faults, markup, opened_record

MOST = 60


def button(desk: Desk, record: Record) -> None:
    """The button that says who has seen a record."""
    away = opened_record.put_menu_away
    if st.button("Who has seen it", icon=":material/visibility:", width="stretch", on_click=away):
        _looks(desk, record.young_person.id)


@st.dialog("Who has seen this record", width="large")
@faults.plainly
def _looks(desk: Desk, young_person: str) -> None:
    try:
        found = audit_log.seen_by(desk, young_person, most=MOST)
    except ChmError as error:
        faults.show(error, "It cannot be said now")
        return
    markup.show(
        "looks",
        rows=[(look, look.at.astimezone(settings.ZONE)) for look in found.looks],
        total=found.total,
        most=MOST,
    )


def unusual(desk: Desk) -> None:
    """Whose use of records is far above their own usual, for a safeguarding lead."""
    if not desk.may(Permission.REVIEW_USE):
        return
    found = audit_log.unusual(desk)
    markup.show("unusual", rows=found)
