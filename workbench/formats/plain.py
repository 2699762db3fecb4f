"""Plain text: paragraphs, headings and the few facts that a pasted article states about itself.

A text file has no marks, so only what cannot be mistaken is read out of it:

* Lines are paragraphs, unless the file is broken at a fixed width; then a blank line parts them.
* The first line is the title if it is short, has no full stop and more text follows.
* A short line without closing punctuation that stands alone before a longer one is a heading.
* A line that begins with a bullet, or with a number in a run of such lines, is a list item.
* ``Автор:``, ``Источник:``, ``Дата:``, ``Ссылка:``, a lone date and a lone address are metadata
  when they stand before the text or at its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from workbench.domain.article import Article, Block, Metadata
from workbench.domain.row import Row
from workbench.errors import InputError
from workbench.formats.composition import compose, source_note, spoken
from workbench.formats.dates import iso_date
from workbench.formats.encoding import decode
from workbench.formats.headings import CLOSED, LONGEST_HEADING, SENTENCE, is_heading_text

WIDTH = 120  # the longest line of a text broken at a fixed width
TITLE = 250
ZONE = 6  # how many lines at the beginning and the end may be metadata

BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
BULLET = re.compile(r"\s*[•‣◦▪●∙*·–—-]\s+(?=\S)")
NUMBERED = re.compile(r"\s*\d{1,2}[.)]\s+(?=\S)")
LABEL = re.compile(
    r"(автор|источник|издание|дата|опубликовано|ссылка|адрес|оригинал|url)\s*:\s*(\S.{0,200})",
    re.IGNORECASE,
)
FIELDS = {
    "автор": "author",
    "источник": "outlet",
    "издание": "outlet",
    "дата": "date",
    "опубликовано": "date",
    "ссылка": "url",
    "адрес": "url",
    "оригинал": "url",
    "url": "url",
}
ADDRESS = re.compile(r"https?://\S+")


class PlainReader:
    """Reads .txt in any encoding that Russian text comes in."""

    suffixes = frozenset({".txt", ".text"})

    def read(self, data: bytes, name: str) -> Article:
        """Return the article. Raises InputError."""
        text = decode(data, name)
        if not text.strip():
            raise InputError("formats.empty", name=name)
        return read_text(text, name)


def read_text(text: str, name: str = "") -> Article:
    """Return the article that a plain text is."""
    lines = [line.strip() for line in BREAKS.sub("\n", text).split("\n")]
    lines, metadata = take_metadata(lines)
    blocks = [_block(run) for run in paragraphs(lines)]
    blocks = _with_headings(blocks)
    if blocks and blocks[0].kind == "heading" and blocks[0].level == 1:
        metadata = replace(metadata, title=blocks[0].text)
    return Article(tuple(blocks), metadata, name=name)


def take_metadata(lines: Sequence[str]) -> tuple[list[str], Metadata]:
    """Return the lines that are text, and what the others say of the article."""
    filled = [n for n, line in enumerate(lines) if line]
    long = [n for n in filled if len(lines[n]) > LONGEST_HEADING]
    first, last = (long[0], long[-1]) if long else (len(lines), -1)
    zone = [n for n in filled[:ZONE] if n < first] + [n for n in filled[-ZONE:] if n > last]
    values: dict[str, str] = {}
    taken: set[int] = set()
    for n in zone:
        for field, value in _facts(lines[n]):
            if field not in values:
                values[field] = value
                taken.add(n)
    if len(taken) == len(filled):
        return list(lines), Metadata()
    return [line for n, line in enumerate(lines) if n not in taken], Metadata(**values)


def _facts(line: str) -> list[tuple[str, str]]:
    """Return the (field, value) that a line states, if it can be nothing but that."""
    label = LABEL.fullmatch(line)
    field, value = (FIELDS[label[1].lower()], label[2].strip()) if label else ("", line)
    if field in {"", "url"} and ADDRESS.fullmatch(value):
        return [("url", value)]
    if field in {"", "date"} and (date := iso_date(value)):
        return [("date", date)]
    if field in {"author", "outlet"} and len(value) <= 100 and not SENTENCE.search(value):
        return [("url", value)] if ADDRESS.fullmatch(value) else [(field, value.rstrip("."))]
    return []


def paragraphs(lines: Sequence[str]) -> list[str]:
    """Return the paragraphs of a text, each on one line."""
    wrapped = is_wrapped(lines)
    found: list[str] = []
    fresh = True
    for line in lines:
        if not line:
            fresh = True
        elif fresh or not wrapped or BULLET.match(line) or NUMBERED.match(line):
            found.append(line)
            fresh = False
        else:
            found[-1] += " " + line
    return found


def is_wrapped(lines: Sequence[str]) -> bool:
    """Tell whether a text is broken at a fixed width: many long lines that end unfinished."""
    width = max(map(len, lines), default=0)
    if not 40 <= width <= WIDTH:
        return False
    inner = [line for line, after in pairwise(lines) if line and after]
    full = [line for line in inner if len(line) > 0.7 * width and not CLOSED.search(line)]
    return len(full) >= 2 and len(full) >= 0.4 * len(inner)


def _block(text: str) -> Block:
    bullet = BULLET.match(text)
    # A dash may also open direct speech; only other bullets are dropped.
    if bullet and bullet.group().strip() not in "–—-":
        return Block("item", text[bullet.end() :])
    return Block("paragraph", text)


def _with_headings(blocks: Sequence[Block]) -> list[Block]:
    found: list[Block] = []
    for n, block in enumerate(blocks):
        following = blocks[n + 1] if n + 1 < len(blocks) else None
        if n == 0 and following and _is_title(block):
            found.append(replace(block, kind="heading", level=1))
        elif following and _is_heading(block, following):
            found.append(replace(block, kind="heading", level=2))
        else:
            found.append(block)
    return found


def _is_title(block: Block) -> bool:
    return (
        block.kind == "paragraph"
        and len(block.text) <= TITLE
        and not block.text.endswith((".", ":", ";", ","))
        and not BULLET.match(block.text)
        and any(map(str.isalpha, block.text))
    )


def _is_heading(block: Block, following: Block) -> bool:
    return (
        block.kind == "paragraph"
        and is_heading_text(block.text)
        and not BULLET.match(block.text)
        and (following.kind == "item" or len(following.text) > len(block.text))
    )


class PlainWriter:
    """Writes the Chinese text as .txt, paragraphs parted by empty lines."""

    name = "txt"
    suffix = ".txt"
    media_type = "text/plain; charset=utf-8"

    def write(self, article: Article, rows: Sequence[Row]) -> bytes:
        """Return the text in UTF-8."""
        parts = [("• " if p.kind == "item" else "") + spoken(p) for p in compose(article, rows)]
        note = "\n".join(source_note(article))
        return ("\n\n".join([*parts, note] if note else parts) + "\n").encode()
