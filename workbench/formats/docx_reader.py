"""Word documents: every paragraph in reading order, those in tables and text boxes included.

python-docx opens the package; the text is read from the XML, because its paragraphs leave out
insertions under review, fields and content controls.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.domain.article import Article, Block, BlockKind, Metadata
from workbench.errors import InputError, TooLarge
from workbench.formats.headings import is_heading_text

LIMIT_MB = 200
OLE = b"\xd0\xcf\x11\xe0"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
HIDDEN = {f"{W}del", f"{W}moveFrom", f"{W}pPr", FALLBACK}
TEXTS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)
LIST_STYLE = re.compile(r"list (?:bullet|number|paragraph|continue)|list$", re.IGNORECASE)
QUOTE_STYLE = re.compile(r"(?:intense |block )?quote|block text", re.IGNORECASE)
# What programs write as title or author when nobody has entered one.
PLACEHOLDERS = re.compile(
    r"(?:документ )?microsoft (?:office )?word.*|word document|документ\s*\d*|document\s*\d*"
    r"|без имени.*|untitled.*|python-docx|user|admin|администратор|пользователь|.*\.docx?",
    re.IGNORECASE,
)


class DocxReader:
    """Reads .docx."""

    suffixes = frozenset({".docx"})

    def read(self, data: bytes, name: str) -> Article:
        """Return the article. Raises InputError, TooLarge."""
        check_package(data, name)
        blocks, metadata = _contents(data, name)
        if not blocks:
            raise InputError("formats.empty", name=name)
        return Article(tuple(blocks), metadata, name=name)


def check_package(data: bytes, name: str) -> None:
    """Raise InputError unless *data* is a whole zip archive of bearable size."""
    if not data.strip():
        raise InputError("formats.empty", name=name)
    if data.startswith(OLE):
        raise InputError("formats.old_or_locked_docx", name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise InputError("formats.broken_docx", name=name) from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise InputError("formats.old_or_locked_docx", name=name)
    if sum(entry.file_size for entry in entries) > LIMIT_MB * 2**20 or len(entries) > 10_000:
        raise TooLarge("formats.swollen_docx", name=name, limit=LIMIT_MB)


def _contents(data: bytes, name: str) -> tuple[list[Block], Metadata]:
    import zlib

    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        document = docx.Document(io.BytesIO(data))
        blocks = list(_blocks(document))
        return blocks, _metadata(document, blocks)
    except (
        OpcError,
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
        zlib.error,
        # What python-docx stumbles over where a part is missing or of another kind.
        KeyError,
        ValueError,
        AttributeError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise InputError("formats.broken_docx", name=name) from error


def _blocks(document: Any) -> Iterator[Block]:
    styles = {style.style_id: style for style in document.styles}
    for paragraph in _paragraphs(document):
        if any(ancestor.tag in HIDDEN for ancestor in paragraph.iterancestors()):
            continue
        text = "".join(_texts(paragraph)).strip()
        if text:
            kind, level = _kind(paragraph, styles)
            if kind == "paragraph" and is_heading_text(text) and _is_bold(paragraph):
                kind, level = "heading", 2
            yield Block(kind, text, level)


def _paragraphs(document: Any) -> Iterator[Any]:
    """Yield the paragraphs of the body, then those of footnotes and endnotes."""
    from docx.oxml import parse_xml

    yield from document.element.body.iter(f"{W}p")
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
            notes = parse_xml(relation.target_part.blob)
            for note in notes:
                if note.get(f"{W}type") is None:  # the others draw the line above the notes
                    yield from note.iter(f"{W}p")


def _texts(element: Any) -> Iterator[str]:
    """Yield the paragraph's own text; paragraphs of text boxes inside it come by themselves."""
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in TEXTS:
            yield TEXTS[child.tag]
        elif child.tag != f"{W}p" and child.tag not in HIDDEN:
            yield from _texts(child)


def _kind(paragraph: Any, styles: dict[str, Any]) -> tuple[BlockKind, int]:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        return "paragraph", 0
    style = properties.find(f"{W}pStyle")
    names = list(_style_names(styles.get(style.get(f"{W}val")) if style is not None else None))
    outline = properties.find(f"{W}outlineLvl")
    level = _heading_level(names) or _number(outline, 9) + 1
    if level <= 6:
        return "heading", level
    numbering = properties.find(f"{W}numPr")
    if numbering is not None or any(LIST_STYLE.match(name) for name in names):
        depth = numbering.find(f"{W}ilvl") if numbering is not None else None
        return "item", _number(depth, 0)
    return ("quote" if any(QUOTE_STYLE.fullmatch(name) for name in names) else "paragraph"), 0


def _is_bold(paragraph: Any) -> bool:
    """Tell whether every run with text is bold by itself; in a table that is only a header cell."""
    runs = [run for run in paragraph.iter(f"{W}r") if "".join(_texts(run)).strip()]
    marks = [run.find(f"{W}rPr/{W}b") for run in runs]
    in_table = any(ancestor.tag == f"{W}tc" for ancestor in paragraph.iterancestors())
    return not in_table and all(
        mark is not None and mark.get(f"{W}val", "1") not in {"0", "false"} for mark in marks
    )


def _heading_level(style_names: Sequence[str]) -> int:
    """Return the level that a style gives, or 0."""
    for name in style_names:
        if name.lower() in {"title", "subtitle"}:
            return 1 if name.lower() == "title" else 2
        if match := HEADING_STYLE.fullmatch(name):
            return int(match.group(1))
    return 0


def _number(element: Any, default: int) -> int:
    value = element.get(f"{W}val", "") if element is not None else ""
    return int(value) if value.isdecimal() else default


def _style_names(style: Any) -> Iterator[str]:
    """Yield the style's name and those of the styles it is based on."""
    seen = 0
    while style is not None and seen < 10:
        yield style.name or ""
        style, seen = getattr(style, "base_style", None), seen + 1


def _metadata(document: Any, blocks: list[Block]) -> Metadata:
    core = document.core_properties
    own = next((b.text for b in blocks[:1] if b.kind == "heading" and b.level == 1), "")
    created = core.created.date().isoformat() if core.created else ""
    return Metadata(title=own or _meant(core.title), author=_meant(core.author), date=created)


def _meant(value: str | None) -> str:
    text = " ".join((value or "").split())
    return "" if PLACEHOLDERS.fullmatch(text) else text
