"""Following an audit of a million entries, in SQLite and in PostgreSQL where its server is here.

    python benchmarks/audit_chain.py [ENTRIES]

Floor: the digests alone, over entries already in memory. Says too what a lead's look at unusual use takes, and the most
memory the process held.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from chm import store
from chm.audit import START, check, digest
from chm.casework import audit_chain
from chm.records import AuditEntry
from chm.store import audit
from chm.store.tables import AuditRow

END = datetime(2026, 11, 23, 12, tzinfo=UTC)
USERS, CHILDREN, A_DAY = 60, 1500, 5000


def entries(number: int) -> list[tuple[AuditEntry, str]]:
    """A chain of `number` entries by sixty users, five thousand a day."""
    before, made = START, []
    for n in range(1, number + 1):
        at = END - timedelta(days=(number - n) / A_DAY)
        child = f"YP-{n * 7919 % CHILDREN:04d}"
        entry = AuditEntry(n, at, f"u-{n * 31 % USERS}", "people.record_of", child, "opened")
        before = digest(before, entry)
        made.append((entry, before))
    return made


def fill(engine: store.Engine, made: list[tuple[AuditEntry, str]]) -> None:
    """Writes the chain."""
    store.upgrade(engine)
    with store.transaction(engine) as session:
        for n in range(0, len(made), 20_000):
            rows = [{**vars(entry), "digest": stored} for entry, stored in made[n : n + 20_000]]
            session.execute(insert(AuditRow), rows)


def measure(name: str, engine: store.Engine, number: int) -> None:
    """Prints what following the chain takes, and the lead's look."""
    head = audit_chain.head(engine)
    began = time.perf_counter()
    found = audit_chain.verify(engine, [head])
    took = time.perf_counter() - began
    assert (found.fault, found.count) == (None, number)
    began = time.perf_counter()
    with store.transaction(engine, writing=False) as session:
        audit.opened_by_day(session, END - timedelta(49))
    look = time.perf_counter() - began
    print(
        f"{name}: {number:,} entries followed in {took:.1f} s ({number / took:,.0f} a second); unusual use {look:.2f} s"
    )


def main() -> None:
    """Both databases, in one process for each so that the memory told is its own."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    urls = {"SQLite": f"sqlite:///{Path(tempfile.mkdtemp(prefix='chm-bench-')) / 'chm.sqlite3'}"}
    if given := os.environ.get("CHM_TEST_POSTGRES_URL"):
        urls["PostgreSQL"] = given
    made = entries(number)
    began = time.perf_counter()
    assert check(made).fault is None
    print(f"floor: {number:,} digests in {time.perf_counter() - began:.1f} s")
    for url in urls.values():
        fill(store.open_engine(url), made)
    del made
    for name, url in urls.items():
        if os.fork() == 0:
            measure(name, store.open_engine(url), number)
            os._exit(0)
        os.wait()
    held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"most memory of a process that followed it: {held:.0f} MB, the entries of this benchmark among it")


if __name__ == "__main__":
    main()
