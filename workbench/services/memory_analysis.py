"""Analysis before work: how much of an article the memory already knows.

Each segment counts once: as a repetition of an earlier one, or in the band of its best match
(penalties included), or, where that is asked for, in the band of the earlier sentence of the same
article that it resembles more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from workbench.domain.article import Article
from workbench.domain.identity import normalised
from workbench.services.memory import Memory
from workbench.services.memory_index import words
from workbench.services.memory_score import scores

# (name, least score) of each band; below the last nothing is known.
BANDS = (("101", 101), ("100", 100), ("95-99", 95), ("85-94", 85), ("75-84", 75), ("50-74", 50))
NONE = "none"
LEAST = 50
INTERNAL = tuple(name for name, least in BANDS if least < 100)
SLACK = 0.25  # the characters of sentences that score so much are at least that much less alike
CLOSEST = 8  # earlier sentences scored for a sentence
STEP = 10  # segments between two reports


@dataclass(frozen=True, slots=True)
class Count:
    """Segments with their words, and their characters without white space."""

    segments: int = 0
    words: int = 0
    characters: int = 0

    def plus(self, source: str) -> Count:
        """Return the count with one more segment."""
        characters = len("".join(source.split()))
        return Count(
            self.segments + 1, self.words + len(words(source)), self.characters + characters
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What an analysis knows after ``done`` of ``total.segments`` segments.

    ``bands`` holds 101 (context), 100 … 50-74, none; ``internal`` the bands below 100, or nothing
    when that was not asked for.
    """

    done: int
    total: Count
    repetitions: Count
    bands: dict[str, Count]
    internal: dict[str, Count]


@dataclass(frozen=True, slots=True)
class MemoryAnalysis:
    """Analyses articles."""

    memory: Memory

    def run(self, article: Article, internal: bool = False) -> Iterator[Report]:
        """Yield a report now and then while the analysis goes on; the last one is whole."""
        sources = [segment.source for segment in article.segments]
        total = Count()
        for source in sources:
            total = total.plus(source)
        repetitions = Count()
        bands = {name: Count() for name in (*(name for name, _ in BANDS), NONE)}
        inside = {name: Count() for name in INTERNAL} if internal else {}
        seen: dict[str, str] = {}

        def report(done: int) -> Report:
            return Report(done, total, repetitions, dict(bands), dict(inside))

        for n, source in enumerate(sources):
            if normalised(source) in seen:
                repetitions = repetitions.plus(source)
            else:
                after = sources[n + 1] if n + 1 < len(sources) else ""
                score = self._score(source, sources[n - 1] if n else "", after, article)
                likeness = _likeness(source, list(seen)) if internal and score < 100 else 0
                chosen = inside if likeness > score else bands
                name = band(max(score, likeness))
                chosen[name] = chosen[name].plus(source)
                seen[normalised(source)] = source
            if (n + 1) % STEP == 0 and n + 1 < len(sources):
                yield report(n + 1)
        yield report(len(sources))

    def _score(self, source: str, before: str, after: str, article: Article) -> int:
        date = article.metadata.date
        found = self.memory.matches(source, before, after, limit=1, minimum=LEAST, date=date)
        return found[0].score if found else 0


def band(score: int) -> str:
    """Return the name of a score's band."""
    return next((name for name, least in BANDS if score >= least), NONE)


def _likeness(source: str, earlier: Sequence[str]) -> int:
    """Return how alike the earlier sentence is that resembles *source* most; 0 below the bands."""
    likely = process.extract(
        normalised(source),
        earlier,
        scorer=Levenshtein.normalized_similarity,
        limit=CLOSEST,
        score_cutoff=LEAST / 100 - SLACK,
    )
    best = max(scores(source, [text for text, _, _ in likely]), default=0)
    return best if best >= LEAST else 0
