"""The word lists of harvesting: what a Chinese name ends with, what stands before one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_RUSSIAN_WORD = re.compile(r"\w+")
_COMPOUND = re.compile(r"(?:мин|гос|рос|глав|нац|центр|сов|ген|пром|спец|внеш|орг|ком)\w{2,}")
_SHORT = frozenset("и в на по о об при с со для из к от у над за до не а или во").union(
    {"им", "имени", "ао", "оао", "ооо", "зао", "пао", "тоо"}
)
_FIRST_PARTS = (("мин", ("部",)), ("рос", ("俄罗斯",)), ("гос", ("国家",)), ("нац", ("国家",)))
_INNER = 4  # letters of a stem looked for inside a compound such as Минэкономразвития


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of words.toml; longer strings come first where order matters."""

    ends: Mapping[str, tuple[str, ...]]
    announced: Mapping[str, tuple[str, ...]]
    generic: Mapping[str, frozenset[str]]
    countries: Mapping[str, tuple[str, ...]]
    regions: tuple[str, ...]
    strong: tuple[str, ...]
    verbs: tuple[str, ...]
    roles: tuple[str, ...]  # nouns in apposition to the name after them
    phrases: tuple[str, ...]  # strong ones of two characters or more
    weak: tuple[str, ...]
    inside: tuple[str, ...]  # words in which a small word does not stand for itself
    whole: frozenset[str]  # all of these and the countries: no name begins inside of one
    stems: Mapping[str, tuple[str, ...]]

    def chinese_for(self, word: str) -> list[tuple[str, ...]]:
        """Return what a Russian word may be in a Chinese name, by its longest known stem.

        A compound such as Минэкономразвития gives an entry for each of its parts.
        """
        word = word.lower()
        for length in range(len(word), 1, -1):
            found = self.stems.get(word[:length])
            # Short stems stand for themselves and their endings, not for the beginning of a word.
            if found and len(word) - length <= 3 + length:
                return [found, *self._inside(word)]
        return list(self._inside(word))

    def _inside(self, word: str) -> Iterator[tuple[str, ...]]:
        if _COMPOUND.fullmatch(word) is None:
            return
        yield from (chinese for start, chinese in _FIRST_PARTS if word.startswith(start))
        for place in range(2, len(word) - 2):
            for length in range(len(word) - place, 2, -1):
                found = self.stems.get(word[place : place + length])
                if found and (length >= _INNER or place + length == len(word)):
                    yield found
                    break

    def countries_of(self, russian: str) -> tuple[str, ...]:
        """Return the Chinese names of the countries that *russian* names."""
        text = russian.lower()
        return tuple(
            chinese
            for chinese, stems in self.countries.items()
            if any(re.search(rf"\b{stem}", text) for stem in stems)
        )


def content_words(russian: str) -> list[str]:
    """Return the words of a Russian name that carry meaning."""
    return [
        word
        for word in _RUSSIAN_WORD.findall(russian.replace("-", " "))
        if word.lower() not in _SHORT and any(map(str.isalpha, word))
    ]


@cache
def words() -> Words:
    """Return the lists; read once."""
    text = files("workbench.services.harvest").joinpath("words.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    return Words(
        ends={kind: _longest(value) for kind, value in read["ends"].items()},
        announced={kind: _longest(value) for kind, value in read["announced"].items()},
        generic={kind: frozenset(value.split()) for kind, value in read["generic"].items()},
        countries={zh: tuple(stems.split()) for zh, stems in read["countries"].items()},
        regions=_longest(read["cues"]["regions"]),
        strong=_longest(read["cues"]["strong"]),
        verbs=_longest(read["cues"]["verbs"]),
        roles=_longest(read["cues"]["roles"]),
        phrases=tuple(word for word in read["cues"]["strong"].split() if len(word) > 1),
        inside=_longest(read["cues"]["inside"]),
        weak=_longest(read["cues"]["weak"]),
        whole=frozenset(
            word
            for part in (*read["cues"].values(), " ".join(read["countries"]))
            for word in part.split()
            if len(word) > 1
        ),
        stems={stem: tuple(value.split()) for stem, value in read["words"].items()},
    )


@cache
def weights() -> Mapping[str, float]:
    """Return the weight of each feature of ``bounds.py``; read once."""
    text = files("workbench.services.harvest").joinpath("weights.toml").read_text(encoding="utf-8")
    return {name: float(value) for name, value in tomllib.loads(text).items()}


def _longest(value: str) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(value.split()), key=len, reverse=True))
