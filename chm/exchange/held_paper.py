"""Everything held about one young person, for them to have: a document to read, and the same as JSON, in one file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import orjson

from chm.exchange.minutes_word import as_word
from chm.exchange.paper import Facts, Grid, Heading, Note, Paper, Piece, Points, Text
from chm.exchange.word import WIDTH, day_text

KIND = "Everything held about one young person"
MOST_COLUMNS, LONGEST_CELL = 5, 90
NOTHING = "Nothing is held."


@dataclass(frozen=True)
class Section:
    """One kind of what is held: each entry as what and what it is, in words. `note` says what is left out of it."""

    title: str
    entries: tuple[tuple[tuple[str, str], ...], ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class HeldFile:
    """All that is held, masked. `before` is what to know before it is given away, `left_out` what is not in it."""

    young_person: str
    name: str
    on: date
    before: tuple[str, ...]
    left_out: tuple[str, ...]
    sections: tuple[Section, ...]


def packed(held: HeldFile, others: Mapping[str, bytes]) -> bytes:
    """One zip: the document, the same as JSON, and `others` by their names. Names of files name nobody."""
    made = {"everything-held.docx": as_word(paper(held)), "everything-held.json": as_json(held), **others}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in made.items():
            entry = zipfile.ZipInfo(name, (held.on.year, held.on.month, held.on.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, data)
    return out.getvalue()


def as_json(held: HeldFile) -> bytes:
    """What the document says, section by section."""
    sections = [
        {"title": s.title, "note": s.note, "entries": [dict(entry) for entry in s.entries]} for s in held.sections
    ]
    said = {
        "young_person": held.young_person,
        "name": held.name,
        "on": held.on.isoformat(),
        "before": held.before,
        "left_out": held.left_out,
        "sections": sections,
    }
    return orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def paper(held: HeldFile) -> Paper:
    """What is held, as pieces of a document."""
    return Paper(
        kind=KIND,
        title=held.name,
        footer=f"{held.young_person}, {day_text(held.on)}",
        on=held.on,
        pieces=tuple(_pieces(held)),
    )


def _pieces(held: HeldFile) -> Iterator[Piece]:
    yield Heading("Before it is given away")
    yield Points(held.before)
    yield Heading("What is not in it")
    yield Points(held.left_out)
    for section in held.sections:
        yield Heading(section.title)
        if section.note:
            yield Note(section.note)
        yield from _entries(section) if section.entries else (Text(NOTHING),)


def _entries(section: Section) -> Iterator[Piece]:
    labels = tuple(dict.fromkeys(label for entry in section.entries for label, _ in entry))
    rows = tuple(tuple(dict(entry).get(label, "") for label in labels) for entry in section.entries)
    short = max(len(cell) for row in rows for cell in row) <= LONGEST_CELL
    if short and len(labels) <= MOST_COLUMNS and len(rows) > 1:
        yield Grid(labels, (round(WIDTH / len(labels), 2),) * len(labels), rows)
        return
    for n, entry in enumerate(section.entries, 1):
        if len(section.entries) > 1:
            yield Heading(f"{n}", 2)
        yield Facts(entry)
