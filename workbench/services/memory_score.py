"""How alike two Russian sentences are, and how they differ.

The score is an edit distance over tokens with graded costs (measured in the project's study of
fuzzy scores): the same lemma in another form costs .25, another number .1, other
capitals .1, punctuation .3, a similar word up to .7, another word 1. A score of 100 means that
the two are equal after normalisation; anything else is 99 at most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from workbench.domain.identity import normalised
from workbench.languages.lemmas import lemma, plain

Difference = tuple[Literal["equal", "insert", "delete"], str]

INFLECTION = 0.25
NUMBER = 0.1
CAPITALS = 0.1
PUNCTUATION = 0.3
SIMILAR = 0.6  # words less alike than this are different words …
LOOK_UP = 0.25  # … unless they are forms of one and at least that much alike

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:-\w+)*|[^\w\s]")
_PIECE = re.compile(r"\s+|\d+(?:[.,]\d+)*|\w+(?:-\w+)*|[^\w\s]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATION = _words("не ни нет без нельзя никто ничто никогда нигде никак никакой ничуть невозможно")
MODALITY = _words(
    "можно нельзя мочь смочь должный должно обязать обязанный обязан обязательно надо нужно "
    "необходимо следовать вправе разрешить запретить разрешаться запрещаться возможно вероятно "
    "рекомендоваться якобы будто бы может"
)
NUMERALS = _words(
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать "
    "пятнадцать двадцать тридцать сорок пятьдесят сто двести триста пятьсот тысяча тыс миллион "
    "млн миллиард млрд триллион трлн половина полтора оба двое трое дюжина"
)


class Token(NamedTuple):
    """A word, number or mark with what the distance asks about it."""

    text: str
    weight: float
    kind: Literal["word", "number", "mark"]
    folded: str


@lru_cache(maxsize=100_000)
def _token(text: str) -> Token:
    if not text[0].isalnum():
        return Token(text, PUNCTUATION, "mark", text)
    return Token(text, 1.0, "number" if text[0].isdigit() else "word", plain(text))


@lru_cache(maxsize=5_000)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the words, numbers and punctuation marks of *text*."""
    return tuple(map(_token, _TOKEN.findall(text)))


def score(left: str, right: str) -> int:
    """Return how alike two sentences are, 0–100; 100 only when equal once normalised."""
    return scores(left, [right])[0]


def scores(wanted: str, others: Sequence[str]) -> list[int]:
    """Return how alike each of *others* is to *wanted*, 0–100, as ``score``.

    All are computed at once: one row of all distance tables at a time, in numpy.
    """
    rows = tokens(wanted)
    columns = [tokens(other) for other in others]
    known: dict[Token, int] = {}
    for token in chain.from_iterable(columns):
        known.setdefault(token, len(known))
    width = max(map(len, columns), default=0)
    if not rows or not width:
        return [100 * (normalised(wanted) == normalised(other)) for other in others]
    lengths = np.array([len(some) for some in columns])
    # Past its end a table goes on with a token that weighs nothing and is never read.
    numbers = np.full((len(columns), width), len(known))
    for row, some in zip(numbers, columns, strict=True):
        row[: len(some)] = [known[token] for token in some]
    weights = np.array([token.weight for token in known] + [0.0])[numbers]
    costs = _costs(rows, list(known))[:, numbers]
    before = np.concatenate([np.zeros((len(columns), 1)), np.cumsum(weights, axis=1)], axis=1)
    previous = before
    for n, token in enumerate(rows):
        current = previous + token.weight  # left out
        np.minimum(current[:, 1:], previous[:, :-1] + costs[n], out=current[:, 1:])  # replaced
        # put in: the least of all places to the left, plus what stands in between
        previous = np.minimum.accumulate(current - before, axis=1) + before
    distances = previous[np.arange(len(columns)), lengths]
    totals = np.maximum(before[:, -1], sum(token.weight for token in rows))
    found = np.minimum(99, (100 * (1 - distances / totals) + 1e-9).astype(int).clip(0))
    same = normalised(wanted)
    return [
        100 if normalised(other) == same else int(points)
        for other, points in zip(others, found, strict=True)
    ]


def _costs(rows: Sequence[Token], others: Sequence[Token]) -> NDArray[np.float64]:
    """Return the cost of each of *others* in the place of each of *rows*; a last column of 0."""
    weights = np.array([token.weight for token in others])
    heavier = np.maximum(np.array([token.weight for token in rows])[:, None], weights)
    costs = np.concatenate([heavier, np.zeros((len(rows), 1))], axis=1)
    alike = process.cdist(
        [token.folded for token in rows],
        [token.folded for token in others],
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=LOOK_UP,
        dtype=np.float32,
    )
    for n, m in zip(*np.nonzero(alike), strict=True):
        one, other = rows[n], others[m]
        if one.text == other.text:
            costs[n, m] = 0.0
        elif one.kind == other.kind == "word":
            costs[n, m] = _word_cost(one.folded, other.folded, float(alike[n, m]))
    figures = [m for m, token in enumerate(others) if token.kind == "number"]
    for n, token in enumerate(rows):
        if token.kind == "number":
            costs[n, figures] = [0.0 if others[m].text == token.text else NUMBER for m in figures]
    return costs


def _word_cost(one: str, other: str, alike: float) -> float:
    if one == other:
        return CAPITALS
    # The forms of a word begin alike: the dictionary is not asked about others.
    if one[:2] == other[:2] and lemma(one) == lemma(other):
        return INFLECTION
    return 1.0 if alike < SIMILAR else 1 - alike / 2


class Concern(NamedTuple):
    """A dangerous difference: its kind, the words only the one has, and those only the other."""

    kind: Literal["negation", "modality", "number"]
    gone: tuple[str, ...]
    new: tuple[str, ...]


def flags(left: str, right: str) -> tuple[str, ...]:
    """Name the dangerous differences of two sentences: negation, modality, number."""
    return tuple(found.kind for found in concerns(left, right))


def concerns(left: str, right: str) -> tuple[Concern, ...]:
    """Return the dangerous differences of two sentences with their words, as they stand there."""
    one, other = tokens(left), tokens(right)
    if one == other:
        return ()
    words, others = _lemmas(one), _lemmas(other)
    figures, their = _numbers(one), _numbers(other)
    numerals = _apart(words, others, NUMERALS), _apart(others, words, NUMERALS)
    kinds: tuple[tuple[Literal["negation", "modality", "number"], set[str], set[str]], ...] = (
        (
            "negation",
            _apart(words, others, NEGATION) | _negations(words, others),
            _apart(others, words, NEGATION) | _negations(others, words),
        ),
        ("modality", _apart(words, others, MODALITY), _apart(others, words, MODALITY)),
        ("number", numerals[0] | set(figures - their), numerals[1] | set(their - figures)),
    )
    return tuple(
        Concern(kind, _standing(one, gone), _standing(other, new))
        for kind, gone, new in kinds
        if gone or new
    )


def _standing(given: Sequence[Token], wanted: set[str]) -> tuple[str, ...]:
    """Return the words whose lemma is wanted, and the wanted numbers, in their order."""
    found = [
        token.text
        for token in given
        if (token.text if token.kind == "number" else lemma(token.folded)) in wanted
    ]
    return tuple(dict.fromkeys(found))


def _lemmas(given: Sequence[Token]) -> Counter[str]:
    return Counter(lemma(token.folded) for token in given if token.kind == "word")


def _apart(left: Counter[str], right: Counter[str], kind: frozenset[str]) -> set[str]:
    """Return the words of a kind that *left* has more often."""
    return {word for word in left.keys() & kind if left[word] > right[word]}


def _negations(left: Counter[str], right: Counter[str]) -> set[str]:
    """Return the words of *left* that stand in *right* without their не-."""
    negated = {word for word in left.keys() - right.keys() if word.startswith("не")}
    return {word for word in negated if word[2:] in right and word[2:] not in left}


def _numbers(given: Sequence[Token]) -> Counter[str]:
    return Counter(token.text for token in given if token.kind == "number")


def omegat(left: str, right: str) -> tuple[int, int, int]:
    """Return OmegaT's three scores: by lemmas, by words, by everything that stands there.

    Each is the share of tokens that need no change, in whole percent; the first two leave out
    numbers and marks.
    """
    pair = tokens(left), tokens(right)
    by_word = [[token.folded for token in some if token.kind == "word"] for some in pair]
    by_lemma = [[lemma(word) for word in some] for some in by_word]
    whole = [_PIECE.findall(left), _PIECE.findall(right)]
    return _share(*by_lemma), _share(*by_word), _share(*whole)


def _share(one: Sequence[str], other: Sequence[str]) -> int:
    longest = max(len(one), len(other))
    return 100 if not longest else 100 * (longest - Levenshtein.distance(one, other)) // longest


def diff(old: str, new: str) -> tuple[Difference, ...]:
    """Return what to delete from *old* and insert to get *new*, word by word.

    The equal and deleted parts rebuild *old*, the equal and inserted parts *new*.
    """
    left, right = _PIECE.findall(old), _PIECE.findall(new)
    found: list[Difference] = []
    for op, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(("equal", "".join(left[a:b])))
            continue
        if a < b:
            found.append(("delete", "".join(left[a:b])))
        if c < d:
            found.append(("insert", "".join(right[c:d])))
    return tuple(found)
