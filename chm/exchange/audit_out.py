"""The audit as CSV, for whoever checks it elsewhere: ids alone, with the chain's digests."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

from chm.exchange.connections import guarded
from chm.records import AuditEntry

COLUMNS = ("entry", "at", "user", "operation", "in_words", "record", "why", "digest")


def audit_csv(entries: Iterable[tuple[AuditEntry, str]], words: Callable[[str, str], str]) -> bytes:
    """A row for each entry, as they come, in UTF-8 with a BOM; moments in UTC as ISO 8601.

    Args:
        entries: each with its digest. words: what was done, in plain words, by operation and why.
    """
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(COLUMNS)
    for e, digest in entries:
        said = (e.user, e.operation, words(e.operation, e.why), e.record, e.why, digest)
        out.writerow([e.id, e.at.isoformat(), *map(guarded, said)])
    return text.getvalue().encode("utf-8-sig")
