"""Scores of a translation and runs that measured them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Score:
    """One metric's value with its signature and 95 % bootstrap interval (``low``–``high``)."""

    metric: str
    value: float
    signature: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired test of a system against the baseline, the first system."""

    metric: str
    system: str
    baseline: str
    difference: float
    p_value: float
    test: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run: one test set, one or more systems.

    ``outputs`` holds each system's lines in the set's order; ``scores`` and ``seconds`` are by
    system.
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
