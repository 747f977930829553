"""Backups: one encrypted file each, whole or not there; of an embedded database and of one on a server alike.

The file is an SQLCipher database: the tables themselves, or what `pg_dump` wrote, in parts; and `backup`, written last.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine, inspect, make_url, text
from sqlcipher3 import dbapi2 as sqlcipher

from chm import settings
from chm.audit import START, Head, check
from chm.errors import StorageUnavailable
from chm.fault_log import referenced
from chm.store import audit, encryption
from chm.store.database import embedded, server
from chm.store.schema import NEWER, known, revision, upgrade
from chm.store.transactions import PREPARE, plainly, refused, transaction

PART = 1 << 20
ASIDE = ("before_*", "restoring_*")
STAGED = re.compile(r"restoring_\d{8}_\d{6}_[0-9a-f]{6}")
KEPT, STOPPED = "kept by a restore", "left by a restore that was stopped"
ENCRYPTING = "left by an encryption that was stopped: run `python -m chm encrypt` again"
# How the names of files beside a database go on that hold what it holds, what they are, and what takes them away.
BESIDE = {
    ".before-": f"{KEPT}: delete the file",
    ".restoring": f"{STOPPED}: delete the file",
    ".plain": ENCRYPTING,
    ".encrypting": ENCRYPTING,
}
SCHEMAS_BESIDE = {"before_": KEPT, "restoring_": STOPPED}
NO_BACKUP = "The file is not a whole backup of this product, or not under this key, or damaged; take another"


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself: `entries` and `digest` are the head of its audit, `revision` that of its schema."""

    server: bool
    encrypted: bool
    made_at: datetime
    revision: str
    entries: int
    digest: str


def back_up(url: str, target: Path, key: str, now: datetime) -> Backup:
    """Writes a backup of the database at `url`, as it is at one moment, whoever goes on writing; it is then read back.

    Raises:
        StorageUnavailable: `target` is there already, the database cannot be read, or a tool is missing.
    """
    part = target.with_name(f"{target.name}.{token_hex(4)}.part")
    try:
        if target.exists():
            raise StorageUnavailable(f"{target.name} is there already; no backup is written over, give another name")
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        made = _dump(url, part, key, now) if url.startswith("postgres") else _copy(url, part, key, now)
        if read(part, key) != made:
            raise StorageUnavailable("The backup does not read as it was written; nothing was kept")
        _put(part, target)
    except OSError as error:
        raise refused("The backup cannot be written", error) from None
    finally:
        for left in (part, part.with_name(f"{part.name}-journal")):
            # What cannot be taken away is named by `left_over`; it must not hide what went wrong before.
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return made


def left_over(target: Path) -> list[Path]:
    """What backups to `target` that were stopped left behind; none of it is a backup."""
    with suppress(OSError):
        return sorted(target.parent.glob(f"{target.name}.????????.part"))
    return []


def read(file: Path, key: str) -> Backup:
    """What the backup `file` says of itself, once all of it was found whole, its audit included.

    Raises:
        StorageUnavailable: it is damaged, under another key, of a newer version, or no backup at all.
    """
    with _opened(file, key) as connection:
        encryption.check(connection)
        *flags, made_at, version, entries, digest = connection.execute("SELECT * FROM backup").fetchone()
        if version not in known():
            raise StorageUnavailable(NEWER)
        backup = Backup(bool(flags[0]), bool(flags[1]), datetime.fromisoformat(made_at), version, entries, digest)
        if backup.server:
            _listed(connection)
    if not backup.server:
        _audited(embedded(file, key), backup)
    return backup


def restore(
    url: str, file: Path, key: str, now: datetime, *, replace: bool, then: Callable[[Engine], None]
) -> tuple[Backup, str | None]:
    """Puts a backup in the place of the database at `url`, brought to this version; what was there is kept beside it.

    All is made ready apart, and `then` called on it, before it takes its place at once.

    Returns:
        The backup, and what the database that was there is called now, None where there was none.

    Raises:
        StorageUnavailable: as `read`; or there is a database and `replace` is False; or it is of the other kind.
    """
    backup = read(file, key)
    if backup.server != url.startswith("postgres"):
        kind = "a PostgreSQL" if backup.server else "an embedded"
        raise StorageUnavailable(f"The backup is of {kind} database; set CHM_DATABASE_URL to one")
    stamp = f"{now.astimezone(UTC):%Y%m%d_%H%M%S}_{token_hex(3)}"
    put = _restore_server if backup.server else _restore_embedded
    try:
        return backup, put(url, file, key, backup, stamp, replace, then)
    except OSError as error:
        raise refused("The database cannot be read or written", error) from None


def _copy(url: str, part: Path, key: str, now: datetime) -> Backup:
    file, own = Path(make_url(url).database or ""), settings.database_key()
    if not file.is_file():
        raise StorageUnavailable(PREPARE)
    with _sqlcipher(), closing(encryption.connect(file, own)) as connection:
        connection.execute("ATTACH ? AS copied KEY ?", (str(part), encryption.secret(key)))
        connection.execute("BEGIN")
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        last = connection.execute("SELECT id, digest FROM audit ORDER BY id DESC LIMIT 1").fetchone()
        connection.execute("SELECT sqlcipher_export('copied')")
        made = Backup(False, own is not None, now, version, *(last or (0, START)))
        _sign(connection, "copied", made)
        connection.execute("COMMIT")
    return made


def _dump(url: str, part: Path, key: str, now: datetime) -> Backup:
    program, engine = _tool("pg_dump"), server(url)
    with plainly(), engine.connect() as snapshot, _sqlcipher(), encryption.opened(part, key) as connection:
        snapshot = snapshot.execution_options(isolation_level="REPEATABLE READ")
        version = revision(snapshot)
        if version is None:
            raise StorageUnavailable(PREPARE)
        last = snapshot.execute(text("SELECT id, digest FROM audit ORDER BY id DESC LIMIT 1")).first()
        name = snapshot.scalar(text("SELECT pg_export_snapshot()"))
        made = Backup(True, True, now, version, *(last or (0, START)))
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE part (number INTEGER PRIMARY KEY, content BLOB NOT NULL)")
        given = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}"]
        given += [f"--exclude-schema={pattern}" for pattern in ASIDE]
        with _run(program, url, given, stdout=subprocess.PIPE) as dumping:
            for number, content in enumerate(_chunks(dumping.stdout), 1):
                connection.execute("INSERT INTO part VALUES (?, ?)", (number, content))
        if dumping.returncode:
            raise StorageUnavailable("pg_dump did not finish; it must be of the server's version or later")
        _sign(connection, "main", made)
        connection.execute("COMMIT")
    engine.dispose()
    return made


def _sign(connection: Any, schema: str, made: Backup) -> None:
    """Writes what the backup says of itself: without it, a file is none."""
    connection.execute(
        f"CREATE TABLE {schema}.backup (server INTEGER, encrypted INTEGER, made_at TEXT, revision TEXT, "
        "entries INTEGER, digest TEXT)"
    )
    values = (made.server, made.encrypted, made.made_at.isoformat(), made.revision, made.entries, made.digest)
    connection.execute(f"INSERT INTO {schema}.backup VALUES (?, ?, ?, ?, ?, ?)", values)


def _put(part: Path, target: Path) -> None:
    """Gives the finished file its name, never over another."""
    handle = os.open(part, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    os.link(part, target)
    encryption.sync(target.parent)


@contextmanager
def _opened(file: Path, key: str) -> Iterator[Any]:
    try:
        if not file.is_file():
            raise StorageUnavailable("There is no such file; check its name")
        encryption.need_to_read(file)
    except OSError as error:
        raise refused("The backup cannot be read", error) from None
    try:
        with encryption.opened(file, key) as connection:
            connection.execute("SELECT * FROM backup").fetchone()
            yield connection
    except sqlcipher.Error:
        raise StorageUnavailable(NO_BACKUP) from None
    except StorageUnavailable as fault:
        if str(fault) in (encryption.WRONG_KEY, encryption.NOT_ENCRYPTED):
            raise StorageUnavailable(NO_BACKUP) from None
        raise


@contextmanager
def _sqlcipher() -> Iterator[None]:
    try:
        yield
    except sqlcipher.Error as error:
        said = str(error)
        if "locked" in said:
            plain = "The database is in use and did not come free; try again"
        else:
            plain = PREPARE if "no such table" in said else "The backup cannot be written"
        raise StorageUnavailable(referenced(plain, error)) from None


def _audited(engine: Engine, backup: Backup) -> None:
    """Raises StorageUnavailable where the audit does not hold up to the head that the backup names."""
    try:
        found = check(audit.whole_chain(engine), [Head(backup.digest, backup.entries, backup.made_at)])
    finally:
        engine.dispose()
    if found.fault:
        raise StorageUnavailable(f"The audit in the backup does not hold: {found.fault}")


def _restore_embedded(
    url: str, file: Path, key: str, backup: Backup, stamp: str, replace: bool, then: Callable[[Engine], None]
) -> str | None:
    target, own = Path(make_url(url).database or ""), settings.database_key()
    if own is None and backup.encrypted:
        raise StorageUnavailable("The backup is of an encrypted database; set CHM_DATABASE_KEY_FILE to restore it")
    there = target.is_file() and target.stat().st_size > 0
    if there and not replace:
        raise StorageUnavailable("There is a database already; with --replace it is kept beside the restored one")
    if there:
        # It could not tell who was deleted, as one that is damaged cannot.
        encryption.need_to_read(target)
    staged = target.with_name(f"{target.name}.restoring")
    encryption.remove(staged)
    try:
        _take_in(staged, file, key, own)
        engine = embedded(staged, own)
        try:
            _ready(engine, backup, then)
        finally:
            engine.dispose()
        if not there:
            _replaced(staged, target)
            return None
        kept = target.with_name(f"{target.name}.before-{stamp}")
        with _locked(target, own):
            os.link(target, kept)
            journal = target.with_name(f"{target.name}-journal")
            if journal.exists():
                # Left by a database that no longer opens: SQLite would play it back into the one restored.
                journal.rename(kept.with_name(f"{kept.name}-journal"))
            _replaced(staged, target)
        return kept.name
    finally:
        # In its place it has this name no more.
        encryption.remove(staged)


def _take_in(staged: Path, file: Path, key: str, own: str | None) -> None:
    """Makes a database under our own key of the backup `file`."""
    os.close(os.open(staged, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with _opened(file, key) as connection:
        try:
            connection.execute("ATTACH ? AS staged KEY ?", (str(staged), encryption.secret(own) if own else ""))
            connection.execute("BEGIN")
            connection.execute("SELECT sqlcipher_export('staged')")
            connection.execute("DROP TABLE staged.backup")
            connection.execute("COMMIT")
        except sqlcipher.Error as error:
            # The backup was found whole before this.
            said = "The database cannot be written; nothing was changed. Look whether the disk is full"
            raise StorageUnavailable(referenced(said, error)) from None


def kept_beside(engine: Engine) -> dict[str, str]:
    """Databases beside this one that hold what is deleted since: by name, what each is and what takes it away."""
    if engine.dialect.name == "sqlite":
        file = Path(engine.url.database or "")
        names = sorted(f.name for f in file.parent.iterdir())
        said = {f"{file.name}{end}": what for end, what in BESIDE.items()}
        return {name: what for name in names for start, what in said.items() if name.startswith(start)}
    return {
        f"schema {name}": f"{what}: run `DROP SCHEMA {name} CASCADE`"
        for name in sorted(inspect(engine).get_schema_names())
        for start, what in SCHEMAS_BESIDE.items()
        if name.startswith(start)
    }


@contextmanager
def _locked(file: Path, key: str | None) -> Iterator[None]:
    """Keeps everybody else from writing; a file that does not open, as one that is damaged, needs no lock."""
    try:
        connection = encryption.connect(file, key)
    except (StorageUnavailable, sqlcipher.Error):
        yield
        return
    with closing(connection), _sqlcipher():
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlcipher.DatabaseError as error:
            if "locked" in str(error):
                raise
        yield


def _replaced(staged: Path, target: Path) -> None:
    os.replace(staged, target)
    encryption.sync(target.parent)


def _restore_server(
    url: str, file: Path, key: str, backup: Backup, stamp: str, replace: bool, then: Callable[[Engine], None]
) -> str | None:
    engine, staging, kept = server(url), f"restoring_{stamp}", f"before_{stamp}"
    with plainly(), engine.connect() as connection:
        there = bool(inspect(connection).get_table_names(schema="public"))
        left = [name for name in inspect(connection).get_schema_names() if STAGED.fullmatch(name)]
    if there and not replace:
        raise StorageUnavailable("There is a database already; with --replace it is kept beside the restored one")
    _drop(engine, left)
    try:
        _load(url, file, key, staging)
        ready = server(url, staging)
        try:
            _ready(ready, backup, then)
        finally:
            ready.dispose()
        with plainly(), engine.begin() as connection:
            connection.execute(text(f"ALTER SCHEMA public RENAME TO {kept}" if there else "DROP SCHEMA public"))
            connection.execute(text(f"ALTER SCHEMA {staging} RENAME TO public"))
    except BaseException:
        _drop(engine, [staging])
        raise
    finally:
        engine.dispose()
    return f"schema {kept}" if there else None


def _drop(engine: Engine, schemas: list[str]) -> None:
    """Takes away what a restore left; what it cannot take away, `kept_beside` names."""
    with suppress(StorageUnavailable), plainly(), engine.begin() as connection:
        for name in schemas:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))


def _load(url: str, file: Path, key: str, schema: str) -> None:
    """Fills `schema` from the parts in one transaction, which stands only if `pg_restore` came to its end."""
    restoring, loading = _tool("pg_restore"), _tool("psql")
    # Not `--single-transaction`: psql would commit half of it where this process is killed and the pipe ends.
    before = f"BEGIN; ALTER SCHEMA public RENAME TO {schema}_; CREATE SCHEMA public;\n"
    after = f"\nALTER SCHEMA public RENAME TO {schema}; ALTER SCHEMA {schema}_ RENAME TO public; COMMIT;\n"
    quiet = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with _run(loading, url, quiet, stdin=subprocess.PIPE) as psql:
        assert psql.stdin
        try:
            psql.stdin.write(before.encode())
            with _opened(file, key) as connection:
                _restored(connection, restoring, psql.stdin.write)
            psql.stdin.write(after.encode())
            psql.stdin.close()
        except BrokenPipeError:
            pass
        except BaseException:
            psql.kill()
            raise
    if psql.returncode:
        raise StorageUnavailable("psql did not take the backup in; nothing was changed. Check the user's rights")


def _listed(connection: Any) -> None:
    """Raises StorageUnavailable where `pg_restore` cannot read all of the parts."""
    _restored(connection, _tool("pg_restore"), lambda script: None)


def _restored(connection: Any, program: str, write: Callable[[bytes], object]) -> None:
    """Has `pg_restore` make its script of the parts, and gives it to `write`."""
    given = [program, "--no-owner", "--no-privileges", "--file=-"]
    with subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as restoring:
        assert restoring.stdin and restoring.stdout
        parts = [number for (number,) in connection.execute("SELECT number FROM part ORDER BY number")]
        script = threading.Thread(target=_pass_on, args=(restoring.stdout, write), daemon=True)
        script.start()
        try:
            for number in parts:
                (content,) = connection.execute("SELECT content FROM part WHERE number = ?", (number,)).fetchone()
                restoring.stdin.write(content)
            restoring.stdin.close()
        except BrokenPipeError:
            pass
        script.join()
    if restoring.returncode or parts != list(range(1, len(parts) + 1)) or not parts:
        raise StorageUnavailable("pg_restore cannot read the backup; it must be of pg_dump's version or later")


def _chunks(pipe: IO[bytes] | None) -> Iterator[bytes]:
    while pipe and (content := pipe.read(PART)):
        yield content


def _pass_on(script: IO[bytes], write: Callable[[bytes], object]) -> None:
    taken = True
    for content in _chunks(script):
        if taken:
            try:
                write(content)
            except (BrokenPipeError, ValueError):
                taken = False


def _ready(engine: Engine, backup: Backup, then: Callable[[Engine], None]) -> None:
    """Brings what was taken in to this version, and holds its audit against the backup's head."""
    found = check(audit.whole_chain(engine), [Head(backup.digest, backup.entries, backup.made_at)])
    if found.fault:
        raise StorageUnavailable(f"The audit in the backup does not hold: {found.fault}")
    upgrade(engine)
    then(engine)
    with transaction(engine) as session:
        why = f"backup of {backup.made_at:%Y-%m-%d %H:%M} UTC, {backup.entries} entries"
        audit.add(session, datetime.now(UTC), "command line", "backups.restore", "", why)


def _tool(name: str) -> str:
    if found := shutil.which(name):
        return found
    raise StorageUnavailable(
        f"{name} is not installed here; install PostgreSQL's client programs of the server's version"
    )


def _run(program: str, url: str, given: list[str], **pipes: Any) -> subprocess.Popen[bytes]:
    """Starts one of PostgreSQL's programs; a password goes into its environment, for all may read arguments."""
    address = make_url(url)
    named: dict[str, Any] = {k: v if isinstance(v, str) else ",".join(v) for k, v in address.query.items()}
    said = {"host": address.host, "port": address.port, "user": address.username, "dbname": address.database}
    named |= {k: v for k, v in said.items() if v is not None}
    password = named.pop("password", None) or address.password
    where = make_conninfo("", **named)
    own = {k: v for k, v in os.environ.items() if not k.startswith("CHM_")}
    own |= {"PGPASSWORD": password} if password else {}
    return subprocess.Popen([program, f"--dbname={where}", *given], env=own, stderr=subprocess.DEVNULL, **pipes)
