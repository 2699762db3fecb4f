"""Faults of a pair that a person should look at; nothing is corrected without one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from workbench.services.harvest.names import DOTS, Names, is_surname, name_words

if TYPE_CHECKING:
    from workbench.services.harvest.pairs import Pair

SAME_ADDRESS = "same-address"  # two titles, one address
TWO_FORMS = "two-forms"  # one Russian name, two Chinese ones (or the reverse) in one issue
MISSPELT = "misspelt"  # the Russian is no nominative, or nearly the name of an entry
FAMILY_FIRST = "family-first"  # the family name stands first on one side or on both
HOMOGLYPH = "homoglyph"  # Latin letters within a Cyrillic word
CAPITALS = "capitals"  # a title wholly in capitals

_MIXED = re.compile(r"[А-Яа-яЁё][A-Za-z]|[A-Za-z][А-Яа-яЁё]")
# Endings that given names do not have (unlike -ин: Марцин).
_SURNAME_ONLY = re.compile(r"\w{2,}(?:[оеё]ва?|ски[йх]|ская|цк(?:ий|ая)|енко|швили|дзе)")
_WOMANS = re.compile(r"\w+(?:[оеё]ва|ина|ына)")
_WOMANS_CHINESE = re.compile(r"[娃娜娅莎]$")

Known = Callable[[str], Iterable[tuple[str, tuple[str, ...]]]]


def own_flags(
    ru: str,
    zh: str,
    type: str,  # noqa: A002 - the word of the trade
    known: Known,
    names: Names,
) -> tuple[str, ...]:
    """Return the flags that a pair has by itself."""
    found = []
    if any(_MIXED.search(word) for word in ru.split()):
        found.append(HOMOGLYPH)
    if type == "title" and ru.upper() == ru and any(c.isalpha() for c in ru):
        found.append(CAPITALS)
    if type == "person":
        words = name_words(ru)
        if _family_first(words, zh, names):
            found.append(FAMILY_FIRST)
        if _oblique(words, zh):
            found.append(MISSPELT)
    if MISSPELT not in found and type != "title" and _nearly(ru, zh, known):
        found.append(MISSPELT)
    return tuple(found)


def _family_first(words: list[str], zh: str, names: Names) -> bool:
    """Tell whether the family name stands first in Russian; Chinese has the given name first."""
    parts = re.split(f"[{DOTS}]", zh)
    if len(words) != 2 or len(parts) != 2 or words[0].endswith("."):
        return False
    straight, crossed = (
        names.likeness(parts[0], one) + names.likeness(parts[1], other)
        for one, other in (words, reversed(words))
    )
    if crossed > straight:
        return True
    return _SURNAME_ONLY.fullmatch(words[0].lower()) is not None and not is_surname(words[1])


def _oblique(words: list[str], zh: str) -> bool:
    """Tell whether a man's surname stands in another case than the nominative."""
    last = re.split(f"[{DOTS}]", zh)[-1]
    surname = next((word for word in reversed(words) if is_surname(word)), "")
    if not surname:
        return False
    return (
        bool(_WOMANS.fullmatch(surname.lower()))
        and not _WOMANS_CHINESE.search(zh)
        and (last.endswith(("夫", "京", "宁", "金", "林", "平")))
    )


def _nearly(ru: str, zh: str, known: Known) -> bool:
    """Tell whether an entry found in *ru* has this Chinese under another, similar spelling."""
    return any(
        zh in forms and part != ru and Levenshtein.distance(part, ru) <= 2 < len(ru)
        for part, forms in known(ru)
    )


def flagged(pairs: tuple[Pair, ...], known: Known) -> tuple[Pair, ...]:
    """Add the flags that pairs have beside one another."""
    addresses: dict[str, int] = defaultdict(int)
    chinese: dict[str, set[str]] = defaultdict(set)
    russian: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        if pair.url:
            addresses[pair.url] += 1
        chinese[_folded(pair.ru)].add(pair.zh)
        if pair.type == "person":
            russian[pair.zh].add(_folded(pair.ru))
    found = []
    for pair in pairs:
        flags = list(pair.flags)
        if pair.url and addresses[pair.url] > 1:
            flags.append(SAME_ADDRESS)
        forms = chinese[_folded(pair.ru)]
        one_entry = any(forms <= set(accepted) for _, accepted in known(pair.ru))
        if (len(forms) > 1 and not one_entry) or len(russian[pair.zh]) > 1:
            flags.append(TWO_FORMS)
        found.append(replace(pair, flags=tuple(flags)))
    return tuple(found)


def _folded(text: str) -> str:
    return " ".join(text.lower().replace("ё", "е").split())
