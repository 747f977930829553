"""The minutes of a complex strategy meeting, or one young person's extract of them, as a Word document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import assert_never

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Row

from chm.exchange import word
from chm.exchange.minutes_paper import minutes_paper
from chm.exchange.paper import Facts, Grid, Heading, Note, Paper, Piece, Points, Text, Total, Totals
from chm.meetings.minutes import Minutes

IN_TABLES = 9
# What is shorter than this (characters) stays on one page.
TOGETHER = 1_500


def minutes_document(
    minutes: Minutes,
    *,
    number: int,
    signed: tuple[str, datetime] | None,
    why: str = "",
    pillars: Mapping[str, str],
) -> bytes:
    """The minutes as a file; an extract where `minutes` is one.

    Args:
        number: of the version. signed: who signed it and when (aware); None marks it a draft on every page.
        why: what this version corrects. pillars: names by id, in the order the actions stand in.
    """
    return as_word(minutes_paper(minutes, number=number, signed=signed, why=why, pillars=pillars))


def as_word(paper: Paper) -> bytes:
    """`paper` as a Word document. Its properties say what it is and nobody's name."""
    made = _Writer(paper)
    for piece in paper.pieces:
        made.write(piece)
    return made.to_bytes()


class _Writer:
    """One document being written."""

    def __init__(self, paper: Paper):
        self.document: Document = word.new(paper.kind, paper.on)
        word.running(self.document, paper.marking, word.clean(" ".join(paper.footer.split())))
        if paper.draft:
            self._draft(paper.draft)
        word.say(self.document.add_paragraph(), paper.kind, bold=True, colour=word.SOFT)
        self.document.add_paragraph(word.clean(paper.title), style="Title")
        word.gap(self.document, 4)

    def to_bytes(self) -> bytes:
        return word.to_bytes(self.document)

    def write(self, piece: Piece) -> None:
        match piece:
            case Heading(text, level):
                self.document.add_heading(word.clean(text), level)
            case Text(text, soft=True):
                paragraph = word.say(self.document.add_paragraph(), text, colour=word.SOFT, size=IN_TABLES)
                paragraph.paragraph_format.keep_with_next = True
            case Text(text):
                word.paragraphs(self.document, text)
            case Points(texts):
                for text in texts:
                    self.document.add_paragraph(word.clean(text), style="List Bullet")
            case Note(text):
                self._note(text)
            case Facts(pairs):
                made = word.facts(self.document, pairs, 4.8)
                _small(made)
                if sum(len(text) for _, text in pairs) < TOGETHER:
                    _hold(list(made.rows)[:-1])
            case Totals(totals):
                self._totals(totals)
            case Grid(headers, widths, rows, strong):
                made = word.table(self.document, headers, rows, widths)
                _small(made, strong=strong)
                _hold(list(made.rows)[-2:-1])
            case _:
                assert_never(piece)

    def _totals(self, totals: tuple[Total, ...]) -> None:
        cells = word.cards(self.document, len(totals), rows=2)
        for total, above, below in zip(totals, cells[: len(totals)], cells[len(totals) :], strict=True):
            paragraph = word.write(above, f"{total.title}  ", bold=True, size=8.5, colour=word.SOFT)
            word.say(paragraph, total.score, bold=True, size=13)
            if total.most:
                word.say(paragraph, f" {total.most}", colour=word.SOFT, size=8.5)
            if total.band:
                word.label(below, total.band, total.band_text)
            else:
                word.write(below, total.band_text or "No band", bold=True)
        self._keep()

    def _note(self, text: str) -> None:
        """A paragraph on a ground, with a bar; unlike a table it stays with what follows in LibreOffice too."""
        paragraph = word.say(self.document.add_paragraph(), text, bold=True)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.right_indent = Cm(0.2), Cm(0.16)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(6)
        borders, ground = OxmlElement("w:pBdr"), OxmlElement("w:shd")
        bar = word.FILLS["none"][0]
        for side, size, space, colour in (
            ("top", "24", "0", word.PAPER),
            ("left", "36", "6", bar),
            ("bottom", "24", "0", word.PAPER),
        ):
            line = OxmlElement(f"w:{side}")
            for key, value in (("val", "single"), ("sz", size), ("space", space), ("color", colour)):
                line.set(qn(f"w:{key}"), value)
            borders.append(line)
        for key, value in (("val", "clear"), ("color", "auto"), ("fill", word.PAPER)):
            ground.set(qn(f"w:{key}"), value)
        for part in (borders, ground):
            paragraph._p.get_or_add_pPr().insert_element_before(part, "w:spacing")

    def _draft(self, why: str) -> None:
        card = word.cards(self.document, 1)[0]
        word.fill(card, word.INK)
        word.write(card, "DRAFT", bold=True, colour="FFFFFF", size=30)
        word.say(card.add_paragraph(), why, colour="FFFFFF")

    def _keep(self) -> None:
        """Holds what was just written to what follows."""
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        _hold(self.document.tables[-1].rows)


def _hold(rows: Iterable[_Row]) -> None:
    """Keeps each of the rows on the page of what follows it."""
    for paragraph in (paragraph for row in rows for cell in row.cells for paragraph in cell.paragraphs):
        paragraph.paragraph_format.keep_with_next = True


def _small(made: Table, *, strong: bool = False) -> None:
    """Sets the table in the smaller size, its first column bold where `strong`."""
    for row in made.rows:
        for n, cell in enumerate(row.cells):
            for run in (run for paragraph in cell.paragraphs for run in paragraph.runs):
                run.font.size = Pt(IN_TABLES)
                run.bold = run.bold or (strong and n == 0) or None
