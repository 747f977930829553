"""When another transaction is about to wait for the lock that this one holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from sqlalchemy import event

from chm import store

LOCKS = ("FOR UPDATE", "BEGIN IMMEDIATE")


@contextmanager
def waiting(engine: store.Engine) -> Iterator[Event]:
    """Set once a statement that takes a lock is next; what was read before it was read without the lock."""
    asked = Event()

    def listen(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        if any(lock in statement for lock in LOCKS):
            asked.set()

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", listen)
