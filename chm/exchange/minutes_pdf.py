"""The minutes of a complex strategy meeting, or one young person's extract of them, as a PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any, assert_never

from fpdf.enums import CellBordersLayout, MethodReturnValue, XPos, YPos
from fpdf.fonts import FontFace
from fpdf.util import Padding

from chm.exchange.location_pdf import FONT, MARGIN, WIDTH, _rgb
from chm.exchange.minutes_paper import minutes_paper
from chm.exchange.paper import Facts, Grid, Heading, Note, Paper, Piece, Points, Text, Total, Totals
from chm.exchange.pdf import BOX, Running
from chm.exchange.word import FILLS, INK, PAPER, RULE, SOFT, TEAL
from chm.meetings.minutes import Minutes

SIZE, SMALL, LINE = 9.5, 9, 4.2
PADDING, CLOSE = 1.2, 0.7
BOXED = Padding(1.5, 3, 1.5, 3)
INSET = Padding(PADDING, PADDING, PADDING, PADDING)
# A row of more lines than this is written as several, so that it can go over the end of a page.
LINES = 14
FACTS = (40.0, 140.0)
TOTAL = 8.0
# Facts lower than this (mm) stay on one page.
TOGETHER = 90.0
NOT_PRINTED = f"Some letters or signs are not in this PDF's typeface and show as {BOX}. The Word document has them all."


def minutes_pdf(
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
    return as_pdf(minutes_paper(minutes, number=number, signed=signed, why=why, pillars=pillars))


def as_pdf(paper: Paper) -> bytes:
    """`paper` as a PDF. Its properties say what it is and nobody's name."""
    page = _Page(paper)
    for n, piece in enumerate(paper.pieces):
        if isinstance(piece, Heading):
            page.keep(paper.pieces[n:])
        page.write(piece)
    return bytes(page.pdf.output())


class _Page:
    """A4 in our styles."""

    def __init__(self, paper: Paper):
        self.pdf = Running(paper)
        self.pdf.add_page()
        if paper.draft:
            self._box("DRAFT", INK, colour="FFFFFF", size=28, bold=True, padding=Padding(2, 3, 0, 3))
            self._box(paper.draft, INK, colour="FFFFFF", padding=Padding(0, 3, 2.5, 3))
            self.pdf.ln(4)
        self._text(paper.kind, bold=True, colour=SOFT)
        self._text(paper.title, size=20, bold=True)
        self.pdf.ln(2)
        if any(self.pdf.lacks(text) for text in paper.texts()):
            self._text(NOT_PRINTED, size=SMALL, colour=SOFT)

    def write(self, piece: Piece) -> None:
        match piece:
            case Heading(text, level):
                self.pdf.ln(5 if level == 1 else 3)
                self.pdf.start_section(self.pdf.plain(text), level - 1)
                self._text(text, size=14 if level == 1 else 11, bold=True, colour=TEAL if level == 1 else INK)
                self.pdf.ln(1)
            case Text(text, soft):
                self._text(text, size=SMALL if soft else SIZE, colour=SOFT if soft else INK)
                self.pdf.ln(1)
            case Points(texts):
                for text in texts:
                    self._point(text)
            case Note(text):
                self._box(text, PAPER, bold=True, bar=True)
                self.pdf.ln(2)
            case Facts(pairs):
                self._facts(pairs)
            case Totals(totals):
                self._totals(totals)
            case Grid():
                self._grid(piece)
            case _:
                assert_never(piece)

    def keep(self, pieces: Sequence[Piece]) -> None:
        """Turns the page where the heading that opens `pieces` would stand without the first of what it heads."""
        needed = 0.0
        for piece in pieces:
            needed += self._least(piece)
            if not isinstance(piece, Heading | Note | Totals) and not (isinstance(piece, Text) and piece.soft):
                break
        if self.pdf.will_page_break(needed):
            self.pdf.add_page()

    def _least(self, piece: Piece) -> float:
        """Height (mm) of the least of `piece` that can stand alone."""
        match piece:
            case Heading(text, level):
                return self._height(text, WIDTH, size=14, bold=True) + (6 if level == 1 else 4)
            case Totals():
                return TOTAL + 2 * LINE + 4
            case Facts(pairs):
                rows = [self._tall(FACTS, pair) - 2 * (PADDING - CLOSE) for pair in pairs]
                return sum(rows) if sum(rows) < TOGETHER else rows[0]
            case Grid(headers, widths, rows):
                return self._height(headers[0], WIDTH) + sum(self._tall(widths, row) for row in rows[:1])
            case Text(text) | Note(text):
                return min(self._height(text, WIDTH), 3 * LINE) + 3
            case Points(texts):
                return min(self._height("".join(texts[:1]), WIDTH), 3 * LINE)
            case _:
                assert_never(piece)

    def _tall(self, widths: Sequence[float], row: Sequence[str]) -> float:
        """Height of the row, or of the part of it that stays together."""
        part = self._parts(row, widths, strong=True)[0]
        return max(self._height(t, w, bold=n == 0) for n, (t, w) in enumerate(zip(part, _mm(widths), strict=True)))

    def _text(self, text: str, *, size: float = SIZE, bold: bool = False, colour: str = INK) -> None:
        self._font(size, bold, colour)
        self.pdf.multi_cell(0, size * 0.46, self.pdf.plain(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")

    def _point(self, text: str) -> None:
        self._font(SIZE)
        self.pdf.cell(4, SIZE * 0.46, "\N{BULLET}")
        self.pdf.multi_cell(
            WIDTH - 4, SIZE * 0.46, self.pdf.plain(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L"
        )
        self.pdf.ln(0.8)

    def _box(
        self,
        text: str,
        ground: str,
        *,
        colour: str = INK,
        size: float = SIZE,
        bold: bool = False,
        bar: bool = False,
        padding: Padding = BOXED,
    ) -> None:
        """`text` on a coloured ground, with a bar to its left."""
        self._font(size, bold, colour)
        with self.pdf.local_context(fill_color=_rgb(ground), draw_color=_rgb(FILLS["none"][0]), line_width=1.2):
            self.pdf.multi_cell(
                0, size * 0.46, self.pdf.plain(text), fill=True, border="L" if bar else 0, align="L",
                padding=padding, new_x=XPos.LMARGIN, new_y=YPos.NEXT,
            )  # fmt: skip

    def _facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._font()
        with self.pdf.table(
            col_widths=FACTS, first_row_as_headings=False, borders_layout="NONE", line_height=LINE,
            padding=(CLOSE, PADDING), text_align="LEFT", v_align="TOP",
        ) as made:  # fmt: skip
            for pair in pairs:
                for what, text in self._parts(pair, FACTS, strong=True):
                    row = made.row()
                    row.cell(what, style=FontFace(emphasis="BOLD", color=_rgb(SOFT)))
                    row.cell(text)
        self.pdf.ln(2)

    def _totals(self, totals: Sequence[Total]) -> None:
        width, top = WIDTH / len(totals), self.pdf.get_y()
        self.pdf.set_draw_color(*_rgb(RULE))
        for n, total in enumerate(totals):
            left = MARGIN + n * width
            self.pdf.rect(left, top, width, TOTAL)
            self.pdf.set_xy(left + PADDING, top)
            for text, size, bold, colour in (
                (total.title, SMALL, True, SOFT), (total.score, 14, True, INK), (total.most, SMALL, False, SOFT),
            ):  # fmt: skip
                self._font(size, bold, colour)
                self.pdf.cell(None, TOTAL, f"{self.pdf.plain(text)} ")
            ground, ink = FILLS[total.band] if total.band else (PAPER, INK)
            self._font(SMALL, True, ink)
            self.pdf.set_xy(left, top + TOTAL)
            with self.pdf.local_context(fill_color=_rgb(ground)):
                self.pdf.cell(width, LINE + 2, f" {self.pdf.plain(total.band_text or 'No band')}", fill=True)
        self.pdf.set_xy(MARGIN, top + TOTAL + LINE + 4)

    def _grid(self, grid: Grid) -> None:
        self._font()
        head = FontFace(emphasis="BOLD", color=_rgb(SOFT), fill_color=_rgb(PAPER))
        with self.pdf.table(
            col_widths=grid.widths, borders_layout="NONE", headings_style=head, line_height=LINE, padding=PADDING,
            text_align="LEFT", v_align="TOP",
        ) as made:  # fmt: skip
            made.row(tuple(map(self.pdf.plain, grid.headers)))
            for line in grid.rows:
                for n, part in enumerate(self._parts(line, grid.widths, strong=grid.strong)):
                    row = made.row()
                    for column, text in enumerate(part):
                        strong = FontFace(emphasis="BOLD") if grid.strong and not column else None
                        row.cell(text, style=strong, border=CellBordersLayout.NONE if n else CellBordersLayout.TOP)
        self.pdf.line(MARGIN, self.pdf.get_y(), MARGIN + WIDTH, self.pdf.get_y())
        self.pdf.ln(3)

    def _parts(self, row: Sequence[str], widths: Sequence[float], *, strong: bool) -> list[tuple[str, ...]]:
        """`row` as one or more rows, each short enough to stand on a page."""
        lines = [
            self._wrapped(text, width, bold=strong and not n)
            for n, (text, width) in enumerate(zip(row, _mm(widths), strict=True))
        ]
        most = max(map(len, lines))
        if most <= LINES:
            return [tuple(map(self.pdf.plain, row))]
        step = ceil(most / ceil(most / LINES))
        return [tuple("\n".join(own[at : at + step]) for own in lines) for at in range(0, most, step)]

    def _wrapped(self, text: str, width: float, *, bold: bool) -> list[str]:
        return list(self._tried(text, width, SMALL, bold, MethodReturnValue.LINES))

    def _height(self, text: str, width: float, *, size: float = SMALL, bold: bool = False) -> float:
        return float(self._tried(text, width, size, bold, MethodReturnValue.HEIGHT))

    def _tried(self, text: str, width: float, size: float, bold: bool, output: MethodReturnValue) -> Any:
        """What writing `text` into a cell of `width` would come to."""
        self._font(size, bold)
        plain, line = self.pdf.plain(text), LINE if size == SMALL else size * 0.46
        found = self.pdf.multi_cell(width, line, plain, dry_run=True, output=output, padding=INSET, align="L")
        self._font()
        return found

    def _font(self, size: float = SMALL, bold: bool = False, colour: str = INK) -> None:
        self.pdf.set_font(FONT, "B" if bold else "", size)
        self.pdf.set_text_color(*_rgb(colour))
        self.pdf.set_draw_color(*_rgb(RULE))


def _mm(widths: Sequence[float]) -> list[float]:
    """`widths` in their proportions over the width of the page."""
    return [width * WIDTH / sum(widths) for width in widths]
