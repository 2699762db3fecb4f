"""How a translated article is put together for publication: one rule for all clean exports.

The sentences of a block are joined without a space, as Chinese is set; after a target that ends
in a Latin letter, digit or half-width stop a space parts them. Where a segment has no target yet
its source stands in 【】, so that nothing is silently missing and a gap cannot be overlooked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.domain.article import Article, Block, BlockKind
from workbench.domain.row import Row

HALF_WIDTH_END = re.compile(r"[A-Za-z0-9.,;:!?)\]]$")
# Characters that XML cannot hold and an editor cannot show.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of the published text: each part is (text, is it translated)."""

    kind: BlockKind
    level: int
    parts: tuple[tuple[str, bool], ...]


def printable(text: str) -> str:
    """Return the text without characters that no document can hold."""
    return UNPRINTABLE.sub("", text)


def by_segment(rows: Sequence[Row]) -> dict[int, Row]:
    """Return the rows by the number of their segment."""
    return {row.segment.n: row for row in rows}


def compose(article: Article, rows: Sequence[Row]) -> list[Paragraph]:
    """Return the paragraphs of the article in its target language."""
    found = by_segment(rows)
    return [
        Paragraph(block.kind, block.level, _parts(block, found))
        for block in article.blocks
        if block.segments
    ]


def _parts(block: Block, rows: Mapping[int, Row]) -> tuple[tuple[str, bool], ...]:
    parts: list[tuple[str, bool]] = []
    for segment in block.segments:
        row = rows.get(segment.n)
        target = printable(row.target).strip() if row else ""
        text = target or f"【{printable(segment.source)}】"
        if parts and HALF_WIDTH_END.search(parts[-1][0]):
            text = " " + text
        parts.append((text, bool(target)))
    return tuple(parts)


def spoken(paragraph: Paragraph) -> str:
    """Return the text of a paragraph."""
    return "".join(text for text, _ in paragraph.parts)


def title_of(article: Article, rows: Sequence[Row]) -> str:
    """Return the title in the target language, or the source title while it has none."""
    found = by_segment(rows)
    for block in article.blocks[:1]:
        if block.kind == "heading" and block.level == 1:
            return "".join(text for text, _ in _parts(block, found))
    return printable(article.metadata.title)


def source_note(article: Article) -> list[str]:
    """Return the lines that say where the article comes from; empty where nothing is known."""
    known = article.metadata
    facts = (
        ("原题", known.title),
        ("作者", known.author),
        ("来源", known.outlet),
        ("日期", known.date),
        ("原文见", known.url),
    )
    return [f"{label}：{printable(value)}" for label, value in facts if value]
