"""Opening, transactions and the plain words for what can go wrong."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

from chm import store
from chm.errors import ChmError, Conflict, StorageUnavailable
from chm.records import NewYoungPerson, Role, User, YoungPerson
from chm.store import audit, people, schema, users
from chm.store.database import server
from chm.store.tables import Table, UserAccount, YoungPersonRow
from chm.store.transactions import PREPARE

JO = User("u-jo", "Jo Placeholder", "Early Help", frozenset({Role.PRACTITIONER}))


def test_a_fresh_database_is_empty_and_no_demo_until_said(engine: store.Engine) -> None:
    assert store.is_empty(engine)
    assert not store.is_demo(engine)
    for _ in range(2):
        with store.transaction(engine) as session:
            store.mark_demo(session)
    assert store.is_demo(engine)
    assert store.is_empty(engine)
    with store.transaction(engine) as session:
        users.add(session, JO)
    assert not store.is_empty(engine)


def test_the_migrations_make_the_tables_that_the_code_knows(engine: store.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_upgrading_again_changes_nothing(engine: store.Engine) -> None:
    with store.transaction(engine) as session:
        users.add(session, JO)
    store.upgrade(engine)
    with store.transaction(engine) as session:
        assert users.get(session, "u-jo") == JO


@pytest.fixture(params=["sqlite", "postgres"])
def at_0014(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[store.Engine]:
    """An empty database of that version of the schema."""
    if request.param == "sqlite":
        engine = store.open_engine(f"sqlite:///{tmp_path / 'chm.sqlite3'}")
    else:
        name = f"older_{uuid4().hex[:12]}"
        address = request.getfixturevalue("postgres_engine").url
        engine = server(address.render_as_string(hide_password=False), name)
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
    with engine.execution_options(chm_begin="BEGIN IMMEDIATE").begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0014")
    yield engine
    if request.param == "postgres":
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


def test_who_is_looked_after_ever_was_and_of_the_others_it_is_not_known(at_0014: store.Engine) -> None:
    with at_0014.begin() as connection:
        for id, now in (("YP-0001", "true"), ("YP-0002", "false"), ("YP-0003", "NULL")):
            connection.execute(
                text(
                    "INSERT INTO young_person (id, name, name_key, home_borough, looked_after, version) "
                    f"VALUES ('{id}', 'Heron Placeholder', 'heron placeholder', 'Merton', {now}, 1)"
                )
            )
    store.upgrade(at_0014)
    with store.transaction(at_0014, writing=False) as session:
        found = [people.get(session, f"YP-000{n}") for n in (1, 2, 3)]
    assert [(p.looked_after, p.ever_looked_after) for p in found] == [(True, True), (False, None), (None, None)]


def test_names_kept_before_are_searched_without_what_nobody_sees(at_0014: store.Engine) -> None:
    names = {"YP-0001": "Ke\u00adstrel Example", "YP-0002": "Zoë Heron", "YP-0003": "Zo\u200dë Heron"}
    with at_0014.begin() as connection:
        for id, name in names.items():
            connection.execute(
                text(
                    "INSERT INTO young_person (id, name, name_key, home_borough, version) "
                    "VALUES (:id, :name, 'as it was', 'Merton', 1)"
                ),
                {"id": id, "name": name},
            )
    store.upgrade(at_0014)
    with at_0014.connect() as connection:
        kept = connection.execute(text("SELECT id, name_key FROM young_person ORDER BY id")).all()
    assert kept == [("YP-0001", "kestrel example"), ("YP-0002", "as it was"), ("YP-0003", "zoe heron")]


def test_two_upgrades_at_once_make_one_schema(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'chm.sqlite3'}"
    faults: list[Exception] = []

    def upgrade() -> None:
        try:
            store.upgrade(store.open_engine(url))
        except ChmError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=upgrade) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert store.is_empty(store.open_engine(url))


def test_a_newer_schema_is_refused_and_left_alone(engine: store.Engine, database_url: str) -> None:
    with engine.begin() as connection:
        ours = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (lambda: store.open_engine(database_url), lambda: store.upgrade(engine)):
        with pytest.raises(StorageUnavailable, match="newer version"):
            attempt()
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
        connection.execute(text("UPDATE alembic_version SET version_num = :ours"), {"ours": ours})


def test_sqlite_keeps_foreign_keys_full_sync_and_no_wal(tmp_path: Path) -> None:
    engine = store.open_engine(f"sqlite:///{tmp_path / 'chm.sqlite3'}")
    with engine.connect() as connection:
        asked = ("foreign_keys", "synchronous", "journal_mode", "busy_timeout")
        assert [connection.scalar(text(f"PRAGMA {p}")) for p in asked] == [1, 2, "delete", 5000]


def test_an_exception_rolls_everything_back(engine: store.Engine) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction(engine) as session:
        users.add(session, JO)
        raise ZeroDivisionError
    assert store.is_empty(engine)


def test_a_dangling_link_is_refused(engine: store.Engine) -> None:
    with pytest.raises(Conflict), store.transaction(engine) as session:
        people.allocate(session, "u-nobody", "YP-0001", date(2026, 1, 1))


def test_a_stale_edit_is_a_conflict(engine: store.Engine) -> None:
    with store.transaction(engine) as session:
        users.add(session, JO)
    with pytest.raises(Conflict), store.transaction(engine) as session:
        kept = session.get_one(UserAccount, "u-jo")
        session.execute(text("UPDATE user_account SET version = 7"))
        kept.name = "Sam Invented"
    with store.transaction(engine) as session:
        assert users.get(session, "u-jo") == JO


def test_two_hundred_edits_by_four_threads_are_all_kept(engine: store.Engine) -> None:
    with store.transaction(engine) as session:
        users.add(session, JO)
        people.add(session, YoungPerson("YP-0001", "Heron", "Merton", age=0, age_on=date(2026, 1, 1)))

    def edit() -> None:
        for _ in range(50):
            while True:
                try:
                    with store.transaction(engine) as session:
                        row = session.get_one(YoungPersonRow, "YP-0001")
                        row.age = (row.age or 0) + 1
                    break
                except Conflict:
                    continue

    threads = [threading.Thread(target=edit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.transaction(engine) as session:
        person = people.get(session, "YP-0001")
    assert (person.age, person.version) == (200, 201)


def test_the_audit_counts_without_gap_under_four_writers(engine: store.Engine) -> None:
    def write(name: str) -> None:
        for _ in range(20):
            with store.transaction(engine) as session:
                audit.add(session, datetime.now(UTC), name, "test", "", "")

    threads = [threading.Thread(target=write, args=(f"u-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.transaction(engine, writing=False) as session:
        assert [entry.id for entry, _ in audit.chain(session)] == list(range(1, 81))


def test_new_ids_never_repeat_under_four_writers(engine: store.Engine) -> None:
    given: list[str] = []

    def add() -> None:
        for _ in range(10):
            with store.transaction(engine) as session:
                (person,) = people.add_new(session, [NewYoungPerson("Teal", "Merton", age=14)], date(2026, 1, 1))
            given.append(person.id)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == [f"YP-{n:04d}" for n in range(1, 41)]


def test_an_unprepared_database_says_what_to_do(tmp_path: Path) -> None:
    engine = store.open_engine(f"sqlite:///{tmp_path / 'chm.sqlite3'}")
    with pytest.raises(StorageUnavailable) as said:
        store.is_demo(engine)
    assert str(said.value).startswith(f"{PREPARE} (reference")


def test_a_database_is_for_its_owner_alone_and_made_only_where_it_may_be(tmp_path: Path) -> None:
    file = tmp_path / "chm.sqlite3"
    before = os.umask(0o022)
    try:
        with pytest.raises(StorageUnavailable) as said:
            store.open_engine(f"sqlite:///{file}", make=False)
        assert (str(said.value), list(tmp_path.iterdir())) == (PREPARE, [])
        engine = store.open_engine(f"sqlite:///{file}")
        store.upgrade(engine)
        with store.transaction(engine) as session:
            users.add(session, JO)
            session.flush()
            assert {p.name: p.stat().st_mode & 0o777 for p in tmp_path.iterdir()} == {
                "chm.sqlite3": 0o600,
                "chm.sqlite3-journal": 0o600,
            }
    finally:
        os.umask(before)
    file.chmod(0o640)
    store.open_engine(f"sqlite:///{file}", make=False)
    assert file.stat().st_mode & 0o777 == 0o640


def test_an_unprepared_postgres_says_what_to_do(postgres_url: str) -> None:
    with pytest.raises(StorageUnavailable) as said:
        store.is_demo(store.open_engine(postgres_url))
    assert str(said.value).startswith(f"{PREPARE} (reference")


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A prepared SQLite file, with little patience."""
    monkeypatch.setattr("chm.store.database.PATIENCE", 0.1)
    file = tmp_path / "chm.sqlite3"
    engine = store.open_engine(f"sqlite:///{file}")
    store.upgrade(engine)
    engine.dispose()
    return file


def test_a_locked_database_says_so_and_loses_nothing(small: Path) -> None:
    engine = store.open_engine(f"sqlite:///{small}")
    other = sqlite3.connect(small, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageUnavailable, match="is in use") as said, store.transaction(engine) as session:
        users.add(session, JO)
    assert said.value.__cause__ is None
    with pytest.raises(StorageUnavailable, match="is in use"):
        store.open_engine(f"sqlite:///{small}")
    other.rollback()
    with store.transaction(engine) as session:
        users.add(session, JO)
    assert not store.is_empty(engine)


def test_a_locked_postgres_table_says_so(postgres_engine: store.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chm.store.database.PATIENCE", 1)
    engine = store.open_engine(postgres_engine.url.render_as_string(False))
    with store.transaction(engine) as first:
        first.execute(text("LOCK TABLE user_account IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(StorageUnavailable, match="is in use"), store.transaction(engine) as second:
            users.every(second)
    engine.dispose()


def test_a_read_only_database_can_be_read_and_says_it_cannot_be_written(small: Path) -> None:
    engine = store.open_engine(f"sqlite:///file:{small}?mode=ro&uri=true")
    assert store.is_empty(engine)
    with pytest.raises(StorageUnavailable, match="only be read"), store.transaction(engine) as session:
        users.add(session, JO)


def test_a_fault_stands_in_the_log_under_the_reference_that_is_said(
    small: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = store.open_engine(f"sqlite:///{small}")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE young_person"))
    with pytest.raises(StorageUnavailable) as said, store.transaction(engine) as session:
        people.add_new(session, [NewYoungPerson("Teal Madeup", "Merton", date(2012, 3, 4))], date(2026, 1, 1))
    found = re.fullmatch(
        re.escape(PREPARE) + r" \(reference for whoever keeps the server: ([0-9A-F]{8})\)", str(said.value)
    )
    assert found
    (entry,) = [r.getMessage() for r in caplog.records if r.name == "chm"]
    kinds = [line for line in entry.splitlines() if not line.startswith(" ")]
    assert kinds == [f"Reference {found[1]}", "sqlalchemy.exc.OperationalError", "sqlite3.OperationalError"]
    assert re.search(r"  chm/store/people\.py:\d+ in add_new\n", entry)
    assert re.search(r"  tests/store/test_database\.py:\d+ in test_a_fault_stands_in_the_log", entry)
    assert not any(word in caplog.text for word in ("Teal", "Merton", "2012", "young_person", "INSERT", "SELECT"))


def test_a_conflict_is_expected_and_stands_in_no_log(small: Path, caplog: pytest.LogCaptureFixture) -> None:
    engine = store.open_engine(f"sqlite:///{small}")
    with store.transaction(engine) as session:
        users.add(session, JO)
    with pytest.raises(Conflict) as said, store.transaction(engine) as session:
        users.add(session, JO)
    assert str(said.value) == "Somebody else changed this meanwhile; nothing was saved. Look at their change first"
    assert [r for r in caplog.records if r.name == "chm"] == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none/chm.sqlite3", None, "The folder for the database chm.sqlite3 is missing"),
        ("chm.sqlite3", b"no database at all, only words" * 100, "not a database of this product"),
    ],
)
def test_a_missing_folder_or_a_wrong_file_names_no_path(
    tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    file = tmp_path / name
    if content:
        file.write_bytes(content)
    with pytest.raises(StorageUnavailable, match=says) as said:
        store.open_engine(f"sqlite:///{file}")
    assert str(tmp_path) not in str(said.value)


@pytest.mark.parametrize("url", ["nonsense", "mysql://here/x", "sqlite3:///x", "://"])
def test_a_wrong_address_is_not_repeated(url: str) -> None:
    with pytest.raises(StorageUnavailable, match="is not the address") as said:
        store.open_engine(url)
    assert url not in str(said.value)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "["])
def test_a_silent_server_says_so_without_its_address(host: str) -> None:
    with pytest.raises(StorageUnavailable, match="cannot be reached") as said:
        store.open_engine(f"postgresql://somebody:secret@{host}/chm")
    assert "secret" not in str(said.value) and host not in str(said.value)


def test_what_was_typed_never_reaches_a_fault(engine: store.Engine) -> None:
    with pytest.raises(StorageUnavailable) as said, store.transaction(engine) as session:
        session.execute(text("SELECT :name FROM nowhere"), {"name": "Wren Madeup"})
    assert "Wren" not in str(said.value)
    assert said.value.__suppress_context__


def test_the_default_database_lies_in_var(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHM_DATABASE_URL", raising=False)
    monkeypatch.setattr("chm.settings.ROOT", tmp_path)
    store.upgrade(store.open_engine())
    assert (tmp_path / "var" / "chm.sqlite3").exists()


def test_the_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHM_DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite3'}")
    store.upgrade(store.open_engine())
    assert (tmp_path / "own.sqlite3").exists()


def test_another_program_sees_what_was_committed(small: Path) -> None:
    with store.transaction(store.open_engine(f"sqlite:///{small}")) as session:
        users.add(session, JO)
    with create_engine(f"sqlite:///{small}").connect() as connection:
        assert connection.scalar(text("SELECT name FROM user_account")) == "Jo Placeholder"
