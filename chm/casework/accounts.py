"""Users and what they may do: added, changed, disabled, signed out. Nobody changes what they themselves may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chm.access import Permission
from chm.casework.checks import Checks
from chm.casework.desk import Work, intention, new_id
from chm.errors import NotPermitted
from chm.records import Account, Notice, Role, RoleAsked, SignIn, User
from chm.store import notices, sign_ins, users

ASKED = "An administrator asks for roles: agree or refuse on the Audit page"
OWN = "You cannot change what you yourself may do: ask another administrator"
MOST_SIGN_INS = 20


@dataclass(frozen=True)
class Listed:
    """An account with its roles, and those that are asked for it and wait for a safeguarding lead (None: none)."""

    account: Account
    roles: frozenset[Role]
    asked: RoleAsked | None = None


@intention(Permission.VIEW_USERS)
def every(work: Work) -> list[Listed]:
    """All accounts, by name."""
    roles = {u.id: u.roles for u in users.every(work.session)}
    asked = {a.user: a for a in users.roles_asked(work.session)}
    return [Listed(a, roles.get(a.id, frozenset()), asked.get(a.id)) for a in users.accounts(work.session)]


@intention(Permission.ADMINISTER_USERS)
def add(work: Work, name: str, agency: str, issuer: str, subject: str, roles: Iterable[Role]) -> Account:
    """Adds a user whom the provider `issuer` knows as `subject`; the roles wait for a safeguarding lead.

    Raises:
        Faults: what is missing or wrong, all at once.
        Conflict: another user has that identity.
    """
    given = frozenset(Role(r) for r in roles)
    account = _checked(work, Account(id=new_id("U"), name=name, agency=agency, issuer=issuer, subject=subject), given)
    users.add(work.session, User(account.id, account.name, account.agency, frozenset()))
    kept = users.edit(work.session, replace(account, version=users.account(work.session, account.id).version))
    _ask(work, kept.id, given)
    work.record, work.why = kept.id, f"asked {_said(given)}"
    return kept


@intention(Permission.ADMINISTER_USERS)
def edit(work: Work, account: Account, roles: Iterable[Role]) -> Account:
    """Writes an account over the version it was read as. Other roles than it has wait for a safeguarding lead.

    Another identity ends the user's sign-ins.

    Raises:
        Faults: what is missing or wrong, all at once.
        NotPermitted: it is the user's own.
        Conflict: somebody changed it since, or another user has that identity.
    """
    _another(work, account.id)
    given = frozenset(Role(r) for r in roles)
    before = users.account(work.session, account.id)
    kept = users.edit(work.session, _checked(work, replace(account, disabled_at=before.disabled_at), given))
    if (kept.issuer, kept.subject) != (before.issuer, before.subject):
        sign_ins.end_all(work.session, kept.id, work.now, "ended")
    now = next((u.roles for u in users.every(work.session) if u.id == account.id), frozenset())
    if given <= now:  # Taking away needs nobody's leave.
        users.set_roles(work.session, kept.id, given)
    else:
        _ask(work, kept.id, given)
    work.record, work.why = kept.id, f"{'' if given <= now else 'asked '}{_said(given)}"
    return kept


@intention(Permission.APPROVE_ROLES)
def to_approve(work: Work) -> list[Listed]:
    """Accounts for which roles are asked, oldest first."""
    roles = {u.id: u.roles for u in users.every(work.session)}
    known = {a.id: a for a in users.accounts(work.session)}
    return [Listed(known[a.user], roles.get(a.user, frozenset()), a) for a in users.roles_asked(work.session)]


@intention(Permission.APPROVE_ROLES)
def approve(work: Work, user: str, agreed: bool) -> None:
    """Gives a user the roles that were asked for them, or refuses them.

    Raises:
        NotFound: nothing is asked for them.
        NotPermitted: it is the user's own.
    """
    _another(work, user)
    asked = users.settle_roles(work.session, user)
    if agreed:
        users.set_roles(work.session, user, asked.roles)
    work.record, work.why = user, f"{'agreed' if agreed else 'refused'} {_said(asked.roles)}"


def _ask(work: Work, user: str, roles: frozenset[Role]) -> None:
    users.ask_for_roles(work.session, RoleAsked(user, roles, work.user.id, work.now))
    for lead in users.with_role(work.session, Role.SAFEGUARDING_LEAD):
        told = any(n.text == ASKED and not n.seen_at for n in notices.to(work.session, lead.id))
        if not told:
            notices.add(work.session, Notice(new_id("N"), lead.id, user, ASKED, work.now))


@intention(Permission.ADMINISTER_USERS)
def disable(work: Work, account: Account) -> Account:
    """Disables a user and ends their sign-ins. Raises NotPermitted where it is the user's own; Conflict."""
    _another(work, account.id)
    kept = users.edit(
        work.session, replace(users.account(work.session, account.id), disabled_at=work.now, version=account.version)
    )
    ended = sign_ins.end_all(work.session, account.id, work.now, "ended")
    work.record, work.why = kept.id, f"disabled, {ended} ended"
    return kept


@intention(Permission.ADMINISTER_USERS)
def enable(work: Work, account: Account) -> Account:
    """Lets a disabled user in again. Raises NotPermitted where it is the user's own; Conflict."""
    _another(work, account.id)
    kept = users.edit(
        work.session, replace(users.account(work.session, account.id), disabled_at=None, version=account.version)
    )
    work.record, work.why = kept.id, "enabled"
    return kept


@intention(Permission.ADMINISTER_USERS)
def sign_out(work: Work, user: str) -> int:
    """Ends every sign-in of a user; how many."""
    users.account(work.session, user)
    ended = sign_ins.end_all(work.session, user, work.now, "ended")
    work.record, work.why = user, f"{ended} ended"
    return ended


@intention(Permission.ADMINISTER_USERS)
def signed_in(work: Work, user: str) -> list[SignIn]:
    """The newest sign-ins of a user, without where they were."""
    work.record = user
    return [replace(s, place={}) for s in sign_ins.of(work.session, user, MOST_SIGN_INS)]


def _another(work: Work, id: str) -> None:
    if id == work.user.id:
        raise NotPermitted(OWN)


def _checked(work: Work, account: Account, roles: frozenset[Role]) -> Account:
    checks = Checks(work.today)
    checked = replace(
        account,
        name=checks.line("name", account.name, needed=True),
        agency=checks.line("agency", account.agency, needed=True),
        issuer=checks.line("issuer", account.issuer or "", needed=True),
        subject=checks.line("subject", account.subject or "", needed=True),
    )
    checks.need(bool(roles), "roles: none; choose at least one")
    checks.done()
    return checked


def _said(roles: Iterable[Role]) -> str:
    return f"roles {', '.join(sorted(roles))}"[:200]
