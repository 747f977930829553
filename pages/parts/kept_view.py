"""How long a record is kept, legal holds, deletion by two people, and all that is held in one file for the person."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from chm.access import Permission
from chm.casework import deletion, subject_access
from chm.casework.deletion import Standing, Waiting
from chm.casework.desk import Desk
from chm.casework.people import Record
from chm.errors import ChmError, StorageUnavailable
from pages.parts import downloads, faults, markup, opened_record

NOTE, LINE, MADE = 2000, 200, "everything_held"


def buttons(desk: Desk, record: Record) -> None:
    """What can be done with how long the record is kept, and with all that is held."""
    away = opened_record.put_menu_away
    if Permission.HOLD_AND_DELETE in record.may and st.button(
        "How long it is kept", icon=":material/hourglass_bottom:", width="stretch", on_click=away
    ):
        _kept(desk, record)
    if Permission.SUBJECT_ACCESS in record.may and st.button(
        "Everything held", icon=":material/folder_zip:", width="stretch", on_click=away
    ):
        st.session_state.pop(MADE, None)
        _everything(desk, record)


@st.dialog("How long it is kept", width="large")
@faults.plainly
def _kept(desk: Desk, record: Record) -> None:
    id = record.young_person.id
    found = deletion.standing(desk, id)
    markup.show("kept", found=found)
    for hold, by in found.holds:
        with st.container(border=True):
            markup.show("kept_hold", hold=hold, by=by)
            with st.container(horizontal=True, vertical_alignment="bottom"):
                why = st.text_input("Why it is lifted", max_chars=NOTE, key=f"lift-why-{hold.id}")
                if st.button("Lift it", key=f"lift-{hold.id}"):
                    _again(partial(deletion.lift, desk, id, hold.id, hold.version, why))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        why = st.text_input(
            "Why it must not be deleted", max_chars=NOTE, key=f"hold-why-{id}-{len(found.holds)}",
            help="A legal hold keeps the record, whatever its day, until it is lifted",
        )  # fmt: skip
        if st.button("Place a legal hold", icon=":material/gavel:"):
            _again(partial(deletion.hold, desk, id, why))
    if found.passed and not found.proposal:
        _propose(desk, id, found)


def _propose(desk: Desk, id: str, found: Standing) -> None:
    st.markdown("**Propose to delete it.** Another safeguarding lead decides; until then nothing is changed.")
    looked = found.asks and st.checkbox(
        "I have looked, in the council's other systems too: they were never looked after", key=f"never-{id}"
    )
    why = st.text_area("Why it may go", max_chars=NOTE, height=80, key=f"delete-why-{id}")
    if st.button("Propose", type="primary", icon=":material/delete:"):
        _again(partial(deletion.propose, desk, id, why, never_looked_after=looked))


def _again(step: Callable[[], object]) -> None:
    try:
        step()
    except ChmError as error:
        faults.show(error, "Nothing was changed")
        return
    st.rerun(scope="fragment")


@st.dialog("Everything held, in one file")
@faults.plainly
def _everything(desk: Desk, record: Record) -> None:
    id = record.young_person.id
    st.markdown(
        "For a request to see what is held about them: a Word document, the same as JSON, and their extract of each "
        "meeting's minutes. Everybody else is masked. **Read it through before it is given away.**"
    )
    why = st.text_input("Why it is made", max_chars=NOTE, key=f"access-file-why-{id}", help="It stands in the file")
    address = st.checkbox("With the protected address, if one is kept", key=f"access-file-address-{id}")
    asked = (id, why, address)
    if st.button("Make the file", type="primary"):
        try:
            st.session_state[MADE] = (asked, subject_access.export(desk, id, why, with_address=address))
        except ChmError as error:
            faults.show(error, "The file was not made")
            return
    made = st.session_state.get(MADE)
    if made and made[0] == asked:
        make = partial(subject_access.export, young_person=id, why=why, with_address=address)
        downloads.save(desk, "Save the file", made[1], make, key="everything-save")


def decisions(desk: Desk) -> None:
    """Deletions that wait for a second safeguarding lead, and the way to what may be deleted."""
    if not desk.may(Permission.HOLD_AND_DELETE):
        return
    found = deletion.waiting(desk)
    markup.show("heading", text=f"Deletions proposed · {len(found)}")
    for one in found:
        markup.show("kept_waiting", one=one)
        key = one.proposal.id
        with st.container(horizontal=True):
            if not one.own and not one.stopped and st.button("Approve", key=f"approve-{key}", type="primary"):
                _approve(desk, one)
            if st.button("Take it back" if one.own else "Refuse", key=f"keep-{key}"):
                _refuse(desk, one)
    if st.button("What may be deleted", icon=":material/hourglass_bottom:", type="tertiary"):
        _due(desk)


@st.dialog("Delete this record")
@faults.plainly
def _approve(desk: Desk, one: Waiting) -> None:
    markup.show("kept_waiting", one=one)
    st.markdown(
        "Everything of theirs is deleted, in every part of the product, and cannot be brought back: a backup restored "
        "later is without them too. What is of others as well stays, without their part."
    )
    sure = st.text_input("Their id, to be sure", max_chars=LINE, key=f"sure-{one.proposal.id}")
    if not st.button("Delete it", type="primary", icon=":material/delete_forever:"):
        return
    if sure.strip().upper() != one.proposal.young_person:
        st.error("The id is not theirs; nothing was changed")
        return
    try:
        deletion.carry_out(desk, one.proposal.young_person, one.proposal.id)
    except StorageUnavailable as error:
        faults.show(error, "Look whether it still waits, and try again")
        return
    except ChmError as error:
        faults.show(error, "Nothing was changed")
        return
    if st.session_state.get(opened_record.CHOSEN) == one.proposal.young_person:
        opened_record.close()
    opened_record.changed("Deleted.")
    st.rerun()


@st.dialog("Keep this record")
@faults.plainly
def _refuse(desk: Desk, one: Waiting) -> None:
    markup.show("kept_waiting", one=one)
    why = st.text_input("Why it stays", max_chars=LINE, key=f"stays-{one.proposal.id}")
    if st.button("Keep it", type="primary"):
        try:
            deletion.refuse(desk, one.proposal.young_person, one.proposal.id, why)
        except ChmError as error:
            faults.show(error, "Nothing was changed")
            return
        opened_record.changed("The record stays.")
        st.rerun()


@st.dialog("What may be deleted", width="large")
@faults.plainly
def _due(desk: Desk) -> None:
    found = deletion.due(desk)
    markup.show("kept_due", found=found[:LINE], total=len(found))
