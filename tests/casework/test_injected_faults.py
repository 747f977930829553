"""Faults put in anywhere: the caller gets plain words, nothing is half there, and nothing of a child is told."""

from __future__ import annotations

import errno
import logging
import os
import random
import re
import shutil
import sqlite3
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, select

from chm import fault_log, settings, store
from chm.assessments import Answers, Draft, Form
from chm.casework import (
    addresses,
    connections,
    connections_import,
    drafts,
    duplicates,
    frameworks,
    live_record,
    network_export,
    people,
    plans,
    room,
    tracker,
    versions,
)
from chm.casework import backups as backing
from chm.casework.desk import Desk
from chm.connections import Person
from chm.errors import ChmError, Faults, StorageUnavailable
from chm.exchange.apart import readers
from chm.meetings.records import EntryKind
from chm.records import NewYoungPerson, ProtectedAddress
from chm.store.backups import read as reads_whole
from chm.store.tables import Table
from tests.unit.exchange.apart import hostile

from . import hall as halls
from .conftest import USERS, Office
from .test_killed import embedded as embedded
from .test_killed import fill as start_office

# Typed by those who work here while faults come; each is a name, a day or a text that may stand nowhere.
NAME, BORN, WORDS = "Blurted Placeholder", date(2013, 5, 6), "Typedsecret of a child"
TYPED = ("blurted", "2013-05-06", "2013, 5, 6", "06/05/2013", "6 may 2013", "typedsecret")
KEY = "0f" * 32
REFERENCE = re.compile(r"\(reference for whoever keeps the server: [0-9A-F]{8}\)")
FILE = (
    "from_kind,from,to_kind,to,relation,role,start,end,agency,confidence,influence,event,note\n"
    f"young_person,YP-0001,place,{NAME},sighting,,2026-05-01,,Police,likely,unclear,E1,{WORDS}\n"
)


def told(text: str) -> list[str]:
    """What of a child stands in `text`. The code of tests, which a traceback quotes, names none."""
    said = text.casefold()
    return [t for t in (*halls.TOLD, *TYPED) if t in said and t not in ("madeup", "nowhere", "kip", "yp-0", "zoe")]


@dataclass(frozen=True)
class Mishap:
    """An error as a driver raises it; the words are such as they really say, with what was being written."""

    kind: type[Exception]
    says: str


DETAIL = f'DETAIL: Failing row contains (YP-0001, {NAME}, {BORN}, {WORDS}, "Zoë Heron")'
SQLITE = (
    Mishap(sqlite3.OperationalError, "database is locked"),
    Mishap(sqlite3.OperationalError, "disk I/O error"),
    Mishap(sqlite3.OperationalError, "database or disk is full"),
    Mishap(sqlite3.OperationalError, "attempt to write a readonly database"),
    Mishap(sqlite3.DatabaseError, "database disk image is malformed"),
    Mishap(sqlite3.IntegrityError, f"UNIQUE constraint failed: {DETAIL}"),
    Mishap(sqlite3.DataError, DETAIL),
    Mishap(sqlite3.InterfaceError, DETAIL),
    Mishap(sqlite3.ProgrammingError, DETAIL),
)
POSTGRES = (
    Mishap(psycopg.OperationalError, "server closed the connection unexpectedly"),
    Mishap(psycopg.errors.AdminShutdown, "terminating connection due to administrator command"),
    Mishap(psycopg.errors.LockNotAvailable, "canceling statement due to lock timeout"),
    Mishap(psycopg.errors.DeadlockDetected, f"deadlock detected {DETAIL}"),
    Mishap(psycopg.errors.SerializationFailure, f"could not serialize access {DETAIL}"),
    Mishap(psycopg.errors.DiskFull, f"could not extend file {DETAIL}"),
    Mishap(psycopg.errors.UniqueViolation, f"duplicate key value {DETAIL}"),
    Mishap(psycopg.errors.NotNullViolation, DETAIL),
    Mishap(psycopg.errors.InvalidTextRepresentation, f"invalid input syntax {DETAIL}"),
    Mishap(psycopg.InterfaceError, DETAIL),
)


class Statements:
    """Counts what the engine asks of its driver, commits too, and fails at one of them, or from it on."""

    def __init__(self, engine: store.Engine, at: int = 0, mishap: Mishap | None = None, for_good: bool = False):
        self.engine, self.at, self.mishap, self.for_good = engine, at, mishap, for_good
        self.count, self.failed = 0, False

    def asked(self, *given: Any) -> None:
        self.count += 1
        if self.mishap and (self.count == self.at or (self.for_good and self.failed)):
            self.failed = True
            raise self.mishap.kind(self.mishap.says)

    def __enter__(self) -> Statements:
        self.commit = self.engine.dialect.do_commit

        def commit(connection: Any) -> None:
            self.asked()
            self.commit(connection)

        for name in ("do_execute", "do_executemany", "do_execute_no_params"):
            event.listen(self.engine, name, self.asked)
        self.engine.dialect.do_commit = commit  # type: ignore[method-assign]
        return self

    def __exit__(self, *how: Any) -> None:
        for name in ("do_execute", "do_executemany", "do_execute_no_params"):
            event.remove(self.engine, name, self.asked)
        self.engine.dialect.do_commit = self.commit  # type: ignore[method-assign]


def held(engine: store.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row there is."""
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in Table.metadata.sorted_tables
        }


Deed = Callable[[Office], Any]


def _save(office: Office) -> Draft:
    framework = frameworks.current()
    draft = drafts.open(office["jo"], "YP-0001", framework.id, framework.version)
    summary = f"{WORDS} {draft.version}"
    return drafts.save(office["jo"], draft.model_copy(update={"answers": Answers(form=Form(summary=summary))}))


def _address(office: Office) -> ProtectedAddress:
    at = addresses.read(office["lead"], "YP-0001", WORDS).address
    new = at or ProtectedAddress(text="")
    return addresses.write(office["lead"], "YP-0001", replace(new, text=f"{WORDS} {new.version}", danger=WORDS))


def _say(office: Office) -> Any:
    new = live_record.NewEntry(kind=EntryKind.DECISION, item="purpose", text=WORDS)
    return live_record.say(office["chair"], "M-3", new)


EVERYBODY = [f"YP-{n:04d}" for n in range(1, 10_000)]
DEEDS: dict[str, Deed] = {
    "find": lambda o: people.find(o["lead"], NAME),
    "record": lambda o: people.record_of(o["jo"], "YP-0001"),
    "caseload": lambda o: people.mine(o["jo"]),
    "add": lambda o: people.add(o["jo"], NAME, born=BORN, age=None, home_borough="Merton", others=EVERYBODY),
    "import": lambda o: people.import_rows(
        o["lead"], [NewYoungPerson(NAME, "Merton", BORN)] * 5, dict.fromkeys(range(6), EVERYBODY)
    ),
    "incident": lambda o: people.add_incident(
        o["jo"], "YP-0001", on=date(2026, 11, 1), kind="other", what=WORDS, agency=NAME
    ),
    "action": lambda o: plans.add_action(
        o["jo"], "YP-0001", target="young_person:YP-0001", pillar="protect", text=WORDS, owner_agency=NAME
    ),
    "draft": _save,
    "address": _address,
    "person": lambda o: connections.add_entity(o["lead"], Person(id="", name=NAME, description=WORDS)),
    "connections": lambda o: connections_import.import_connections(o["lead"], FILE.encode()),
    "duplicates": lambda o: duplicates.offered(o["lead"]),
    "network": lambda o: network_export.export(o["lead"], halls.INSIDE, "graphml"),
    "room": lambda o: room.open(o["chair"], "M-3"),
    "say": _say,
    "tracker": lambda o: tracker.export(o["lead"], "csv", ()),
}


def plain(error: Exception) -> None:
    """A fault is one of ours, in plain words, and neither it nor what a log would hold of it tells of a child.

    One of the database has the reference that whoever keeps the server finds it by.
    """
    whole = "".join(traceback.format_exception(error))
    assert isinstance(error, ChmError), whole
    assert len(str(error)) > 20
    assert isinstance(error, StorageUnavailable) == bool(REFERENCE.search(str(error)))
    assert told(str(error)) == []
    assert told(whole) == [], whole
    assert not any(sign in str(error) for sign in ("SELECT", "INSERT", "sqlalche.me", "Traceback", "/"))


def break_deeds(office: Office, times: int, seed: int) -> Counter[str]:
    """Does each deed in turn with a fault at one of its statements; then once without, and it is done."""
    dice, met = random.Random(seed), Counter[str]()
    engine = office.engine
    mishaps = SQLITE if engine.dialect.name == "sqlite" else POSTGRES
    lengths: dict[str, int] = {}
    while met["faults"] + met["borne"] < times:
        name, deed = list(DEEDS.items())[(met["faults"] + met["borne"] + met["too late"]) % len(DEEDS)]
        if name not in lengths:
            with Statements(engine) as whole:
                deed(office)
            lengths[name] = whole.count
        before = held(engine)
        mishap = dice.choice(mishaps)
        with Statements(engine, dice.randint(1, lengths[name]), mishap, dice.random() < 0.3) as statements:
            try:
                deed(office)
            except Exception as error:
                plain(error)
                met["faults"] += 1
                met[type(error).__name__] += 1
                failed = True
            else:
                met["borne" if statements.failed else "too late"] += 1
                failed = False
        if failed and name not in SEVERAL:
            assert held(engine) == before, f"{name} at {statements.at}: {mishap}"
    for deed in DEEDS.values():
        deed(office)
    return met


# Made of more than one piece of work, of which the first may stand.
SEVERAL = ("draft", "address", "connections")


@contextmanager
def listening(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """What is logged meanwhile at any level, or said on either stream or as a warning, tells of no child."""
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        yield
    streams = capfd.readouterr()
    said = "\n".join([caplog.text, streams.out, streams.err, *(str(w.message) for w in warned)])
    assert told(said) == []


@pytest.mark.parametrize("number", [32, pytest.param(200, marks=pytest.mark.soak)])
def test_faults_of_the_database(
    hall: Office, number: int, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with listening(caplog, capfd):
        met = break_deeds(hall, number, seed=number)
    print(dict(met))
    assert met["StorageUnavailable"] > number / 3
    assert met["Conflict"] > 0


def in_a_child(work: Callable[[], object]) -> tuple[str, str]:
    """Does `work` in a process of its own; the kind of error it ended with, and all that a log would hold of it."""
    heard, said = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.close(heard)
            work()
            os.write(said, b"none\n")
        except Exception as error:
            kind = "plain" if isinstance(error, ChmError) else "other"
            os.write(said, f"{kind}\n{error}\n{''.join(traceback.format_exception(error))}"[:60_000].encode())
        finally:
            os._exit(0)
    os.close(said)
    with os.fdopen(heard, encoding="utf-8") as answer:
        kind, _, text = answer.read().partition("\n")
    os.waitpid(child, 0)
    return kind, text


def fail_at(folder: Path, at: int, mishap: int) -> None:
    """From now on the `at`-th use of a file in `folder` fails. For a child: this cannot be taken back."""
    seen = 0

    def asked(name: str, given: tuple[Any, ...]) -> None:
        nonlocal seen
        if name not in USES or not isinstance(given[0], str | os.PathLike) or not str(given[0]).startswith(str(folder)):
            return
        seen += 1
        if seen == at:
            raise OSError(mishap, os.strerror(mishap), str(given[0]))

    sys.addaudithook(asked)


USES = ("open", "os.rename", "os.mkdir", "os.remove", "os.link", "os.listdir", "os.scandir", "os.chmod")
MISHAPS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EMFILE, errno.ENOENT)


def break_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, seed: int) -> Counter[str]:
    """Makes a framework's version and a backup, and reads the data anew, with a fault at one of the files."""
    dice, met = random.Random(seed), Counter[str]()
    # The folders are named after a child, as nobody should: no message repeats a path all the same.
    folder, target = tmp_path / NAME / "data", tmp_path / NAME / f"{NAME}.backup"
    for part in ("frameworks", "local"):
        shutil.copytree(settings.data() / part, folder / part)
    monkeypatch.setenv("CHM_DATA", str(folder))
    held_before = sorted(path.name for path in (folder / "frameworks").iterdir())

    def version() -> None:
        frameworks.read_again()
        versions.change_score(Desk(store.open_engine(), USERS["admin"]), "missing", "moderate", 9, "As agreed")

    def read() -> None:
        frameworks.read_again()
        frameworks.current()

    deeds: tuple[tuple[Callable[[], object], int], ...] = (
        (version, 60),
        (read, 30),
        (lambda: backing.back_up(target), 8),
    )
    for n in range(times):
        deed, most = deeds[n % len(deeds)]
        at, mishap = dice.randint(1, most), dice.choice(MISHAPS)

        def broken(deed: Callable[[], object] = deed, at: int = at, mishap: int = mishap) -> None:
            fault_log.in_service()
            fail_at(tmp_path / NAME, at, mishap)
            deed()

        kind, text = in_a_child(broken)
        met[kind] += 1
        assert kind in ("plain", "none"), f"{n}, at {at}, {os.strerror(mishap)}: {text}"
        assert told(text) == [], text
        if kind == "plain" and mishap != errno.ENOENT:  # Of what is missing, what to restore is told.
            assert REFERENCE.search(text), f"{n}, at {at}, {os.strerror(mishap)}: {text}"
        made = sorted(path.name for path in (folder / "frameworks").iterdir())
        if kind == "plain":
            assert made == held_before, f"{n}, at {at}, {os.strerror(mishap)}: {text}"
        for name in set(made) - set(held_before):
            shutil.rmtree(folder / "frameworks" / name)
        if target.exists():
            # It has its name only once it is whole, though the folder could not be written to disk after that.
            reads_whole(target, KEY)
            target.unlink()
    return met


@pytest.mark.parametrize("number", [9, pytest.param(60, marks=pytest.mark.soak)])
def test_faults_of_files(
    embedded: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    start_office()
    with listening(caplog, capfd):
        met = break_files(tmp_path, monkeypatch, number, seed=number)
    print(dict(met))
    assert met["plain"] > number / 3


DYING = (hostile.crashes, hostile.leaves, hostile.says_names, hostile.lies, hostile.burgles, hostile.strikes)


@pytest.mark.parametrize("number", [6, pytest.param(40, marks=pytest.mark.soak)])
def test_readers_that_die(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = None
    with listening(caplog, capfd):
        for n in range(number):
            monkeypatch.setattr(readers, "connections", DYING[n % len(DYING)])
            seen = connections_import.preview(office["lead"], FILE.encode())
            assert (seen.new, len(seen.faults)) == ((), 1)
            assert len(seen.faults[0]) > 20 and told(seen.faults[0]) == []
            before = before or held(office.engine)
            with pytest.raises(Faults) as refused:
                connections_import.import_connections(office["lead"], FILE.encode())
            plain(refused.value)
    after = held(office.engine)
    assert {name: rows for name, rows in after.items() if name not in NOTED} == {
        name: rows for name, rows in before.items() if name not in NOTED
    }


# Where it is noted that a file was shown.
NOTED = ("audit", "audit_head", "meta")


def test_what_is_planted_would_be_found() -> None:
    """The tests above would hold of nothing at all, were the search broken."""
    for text in (NAME, WORDS, str(BORN), repr(BORN), "Zoë", "Falsely Bad", DETAIL):
        assert told(f"said: {text}"), text
    assert told("The database is in use and did not come free in 5 seconds; nothing was saved, try again") == []
