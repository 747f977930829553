"""The one-page location briefing as a Word document."""

from __future__ import annotations

import io
from collections.abc import Mapping

from docx.document import Document
from docx.shared import Cm, Pt

from chm.exchange import word
from chm.places.briefing import Briefing, Line

LEVELS = ("none", "emerging", "moderate", "significant")
PICTURE = 8.0


def briefing_document(briefing: Briefing, names: Mapping[str, str], picture: bytes | None = None) -> bytes:
    """The briefing as a file, with a map where `picture` (PNG or JPEG) is given.

    Args:
        names: of levels and pillars, by id.
    """
    made = word.new(word.clean(f"Location briefing: {briefing.place}"), briefing.on, size=8.5)
    section = made.sections[0]
    section.top_margin, section.bottom_margin = Cm(1.7), Cm(1.5)
    for style in ("Heading 1", "Heading 2"):
        made.styles[style].paragraph_format.space_before = Pt(6)
    word.running(made, briefing.marking, f"Location briefing, {word.day_text(briefing.on)}")
    made.add_paragraph(word.clean(briefing.place), style="Title")
    made.add_paragraph(f"{briefing.area}. {briefing.window} to {word.day_text(briefing.on)}.")
    _standing(made, briefing, names)
    made.add_heading("What is known", 2)
    _numbers(made, briefing, picture)
    for heading, said in (("feel unsafe", briefing.unsafe), ("feel safe", briefing.safe)):
        if said:
            made.add_heading(f"What makes young people {heading} here, in their words", 2)
            for text in said:
                made.add_paragraph(f"“{word.clean(text)}”", style="List Bullet")
    _lines(made, "Agreed and still to be done", briefing.actions, names, "When")
    _lines(made, "Could be done next", briefing.options, names, "Source")
    word.say(made.add_paragraph(), briefing.note, colour=word.SOFT, size=8)
    return word.to_bytes(made)


def _standing(made: Document, briefing: Briefing, names: Mapping[str, str]) -> None:
    cells = word.cards(made, 3)
    rank = f"Rank {briefing.rank} of {briefing.of}" if briefing.rank else "Not ranked"
    word.write(cells[0], f"{rank}\n{briefing.why}", bold=True)
    for cell, what, id in ((cells[1], "Band by rank", briefing.band), (cells[2], "Assessed level", briefing.level)):
        if id:
            word.label(cell, id, f"{what}: {names[id]}")
        else:
            word.write(cell, f"{what}: not yet", bold=True)


def _numbers(made: Document, briefing: Briefing, picture: bytes | None) -> None:
    """What is known, with the picture to its right."""
    if not picture:
        word.facts(made, briefing.numbers, first=6.5)
        return
    table = made.add_table(rows=1, cols=2)
    table.autofit = False
    for cell, width in zip(table.rows[0].cells, (word.WIDTH - PICTURE, PICTURE), strict=True):
        cell.width = Cm(width)
    told, shown = table.rows[0].cells
    for n, (what, text) in enumerate(briefing.numbers):
        line = told.add_paragraph() if n else told.paragraphs[0]
        line.paragraph_format.space_after = Pt(1)
        word.say(line, f"{what}: ", bold=True, colour=word.SOFT)
        word.say(line, text)
    shown.paragraphs[0].add_run().add_picture(io.BytesIO(picture), width=Cm(PICTURE - 0.4))
    word.gap(made, 3)


def _lines(made: Document, heading: str, lines: tuple[Line, ...], names: Mapping[str, str], last: str) -> None:
    if lines:
        made.add_heading(heading, 2)
        rows = [(names.get(line.pillar, line.pillar), line.text, line.lead, line.more) for line in lines]
        word.table(made, ("Pillar", "What", "Lead", last), rows, (1.8, 7.6, 3.6, 4.0))
