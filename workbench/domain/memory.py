"""Units of the translation memory and the matches they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.language import Span

UnitOrigin = Literal["human", "import", "seed", "harvested"]
MatchHow = Literal["context", "exact", "slot", "fuzzy", "fragment"]
PenaltyKind = Literal["unreviewed", "import", "domain", "seed", "harvested", "deprecated"]

OWN_REASONS = (
    "confirmed again",
    "edited",
    "deleted",
    "undeleted",
    "duplicate",
    "one translation",
    "glossary",
)
"""What stands in a unit's history where a person gave no reason; pages say it in their words."""


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
class Penalty:
    """Points taken off a match, and why."""

    kind: PenaltyKind
    points: int


@dataclass(frozen=True, slots=True)
class Substitution:
    """A number or date put into a proposal: where it stands there, and what stood there before."""

    span: Span
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Outdated:
    """A Chinese form that the glossary does not want any more, at a place of a proposal.

    ``right`` is the form of the entry that holds today, "" when the glossary has none; ``source``
    is the entry's Russian side.
    """

    form: str
    right: str
    source: str
    term_id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a fragment covers: ``span`` of the sentence, ``part`` of the unit's source.

    ``aligned`` says that the proposal translates just that part; otherwise it is the whole
    translation of the unit, for a person to look at. ``term_id`` is set for a glossary entry.
    """

    span: Span
    part: Span
    aligned: bool
    term_id: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """A unit offered for a segment.

    ``score`` is 102 (exact, both neighbours), 101 (one neighbour), 100 (exact), 99 (same but
    for numbers) or less, after the ``penalties``; a fragment has none (0). ``target`` is the
    proposal, with numbers substituted for a slot match. ``flags`` name dangerous differences:
    ``negation``, ``modality``, ``number``, ``deprecated`` (the target holds ``outdated`` forms;
    ``patch`` is the target with the right ones, "" when nothing can be put in their place).
    """

    unit: Unit
    score: int
    how: MatchHow
    target: str
    flags: tuple[str, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    substitutions: tuple[Substitution, ...] = ()
    outdated: tuple[Outdated, ...] = ()
    patch: str = ""
    fragment: Fragment | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A unit of a file that cannot be used: the line (or row) it begins on, and why.

    ``reason`` is the key of a message.
    """

    line: int
    reason: str
