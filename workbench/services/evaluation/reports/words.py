"""The words and figures of reports, in the reader's language."""

from __future__ import annotations

from workbench.domain.quality import Comparison, Score
from workbench.messages import say


def word(key: str, language: str, **values: object) -> str:
    """Return a heading, a column or a note of messages/report.toml."""
    return say(f"report.{key}", language, **values)[0]


def between(low: float | None, high: float | None, places: int = 2) -> str:
    """Return ``20.10–22.30``, or a dash where there is no interval."""
    if low is None or high is None:
        return "—"
    return f"{low:.{places}f}–{high:.{places}f}"


def interval(score: Score | Comparison) -> str:
    """Return the interval of a score or of a difference."""
    return between(score.low, score.high)


def probability(value: float) -> str:
    """Return a p-value with four places; one that would read 0 as ``< 0.0001``."""
    return "< 0.0001" if value < 0.00005 else f"{value:.4f}"


def percent(value: float | None) -> str:
    """Return a share of 1 in percent, or a dash."""
    return "—" if value is None else f"{value:.1%}"
