"""The audit's chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from chm.audit import START, Checked, Head, broken_at, check, digest, read_heads, record_id
from chm.errors import Faults
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


def test_what_fails_is_named_in_words() -> None:
    entries = chain()
    assert check(entries) == Checked(4, entries[-1][1])
    assert check(entries[:1] + entries[3:]).fault == "Entries 2 to 3 are missing: they were taken out."
    assert check(entries[:1] + entries[2:]).fault == "Entry 2 is missing: it was taken out."
    assert check([(replace(entries[0][0], id=0), "x"), *entries]) == Checked(
        0, START, 1, "Entry 1 follows one that was put in, numbered 0."
    )
    entries[1] = replace(entries[1][0], user="u-sam"), entries[1][1]
    assert check(entries) == Checked(1, entries[0][1], 2, "Entry 2 was changed, or another stands in its place.")


AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def test_a_cut_at_the_end_is_found_against_a_head() -> None:
    entries = chain()
    head = Head(entries[3][1], 4, AT)
    assert check(entries, [head]) == check(entries) == Checked(4, head.digest)
    cut = check(entries[:2], [head])
    assert (cut.count, cut.entry) == (2, 3)
    assert cut.fault == "Entries 3 to 4 are missing: the end was cut off since the head of 24 November 2026, 09:30 UTC."
    assert check(entries[:3], [Head(head.digest)]).fault is not None
    assert check([], [head]).entry == 1
    assert check(entries, [Head(START, 0, AT), Head(START)]).fault is None
    assert check(entries, [Head("1" * 64, 0, AT)]).fault is not None


def test_a_chain_written_anew_is_found_between_two_heads() -> None:
    entries = chain()
    heads = [Head(entries[1][1], 2, AT), Head(entries[3][1], 4, AT)]
    before, anew = entries[1][1], entries[:2]
    for entry, _ in entries[2:]:
        changed = replace(entry, user="u-sam")
        before = digest(before, changed)
        anew.append((changed, before))
    assert broken_at(anew) is None
    assert check(anew, heads) == Checked(
        2,
        entries[1][1],
        3,
        "Entries 3 to 4, or some of them, were written anew since the head of 24 November 2026, 09:30 UTC.",
    )
    assert check(anew, [Head(entries[3][1])]).fault is not None
    assert check(anew, [Head(entries[1][1])]).fault is None


def test_a_head_is_read_as_it_was_written() -> None:
    head = Head("ab" * 32, 4, AT)
    assert read_heads(f"{head.line()}\n\n{'CD' * 32}\n") == [head, Head("cd" * 32)]


HEAD = '{"count": %s, "digest": "' + "ab" * 32 + '", "at": "2026-11-24T09:30:00%s"}'


@pytest.mark.parametrize(
    "text", ["", "\n", "ab", "{}", "[]", HEAD % (-1, "+00:00"), HEAD % ("true", "+00:00"), HEAD % (1, "")]
)
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(Faults, match="head|Head"):
        read_heads(text)


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
