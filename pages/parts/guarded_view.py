"""Records kept closer: restricting, granting, closing, opening one in an emergency, and reviewing all that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import streamlit as st

from chm import settings
from chm.access import Permission
from chm.casework import addresses, guarded, reasons
from chm.casework.addresses import Shown
from chm.casework.desk import Desk
from chm.casework.people import Record
from chm.errors import ChmError
from chm.records import ProtectedAddress
from chm.settings import today
from pages.parts import faults, gate, markup, opened_record

NOTE, MOST_SHOWN, NEWEST = 2000, 20, 5


def emergency(desk: Desk) -> None:
    """The way to a record without a link to it, where a young person's safety cannot wait."""
    if not desk.may(Permission.BREAK_GLASS):
        return
    held = guarded.open_to_me(desk)
    for broken in held:
        until = broken.until.astimezone(settings.ZONE)
        if st.button(f"{broken.young_person}, open to you until {until:%H:%M}", icon=":material/lock_open:"):
            opened_record.choose(broken.young_person)
            st.rerun()
    if st.button("Open a record in an emergency", icon=":material/emergency:", type="tertiary"):
        _break(desk)


@st.dialog("Open a record in an emergency")
@faults.plainly
def _break(desk: Desk) -> None:
    st.markdown("One record, to be read, for three hours. The safeguarding lead is told at once and reviews why.")
    who = st.text_input("Whole name, or id", max_chars=200, key="glass-who")
    why = st.text_area("What cannot wait", max_chars=NOTE, height=90, key="glass-why", help="At least 20 characters")
    if st.button("Open it", type="primary", icon=":material/lock_open:"):
        try:
            broken = guarded.break_glass(desk, who, why)
        except ChmError as error:
            faults.show(error, "It was not opened")
            return
        opened_record.choose(broken.young_person)
        st.rerun()


def buttons(desk: Desk, record: Record) -> None:
    """What can be done with who may open a record."""
    away = opened_record.put_menu_away
    if Permission.GUARD_RECORDS in record.may and st.button(
        "Access", icon=":material/shield_person:", width="stretch", on_click=away
    ):
        _access(desk, record)
    if Permission.READ_PROTECTED_ADDRESS in record.may and st.button(
        "Address", icon=":material/home_pin:", width="stretch", on_click=away
    ):
        _address_away()
        _address(desk, record)
    if Permission.CLOSE_RECORD in record.may and st.button(
        "Close the case", icon=":material/inventory_2:", width="stretch", on_click=away
    ):
        _close(desk, record)


def _address_away() -> None:
    st.session_state.pop(gate.BESIDE, None)


@st.dialog("Protected address", width="large", on_dismiss=_address_away)
@faults.plainly
def _address(desk: Desk, record: Record) -> None:
    id = record.young_person.id
    st.caption("Kept apart from everything else. Opening it is noted each time, with who and when.")
    why = st.text_input("Why you need it", max_chars=NOTE, key=f"address-why-{id}")
    if st.button("Open it", icon=":material/lock_open:"):
        try:
            gate.keep(desk, addresses.read(desk, id, why), lambda _: addresses.still_open(desk, id))
        except ChmError as error:
            faults.show(error, "It was not opened")
            return
    opened: Shown | None = gate.beside(desk)
    if opened is None:
        return
    kept = opened.address or ProtectedAddress(text="")
    text = st.text_area("Address", kept.text, height=80, max_chars=NOTE, key=f"address-{id}-{kept.version}")
    danger = st.text_area(
        "From whom it is kept, and what to watch for", kept.danger, height=80, max_chars=NOTE,
        key=f"danger-{id}-{kept.version}",
    )  # fmt: skip
    with st.container(horizontal=True):
        if st.button("Save", type="primary"):
            _address_done(lambda: addresses.write(desk, id, replace(kept, text=text, danger=danger)))
        if kept.version and st.button("Delete"):
            _address_done(lambda: addresses.forget(desk, id, kept.version))


def _address_done(step: Callable[[], object]) -> None:
    try:
        step()
    except ChmError as error:
        faults.show(error, "Nothing was changed")
        return
    _address_away()
    st.rerun()


@st.dialog("Close the case")
@faults.plainly
def _close(desk: Desk, record: Record) -> None:
    st.markdown("Nobody works with it from now on. A new referral with their name and birth date opens it again.")
    why = st.text_input("Why it is closed", max_chars=NOTE, key=f"close-{record.young_person.id}")
    if st.button("Close it", type="primary"):
        try:
            guarded.close(desk, record.young_person.id, why)
        except ChmError as error:
            faults.show(error, "It was not closed")
            return
        opened_record.close()
        st.rerun()


@st.dialog("Who may open this record", width="large")
@faults.plainly
def _access(desk: Desk, record: Record) -> None:
    id = record.young_person.id
    state = guarded.state(desk, id)
    st.markdown(
        "Restricted: only those named here may open it, beside the safeguarding lead."
        if state.restricted
        else "Open to whoever works with them. Restricted, it is open to those named here alone."
    )
    why = st.text_input("Why", max_chars=NOTE, key=f"access-why-{id}")
    label, act = ("Lift the restriction", guarded.lift) if state.restricted else ("Restrict it", guarded.restrict)
    if st.button(label, icon=":material/lock:"):
        _do(partial(act, desk, id, why))
    able = {u.id: u for u in guarded.who_may_have_one(desk)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        user = st.selectbox(
            "Give a grant to", list(able), format_func=lambda u: f"{able[u].name}, {able[u].agency}", key=f"grant-{id}"
        )
        until = st.date_input(
            "Until", today() + timedelta(days=28), min_value=today(), format="DD/MM/YYYY", key=f"until-{id}"
        )
        if st.button("Give", type="primary"):
            _do(partial(guarded.give_grant, desk, id, user, until, why))
    for grant, name in state.grants:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{name}, until {markup.day(grant.until)}: {grant.why}", width="stretch")
            if st.button("Take back", key=f"revoke-{id}-{grant.user}"):
                _do(partial(guarded.revoke_grant, desk, id, grant.user))


def _do(step: partial[None]) -> None:
    try:
        step()
    except ChmError as error:
        faults.show(error, "Nothing was changed")
        return
    st.rerun(scope="fragment")


def reviews(desk: Desk) -> None:
    """What was opened in an emergency, and what its review found."""
    found = guarded.to_review(desk)
    waiting = sum(b.reviewed_at is None for b, _ in found)
    markup.show("heading", text=f"Opened in an emergency · {waiting} to review")
    if not found:
        st.caption("No record was ever opened so.")
    for broken, name in found[:MOST_SHOWN]:
        at = broken.at.astimezone(settings.ZONE)
        markup.show("broken_glass", broken=broken, name=name, at=at)
        if broken.reviewed_at is None and st.button("Review", key=f"review-{broken.id}"):
            _review(desk, broken.id, broken.version)


def reasons_stated(desk: Desk) -> None:
    """Why records were restricted, closed, opened for their address, and so on; newest first."""
    found = reasons.stated(desk)
    markup.show("heading", text=f"Reasons given · {len(found)}")
    if not found:
        st.caption("Nothing was done yet that asks for one.")
    for one in found[:NEWEST]:
        markup.show("stated_reason", one=one, at=one.reason.at.astimezone(settings.ZONE))
    if found[NEWEST:]:
        with st.expander(f"{len(found) - NEWEST} older", type="compact"):
            for one in found[NEWEST:]:
                markup.show("stated_reason", one=one, at=one.reason.at.astimezone(settings.ZONE))


@st.dialog("What the review found")
@faults.plainly
def _review(desk: Desk, id: str, version: int) -> None:
    said = st.text_area("What you found, and what follows", max_chars=NOTE, height=100, key=f"found-{id}")
    if st.button("Keep it", type="primary"):
        try:
            guarded.review(desk, id, version, said)
        except ChmError as error:
            faults.show(error, "Nothing was kept")
            return
        st.rerun()
