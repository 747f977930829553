"""Opening and preparing the database, for whatever serves users."""

from __future__ import annotations

from chm import settings, store
from chm.casework import demo

Engine = store.Engine


def open() -> Engine:
    """The database of this installation. Raises StorageUnavailable where it cannot be used."""
    return store.open_engine()


def is_demo(engine: Engine) -> bool:
    """Whether the database holds the invented cohort alone."""
    return store.is_demo(engine)


def prepare() -> int:
    """Create or upgrade the database, and load the demo when it is empty: the number of young people loaded."""
    engine = store.open_engine()
    store.upgrade(engine)
    return demo.load(engine) if settings.demo() and store.is_empty(engine) else 0
