"""Chinese by its sound: which characters may stand for what somebody typed in pinyin."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

_TYPED = re.compile(r"[a-z]+(?:[ '’-][a-z]+)*")
_LONGEST = 60
_MOST_READINGS = 24  # of one query: ambiguous ones (xian: 西安, 先) have two or three


def is_typed(query: str) -> bool:
    """Tell whether *query* may be pinyin: Latin letters, spaces and apostrophes only."""
    return bool(_TYPED.fullmatch(query.strip().lower())) and len(query) <= _LONGEST


class Sounds:
    """The characters of some Chinese texts by their readings."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take the characters of *texts*."""
        self._by_reading: dict[str, set[str]] = defaultdict(set)
        self._by_initial: dict[str, set[str]] = defaultdict(set)
        for character in {c for text in texts for c in text}:
            for reading in readings(character):
                self._by_reading[reading].add(character)
                self._by_initial[reading[0]].add(character)
                if reading[1:2] == "h" and reading[0] in "zcs":
                    self._by_initial[reading[:2]].add(character)

    def pattern(self, query: str) -> re.Pattern[str] | None:
        """Return what finds texts that sound like *query*; None when none of these can.

        A query is full pinyin (tuokayefu, its last syllable may be unfinished) or initials
        (tkyf). Spaces and apostrophes part syllables.
        """
        typed = query.strip().lower().replace("’", "'")
        parts = re.split("[ '-]+", typed)
        ways = [way for way in (self._full(parts), self._initials("".join(parts))) if way]
        shapes = [shape for way in ways for shape in way]
        return re.compile("|".join(shapes)) if shapes else None

    def _full(self, parts: list[str]) -> list[str]:
        """Return a regular expression for each way of reading the query as whole syllables."""
        ways = [""]
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            ends = self._syllables(part, last)
            ways = [before + end for before in ways for end in ends][:_MOST_READINGS]
        return ways

    def _syllables(self, text: str, last: bool) -> list[str]:
        found: list[str] = []
        stack: list[tuple[int, str]] = [(0, "")]
        while stack and len(found) < _MOST_READINGS:
            start, before = stack.pop()
            if start == len(text):
                found.append(before)
                continue
            for end in range(start + 1, min(start + 6, len(text)) + 1):
                piece = text[start:end]
                if piece in self._by_reading:
                    stack.append((end, before + _one_of(self._by_reading[piece])))
                elif last and end == len(text) and (before or len(piece) > 1):
                    begun = [self._by_reading[r] for r in self._by_reading if r.startswith(piece)]
                    if begun:
                        found.append(before + _one_of(set().union(*begun)))
        return found

    def _initials(self, text: str) -> list[str]:
        ways = [""]
        place = 0
        while place < len(text):
            pair = text[place : place + 2]
            if pair in ("zh", "ch", "sh") and pair in self._by_initial:
                ways = [way + _one_of(self._by_initial[pair]) for way in ways]
                place += 2
            elif text[place] in self._by_initial:
                ways = [way + _one_of(self._by_initial[text[place]]) for way in ways]
                place += 1
            else:
                return []
        return ways


def _one_of(characters: set[str]) -> str:
    return "[" + "".join(map(re.escape, sorted(characters))) + "]"


@cache
def readings(character: str) -> frozenset[str]:
    """Return the readings of a character in plain letters (ü as v); empty for what has none."""
    found = _table().get(ord(character), "")
    return frozenset(plain for sound in found.split(",") if (plain := _plain(sound)))


def _plain(sound: str) -> str:
    letters = unicodedata.normalize("NFD", sound).replace("u\u0308", "v")
    return "".join(c for c in letters if "a" <= c <= "z")


@cache
def _table() -> dict[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict

    table: dict[int, str] = pinyin_dict
    return table
