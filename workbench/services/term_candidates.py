"""Where in a text forms of entries may stand: words and names looked up, nothing yet judged."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from workbench.languages.fold import Folded
from workbench.services.term_index import TOKEN, Array, TermIndex, hashes_of, name_key

_RUN = re.compile(r"([^\W_]+)")
_JOINTS = ("-", "'")
_INITIALS = re.compile(r"[а-я]\.(?:[ -]?[а-я]\.){0,2} ?")
_INITIALS_AFTER = re.compile(r" [а-я]\.(?:[ -]?[а-я]\.){0,2}")
_PATRONYMICS = tuple(
    stem + ending
    for stem, endings in (
        ("ович", ("", "а", "у", "ем", "ом", "е")),
        ("евич", ("", "а", "у", "ем", "ом", "е")),
        ("ич", ("", "а", "у", "ем", "ом", "е")),
        *((stem, ("а", "ы", "е", "у", "ой")) for stem in ("овн", "евн", "ичн")),
        *((stem, ("",)) for stem in ("оглы", "кызы", "улы", "уулу")),
    )
    for ending in endings
)

Place = tuple[int, int, bool]  # start, end, with initials


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a folded text: where they begin and end, and what they are.

    A form may begin at ``beginnings``: words and the parts of hyphenated ones; it may end at
    ``stops``, which ascend.
    """

    folded: Folded
    starts: Sequence[int]
    ends: Sequence[int]
    texts: Sequence[str]
    capitals: Sequence[int]  # the numbers of the words that begin with a capital
    beginnings: Sequence[int]
    openings: Sequence[str]  # the word or part at each beginning
    stops: Sequence[int]


def words_of(folded: Folded) -> Words:
    """Divide a text into words."""
    parts = _RUN.split(folded.text)  # between, letters, between, letters, between
    borders = list(accumulate(map(len, parts)))
    beginnings, stops, openings = borders[:-1:2], borders[1::2], parts[1::2]
    starts, ends, texts = list(beginnings), list(stops), list(openings)
    joined = [n for n, between in enumerate(parts[2:-1:2]) if between in _JOINTS]
    for n in reversed(joined):  # what is deleted stands behind the next
        ends[n] = ends[n + 1]
        texts[n] += parts[2 * n + 2] + texts[n + 1]
        del starts[n + 1], ends[n + 1], texts[n + 1]
        if not n or parts[2 * n] not in _JOINTS:
            beginnings.append(starts[n])
            openings.append(texts[n])
    clean = folded.clean
    lowered = folded.text
    differs = _codes(clean) != _codes(lowered)
    capitals = np.flatnonzero(differs[np.array(starts, dtype=np.intp)]).tolist()
    capitals = [n for n in capitals if clean[starts[n]].isupper()]  # ё is folded too
    return Words(folded, starts, ends, texts, capitals, beginnings, openings, stops)


def _codes(text: str) -> Array:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def candidates(words: Words, index: TermIndex) -> Iterator[tuple[Place, list[int]]]:
    """Yield the places where forms of *index* stand, with the numbers of their entries."""
    plain = list(_spans(words, index))
    text = words.folded.text
    for n, numbers in index.forms.find([text[start:end] for start, end in plain]):
        yield (*plain[n], False), numbers
    named = list(_names(words))
    for n, numbers in index.names.find([key for key, _ in named]):
        yield named[n][1], numbers


def _spans(words: Words, index: TermIndex) -> Iterator[tuple[int, int]]:
    """Yield the ranges that begin as a form does and are no longer than such forms are."""
    lengths = index.beginnings.lengths(hashes_of(words.openings))
    stops, text, tails = words.stops, words.folded.text, index.tails
    beginnings, count = words.beginnings, len(words.stops)
    places = np.flatnonzero(lengths)
    for n, length in zip(places.tolist(), lengths[places].tolist(), strict=True):
        start = beginnings[n]
        # Whole hyphenated words come after all others.
        place = n if n < count else bisect_right(stops, start)
        while place < count and (end := stops[place]) - start <= length:
            yield start, end
            if text[end : end + 1] in tails:
                yield start, end + 1
            place += 1


def _names(words: Words) -> Iterator[tuple[str, Place]]:
    """Yield what may be a full name that is not written as an entry has it, by its key."""
    text, clean = words.folded.text, words.folded.clean
    starts, ends, texts = words.starts, words.ends, words.texts
    last = len(starts) - 1
    for n in words.capitals:
        word, end = texts[n], ends[n]
        if len(word) == 1:
            yield from _after_initials(text, starts[n], word)
        elif n < last and starts[n + 1] == end + 1 and text[end] == " ":
            second = texts[n + 1]
            if len(second) == 1:
                yield from _before_initials(text, starts[n], end, word)
            elif clean[end + 1].isupper():
                yield from _in_two_orders(words, n)


def _after_initials(text: str, start: int, letter: str) -> Iterator[tuple[str, Place]]:
    """К.-Ж. Токаев, С. К. Шойгу."""
    initials = _INITIALS.match(text, start)
    surname = TOKEN.match(text, initials.end()) if initials else None
    if surname:
        yield name_key(surname.group(), letter), (start, surname.end(), True)


def _before_initials(text: str, start: int, end: int, word: str) -> Iterator[tuple[str, Place]]:
    """Токаев К.-Ж. К., or a given name: Сергей В. Лавров."""
    initials = _INITIALS_AFTER.match(text, end)
    if initials:
        yield name_key(word, text[end + 1]), (start, initials.end(), True)
        blank = text[initials.end() : initials.end() + 1] == " "
        surname = TOKEN.match(text, initials.end() + blank)
        if surname:
            yield name_key(surname.group(), word), (start, surname.end(), False)


def _in_two_orders(words: Words, n: int) -> Iterator[tuple[str, Place]]:
    """Given name, patronymic or none, surname; or the surname first."""
    start, first, second = words.starts[n], words.texts[n], words.texts[n + 1]
    third = words.texts[n + 2] if _adjoins(words, n + 1) else ""
    yield name_key(second, first), (start, words.ends[n + 1], False)
    if third and second.endswith(_PATRONYMICS):
        yield name_key(third, first), (start, words.ends[n + 2], False)
    last = n + 2 if third.endswith(_PATRONYMICS) else n + 1
    yield name_key(first, second), (start, words.ends[last], False)


def _adjoins(words: Words, n: int) -> bool:
    """Tell whether another word follows after one blank."""
    if n + 1 >= len(words.starts):
        return False
    end = words.ends[n]
    return words.starts[n + 1] == end + 1 and words.folded.text[end] == " "
