"""Cutting an input that is too long for a model, or long for a weak one, at the best border."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.domain.language import Span

# Best first: sentence end, clause, comma or dash, white space. The border is the match's end.
_SENTENCE = re.compile(r"[.!?…]+[»”\"')\]]*\s+|\n+")
_PART = re.compile(r"[;:]\s+|\s[—–]\s+")
_COMMA = re.compile(r",\s+")
_BLANK = re.compile(r"\s+")
# A comma before a word that opens a clause of its own.
_CLAUSE = re.compile(
    r",\s+(?=(?:(?:[а-я]{1,4}\s)?котор\w+|что|чтобы|а|но|и|или|либо|однако|где|когда|если|хотя"
    r"|поскольку|потому|так\sкак|причём|пока|прежде|как|куда|откуда)\b)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\s*(?:(?:https?://|www\.)[^\s«»“”<>]*[^\s«»“”<>.,;:!?)\]]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)[.,;:!?]?\s*",
    re.ASCII,
)
Borders = tuple[re.Pattern[str] | None, ...]
ANYWHERE: Borders = (_SENTENCE, _PART, _COMMA, _BLANK, None)
"""For what must be cut: in the end within a word."""
CLAUSES: Borders = (_SENTENCE, _PART, _CLAUSE)
"""For what is better cut: where a clause begins, or not at all."""


def divide(
    text: str,
    fits: Callable[[Span], bool],
    whole: Sequence[Span] = (),
    borders: Borders = ANYWHERE,
    enough: Callable[[Span], bool] = lambda _: True,
    within: Span | None = None,
) -> list[Span]:
    """Cut *text*, or *within*, into spans that rebuild it, each of which *fits*.

    Spans in *whole* stay whole. A stretch without any border stays, and no border is taken that
    leaves less than *enough* beside it. With ANYWHERE only a single character or a *whole* span may
    be left that does not fit.
    """
    return _cut(within or Span(0, len(text)), _Cutting(text, fits, whole, borders, enough))


def around_addresses(text: str) -> list[Span]:
    """Return spans that rebuild *text*: addresses with blanks and a sign behind, the rest."""
    borders = {0, len(text)}
    for match in _ADDRESS.finditer(text):
        borders.update(match.span())
    return [Span(start, end) for start, end in pairwise(sorted(borders))]


@dataclass(frozen=True, slots=True)
class _Cutting:
    text: str
    fits: Callable[[Span], bool]
    whole: Sequence[Span]
    borders: Borders
    enough: Callable[[Span], bool]


def _cut(span: Span, how: _Cutting) -> list[Span]:
    if how.fits(span) or span.end - span.start < 2:
        return [span]
    middle = (span.start + span.end) / 2
    for pattern in how.borders:
        allowed = _allowed(_ends(how.text, span, pattern), span, how.whole)
        for at in sorted(allowed, key=lambda border: abs(border - middle)):
            left, right = Span(span.start, at), Span(at, span.end)
            if how.enough(left) and how.enough(right):
                return _cut(left, how) + _cut(right, how)
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
