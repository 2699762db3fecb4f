"""Scores of a translation and runs that measured them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Score:
    """One metric's value with its signature and 95 % bootstrap interval (``low``–``high``).

    The interval is None for a set too small to have one.
    """

    metric: str
    value: float
    signature: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired test of a system against the baseline, the first system.

    ``difference`` is system minus baseline; ``test`` is the test's signature.
    """

    metric: str
    system: str
    baseline: str
    difference: float
    p_value: float
    test: str


@dataclass(frozen=True, slots=True)
class TermUse:
    """How many glossary hits of the source stand in a system's output, and who put them there."""

    hits: int = 0
    honoured: int = 0
    methods: dict[str, int] = field(default_factory=dict)

    @property
    def success(self) -> float | None:
        """The share honoured, None where the source holds no term."""
        return self.honoured / self.hits if self.hits else None


@dataclass(frozen=True, slots=True)
class Weak:
    """A segment that a system translated badly: ``n`` counts from 1, ``value`` is its score."""

    system: str
    n: int
    metric: str
    value: float
    source: str
    hypothesis: str
    reference: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run: one test set, one or more systems.

    ``outputs`` holds each system's lines in the set's order; ``scores``, ``seconds`` and
    ``terms`` are by system. ``warnings`` are keys of messages with their values.
    """

    set_name: str
    size: int
    systems: tuple[str, ...]
    scores: dict[str, tuple[Score, ...]]
    comparisons: tuple[Comparison, ...] = ()
    outputs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    glossary: str = "none"
    created: str = ""
    id: int = 0
    terms: dict[str, TermUse] = field(default_factory=dict)
    worst: tuple[Weak, ...] = ()
    machine: str = ""
    characters: int = 0
    warnings: tuple[tuple[str, dict[str, str]], ...] = ()
    sources: tuple[str, ...] = ()
    references: tuple[tuple[str, ...], ...] = ()
