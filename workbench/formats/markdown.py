"""Markdown, with the simple front matter (``key: value`` lines between ``---``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.domain.article import Article, Block, BlockKind, Metadata
from workbench.errors import InputError
from workbench.formats.dates import iso_date
from workbench.formats.encoding import decode

if TYPE_CHECKING:
    from markdown_it.token import Token

FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
FIELD = re.compile(r"([A-Za-zА-Яа-яЁё_]+)\s*:\s*(.*)")
FIELDS = {
    "title": "title",
    "author": "author",
    "outlet": "outlet",
    "source": "outlet",
    "date": "date",
    "url": "url",
    "link": "url",
}
TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)


class MarkdownReader:
    """Reads .md as CommonMark with tables."""

    suffixes = frozenset({".md", ".markdown"})

    def read(self, data: bytes, name: str) -> Article:
        """Return the article. Raises InputError."""
        text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
        metadata, body = front_matter(text)
        blocks = _blocks(body)
        if not blocks:
            raise InputError("formats.empty", name=name)
        first = blocks[0]
        if not metadata.title and first.kind == "heading" and first.level == 1:
            metadata = Metadata(
                first.text, metadata.author, metadata.outlet, metadata.date, metadata.url
            )
        return Article(tuple(blocks), metadata, name=name)


def front_matter(text: str) -> tuple[Metadata, str]:
    """Return what the front matter says, and the text after it."""
    front = FRONT.match(text)
    if not front:
        return Metadata(), text
    values: dict[str, str] = {}
    for line in front.group(1).splitlines():
        field = FIELD.fullmatch(line.strip())
        if field and field.group(1).lower() in FIELDS:
            value = field.group(2).strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            values.setdefault(FIELDS[field.group(1).lower()], value)
    values["date"] = iso_date(values.get("date", ""))
    return Metadata(**values), text[front.end() :]


def _blocks(text: str) -> list[Block]:
    from markdown_it import MarkdownIt

    blocks: list[Block] = []
    # The containers we are in: "item", "quote"; a heading or cell is known by its own token.
    around: list[BlockKind] = []
    heading = 0
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type == "heading_close":
            heading = 0
        elif token.type in {"list_item_open", "blockquote_open"}:
            around.append("item" if token.type == "list_item_open" else "quote")
        elif token.type in {"list_item_close", "blockquote_close"}:
            around.pop()
        elif content := _content(token):
            blocks.append(_block(content, heading, around))
    return blocks


def _block(content: str, heading: int, around: Sequence[BlockKind]) -> Block:
    if heading:
        return Block("heading", content, heading)
    if around and around[-1] == "item":
        return Block("item", content, around.count("item") - 1)
    return Block("quote" if around else "paragraph", content)


def _content(token: Token) -> str:
    if token.type == "inline":
        return _inline(token.children or []).strip()
    if token.type in {"fence", "code_block"}:
        return token.content.strip()
    if token.type == "html_block":
        return TAG.sub("", token.content).strip()
    return ""


def _inline(tokens: Sequence[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif token.type == "image":
            parts.append(_inline(token.children or []))
        elif token.type != "html_inline":
            parts.append(token.content)
    return "".join(parts)
