"""The audit's chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from chm.audit import START, broken_at, digest, record_id
from chm.records import AuditEntry


def chain() -> list[tuple[AuditEntry, str]]:
    entries, before = [], START
    for n in range(1, 5):
        entry = AuditEntry(n, datetime(2026, 11, 23, 12, n, tzinfo=UTC), "u-jo", "people.find", "YP-0001", "")
        before = digest(before, entry)
        entries.append((entry, before))
    return entries


def test_a_whole_chain_holds() -> None:
    assert broken_at(chain()) is None
    assert broken_at([]) is None


@pytest.mark.parametrize(
    "change",
    [
        {"user": "u-sam"},
        {"record": "YP-0002"},
        {"why": "x"},
        {"operation": "x"},
        {"at": datetime(2026, 11, 23, tzinfo=UTC)},
    ],
)
def test_a_changed_entry_breaks_it_there(change: dict[str, object]) -> None:
    entries = chain()
    entries[2] = (replace(entries[2][0], **change), entries[2][1])  # type: ignore[arg-type]
    assert broken_at(entries) == 3


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_an_entry_taken_out_breaks_it_there(taken: int) -> None:
    entries = chain()
    del entries[taken]
    assert broken_at(entries) == taken + 1


def test_the_digest_knows_the_moment_and_not_its_zone() -> None:
    entry = chain()[0][0]
    assert digest(START, entry) == digest(START, replace(entry, at=entry.at.astimezone(timezone(timedelta(hours=1)))))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("YP-0001", "YP-0001"),
        ("", ""),
        ("Wren Madeup", "unknown"),
        ("YP-0001\n", "unknown"),
        ("WREN-2014", "unknown"),
        ("ACT-3f2a9c81d04b", "ACT-3f2a9c81d04b"),
    ],
)
def test_what_people_type_never_enters(text: str, kept: str) -> None:
    assert record_id(text) == kept
