"""What each word of a Russian personal name is, in the order the Chinese form has."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice, product
from typing import NamedTuple

from workbench.languages.name_forms import gender_of
from workbench.languages.transcription import NameGender, NameKind

# Initials say nothing that could be spelled: К.-Ж. Токаев is 托卡耶夫.
_INITIALS = re.compile(r"(?:[А-ЯЁA-Z][а-яё]?\.[ -]?)+")
_PATRONYMIC = re.compile(r"(?:ич|[оеи]вна|ична|[оу]глы|[кқ][ыи]з[ыі]|[уұ]л[ыу]|уулу)$")
_PARTICLE = re.compile(r"(?:оглы|оглу|кызы|гызы|улы|уулу)$")
_WOMANS_SURNAME = re.compile(r"(?:(?:ов|ев|ёв|[иы]н)а|(?:ск|цк)ая)$")
_MOST_WORDS = 6
_MOST_YO = 4  # places in a word that are tried with ё
_MOST_SPELLINGS = 60


class NamePart(NamedTuple):
    """One word: what it is in the name, and the bearer's gender."""

    word: str
    kind: NameKind
    gender: NameGender


def spellings(name: str) -> list[str]:
    """Return a name as written and with ё for one е of each word: Горбачев, Горбачёв."""
    columns = []
    for word in name.split()[:_MOST_WORDS]:
        plain = word.replace("ё", "е").replace("Ё", "Е")
        places = [place for place, letter in enumerate(plain) if letter in "еЕ"]
        changed = [
            plain[:place] + ("ё" if plain[place] == "е" else "Ё") + plain[place + 1 :]
            for place in places[:_MOST_YO]
        ]
        columns.append(dict.fromkeys((word, plain, *changed)))
    return [" ".join(words) for words in islice(product(*columns), _MOST_SPELLINGS)]


def name_parts(name: str, gender: str, listed: Callable[[str], str]) -> list[NamePart]:
    """Cut a name in the nominative; *listed* tells a given name's gender (m, f, u or empty).

    Surname first (Иванов Иван Иванович) is turned round; initials are left out.
    """
    words = _INITIALS.sub(" ", name).split()
    if not words or len(words) > _MOST_WORDS:
        return []
    words = _turned(words, listed)
    bearer = _gender(words, gender, listed)
    alone = len(words) == 1 and listed(words[0])
    last: NameKind = "given" if alone else "surname"
    given: NameKind = "given"
    kinds = [*[given] * (len(words) - 1), last]
    for number in range(1, len(words) - 1):
        if _PATRONYMIC.search(words[number].lower()):
            kinds[number] = "patronymic"
    return [NamePart(word, kind, bearer) for word, kind in zip(words, kinds, strict=True)]


def _turned(words: list[str], listed: Callable[[str], str]) -> list[str]:
    """Put a surname that stands first at the end: Алиев Гейдар Алирза оглы."""
    if len(words) < 2 or listed(words[0]):
        return words
    last = words[-1].lower()
    if len(words) == 2:
        first = bool(listed(last))
    elif _PARTICLE.fullmatch(last):
        first = True
    else:
        first = bool(_PATRONYMIC.search(last)) and not _PATRONYMIC.search(words[-2].lower())
    return [*words[1:], words[0]] if first else words


def _gender(words: list[str], gender: str, listed: Callable[[str], str]) -> NameGender:
    if gender in ("m", "f"):
        return gender  # type: ignore[return-value]  # narrowed by the test
    own = listed(words[0])
    if own == "m":
        return "m"
    if own == "f":
        return "f"
    if _WOMANS_SURNAME.search(words[-1].lower()):
        return "f"  # the name is in the nominative: no man's genitive looks so here
    return "f" if gender_of(words) == "femn" else "m"
