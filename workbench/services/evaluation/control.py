"""The control of WMT's terminology task: random words of the source with their right translation.

Which words of a reference translate which of its source is told by a small lexicon of
co-occurrences in other pairs, never in the test set itself. Words are counted by lemma,
Chinese strings as they stand; what goes with what is measured by Dice's coefficient.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.domain.language import Span
from workbench.domain.term import Hit, Term
from workbench.errors import DataError
from workbench.languages.lemmas import lemma
from workbench.languages.morphology import parses

_WORD = re.compile(r"[а-яё]{4,}", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_CONTENT = ("NOUN", "ADJF", "INFN", "VERB")
_SHORTEST, _LONGEST = 2, 6  # characters of a Chinese word
_NO_BEGINNING = frozenset("的了在与是把被从或及您你我他她它并也和为将这那其")
_NO_END = _NO_BEGINNING | frozenset("请于对")
_LEAST_DICE = 0.4
_LEAST_PAIRS = 3
_NEAR = 0.9  # of the best: a longer string counts as the whole word

Hits = tuple[Hit, ...]
Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a source sentence."""

    span: Span
    form: str
    lemma: str


class Lexicon:
    """In which pairs each word of a vocabulary stands, as bits of an integer."""

    def __init__(self, pairs: Pairs, lemmas: set[str], strings: set[str]) -> None:
        """Count *lemmas* and Chinese *strings* in (Russian, Chinese) *pairs*."""
        self._left = dict.fromkeys(lemmas, 0)
        self._right = dict.fromkeys(strings, 0)
        for number, (russian, chinese) in enumerate(pairs):
            bit = 1 << number
            for word in {lemma(found) for found in _WORD.findall(russian)} & lemmas:
                self._left[word] |= bit
            for string in set(_strings(chinese)) & strings:
                self._right[string] |= bit

    def dice(self, word: str, string: str) -> float:
        """Return how surely the two go together, 0–1; 0 for what stands together too seldom."""
        left, right = self._left[word], self._right[string]
        together = (left & right).bit_count()
        if together < _LEAST_PAIRS:
            return 0.0
        return 2 * together / (left.bit_count() + right.bit_count())


def read_pairs(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the pairs of the tab-separated files in *folder*. Raises DataError without any."""
    files = sorted(folder.glob("*.tsv"))
    if not files:
        raise DataError("evaluation.no_pairs", path=folder)
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            russian, tab, rest = line.partition("\t")
            if tab:
                yield russian, rest.partition("\t")[0]


def wrong_names(house: Sequence[Hits], targets: Sequence[str], seed: int) -> list[Hits]:
    """Return the hits of *house*, each with the Chinese of another entry: a stress test."""
    return [tuple(_misnamed(hit, targets, seed) for hit in hits) for hits in house]


def _misnamed(hit: Hit, targets: Sequence[str], seed: int) -> Hit:
    chance = random.Random(f"{seed} {hit.term.source}")
    others = [target for target in targets if target not in hit.term.accepted]
    target = chance.choice(others) if others else hit.term.target
    return replace(hit, term=replace(hit.term, target=target, variants=(), forbidden=()))


def control(
    sources: Sequence[str],
    references: Sequence[Sequence[str]],
    house: Sequence[Hits],
    pairs: Pairs,
    seed: int,
) -> list[Hits]:
    """Return for each source as many random words as *house* has terms, as hits.

    The translation of each stands in the first reference, once. What a sentence cannot give
    the next ones do, so that the totals agree as far as the set allows. The same in every run.
    """
    target = references[0]
    words = [_words(source, hits) for source, hits in zip(sources, house, strict=True)]
    strings = [_once(line) for line in target]
    lexicon = Lexicon(
        pairs,
        {word.lemma for found in words for word in found},
        set().union(*strings) if strings else set(),
    )
    chance = random.Random(seed)
    owed = 0
    chosen: list[Hits] = []
    for found, those, hits in zip(words, strings, house, strict=True):
        owed += sum(hit.state == "found" and hit.term.status == "approved" for hit in hits)
        known = _proven(found, those, lexicon) if owed else []
        taken = _apart(chance.sample(known, len(known)), owed)
        owed -= len(taken)
        chosen.append(tuple(sorted(taken, key=lambda hit: hit.span.start)))
    return chosen


def _words(source: str, taken: Hits) -> list[Word]:
    """Return the content words of a source that stand there once and in no term."""
    every = [
        Word(Span(*found.span()), found.group(), lemma(found.group()))
        for found in _WORD.finditer(source)
    ]
    lemmas = [word.lemma for word in every]
    return [
        word
        for word in every
        if lemmas.count(word.lemma) == 1
        and parses(word.form)[0].tag.POS in _CONTENT
        and not any(word.span.overlaps(hit.span) for hit in taken)
    ]


def _strings(chinese: str) -> Iterator[str]:
    """Yield every string of the text that may be a word."""
    for run in _HAN.findall(chinese):
        for start in range(len(run) - 1):
            if run[start] in _NO_BEGINNING:
                continue
            for end in range(start + _SHORTEST, min(start + _LONGEST, len(run)) + 1):
                if run[end - 1] not in _NO_END:
                    yield run[start:end]


def _once(chinese: str) -> set[str]:
    """Return the strings that stand in the text exactly once."""
    return {string for string in _strings(chinese) if chinese.count(string) == 1}


def _proven(words: Sequence[Word], strings: set[str], lexicon: Lexicon) -> list[Hit]:
    """Return the words whose translation stands among *strings*: each the other's best."""
    scores = {
        (word, string): dice
        for word in words
        for string in strings
        if (dice := lexicon.dice(word.lemma, string)) >= _LEAST_DICE
    }
    hits = []
    for word in words:
        mine = {string: dice for (other, string), dice in scores.items() if other == word}
        if not mine:
            continue
        near = _NEAR * max(mine.values())
        string = max((s for s in mine if mine[s] >= near), key=lambda s: (len(s), mine[s], s))
        best = max(dice for (_, other), dice in scores.items() if other == string)
        if mine[string] == best:
            hits.append(Hit(Term(word.form, string), word.span, word.form, "exact"))
    return hits


def _apart(hits: Sequence[Hit], most: int) -> list[Hit]:
    """Return the first *most* hits whose translations are no part of one another's."""
    taken: list[Hit] = []
    for hit in hits:
        mine = hit.term.target
        clash = any(mine in t.term.target or t.term.target in mine for t in taken)
        if len(taken) < most and not clash:
            taken.append(hit)
    return taken
