"""The audit: entries are added, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chm.audit import START, digest
from chm.records import AuditEntry
from chm.store.rows import record, row
from chm.store.tables import AuditRow


def add(session: Session, at: datetime, user: str, operation: str, about: str, why: str) -> None:
    """Adds the next entry; the transaction should end soon after, for other writers wait for it."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(4712)"))
    last = session.execute(select(AuditRow.id, AuditRow.digest).order_by(AuditRow.id.desc()).limit(1)).first()
    number, before = (last.id, last.digest) if last else (0, START)
    entry = AuditEntry(number + 1, at, user, operation, about, why)
    session.add(row(AuditRow, entry, digest=digest(before, entry)))
    session.flush()


def read(session: Session, about: str | None, most: int) -> list[AuditEntry]:
    """Up to `most` entries, newest first, all or those about one record."""
    asked = select(AuditRow).order_by(AuditRow.id.desc()).limit(most)
    found = session.scalars(asked.where(AuditRow.record == about) if about is not None else asked)
    return [record(AuditEntry, r) for r in found]


def chain(session: Session) -> Iterator[tuple[AuditEntry, str]]:
    """Every entry with its digest, oldest first."""
    for found in session.scalars(select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=1000)):
        yield record(AuditEntry, found), found.digest
