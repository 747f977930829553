"""Reading the audit: ids only."""

from __future__ import annotations

from chm.access import Permission
from chm.audit import broken_at, record_id
from chm.casework.desk import Work, intention
from chm.records import AuditEntry
from chm.store import audit


@intention(Permission.READ_AUDIT)
def read(work: Work, record: str | None = None, most: int = 1000) -> list[AuditEntry]:
    """The newest `most` entries, newest first, all or about one record."""
    work.why = f"about {record_id(record)}" if record else "all"
    return audit.read(work.session, record, most)


@intention(Permission.READ_AUDIT)
def verify(work: Work) -> int | None:
    """Number of the first entry that was changed or taken out, None where the chain holds."""
    return broken_at(audit.chain(work.session))
