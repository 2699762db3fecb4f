"""The clean Chinese Word document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.domain.article import Article
from workbench.domain.row import Row
from workbench.formats.composition import Paragraph, compose, source_note, title_of
from workbench.formats.docx_style import (
    LIST_STYLES,
    add_note,
    indent_first_line,
    mark_untranslated,
    new_document,
    package,
    style_ids,
)

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class DocxWriter:
    """Writes title, headings, paragraphs, list items and quotations, then the source note."""

    name = "docx"
    suffix = ".docx"
    media_type = MEDIA_TYPE

    def write(self, article: Article, rows: Sequence[Row]) -> bytes:
        """Return the document; the source of an untranslated segment stands highlighted in 【】."""
        document = new_document(title_of(article, rows), article.metadata)
        ids = style_ids(document)
        for n, paragraph in enumerate(compose(article, rows)):
            added = document.add_paragraph()
            added._p.style = ids[_style(paragraph, is_title=n == 0)]
            _fill(added, paragraph)
        add_note(document, source_note(article))
        return package(document)


def _fill(added: Any, paragraph: Paragraph) -> None:
    if paragraph.kind == "paragraph":
        indent_first_line(added)
    for text, translated in paragraph.parts:
        run = added.add_run(text)
        if not translated:
            mark_untranslated(run)


def _style(paragraph: Paragraph, is_title: bool) -> str:
    if paragraph.kind == "heading":
        first = is_title and paragraph.level == 1
        return "Title" if first else f"Heading {min(max(paragraph.level, 1), 6)}"
    if paragraph.kind == "item":
        return LIST_STYLES[min(paragraph.level, len(LIST_STYLES) - 1)]
    return "Quote" if paragraph.kind == "quote" else "Normal"
