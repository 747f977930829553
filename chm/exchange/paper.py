"""What a document says, piece by piece, whichever kind of file it becomes. Every text is plain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from chm.exchange.document import _safe

MARKING = "OFFICIAL-SENSITIVE: children"
NAME_LENGTH = 60


@dataclass(frozen=True)
class Heading:
    """Of a section (1) or of a part of one (2)."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """A paragraph for each line; `soft` ones are small and stay with what follows."""

    text: str
    soft: bool = False


@dataclass(frozen=True)
class Points:
    """A bulleted list."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Note:
    """A sentence set apart from the rest."""

    text: str


@dataclass(frozen=True)
class Facts:
    """What, and what it is."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Total:
    """A score in words, and the band (id, None where there is none) with the words for it."""

    title: str
    score: str
    most: str
    band: str | None
    band_text: str


@dataclass(frozen=True)
class Totals:
    """Scores side by side, each over its band in the band's colours."""

    totals: tuple[Total, ...]


@dataclass(frozen=True)
class Grid:
    """A table; `widths` in cm, together those of the page. With `strong` its first column is bold."""

    headers: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: bool = False


Piece = Heading | Text | Points | Note | Facts | Totals | Grid


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A document before it is a file.

    Attributes:
        kind: what it is, above the title and in the file's properties; names nobody.
        footer: at the foot of every page. on: the day in the file's properties.
        draft: why it is not final; empty for what is.
    """

    kind: str
    title: str
    footer: str
    on: date
    pieces: tuple[Piece, ...]
    draft: str = ""

    @property
    def marking(self) -> str:
        """What stands at the head of every page."""
        return f"{MARKING} \N{MIDDLE DOT} DRAFT" if self.draft else MARKING

    def texts(self) -> Iterator[str]:
        """Every text of it."""
        yield from (self.kind, self.title, self.footer, self.draft)
        for piece in self.pieces:
            yield from _texts(vars(piece).values())


def document_name(meeting: str, number: int, kind: str, suffix: str) -> str:
    """A file name from ids and an agency's name, such as `MTG-1-v2-minutes.docx`; give it no person's name.

    Args:
        number: of the version. kind: what the file is, such as `minutes` or `actions-Police`. suffix: without the dot.
    """
    return f"{_part(meeting)}-v{number}-{_part(kind)}.{suffix}"


def _part(text: str) -> str:
    """`text` in letters, digits and hyphens; what is cut, or has none of them, is told apart by a digest."""
    safe = _safe(text.replace("'", "").replace("’", ""))
    if len(safe) <= NAME_LENGTH and any(c.isascii() and c.isalnum() for c in text):
        return safe
    return f"{safe[: NAME_LENGTH - 9]}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _texts(values: Any) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from _texts(value)
        elif isinstance(value, Total):
            yield from _texts(vars(value).values())
