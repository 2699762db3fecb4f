"""An article: a source document of blocks, cut into segments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from workbench.domain.language import RU_ZH, Pair, Span

BlockKind = Literal["heading", "paragraph", "item", "quote"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One source sentence.

    ``n`` counts from 1 through the whole article; ``id`` is the storage's number, or ``n``
    while the article is not stored. ``span`` lies in the text of the block.
    """

    id: int
    n: int
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or quotation of the source.

    ``level`` is 1–6 for headings (the title is the first block, level 1, so that it is
    translated too) and the depth from 0 for list items. The segments and what stands between
    them (white space) rebuild ``text`` exactly.
    """

    kind: BlockKind
    text: str
    level: int = 0
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article besides its text; empty where unknown.

    ``date`` is ISO 8601 (``2026-11-25``).
    """

    title: str = ""
    author: str = ""
    outlet: str = ""
    date: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A source document with its metadata. ``id`` is 0 while it is not stored."""

    blocks: tuple[Block, ...]
    metadata: Metadata = Metadata()
    pair: Pair = RU_ZH
    id: int = 0
    name: str = ""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All segments in reading order."""
        return tuple(segment for block in self.blocks for segment in block.segments)


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """A line of the article list. ``counts`` holds the segments of each state that occurs."""

    id: int
    metadata: Metadata
    name: str
    counts: dict[str, int] = field(default_factory=dict)
    author: str = ""
    created: str = ""
    changed: str = ""
    deleted: bool = False

    @property
    def total(self) -> int:
        """The number of segments."""
        return sum(self.counts.values())
