"""A bulletin: several articles published together in the house layout.

The same classes hold what an editor wrote into a specification, where much may be empty, and the
bulletin that is printed, where nothing may be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Source:
    """Where an item comes from (材料来源); ``date`` is ISO 8601."""

    country: str = ""
    outlet_zh: str = ""
    outlet_ru: str = ""
    date: str = ""
    title_ru: str = ""
    author_zh: str = ""
    author_ru: str = ""
    author_position: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Supplement:
    """Further reading (补充信息)."""

    title_zh: str = ""
    title_ru: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs under a sub-heading, which the first section may lack."""

    heading: str = ""
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One article of a bulletin.

    ``article`` is the number of an article in the workbench, or 0 when the text stands in
    ``sections``. ``kind`` (评论, 访谈) and ``gist`` go into the summary.
    """

    topic: str = ""
    article: int = 0
    title_zh: str = ""
    lead: str = ""
    sections: tuple[Section, ...] = ()
    translator: str = ""
    kind: str = ""
    gist: str = ""
    source: Source = Source()
    supplements: tuple[Supplement, ...] = ()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """An issue of a series: ``number`` counts through all years (总第 N 期)."""

    series: str = ""
    region: str = ""
    number: int = 0
    year: int = 0
    month: int = 0
    summary: str = ""
    note: str = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something an editor should know before printing.

    ``item`` counts from 1, 0 for the whole bulletin. An ``error`` keeps the bulletin from being
    built; ``key`` names a message of ``messages/bulletin.toml``, filled with ``values``.
    """

    item: int
    severity: Literal["error", "warning"]
    key: str
    values: dict[str, object] = field(default_factory=dict)
