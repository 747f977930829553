"""The embedded database under a key: what is on the disk, wrong keys, bringing a plain one under it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlcipher3 import dbapi2 as sqlcipher

from chm import settings, store
from chm.errors import Faults, StorageUnavailable
from chm.records import Role, User, YoungPerson
from chm.store import backups, encryption, people, users

JO = User("u-jo", "Jo Placeholder", "Early Help", frozenset({Role.PRACTITIONER}))
HERON = YoungPerson("YP-0001", "Heron Placeholder", "Merton", age=14)
KEYS = {"raw": "0f" * 32, "passphrase": 'a long "passphrase" that isn\'t short'}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the embedded database is, once it is made; no key is set."""
    monkeypatch.setenv("CHM_DATABASE_URL", f"sqlite:///{tmp_path / 'chm.sqlite3'}")
    monkeypatch.setattr("chm.settings._held", {})
    for name in ("CHM_DATABASE_KEY", "CHM_DATABASE_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "chm.sqlite3"


def set_key(monkeypatch: pytest.MonkeyPatch, file: Path, key: str) -> None:
    kept = file.with_name("key")
    kept.write_text(f"{key}\n")
    kept.chmod(0o600)
    monkeypatch.setenv("CHM_DATABASE_KEY_FILE", str(kept))


def filled() -> store.Engine:
    engine = store.open_engine()
    store.upgrade(engine)
    with store.transaction(engine) as session:
        users.add(session, JO)
        people.add(session, HERON)
    return engine


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_under_a_key_nothing_can_be_read_off_the_disk(file: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    set_key(monkeypatch, file, key)
    filled().dispose()
    content = file.read_bytes()
    assert len(content) > 100_000
    assert b"SQLite format" not in content and b"Placeholder" not in content and b"young_person" not in content
    engine = store.open_engine()
    with store.transaction(engine, writing=False) as session:
        assert people.get(session, "YP-0001") == HERON
    with engine.connect() as connection:
        asked = ("foreign_keys", "synchronous", "journal_mode", "secure_delete", "temp_store", "trusted_schema")
        assert [connection.scalar(text(f"PRAGMA {p}")) for p in asked] == [1, 2, "delete", 1, 2, 0]
        assert str(connection.scalar(text("PRAGMA cipher_version"))).startswith("4.")
    assert key not in repr(engine.url)


def test_the_journal_is_under_the_key_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_key(monkeypatch, file, KEYS["raw"])
    with store.transaction(filled()) as session:
        session.execute(text("UPDATE young_person SET name = 'x'"))
        session.execute(text("PRAGMA cache_spill = 1"))
        journal = file.with_name("chm.sqlite3-journal").read_bytes()
    assert len(journal) >= 512
    assert b"Placeholder" not in journal


def test_a_wrong_key_says_so_and_is_not_repeated(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_key(monkeypatch, file, KEYS["raw"])
    filled().dispose()
    before = file.read_bytes()
    wrong = "another key that is long enough for us"
    set_key(monkeypatch, file, wrong)
    with pytest.raises(StorageUnavailable) as said:
        store.open_engine()
    assert str(said.value) == encryption.WRONG_KEY
    monkeypatch.delenv("CHM_DATABASE_KEY_FILE")
    with pytest.raises(StorageUnavailable, match="encrypted and no key is set"):
        store.open_engine()
    assert file.read_bytes() == before


def test_a_plain_database_is_refused_under_a_key_and_encrypted_on_request(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled().dispose()
    os.chmod(file, 0o644)
    set_key(monkeypatch, file, KEYS["passphrase"])
    with pytest.raises(StorageUnavailable) as said:
        store.open_engine()
    assert str(said.value) == encryption.NOT_ENCRYPTED
    with open(file, "rb") as plain:
        assert b"Heron Placeholder" in plain.read()
        assert store.encrypt(file, KEYS["passphrase"])
        plain.seek(0)
        assert set(plain.read()) == {0}
    with store.transaction(store.open_engine(), writing=False) as session:
        assert people.get(session, "YP-0001") == HERON
        assert users.get(session, "u-jo") == JO
        assert session.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    assert b"Placeholder" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert sorted(p.name for p in file.parent.iterdir()) == ["chm.sqlite3", "key"]
    assert not store.encrypt(file, KEYS["passphrase"])
    with pytest.raises(StorageUnavailable, match="does not open"):
        store.encrypt(file, KEYS["raw"])


def test_an_overwrite_that_was_stopped_is_finished(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled().dispose()
    left = file.with_name("chm.sqlite3.plain")
    left.write_bytes(file.read_bytes())
    assert store.encrypt(file, KEYS["raw"])
    left.write_bytes(b"left")
    assert not store.encrypt(file, KEYS["raw"])
    assert not left.exists()


def test_what_a_killed_encryption_leaves_is_named_until_it_is_run_again(file: Path) -> None:
    engine = filled()
    again = "left by an encryption that was stopped: run `python -m chm encrypt` again"
    for name in ("chm.sqlite3.plain", "chm.sqlite3.encrypting", "chm.sqlite3.encrypting-journal"):
        file.with_name(name).write_bytes(b"left")
    assert backups.kept_beside(engine) == {
        "chm.sqlite3.encrypting": again,
        "chm.sqlite3.encrypting-journal": again,
        "chm.sqlite3.plain": again,
    }
    assert store.encrypt(file, KEYS["raw"])
    assert backups.kept_beside(engine) == {}
    for name in ("chm.sqlite3.plain", "chm.sqlite3.encrypting", "chm.sqlite3.encrypting-journal"):
        file.with_name(name).write_bytes(b"left")
    assert not store.encrypt(file, KEYS["raw"])
    assert backups.kept_beside(engine) == {}


def test_an_encryption_that_is_broken_off_leaves_no_copy(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled().dispose()
    before = file.read_bytes()

    def stop(connection: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(encryption, "check", stop)
    with pytest.raises(KeyboardInterrupt):
        store.encrypt(file, KEYS["raw"])
    assert [p.name for p in file.parent.iterdir()] == ["chm.sqlite3"]
    assert file.read_bytes() == before


def test_a_database_in_use_is_not_encrypted(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled().dispose()
    before = file.read_bytes()
    # Two copies of SQLite in one process do not see each other's locks; the other side has ours.
    other = sqlcipher.connect(str(file), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="is in use"):
        store.encrypt(file, KEYS["raw"])
    other.rollback()
    other.close()
    assert file.read_bytes() == before
    assert sorted(p.name for p in file.parent.iterdir()) == ["chm.sqlite3"]


def test_a_server_that_still_has_the_plain_file_open_cannot_write_to_it(file: Path) -> None:
    engine = filled()
    assert store.encrypt(file, KEYS["raw"])
    with pytest.raises(StorageUnavailable), store.transaction(engine) as session:
        people.add(session, YoungPerson("YP-0002", "Teal Placeholder", "Merton", age=14))
    engine.dispose()
    with encryption.opened(file, KEYS["raw"]) as connection:
        encryption.check(connection)
        assert connection.execute("SELECT count(*) FROM young_person").fetchone() == (1,)


def test_a_file_in_wal_mode_is_refused_by_an_sqlite_that_may_damage_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled().dispose()
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    monkeypatch.setattr("chm.store.database.WHOLE_WAL", (99,))
    with pytest.raises(StorageUnavailable, match="WAL mode"):
        store.open_engine()
    monkeypatch.setattr("chm.store.database.WHOLE_WAL", (3, 0))
    with store.open_engine().connect() as opened:
        assert opened.scalar(text("PRAGMA journal_mode")) == "delete"


def test_the_key_leaves_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chm.settings._held", {})
    monkeypatch.delenv("CHM_DATABASE_KEY_FILE", raising=False)
    assert settings.database_key() is None
    monkeypatch.setenv("CHM_DATABASE_KEY", KEYS["raw"])
    for _ in range(2):
        assert settings.database_key() == KEYS["raw"]
    assert "CHM_DATABASE_KEY" not in os.environ
    assert settings.backup_key() == KEYS["raw"]
    monkeypatch.setenv("CHM_BACKUP_KEY", KEYS["passphrase"])
    assert settings.backup_key() == KEYS["passphrase"]


@pytest.mark.parametrize(
    ("mode", "content", "says"),
    [
        (0o604, KEYS["raw"], "chmod 600"),
        (0o602, KEYS["raw"], "chmod 600"),
        (0o600, "0f" * 15, "32 printable characters"),
        (0o600, "", "32 printable characters"),
        (0o600, "x" * 40 + "\n" + "y" * 40, "32 printable characters"),
        (None, "", "cannot be read"),
    ],
)
def test_an_unfit_key_file_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch, mode: int | None, content: str, says: str
) -> None:
    kept = file.with_name("key")
    if mode is not None:
        kept.write_text(content)
        kept.chmod(mode)
    monkeypatch.setenv("CHM_DATABASE_KEY_FILE", str(kept))
    with pytest.raises(Faults, match=says) as said:
        store.open_engine()
    assert not content or content not in str(said.value)


def test_two_keys_are_one_too_many(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_key(monkeypatch, file, KEYS["raw"])
    monkeypatch.setenv("CHM_DATABASE_KEY", KEYS["raw"])
    with pytest.raises(Faults, match="both are set"):
        settings.database_key()
