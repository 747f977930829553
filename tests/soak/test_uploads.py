"""Hostile uploads, each shown and then taken in: no uncaught error, all or nothing, memory within the cap."""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from chm import store
from chm.casework import annex_a_import, connections_import, episodes_import, people, public_counts
from chm.casework.desk import Desk
from chm.errors import Faults
from chm.exchange.apart import forked, run
from chm.exchange.apart.ending import Ending
from chm.exchange.apart.limits import UPLOAD
from chm.exchange.uploads import read_young_people
from chm.store.tables import Table
from tests.casework.conftest import TODAY, Office
from tests.casework.conftest import office as office
from tests.soak.hostile_files import ANNEX_A, CONNECTIONS, KINDS, MISSING, POLICE, YOUNG_PEOPLE, Upload, bombs, uploads

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the cap of memory is Linux's alone")
SEED = 20261126
# How much this process may come to hold beside what answers bring: none of it is a file's own memory.
MOST_GROWTH = 900_000
NOT_COUNTED = {"audit", "audit_head", "meta"}


def counts(engine: store.Engine) -> dict[str, int]:
    """How many rows each table has, but for the audit, which notes that a file was shown."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Table.metadata.sorted_tables
            if table.name not in NOT_COUNTED
        }


def _young_people(desk: Desk, data: bytes) -> tuple[list[str], Any, Callable[[], int]]:
    seen = read_young_people(data, TODAY)
    return seen.faults, len(seen.rows), lambda: people.import_rows(desk, seen.rows)


def _connections(desk: Desk, data: bytes) -> tuple[list[str], Any, Callable[[], Any]]:
    seen = connections_import.preview(desk, data)
    return list(seen.faults), len(seen.new), lambda: connections_import.import_connections(desk, data).entities


def _missing(desk: Desk, data: bytes) -> tuple[list[str], Any, Callable[[], Any]]:
    seen = episodes_import.preview(desk, data)
    return list(seen.faults), len(seen.new), lambda: episodes_import.take_in(desk, data)


def _annex_a(desk: Desk, data: bytes) -> tuple[list[str], Any, Callable[[], Any]]:
    seen = annex_a_import.preview(desk, data)
    return list(seen.faults), seen.counts, lambda: annex_a_import.take_in(desk, data)


def _police(desk: Desk, data: bytes) -> tuple[list[str], Any, Callable[[], Any]]:
    try:
        seen = public_counts.read(desk, [("a.csv", data)], True)
    except Faults as found:
        return found.faults, 0, lambda: public_counts.take_in(desk, [("a.csv", data)], True)
    return [], len(seen.street), lambda: len(public_counts.take_in(desk, [("a.csv", data)], True).street)


# What a file of each kind would add, and what came of it where it is taken in; and what counts it in the database.
DOORS: dict[str, Callable[[Desk, bytes], tuple[list[str], Any, Callable[[], Any]]]] = {
    YOUNG_PEOPLE: _young_people,
    CONNECTIONS: _connections,
    MISSING: _missing,
    ANNEX_A: _annex_a,
    POLICE: _police,
}
ADDS = {YOUNG_PEOPLE: "young_person", CONNECTIONS: "entity", MISSING: "missing_episode"}


@pytest.fixture
def endings(monkeypatch: pytest.MonkeyPatch) -> list[Ending]:
    """How each process that read a file ended."""
    found: list[Ending] = []
    real = forked.ended

    def noted(*given: Any) -> Ending:
        found.append(real(*given))
        return found[-1]

    monkeypatch.setattr(run.forked, "ended", noted)
    return found


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", [12, pytest.param(1_000, marks=pytest.mark.soak)])
def test_hostile_uploads(office: Office, endings: list[Ending], number: int) -> None:
    desk, began = office["lead"], time.monotonic()
    outcomes: Counter[str] = Counter()
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for upload in uploads(SEED, number):
        outcomes[_one(office.engine, desk, upload)] += 1
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held
    peak = max(ending.peak for ending in endings)
    crashed = Counter(e.answer[:40] for e in endings if e.answer[:1] == b"W")
    print(
        f"\n{number} uploads, {len(endings)} readings, {dict(outcomes)}, most memory {peak / 1024:.0f} MB, "
        f"this process grew by {grown / 1024:.0f} MB, {time.monotonic() - began:.0f} s; "
        f"crashed: {dict(crashed)}; ended by: {dict(Counter(e.code for e in endings))}"
    )
    assert sum(outcomes.values()) == number
    assert outcomes["taken in"] > number / 10
    assert outcomes["refused"] > number / 10
    assert 0 < peak <= UPLOAD.memory // 1024
    assert grown < MOST_GROWTH
    # What is loaded only when it is needed could not be: nothing can be opened in there.
    assert not [what for what in crashed if what.startswith((b"WOSError", b"WImport", b"WModule", b"WFileNot"))]
    assert set(KINDS) == set(DOORS)


def _one(engine: store.Engine, desk: Desk, upload: Upload) -> str:
    """Shows a file and takes it in; `refused`, `taken in`, or `nothing new`."""
    before = counts(engine)
    said = f"{upload.kind}: {upload.how}"
    faults, would_add, take_in = DOORS[upload.kind](desk, upload.data)
    assert counts(engine) == before, said
    if faults:
        assert all(isinstance(fault, str) and fault.strip() for fault in faults), said
        # Young people are taken in as they were shown; the others are read again.
        if upload.kind != YOUNG_PEOPLE:
            with pytest.raises(Faults):
                take_in()
        assert counts(engine) == before, said
        return "refused"
    try:
        added = take_in()
    except Faults:
        assert counts(engine) == before, said
        return "refused"
    after = counts(engine)
    assert added == would_add, said
    if table := ADDS.get(upload.kind):
        assert after[table] - before[table] == would_add, said
    return "taken in" if after != before else "nothing new"


def test_the_same_seed_makes_the_same_files_and_no_bomb_twice() -> None:
    known = [(bomb.kind, bomb.how) for bomb in bombs()]
    assert len(set(known)) == len(known) == 86
    one, other = ([upload.data for upload in uploads(7, 20)] for _ in range(2))
    assert one == other
    assert len(set(one)) > 15


@pytest.mark.soak
def test_every_bomb_can_be_made() -> None:
    for bomb in bombs():
        assert bomb.make() or bomb.how == "empty"
