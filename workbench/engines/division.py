"""Cutting an input that is too long for a model at the best border there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from workbench.domain.language import Span

# Best first: sentence end, clause, comma or dash, white space. The border is the match's end.
_BORDERS = (
    re.compile(r"[.!?…]+[»”\"')\]]*\s+|\n+"),
    re.compile(r"[;:]\s+|\s[—–]\s+"),
    re.compile(r",\s+"),
    re.compile(r"\s+"),
)


def divide(text: str, fits: Callable[[Span], bool], whole: Sequence[Span] = ()) -> list[Span]:
    """Cut *text* into spans that rebuild it, each of which *fits*; spans in *whole* stay whole.

    A stretch without any border is cut at half its length, so that it always ends; only a
    single character or a *whole* span may be left that does not fit.
    """
    return _cut(text, Span(0, len(text)), fits, whole)


def _cut(text: str, span: Span, fits: Callable[[Span], bool], whole: Sequence[Span]) -> list[Span]:
    if fits(span) or span.end - span.start < 2:
        return [span]
    middle = (span.start + span.end) / 2
    for pattern in (*_BORDERS, None):
        borders = _allowed(_ends(text, span, pattern), span, whole)
        if borders:
            at = min(borders, key=lambda border: abs(border - middle))
            left, right = Span(span.start, at), Span(at, span.end)
            return _cut(text, left, fits, whole) + _cut(text, right, fits, whole)
    return [span]


def _ends(text: str, span: Span, pattern: re.Pattern[str] | None) -> list[int]:
    """Return the borders of one kind inside *span*; without a pattern, every character."""
    if pattern is None:
        return list(range(span.start + 1, span.end))
    return [match.end() for match in pattern.finditer(text, span.start, span.end)]


def _allowed(borders: Sequence[int], span: Span, whole: Sequence[Span]) -> list[int]:
    return [
        border
        for border in borders
        if span.start < border < span.end
        and not any(kept.start < border < kept.end for kept in whole)
    ]
