"""The audit's chain against tampering, and under many writers."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from chm import store
from chm.audit import Head, digest
from chm.casework import audit_chain
from chm.errors import StorageUnavailable
from chm.records import AuditEntry
from chm.store import audit

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIZE = 60
USERS, OPERATIONS = ("u-jo", "u-sam", "u-lead"), ("people.record_of", "plans.add_action", "drafts.open")


def fill(engine: store.Engine, dice: random.Random, size: int = SIZE) -> None:
    with store.transaction(engine) as session:
        for n in range(size):
            at = NOW + timedelta(minutes=n, microseconds=dice.randrange(1_000_000))
            why = dice.choice(("", "opened", "refused"))
            about = f"YP-{dice.randrange(1, 20):04d}"
            audit.add(session, at, dice.choice(USERS), dice.choice(OPERATIONS), about, why)


def rows(engine: store.Engine) -> list[tuple[AuditEntry, str]]:
    return list(audit.whole_chain(engine))


def run(engine: store.Engine, sql: str, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(text(sql), values)


def edit(engine: store.Engine, dice: random.Random) -> int:
    number = dice.randint(1, SIZE)
    column = dice.choice(("user", "operation", "record", "why", "digest", "at"))
    if column == "at":
        moved = (rows(engine)[number - 1][0].at + timedelta(microseconds=1)).replace(tzinfo=None)
        run(engine, "UPDATE audit SET at = :value WHERE id = :id", value=moved, id=number)
    elif column == "digest":
        run(engine, "UPDATE audit SET digest = 'x' || substr(digest, 2) WHERE id = :id", id=number)
    else:
        run(engine, f'UPDATE audit SET "{column}" = "{column}" || \'x\' WHERE id = :id', id=number)
    return number


def take_out(engine: store.Engine, dice: random.Random) -> int:
    number = dice.randint(1, SIZE - 1)
    many = dice.choice((1, 1, 1, dice.randint(1, SIZE - number)))
    run(engine, "DELETE FROM audit WHERE id >= :id AND id < :end", id=number, end=min(number + many, SIZE))
    return number


def take_out_and_close_up(engine: store.Engine, dice: random.Random) -> int:
    number = dice.randint(1, SIZE - 1)
    run(engine, "DELETE FROM audit WHERE id = :id", id=number)
    for later in range(number + 1, SIZE + 1):
        run(engine, "UPDATE audit SET id = :new WHERE id = :old", new=later - 1, old=later)
    return number


def swap(engine: store.Engine, dice: random.Random) -> int:
    one, other = sorted(dice.sample(range(1, SIZE + 1), 2))
    for old, new in ((one, 1_000_000), (other, one), (1_000_000, other)):
        run(engine, "UPDATE audit SET id = :new WHERE id = :old", new=new, old=old)
    return one


def put_in(engine: store.Engine, dice: random.Random) -> int:
    number = dice.choice((0, -5, SIZE + 1, SIZE + 9))
    copied = dice.randint(1, SIZE)
    run(
        engine,
        'INSERT INTO audit (id, at, "user", operation, record, why, digest) '
        'SELECT :new, at, "user", operation, record, why, digest FROM audit WHERE id = :id',
        new=number,
        id=copied,
    )
    return 1 if number < 1 else SIZE + 1


def cut(engine: store.Engine, dice: random.Random) -> int:
    number = dice.randint(1, SIZE)
    run(engine, "DELETE FROM audit WHERE id >= :id", id=number)
    return number


def cut_and_go_on(engine: store.Engine, dice: random.Random) -> int:
    number = cut(engine, dice)
    with store.transaction(engine) as session:
        for _ in range(SIZE):
            audit.add(session, NOW, "u-jo", "people.find", "", "")
    return number


def write_anew(engine: store.Engine, dice: random.Random) -> int:
    """An entry is changed, and every digest from it on made to fit."""
    number = dice.randint(1, SIZE)
    entries = rows(engine)
    before = entries[number - 2][1] if number > 1 else "0" * 64
    for entry, _ in entries[number - 1 :]:
        new = replace(entry, user="u-else") if entry.id == number else entry
        before = digest(before, new)
        run(
            engine,
            'UPDATE audit SET "user" = :user, digest = :digest WHERE id = :id',
            user=new.user, digest=before, id=new.id,
        )  # fmt: skip
    return number


HARMS: list[Callable[[store.Engine, random.Random], int]] = [
    edit, take_out, take_out_and_close_up, swap, put_in, cut, cut_and_go_on, write_anew,
]  # fmt: skip
ONLY_BY_A_HEAD = {cut, cut_and_go_on, write_anew}


def tamper(engine: store.Engine, times: int, seed: int) -> None:
    dice = random.Random(seed)
    for n in range(times):
        run(engine, "DELETE FROM audit")
        fill(engine, dice)
        entries = rows(engine)
        halfway = Head(entries[SIZE // 2 - 1][1], SIZE // 2, NOW)
        heads = [halfway, Head(entries[-1][1], SIZE, NOW)]
        assert audit_chain.verify(engine, heads).fault is None
        harm = HARMS[n % len(HARMS)]
        first = harm(engine, dice)
        found = audit_chain.verify(engine, heads)
        told = f"{n}: {harm.__name__} at {first}: {found}"
        assert found.fault and found.entry, told
        if harm in (cut_and_go_on, write_anew):
            # Between the head that still holds and the first that does not, no one can tell more.
            assert found.entry == (1 if first <= SIZE // 2 else SIZE // 2 + 1), told
        else:
            assert found.entry == first, told
        if harm in ONLY_BY_A_HEAD:
            assert audit_chain.verify(engine).fault is None, told
            assert audit_chain.verify(engine, [Head(heads[1].digest)]).fault is not None, told


def test_every_kind_of_tampering_is_found(engine: store.Engine) -> None:
    tamper(engine, 3 * len(HARMS), seed=1)


@pytest.mark.parametrize("column", ["at", "user", "why"])
def test_what_is_of_the_wrong_kind_is_found_and_breaks_nothing(sqlite_engine: store.Engine, column: str) -> None:
    fill(sqlite_engine, random.Random(3))
    run(sqlite_engine, f'UPDATE audit SET "{column}" = :value WHERE id = 7', value=b"\x00\xff")
    assert audit_chain.verify(sqlite_engine).entry == 7
    run(sqlite_engine, "DELETE FROM audit")


def test_the_head_is_the_newest_entry(engine: store.Engine) -> None:
    empty = audit_chain.head(engine)
    assert (empty.count, empty.digest) == (0, "0" * 64)
    fill(engine, random.Random(2), 3)
    head = audit_chain.head(engine)
    assert (head.count, head.digest) == (3, rows(engine)[-1][1])
    assert head.at and abs(head.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert audit_chain.verify(engine, [empty, head]).count == 3


def write_at_once(engine: store.Engine, writers: int, each: int) -> None:
    def write(name: str) -> None:
        left = each
        while left:
            try:
                with store.transaction(engine) as session:
                    audit.add_each(session, datetime.now(UTC), name, "test", [f"YP-{left:04d}", "YP-0001"], "")
            except StorageUnavailable:
                # SQLite keeps no queue: one of twelve may wait in vain, and is told to try again.
                continue
            left -= 1

    threads = [threading.Thread(target=write, args=(f"u-{n}",)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = audit_chain.verify(engine)
    assert (found.fault, found.count) == (None, 2 * writers * each)


def test_twelve_writers_leave_the_chain_whole(engine: store.Engine) -> None:
    write_at_once(engine, 12, 5)


@pytest.mark.soak
def test_two_hundred_tamperings_are_all_found(engine: store.Engine) -> None:
    tamper(engine, 200, seed=20261126)


@pytest.mark.soak
def test_twelve_writers_at_length_leave_the_chain_whole(engine: store.Engine) -> None:
    write_at_once(engine, 12, 100)
