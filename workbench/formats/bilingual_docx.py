"""The bilingual Word document: one row a segment, Russian on the left, Chinese on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.domain.article import Article
from workbench.domain.row import Row, SegmentState
from workbench.formats.composition import by_segment, printable, source_note, title_of
from workbench.formats.docx_style import (
    CELL_STYLE,
    add_note,
    new_document,
    package,
    set_language,
    style_ids,
)
from workbench.formats.docx_writer import MEDIA_TYPE

HEADER = ("序号", "俄文原文", "中文译文", "状态")
SOURCE = 1
WIDTHS_CM = (1.3, 7.6, 7.6, 1.5)
STATES: dict[SegmentState, str] = {
    "new": "未译",
    "drafted": "初稿",
    "edited": "已改",
    "confirmed": "已确认",
    "reviewed": "已审校",
    "locked": "已锁定",
}


class BilingualDocxWriter:
    """Writes a table of number, source, target and state for side-by-side reading."""

    name = "bilingual-docx"
    suffix = ".docx"
    media_type = MEDIA_TYPE

    def write(self, article: Article, rows: Sequence[Row]) -> bytes:
        """Return the document."""
        from docx.shared import Cm

        document = new_document(title_of(article, rows), article.metadata)
        section = document.sections[0]
        section.left_margin = section.right_margin = Cm(1.5)
        document.add_paragraph(title_of(article, rows), style="Title")
        add_note(document, source_note(article))
        document.add_paragraph()
        _table(document, article, rows)
        return package(document)


def _table(document: Any, article: Article, rows: Sequence[Row]) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=len(HEADER), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS_CM, strict=True):
        column.width = Cm(width)
    style = style_ids(document)[CELL_STYLE]
    header = table.add_row()
    _fill(header, HEADER, style, bold=True)
    _repeat(header)
    found = by_segment(rows)
    for block in article.blocks:
        for segment in block.segments:
            row = found.get(segment.n)
            target = printable(row.target) if row else ""
            state = STATES[row.state if row else "new"]
            cells = (str(segment.n), printable(segment.source), target, state)
            _fill(table.add_row(), cells, style, bold=block.kind == "heading")


def _fill(row: Any, texts: Sequence[str], style: str, bold: bool) -> None:
    from docx.oxml import OxmlElement

    # A row stays on one page, so that source and target are read together.
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for number, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph._p.style = style
        run = paragraph.add_run(text)
        run.bold = bold or None
        if number == SOURCE:
            set_language(run._r.get_or_add_rPr(), "ru-RU")


def _repeat(row: Any) -> None:
    """Repeat the header row on each page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
