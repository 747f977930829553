"""Word documents: page, styles, tables and text that is only ever text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

PRODUCT = "Contextual Harm Matrix"
FONT = "Arial"
WIDTH = 17.0
ONE_PAGE = 800
INK, SOFT, TEAL, RULE, PAPER = "0F1418", "46515B", "0F5E66", "CFC9BE", "F1EEE8"
FILLS = {
    "none": ("5C6975", "FFFFFF"),
    "emerging": ("F5C044", INK),
    "moderate": ("C4560F", "FFFFFF"),
    "significant": ("8E1235", "FFFFFF"),
}
# Parts of the template that no document of ours needs: a picture of an empty page, and a list of books.
NOT_NEEDED = ("/thumbnail", "/customXml")
NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def day_text(day: date) -> str:
    """`day` in full: 4 January 2027."""
    return f"{day.day} {day:%B %Y}"


def day_short(day: date) -> str:
    """`day` for a narrow column: 4 Jan 2027."""
    return f"{day.day} {day:%b %Y}"


def clean(text: str) -> str:
    """`text` without what XML cannot hold."""
    return NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def new(title: str, on: date | None = None, size: float = 10) -> Document:
    """An A4 document in our styles. Its properties name the product, never a person or a folder."""
    document = docx.Document()
    properties = document.core_properties
    properties.author = properties.last_modified_by = PRODUCT
    properties.title = title
    properties.comments = properties.keywords = properties.subject = properties.category = ""
    properties.language = "en-GB"
    properties.revision = 1
    properties.created = properties.modified = datetime.combine(on or date.today(), time())
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    section.header_distance = section.footer_distance = Cm(1)
    _style(document, "Normal", size, INK, after=4)
    _style(document, "Title", size + 12, INK, bold=True, after=2)
    _style(document, "Heading 1", size + 5, TEAL, bold=True, before=16, after=5)
    _style(document, "Heading 2", size + 2, INK, bold=True, before=11, after=3)
    _style(document, "Heading 3", size, SOFT, bold=True, before=6, after=2)
    _style(document, "List Bullet", size, INK, after=2)
    _style(document, "Header", 9, SOFT)
    _style(document, "Footer", 8.5, SOFT)
    border = document.styles["Title"].element.find(f".//{qn('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)
    for default in document.styles.element.iter(qn("w:lang")):
        default.set(qn("w:val"), "en-GB")
    return document


def _style(
    document: Document, name: str, size: float, colour: str, *, bold: bool = False, before: float = 0, after: float = 0
) -> None:
    style: Any = document.styles[name]
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.rPr.rFonts
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{key}"), FONT)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.1


def running(document: Document, marking: str, footer: str) -> None:
    """Puts `marking` at the head of every page, `footer` and page numbers at its foot."""
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    say(head, marking, bold=True)
    foot = section.footer.paragraphs[0]
    tabs = document.styles["Footer"].element.find(f".//{qn('w:tabs')}")
    if tabs is not None:
        tabs.getparent().remove(tabs)
    foot.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    say(foot, f"{footer}\tPage ")
    _field(foot, "PAGE")
    say(foot, " of ")
    _field(foot, "NUMPAGES")


def _field(paragraph: Paragraph, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()._r
        if kind == "text":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run.append(mark)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {text} "
            run.append(instruction)


def say(
    paragraph: Paragraph, text: str, *, bold: bool = False, colour: str | None = None, size: float | None = None
) -> Paragraph:
    """Adds `text` to `paragraph` as it is."""
    run = paragraph.add_run(clean(text))
    run.bold = bold or None
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    if size:
        run.font.size = Pt(size)
    return paragraph


def paragraphs(document: Document, text: str) -> None:
    """`text` with a paragraph for each of its lines."""
    for line in clean(text).split("\n"):
        if line.strip():
            document.add_paragraph(line.strip())


def labelled(document: Document, label: str, text: str) -> Paragraph:
    """A paragraph that opens with `label` in bold."""
    paragraph = document.add_paragraph()
    say(paragraph, f"{label}: ", bold=True)
    return say(paragraph, text)


def table(document: Document, headers: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> Table:
    """A ruled table in `widths` (cm), its header row repeated on every page."""
    listed = list(rows)
    made = _bare(document, 1 + len(listed), widths)
    _rules(made)
    for cell, text in zip(made.rows[0].cells, headers, strict=True):
        write(cell, text, bold=True, colour=SOFT).paragraph_format.keep_with_next = True
        fill(cell, PAPER)
    _row_property(made.rows[0], "w:cantSplit")
    _row_property(made.rows[0], "w:tblHeader")
    for line, row in zip(listed, list(made.rows)[1:], strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            write(cell, text)
        if sum(map(len, line)) < ONE_PAGE:
            _row_property(row, "w:cantSplit")
    gap(document)
    return made


def facts(document: Document, pairs: Iterable[tuple[str, str]], first: float = 4.2) -> Table:
    """A table without rules: what, and what it is."""
    listed = list(pairs)
    made = _bare(document, len(listed), (first, WIDTH - first))
    for (what, text), row in zip(listed, made.rows, strict=True):
        write(row.cells[0], what, bold=True, colour=SOFT)
        write(row.cells[1], text)
    gap(document)
    return made


def cards(document: Document, count: int, rows: int = 1) -> list[_Cell]:
    """Cells of equal width side by side, ruled, row after row."""
    made = _bare(document, rows, [WIDTH / count] * count)
    _rules(made, inner=True)
    gap(document)
    return [cell for row in made.rows for cell in row.cells]


def notice(document: Document, level: str, lines: Iterable[tuple[str, str]]) -> None:
    """Boxes with a bar in the colour of `level`: a sentence, and in small where it stands."""
    for text, source in lines:
        made = _bare(document, 1, (0.25, WIDTH - 0.25))
        fill(made.rows[0].cells[0], FILLS[level][0])
        fill(made.rows[0].cells[1], PAPER)
        paragraph = write(made.rows[0].cells[1], text, bold=True)
        if source:
            say(paragraph, f"  {source}", colour=SOFT, size=8.5)
        _row_property(made.rows[0], "w:cantSplit")
        gap(document, 3)


def write(
    cell: _Cell, text: str, *, bold: bool = False, colour: str | None = None, size: float | None = None
) -> Paragraph:
    """Puts `text` in the first paragraph of `cell`, each further line in one of its own; gives the last."""
    paragraph: Paragraph = cell.paragraphs[0]
    for n, line in enumerate(clean(text).split("\n")):
        if n:
            paragraph = cell.add_paragraph()
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        say(paragraph, line, bold=bold, colour=colour, size=size)
    return paragraph


def label(cell: _Cell, level: str, text: str) -> None:
    """Fills `cell` with the colour of `level` and names it."""
    ground, ink = FILLS[level]
    fill(cell, ground)
    write(cell, text, bold=True, colour=ink)


def ink(cell: _Cell, colour: str) -> None:
    """Writes what stands in `cell` in `colour`, bold."""
    for paragraph in cell.paragraphs:
        for run in paragraph.runs:
            run.bold, run.font.color.rgb = True, RGBColor.from_string(colour)


def fill(cell: _Cell, colour: str) -> None:
    """Colours the ground of `cell`."""
    properties = cell._tc.get_or_add_tcPr()
    for old in properties.findall(qn("w:shd")):
        properties.remove(old)
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{key}"), value)
    properties.append(shade)


def ruled(document: Document) -> None:
    """A line to write on by hand."""
    paragraph = document.add_paragraph()
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", RULE)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def to_bytes(document: Document) -> bytes:
    """The document as a file, without what its template brings along unseen."""
    part = document.part
    for rels in (part.package.rels, part.rels):
        for id in [id for id, rel in rels.items() if rel.reltype.endswith(NOT_NEEDED)]:
            rels.pop(id)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _bare(document: Document, rows: int, widths: Sequence[float]) -> Table:
    made: Table = document.add_table(rows=rows, cols=len(widths))
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    for row in made.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "90")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    made._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)
    return made


def _rules(made: Table, *, inner: bool = False) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        shown = side in ("top", "bottom", "insideH") or inner
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "single" if shown else "nil")
        if shown:
            line.set(qn("w:sz"), "4")
            line.set(qn("w:color"), RULE)
        borders.append(line)
    made._tbl.tblPr.find(qn("w:tblLayout")).addprevious(borders)


def _row_property(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def gap(document: Document, points: float = 6) -> None:
    """Room of `points`; without it two tables in a row would run together."""
    empty = document.add_paragraph()
    empty.paragraph_format.space_after = Pt(0)
    empty.paragraph_format.line_spacing = Pt(points)
