"""Web pages: the main text without menus, advertisements and links to other news.

trafilatura finds the text; nothing is fetched. Headings, paragraphs, list items, quotations and
table cells become blocks.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbench.domain.article import Article, Block, Metadata
from workbench.errors import InputError
from workbench.formats.dates import iso_date
from workbench.formats.encoding import decode

if TYPE_CHECKING:
    from lxml.etree import _Element

CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
XML_ENCODING = re.compile(rb"\A\s*<\?xml[^>]+encoding\s*=\s*[\"']([A-Za-z0-9_.-]+)")
XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
SENTENCE_END = re.compile(r"[.!?…][»”\")]*(?:\s|$)")
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
    return trafilatura.bare_extraction(
        text,
        include_comments=False,
        include_tables=True,
        include_images=False,
        include_links=False,
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


def _blocks(body: _Element) -> list[Block]:
    found: list[Block] = []
    for element in body:
        found += _element(element, 0)
    return found


def _element(element: _Element, depth: int) -> list[Block]:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag == "head":
        level = re.search(r"\d", element.get("rend", ""))
        return _text(Block("heading", _content(element), int(level.group()) if level else 2))
    if tag == "list":
        return [block for item in element for block in _item(item, depth)]
    if tag == "quote":
        inner = [block for child in element for block in _element(child, depth)]
        own = _text(Block("quote", (element.text or "").strip()))
        return own + [replace(block, kind="quote") for block in inner] or _text(
            Block("quote", _content(element))
        )
    if tag in {"table", "row", "div"}:
        return [block for child in element for block in _element(child, depth)]
    return _text(Block("paragraph", _content(element)))


def _item(item: _Element, depth: int) -> list[Block]:
    nested = [child for child in item if child.tag == "list"]
    for child in nested:
        item.remove(child)
    own = _text(Block("item", _content(item), depth))
    return own + [block for child in nested for block in _element(child, depth + 1)]


def _content(element: _Element) -> str:
    for line_break in element.iter("lb"):
        line_break.tail = "\n" + (line_break.tail or "")
    return "".join(map(str, element.itertext())).strip()


def _text(block: Block) -> list[Block]:
    return [block] if block.text else []
