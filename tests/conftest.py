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
from psycopg import sql
from sqlalchemy import make_url

from chm import store


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
def postgres_template(postgres_url: str) -> Iterator[str]:
    """Name of an upgraded database, to copy for each test."""
    name = f"chm_template_{uuid4().hex[:8]}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        engine = store.open_engine(_named(postgres_url, name))
        store.upgrade(engine)
        engine.dispose()
        yield name
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a fresh, upgraded database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'chm.sqlite3'}"
        engine = store.open_engine(url)
        store.upgrade(engine)
        engine.dispose()
        yield url
        return
    server_url: str = request.getfixturevalue("postgres_url")
    template: str = request.getfixturevalue("postgres_template")
    name = f"chm_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as server:
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
        yield _named(server_url, name)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def engine(database_url: str) -> Iterator[store.Engine]:
    """An engine on a fresh, upgraded database; SQLite and PostgreSQL in turn."""
    engine = store.open_engine(database_url)
    yield engine
    engine.dispose()


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
