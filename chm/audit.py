"""The audit's chain: each entry's digest covers the entry and the digest before it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from chm.errors import Faults
from chm.records import AuditEntry

START = "0" * 64
KNOWN = "known"
RECORD_ID = re.compile(r"YP-\d{1,9}|[A-Z]{1,3}-[0-9a-f]{1,12}")
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Head:
    """Where the chain ended at a moment, to be kept away from the database: how many entries, the last one's digest.

    `count` and `at` are None where the digest alone is known.
    """

    digest: str
    count: int | None = None
    at: datetime | None = None

    def line(self) -> str:
        """One line of JSON, as `read_heads` takes it."""
        return json.dumps({"count": self.count, "digest": self.digest, "at": self.at.isoformat() if self.at else None})


@dataclass(frozen=True)
class Checked:
    """How a chain was found: `entry` is the first that fails, `fault` says how; both None where all hold.

    `count` and `digest` are where the part that holds ends. `entry` is None beside a fault where no one can tell it.
    """

    count: int
    digest: str
    entry: int | None = None
    fault: str | None = None


def record_id(text: str) -> str:
    """`text` where it has the form of a record's id, else "unknown": what people type never enters the audit."""
    return text if not text or RECORD_ID.fullmatch(text) else "unknown"


def digest(before: str, entry: AuditEntry) -> str:
    """64 hex digits over `entry` and the digest of the entry before it."""
    at = entry.at.astimezone(UTC).isoformat()
    content = [before, entry.id, at, entry.user, entry.operation, entry.record, entry.why]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def check(entries: Iterable[tuple[AuditEntry, str]], heads: Iterable[Head] = ()) -> Checked:
    """Follows the chain, oldest entry first, and holds it against heads taken earlier.

    Without a head no one can tell that the newest entries were cut off, or that the whole was written anew.
    """
    known = list(heads)
    at_count: dict[int, list[Head]] = {}
    for head in known:
        if head.count is not None:
            at_count.setdefault(head.count, []).append(head)
    sought = {h.digest for h in known if h.count is None} - {START}
    before, last, held = START, 0, (0, START)
    for (entry, stored), number in zip(entries, count(1), strict=False):
        if entry.id != number:
            return Checked(last, before, number, _gap(number, entry.id))
        if stored != digest(before, entry):
            return Checked(last, before, number, f"Entry {number} was changed, or another stands in its place.")
        for head in at_count.pop(number, ()):
            if head.digest != stored:
                return Checked(*held, held[0] + 1, _rewritten(held[0] + 1, number, head))
            held = number, stored
        sought.discard(stored)
        before, last = stored, number
    for head in sorted((h for hs in at_count.values() for h in hs), key=lambda h: h.count or 0):
        if head.count:
            return Checked(last, before, last + 1, _cut(last + 1, head))
        if head.digest != START:
            return Checked(last, before, None, "A head given for no entries has a wrong digest; it was changed.")
    if sought:
        return Checked(
            last, before, None, "No entry has a digest given as a head: the end was cut off, or the chain written anew."
        )
    return Checked(last, before)


def broken_at(entries: Iterable[tuple[AuditEntry, str]]) -> int | None:
    """Number of the first entry, oldest first, that was changed, or follows one taken out; None where all hold."""
    return check(entries).entry


def read_heads(text: str) -> list[Head]:
    """Heads from their file, a line of JSON each, or from one digest.

    Raises:
        Faults: a line is neither.
    """
    lines = [line for line in (line.strip() for line in text.splitlines()) if line]
    if not lines:
        raise Faults(["The head is empty; give the output of `python -m chm audit head`, or a digest of 64 digits"])
    return [_head(number, line) for number, line in enumerate(lines, 1)]


def _head(number: int, line: str) -> Head:
    if DIGEST.fullmatch(line.lower()):
        return Head(line.lower())
    try:
        said = json.loads(line)
        head = Head(str(said["digest"]), said["count"], datetime.fromisoformat(said["at"]))
        if DIGEST.fullmatch(head.digest) and type(head.count) is int and head.count >= 0 and head.at and head.at.tzinfo:
            return head
    except (ValueError, KeyError, TypeError):
        pass
    raise Faults([f"Head, line {number}: neither the output of `python -m chm audit head` nor a digest of 64 digits"])


def _gap(number: int, found: int) -> str:
    if found < number:
        return f"Entry {number} follows one that was put in, numbered {found}."
    if found == number + 1:
        return f"Entry {number} is missing: it was taken out."
    return f"Entries {number} to {found - 1} are missing: they were taken out."


def _rewritten(first: int, last: int, head: Head) -> str:
    which = f"Entry {first} was" if first == last else f"Entries {first} to {last}, or some of them, were"
    return f"{which} written anew since the head of {_moment(head)}."


def _cut(first: int, head: Head) -> str:
    which = f"Entry {first} is" if first == head.count else f"Entries {first} to {head.count} are"
    return f"{which} missing: the end was cut off since the head of {_moment(head)}."


def _moment(head: Head) -> str:
    return f"{head.at.astimezone(UTC):%d %B %Y, %H:%M} UTC" if head.at else "an unknown time"
