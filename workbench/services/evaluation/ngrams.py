"""Strings of one to four characters that a system writes too often or too seldom.

The idea is compare-mt's, done for Chinese: over characters, not words, and counted line by line,
so that what stands too often in one line does not make up for its lack in another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.domain.quality import Ngram, NgramContrast, NgramUse

LONGEST = 4
MOST = 15
_LEAST = 2  # lines that show a habit
_SMOOTHING = 1.0
_EXPLAINS = 4  # times as often: 的 missing 280 times explains 的地 missing seven times


@dataclass(slots=True)
class NgramCounts:
    """How often each n-gram stands in a system's lines and in the references."""

    hypothesis: Counter[str] = field(default_factory=Counter)
    reference: Counter[str] = field(default_factory=Counter)
    matched: Counter[str] = field(default_factory=Counter)
    over: Counter[str] = field(default_factory=Counter)
    under: Counter[str] = field(default_factory=Counter)
    over_lines: Counter[str] = field(default_factory=Counter)
    under_lines: Counter[str] = field(default_factory=Counter)


def count_ngrams(lines: Sequence[str], references: Sequence[Sequence[str]]) -> NgramCounts:
    """Count the n-grams of a system's lines against the references.

    With several references an n-gram is too much above the most that one has, too little below
    the least.
    """
    counts = NgramCounts()
    for line, *texts in zip(lines, *references, strict=True):
        mine = Counter(ngrams(line))
        each = [Counter(ngrams(text)) for text in texts]
        most, least = each[0], each[0]
        for other in each[1:]:
            most, least = most | other, least & other
        over, under = mine - most, least - mine
        counts.hypothesis.update(mine)
        counts.reference.update(each[0])
        counts.matched.update(mine & most)
        counts.over.update(over)
        counts.under.update(under)
        counts.over_lines.update(over.keys())
        counts.under_lines.update(under.keys())
    return counts


def ngrams(text: str) -> Iterator[str]:
    """Yield the n-grams of *text*: single characters of any kind, longer ones of word characters.

    White space counts for nothing and a longer n-gram does not reach over punctuation.
    """
    for start, letter in enumerate(text):
        if letter.isspace():
            continue
        yield letter
        if not letter.isalnum():
            continue
        for end in range(start + 2, min(start + LONGEST, len(text)) + 1):
            if not text[end - 1].isalnum():
                break
            yield text[start:end]


def ngram_use(counts: NgramCounts, most: int = MOST) -> NgramUse:
    """Return what stands too often and too seldom, the greatest excess first."""
    return NgramUse(
        _worst(counts, counts.over, counts.over_lines, 1, most),
        _worst(counts, counts.under, counts.under_lines, -1, most),
    )


def _worst(
    counts: NgramCounts, excess: Counter[str], lines: Counter[str], sign: int, most: int
) -> tuple[Ngram, ...]:
    # The net excess ranks: what is too much here and too little there is only in another place.
    net = {
        text: sign * (counts.hypothesis[text] - counts.reference[text])
        for text in excess
        if lines[text] >= _LEAST
    }
    habits = {text: excess[text] for text in net if net[text] > 0}
    ranked = sorted(habits, key=lambda text: (-net[text], -habits[text], -len(text), text))
    return tuple(
        Ngram(text, counts.hypothesis[text], counts.reference[text], habits[text], lines[text])
        for text in _whole(ranked, habits, most)
    )


def ngram_contrast(
    system: NgramCounts, baseline: NgramCounts, most: int = MOST
) -> tuple[NgramContrast, ...]:
    """Return the n-grams that *system* gets right more often than *baseline* does, best first."""
    gains = {
        text: count - baseline.matched[text]
        for text, count in system.matched.items()
        if count - baseline.matched[text] >= _LEAST
    }
    scores = {text: _share(system.matched[text], baseline.matched[text]) for text in gains}
    ranked = sorted(gains, key=lambda text: (-scores[text], -gains[text], -len(text), text))
    return tuple(
        NgramContrast(
            text,
            system.matched[text],
            baseline.matched[text],
            system.reference[text],
            scores[text],
        )
        for text in _whole(ranked, gains, most)
    )


def _share(mine: int, other: int) -> float:
    """Return the share of *mine*, smoothed: 1 against 0 says less than 10 against 0."""
    return (mine + _SMOOTHING) / (mine + other + 2 * _SMOOTHING)


def _whole(ranked: Sequence[str], counts: Mapping[str, int], most: int) -> list[str]:
    """Return the first n-grams of a ranking without those that say nothing of their own.

    A piece of a longer one says nothing if it stands no more often; a longer one says nothing
    if a piece of it stands far more often; and of the pieces of a long name one is enough.
    """
    taken: list[str] = []
    silent: list[str] = []  # pieces of a long name of which one piece is taken
    for text in ranked:
        if any(_go_on(text, other, counts) for other in (*taken, *silent)):
            silent.append(text)
        if any(_is_said(text, other, counts) for other in (*taken, *silent)):
            continue
        taken = [other for other in taken if not _is_said(other, text, counts)]
        taken.append(text)
        if len(taken) > 2 * most:  # what comes later can still push out a few of the first
            break
    return taken[:most]


def _is_said(text: str, other: str, counts: Mapping[str, int]) -> bool:
    """Tell whether *other* says what *text* would."""
    if text in other:
        return counts[text] <= counts[other]
    return other in text and counts[other] >= _EXPLAINS * counts[text]


def _go_on(text: str, other: str, counts: Mapping[str, int]) -> bool:
    """Tell whether the two are neighbouring pieces of one longer string."""
    if counts[text] != counts[other] or not len(text) == len(other) == LONGEST:
        return False
    return text[1:] == other[:-1] or text[:-1] == other[1:]
