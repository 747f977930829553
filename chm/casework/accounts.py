"""Users and what they may do: added, changed, disabled, signed out.

Nobody changes what they themselves may do; more roles, another identity, and another name or agency, since actions
belong to a name at an agency, wait for a safeguarding lead who is neither the user nor whoever asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chm.access import Permission
from chm.casework.checks import Checks
from chm.casework.desk import Work, intention, new_id
from chm.errors import Conflict, NotFound, NotPermitted
from chm.records import AccessAsked, Account, Notice, Role, SignIn, User
from chm.store import Session, notices, sign_ins, users

ASKED = "An administrator asks for roles, another name, agency or sign-in: agree or refuse on the Audit page"
OWN = "You cannot change what you yourself may do: ask another administrator"
ANOTHER_LEAD = "You asked for this yourself: another safeguarding lead agrees to it or refuses it"
ASKED_ANEW = "Something else is asked by now; nothing was decided. Look at it again"
TWICE = "name: somebody else of this agency is called so, or is to be; add what tells the two apart"
TWICE_BY_NOW = "Somebody else of that agency is called so by now, or is to be; refuse this, and have another name asked"
MOST_SIGN_INS = 20


@dataclass(frozen=True)
class Listed:
    """An account with its roles, and what is asked for it and waits for a safeguarding lead (None: nothing)."""

    account: Account
    roles: frozenset[Role]
    asked: AccessAsked | None = None


@intention(Permission.VIEW_USERS)
def every(work: Work) -> list[Listed]:
    """All accounts, by name."""
    roles = {u.id: u.roles for u in users.every(work.session)}
    asked = {a.user: a for a in users.asked(work.session)}
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
    _ask(work, AccessAsked(kept.id, given, work.user.id, work.now))
    work.record, work.why = kept.id, f"asked {_said(given)}"
    return kept


@intention(Permission.ADMINISTER_USERS)
def edit(work: Work, account: Account, roles: Iterable[Role]) -> Account:
    """Asks for what differs from an account as it was read, in place of what was asked for it before.

    All of it waits for a safeguarding lead, save fewer roles, which hold at once.

    Raises:
        Faults: what is missing or wrong, all at once.
        NotPermitted: it is the user's own.
        Conflict: somebody changed it since, or another user has that identity.
    """
    _another(work, account.id)
    given = frozenset(Role(r) for r in roles)
    before = users.account(work.session, account.id)
    wanted = _checked(work, account, given)
    kept = users.edit(work.session, replace(before, version=account.version))
    now = next((u.roles for u in users.every(work.session) if u.id == account.id), frozenset())
    fewer = given <= now  # Taking away needs nobody's leave.
    if fewer:
        users.set_roles(work.session, kept.id, given)
    asked = AccessAsked(
        kept.id, frozenset() if fewer else given, work.user.id, work.now,
        name=wanted.name if wanted.name != before.name else None,
        agency=wanted.agency if wanted.agency != before.agency else None,
    )  # fmt: skip
    if (wanted.issuer, wanted.subject) != (before.issuer, before.subject):
        users.refuse_taken(work.session, kept.id, wanted.issuer, wanted.subject)
        asked = replace(asked, issuer=wanted.issuer, subject=wanted.subject)
    if (another := _beside_roles(asked)) or not fewer:
        _ask(work, asked)
    else:
        users.settle(work.session, kept.id)
    said = [*(f"asked {what}" for what in another), f"{'' if fewer else 'asked '}{_said(given)}"]
    work.record, work.why = kept.id, ", ".join(said)
    return kept


@intention(Permission.APPROVE_ROLES)
def to_approve(work: Work) -> list[Listed]:
    """Accounts for which something is asked, oldest first."""
    roles = {u.id: u.roles for u in users.every(work.session)}
    known = {a.id: a for a in users.accounts(work.session)}
    return [Listed(known[a.user], roles.get(a.user, frozenset()), a) for a in users.asked(work.session)]


@intention(Permission.APPROVE_ROLES)
def approve(work: Work, asked: AccessAsked, agreed: bool) -> None:
    """Gives a user what was asked for them, as it was read, or refuses it.

    Another name, agency or identity ends their sign-ins, so that nothing of before stays on a screen.

    Raises:
        NotFound: nothing is asked for them.
        NotPermitted: it is the user's own, or they asked for it themselves.
        Conflict: something else is asked by now, or another user has that identity, or that name at that agency.
    """
    _another(work, asked.user)
    kept = users.asked_for(work.session, asked.user)
    if kept is None:
        raise NotFound("Nothing is asked for this user")
    if kept.asked_by == work.user.id:
        raise NotPermitted(ANOTHER_LEAD)
    if kept != asked:
        raise Conflict(ASKED_ANEW)
    users.settle(work.session, kept.user)
    account = _as_asked(users.account(work.session, kept.user), kept)
    first = not next((u.roles for u in users.every(work.session) if u.id == kept.user), None)
    if agreed and (kept.name or kept.agency or first) and called_twice(work.session, account):
        raise Conflict(TWICE_BY_NOW)
    if agreed and kept.roles:
        users.set_roles(work.session, kept.user, kept.roles)
    if agreed and _beside_roles(kept):
        users.edit(work.session, account)
        sign_ins.end_all(work.session, kept.user, work.now, "ended")
    parts = [*_beside_roles(kept), *([_said(kept.roles)] if kept.roles else [])]
    work.record, work.why = kept.user, f"{'agreed' if agreed else 'refused'} {', '.join(parts)}"


def _ask(work: Work, asked: AccessAsked) -> None:
    """Keeps what is asked, or who asked the same before, and tells the leads who may agree to it."""
    before = users.asked_for(work.session, asked.user)
    if before is None or replace(asked, asked_by=before.asked_by, asked_at=before.asked_at) != before:
        users.ask(work.session, asked)
    for lead in users.with_role(work.session, Role.SAFEGUARDING_LEAD):
        told = any(n.text == ASKED and not n.seen_at for n in notices.to(work.session, lead.id))
        if not told and lead.id not in (asked.user, asked.asked_by):
            notices.add(work.session, Notice(new_id("N"), lead.id, asked.user, ASKED, work.now))


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


def _beside_roles(asked: AccessAsked) -> list[str]:
    """What is asked beside roles, for the audit: no name is said there."""
    parts = {"name": asked.name, "agency": asked.agency, "identity": asked.issuer}
    return [f"another {what}" for what, value in parts.items() if value]


def _as_asked(account: Account, asked: AccessAsked) -> Account:
    """The account once a lead agrees."""
    parts = ("name", "agency", "issuer", "subject")
    return replace(account, **{part: getattr(asked, part) for part in parts if getattr(asked, part)})


def called_twice(session: Session, account: Account) -> bool:
    """Whether somebody else is, or is to be, of that name at that agency: each would see the other's actions."""
    asked = {a.user: a for a in users.asked(session)}
    others = [a for a in users.accounts(session) if a.id != account.id]
    others += [_as_asked(a, asked[a.id]) for a in others if a.id in asked]
    return _called(account) in map(_called, others)


def _called(account: Account) -> tuple[str, str]:
    return account.name.casefold(), account.agency.casefold()


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
    checks.need(not called_twice(work.session, checked), TWICE)
    checks.done()
    return checked


def _said(roles: Iterable[Role]) -> str:
    return f"roles {', '.join(sorted(roles))}"
