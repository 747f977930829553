"""One transaction in which everything happens or nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from chm.errors import ChmError, Conflict, StorageUnavailable
from chm.fault_log import referenced

PATIENCE = 5
PREPARE = "The database is not prepared; run `python -m chm prepare`"
SAYS = {
    "locked": f"The database is in use and did not come free in {PATIENCE} seconds; nothing was saved, try again",
    "lock timeout": f"The database is in use and did not come free in {PATIENCE} seconds; nothing was saved, try again",
    "readonly": "The database can only be read; nothing was saved. Ask for write access to it",
    "read-only": "The database can only be read; nothing was saved. Ask for write access to it",
    "no such table": PREPARE,
    "no such column": PREPARE,
    "does not exist": PREPARE,
    "unable to open": "The database cannot be opened; check that its folder exists and may be written to",
    "not a database": "The file is not a database of this product, or encrypted and no key is set, or damaged; "
    "set CHM_DATABASE_KEY_FILE or restore a backup",
    "malformed": "The database is damaged; restore it from a backup",
    "disk is full": "The disk is full; nothing was saved",
    "resolve": "The database server cannot be reached; nothing was saved, try again",
    "connect": "The database server cannot be reached; nothing was saved, try again",
}


@contextmanager
def transaction(engine: Engine, *, writing: bool = True) -> Iterator[Session]:
    """A session in one transaction, committed at the end and rolled back at any exception.

    Args:
        writing: take the write lock at once (SQLite), so that nothing read goes stale before it is changed.

    Raises:
        Conflict: another user changed the same record meanwhile.
        StorageUnavailable: the database is locked, read-only, missing, damaged or not prepared.
    """
    begun = engine.execution_options(chm_begin="BEGIN IMMEDIATE" if writing else "BEGIN")
    with plainly(), Session(begun, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def plainly() -> Iterator[None]:
    """Turns the database's faults into ours: no SQL, no values, no path reaches a message or a log.

    Raises:
        Conflict: another user changed the same record meanwhile.
        StorageUnavailable: any other fault, with the reference under which the log has its kind and place.
    """
    try:
        yield
    except ChmError:
        raise
    except (StaleDataError, IntegrityError):
        raise Conflict("Somebody else changed this meanwhile; nothing was saved. Look at their change first") from None
    except DBAPIError as error:
        raise StorageUnavailable(referenced(_plain(error), error)) from None


def refused(said: str, error: OSError) -> StorageUnavailable:
    """The fault `said`, with why the system refused a file or folder, what helps, and the reference."""
    may = "the user that the service runs as needs the right to the file and its folder"
    fix = may if isinstance(error, PermissionError) else "check the folder and the disk"
    return StorageUnavailable(referenced(f"{said} ({error.strerror}); {fix}", error))


def _plain(error: DBAPIError) -> str:
    said = str(error.orig).lower()
    return next(
        (plain for sign, plain in SAYS.items() if sign in said),
        "The database did not answer as it should; nothing was saved",
    )
