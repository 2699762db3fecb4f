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
# Pairs that may as well belong to two parts of a name: Магомед-салам.
_APART = ("тс", "дс")
_JOINT = -0.3  # and before a vowel mostly do
# A sound that changes before another one: Гкацелия, почта.
_BEFORE = {"гк": "х", "чт": "ш"}
_LONG = frozenset(("аа", "оо", "уу", "ээ"))
_IOTATED = {"йа": "я", "йо": "ё", "йу": "ю", "йе": "е", "йэ": "е", "йи": "и"}
_NASAL = {
    "а": "ан", "я": "ян", "е": "ен", "э": "эн", "ы": "ын", "и": "ин", "о": "он", "у": "ун",
    "ю": "юн", "ё": "ён",
}  # fmt: skip
# Costs of reading a soft consonant as a hard one: at the end, before another, the same for ль.
_HARD_LAST = 0.4
_HARD = (0.9, 1.1)
_SOFT = 1.2  # of reading a consonant before ъ as a soft one
_INITIAL = {"в": "弗", "ф": "弗", "л": "勒", "р": "勒"}


class Step(NamedTuple):
    """One syllable: where it ends in the word, its Chinese and its cost."""

    end: int
    zh: str
    cost: float


def steps(word: str, at: int, table: Table) -> Iterator[Step]:
    """Yield every syllable of *word* (small letters, Russian alphabet) that begins at *at*."""
    for written, following, zh, cost in table.stems if at == 0 else ():
        if word.startswith(written + following):
            yield Step(_end(word, at, written), zh, cost)
    for written, last, zh, cost in table.chunks:
        ends = len(word) == at + len(written)
        if word.startswith(written, at) and (ends if last else at):
            yield Step(_end(word, at, written), zh, cost)
    letter = word[at]
    if letter in "ьъ":
        yield Step(at + 1, "", 0.0)
    elif letter == "й" and word[at : at + 2] not in _IOTATED:
        yield Step(at + 1, "伊", 0.0)
    else:
        consonant, place = _consonant(word, at)
        yield from _syllables(word, at, consonant, place, table)
        if word[at : at + 2] in _APART and word[at + 2 : at + 3] in VOWELS:
            yield from _cells(at, "", letter, at + 1, _JOINT, table)


def _end(word: str, at: int, written: str) -> int:
    """Return where a fixed part ends; its н begins the next syllable as well."""
    end = at + len(written)
    again = written.endswith("н") and word[end : end + 1] in tuple("аеёиоуыэюяь")
    return end - 1 if again else end


def _consonant(word: str, at: int) -> tuple[str, int]:
    """Return the column and where the vowel should be; й before a vowel is part of the vowel."""
    letter, pair = word[at], word[at : at + 2]
    if letter in VOWELS or letter == "й":
        return "", at
    if word.startswith("здн", at):  # the д of Поздняков is silent
        return "з", at + 2
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
        yield from _cells(at, "и", consonant, soft, 0.0, table)
        if soft == place + 1:
            hard = _HARD_LAST if soft == len(word) else _HARD[consonant == "л"]
            yield from _cells(at, "", consonant, soft, hard, table)
        return
    if following == "ъ":
        yield from _cells(at, "", consonant, place + 1, 0.0, table)
        yield from _cells(at, "и", consonant, place + 1, _SOFT, table)
        return
    if following not in VOWELS and word[place : place + 2] not in _IOTATED:
        yield from _cells(at, "", consonant, place, 0.0, table)
        return
    for row, end, cost in _vowels(word, place, table):
        yield from _cells(at, row, consonant, end, cost, table)


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
        yield from _nasal(word, vowel, end, table)
        return
    if not taken:
        yield vowel, end, 0.0
    elif after[:1] in ("й", "и", "у", "о") and vowel in "ау":
        yield vowel, end, 1.2


def _diphthongs(word: str, vowel: str, end: int) -> Iterator[tuple[str, int]]:
    """Yield (row, end) of two vowels that have one row: ай, ау, уй, and ий, ый as и, ы."""
    second, third = word[end : end + 1], word[end + 1 : end + 2]
    open_ = third not in VOWELS or third == ""
    if vowel == "а" and ((second == "й" and open_) or (second == "и" and third not in ("й", "н"))):
        yield "ай", end + 1
    elif vowel == "а" and second in ("у", "о"):
        yield "ау", end + 1
    elif vowel == "у" and second == "й" and open_:
        yield "уй", end + 1
    elif vowel in "иы" and second == "й" and open_:
        yield vowel, end + 1


def _nasal(word: str, vowel: str, end: int, table: Table) -> Iterator[tuple[str, int, float]]:
    """Yield the vowel with the н or м after it in its syllable, and without."""
    costs, after = table.closing, word[end + 1 : end + 2]
    closed = _NASAL[vowel]
    if word[end] == "м":
        yield closed, end + 1, costs.m_after_i if vowel in "иы" else costs.m
        yield vowel, end, 0.0 if vowel in "иы" else costs.m_open
    elif after == "ь" and word[end + 2 : end + 3] not in VOWELS:
        yield closed, end + 2, 0.0
        yield vowel, end, costs.open
    elif after not in VOWELS and after != "ь":
        yield closed, end + 1, 0.0
        yield vowel, end, costs.open
    elif word[: end + 1] in table.doubled:
        yield closed, end, costs.doubled
        yield vowel, end, 0.0
    else:
        likely = word[: end + 1].endswith(table.likely_doubled)
        yield closed, end, costs.likely if likely else costs.unlikely
        yield vowel, end, 0.0


def _cells(
    at: int, row: str, consonant: str, end: int, cost: float, table: Table
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
