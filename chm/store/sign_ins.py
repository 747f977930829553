"""Sign-ins: begun, seen, ended. None is ever taken out while the provider's cookie could come again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chm.records import SignIn
from chm.store.rows import record, row
from chm.store.tables import UserSession


def begin(session: Session, new: SignIn) -> None:
    """Writes a new sign-in."""
    session.add(row(UserSession, new))
    session.flush()


def get(session: Session, id: str) -> SignIn | None:
    """The sign-in `id`, None where there never was one."""
    found = session.get(UserSession, id)
    return record(SignIn, found) if found else None


def seen(session: Session, id: str, at: datetime) -> None:
    """Notes that its user did something."""
    session.execute(update(UserSession).where(UserSession.id == id, UserSession.ended_at.is_(None)).values(seen_at=at))


def end(session: Session, id: str, at: datetime, why: str) -> None:
    """Ends a sign-in, unless it has ended already."""
    ended = update(UserSession).where(UserSession.id == id, UserSession.ended_at.is_(None))
    session.execute(ended.values(ended_at=at, ended_why=why))


def end_all(session: Session, user: str, at: datetime, why: str) -> int:
    """Ends every sign-in of a user; how many."""
    ended = update(UserSession).where(UserSession.user == user, UserSession.ended_at.is_(None))
    return int(session.execute(ended.values(ended_at=at, ended_why=why)).rowcount)  # type: ignore[attr-defined]


def keep_place(session: Session, id: str, place: dict[str, Any]) -> None:
    """Keeps where a user is, to come back to."""
    session.execute(update(UserSession).where(UserSession.id == id).values(place=place))


def take_place(session: Session, user: str, since: datetime) -> dict[str, Any]:
    """Where a user was when the last of their sign-ins since `since` ended, once; empty where there is none."""
    ended = UserSession.user == user, UserSession.ended_at.is_not(None), UserSession.seen_at >= since
    asked = select(UserSession.place).where(*ended).order_by(UserSession.seen_at.desc()).limit(1)
    if place := dict(session.scalar(asked) or {}):
        session.execute(update(UserSession).where(*ended).values(place={}))
    return place


def of(session: Session, user: str, most: int) -> list[SignIn]:
    """The newest sign-ins of a user, up to `most`."""
    asked = select(UserSession).where(UserSession.user == user).order_by(UserSession.began_at.desc()).limit(most)
    return [record(SignIn, r) for r in session.scalars(asked)]
