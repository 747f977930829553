"""Users on the screen: listed, added, changed, disabled, signed out; and what each role may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from chm import role_table, settings
from chm.access import REACH, ROLES, Permission
from chm.casework import accounts
from chm.casework.accounts import Listed
from chm.casework.desk import Desk
from chm.errors import ChmError
from chm.records import Account, Role
from pages.parts import faults, markup, opened_record, pressable

LENGTH = 200


def button(desk: Desk) -> None:
    """The button that adds a user."""
    if desk.may(Permission.ADMINISTER_USERS) and st.button("Add a user", type="primary", icon=":material/person_add:"):
        _edit(desk, None)


def listed(desk: Desk) -> None:
    """Everybody, by name; a press opens one."""
    found = {one.account.id: one for one in accounts.every(desk)}
    what, which = pressable.show(
        "users",
        key="users",
        pressed=lambda what, which: None,
        rows=[
            {
                "id": one.account.id,
                "name": one.account.name,
                "agency": one.account.agency,
                "roles": [r.replace("_", " ") for r in sorted(one.roles)],
                "state": _state(one),
                "own": one.account.id == desk.user.id,
            }
            for one in found.values()
        ],
    )
    if desk.may(Permission.ADMINISTER_USERS) and what == "open" and which in found and which != desk.user.id:
        _edit(desk, found[which])


def _state(one: Listed) -> str:
    if one.account.disabled_at:
        return "disabled"
    if one.asked:
        return "roles wait for a lead"
    return "" if one.account.issuer else "no sign-in yet"


def approvals(desk: Desk) -> None:
    """Roles that are asked for users, for a safeguarding lead to agree to or refuse."""
    if not desk.may(Permission.APPROVE_ROLES):
        return
    waiting = accounts.to_approve(desk)
    if not waiting:
        return
    markup.show("heading", text=f"Roles asked for · {len(waiting)}")
    for one in waiting:
        assert one.asked
        wanted = ", ".join(r.replace("_", " ") for r in sorted(one.asked.roles))
        st.text(f"{one.account.name}, {one.account.agency}: {wanted}")
        with st.container(horizontal=True):
            if st.button("Agree", key=f"agree-{one.account.id}", type="primary"):
                _do(lambda id=one.account.id: accounts.approve(desk, id, True), "The roles hold from now on.")  # type: ignore[misc]
            if st.button("Refuse", key=f"refuse-{one.account.id}"):
                _do(lambda id=one.account.id: accounts.approve(desk, id, False), "Refused.")  # type: ignore[misc]


@st.dialog("A user", width="large")
def _edit(desk: Desk, one: Listed | None) -> None:
    kept = one.account if one else Account(id="", name="", agency="")
    key = kept.id or "new"
    with st.container(horizontal=True):
        name = st.text_input("Name", kept.name, max_chars=LENGTH, key=f"user-name-{key}")
        agency = st.text_input("Agency", kept.agency, max_chars=LENGTH, key=f"user-agency-{key}")
    with st.container(horizontal=True):
        issuer = st.text_input(
            "Issuer", kept.issuer or "", max_chars=LENGTH, key=f"user-issuer-{key}",
            help="The identity provider, as `iss` of its tokens has it",
        )  # fmt: skip
        subject = st.text_input(
            "Subject", kept.subject or "", max_chars=LENGTH, key=f"user-subject-{key}",
            help="Who they are there, as `sub` has it; never an e-mail address, which can pass to somebody else",
        )  # fmt: skip
    roles = st.multiselect(
        "Roles", list(Role), default=sorted(one.roles) if one else [], key=f"user-roles-{key}",
        format_func=lambda r: str(r).replace("_", " "),
    )  # fmt: skip
    with st.container(horizontal=True):
        if st.button("Save", type="primary", icon=":material/check:"):
            changed = replace(kept, name=name, agency=agency, issuer=issuer, subject=subject)
            _do(
                (lambda: accounts.edit(desk, changed, roles))
                if one
                else (lambda: accounts.add(desk, name, agency, issuer, subject, roles)),
                "Saved. New roles hold once a safeguarding lead agrees.",
            )
        if one and kept.disabled_at and st.button("Let them in again"):
            _do(lambda: accounts.enable(desk, kept), "They may come in again.")
        if one and not kept.disabled_at and st.button("Disable", icon=":material/block:"):
            _do(lambda: accounts.disable(desk, kept), "Disabled; what they had open is closed within seconds.")
        if one and st.button("Sign them out", icon=":material/logout:"):
            _do(lambda: accounts.sign_out(desk, kept.id), "Signed out everywhere.")
    if one:
        signed = accounts.signed_in(desk, kept.id)
        markup.show("sign_ins", rows=[(s, s.began_at.astimezone(settings.ZONE)) for s in signed[:6]])


def roles(desk: Desk) -> None:
    """What each role may do, and how far it reaches."""
    markup.show(
        "roles",
        rows=[
            (
                role.replace("_", " ").capitalize(),
                REACH[role].value.replace("_", " ") if role in REACH else "no young people",
                [p.value.replace("_", " ") for p in sorted(permissions)],
            )
            for role, permissions in ROLES.items()
        ],
    )


def table() -> None:
    """Every operation by role, as the tests hold the product to it."""
    with st.expander("Every operation by role", type="compact"):
        rows = [
            {"operation": row.operation, "needs": row.permission}
            | {role.replace("_", " "): " ".join(words) for role, words in row.cells.items()}
            for row in role_table.load()
        ]
        st.dataframe(rows, hide_index=True, height=480)


def _do(step: Callable[[], Any], said: str) -> None:
    try:
        step()
    except ChmError as error:
        faults.show(error, "Nothing was changed")
        return
    opened_record.changed(said)
    st.rerun()
