"""Which characters of a Chinese text the words of a Russian name explain.

Sources: the glossary's entries in the name, the word list, what was counted in the corpus, and
for proper names their transcription.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from workbench.services.harvest.brackets import is_abbreviation
from workbench.services.harvest.learned import learned
from workbench.services.harvest.names import Names
from workbench.services.harvest.numbers import is_roman, ordinals
from workbench.services.harvest.words import content_words, words

_OPAQUE = 6.0  # characters of a body's Chinese name where its own (Масдар) says nothing to us
# What Chinese puts before a body's name whether Russian says so or not.
_NEUTRAL = ("国家", "联邦", "国立", "全国", "第")
_ADJECTIVE = re.compile(r"(?:ск|цк)?(?:ий|ый|ой|ая|яя|ое|ее|ие|ые|ого|его|ой|ом|ым|их|ых)$")
# Росжелдор, Минприроды: one word for a body whose Chinese name is long.
_BODY = re.compile(r"(?:Рос(?!с[ий])|Мин(?!истер|ск)|Гос(?!уд))[а-яё]{5,}|[А-ЯЁ][а-яё]+надзор")
_ENDING = re.compile(r"[аяуюеиыоь]$|(?:ом|ем|ой|ей|ов|ев|ам|ах)$")

Known = Callable[[str], Iterable[tuple[str, tuple[str, ...]]]]
"""The glossary: (Russian words of an entry found in a name, its Chinese forms)."""


class Evidence(NamedTuple):
    """What is explained in a run: a flag a character, and for each Russian word its places.

    ``unexplained`` counts the characters to be expected for words whose Chinese is not known.
    """

    covered: list[bool]
    spans: list[list[tuple[int, int]]]
    unexplained: float


class Explainer:
    """Gathers the evidence for a Russian name in a run of Chinese."""

    def __init__(self, names: Names, known: Known) -> None:
        """*known* may answer nothing at all."""
        self._names = names
        self._known = known

    def evidence(self, run: str, russian: str) -> Evidence:
        """Return what of *run* the words of *russian* explain."""
        spans: list[list[tuple[int, int]]] = []
        entries = list(self._known(russian))
        unexplained = 0.0
        in_entries = {word for part, _ in entries for word in content_words(part)}
        for part, forms in entries:
            found = [span for form in forms for span in _places(run, form)]
            spans.extend(found for _ in content_words(part))
        for word in content_words(russian):
            if is_roman(word):
                continue
            parts = self._of_word(run, word, word in in_entries, russian)
            if not any(parts) and not (word in in_entries and any(spans)):
                unexplained += expected_length(word)
            spans += parts
        spans += [_places(run, country) for country in self._countries(russian)]
        spans += [_places(run, number) for number in re.findall(r"\d+", russian)]
        spans.append([span for form in ordinals(russian) for span in _places(run, form)])
        if unexplained and not any(spans) and russian.lstrip('«"')[:1].isupper():
            unexplained = max(unexplained, _OPAQUE)
        return Evidence(_covered(run, spans), [found for found in spans if found], unexplained)

    def _of_word(
        self, run: str, word: str, in_entry: bool, russian: str
    ) -> list[list[tuple[int, int]]]:
        """Return the places of one Russian word: by the list, the corpus or its sound."""
        parts = [
            [span for form in forms for span in _places(run, form)]
            for forms in words().chinese_for(word)
        ]
        if any(parts):
            return parts
        counted = [span for form in learned().chinese_for(word) for span in _places(run, form)]
        if counted:
            return [counted]
        proper = word[0].isupper() or word == russian
        return [self._sounding(run, word)] if proper and not in_entry else parts

    def _countries(self, russian: str) -> list[str]:
        """Return the countries in a name; an abbreviation's first letter may stand for one."""
        lists = words()
        found = list(lists.countries_of(russian))
        for word in content_words(russian):
            if not is_abbreviation(word) or len(word) < 3:
                continue
            for zh, stems in lists.countries.items():
                letter = stems[0][0].upper()
                if len(zh) > 1 and (word[0] == letter or word.endswith((letter, f"{letter}Р"))):
                    found.append(zh)
        return found

    def _sounding(self, run: str, word: str) -> list[tuple[int, int]]:
        """Return where *word*, a proper name or its adjective, is written by sound."""
        if is_abbreviation(word):
            return []
        stems = {word, _ADJECTIVE.sub("", word), _ENDING.sub("", word)}
        if len(word) > 6:
            stems.add(re.sub(r"(?<=[сц]к)(?:ий|ая|ое|ого|ой|их)$", "", word))
        for stem in sorted(stems, key=len, reverse=True):
            if len(stem) < 3:
                continue
            found = _sounds(run, self._names.spelt(stem))
            if found:
                return found
        return []


def expected_length(word: str) -> float:
    """Return how many characters Chinese takes for a Russian word, on the average."""
    if is_abbreviation(word):
        return 2.1 * len(word)
    if _BODY.match(word):
        return 6.0
    return 1.5 if len(word) < 5 else 2.0 if len(word) < 12 else 2.5


def _covered(run: str, spans: list[list[tuple[int, int]]]) -> list[bool]:
    covered = [False] * len(run)
    for found in spans:
        for start, end in found:
            covered[start:end] = [True] * (end - start)
    for word in _NEUTRAL:
        for start, end in _places(run, word):
            if end < len(run) and covered[end]:
                covered[start:end] = [True] * (end - start)
    return covered


def _places(run: str, form: str) -> list[tuple[int, int]]:
    found = []
    place = run.find(form)
    while place >= 0:
        found.append((place, place + len(form)))
        place = run.find(form, place + 1)
    return found


def _sounds(run: str, spellings: Iterable[str]) -> list[tuple[int, int]]:
    """Return the place in *run* most like one of the spellings, if one is like enough."""
    best, found = 0.0, []
    for spelt in spellings:
        least = 0.5 if len(spelt) > 3 else 0.6  # two characters of four, or of three
        for length in range(len(spelt), max(1, len(spelt) - 2), -1):
            for start in range(len(run) - length + 1):
                part = run[start : start + length]
                likeness = 1 - Levenshtein.distance(part, spelt) / len(spelt)
                if likeness >= least and likeness > best:
                    best, found = likeness, [(start, start + length)]
    return found
