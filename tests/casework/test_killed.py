"""kill -9 in the middle: nothing acknowledged is lost, nothing half there, the database and its audit are whole."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from psycopg import sql
from sqlalchemy import make_url, text

from chm import store
from chm.audit import check
from chm.casework import backups as backing
from chm.casework import drafts, frameworks, people, plans
from chm.casework.desk import Desk
from chm.records import NewYoungPerson
from chm.store import audit, encryption, schema, users
from chm.store import people as kept

from .conftest import HERON, USERS

KEY = "0f" * 32
ROWS = 150


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty database of our own, on SQLite under a key, that CHM_DATABASE_URL names."""
    yield from _address(request, tmp_path, monkeypatch, request.param)


@pytest.fixture
def embedded(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The same on SQLite alone."""
    yield from _address(request, tmp_path, monkeypatch, "sqlite")


def _address(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> Iterator[str]:
    key = tmp_path / "key"
    key.write_text(KEY)
    key.chmod(0o600)
    monkeypatch.setenv("CHM_DATABASE_KEY_FILE", str(key))
    if kind == "sqlite":
        monkeypatch.setenv("CHM_DATABASE_URL", f"sqlite:///{tmp_path / 'chm.sqlite3'}")
        yield os.environ["CHM_DATABASE_URL"]
        return
    server, name = request.getfixturevalue("postgres_url"), f"chm_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    monkeypatch.setenv("CHM_DATABASE_URL", url)
    yield url
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def fill() -> None:
    engine = store.open_engine()
    store.upgrade(engine)
    with store.transaction(engine) as session:
        for user in USERS.values():
            users.add(session, user)
        kept.add(session, HERON)
        kept.allocate(session, "u-jo", HERON.id, date(2026, 1, 1))
    engine.dispose()


def killed(work: Callable[[Callable[[str], None]], None], after: float, words: int = 0) -> list[str]:
    """Does `work` in a process that is killed `after` seconds from when it has begun and said so many words; all it
    said."""
    heard, said = os.pipe()
    if (child := os.fork()) == 0:
        os.close(heard)
        try:
            work(lambda word: (os.write(said, f"{word}\n".encode()), None)[1])
        finally:
            os._exit(0)
    os.close(said)
    with os.fdopen(heard, "rb") as speech:
        first = b"".join(speech.readline() for _ in range(1 + words))
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told = first + speech.read()
    return told.decode().split("\n")[:-1][1:]


def undamaged() -> None:
    """Raises where the database's file is damaged; PostgreSQL tells by itself as it is read."""
    url = make_url(os.environ["CHM_DATABASE_URL"])
    if url.get_backend_name() == "sqlite":
        with encryption.opened(Path(str(url.database)), KEY) as connection:
            encryption.check(connection)


def whole() -> None:
    """Raises where the database is damaged or its audit broken."""
    undamaged()
    engine = store.open_engine()
    assert check(audit.whole_chain(engine)).fault is None
    engine.dispose()


def rows(asked: str) -> list[tuple[object, ...]]:
    engine = store.open_engine()
    with store.transaction(engine, writing=False) as session:
        found = [tuple(row) for row in session.execute(text(asked))]
    engine.dispose()
    return found


def save(say: Callable[[str], None]) -> None:
    """Actions added and a draft saved in turn, each said once it is acknowledged."""
    desk, framework = Desk(store.open_engine(), USERS["jo"]), frameworks.current()
    draft = drafts.open(desk, HERON.id, framework.id, framework.version)
    say("begun")
    while True:
        added = plans.add_action(
            desk, HERON.id, target="young_person:YP-0001", pillar="protect", text="Call", owner_agency="Police"
        )
        say(added.id)
        draft = drafts.save(desk, draft)
        say(f"v{draft.version}")


def kill_while_saving(times: int, seed: int) -> None:
    fill()
    dice, acknowledged, draft = random.Random(seed), set[str](), 0
    for n in range(times):
        told = killed(save, dice.random() * 0.04, dice.randrange(4))
        acknowledged |= {word for word in told if word.startswith("ACT-")}
        draft = max([draft, *(int(word[1:]) for word in told if word.startswith("v"))])
        whole()
        there = {str(id) for (id,) in rows("SELECT id FROM action")}
        audited = {str(why) for (why,) in rows("SELECT why FROM audit WHERE operation = 'plans.add_action'")}
        assert acknowledged <= there, f"kill {n} lost what was acknowledged"
        assert there == audited, f"kill {n} left half of a save"
        assert len(there) <= len(acknowledged) + n + 1
        ((version,),) = rows("SELECT version FROM draft")
        assert isinstance(version, int) and version >= draft
    assert len(acknowledged) > times // 2


def take_in(say: Callable[[str], None]) -> None:
    desk = Desk(store.open_engine(), USERS["lead"])
    new = [NewYoungPerson(f"Teal Placeholder {n}", "Merton", age=14) for n in range(ROWS)]
    say("begun")
    while True:
        people.import_rows(desk, [replace(person, name=f"{person.name} {uuid4().hex}") for person in new])
        say("imported")


def kill_while_importing(times: int, seed: int) -> None:
    fill()
    dice, acknowledged = random.Random(seed), 0
    for n in range(times):
        acknowledged += len(killed(take_in, dice.random() * 0.3))
        whole()
        ((there,),) = rows(f"SELECT count(*) FROM young_person WHERE id != '{HERON.id}'")
        assert isinstance(there, int)
        assert there % ROWS == 0, f"kill {n} left half of an import"
        assert acknowledged * ROWS <= there <= (acknowledged + n + 1) * ROWS


def empty(address: str) -> None:
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        Path(str(url.database)).unlink(missing_ok=True)
        return
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def kill_while_migrating(address: str, times: int, seed: int) -> None:
    """From the schema of the first meetings, with a young person in it, to today's."""
    dice, outcomes = random.Random(seed), set[object]()

    def migrate(say: Callable[[str], None]) -> None:
        engine = store.open_engine()
        say("begun")
        store.upgrade(engine)
        say("done")
        time.sleep(5)

    for _ in range(times):
        empty(address)
        engine = store.open_engine()
        with engine.execution_options(chm_begin="BEGIN IMMEDIATE").begin() as connection:
            config = schema._config()
            config.attributes["connection"] = connection
            command.upgrade(config, "0006")
            connection.execute(
                text(
                    "INSERT INTO young_person (id, name, name_key, home_borough, version) "
                    "VALUES ('YP-0001', 'Heron Placeholder', 'heron placeholder', 'Merton', 1)"
                )
            )
        engine.dispose()
        told = killed(migrate, dice.random() * 0.25)
        undamaged()
        ((now,),) = rows("SELECT version_num FROM alembic_version")
        assert now in ("0006", newest())
        assert not told or now == newest()
        outcomes.add(now)
        engine = store.open_engine()
        store.upgrade(engine)
        with store.transaction(engine, writing=False) as session:
            assert kept.get(session, "YP-0001").name == "Heron Placeholder"
        engine.dispose()
        whole()
    assert times < 10 or outcomes == {"0006", newest()}


def newest() -> str:
    return max(schema.known())


def kill_while_restoring(address: str, tmp_path: Path, times: int, seed: int) -> None:
    fill()
    dice, file = random.Random(seed), Path(str(make_url(address).database))
    backup = tmp_path / "first.backup"
    backing.back_up(backup)
    engine = store.open_engine()
    with store.transaction(engine) as session:
        kept.add(session, replace(HERON, id="YP-0002"))
    engine.dispose()
    before = file.read_bytes()

    def restore(say: Callable[[str], None]) -> None:
        say("begun")
        backing.restore(backup, replace=True)
        say("done")
        time.sleep(5)

    for _ in range(times):
        file.write_bytes(before)
        told = killed(restore, dice.random() * 0.8)
        whole()
        there = [id for (id,) in rows("SELECT id FROM young_person ORDER BY id")]
        assert there == ["YP-0001"] if told else there in (["YP-0001"], ["YP-0001", "YP-0002"])


def kill_while_encrypting(tmp_path: Path, times: int, seed: int) -> None:
    fill()
    dice, plain = random.Random(seed), tmp_path / "plain.sqlite3"
    with encryption.opened(tmp_path / "chm.sqlite3", KEY) as connection:
        connection.execute(f"ATTACH '{plain}' AS plain KEY ''")
        connection.execute("SELECT sqlcipher_export('plain')")
    before, file = plain.read_bytes(), tmp_path / "encrypted.sqlite3"
    assert b"Heron" in before

    def encrypt(say: Callable[[str], None]) -> None:
        say("begun")
        store.encrypt(file, KEY)
        say("done")
        time.sleep(5)

    for _ in range(times):
        file.write_bytes(before)
        told = killed(encrypt, dice.random() * 0.4)
        if encryption.is_plain(str(file)):
            assert not told
            assert store.encrypt(file, KEY)
        store.encrypt(file, KEY)
        assert not list(tmp_path.glob("*.plain"))
        with closing(encryption.connect(file, KEY)) as connection:
            encryption.check(connection)
            assert connection.execute("SELECT name FROM young_person").fetchall() == [(HERON.name,)]


def test_saves_that_are_killed(address: str) -> None:
    kill_while_saving(10, seed=1)


def test_imports_that_are_killed(address: str) -> None:
    kill_while_importing(3, seed=1)


def test_migrations_that_are_killed(address: str) -> None:
    kill_while_migrating(address, 3, seed=1)


def test_restores_that_are_killed(embedded: str, tmp_path: Path) -> None:
    kill_while_restoring(embedded, tmp_path, 3, seed=1)


def test_encryptions_that_are_killed(embedded: str, tmp_path: Path) -> None:
    kill_while_encrypting(tmp_path, 3, seed=1)


@pytest.mark.soak
def test_two_hundred_saves_that_are_killed(address: str) -> None:
    kill_while_saving(200, seed=2)


@pytest.mark.soak
def test_twenty_imports_that_are_killed(address: str) -> None:
    kill_while_importing(20, seed=2)


@pytest.mark.soak
def test_twenty_migrations_that_are_killed(address: str) -> None:
    kill_while_migrating(address, 20, seed=2)


@pytest.mark.soak
def test_twenty_restores_that_are_killed(embedded: str, tmp_path: Path) -> None:
    kill_while_restoring(embedded, tmp_path, 20, seed=2)


@pytest.mark.soak
def test_twenty_encryptions_that_are_killed(embedded: str, tmp_path: Path) -> None:
    kill_while_encrypting(tmp_path, 20, seed=2)
