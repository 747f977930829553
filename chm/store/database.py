"""Opening a database: SQLite embedded, under SQLCipher once a key is set; PostgreSQL by CHM_DATABASE_URL."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlcipher3 import dbapi2 as sqlcipher

from chm import settings
from chm.errors import StorageUnavailable
from chm.fault_log import referenced
from chm.store.encryption import unlock
from chm.store.schema import refuse_newer
from chm.store.transactions import PATIENCE, PREPARE

PRAGMAS = (
    "foreign_keys=ON",
    "synchronous=FULL",
    "journal_mode=DELETE",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
)
# Before this, a reset of the log while another connection writes may lose what was committed.
WHOLE_WAL = (3, 51, 3)
WAL = (
    "The database is in WAL mode, which this SQLite may damage it in; nothing was changed. "
    "With the app stopped, run `PRAGMA journal_mode=DELETE` on it by an SQLite of 3.51.3 or later"
)


def open_engine(url: str | None = None, *, make: bool = True) -> Engine:
    """An engine on `url`, else on CHM_DATABASE_URL, else on the embedded database.

    Args:
        make: make the embedded database's file where there is none, for nobody else to read.

    Raises:
        StorageUnavailable: the address is wrong, its folder is missing, the database is locked or of a newer version,
            in WAL mode under an SQLite whose WAL may lose data, or not under the key that is set.
        Faults: the key is not fit, see `settings.database_key`.
    """
    given = url or settings.database_url()
    engine = server(given) if given.startswith("postgres") else _sqlite(given, make)
    refuse_newer(engine)
    return engine


def _sqlite(url: str, make: bool) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() != "sqlite":
            raise ArgumentError
        file = Path(address.database or "")
        if url == settings.database_url() and file.parent == settings.ROOT / "var":
            file.parent.mkdir(exist_ok=True)
        if address.database and not address.database.startswith((":memory:", "file:")):
            if not file.parent.is_dir():
                raise StorageUnavailable(
                    f"The folder for the database {file.name} is missing; make it or set CHM_DATABASE_URL"
                )
            if not make and not file.exists():
                raise StorageUnavailable(PREPARE)
            # Never one that is there: that it is closed again would end the locks that this process has on it.
            with suppress(OSError):
                os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        return _engine(address, settings.database_key())
    except (ArgumentError, NoSuchModuleError, TypeError, ImportError):
        raise StorageUnavailable("CHM_DATABASE_URL is not the address of an SQLite or PostgreSQL database") from None
    except OSError as error:
        said = "The folder for the database cannot be made or entered; set CHM_DATABASE_URL"
        raise StorageUnavailable(referenced(said, error)) from None


def embedded(file: Path, key: str | None) -> Engine:
    """An engine on the database in `file` under `key`, plain where it is None, of whatever version."""
    return _engine(URL.create("sqlite", database=str(file)), key)


def embedded_file() -> Path | None:
    """Where the embedded database lies, None where the database is another."""
    try:
        address = make_url(settings.database_url())
    except ArgumentError:
        return None
    known = address.get_backend_name() == "sqlite" and address.database
    return Path(address.database) if known and address.database and not address.query else None


def _engine(address: URL, key: str | None) -> Engine:
    given: dict[str, Any] = {"hide_parameters": True, "connect_args": {"timeout": PATIENCE}}
    engine = create_engine(address, **given) if key is None else create_engine(address, module=sqlcipher, **given)

    def connect(dialect: Dialect, entry: ConnectionPoolEntry, given: list[Any], named: dict[str, Any]) -> Any:
        connection = sqlcipher.connect(*given, **named)
        try:
            unlock(connection, str(key), str(given[0]))
        except BaseException:
            connection.close()
            raise
        return connection

    if key is not None:
        event.listen(engine, "do_connect", connect)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    version, mode = connection.execute("SELECT sqlite_version()").fetchone(), connection.execute("PRAGMA journal_mode")
    if mode.fetchone() == ("wal",) and tuple(map(int, version[0].split("."))) < WHOLE_WAL:
        raise StorageUnavailable(WAL)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("chm_begin", "BEGIN"))


def server(url: str, schema: str | None = None) -> Engine:
    """An engine on a PostgreSQL database, on the tables of `schema` where one is named."""
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
        given = address.query.get("options", "")
        options = f"{given if isinstance(given, str) else ' '.join(given)} -c lock_timeout={PATIENCE}s -c timezone=UTC"
        options += f" -c search_path={schema}" if schema else ""
        return create_engine(
            address,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"connect_timeout": PATIENCE, "options": options.strip()},
        )
    except (ArgumentError, ImportError):
        raise StorageUnavailable("CHM_DATABASE_URL is not the address of an SQLite or PostgreSQL database") from None
