"""Where a Chinese name without marks begins: 根据独联体反恐中心（Антитеррористический …）.

Each place in the run of characters before the bracket is scored by how much of the Russian
name the characters after it explain (glossary, word list, transcription), by how much of them
stays unexplained, by what stands before the place, and by the length to be expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from workbench.services.harvest.brackets import HAN, is_abbreviation
from workbench.services.harvest.names import Names, after_title
from workbench.services.harvest.words import content_words, words

LONGEST = 40
_SHORTEST = 2
_OPAQUE = 6.0  # characters of a body's Chinese name where its own (Масдар) says nothing to us
_SMALL = "经据由在对被从将把让与和及并而但为向比的了"
# What Chinese puts before a body's name whether Russian says so or not.
_NEUTRAL = ("国家", "联邦", "国立", "全国", "第")
_ADJECTIVE = re.compile(r"(?:ск|цк)?(?:ий|ый|ой|ая|яя|ое|ее|ие|ые|ого|его|ой|ом|ым|их|ых)$")
_DATE = re.compile(r"\d\s?[年月日号期]$")
_BRAND = re.compile(r"^[«\"]|[а-яё][А-ЯЁ]")  # КазТрансОйл, «Масдар»
_COUNTED = re.compile(
    r"[这那某每首一二两三四五六七八九十几数\d][个只种项位名座条家所次批届份本辆艘架支台部套]$"
)
_ENDING = re.compile(r"[аяуюеиыоь]$|(?:ом|ем|ой|ей|ов|ев|ам|ах)$")

Known = Callable[[str], Iterable[tuple[str, tuple[str, ...]]]]
"""The glossary: (Russian words of an entry found in a name, its Chinese forms)."""


class Beginning(NamedTuple):
    """Where the name begins in its run, and how sure that is (0–1)."""

    start: int
    score: float


class _Evidence(NamedTuple):
    covered: list[bool]  # characters that some Russian word explains
    spans: list[list[tuple[int, int]]]  # for each Russian word, where its Chinese stands
    unexplained: float  # characters to be expected for the words whose Chinese is not known


class Bounds:
    """Finds beginnings, asking the glossary and the transcription of names."""

    def __init__(self, names: Names, known: Known) -> None:
        """*known* may answer nothing at all."""
        self._names = names
        self._known = known

    def beginning(self, run: str, russian: str) -> Beginning:
        """Return where the name of *russian* begins in *run*, which ends with it."""
        offset = max(0, len(run) - LONGEST)
        run = run[offset:]
        if len(run) <= 1:
            return Beginning(offset, 0.3)
        evidence = self._evidence(run, russian)
        # Of a name that says nothing to us (Узатом) it is not known whether it has a country in it.
        opaque = not evidence.spans and not is_abbreviation(russian)
        # What letters or an unknown name stand for may be long or short.
        vague = 2 if opaque or is_abbreviation(russian) else 1
        whole = not evidence.unexplained
        best, score, explained = -99.0, 0, 0.0
        for place in range(max(1, len(run) - _SHORTEST + 1)):
            if not re.match(rf"[{HAN}\w“《]", run[place]):
                continue
            share = _explained(evidence, place)
            value = (
                share
                + _cue(run, place, russian)
                - _misfit(evidence.covered[place:].count(False), evidence.unexplained) / vague
                - 0.3 * _cues_inside(run, place, evidence.covered)
                - (0.4 if _is_common(run[place:]) else 0.0)
                + (_foreign_country(run, place, evidence.covered) * (0.2 if opaque else -0.3))
                - _no_cue(run, place, russian, evidence.covered[place])
                - (0.3 if _splits(run, place) or _opens_clause(run, place) else 0.0)
                + (0.3 if whole and share == 1 and all(evidence.covered[place:]) else 0.0)
                + (0.15 if evidence.covered[place] else 0.0)
            )
            if value > best + 1e-9:
                best, score, explained = value, place, share
        sure = 0.35 + 0.4 * explained + (0.25 if _cue(run, score, russian) >= 0.4 else 0.0)
        return Beginning(offset + score, round(min(1.0, sure), 2))

    def quote_start(self, before: str, russian: str) -> int:
        """Return how many characters before a quotation belong to the name in front of it."""
        run = before[-12:]
        if not run or not content_words(russian):
            return 0
        covered = self._evidence(run, russian).covered
        taken = 0
        while taken < len(run) and covered[len(run) - 1 - taken]:
            taken += 1
        return taken

    def _evidence(self, run: str, russian: str) -> _Evidence:
        covered = [False] * len(run)
        spans: list[list[tuple[int, int]]] = []
        entries = list(self._known(russian))
        unexplained = 0.0
        in_entries = {word for part, _ in entries for word in content_words(part)}
        for part, forms in entries:
            found = [span for form in forms for span in _places(run, form)]
            spans.extend(found for _ in content_words(part))
        lists = words()
        for word in content_words(russian):
            parts = [
                [span for form in forms for span in _places(run, form)]
                for forms in lists.chinese_for(word)
            ]
            proper = word[0].isupper() or word == russian
            if not any(parts) and word not in in_entries and proper:
                parts = [self._sounding(run, word)]
            if not any(parts) and not (word in in_entries and any(spans)):
                unexplained += _expected_length(word)
            spans += parts
        spans += [_places(run, country) for country in self._countries(russian)]
        spans += [_places(run, number) for number in re.findall(r"\d+", russian)]
        for found in spans:
            for start, end in found:
                covered[start:end] = [True] * (end - start)
        for word in _NEUTRAL:
            for start, end in _places(run, word):
                if end < len(run) and covered[end]:
                    covered[start:end] = [True] * (end - start)
        if unexplained and not any(spans) and russian.lstrip('«"')[:1].isupper():
            unexplained = max(unexplained, _OPAQUE)
        return _Evidence(covered, [found for found in spans if found], unexplained)

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
        for stem in sorted(stems, key=len, reverse=True):
            if len(stem) < 3:
                continue
            found = _sounds(run, self._names.spelt(stem))
            if found:
                return found
        return []


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


def _explained(evidence: _Evidence, place: int) -> float:
    """Return the share of explained Russian words whose Chinese stands wholly after *place*."""
    if not evidence.spans:
        return 0.0
    after = sum(any(start >= place for start, _ in found) for found in evidence.spans)
    return after / len(evidence.spans)


def _expected_length(word: str) -> float:
    """Return how many characters Chinese takes for a Russian word, on the average."""
    if is_abbreviation(word):
        return 2.1 * len(word)
    return 1.5 if len(word) < 5 else 2.0 if len(word) < 12 else 2.5


def _misfit(uncovered: int, unexplained: float) -> float:
    """Return what the difference costs between the characters nothing explains and those due."""
    over = uncovered - unexplained
    return min(0.9, 0.08 * over if over > 0 else -0.04 * over)


def _is_common(chinese: str) -> bool:
    """Tell whether *chinese* is but a common noun, such as 委员会."""
    return any(chinese in ends for ends in words().ends.values())


def _cue(run: str, place: int, russian: str) -> float:
    """Return how much what stands before *place* speaks for a beginning there."""
    before = run[:place]
    return next((worth for holds, worth in _CUES if holds(before, run, russian)), 0.0)


def _no_cue(run: str, place: int, russian: str, covered: bool) -> float:
    """Return what it costs that nothing before *place* speaks for a beginning."""
    if _cue(run, place, russian):
        return 0.0
    return 0.1 if covered else 0.3


def _opening(before: str) -> bool:
    lists = words()
    return before in lists.weak or before in lists.strong or before in lists.verbs


def _ends_a_phrase(before: str) -> bool:
    """Tell whether *before* ends with a verb or a title (of one character: for people's names)."""
    return before.endswith(words().verbs) or after_title(before, least=2)


def _strong(before: str) -> bool:
    lists = words()
    return before.endswith(lists.strong) and not before.endswith(lists.inside)


def _and(before: str, several: bool) -> bool:
    """Tell whether *before* ends with 和 or the like, as it does between two names."""
    if not before.endswith(words().weak):
        return False
    ends = words().ends
    other = before[:-1].endswith((*ends["org"], *ends["media"]))  # one body and another
    return other or not several


def _several(russian: str) -> bool:
    """Tell whether a name may have 和 inside."""
    return is_abbreviation(russian) or " и " in russian


# What may stand before a beginning, and what it is worth; the first that holds counts.
_CUES: tuple[tuple[Callable[[str, str, str], bool], float], ...] = (
    (lambda before, _run, _russian: not before, 0.55),
    (lambda before, _run, _russian: _opening(before), 0.6),
    (lambda before, _run, _russian: _COUNTED.search(before) is not None, 0.6),
    (lambda before, _run, _russian: _ends_a_phrase(before), 0.45),
    (lambda before, _run, russian: _and(before, _several(russian)), 0.48),
    (lambda before, _run, _russian: before.endswith(words().weak), 0.15),
    (lambda before, _run, _russian: _strong(before), 0.42),
    (lambda before, _run, _russian: _DATE.search(before) is not None, 0.42),
    (
        lambda before, run, russian: (
            before in words().countries
            and _after_country(run, len(before))
            and _BRAND.search(russian) is None
        ),
        0.55,
    ),
    (lambda before, run, _russian: _after_country(run, len(before)), 0.25),
)


def _after_country(run: str, place: int) -> bool:
    """Tell whether a whole country name stands before *place* (not 俄 of 俄罗斯)."""
    return any(run.endswith(zh, 0, place) for zh in words().countries) and not _splits(run, place)


def _opens_clause(run: str, place: int) -> bool:
    """Tell whether a small word such as 据 or 由 would begin the name."""
    small = run[place] in _SMALL and run[place : place + 2] not in words().whole
    return small or run.startswith(("以及", "按照", "根据", "随着"), place)


def _splits(run: str, place: int) -> bool:
    """Tell whether *place* is inside a word that names do not begin in."""
    lists = words()
    if run[place - 1 : place].isdigit() and run[place].isdigit():
        return True
    for length in range(2, 8):
        for start in range(max(0, place - length + 1), place):
            if run[start : start + length] in lists.whole and start + length > place:
                return True
    return False


def _foreign_country(run: str, place: int, covered: list[bool]) -> bool:
    """Tell whether a name would begin with a country that the Russian does not name."""
    return not covered[place] and any(run.startswith(zh, place) for zh in words().countries)


def _is_preposition(run: str, place: int) -> bool:
    """Tell whether 由 or the like stands for itself (not 自由)."""
    around = {run[max(0, place - 1) : place + 1], run[place : place + 2]}
    return run[place] in "由被把让" and around.isdisjoint(words().whole)


def _cues_inside(run: str, place: int, covered: list[bool]) -> int:
    """Count words inside a name that stand between names rather than in one."""
    lists = words()
    aspect = run[place:].count("了")  # never inside a name
    small = ("的", "了", "着", "在", "据", "是", *lists.verbs, *lists.phrases)
    return aspect + sum(
        not covered[n] and (run.startswith(small, n) or _is_preposition(run, n))
        for n in range(place, len(run) - 1)
    )
