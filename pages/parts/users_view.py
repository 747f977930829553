"""Users on the screen: listed, added, changed, disabled, signed out; and what each role may do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import streamlit as st

from chm import role_table, settings
from chm.access import REACH, ROLES, Permission
from chm.casework import accounts, backups
from chm.casework.accounts import Listed
from chm.casework.desk import Desk
from chm.errors import ChmError
from chm.records import AccessAsked, Account, Role, SignIn
from pages.parts import downloads, faults, markup, opened_record, pressable

LENGTH = 200
OPENS = (
    "Actions belong to a name at an agency: once agreed, those of the old name or agency close to this user, "
    "and those of the new one open"
)


def button(desk: Desk) -> None:
    """The button that adds a user."""
    if desk.may(Permission.ADMINISTER_USERS) and st.button("Add a user", type="primary", icon=":material/person_add:"):
        _edit(desk, None, [])


def backup(desk: Desk) -> None:
    """The button that takes an encrypted backup away."""
    if desk.may(Permission.BACK_UP) and st.button("Backup", icon=":material/lock:"):
        _take_away(desk)


@st.dialog("An encrypted backup")
@faults.plainly
def _take_away(desk: Desk) -> None:
    st.caption(
        "The whole database in one file, as it is at this moment. It opens only under the backup key, which whoever "
        "keeps the server holds; keep the two apart. Making it is noted in the audit."
    )
    if st.button("Make the backup", type="primary"):
        try:
            made = backups.take_away(desk)
        except ChmError as error:
            faults.show(error, "No backup was made")
            return
        downloads.save(desk, "Save the backup", made, backups.take_away, key="backup-save")


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
        # Read here, since a dialog is drawn anew at each key: one opening is one entry in the audit.
        _edit(desk, found[which], accounts.signed_in(desk, which))


def _state(one: Listed) -> str:
    if one.account.disabled_at:
        return "disabled"
    if one.asked:
        return "waits for a lead"
    return "" if one.account.issuer else "no sign-in yet"


def approvals(desk: Desk) -> None:
    """What is asked for users, for a safeguarding lead to agree to or refuse."""
    if not desk.may(Permission.APPROVE_ROLES):
        return
    waiting = accounts.to_approve(desk)
    if not waiting:
        return
    markup.show("heading", text=f"Asked for users · {len(waiting)}")
    for one in waiting:
        assert one.asked
        st.text("\n".join((f"{one.account.name}, {one.account.agency}", *_wanted(one.account, one.asked))))
        if one.asked.name or one.asked.agency:
            st.text(OPENS)
        if desk.user.id == one.asked.asked_by:
            st.text(accounts.ANOTHER_LEAD)
        elif desk.user.id == one.account.id:
            st.text("This is your own account: another safeguarding lead agrees to it or refuses it")
        else:
            _decide(desk, one.asked)


def _wanted(account: Account, asked: AccessAsked) -> Iterator[str]:
    if asked.roles:
        yield f"roles {', '.join(r.replace('_', ' ') for r in sorted(asked.roles))}"
    if asked.issuer:
        before = f"{account.subject} at {account.issuer}" if account.issuer else "no sign-in"
        yield f"to sign in as {asked.subject} at {asked.issuer}, until now {before}"
    if asked.name:
        yield f"name {asked.name}, until now {account.name}"
    if asked.agency:
        yield f"agency {asked.agency}, until now {account.agency}"


def _decide(desk: Desk, asked: AccessAsked) -> None:
    # A press counts for what stood beside it alone, not for what was asked in its place meanwhile.
    key = f"{asked.user}-{asked.asked_at.timestamp()}"
    row = st.container(horizontal=True)
    if row.button("Agree", key=f"agree-{key}", type="primary"):
        _do(lambda: accounts.approve(desk, asked, True), "It holds from now on.")
    if row.button("Refuse", key=f"refuse-{key}"):
        _do(lambda: accounts.approve(desk, asked, False), "Refused.")


@st.dialog("A user", width="large")
@faults.plainly
def _edit(desk: Desk, one: Listed | None, signed: list[SignIn]) -> None:
    kept = one.account if one else Account(id="", name="", agency="")
    asked = one.asked if one else None
    key = kept.id or "new"
    if asked:
        st.text(f"Asked, and waiting for a safeguarding lead: {'; '.join(_wanted(kept, asked))}")
        st.text("It stands here as it was asked; saving asks for what stands here then")
    with st.container(horizontal=True):
        name = st.text_input(
            "Name", (asked and asked.name) or kept.name, max_chars=LENGTH, key=f"user-name-{key}",
        )  # fmt: skip
        agency = st.text_input(
            "Agency", (asked and asked.agency) or kept.agency, max_chars=LENGTH, key=f"user-agency-{key}",
        )  # fmt: skip
    with st.container(horizontal=True):
        issuer = st.text_input(
            "Issuer", (asked and asked.issuer) or kept.issuer or "", max_chars=LENGTH, key=f"user-issuer-{key}",
            help="The identity provider, as `iss` of its tokens has it",
        )  # fmt: skip
        subject = st.text_input(
            "Subject", (asked and asked.subject) or kept.subject or "", max_chars=LENGTH, key=f"user-subject-{key}",
            help="Who they are there, as `sub` has it; never an e-mail address, which can pass to somebody else",
        )  # fmt: skip
    roles = st.multiselect(
        "Roles", list(Role), key=f"user-roles-{key}",
        default=sorted((asked and asked.roles) or one.roles) if one else [],
        format_func=lambda r: str(r).replace("_", " "),
    )  # fmt: skip
    row = st.container(horizontal=True)
    if row.button("Save", type="primary", icon=":material/check:"):
        changed = replace(kept, name=name, agency=agency, issuer=issuer, subject=subject)
        _do(
            (lambda: accounts.edit(desk, changed, roles))
            if one
            else (lambda: accounts.add(desk, name, agency, issuer, subject, roles)),
            "Saved. New roles, or another name, agency, issuer or subject, hold once a safeguarding lead agrees.",
        )
    if one and kept.disabled_at and row.button("Let them in again"):
        _do(lambda: accounts.enable(desk, kept), "They may come in again.")
    if one and not kept.disabled_at and row.button("Disable", icon=":material/block:"):
        _do(lambda: accounts.disable(desk, kept), "Disabled; what they had open is closed within seconds.")
    if one and row.button("Sign them out", icon=":material/logout:"):
        _do(lambda: accounts.sign_out(desk, kept.id), "Signed out everywhere.")
    if one:
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
