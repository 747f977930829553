"""Users from the command line of the server, as when the first administrator has to come from somewhere; audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from chm import store
from chm.casework.accounts import TWICE, called_twice
from chm.casework.checks import Checks
from chm.casework.desk import new_id
from chm.errors import Faults
from chm.records import Account, Role, User
from chm.store import audit, sign_ins, users


def listed(engine: store.Engine) -> list[str]:
    """Each user on a line: id, name, agency, roles, whether they can sign in."""
    with store.transaction(engine, writing=False) as session:
        roles = {u.id: u.roles for u in users.every(session)}
        return [
            f"{a.id}  {a.name}, {a.agency}: {', '.join(sorted(roles.get(a.id, ())))}"
            + ("; disabled" if a.disabled_at else "" if a.issuer else "; no sign-in")
            for a in users.accounts(session)
        ]


def change(
    engine: store.Engine,
    what: str,
    id: str | None,
    name: str | None,
    agency: str,
    issuer: str | None,
    subject: str | None,
    roles: Sequence[str],
) -> str:
    """Adds, disables or enables a user, or gives a known one (`id`) a sign-in; what was done, in a line.

    Raises:
        Faults: what is missing, all at once.
        NotFound: there is no such user.
        Conflict: another user has that identity.
    """
    now = datetime.now(UTC)
    with store.transaction(engine) as session:
        if what == "add":
            done = _add(session, now, id, name, agency, issuer, subject, roles)
            what = f"{what} to a known user" if id else what
        else:
            if not id:
                raise Faults(["--id: missing; see `users list`"])
            account = users.account(session, id)
            users.edit(session, replace(account, disabled_at=now if what == "disable" else None))
            ended = sign_ins.end_all(session, id, now, "ended") if what == "disable" else 0
            done = id
            what = f"{what}, {ended} ended" if what == "disable" else what
        audit.add_each(session, now, "command line", "users.change", (done,), what)
    return f"{done}: {what}"


def _add(
    session: store.Session,
    now: datetime,
    id: str | None,
    name: str | None,
    agency: str,
    issuer: str | None,
    subject: str | None,
    roles: Sequence[str],
) -> str:
    checks = Checks(now.date())
    issuer = checks.line("--issuer", issuer or "", needed=True)
    subject = checks.line("--subject", subject or "", needed=True)
    if not id:
        name, agency = checks.line("--name", name or "", needed=True), checks.line("--agency", agency, needed=True)
        checks.need(bool(roles), "--role: none; give at least one")
        checks.need(not called_twice(session, Account(id="", name=name, agency=agency)), f"--{TWICE}")
    checks.done()
    if not id:
        id = new_id("U")
        users.add(session, User(id, name or "", agency, frozenset()))
    before = users.account(session, id)
    users.edit(session, replace(before, issuer=issuer, subject=subject))
    if (issuer, subject) != (before.issuer, before.subject):
        sign_ins.end_all(session, id, now, "ended")
    if roles:
        users.set_roles(session, id, {Role(r) for r in roles})
    return id
