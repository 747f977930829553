"""Opening and preparing the database, for whatever serves users."""

from __future__ import annotations

from chm import settings, store
from chm.casework import demo
from chm.errors import StorageUnavailable
from chm.store.transactions import refused

Engine = store.Engine


def open() -> Engine:
    """The database of this installation. Raises StorageUnavailable where there is none or it cannot be used."""
    return store.open_engine(make=False)


def is_demo(engine: Engine) -> bool:
    """Whether the database holds the invented cohort alone."""
    return store.is_demo(engine)


def prepare() -> int:
    """Create or upgrade the database, and load the demo when it is empty: the number of young people loaded."""
    engine = store.open_engine()
    store.upgrade(engine)
    return demo.load(engine) if settings.demo() and store.is_empty(engine) else 0


def encrypt() -> bool:
    """Bring the embedded database under the key that is set; False where it is already.

    Raises:
        StorageUnavailable: no key is set, or there is no embedded database, or it is in use, or may not be read.
    """
    key, file = settings.database_key(), store.embedded_file()
    if key is None:
        raise StorageUnavailable("No key is set; set CHM_DATABASE_KEY_FILE to a file with 32 characters or more")
    if file is None:
        raise StorageUnavailable("The database is not an embedded one; its server encrypts it, or its disk")
    try:
        return store.encrypt(file, key)
    except OSError as error:
        raise refused("The database cannot be encrypted", error) from None
