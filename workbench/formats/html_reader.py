"""Web pages: the main text without menus, advertisements and links to other news.

trafilatura finds the text; nothing is fetched. Headings, paragraphs, list items, quotations and
table cells become blocks.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbench.domain.article import Article, Block, BlockKind, Metadata
from workbench.errors import InputError
from workbench.formats.dates import iso_date
from workbench.formats.encoding import decode
from workbench.formats.headings import is_heading_text

if TYPE_CHECKING:
    from lxml.etree import _Element

CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
XML_ENCODING = re.compile(rb"\A\s*<\?xml[^>]+encoding\s*=\s*[\"']([A-Za-z0-9_.-]+)")
XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
SENTENCE_END = re.compile(r"[.!?…][»”\")]*(?:\s|$)")
BODY_TAG = re.compile(r"<body\b", re.IGNORECASE)
# Two line breaks part paragraphs on old pages; the extractor would make one of them.
DOUBLE_BREAK = re.compile(r"(?:<br\s*/?>\s*){2,}", re.IGNORECASE)
BLOCKS = frozenset({"p", "head", "list", "quote", "table", "row", "cell", "div", "code", "ab"})
ANY_TAG = re.compile(r"<[A-Za-z!][^<>]*>")


class HtmlReader:
    """Reads .html and .htm."""

    suffixes = frozenset({".html", ".htm", ".xhtml"})

    def read(self, data: bytes, name: str) -> Article:
        """Return the article. Raises InputError when the page has no main text."""
        text = XML_DECLARATION.sub("", decode(data, name, declared_charset(data)))
        if not text.strip():
            raise InputError("formats.empty", name=name)
        if not ANY_TAG.search(text):
            raise InputError("formats.not_html", name=name)
        found = _extract(text)
        if found is None or found.body is None:
            raise InputError("formats.no_main_text", name=name)
        blocks = list(_blocks(found.body))
        metadata = _metadata(found)
        # Without a title of its own the page seems to be called like its first sub-heading.
        if any(_says(block, metadata.title) and block.level > 1 for block in blocks[1:]):
            metadata = replace(metadata, title="")
        if not any(_is_prose(block) for block in blocks):
            raise InputError("formats.no_main_text", name=name)
        return Article(tuple(_with_title(blocks, metadata.title)), metadata, name=name)


def _is_prose(block: Block) -> bool:
    """Tell a sentence from the words of a menu: a full stop, or many words."""
    if block.kind == "heading":
        return False
    return bool(SENTENCE_END.search(block.text)) or len(block.text.split()) >= 8


def declared_charset(data: bytes) -> str:
    """Return the encoding that a page names in its first kilobytes, or an empty string."""
    found = XML_ENCODING.match(data) or CHARSET.search(data[:4096])
    return found.group(1).decode("ascii") if found else ""


def _extract(text: str) -> Any:
    import trafilatura

    # What it has to say of a page without text, we say ourselves.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    text = DOUBLE_BREAK.sub("</p><p>", text)
    if not BODY_TAG.search(text):
        # In a bare fragment the outermost element would be taken for the page.
        text = f"<html><body>{text}</body></html>"
    return trafilatura.bare_extraction(
        text,
        include_comments=False,
        include_tables=True,
        include_images=False,
        include_links=False,
        include_formatting=True,
        with_metadata=True,
        deduplicate=False,
    )


def _metadata(found: Any) -> Metadata:
    return Metadata(
        title=" ".join((found.title or "").split()),
        author=" ".join((found.author or "").split()),
        outlet=" ".join((found.sitename or "").split()),
        date=iso_date(found.date or ""),
        url=found.url or "",
    )


def _says(block: Block, title: str) -> bool:
    folded = (" ".join(text.split()).casefold() for text in (block.text, title))
    return block.kind == "heading" and next(folded) == next(folded)


def _with_title(blocks: list[Block], title: str) -> list[Block]:
    """Put the title first, as the heading of level 1, once."""
    if not title:
        return blocks
    rest = [block for n, block in enumerate(blocks) if not (n < 3 and _says(block, title))]
    return [Block("heading", title, 1), *rest]


def _blocks(element: _Element, kind: BlockKind = "paragraph", level: int = 0) -> Iterator[Block]:
    """Yield the blocks inside an element: those of its block elements, and its own text between.

    *kind* and *level* are those of the text that has no block element of its own.
    """
    own = [element.text or ""]
    for child in element:
        if child.tag in BLOCKS:
            yield from _own(own, kind, level)
            yield from _block(child, kind, level)
            own = []
        else:
            own.append("\n" if child.tag == "lb" else _plain(child))
        own.append(child.tail or "")
    yield from _own(own, kind, level)


def _own(texts: list[str], kind: BlockKind, level: int) -> Iterator[Block]:
    text = "".join(texts).strip()
    if text:
        yield Block(kind, text, level)


def _block(element: _Element, kind: BlockKind, level: int) -> Iterator[Block]:
    if element.tag == "head":
        rank = re.search(r"[1-6]", element.get("rend", ""))
        yield from _blocks(element, "heading", int(rank.group()) if rank else 2)
    elif element.tag == "list":
        inner = level + 1 if kind == "item" else 0
        for item in element:
            yield from _blocks(item, "item", inner)
    elif element.tag == "quote":
        yield from _blocks(element, "quote")
    elif kind == "paragraph" and _is_bold(element) and is_heading_text(_plain(element).strip()):
        yield Block("heading", _plain(element).strip(), 2)
    else:
        yield from _blocks(element, kind, level)


def _plain(element: _Element) -> str:
    """Return the text inside an element, line breaks as such."""
    parts = [element.text or ""]
    for child in element:
        parts += ["\n" if child.tag == "lb" else _plain(child), child.tail or ""]
    return "".join(parts)


def _is_bold(element: _Element) -> bool:
    """Tell whether all text of a paragraph is in bold type."""
    bold = [child for child in element if child.tag == "hi" and child.get("rend") == "#b"]
    outside = [element.text, *(child.tail for child in element)]
    return len(bold) == len(element) > 0 and not any(text and text.strip() for text in outside)
