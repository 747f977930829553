"""Users and their roles."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.orm import Session

from chm.errors import Conflict, NotFound
from chm.records import Account, Role, RoleAsked, User
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
    same = UserAccount.issuer == account.issuer, UserAccount.subject == account.subject
    if account.issuer and session.scalar(select(UserAccount.id).where(*same, UserAccount.id != account.id)):
        raise Conflict(TAKEN)
    change(kept, account)
    session.flush()
    return _account(kept)


def set_roles(session: Session, id: str, roles: Iterable[Role]) -> None:
    """Gives a user these roles in place of those they had."""
    session.execute(delete(UserRole).where(UserRole.user == id))
    session.add_all(UserRole(user=id, role=role.value) for role in roles)
    session.flush()


def ask_for_roles(session: Session, asked: RoleAsked) -> None:
    """Writes which roles are asked for a user, in place of what was asked before."""
    kept = session.get(RoleRequest, asked.user)
    values = {"roles": sorted(r.value for r in asked.roles), "asked_by": asked.asked_by, "asked_at": asked.asked_at}
    if kept is None:
        session.add(RoleRequest(user=asked.user, **values))
    else:
        for name, value in values.items():
            setattr(kept, name, value)
    session.flush()


def roles_asked(session: Session) -> list[RoleAsked]:
    """Which roles are asked for whom, oldest first."""
    rows = session.scalars(select(RoleRequest).order_by(RoleRequest.asked_at, RoleRequest.user))
    return [RoleAsked(r.user, frozenset(map(Role, r.roles)), r.asked_by, r.asked_at) for r in rows]


def settle_roles(session: Session, user: str) -> RoleAsked:
    """Takes a request away, and gives it. Raises NotFound where there is none."""
    kept = session.get(RoleRequest, user)
    if kept is None:
        raise NotFound("Nothing is asked for this user")
    asked = RoleAsked(kept.user, frozenset(map(Role, kept.roles)), kept.asked_by, kept.asked_at)
    session.delete(kept)
    session.flush()
    return asked


def _account(kept: UserAccount) -> Account:
    return record(Account, kept)


def _users(rows: Iterable[Row[str, str, str, str | None]]) -> list[User]:
    found: dict[str, tuple[str, str, set[Role]]] = {}
    for id, name, agency, role in rows:
        roles = found.setdefault(id, (name, agency, set()))[2]
        if role:
            roles.add(Role(role))
    return [User(id, name, agency, frozenset(roles)) for id, (name, agency, roles) in found.items()]
