"""Opening a database: SQLite embedded, PostgreSQL by CHM_DATABASE_URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from chm import settings
from chm.errors import StorageUnavailable
from chm.store.schema import refuse_newer
from chm.store.transactions import PATIENCE


def open_engine(url: str | None = None) -> Engine:
    """An engine on `url`, else on CHM_DATABASE_URL, else on the embedded database.

    Raises:
        StorageUnavailable: the address is wrong, its folder is missing, the database is locked or of a newer version.
    """
    given = url or settings.database_url()
    engine = _postgres(given) if given.startswith("postgres") else _sqlite(given)
    refuse_newer(engine)
    return engine


def _sqlite(url: str) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() != "sqlite":
            raise ArgumentError
        file = Path(address.database or "")
        if url == settings.database_url() and file.parent == settings.ROOT / "var":
            file.parent.mkdir(exist_ok=True)
        if address.database and not address.database.startswith((":memory:", "file:")) and not file.parent.is_dir():
            raise StorageUnavailable(
                f"The folder for the database {file.name} is missing; make it or set CHM_DATABASE_URL"
            )
        engine = create_engine(address, hide_parameters=True, connect_args={"timeout": PATIENCE})
    except (ArgumentError, NoSuchModuleError, TypeError, ImportError):
        raise StorageUnavailable("CHM_DATABASE_URL is not the address of an SQLite or PostgreSQL database") from None
    except OSError:
        raise StorageUnavailable("The folder for the database cannot be made; set CHM_DATABASE_URL") from None
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "journal_mode=DELETE"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("chm_begin", "BEGIN"))


def _postgres(url: str) -> Engine:
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
        given = address.query.get("options", "")
        options = f"{given if isinstance(given, str) else ' '.join(given)} -c lock_timeout={PATIENCE}s -c timezone=UTC"
        return create_engine(
            address,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"connect_timeout": PATIENCE, "options": options.strip()},
        )
    except (ArgumentError, ImportError):
        raise StorageUnavailable("CHM_DATABASE_URL is not the address of an SQLite or PostgreSQL database") from None
