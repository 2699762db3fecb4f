"""Russian personal names in Chinese characters: the likeliest spellings, each with its syllables.

The syllables come from the table of the Xinhua agency (transcription_table.toml). Where usage
knows two characters for one sound both are tried, at a cost; a beam over the places of the word
keeps the cheapest spellings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from workbench.languages.russian import normalise
from workbench.languages.transcription_steps import VOWELS, steps
from workbench.languages.transcription_table import table

NameKind = Literal["given", "surname", "patronymic"]
NameGender = Literal["m", "f", ""]

LONGEST = 60  # letters of one word; whatever is longer is no name
ELSEWHERE = "through another language"

_BEAM = 12
_WOMANS = re.compile(r"(ов|ев|ёв|[иы]н)а$")
_WOMANS_SURNAME = re.compile(r"((ов|ев|ёв|[иы]н)а|(ск|цк|н)ая)$")
_ONE_NAME = re.compile(r"-(заде|зода|оглы|кызы|улы|бек|бай|хан)$")  # Раси-заде 拉西扎德
_PLAIN_LIN = 0.8  # Гулина 古林娜 instead of 古琳娜
_OPEN_NA = 1.0  # Латынина 拉特尼娜 instead of 拉特宁娜
_PIECES = re.compile(r"[-\u2010\u2011–]")


class Candidate(NamedTuple):
    """A Chinese spelling, the syllables it is made of («То-托 ка-卡 ев-耶夫»), and its cost."""

    zh: str
    trace: str
    cost: float


class _Path(NamedTuple):
    """A spelling under way: the syllables so far as (first letter, last letter, Chinese)."""

    cost: float
    zh: str
    pieces: tuple[tuple[int, int, str], ...]


def transcribe(
    name: str, kind: NameKind, gender: NameGender = "", limit: int = 5
) -> tuple[Candidate, ...]:
    """Return the spellings of one name in the nominative, likeliest first, at most *limit*.

    Names of several words are joined with a middle dot. Empty where a letter is not Cyrillic,
    or the name too long. Without a *gender* a surname's ending tells it.
    """
    words = normalise(name).split()
    if not words:
        return ()
    if kind == "surname" and not gender and _WOMANS_SURNAME.search(words[-1].lower()):
        gender = "f"
    return _joined([_word(word, kind, gender) for word in words], "·", limit)


def from_elsewhere(name: str) -> bool:
    """Tell whether one word of a name is Polish, English or the like: another table's."""
    lower, sheet = name.lower(), table()
    return lower in sheet.given_elsewhere or bool(sheet.elsewhere.search(lower))


def _joined(columns: list[tuple[Candidate, ...]], mark: str, limit: int) -> tuple[Candidate, ...]:
    """Combine the candidates of the parts, cheapest sums first."""
    if not all(columns):
        return ()
    found = [Candidate("", "", 0.0)]
    for number, column in enumerate(columns):
        sign = mark if number else ""
        dash = {"·": " · ", "-": " - "}.get(sign, " " if number else "")
        grown = [
            Candidate(a.zh + sign + b.zh, a.trace + dash + b.trace, round(a.cost + b.cost, 2))
            for a in found
            for b in column
        ]
        found = _cheapest(grown, max(limit, _BEAM))
    return tuple(found[:limit])


def _cheapest(candidates: list[Candidate], limit: int) -> list[Candidate]:
    """Return the cheapest of each spelling, in the order of cost."""
    seen: dict[str, Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: c.cost):
        seen.setdefault(candidate.zh, candidate)
    return list(seen.values())[:limit]


@lru_cache(maxsize=50_000)
def _word(word: str, kind: NameKind, gender: NameGender) -> tuple[Candidate, ...]:
    parts = [part for part in _PIECES.split(word) if part]
    if len(parts) > 1:
        # Касым-Жомарт 卡瑟姆若马尔特 is one name, Салтыков-Щедрин 萨尔蒂科夫-谢德林 are two.
        columns = [_word(part, kind, gender) for part in parts]
        one = kind != "surname" or _ONE_NAME.search(word.lower())
        both = [
            *_joined(columns, "" if one else "-", _BEAM),
            *(c._replace(cost=c.cost + 1.0) for c in _joined(columns, "-" if one else "", _BEAM)),
        ]
        return tuple(_cheapest(both, _BEAM))
    letters = parts[0].lower().translate(table().letters) if parts else ""
    if not letters or len(letters) > LONGEST or len(letters) != len(parts[0]):
        return ()
    if not re.fullmatch("[а-яёџ]+", letters):
        return ()
    spelling = _woman if gender == "f" else _plain
    found = [
        Candidate(zh, trace, round(cost + extra, 2))
        for text, extra in _spellings(letters)
        for zh, trace, cost in spelling(text, parts[0], kind)
        if zh
    ]
    best = _cheapest(found, _BEAM)
    if from_elsewhere(word):
        best = [c._replace(trace=f"{c.trace} ({ELSEWHERE})") for c in best]
    return tuple(best)


def _spellings(letters: str) -> Iterator[tuple[str, float]]:
    """Yield the word as written, and with ё where a printed е is one, with a cost."""
    yield letters, 0.0
    if "ё" in letters:
        return
    for pattern, cost in table().yo:
        changed = pattern.sub("ё", letters, count=1)
        if changed != letters:
            yield changed, cost


def _plain(letters: str, written: str, kind: NameKind) -> Iterator[Candidate]:
    for path in _paths(letters):
        yield _candidate(path, written)
        if kind == "given" and letters.endswith("ей") and path.zh.endswith("伊"):
            # Сергей 谢尔盖
            yield _candidate(_changed(path, path.pieces[-1][2][:-1]), written, -0.1)


def _woman(letters: str, written: str, kind: NameKind) -> Iterator[Candidate]:
    """Spell a woman's name: Захарова 扎哈罗娃, Путина 普京娜, Анна 安娜."""
    if kind == "surname" and (found := _WOMANS.search(letters)):
        ends_in_n = found.group(1).endswith("н")
        for path in _paths(letters[:-1]):
            last = path.pieces[-1][2]
            if not ends_in_n:
                yield _candidate(_changed(path, last[:-1] + "娃", len(letters)), written)
                continue
            softer = last.replace("林", "琳")
            yield _candidate(_changed(path, softer + "娜", len(letters)), written)
            if softer != last:
                yield _candidate(_changed(path, last + "娜", len(letters)), written, _PLAIN_LIN)
        if ends_in_n:
            yield from (
                _candidate(_changed(path, path.pieces[-1][2][:-1] + "娜"), written, _OPEN_NA)
                for path in _paths(letters)
                if path.zh.endswith("纳")
            )
        return
    changes = table()
    for path in _paths(letters):
        last = path.pieces[-1][2]
        zh = last[:-1] + changes.feminine_last.get(last[-1:], last[-1:])
        if kind == "surname" and not letters.endswith("ая"):
            zh = last
        yield _candidate(_changed(path, zh), written)


def _changed(path: _Path, last: str, end: int | None = None) -> _Path:
    start, stop, before = path.pieces[-1]
    pieces = (*path.pieces[:-1], (start, end or stop, last))
    return _Path(path.cost, path.zh.removesuffix(before) + last, pieces)


def _candidate(path: _Path, written: str, extra: float = 0.0) -> Candidate:
    trace = " ".join(f"{written[start:end]}-{zh}" for start, end, zh in path.pieces)
    return Candidate(path.zh, trace, path.cost + extra)


@lru_cache(maxsize=20_000)
def _paths(letters: str) -> tuple[_Path, ...]:
    """Return the cheapest ways through the word, a beam of places."""
    sheet = table()
    word = re.sub("(?<=[ео])г(?=о$)", "в", letters)  # Живаго stays, Благого is heard with в
    size = len(word)
    places: list[list[_Path]] = [[] for _ in range(size + 1)]
    places[0] = [_Path(0.0, "", ())]
    for at in range(size):
        ways = _distinct(places[at])
        if not ways:
            continue
        for end, zh, cost in steps(word, at, sheet):
            closing = at > 0 and not any(letter in VOWELS for letter in word[at:end])
            for way in ways:
                pieces = _extended(way.pieces, at, end, zh, closing)
                places[end].append(_Path(way.cost + cost, way.zh + zh, pieces))
    return tuple(_distinct(places[size]))


def _extended(
    pieces: tuple[tuple[int, int, str], ...], at: int, end: int, zh: str, closing: bool
) -> tuple[tuple[int, int, str], ...]:
    """Add a syllable; a consonant without a vowel closes the one before: ев-耶夫."""
    if closing and pieces:
        start, _, before = pieces[-1]
        return (*pieces[:-1], (start, end, before + zh))
    return (*pieces, (at, end, zh))


def _distinct(ways: list[_Path]) -> list[_Path]:
    seen: dict[str, _Path] = {}
    for way in sorted(ways, key=lambda way: way.cost):
        if way.zh not in seen:
            seen[way.zh] = way
            if len(seen) == _BEAM:
                break
    return list(seen.values())
