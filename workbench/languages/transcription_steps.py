"""Cutting a Russian name into syllables: every next step from a place, with its cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from workbench.languages.transcription_table import DZH, Table

VOWELS = frozenset("аеёиоуыэюя")
# Two letters that are one sound, and the column of the table they stand in.
_PAIRS = {
    "дж": DZH, "тч": "ч", "дч": "ч", "сч": "щ", "зч": "щ", "тц": "ц", "дц": "ц", "тс": "ц",
    "дс": "ц", "цс": "ц", "дз": "з", "тд": "д", "дт": "т",
}  # fmt: skip
# A sound that changes before another one: Гкацелия, почта.
_BEFORE = {"гк": "х", "чт": "ш"}
_LONG = frozenset(("аа", "оо", "уу", "ээ"))
_IOTATED = {"йа": "я", "йо": "ё", "йу": "ю", "йе": "е", "йэ": "е", "йи": "и"}
_NASAL = {
    "а": "ан", "я": "ян", "е": "ен", "э": "эн", "ы": "ын", "и": "ин", "о": "он", "у": "ун",
    "ю": "юн", "ё": "ён",
}  # fmt: skip
_INITIAL = {"в": "弗", "ф": "弗", "л": "勒", "р": "勒"}


class Step(NamedTuple):
    """One syllable: where it ends in the word, its Chinese and its cost."""

    end: int
    zh: str
    cost: float


def steps(word: str, at: int, table: Table) -> Iterator[Step]:
    """Yield every syllable of *word* (small letters, Russian alphabet) that begins at *at*."""
    if at == 0:
        for written, following, zh, cost in table.stems:
            if word.startswith(written + following):
                yield Step(len(written), zh, cost)
    for ending, zh, cost in table.endings:
        if at and word.endswith(ending) and len(word) - len(ending) == at:
            yield Step(len(word), zh, cost)
    letter = word[at]
    if letter in "ьъ":
        yield Step(at + 1, "", 0.0)
    elif letter == "й" and word[at : at + 2] not in _IOTATED:
        yield Step(at + 1, "伊", 0.0)
    else:
        consonant, place = _consonant(word, at)
        yield from _syllables(word, at, consonant, place, table)


def _consonant(word: str, at: int) -> tuple[str, int]:
    """Return the column and where the vowel should be; й before a vowel is part of the vowel."""
    letter, pair = word[at], word[at : at + 2]
    if letter in VOWELS or letter == "й":
        return "", at
    if pair in _PAIRS:
        return _PAIRS[pair], at + 2
    if pair in _BEFORE:
        return _BEFORE[pair], at + 1
    if len(pair) == 2 and pair[0] == pair[1] and letter != "н":
        return letter, at + 2
    return letter, at + 1


def _syllables(word: str, at: int, consonant: str, place: int, table: Table) -> Iterator[Step]:
    following = word[place : place + 1]
    if following == "ь":
        # A soft consonant is written as if и followed.
        soft = place + (2 if word[place + 1 : place + 2] == "и" else 1)
        yield from _cells(word, at, "и", consonant, soft, 0.0, table)
        if soft == place + 1:
            hard = 0.7 if soft == len(word) else (1.4 if consonant == "л" else 0.9)
            yield from _cells(word, at, "", consonant, soft, hard, table)
        return
    if following not in VOWELS and word[place : place + 2] not in _IOTATED:
        yield from _cells(word, at, "", consonant, place, 0.0, table)
        return
    for row, end, cost in _vowels(word, place, table):
        yield from _cells(word, at, row, consonant, end, cost, table)


def _vowels(word: str, place: int, table: Table) -> Iterator[tuple[str, int, float]]:
    """Yield (row, end, cost) of what may be read from the vowel at *place*."""
    pair = word[place : place + 2]
    if pair in _IOTATED:
        vowel, end = _IOTATED[pair], place + 2
    elif pair in _LONG:
        yield word[place], place + 2, 0.0
        return
    else:
        vowel, end = word[place], place + 1
    after = word[end : end + 2]
    taken = False
    for row, stop in _diphthongs(word, vowel, end):
        yield row, stop, 0.0
        taken = True
    if after[:1] == "н" or (after[:1] == "м" and after[1:] in ("б", "п")):
        nasal, stop, cost = _closed(word, place, end, table)
        yield _NASAL[vowel], stop, cost
        yield vowel, end, 0.8 if cost == 0.0 else max(0.0, -cost)
        return
    if not taken:
        yield vowel, end, 0.0
    elif after[:1] in ("й", "и", "у", "о") and vowel in "ау":
        yield vowel, end, 1.2


def _diphthongs(word: str, vowel: str, end: int) -> Iterator[tuple[str, int]]:
    """Yield (row, end) of two vowels that have one row: ай, ау, уй, and ий, ый as и, ы."""
    second, third = word[end : end + 1], word[end + 1 : end + 2]
    open_ = third not in VOWELS or third == ""
    if vowel == "а" and second == "й" and open_:
        yield "ай", end + 1
    elif vowel == "а" and second == "и" and third not in ("й", "н"):
        yield "ай", end + 1
    elif vowel == "а" and second in ("у", "о"):
        yield "ау", end + 1
    elif vowel == "у" and second == "й" and open_:
        yield "уй", end + 1
    elif vowel in "иы" and second == "й" and open_:
        yield vowel, end + 1


def _closed(word: str, place: int, end: int, table: Table) -> tuple[str, int, float]:
    """Return (letter, end, cost) of reading the н or м after the vowel into its syllable."""
    after = word[end + 1 : end + 2]
    if word[end] == "м":
        return "м", end + 1, 0.0
    if after == "ь" and word[end + 2 : end + 3] not in VOWELS:
        return "н", end + 2, 0.0
    if after not in VOWELS and after != "ь":
        return "н", end + 1, 0.0
    beginning = word[: end + 1]
    if beginning in table.doubled:
        return "н", end, -1.0
    likely = beginning.endswith(table.likely_doubled)
    return "н", end, table.likely_cost if likely else table.doubled_cost


def _cells(
    word: str, at: int, row: str, consonant: str, end: int, cost: float, table: Table
) -> Iterator[Step]:
    """Yield the table's cell and what is also written for it."""
    cell = table.syllables.get((row, consonant))
    if cell is None:
        return
    if at == 0:
        if row == "" and consonant in _INITIAL:
            cell = _INITIAL[consonant]
        elif row == "е" and not consonant:
            cell = "叶"
    yield Step(end, cell, cost)
    for zh, extra in table.choices.get((row, consonant), ()):
        yield Step(end, zh, cost + extra)
