"""The audit's chain for whoever keeps the database: its head to keep elsewhere, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from chm import store
from chm.audit import Checked, Head, check
from chm.store import audit


def head(engine: store.Engine) -> Head:
    """Where the chain ends now, to be kept where whoever writes to the database cannot reach it."""
    with store.transaction(engine, writing=False) as session:
        count, digest = audit.last(session)
    return Head(digest, count, datetime.now(UTC))


def verify(engine: store.Engine, heads: Iterable[Head] = ()) -> Checked:
    """The first entry that fails, and how; against heads taken earlier where there are any."""
    return check(audit.whole_chain(engine), heads)
