"""The audit: entries are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chm.audit import START, digest
from chm.records import AuditEntry
from chm.store.rows import record, row
from chm.store.tables import AuditRow


def add(session: Session, at: datetime, user: str, operation: str, about: str, why: str) -> None:
    """Adds the next entry; the transaction should end soon after, for other writers wait for it."""
    add_each(session, at, user, operation, [about], why)


def add_each(session: Session, at: datetime, user: str, operation: str, about: Iterable[str], why: str) -> None:
    """Adds an entry about each record, as `add` does for one."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(4712)"))
    last = session.execute(select(AuditRow.id, AuditRow.digest).order_by(AuditRow.id.desc()).limit(1)).first()
    after, before = (last.id, last.digest) if last else (0, START)
    rows = []
    for number, id in enumerate(about, after + 1):
        entry = AuditEntry(number, at, user, operation, id, why)
        before = digest(before, entry)
        rows.append(row(AuditRow, entry, digest=before))
    session.add_all(rows)
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
