"""Notices to users."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chm.records import Notice
from chm.store.rows import record, row
from chm.store.tables import NoticeRow


def add(session: Session, notice: Notice) -> None:
    """Writes a notice."""
    session.add(row(NoticeRow, notice))
    session.flush()


def add_once(session: Session, notice: Notice) -> bool:
    """Writes a notice unless one of its id is there; whether it did."""
    if session.get(NoticeRow, notice.id) is not None:
        return False
    add(session, notice)
    return True


def to(session: Session, user: str) -> list[Notice]:
    """A user's notices: unseen first, then newest first."""
    asked = select(NoticeRow).where(NoticeRow.to == user)
    ordered = asked.order_by(NoticeRow.seen_at.is_not(None), NoticeRow.at.desc(), NoticeRow.id)
    return [record(Notice, r) for r in session.scalars(ordered)]


def see(session: Session, id: str, user: str, at: datetime) -> bool:
    """Marks a user's notice as seen; False where the user has no such notice."""
    found = session.get(NoticeRow, id)
    if found is None or found.to != user:
        return False
    found.seen_at = found.seen_at or at
    session.flush()
    return True
