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


def flags(left: str, right: str) -> tuple[str, ...]:
    """Name the dangerous differences of two sentences: negation, modality, number."""
    one, other = tokens(left), tokens(right)
    if one == other:
        return ()
    words, others = _lemmas(one), _lemmas(other)
    found = []
    if _differ(words, others, NEGATION) or _negated(words, others) or _negated(others, words):
        found.append("negation")
    if _differ(words, others, MODALITY):
        found.append("modality")
    if _numbers(one) != _numbers(other) or _differ(words, others, NUMERALS):
        found.append("number")
    return tuple(found)


def _lemmas(given: Sequence[Token]) -> Counter[str]:
    return Counter(lemma(token.folded) for token in given if token.kind == "word")


def _differ(left: Counter[str], right: Counter[str], kind: frozenset[str]) -> bool:
    return any(left[word] != right[word] for word in kind)


def _negated(left: Counter[str], right: Counter[str]) -> bool:
    """Whether a word of *left* alone stands in *right* alone with не- before it."""
    return any(f"не{word}" in right and f"не{word}" not in left for word in left - right)


def _numbers(given: Sequence[Token]) -> Counter[str]:
    return Counter(token.text for token in given if token.kind == "number")


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
