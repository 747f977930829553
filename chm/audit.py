"""The audit's chain: each entry's digest covers the entry and the digest before it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import UTC

from chm.records import AuditEntry

START = "0" * 64
RECORD_ID = re.compile(r"YP-\d{1,9}|[A-Z]{1,3}-[0-9a-f]{1,12}")


def record_id(text: str) -> str:
    """`text` where it has the form of a record's id, else "unknown": what people type never enters the audit."""
    return text if not text or RECORD_ID.fullmatch(text) else "unknown"


def digest(before: str, entry: AuditEntry) -> str:
    """64 hex digits over `entry` and the digest of the entry before it."""
    at = entry.at.astimezone(UTC).isoformat()
    content = [before, entry.id, at, entry.user, entry.operation, entry.record, entry.why]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def broken_at(entries: Iterable[tuple[AuditEntry, str]]) -> int | None:
    """Number of the first entry, oldest first, that was changed, or follows one taken out; None where all hold."""
    before, number = START, 1
    for entry, stored in entries:
        if entry.id != number or stored != digest(before, entry):
            return number
        before, number = stored, number + 1
    return None
