"""Units of the translation memory and the matches they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UnitOrigin = Literal["human", "import", "seed", "harvested"]
MatchHow = Literal["context", "exact", "slot", "fuzzy"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One source/target pair with its provenance.

    ``origin`` says who vouches for it: a translator (``human``), an import, or nobody in this
    house: text written for the project (``seed``), titles of a bulletin (``harvested``).

    ``before`` and ``after`` are the neighbouring source segments (empty at the ends);
    ``article`` is the article's title or the imported file's name, ``article_id`` and
    ``segment_id`` are 0 for imports; ``created`` and ``changed`` are ISO times in UTC.
    ``props`` keeps what a TMX file said that we have no field for.
    """

    source: str
    target: str
    before: str = ""
    after: str = ""
    article: str = ""
    article_id: int = 0
    segment_id: int = 0
    author: str = ""
    created: str = ""
    changed: str = ""
    glossary_version: str = ""
    origin: UnitOrigin = "human"
    batch: str = ""
    note: str = ""
    props: tuple[tuple[str, str], ...] = ()
    id: int = 0
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """A unit offered for a segment.

    ``score`` is 102 (exact, both neighbours), 101 (one neighbour), 100 (exact), 99 (same but
    for numbers) or less. ``target`` is the proposal, with numbers substituted for a slot match.
    ``flags`` name dangerous differences: ``negation``, ``modality``, ``number``.
    """

    unit: Unit
    score: int
    how: MatchHow
    target: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A unit of a file that cannot be used: the line (or row) it begins on, and why.

    ``reason`` is the key of a message.
    """

    line: int
    reason: str
