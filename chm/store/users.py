"""Users and their roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from chm.errors import Conflict, NotFound
from chm.records import AccessAsked, Account, Role, User
from chm.store.plans import CHANGED
from chm.store.rows import change, record
from chm.store.tables import RoleRequest, UserAccount, UserRole

NOBODY = "There is no such user"
TAKEN = "Another user has that issuer and subject: a sign-in belongs to one user alone"

EVERY = (
    select(UserAccount.id, UserAccount.name, UserAccount.agency, UserRole.role)
    .outerjoin(UserRole, UserRole.user == UserAccount.id)
    .order_by(UserAccount.name, UserAccount.id)
)
# Somebody disabled keeps their name on what they wrote, and opens nothing.
ONE = EVERY.where(UserAccount.id == bindparam("id"), UserAccount.disabled_at.is_(None))


def add(session: Session, user: User) -> None:
    """Writes a new user with their roles."""
    session.add(UserAccount(id=user.id, name=user.name, agency=user.agency))
    session.flush()
    session.add_all(UserRole(user=user.id, role=role.value) for role in user.roles)
    session.flush()


def get(session: Session, id: str) -> User | None:
    """The user as they are now, None where there is none or they are disabled."""
    return next(iter(_users(session.execute(ONE, {"id": id}))), None)


def every(session: Session) -> list[User]:
    """All users, by name."""
    return _users(session.execute(EVERY))


def with_role(session: Session, role: Role) -> list[User]:
    """Users with `role` among their roles who are not disabled, by name."""
    asked = EVERY.where(UserAccount.disabled_at.is_(None))
    return [u for u in _users(session.execute(asked)) if role in u.roles]


def account(session: Session, id: str) -> Account:
    """What is kept of a user's account. Raises NotFound where there is none."""
    found = session.get(UserAccount, id)
    if found is None:
        raise NotFound(NOBODY)
    return _account(found)


def accounts(session: Session) -> list[Account]:
    """Every account, by name."""
    return [_account(r) for r in session.scalars(select(UserAccount).order_by(UserAccount.name, UserAccount.id))]


def known_as(session: Session, issuer: str, subject: str) -> str | None:
    """Id of the user whom an identity provider knows as `subject`, None where nobody is, or they are disabled."""
    asked = select(UserAccount.id).where(
        UserAccount.issuer == issuer, UserAccount.subject == subject, UserAccount.disabled_at.is_(None)
    )
    return session.scalar(asked)


def edit(session: Session, account: Account) -> Account:
    """Writes an account over the version it was read as.

    Raises:
        NotFound: there is none.
        Conflict: it has another version by now, or another user has that identity.
    """
    kept = session.get(UserAccount, account.id)
    if kept is None:
        raise NotFound(NOBODY)
    if kept.version != account.version:
        raise Conflict(CHANGED)
    refuse_taken(session, account.id, account.issuer, account.subject)
    change(kept, account)
    flag_modified(kept, "name")  # What is only asked for makes a version too: nobody asks over what they did not see.
    session.flush()
    return _account(kept)


def refuse_taken(session: Session, id: str, issuer: str | None, subject: str | None) -> None:
    """Raises Conflict where a user other than `id` has that identity."""
    same = UserAccount.issuer == issuer, UserAccount.subject == subject
    if issuer and session.scalar(select(UserAccount.id).where(*same, UserAccount.id != id)):
        raise Conflict(TAKEN)


def set_roles(session: Session, id: str, roles: Iterable[Role]) -> None:
    """Gives a user these roles in place of those they had."""
    session.execute(delete(UserRole).where(UserRole.user == id))
    session.add_all(UserRole(user=id, role=role.value) for role in roles)
    session.flush()


def ask(session: Session, asked: AccessAsked) -> None:
    """Writes what is asked for a user, in place of what was asked before."""
    kept = session.get(RoleRequest, asked.user)
    values = {
        "roles": sorted(r.value for r in asked.roles),
        "issuer": asked.issuer,
        "subject": asked.subject,
        "name": asked.name,
        "agency": asked.agency,
        "asked_by": asked.asked_by,
        "asked_at": asked.asked_at,
    }
    if kept is None:
        session.add(RoleRequest(user=asked.user, **values))
    else:
        for name, value in values.items():
            setattr(kept, name, value)
    session.flush()


def asked(session: Session) -> list[AccessAsked]:
    """What is asked for whom, oldest first."""
    rows = session.scalars(select(RoleRequest).order_by(RoleRequest.asked_at, RoleRequest.user))
    return [_asked(r) for r in rows]


def asked_for(session: Session, user: str) -> AccessAsked | None:
    """What is asked for one user, held until the end of the transaction; None where nothing is."""
    kept = session.get(RoleRequest, user, populate_existing=True, with_for_update=True)
    return _asked(kept) if kept else None


def settle(session: Session, user: str) -> None:
    """Takes away what is asked for a user."""
    session.execute(delete(RoleRequest).where(RoleRequest.user == user))


def _asked(kept: RoleRequest) -> AccessAsked:
    return replace(record(AccessAsked, kept), roles=frozenset(map(Role, kept.roles)))


def _account(kept: UserAccount) -> Account:
    return record(Account, kept)


def _users(rows: Iterable[Row[str, str, str, str | None]]) -> list[User]:
    found: dict[str, tuple[str, str, set[Role]]] = {}
    for id, name, agency, role in rows:
        roles = found.setdefault(id, (name, agency, set()))[2]
        if role:
            roles.add(Role(role))
    return [User(id, name, agency, frozenset(roles)) for id, (name, agency, roles) in found.items()]
