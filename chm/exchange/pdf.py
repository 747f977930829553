"""PDFs: page, fonts and text that is only ever text, without an office suite."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, time
from typing import cast

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from chm.exchange.location_pdf import FONT, FONT_FILES, MARGIN, WIDTH, _rgb
from chm.exchange.paper import Paper
from chm.exchange.word import PRODUCT, SOFT, clean

# Stands for the number of pages while they are written; its two spaces are in no text of a document.
PAGES = "0  0"
BOX = "\N{BLACK SQUARE}"


class Running(FPDF):
    """Pages with the marking at their head, what it is at their foot. Their properties name the product alone."""

    def __init__(self, paper: Paper):
        super().__init__(format="A4")
        self._paper = paper
        self.add_font(FONT, "", str(FONT_FILES / "SourceSansPro-Regular.ttf"))
        self._known = frozenset(cast(TTFFont, self.fonts[FONT.lower()]).cmap)
        self.add_font(FONT, "B", str(FONT_FILES / "SourceSansPro-Bold.ttf"))
        self.set_margins(MARGIN, 10, MARGIN)
        self.set_auto_page_break(True, 18)
        self.alias_nb_pages(PAGES)
        self.set_title(paper.kind)
        self.set_author(PRODUCT)
        self.set_creator(PRODUCT)
        self.set_producer(PRODUCT)
        self.set_lang("en-GB")
        self.set_creation_date(datetime.combine(paper.on, time(), UTC))

    def plain(self, text: str) -> str:
        """`text` without blank lines and signs that have no shape, and with `BOX` for what is not in the typeface."""
        shaped = (c for c in unicodedata.normalize("NFC", clean(text)) if c == "\n" or unicodedata.category(c) != "Cf")
        printed = "".join(c if ord(c) in self._known or c.isspace() else BOX for c in shaped)
        return "\n".join(line for line in (" ".join(part.split()) for part in printed.split("\n")) if line)

    def lacks(self, text: str) -> bool:
        """Whether a letter or sign of `text` is not in the typeface."""
        return self.plain(text).count(BOX) > clean(text).count(BOX)

    def header(self) -> None:
        self._small(bold=True)
        self.cell(0, 5, self._paper.marking, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(4)

    def footer(self) -> None:
        self.set_y(-12)
        self._small()
        self.cell(WIDTH - 30, 5, self.plain(self._paper.footer).replace("\n", " "))
        self.cell(30, 5, f"Page {self.page_no()} of {PAGES}", align="R")

    def _small(self, *, bold: bool = False) -> None:
        self.set_font(FONT, "B" if bold else "", 8.5)
        self.set_text_color(*_rgb(SOFT))
