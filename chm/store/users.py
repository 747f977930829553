"""Users and their roles."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from chm.records import Role, User
from chm.store.tables import UserAccount, UserRole

EVERY = (
    select(UserAccount.id, UserAccount.name, UserAccount.agency, UserRole.role)
    .outerjoin(UserRole, UserRole.user == UserAccount.id)
    .order_by(UserAccount.name, UserAccount.id)
)
ONE = EVERY.where(UserAccount.id == bindparam("id"))


def add(session: Session, user: User) -> None:
    """Writes a new user with their roles."""
    session.add(UserAccount(id=user.id, name=user.name, agency=user.agency))
    session.flush()
    session.add_all(UserRole(user=user.id, role=role.value) for role in user.roles)
    session.flush()


def get(session: Session, id: str) -> User | None:
    """The user as they are now, None where there is none."""
    return next(iter(_users(session.execute(ONE, {"id": id}))), None)


def every(session: Session) -> list[User]:
    """All users, by name."""
    return _users(session.execute(EVERY))


def with_role(session: Session, role: Role) -> list[User]:
    """Users with `role` among their roles, by name."""
    return [u for u in every(session) if role in u.roles]


def _users(rows: Iterable[Row[str, str, str, str | None]]) -> list[User]:
    found: dict[str, tuple[str, str, set[Role]]] = {}
    for id, name, agency, role in rows:
        roles = found.setdefault(id, (name, agency, set()))[2]
        if role:
            roles.add(Role(role))
    return [User(id, name, agency, frozenset(roles)) for id, (name, agency, roles) in found.items()]
