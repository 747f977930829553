"""Connections from a CSV file: who is tied to whom or what, a preview with every fault."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from chm.assessments import LINE_LENGTH, NOTE_LENGTH
from chm.exchange.delimited import Refused, read_table
from chm.linkage.ties import KINDS, NO_END, ONGOING, Confidence, Influence, Party, Tie, folded

COLUMNS = (
    "from_kind", "from", "to_kind", "to", "relation", "role", "start", "end", "agency", "confidence", "influence",
    "event", "note",
)  # fmt: skip
NEEDED = COLUMNS[:4]
MOST_YOUNG_PEOPLE, MOST_ON_EVENT = 5_000, 1_000
# What a spreadsheet may take for a formula: OWASP's list, the full-width signs too, behind whatever space. One more
# apostrophe goes before those that are there, so that every cell reads back as it was.
FORMULA = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Preview:
    """What a file holds: a tie a row, every fault, and what to know before taking it in.

    Rows are counted as a spreadsheet does, the header being row 1. No message repeats what a row says.
    """

    ties: list[Tie]
    faults: list[str]
    notes: list[str] = field(default_factory=list)


def guarded(cell: str) -> str:
    """`cell` with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def read_connections(data: bytes) -> Preview:
    """Reads a CSV file with `COLUMNS`, of which the first four are needed and may stand in any order.

    Commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252 (Latin-1); any line ends. Days are 2026-05-17; a start
    without an end is that one day, as is an end without a start, and the end of an ongoing tie is `..`.
    """
    notes: list[str] = []
    try:
        header, records = read_table(data, COLUMNS, ",".join(COLUMNS), notes)
    except Refused as refused:
        return Preview([], [str(refused)])
    order = [re.sub(r"[\s_]+", "_", cell.strip().casefold()) for cell in header]
    if faults := list(_column_faults(header, order)):
        return Preview([], faults)
    ties = []
    for n, record in records:
        if any(cell.strip() for cell in record[len(header) :]):
            faults.append(
                f"row {n}: {len(record)} cells under {len(header)} columns; put quotes round a cell with a comma"
            )
            continue
        row = {column: unguarded(cell) for column, cell in zip(order, record, strict=False) if cell}
        tie, wrong = _tie(n, row)
        faults += [f"row {n}, {fault}" for fault in wrong]
        if tie:
            ties.append(tie)
    if not records:
        faults.append("The file has a header and no rows; add one row for each connection.")
    faults += _size_faults(ties)
    return Preview(ties, faults, [*notes, *_case_notes(ties), *_repeat_notes(ties)])


def _column_faults(header: Sequence[str], order: Sequence[str]) -> Iterator[str]:
    if not set(order) & set(COLUMNS):
        yield f"row 1: must name the columns: {', '.join(COLUMNS)}"
        return
    for column in NEEDED:
        if column not in order:
            yield f"row 1: column {column} is missing; add it"
    for n, name in enumerate(order, start=1):
        if not name:
            yield f"row 1: column {n} has no name; remove it or name it"
        elif name not in COLUMNS:
            what = f"column {header[n - 1][:60]}"
            yield f"row 1: {what} is not known; remove it or use one of {', '.join(COLUMNS)}"
        elif order.index(name) != n - 1:
            yield f"row 1: column {name} is there twice; remove one"


def _tie(n: int, row: dict[str, str]) -> tuple[Tie | None, list[str]]:
    faults = [
        f"{column}: is longer than {most:,} characters; shorten it"
        for column, cell in row.items()
        if len(cell) > (most := NOTE_LENGTH if column == "note" else LINE_LENGTH)
    ]
    one, other = _party(row, "from", faults), _party(row, "to", faults)
    if one == other and one.id:
        faults.append("to: is the same as from; name two different parties, or remove the row")
    start, end = _days(row, faults)
    tie = Tie(
        id=f"row {n}",
        one=one,
        other=other,
        relation=row.get("relation", ""),
        role=row.get("role", ""),
        start=start,
        end=end,
        agency=row.get("agency", ""),
        confidence=_word(row, "confidence", Confidence.UNVERIFIED, faults),
        influence=_word(row, "influence", Influence.UNCLEAR, faults),
        event=row.get("event", ""),
        note=row.get("note", ""),
    )
    return None if faults else tie, faults


def _party(row: dict[str, str], side: str, faults: list[str]) -> Party:
    kind, id = re.sub(r"[\s_-]+", "_", row.get(f"{side}_kind", "").casefold()), row.get(side, "")
    if kind not in KINDS:
        faults.append(f"{side}_kind: {'is not a kind' if kind else 'is empty'}; use one of {', '.join(KINDS)}")
    if not id:
        faults.append(f"{side}: is empty; fill it in")
    return Party(kind, id)


def _word(row: dict[str, str], column: str, blank: Word, faults: list[str]) -> Word:
    words, cell = type(blank), row.get(column)
    try:
        return words(cell.casefold()) if cell else blank
    except ValueError:
        faults.append(f"{column}: is not known; use one of {', '.join(words)}, or leave it empty")
        return blank


def _days(row: dict[str, str], faults: list[str]) -> tuple[date | None, date | None]:
    """First and last day of a tie; both None where it is undated."""
    start = _day("start", row.get("start", ""), faults)
    if row.get("end") == NO_END:
        if not row.get("start"):
            faults.append(f"start: is empty though the end is {NO_END}; give the first day it is known")
        return start, ONGOING if start else None
    end = _day("end", row.get("end", ""), faults)
    if start and end and end < start:
        faults.append("end: lies before start; swap the two or correct one")
    return start or end, end or start


def _day(column: str, cell: str, faults: list[str]) -> date | None:
    if not cell:
        return None
    if not DAY.fullmatch(cell):
        or_ongoing = f", or {NO_END} where it goes on" if column == "end" else ""
        faults.append(f"{column}: is not a date; write it as 2026-05-17{or_ongoing}")
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        faults.append(f"{column}: is not a day of the calendar; correct it")
        return None


def _size_faults(ties: Sequence[Tie]) -> Iterator[str]:
    """One fault at the row that is one too many."""
    everybody: set[Party] = set()
    on_event: defaultdict[str, set[Party]] = defaultdict(set)
    full: set[str] = set()
    for tie in ties:
        before = len(everybody)
        everybody.update(p for p in tie.parties if p.young)
        if before <= MOST_YOUNG_PEOPLE < len(everybody):
            yield f"{tie.id}, from: more than {MOST_YOUNG_PEOPLE:,} young people so far; split the file by area or time"
        if tie.event:
            on_event[tie.event].update(tie.parties)
            if len(on_event[tie.event]) > MOST_ON_EVENT and tie.event not in full:
                full.add(tie.event)
                yield f"{tie.id}, event: more than {MOST_ON_EVENT:,} on one event so far; split it into several events"


def _case_notes(ties: Sequence[Tie]) -> Iterator[str]:
    """Ids that differ from an earlier one by capitals alone: kept apart, as ids match as written."""
    written: dict[Party, str] = {}
    first: dict[Party, tuple[str, str]] = {}
    for tie in ties:
        for side, party in zip(("from", "to"), tie.parties, strict=True):
            if party in written:
                continue
            written[party] = tie.id
            id, row = first.setdefault(Party(party.kind, party.id.casefold()), (party.id, tie.id))
            if id != party.id:
                yield f"{tie.id}, {side}: differs from {row} by capitals alone and is kept apart; are they one?"


def _repeat_notes(ties: Sequence[Tie]) -> Iterator[str]:
    if repeated := len(ties) - len(folded(ties)):
        what = "Rows that repeat or reverse a pair"
        yield f"{what}: {repeated:,}. A pair is linked once; each row is kept as its evidence."
