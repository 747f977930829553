"""Databases for tests: SQLite always, PostgreSQL from CHM_TEST_POSTGRES_URL or from the server programs found here."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy import make_url, text

from chm import store
from chm.store.tables import Table

# No test is timed: the machine may be busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI=true", pytrace=False)
    pytest.skip(what)


def _programs() -> str | None:
    homes = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: float(Path(p).parent.name), reverse=True)
    on_path = shutil.which("initdb")
    return next((home for home in [*homes, *([str(Path(on_path).parent)] if on_path else [])]), None)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a server on which databases may be made."""
    if given := os.environ.get("CHM_TEST_POSTGRES_URL"):
        yield given
        return
    programs = _programs()
    if programs is None:
        _missing("no PostgreSQL: no CHM_TEST_POSTGRES_URL and no initdb in /usr/lib/postgresql/*/bin or on the path")
    folder = Path(tempfile.mkdtemp(prefix="chm-pg-"))
    run_as: list[str] = []
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            _missing("no PostgreSQL: its server does not run as root and there is no user postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        run_as = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *arguments: str) -> None:
        subprocess.run([*run_as, f"{programs}/{program}", *arguments], check=True, capture_output=True, cwd=folder)

    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[store.Engine]:
    """An upgraded SQLite file, which each test leaves empty."""
    yield from _upgraded(f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'chm.sqlite3'}")


@pytest.fixture(scope="session")
def postgres_engine(postgres_url: str) -> Iterator[store.Engine]:
    """An upgraded PostgreSQL database of our own, which each test leaves empty."""
    name = f"chm_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield from _upgraded(make_url(postgres_url).set(database=name).render_as_string(hide_password=False))
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[store.Engine]:
    """An engine on an empty, upgraded database; SQLite and PostgreSQL in turn."""
    engine: store.Engine = request.getfixturevalue(f"{request.param}_engine")
    yield engine
    with engine.execution_options(chm_begin="BEGIN IMMEDIATE").begin() as connection:
        for table in reversed(Table.metadata.sorted_tables):
            if table.name != "meta":
                connection.execute(table.delete())
        connection.execute(text("DELETE FROM meta WHERE key != 'next_young_person'"))
        connection.execute(text("UPDATE meta SET value = '1'"))


@pytest.fixture
def database_url(engine: store.Engine) -> str:
    """Address of the database of `engine`."""
    return engine.url.set(query={k: v for k, v in engine.url.query.items() if k != "options"}).render_as_string(False)


def _upgraded(url: str) -> Iterator[store.Engine]:
    engine = store.open_engine(url)
    store.upgrade(engine)
    yield engine
    engine.dispose()
