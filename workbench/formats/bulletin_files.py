"""A bulletin as a Word document, a web page or plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from workbench.domain.article import Metadata
from workbench.domain.bulletin import Bulletin
from workbench.errors import SettingsError
from workbench.formats.bulletin_layout import Line, LineKind, layout, masthead
from workbench.formats.docx_style import NOTE_SIZE, indent_first_line, new_document, package
from workbench.formats.docx_writer import DocxWriter
from workbench.formats.html_writer import STYLE, HtmlWriter, whole_page
from workbench.formats.plain import PlainWriter

_DOCX: Mapping[LineKind, str] = {
    "part": "Heading 2",
    "topic": "Heading 1",
    "title": "Title",
    "heading": "Heading 3",
}
_HTML: Mapping[LineKind, str] = {
    "masthead": "header",
    "part": "h3",
    "topic": "h1",
    "title": "h2",
    "heading": "h4",
    "lead": 'p class="lead"',
    "signed": 'p class="signed"',
    "note": 'p class="note"',
}
_MORE = (
    "header{text-align:center;color:#444}h2{text-align:center}h3{margin-top:1.6em}"
    ".signed{text-align:right;text-indent:0}.note{text-indent:0;overflow-wrap:anywhere}"
    ".lead{font-family:KaiTi,STKaiti,serif}"
)


def write_bulletin(bulletin: Bulletin, suffix: str) -> bytes:
    """Return the file; the same bulletin gives the same bytes. Raises SettingsError."""
    writer = WRITERS.get(suffix.lower())
    if writer is None:
        raise SettingsError("bulletin.no_such_format", suffix=suffix, known=", ".join(WRITERS))
    return writer(bulletin, layout(bulletin))


def _docx(bulletin: Bulletin, lines: Sequence[Line]) -> bytes:
    date = f"{bulletin.year or 2000:04}-{bulletin.month or 1:02}-01"
    document = new_document(masthead(bulletin), Metadata(date=date))
    _page_head(document, masthead(bulletin))
    for line in lines:
        if line.kind != "masthead":
            _paragraph(document, line)
    return package(document)


def _page_head(document: Any, text: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    head = document.sections[0].header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run(text).font.size = Pt(NOTE_SIZE)


def _paragraph(document: Any, line: Line) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    added = document.add_paragraph(line.text, style=_DOCX.get(line.kind, "Normal"))
    if line.kind == "topic":
        added.paragraph_format.page_break_before = True
    elif line.kind == "title":
        added.runs[0].font.size = Pt(18)
    elif line.kind in {"paragraph", "lead"}:
        indent_first_line(added)
    elif line.kind == "signed":
        added.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif line.kind == "note":
        added.runs[0].font.size = Pt(NOTE_SIZE)


def _html(bulletin: Bulletin, lines: Sequence[Line]) -> bytes:
    body = []
    for line in lines:
        tag = _HTML.get(line.kind, "p")
        body.append(f"<{tag}>{escape(line.text)}</{tag.split()[0]}>")
    return whole_page(masthead(bulletin), STYLE + _MORE, body)


def _text(_bulletin: Bulletin, lines: Sequence[Line]) -> bytes:
    return ("\n\n".join(line.text for line in lines) + "\n").encode()


WRITERS: Mapping[str, Callable[[Bulletin, Sequence[Line]], bytes]] = {
    ".docx": _docx,
    ".html": _html,
    ".txt": _text,
}
MEDIA: Mapping[str, str] = {
    writer.suffix: writer.media_type for writer in (DocxWriter, HtmlWriter, PlainWriter)
}
