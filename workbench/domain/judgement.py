"""Human judgement of translations: campaigns, what a judge sees, what a judge says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from workbench.domain.quality import Comparison, Score

Kind = Literal["da", "mqm"]
KINDS: tuple[Kind, ...] = ("da", "mqm")
Check = Literal["", "repeat", "damaged", "reference"]
CHECKS: tuple[Check, ...] = ("repeat", "damaged", "reference")
Severity = Literal["minor", "major", "critical"]
SEVERITIES: tuple[Severity, ...] = ("minor", "major", "critical")

# Penalty points of an error, as WMT's expert evaluations count them (Freitag et al. 2021; there
# the heaviest weight belongs to a whole sentence that is no translation).
WEIGHTS: Mapping[str, float] = {"minor": 1.0, "major": 5.0, "critical": 25.0}
LIGHT: Mapping[str, float] = {"punctuation": 0.1}  # a minor error of these weighs less

# Category → the name by which tools for MQM know it.
CATEGORIES: Mapping[str, str] = {
    "mistranslation": "Accuracy/Mistranslation",
    "omission": "Accuracy/Omission",
    "addition": "Accuracy/Addition",
    "untranslated": "Accuracy/Source language fragment",
    "terminology": "Terminology/Inappropriate for context",
    "name": "Locale convention/Name format",
    "number": "Locale convention/Number format",
    "grammar": "Fluency/Grammar",
    "characters": "Fluency/Spelling",
    "punctuation": "Fluency/Punctuation",
    "inconsistency": "Fluency/Inconsistency",
    "register": "Fluency/Register",
    "style": "Style/Awkward",
    "nonsense": "Non-translation",
    "source": "Source issue",
    "other": "Other",
}


@dataclass(frozen=True, slots=True)
class CampaignSettings:
    """How a campaign was made. ``lines`` are the set's lines, from 0, in its order.

    ``checks`` is the share of attention checks among the items; ``judges`` are the people invited
    besides the evaluators. ``shared`` has (line, system, system) for an output that equals another
    system's: it is judged once, under the other's name.
    """

    seed: int
    systems: tuple[str, ...]
    lines: tuple[int, ...]
    checks: float = 0.1
    judges: tuple[str, ...] = ()
    shared: tuple[tuple[int, str, str], ...] = ()
    set_name: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign of human judgement over the outputs of a stored run.

    While it is open nobody is shown which system made which text.
    """

    name: str
    evaluation_id: int
    kind: Kind
    settings: CampaignSettings
    closed: bool = False
    author: str = ""
    created: str = ""
    id: int = 0
    items: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One text to judge. ``twin`` is the id of the item that an attention check is held against.

    In an item that is not stored yet ``twin`` is the other's position.
    """

    position: int
    n: int
    system: str
    source: str
    text: str
    check: Check = ""
    twin: int = 0
    campaign_id: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class ErrorSpan:
    """An error marked in an output, ``start`` to ``end`` in code points; equal for an omission."""

    start: int
    end: int
    category: str
    severity: Severity
    note: str = ""

    @property
    def penalty(self) -> float:
        """Its weight in points."""
        light = self.severity == "minor" and self.category in LIGHT
        return LIGHT[self.category] if light else WEIGHTS[self.severity]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge says of an item: a score of 0–100 (``da``), or its errors (``mqm``)."""

    item_id: int
    author: str
    score: float | None = None
    spans: tuple[ErrorSpan, ...] = ()
    active_ms: int = 0
    created: str = ""
    id: int = 0

    @property
    def penalty(self) -> float:
        """The points of its errors together."""
        return sum(span.penalty for span in self.spans)


@dataclass(frozen=True, slots=True)
class JudgeRow:
    """One judge's work: items done, attention checks seen and failed by kind, scores, time.

    ``mean`` and ``deviation`` are of the scores (da) or penalty points (mqm) on items that are no
    checks; ``seconds`` is the median active time of an item.
    """

    judge: str
    done: int
    checks: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    mean: float | None = None
    deviation: float | None = None
    seconds: float | None = None

    @property
    def failed_share(self) -> float | None:
        """The share of attention checks that failed; None where none was seen."""
        seen = sum(self.checks.values())
        return sum(self.failed.values()) / seen if seen else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the judges agree: a coefficient with what it was computed over.

    ``judges`` is a pair for Cohen's kappa and everybody for Krippendorff's alpha; ``value`` is None
    where it cannot be computed; ``items`` were judged by two of them or more, and ``low``–``high``
    is the 95 % bootstrap interval over them.
    """

    measure: str
    judges: tuple[str, ...]
    items: int
    value: float | None
    signature: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A system's result: means with intervals, errors by category and by severity (mqm)."""

    system: str
    items: int
    judgements: int
    scores: tuple[Score, ...] = ()
    categories: dict[str, int] = field(default_factory=dict)
    severities: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a campaign; ``systems`` and ``comparisons`` are empty while it is open.

    ``without`` are judges left out of scores and agreement.
    """

    campaign: Campaign
    judges: tuple[JudgeRow, ...]
    agreement: tuple[Agreement, ...]
    systems: tuple[SystemRow, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    without: tuple[str, ...] = ()
