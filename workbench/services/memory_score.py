"""How alike two Russian sentences are, and how they differ.

The score is an edit distance over tokens with graded costs (measured in the project's study of
fuzzy scores): the same lemma in another form costs .25, another number .1, other
capitals .1, punctuation .3, a similar word up to .7, another word 1. A score of 100 means that
the two are equal after normalisation; anything else is 99 at most.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import Levenshtein

from workbench.domain.identity import normalised
from workbench.languages.lemmas import lemma

Difference = tuple[Literal["equal", "insert", "delete"], str]

INFLECTION = 0.25
NUMBER = 0.1
CAPITALS = 0.1
PUNCTUATION = 0.3
SIMILAR = 0.6  # words less alike than this are different words

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


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[str, ...]:
    """Return the words, numbers and punctuation marks of *text*."""
    return tuple(_TOKEN.findall(text))


def score(left: str, right: str) -> int:
    """Return how alike two sentences are, 0–100; 100 only when equal once normalised."""
    if normalised(left) == normalised(right):
        return 100
    return min(99, int(100 * similarity(tokens(left), tokens(right))))


def similarity(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Return 1 − the graded edit distance of two token lists ÷ the weight of the heavier."""
    weights = [_weight(token) for token in right]
    total = max(sum(_weight(token) for token in left), sum(weights))
    if not total:
        return 0.0
    previous = [0.0]
    for weight in weights:
        previous.append(previous[-1] + weight)
    for token in left:
        own = _weight(token)
        current = [previous[0] + own]
        for column, other in enumerate(right):
            replaced = previous[column] + (0.0 if token == other else _cost(token, other))
            removed = previous[column + 1] + own
            added = current[column] + weights[column]
            current.append(min(replaced, removed, added))
        previous = current
    return 1 - previous[-1] / total


def _weight(token: str) -> float:
    return 1.0 if token[0].isalnum() else PUNCTUATION


@lru_cache(maxsize=200_000)
def _cost(left: str, right: str) -> float:
    """Return the cost of one token in the place of another."""
    if not (left[0].isalnum() and right[0].isalnum()):
        return max(_weight(left), _weight(right))
    if left[0].isdigit() and right[0].isdigit():
        return NUMBER
    one, other = _folded(left), _folded(right)
    if one == other:
        return CAPITALS
    if lemma(one) == lemma(other):
        return INFLECTION
    alike = Levenshtein.normalized_similarity(one, other)
    return 1.0 if alike < SIMILAR else 1 - alike / 2


def _folded(token: str) -> str:
    return token.lower().replace("ё", "е")


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


def _lemmas(given: tuple[str, ...]) -> Counter[str]:
    return Counter(lemma(_folded(token)) for token in given if token[0].isalpha())


def _differ(left: Counter[str], right: Counter[str], kind: frozenset[str]) -> bool:
    return any(left[word] != right[word] for word in kind)


def _negated(left: Counter[str], right: Counter[str]) -> bool:
    """Whether a word of *left* alone stands in *right* alone with не- before it."""
    return any(f"не{word}" in right and f"не{word}" not in left for word in left - right)


def _numbers(given: tuple[str, ...]) -> Counter[str]:
    return Counter(token for token in given if token[0].isdigit())


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
