"""A report as a Word document in house style, tables and charts included."""

from __future__ import annotations

import io
from typing import Any

from workbench.domain.article import Metadata
from workbench.domain.report import Cell, Chart, Mark, Marked, Part, Report, Table
from workbench.formats.charts import WIDTH, png
from workbench.formats.composition import printable
from workbench.formats.docx_style import CELL_STYLE, NOTE_SIZE, new_document, package

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHADES: dict[Mark, str] = {
    "removed": "FBDCD7",
    "added": "D8F0DC",
    "name": "FFF0B3",
    "number": "DFE9FB",
    "term": "FFF0B3",
    "error": "FBDCD7",
}
MARGIN_CM = 2.0
LINE_CM = 21 - 2 * MARGIN_CM


def write_docx(report: Report) -> bytes:
    """Return the document; the same report gives the same bytes."""
    from docx.shared import Cm

    document = new_document(report.title, Metadata())
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    document.add_paragraph(printable(report.title), style="Title")
    _facts(document, report.facts)
    for part_of in report.sections:
        document.add_paragraph(printable(part_of.heading), style="Heading 1")
        for part in part_of.parts:
            _part(document, part)
    return package(document)


def _facts(document: Any, facts: tuple[tuple[str, str], ...]) -> None:
    for name, value in facts:
        paragraph = document.add_paragraph(style=CELL_STYLE)
        paragraph.add_run(f"{printable(name)}: ").bold = True
        paragraph.add_run(printable(value))


def _part(document: Any, part: Part) -> None:
    from docx.shared import Inches, Pt

    if isinstance(part, Table):
        _caption(document, part.caption)
        _table(document, part)
    elif isinstance(part, Chart):
        _caption(document, part.title)
        document.add_picture(io.BytesIO(png(part)), width=Inches(WIDTH))
        document.paragraphs[-1].paragraph_format.space_after = Pt(8)
        _describe(document, part.title)
    else:
        paragraph = document.add_paragraph(printable(part))
        paragraph.paragraph_format.space_after = Pt(6)


def _describe(document: Any, text: str) -> None:
    """Give the newest picture its text for those who cannot see it."""
    document.inline_shapes[-1]._inline.docPr.set("descr", printable(text))


def _caption(document: Any, text: str) -> None:
    from docx.shared import Pt

    if not text:
        return
    paragraph = document.add_paragraph(style=CELL_STYLE)
    paragraph.paragraph_format.space_before = Pt(10)
    paragraph.paragraph_format.space_after = Pt(3)
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run(printable(text)).bold = True


def _table(document: Any, part: Table) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=len(part.columns), style="Table Grid")
    table.autofit = not part.widths
    whole = sum(part.widths)
    for column, width in zip(table.columns, part.widths, strict=False):
        column.width = Cm(LINE_CM * width / whole)
    header = table.add_row()
    _mark_row(header, "w:tblHeader")
    _fill(header, part.columns, part.numeric, bold=True)
    for row in part.rows:
        added = table.add_row()
        _mark_row(added, "w:cantSplit")
        _fill(added, row, part.numeric)
    document.add_paragraph(style=CELL_STYLE)


def _mark_row(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _fill(row: Any, cells: tuple[Cell, ...], numeric: tuple[int, ...], bold: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for number, (place, cell) in enumerate(zip(row.cells, cells, strict=True)):
        paragraph = place.paragraphs[0]
        paragraph.style = CELL_STYLE
        if number in numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if isinstance(cell, Marked):
            _runs(paragraph, cell)
        else:
            paragraph.add_run(printable(cell)).bold = bold or None


def _runs(paragraph: Any, cell: Marked) -> None:
    from docx.shared import Pt

    done = 0
    for start, end, mark in cell.marks:
        paragraph.add_run(printable(cell.text[done:start]))
        run = paragraph.add_run(printable(cell.text[start:end]))
        run.font.strike = True if mark == "removed" else None
        run.font.size = Pt(NOTE_SIZE)
        _shade(run, SHADES[mark])
        done = end
    paragraph.add_run(printable(cell.text[done:]))


def _shade(run: Any, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:color"), "auto")
    shade.set(qn("w:fill"), colour)
    run._r.get_or_add_rPr().append(shade)
