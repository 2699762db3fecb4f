"""Counted in the authored corpus: where Chinese names begin, and what Russian words become.

``learned.tsv`` is made by ``workbench.training.harvest_tables``: lines ``c`` tell, for a Chinese
character, how much likelier it is right before a name, first in one and inside one than anywhere
(logarithms), and how often it occurs; lines ``b`` how much oftener two stand together than by
chance; lines ``s`` which Chinese words go with a Russian stem; lines ``g`` the established forms
of given names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_ENDING = re.compile(
    r"(?:иями|ями|ами|иях|иям|ией|ого|его|ому|ему|ыми|ими|"
    r"ость|ости|остью|[еа]ни(?:й|я|е|ю|ем|и)|"
    r"[сц]к(?:ий|ая|ое|ие|ого|ой|ому|им|их|ими|ую)|"
    r"ый|ий|ой|ая|яя|ое|ее|ые|ие|ую|юю|ым|им|ом|ем|ей|ов|ев|ах|ях|ам|ям|ия|ию|ии|ье|ья|ью|"
    r"[аоеыиуюьйя])$"
)
_LONGEST = 9  # letters of a stem
_FURTHEST, _NEAREST = -2.0, 5.0  # bounds of the likeness of two characters


class Character(NamedTuple):
    """Logarithms of how much likelier a character is at a place of names; how often it occurs."""

    before: float = 0.0
    first: float = 0.0
    inside: float = 0.0
    times: int = 0


_RARE = Character()


@dataclass(frozen=True, slots=True)
class Learned:
    """The tables of learned.tsv."""

    characters: Mapping[str, Character]
    neighbours: Mapping[str, Mapping[str, float]]
    stems: Mapping[str, tuple[str, ...]]
    given: Mapping[str, tuple[str, ...]]
    total: int

    def of(self, character: str) -> Character:
        """Return what is known of a character."""
        return self.characters.get(character, _RARE)

    def together(self, left: str, right: str) -> float:
        """Return the logarithm of how much oftener two characters meet than by chance."""
        known = self.neighbours.get(left, {}).get(right)
        if known is not None:
            return known
        chance = self.of(left).times * self.of(right).times / self.total
        return max(_FURTHEST, math.log(0.3 / (chance + 0.3)))

    def chinese_for(self, word: str) -> tuple[str, ...]:
        """Return the Chinese words that go with a Russian one."""
        return self.stems.get(stem(word), ())


def stem(word: str) -> str:
    """Return a Russian word without its ending, at most nine letters."""
    word = word.lower().replace("ё", "е")
    cut = _ENDING.sub("", word)
    if len(cut) < 3:
        cut = word if len(word) <= 4 else word[:4]
    return cut[:_LONGEST]


@cache
def learned() -> Learned:
    """Return the tables; read once."""
    text = files("workbench.services.harvest").joinpath("learned.tsv").read_text(encoding="utf-8")
    characters: dict[str, Character] = {}
    neighbours: dict[str, dict[str, float]] = {}
    stems: dict[str, tuple[str, ...]] = {}
    given: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        kind, *fields = line.split("\t")
        if kind == "c":
            before, first, inside, count = fields[1:]
            characters[fields[0]] = Character(
                float(before), float(first), float(inside), int(count)
            )
        elif kind == "b":
            neighbours[fields[0]] = {
                right: float(value)
                for value, rights in (field.split(" ") for field in fields[1:])
                for right in rights
            }
        elif kind == "s":
            stems[fields[0]] = tuple(fields[1].split())
        elif kind == "g":
            given[fields[0]] = tuple(fields[1].split())
    total = sum(character.times for character in characters.values())
    return Learned(characters, neighbours, stems, given, total)
