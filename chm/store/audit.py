"""The audit: entries are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, String, extract, func, select, text, type_coerce
from sqlalchemy.orm import Session

from chm.audit import START, digest
from chm.records import AuditEntry
from chm.settings import ZONE
from chm.store.rows import record, row
from chm.store.tables import AuditRow
from chm.store.transactions import transaction

AT_ONCE = 5000
REFUSED = "refused"
WORDS = (AuditRow.user, AuditRow.operation, AuditRow.record, AuditRow.why)


def add(session: Session, at: datetime, user: str, operation: str, about: str, why: str) -> None:
    """Adds the next entry; the transaction should end soon after, for other writers wait for it."""
    add_each(session, at, user, operation, [about], why)


def add_each(session: Session, at: datetime, user: str, operation: str, about: Iterable[str], why: str) -> None:
    """Adds an entry about each record, as `add` does for one."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(4712)"))
    after, before = last(session)
    rows = []
    for number, id in enumerate(about, after + 1):
        entry = AuditEntry(number, at, user, operation, id, why)
        before = digest(before, entry)
        rows.append(row(AuditRow, entry, digest=before))
    session.add_all(rows)
    session.flush()


def last(session: Session) -> tuple[int, str]:
    """How many entries there are, and the digest of the newest."""
    found = session.execute(select(AuditRow.id, AuditRow.digest).order_by(AuditRow.id.desc()).limit(1)).first()
    return (found.id, found.digest) if found else (0, START)


def read(session: Session, about: str | None, most: int) -> list[AuditEntry]:
    """Up to `most` entries, newest first, all or those about one record."""
    asked = select(AuditRow).order_by(AuditRow.id.desc()).limit(most)
    found = session.scalars(asked.where(AuditRow.record == about) if about is not None else asked)
    return [record(AuditEntry, r) for r in found]


def about(session: Session, record_id: str, before: int | None, most: int) -> tuple[int, list[AuditEntry]]:
    """How many entries are about a record, and up to `most` of them older than entry `before`, newest first."""
    total = session.scalar(select(func.count()).where(AuditRow.record == record_id)) or 0
    asked = select(AuditRow).where(AuditRow.record == record_id).order_by(AuditRow.id.desc()).limit(most)
    found = session.scalars(asked.where(AuditRow.id < before) if before is not None else asked)
    return total, [record(AuditEntry, r) for r in found]


def chain(session: Session, after: int | None = None, most: int | None = None) -> Iterator[tuple[AuditEntry, str]]:
    """Every entry with its digest, oldest first; those after entry `after`, up to `most` of them.

    What was put into the table by other means may be of any kind in SQLite; it is given as text that no digest fits.
    """
    sqlite = session.get_bind().dialect.name == "sqlite"
    at: Any = type_coerce(AuditRow.at, String) if sqlite else AuditRow.at
    asked = select(AuditRow.id, at, *WORDS, AuditRow.digest).order_by(AuditRow.id).limit(most)
    asked = asked if after is None else asked.where(AuditRow.id > after)
    for id, moment, *words, stored in session.execute(asked.execution_options(yield_per=AT_ONCE)):
        yield AuditEntry(id, _moment(moment) if sqlite else moment, *map(_word, words)), stored


def whole_chain(engine: Engine) -> Iterator[tuple[AuditEntry, str]]:
    """The same in short transactions, so that no writer waits however long the audit is; it only ever grows."""
    after: int | None = None
    while True:
        with transaction(engine, writing=False) as session:
            found = list(chain(session, after, AT_ONCE))
        yield from found
        if len(found) < AT_ONCE:
            return
        after = found[-1][0].id


def _moment(text: Any) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return datetime.min.replace(tzinfo=UTC)


def _word(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


def opened_by_day(session: Session, since: datetime) -> dict[tuple[str, date], int]:
    """How many different young people each user opened on each day of the council's, from `since`."""
    day, hour = func.date(AuditRow.at), extract("hour", AuditRow.at)
    asked = select(AuditRow.user, AuditRow.record, day, hour).distinct()
    asked = asked.where(AuditRow.at >= since, AuditRow.record.like("YP-%"), AuditRow.why != REFUSED)
    opened: dict[tuple[str, date], set[str]] = {}
    for user, id, on, at_hour in session.execute(asked):
        opened.setdefault((user, _day(on, at_hour)), set()).add(id)
    return {key: len(ids) for key, ids in opened.items()}


def refused_by_day(session: Session, since: datetime) -> dict[tuple[str, date], int]:
    """How many of each user's calls were refused on each day of the council's, from `since`."""
    day, hour = func.date(AuditRow.at), extract("hour", AuditRow.at)
    asked = select(AuditRow.user, day, hour, func.count()).where(AuditRow.at >= since, AuditRow.why == REFUSED)
    counts: dict[tuple[str, date], int] = {}
    for user, on, at_hour, number in session.execute(asked.group_by(AuditRow.user, day, hour)):
        key = user, _day(on, at_hour)
        counts[key] = counts.get(key, 0) + number
    return counts


def _day(on: date | str, hour: int) -> date:
    """The council's day of an hour of UTC; SQLite gives the date as text."""
    start = datetime.fromisoformat(f"{on}T00:00:00+00:00") + timedelta(hours=int(hour))
    return start.astimezone(ZONE).date()
