"""The guard against contamination: what a test set holds is kept out of what it measures.

While a set is scored with the memory on, the memory's units that were confirmed in the set's own
articles, or that say what the set says, are passed over. What leaves the house for training holds
no line of any test set.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbench.domain.identity import text_key
from workbench.domain.memory import Unit
from workbench.domain.run import Line
from workbench.domain.term import Hit
from workbench.services.evaluation.sets import EvaluationSet
from workbench.services.evaluation.shelf import SetShelf

if TYPE_CHECKING:
    from workbench.services.memory import Memory
    from workbench.services.terminology import Terminology

# A test line with fewer letters is an ordinary phrase, whose pair may be trained on; as in
# workbench.training.corpus.
SHORTEST = 8


def letters(text: str) -> str:
    """Return the letters and digits of a text alone: what is left when one retypes it."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return "".join(character for character in folded if character.isalnum())


@dataclass
class Guard:
    """Bars the units that a set holds. ``barred`` are the numbers of those met so far."""

    segments: frozenset[int]
    articles: frozenset[int]
    pairs: frozenset[tuple[str, str]]
    barred: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, chosen: EvaluationSet) -> Guard:
        """Return the guard of a set."""
        pairs = {
            (text_key(source), letters(target))
            for lines in chosen.references
            for source, target in zip(chosen.sources, lines, strict=True)
        }
        return cls(chosen.segments, chosen.articles, frozenset(pairs))

    def bars(self, unit: Unit) -> bool:
        """Tell whether a unit comes from the set's articles, or is a pair of the set."""
        found = (
            unit.segment_id in self.segments
            or unit.article_id in self.articles
            or (text_key(unit.source), letters(unit.target)) in self.pairs
        )
        if found:
            self.barred.add(unit.id)
        return found


@dataclass(frozen=True, slots=True)
class Remembering:
    """Gives the lines of a set that a draft would take from the memory, without the set's own."""

    chosen: EvaluationSet
    memory: Memory
    terminology: Terminology
    guard: Guard

    def __call__(self, n: int, hits: Sequence[Hit]) -> Line | None:
        """Return line *n* from an exact match whose target misses no term, or None."""
        match = self.memory.best(
            self.chosen.sources[n], self._beside(n, -1), self._beside(n, 1), barred=self.guard.bars
        )
        if match is None:
            return None
        receipts = self.terminology.verify(hits, match.target)
        if any(receipt.state == "missing" for receipt in receipts):
            return None
        signed = tuple(
            replace(receipt, method="memory") if receipt.state == "honoured" else receipt
            for receipt in receipts
        )
        return Line(match.target, signed)

    def _beside(self, n: int, step: int) -> str:
        """Return the source before or after line *n*, inside its document."""
        other, chosen = n + step, self.chosen
        if not 0 <= other < len(chosen.sources):
            return ""
        if chosen.documents and chosen.documents[other] != chosen.documents[n]:
            return ""
        return chosen.sources[other]


@dataclass(frozen=True, slots=True)
class TestLines:
    """The lines of test sets, by their letters: pairs with one of them are never trained on."""

    __test__ = False  # not a test of pytest's

    sources: frozenset[str]
    targets: frozenset[str]
    sets: tuple[str, ...] = ()

    @classmethod
    def of(cls, shelf: SetShelf) -> TestLines:
        """Return the lines of every set within reach. Raises DataError for a broken one.

        A set that cannot be read could not be kept out, so that nothing may be exported.
        """
        sources: set[str] = set()
        targets: set[str] = set()
        names = shelf.names()
        for name in names:
            opened = shelf.open(name)
            sources.update(_keys(opened.sources))
            for lines in opened.references:
                targets.update(_keys(lines))
        return cls(frozenset(sources), frozenset(targets), names)

    def without(self, unit: Unit) -> Unit | None:
        """Return a unit without test lines: None for one whose side is one, else no such neighbour.

        A unit carries the sentences before and after it, which are read with it.
        """
        if self._source(unit.source) or letters(unit.target) in self.targets:
            return None
        before = "" if self._source(unit.before) else unit.before
        after = "" if self._source(unit.after) else unit.after
        return replace(unit, before=before, after=after)

    def _source(self, text: str) -> bool:
        return letters(text) in self.sources


def _keys(lines: Iterable[str]) -> Iterator[str]:
    return (key for line in lines if len(key := letters(line)) >= SHORTEST)
