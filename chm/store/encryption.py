"""SQLCipher: an embedded database under a key, and a plain one brought under it."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from chm.errors import StorageUnavailable

RAW = re.compile(r"[0-9a-fA-F]{64}")
CHUNK = 1 << 20
WRONG_KEY = "The key does not open the database: it is another database's key, or the file is damaged"
NOT_ENCRYPTED = (
    "A key is set and the database is not encrypted; stop the app, take a copy elsewhere, run `python -m chm encrypt`"
)


def secret(key: str) -> str:
    """`key` as SQLCipher takes it: 64 hexadecimal digits are the key itself, anything else is stretched into one."""
    return f"x'{key}'" if RAW.fullmatch(key) else key


def unlock(connection: Any, key: str, file: str) -> None:
    """Gives a fresh connection to `file` its key.

    Raises:
        StorageUnavailable: the key is not that of the file, or the file is not encrypted.
    """
    quoted = secret(key).replace("'", "''")
    connection.execute(f"PRAGMA key = '{quoted}'")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError as error:
        if "not a database" not in str(error):
            raise
        raise StorageUnavailable(NOT_ENCRYPTED if is_plain(file) else WRONG_KEY) from None


def is_plain(file: str) -> bool:
    """Whether `file` is a database that no key is needed for; read by SQLite itself, for its locks' sake."""
    try:
        with closing(_open(file)) as connection:
            return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone())
    except sqlcipher.DatabaseError:
        return False


def encrypt(file: Path, key: str) -> bool:
    """Brings a plain database under `key`: copied, compared row by row, put in its place, the plain file overwritten.

    Whatever fails before the copy is in place leaves the plain database as it was. False where it is encrypted already.

    Raises:
        StorageUnavailable: the database is in use, missing or damaged, or the copy is not the same.
        OSError: a file or the folder cannot be read or written.
    """
    plain, copy = file.with_name(file.name + ".plain"), file.with_name(file.name + ".encrypting")
    if not file.is_file():
        raise StorageUnavailable("There is no database to encrypt; `python -m chm prepare` makes one under the key")
    need_to_read(file)
    if not is_plain(str(file)):
        with opened(file, key):
            pass
        remove(copy)
        if plain.exists():
            _overwrite(plain)
        return False
    remove(copy)
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(_open(str(file))) as connection:
            _export(connection, copy, key)
            with opened(copy, key) as made:
                check(made)
            plain.unlink(missing_ok=True)
            os.link(file, plain)
            os.replace(copy, file)
            sync(file.parent)
            # Still locked: whoever had the plain file open may not write to it, and finds no database there afterwards.
            _overwrite(plain)
    except sqlcipher.Error as error:
        if "locked" in str(error):
            raise StorageUnavailable("The database is in use; stop the app first. Nothing was changed") from None
        raise StorageUnavailable("The database cannot be copied; it is damaged. Nothing was changed") from None
    finally:
        # In its place the copy has this name no more.
        remove(copy)
    return True


def need_to_read(file: Path) -> None:
    """Raises PermissionError where `file` may not be read, which SQLCipher does not tell from damage.

    It is not opened: that it is closed again would end the locks that this process has on it.
    """
    if not os.access(file, os.R_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def remove(file: Path) -> None:
    """Removes a database and what SQLite keeps beside it, as far as it is there and the system lets us."""
    for end in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            file.with_name(f"{file.name}{end}").unlink(missing_ok=True)


@contextmanager
def opened(file: Path, key: str) -> Iterator[Any]:
    """A connection to the encrypted `file`, outside any engine.

    Raises:
        StorageUnavailable: the key is not that of the file.
    """
    with closing(connect(file, key)) as connection:
        yield connection


def connect(file: Path, key: str | None) -> Any:
    """The same, for the caller to close; without a key where the file is plain."""
    connection = _open(str(file))
    try:
        if key is not None:
            unlock(connection, key, str(file))
    except BaseException:
        connection.close()
        raise
    return connection


def check(connection: Any) -> None:
    """Raises StorageUnavailable where SQLCipher or SQLite finds the database damaged, or a link leads nowhere."""
    damaged = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    damaged = damaged or [r for r in connection.execute("PRAGMA integrity_check") if r != ("ok",)]
    if damaged or connection.execute("PRAGMA foreign_key_check").fetchone():
        raise StorageUnavailable("The file is damaged; take another backup")


def sync(folder: Path) -> None:
    """Has the disk keep what was renamed in `folder`."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _open(file: str) -> Any:
    return sqlcipher.connect(file, timeout=5, isolation_level=None, uri=file.startswith("file:"))


def _export(connection: Any, copy: Path, key: str) -> None:
    """Copies all of a plain database, which stays locked while `connection` is open, and compares each row."""
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("ATTACH ? AS copied KEY ?", (str(copy), secret(key)))
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("SELECT sqlcipher_export('copied')")
    connection.execute("COMMIT")
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for one, other in (("main", "copied"), ("copied", "main")):
            asked = f'SELECT 1 FROM (SELECT * FROM {one}."{table}" EXCEPT SELECT * FROM {other}."{table}") LIMIT 1'
            if connection.execute(asked).fetchone():
                raise StorageUnavailable("The copy is not the same as the database; nothing was changed")
    connection.execute("DETACH copied")


def _overwrite(file: Path) -> None:
    """Writes zeros over `file` in its place and removes it. A filesystem may keep its old blocks all the same."""
    with open(file, "r+b", buffering=0) as content:
        left = os.fstat(content.fileno()).st_size
        while left > 0:
            left -= content.write(bytes(min(CHUNK, left)))
        os.fsync(content.fileno())
    file.unlink()
    sync(file.parent)
