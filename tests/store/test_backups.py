"""Backups and their restoring, on both databases and under load; what is stopped half way is never taken for one."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import inspect, make_url, text

from chm import settings, store
from chm.audit import check
from chm.casework import backups as commands
from chm.casework import database
from chm.errors import StorageUnavailable
from chm.records import Role, User, YoungPerson
from chm.store import audit, backups, encryption, people, users

ROOT = Path(__file__).resolve().parents[2]
KEY = "0f" * 32
JO = User("u-jo", "Jo Placeholder", "Early Help", frozenset({Role.PRACTITIONER}))
BIG = "Placeholder " * 400


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a database of our own that CHM_DATABASE_URL names, with a key, and twenty young people in it."""
    key = tmp_path / "key"
    key.write_text(KEY)
    key.chmod(0o600)
    monkeypatch.setenv("CHM_DATABASE_KEY_FILE", str(key))
    monkeypatch.delenv("CHM_BACKUP_KEY_FILE", raising=False)
    if request.param == "sqlite":
        url, name, server = f"sqlite:///{tmp_path / 'chm.sqlite3'}", "", ""
    else:
        if not shutil.which("pg_dump"):
            pytest.skip("no pg_dump")
        server, name = request.getfixturevalue("postgres_url"), f"chm_{uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
    monkeypatch.setenv("CHM_DATABASE_URL", url)
    engine = store.open_engine()
    store.upgrade(engine)
    with store.transaction(engine) as session:
        users.add(session, JO)
        for n in range(1, 21):
            people.add(session, YoungPerson(f"YP-{n:04d}", f"Heron {BIG[:150]}", "Merton", age=14))
            audit.add(session, datetime.now(UTC), "u-jo", "people.add", f"YP-{n:04d}", "")
    engine.dispose()
    yield url
    if name:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def state(engine: store.Engine) -> tuple[int, int, str | None]:
    """Young people, audit entries, what is wrong with the audit."""
    found = check(audit.whole_chain(engine))
    with store.transaction(engine, writing=False) as session:
        return session.scalar(text("SELECT count(*) FROM young_person")) or 0, found.count, found.fault


def now_held() -> tuple[int, int, str | None]:
    engine = store.open_engine()
    try:
        return state(engine)
    finally:
        engine.dispose()


def add_one(id: str) -> None:
    engine = store.open_engine()
    with store.transaction(engine) as session:
        people.add(session, YoungPerson(id, "Teal Placeholder", "Merton", age=14))
    engine.dispose()


def test_a_backup_restores_what_was_there_and_keeps_what_it_replaces(address: str, tmp_path: Path) -> None:
    file = tmp_path / "first.backup"
    made, left = commands.back_up(file)
    assert (made.entries, made.encrypted, left) == (21, True, [])
    assert file.stat().st_mode & 0o077 == 0
    assert b"Placeholder" not in file.read_bytes() and b"PGDMP" not in file.read_bytes()
    assert backups.read(file, KEY) == made
    add_one("YP-0021")
    with pytest.raises(StorageUnavailable, match="--replace"):
        commands.restore(file, replace=False)
    assert now_held() == (21, 21, None)
    again, kept, *_ = commands.restore(file, replace=True)
    assert again == made and kept
    assert list(backups.kept_beside(store.open_engine())) == [kept]
    assert now_held() == (20, 22, None)
    if "sqlite" in address:
        with encryption.opened(tmp_path / kept, KEY) as connection:
            assert connection.execute("SELECT count(*) FROM young_person").fetchone() == (21,)
    else:
        with store.open_engine().connect() as connected:
            assert connected.scalar(text(f"SELECT count(*) FROM {kept.removeprefix('schema ')}.young_person")) == 21
    with store.transaction(store.open_engine()) as session:
        assert [(e.operation, e.user) for e in audit.read(session, None, 2)] == [
            ("backups.restore", "command line"),
            ("backups.back_up", "command line"),
        ]
        people.add(session, YoungPerson("YP-0021", "Teal Placeholder", "Merton", age=14))
    second = commands.back_up(tmp_path / "second.backup")[0]
    assert (second.entries, now_held()) == (23, (21, 23, None))


def test_a_backup_goes_into_an_empty_place(address: str, tmp_path: Path) -> None:
    file = tmp_path / "first.backup"
    commands.back_up(file)
    if "sqlite" in address:
        (tmp_path / "chm.sqlite3").unlink()
    else:
        with store.open_engine().begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    assert commands.restore(file, replace=False)[1] is None
    assert now_held() == (20, 22, None)


def test_a_backup_has_a_key_of_its_own_where_one_is_set(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own key"
    own.write_text("a phrase for the backups, quite long")
    own.chmod(0o600)
    monkeypatch.setenv("CHM_BACKUP_KEY_FILE", str(own))
    file = tmp_path / "first.backup"
    commands.back_up(file)
    with pytest.raises(StorageUnavailable) as said:
        backups.read(file, KEY)
    assert str(said.value) == backups.NO_BACKUP
    commands.restore(file, replace=True)
    assert now_held() == (20, 22, None)


def test_no_backup_is_written_over(address: str, tmp_path: Path) -> None:
    file = tmp_path / "first.backup"
    file.write_bytes(b"kept")
    with pytest.raises(StorageUnavailable, match="no backup is written over"):
        commands.back_up(file)
    assert file.read_bytes() == b"kept"
    with pytest.raises(StorageUnavailable, match="check the folder"):
        commands.back_up(tmp_path / "none" / "first.backup")


def test_what_is_no_whole_backup_is_refused_and_nothing_changes(address: str, tmp_path: Path) -> None:
    file = tmp_path / "first.backup"
    commands.back_up(file)
    whole, dice = file.read_bytes(), random.Random(5)
    harmed = [whole[: len(whole) // 2], whole[:-4096], b"", b"words" * 2000, whole[:4096]]
    for _ in range(6):
        at = dice.randrange(len(whole))
        harmed.append(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    before = now_held()
    for n, content in enumerate(harmed):
        bad = tmp_path / f"{n}.backup"
        bad.write_bytes(content)
        with pytest.raises(StorageUnavailable, match="not a whole backup|damaged|cannot read the backup"):
            commands.restore(bad, replace=True)
    with pytest.raises(StorageUnavailable, match="no such file"):
        commands.restore(tmp_path / "none", replace=True)
    assert now_held() == before


def test_a_database_is_no_backup_of_itself(address: str, tmp_path: Path) -> None:
    if "sqlite" in address:
        with pytest.raises(StorageUnavailable) as said:
            commands.restore(tmp_path / "chm.sqlite3", replace=True)
        assert str(said.value) == backups.NO_BACKUP


def test_a_backup_whose_audit_was_changed_is_refused(address: str, tmp_path: Path) -> None:
    engine = store.open_engine()
    with engine.begin() as connection:
        connection.execute(text("UPDATE audit SET record = 'YP-9999' WHERE id = 7"))
    engine.dispose()
    file = tmp_path / "first.backup"
    with pytest.raises(StorageUnavailable, match="The audit in the backup does not hold: Entry 7 was changed"):
        commands.back_up(file)
        commands.restore(file, replace=True)
    assert now_held()[0] == 20


def test_a_newer_schema_and_the_other_kind_are_refused(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "first.backup"
    commands.back_up(file)
    other = "postgresql://127.0.0.1:1/chm" if "sqlite" in address else f"sqlite:///{tmp_path / 'x.sqlite3'}"
    with monkeypatch.context() as patched:
        patched.setenv("CHM_DATABASE_URL", other)
        with pytest.raises(StorageUnavailable, match="set CHM_DATABASE_URL to one"):
            commands.restore(file, replace=True)
    with encryption.opened(file, KEY) as connection:
        connection.execute("UPDATE backup SET revision = '9999'")
    with pytest.raises(StorageUnavailable, match="newer version"):
        commands.restore(file, replace=True)


def test_without_a_key_no_backup_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHM_DATABASE_URL", f"sqlite:///{tmp_path / 'chm.sqlite3'}")
    monkeypatch.setattr("chm.settings._held", {})
    for name in ("CHM_DATABASE_KEY", "CHM_DATABASE_KEY_FILE", "CHM_BACKUP_KEY", "CHM_BACKUP_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    store.upgrade(store.open_engine())
    with pytest.raises(StorageUnavailable, match="No key is set"):
        commands.back_up(tmp_path / "first.backup")
    monkeypatch.setenv("CHM_BACKUP_KEY", KEY)
    made, _ = commands.back_up(tmp_path / "first.backup")
    assert not made.encrypted
    commands.restore(tmp_path / "first.backup", replace=True)
    assert sqlite3.connect(tmp_path / "chm.sqlite3").execute("SELECT count(*) FROM audit").fetchone() == (2,)


def test_an_encrypted_database_is_not_restored_plain(
    sqlite_engine: store.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chm.settings._held", {"CHM_DATABASE_KEY": KEY})
    monkeypatch.setenv("CHM_DATABASE_URL", f"sqlite:///{tmp_path / 'chm.sqlite3'}")
    store.upgrade(store.open_engine())
    commands.back_up(tmp_path / "first.backup")
    (tmp_path / "chm.sqlite3").unlink()
    monkeypatch.setattr("chm.settings._held", {"CHM_BACKUP_KEY": KEY})
    with pytest.raises(StorageUnavailable, match="of an encrypted database"):
        commands.restore(tmp_path / "first.backup", replace=False)
    assert not (tmp_path / "chm.sqlite3").exists()


def said_after(first: Callable[[], object], work: Callable[[], object]) -> str:
    """What `work` says that fails in a process of its own after `first`."""
    heard, said = os.pipe()
    if (child := os.fork()) == 0:
        try:
            first()
            work()
        except StorageUnavailable as fault:
            os.write(said, str(fault).encode())
        finally:
            os._exit(0)
    os.close(said)
    with os.fdopen(heard) as answer:
        words = answer.read()
    os.waitpid(child, 0)
    return words


def nobody() -> None:
    os.setuid(65534)


def encrypt() -> None:
    settings._held["CHM_DATABASE_KEY"] = KEY
    database.encrypt()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_what_may_not_be_read_or_written_is_said_and_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not a folder of pytest's, which nobody else may enter.
    with TemporaryDirectory() as made:
        folder, locked = Path(made), Path(made) / "locked"
        folder.chmod(0o755)
        locked.mkdir(0o700)
        monkeypatch.setattr("chm.settings._held", {"CHM_BACKUP_KEY": KEY})
        for name in ("CHM_DATABASE_KEY", "CHM_DATABASE_KEY_FILE", "CHM_BACKUP_KEY_FILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("CHM_DATABASE_URL", f"sqlite:///{folder / 'chm.sqlite3'}")
        store.upgrade(store.open_engine())
        commands.back_up(folder / "first.backup")
        shutil.copy(folder / "first.backup", folder / "open.backup")
        (folder / "open.backup").chmod(0o644)
        (folder / "chm.sqlite3").chmod(0o600)
        address, now = str(store.open_engine().url), datetime.now(UTC)
        tried = {
            "The backup cannot be read": (
                lambda: backups.read(folder / "first.backup", KEY),
                lambda: backups.read(locked / "first.backup", KEY),
                lambda: commands.restore(folder / "first.backup", replace=True),
            ),
            "The backup cannot be written": (
                lambda: backups.back_up(address, folder / "second.backup", KEY, now),
                lambda: backups.back_up(address, locked / "second.backup", KEY, now),
            ),
            "The database cannot be read or written": (lambda: commands.restore(folder / "open.backup", replace=True),),
            "The database cannot be encrypted": (encrypt,),
        }
        for says, works in tried.items():
            for work in works:
                words, _, reference = said_after(nobody, work).partition(" (reference for whoever keeps the server: ")
                assert words == (
                    f"{says} (Permission denied); the user that the service runs as needs the right to the file and "
                    "its folder"
                )
                assert len(reference) == 9
        assert sorted(p.name for p in folder.iterdir()) == ["chm.sqlite3", "first.backup", "locked", "open.backup"]


def test_a_full_disk_is_not_called_damage(address: str, tmp_path: Path) -> None:
    if "sqlite" in address:
        file = tmp_path / "first.backup"
        commands.back_up(file)
        before = now_held()
        said = said_after(
            lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
            lambda: commands.restore(file, replace=True),
        )
        assert said.startswith(
            "The database cannot be written; nothing was changed. Look whether the disk is full (ref"
        )
        assert (now_held(), beside()) == (before, {})


def killed_in(part: str, instead: Callable[..., object], file: Path) -> None:
    """Restores `file` in a process of its own that is killed once it has done `instead` of `part`."""
    if (child := os.fork()) == 0:
        try:

            def do_and_die(*given: Any) -> None:
                instead(*given)
                os.kill(os.getpid(), signal.SIGKILL)

            backups._listed = lambda connection: None
            setattr(backups, part, do_and_die)
            commands.restore(file, replace=True)
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def schemas() -> set[str]:
    """The schemas there are, once nobody else is connected."""
    others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
    engine = store.open_engine()
    # Within a transaction the server would say the same each time.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(text(others)):
            time.sleep(0.05)
        found = set(inspect(connection).get_schema_names())
    engine.dispose()
    return found


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_load_into_a_server_that_is_killed_changes_nothing(address: str, tmp_path: Path, share: float) -> None:
    if "postgres" in address:
        file, script = tmp_path / "first.backup", list[bytes]()
        commands.back_up(file)
        with encryption.opened(file, KEY) as connection:
            backups._restored(connection, "pg_restore", script.append)
        whole = b"".join(script)
        # To the end of a statement: nothing but the commit that is not there keeps the half from standing.
        half = whole[: whole.rindex(b";\n", 0, int(len(whole) * share)) + 2]
        assert b"CREATE TABLE" in half
        before = (schemas(), now_held())
        killed_in("_restored", lambda connection, program, write: write(half), file)
        assert (schemas(), now_held()) == before


def beside() -> dict[str, str]:
    engine = store.open_engine()
    try:
        return backups.kept_beside(engine)
    finally:
        engine.dispose()


@pytest.mark.parametrize("fault", [StorageUnavailable("not ready"), KeyboardInterrupt()])
def test_a_restore_that_fails_leaves_no_copy(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    file = tmp_path / "first.backup"
    commands.back_up(file)
    before, seen = now_held(), list[str]()

    def fail(*given: object) -> None:
        seen.extend(beside())
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(backups, "_ready", fail)
        with pytest.raises(type(fault)):
            commands.restore(file, replace=True)
    assert len(seen) == 1 and "restoring" in seen[0]
    assert (beside(), now_held()) == ({}, before)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name not in ("first.backup", "key")) == (
        ["chm.sqlite3"] if "sqlite" in address else []
    )


def test_a_database_in_use_is_not_replaced_and_no_copy_is_left(address: str, tmp_path: Path) -> None:
    if "sqlite" in address:
        commands.back_up(tmp_path / "first.backup")
        with encryption.opened(tmp_path / "chm.sqlite3", KEY) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageUnavailable, match="is in use"):
                commands.restore(tmp_path / "first.backup", replace=True)
        assert sorted(p.name for p in tmp_path.iterdir()) == ["chm.sqlite3", "first.backup", "key"]


def test_a_copy_that_a_killed_restore_leaves_is_named_and_the_next_takes_it_away(address: str, tmp_path: Path) -> None:
    file = tmp_path / "first.backup"
    commands.back_up(file)
    before = now_held()
    killed_in("_ready", lambda *given: None, file)
    ((name, what),) = beside().items()
    if "sqlite" in address:
        assert (name, what) == ("chm.sqlite3.restoring", "left by a restore that was stopped: delete the file")
        (tmp_path / "chm.sqlite3.restoring-wal").write_bytes(b"left")
    else:
        schema = name.removeprefix("schema ")
        assert schemas() == {"information_schema", "public", schema}
        assert what == f"left by a restore that was stopped: run `DROP SCHEMA {schema} CASCADE`"
    assert now_held() == before
    kept = commands.restore(file, replace=True).kept
    assert list(beside()) == [kept]


def test_a_missing_tool_is_named(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "postgres" in address:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(StorageUnavailable, match="pg_dump is not installed"):
            commands.back_up(tmp_path / "first.backup")
        assert not (tmp_path / "first.backup").exists()


def test_a_password_is_in_no_argument() -> None:
    seen = backups._run(
        sys.executable,
        "postgresql://jo:secret@nowhere:5/chm?sslmode=require",
        [],
        stdin=subprocess.DEVNULL,
    )
    seen.kill()
    seen.wait()
    assert seen.args == [sys.executable, "--dbname=sslmode=require host=nowhere port=5 user=jo dbname=chm"]


class Writers:
    """Threads that each add young people, an audit entry with each, until told to stop; what was acknowledged."""

    def __init__(self, number: int) -> None:
        self.stop, self.faults = threading.Event(), list[Exception]()
        self.saved: list[str] = []
        self.threads = [threading.Thread(target=self._write, args=(n,)) for n in range(number)]

    def _write(self, writer: int) -> None:
        engine, n = store.open_engine(), 0
        while not self.stop.wait(0.002):  # Without a pause, whoever else writes may starve on a busy machine.
            id, n = f"YP-{1000 + writer * 100_000 + n}", n + 1
            try:
                with store.transaction(engine) as session:
                    people.add(session, YoungPerson(id, BIG[:150], "Merton", age=14))
                    audit.add(session, datetime.now(UTC), "u-jo", "people.add", id, "")
            except StorageUnavailable as fault:
                self.faults.append(fault)
            else:
                self.saved.append(id)
        engine.dispose()

    def __enter__(self) -> Writers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *ended: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


def test_a_backup_under_load_is_of_one_moment_and_restores(address: str, tmp_path: Path) -> None:
    made = []
    with Writers(4) as writers:
        for n in range(3):
            time.sleep(0.3)
            acknowledged = len(writers.saved)
            made.append((commands.back_up(tmp_path / f"{n}.backup")[0], acknowledged, len(writers.saved)))
    assert writers.faults == []
    assert len(writers.saved) > 20
    for n, (backup, least, most) in enumerate(made):
        commands.restore(tmp_path / f"{n}.backup", replace=True)
        young_people, entries, fault = now_held()
        assert fault is None
        # An entry for each young person, one for each backup up to this, one for the restoring.
        assert entries == young_people + n + 1 + 1 == backup.entries + 1
        assert 20 + least <= young_people <= 20 + most + 4


def kill_while_backing_up(tmp_path: Path, times: int, seed: int) -> list[Path]:
    """Kills a backup while its part is being written, or just after; those that were there whole all the same."""
    dice, whole = random.Random(seed), list[Path]()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for n in range(times):
        target = tmp_path / f"killed-{n}.backup"
        given = [sys.executable, "-m", "chm", "backup", str(target)]
        running = subprocess.Popen(given, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while running.poll() is None and not backups.left_over(target) and not target.exists():
            time.sleep(0.001)
        time.sleep(dice.random() * 0.15)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        before = now_held()
        assert before[2] is None
        for file in [*([target] if target.exists() else []), *backups.left_over(target)]:
            try:
                found = backups.read(file, KEY)
            except StorageUnavailable:
                assert file != target, "a half file has a backup's name"
                continue
            assert found.entries <= before[1]
            whole.append(file)
    return whole


def test_a_backup_that_is_killed_leaves_no_half_file(address: str, tmp_path: Path) -> None:
    kill_while_backing_up(tmp_path, 3, seed=1)
    left = tmp_path / "killed-0.backup.0123abcd.part"
    left.write_bytes(b"half")
    (tmp_path / "killed-0.backup").unlink(missing_ok=True)
    assert left.name in commands.back_up(tmp_path / "killed-0.backup")[1]


@pytest.mark.soak
def test_twenty_backups_that_are_killed_leave_no_half_file(address: str, tmp_path: Path) -> None:
    with Writers(2) as writers:
        whole = kill_while_backing_up(tmp_path, 20, seed=2)
    assert (writers.faults, len(writers.saved) > 20) == ([], True)
    held = now_held()
    assert (held[0], held[2]) == (20 + len(writers.saved), None)
    for file in whole:
        commands.restore(file, replace=True)
        assert now_held()[2] is None
