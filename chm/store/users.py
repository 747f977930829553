"""Users and their roles."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from chm.records import Role, User
from chm.store.tables import UserAccount, UserRole


def add(session: Session, user: User) -> None:
    """Writes a new user with their roles."""
    session.add(UserAccount(id=user.id, name=user.name, agency=user.agency))
    session.flush()
    session.add_all(UserRole(user=user.id, role=role.value) for role in user.roles)
    session.flush()


def get(session: Session, id: str) -> User | None:
    """The user as they are now, None where there is none."""
    return next(iter(_users(session, UserAccount.id == id)), None)


def every(session: Session) -> list[User]:
    """All users, by name."""
    return _users(session)


def with_role(session: Session, role: Role) -> list[User]:
    """Users with `role` among their roles, by name."""
    return [u for u in _users(session) if role in u.roles]


def _users(session: Session, *where: object) -> list[User]:
    asked = select(UserAccount.id, UserAccount.name, UserAccount.agency, UserRole.role).outerjoin(
        UserRole, UserRole.user == UserAccount.id
    )
    found: dict[str, tuple[str, str, set[Role]]] = {}
    for id, name, agency, role in session.execute(asked.where(*where).order_by(UserAccount.name, UserAccount.id)):  # type: ignore[arg-type]
        roles = found.setdefault(id, (name, agency, set()))[2]
        if role:
            roles.add(Role(role))
    return [User(id, name, agency, frozenset(roles)) for id, (name, agency, roles) in found.items()]
