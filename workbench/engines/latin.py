"""Foreign words as the source spells them: a small model writes Ruters for Reuters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from workbench.domain.language import Span
from workbench.domain.row import Candidate

WORD = re.compile(r"[A-Za-z](?:[A-Za-z0-9]|[.'’&+-](?=[A-Za-z0-9]))*")
# Shorter words are too like each other (EU, US); what is less alike than this is another word.
_SHORTEST = 4
_LIKENESS = 0.6


def respelt(candidate: Candidate, source: str, kept: Collection[str] = ()) -> Candidate:
    """Return *candidate* with the foreign words that it misspells as *source* has them.

    A word is misspelt when *source* lacks it but has a very like one that the candidate lacks.
    Words of the strings *kept* (wanted terms, a wanted beginning) stay. Links move along.
    """
    own = {word for text in kept for word in WORD.findall(text)}
    text, links, moved = candidate.text, candidate.alignment, 0
    for span, word in _misspelt(candidate.text, source, own):
        at = Span(span.start + moved, span.end + moved)
        text = text[: at.start] + word + text[at.end :]
        change = len(word) - (at.end - at.start)
        links = tuple(replace(link, target=_shifted(link.target, at, change)) for link in links)
        moved += change
    return replace(candidate, text=text, alignment=links)


def _misspelt(text: str, source: str, kept: Collection[str]) -> Iterator[tuple[Span, str]]:
    """Yield (place in *text*, the word of *source* that is meant), from left to right."""
    written = set(WORD.findall(text))
    there = WORD.findall(source)
    free = [word for word in dict.fromkeys(there) if word not in written]
    for match in WORD.finditer(text):
        word = match.group()
        if len(word) < _SHORTEST or word in there or word in kept or not free:
            continue
        likest = max(free, key=lambda other: _likeness(word, other))
        if _likeness(word, likest) >= _LIKENESS:
            free.remove(likest)
            yield Span(*match.span()), likest


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()


def _shifted(span: Span, at: Span, change: int) -> Span:
    """Return *span* after the stretch *at* has become longer by *change*."""
    end = at.end + change

    def moved(offset: int) -> int:
        return offset + change if offset >= at.end else min(offset, end)

    return Span(moved(span.start), moved(span.end))
