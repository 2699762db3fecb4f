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
from typing import Literal, NamedTuple

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
    if normalised(left) == normalised(right):
        return 100
    return min(99, int(100 * similarity(tokens(left), tokens(right))))


def similarity(left: Sequence[Token], right: Sequence[Token]) -> float:
    """Return 1 − the graded edit distance of two token lists ÷ the weight of the heavier."""
    total = max(sum(token.weight for token in left), sum(token.weight for token in right))
    if not total:
        return 0.0
    previous = [0.0]
    for token in right:
        previous.append(previous[-1] + token.weight)
    for token in left:
        current = [previous[0] + token.weight]
        for column, other in enumerate(right):
            replaced = previous[column]
            if token.text != other.text:
                replaced += _cost(token, other)
            removed = previous[column + 1] + token.weight
            current.append(min(replaced, removed, current[column] + other.weight))
        previous = current
    return max(0.0, 1 - previous[-1] / total)


def _cost(left: Token, right: Token) -> float:
    """Return the cost of one token in the place of another."""
    if left.kind != right.kind or left.kind == "mark":
        return max(left.weight, right.weight)
    if left.kind == "number":
        return NUMBER
    one, other = left.folded, right.folded
    if one == other:
        return CAPITALS
    return _word_cost(one, other) if one < other else _word_cost(other, one)


@lru_cache(maxsize=200_000)
def _word_cost(one: str, other: str) -> float:
    # The dictionary is not asked about words that have next to nothing in common.
    alike = Levenshtein.normalized_similarity(one, other, score_cutoff=LOOK_UP)
    if alike and lemma(one) == lemma(other):
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
