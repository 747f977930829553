"""The one-page location briefing as a PDF, written without an office suite."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime, time
from importlib.resources import files

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from chm.exchange.word import FILLS, INK, PAPER, PRODUCT, RULE, SOFT, TEAL, clean, day_text
from chm.places.briefing import Briefing, Line

WIDTH, MARGIN = 180, 15
PICTURE = 76
FONT = "Source Sans"
FONT_FILES = files("font_source_sans_pro") / "files"


def briefing_pdf(briefing: Briefing, names: Mapping[str, str], picture: bytes | None = None) -> bytes:
    """The briefing as a file, with a map where `picture` (PNG or JPEG) is given.

    Args:
        names: of levels and pillars, by id.
    """
    page = _Page(briefing)
    page.title(briefing.place, f"{briefing.area}. {briefing.window} to {day_text(briefing.on)}.")
    page.standing(briefing, names)
    page.heading("What is known")
    page.facts(briefing.numbers, picture)
    for heading, said in (("feel unsafe", briefing.unsafe), ("feel safe", briefing.safe)):
        if said:
            page.heading(f"What makes young people {heading} here, in their words")
            for text in said:
                page.text(f"\N{BULLET} “{text}”")
    page.lines("Agreed and still to be done", briefing.actions, names, "When")
    page.lines("Could be done next", briefing.options, names, "Source")
    page.pdf.ln(2)
    page.text(briefing.note, size=8, colour=SOFT)
    return bytes(page.pdf.output())


class _Page:
    """A4 in our styles."""

    def __init__(self, briefing: Briefing):
        self.pdf = _Running(briefing)
        self.pdf.add_page()

    def title(self, text: str, under: str) -> None:
        self.text(text, size=20, bold=True)
        self.text(under, size=9.5, colour=SOFT)
        self.pdf.ln(1.5)

    def heading(self, text: str) -> None:
        self.pdf.ln(2)
        self.text(text, size=11, bold=True, colour=TEAL)

    def text(self, text: str, *, size: float = 9, bold: bool = False, colour: str = INK) -> None:
        self.pdf.set_font(FONT, "B" if bold else "", size)
        self.pdf.set_text_color(*_rgb(colour))
        self.pdf.multi_cell(0, size * 0.45, _plain(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")

    def standing(self, briefing: Briefing, names: Mapping[str, str]) -> None:
        rank = f"Rank {briefing.rank} of {briefing.of}" if briefing.rank else "Not ranked"
        self._font()
        with self.pdf.table(
            col_widths=(96, 42, 42), first_row_as_headings=False, line_height=4.4, padding=1.5, text_align="LEFT"
        ) as made:
            row = made.row()
            row.cell(_plain(f"{rank}. {briefing.why}."), style=FontFace(emphasis="BOLD"))
            for what, id in (("Band by rank", briefing.band), ("Assessed level", briefing.level)):
                ground, ink = FILLS[id] if id else (PAPER, INK)
                said = f"{what}: {names[id] if id else 'not yet'}"
                row.cell(said, style=FontFace(emphasis="BOLD", color=_rgb(ink), fill_color=_rgb(ground)))
        self.pdf.ln(2)

    def facts(self, pairs: tuple[tuple[str, str], ...], picture: bytes | None) -> None:
        """The pairs, with the picture to their right."""
        self._font()
        top, room = self.pdf.get_y(), 0.0
        if picture:
            shown = self.pdf.image(
                io.BytesIO(picture), x=MARGIN + WIDTH - PICTURE, y=top, w=PICTURE, alt_text="Map of the location"
            )
            room = shown.rendered_height
        width = WIDTH - PICTURE - 4 if picture else WIDTH
        self.pdf.set_y(top)
        with self.pdf.table(
            width=width, col_widths=(52, width - 52), align="LEFT", first_row_as_headings=False,
            borders_layout="NONE", line_height=4.1, padding=0.4, text_align="LEFT",
        ) as made:  # fmt: skip
            for what, text in pairs:
                row = made.row()
                row.cell(_plain(what), style=FontFace(emphasis="BOLD", color=_rgb(SOFT)))
                row.cell(_plain(text))
        self.pdf.set_y(max(self.pdf.get_y(), top + room))

    def lines(self, heading: str, lines: tuple[Line, ...], names: Mapping[str, str], last: str) -> None:
        if not lines:
            return
        self.heading(heading)
        self._font(8.5)
        head = FontFace(emphasis="BOLD", color=_rgb(SOFT), fill_color=_rgb(PAPER))
        with self.pdf.table(
            col_widths=(20, 86, 36, 38), borders_layout="HORIZONTAL_LINES", headings_style=head, line_height=3.8,
            padding=0.6, text_align="LEFT",
        ) as made:  # fmt: skip
            made.row(("Pillar", "What", "Lead", last))
            for line in lines:
                made.row([_plain(t) for t in (names.get(line.pillar, line.pillar), line.text, line.lead, line.more)])

    def _font(self, size: float = 9) -> None:
        self.pdf.set_font(FONT, "", size)
        self.pdf.set_text_color(*_rgb(INK))
        self.pdf.set_draw_color(*_rgb(RULE))


class _Running(FPDF):
    """Pages with the marking at their head and the day at their foot. Their properties name the product alone."""

    def __init__(self, briefing: Briefing):
        super().__init__(format="A4")
        self._briefing = briefing
        self.add_font(FONT, "", str(FONT_FILES / "SourceSansPro-Regular.ttf"))
        self.add_font(FONT, "B", str(FONT_FILES / "SourceSansPro-Bold.ttf"))
        self.set_margins(MARGIN, 10, MARGIN)
        self.set_auto_page_break(True, 14)
        self.set_title(_plain(f"Location briefing: {briefing.place}"))
        self.set_author(PRODUCT)
        self.set_creator(PRODUCT)
        self.set_producer(PRODUCT)
        self.set_lang("en-GB")
        self.set_creation_date(datetime.combine(briefing.on, time(), UTC))

    def header(self) -> None:
        self.set_font(FONT, "B", 8.5)
        self.set_text_color(*_rgb(SOFT))
        self.cell(0, 5, _plain(self._briefing.marking), align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def footer(self) -> None:
        self.set_y(-11)
        self.set_font(FONT, "", 8)
        self.set_text_color(*_rgb(SOFT))
        said = f"Location briefing, {day_text(self._briefing.on)}. Page {self.page_no()} of {{nb}}"
        self.cell(0, 5, said, align="R")


def _plain(text: str) -> str:
    return " ".join(clean(text).split())


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:], 16)
