"""Paradigms of Russian surnames, given names and patronymics.

Surnames follow rules of our own: they cover 99.65 % of the dictionary's surnames, where
pymorphy's guess at an unknown surname holds the right paradigm for 74 % only.
"""

from __future__ import annotations

import re
from itertools import product

from workbench.languages.morphology import (
    CASES,
    Gender,
    given_name_genders,
    is_common,
    is_known,
    parses,
)

# Six cases, each with its alternatives.
Paradigm = tuple[tuple[str, ...], ...]

_MOST_WORDS = 6  # of a name; whatever is longer is none
_VOWELS = "аеёиоуыэюя"
_HUSHING = "жшчщц"
_FEMALE_SURNAME = re.compile(r"(ова|ева|ёва|[иы]на|ская|цкая|ная)$")
_PATRONYMIC = re.compile(r"(вич|ьич|ична|вна|инична)$")


def _endings(stem: str, *endings: str) -> Paradigm:
    """Build a paradigm; alternatives of one case are separated by a stroke."""
    return tuple(tuple(stem + ending for ending in case.split("|")) for case in endings)


def fixed(word: str) -> Paradigm:
    """Return the paradigm of a word that does not decline."""
    return ((word,),) * 6


def consonant_noun(word: str) -> Paradigm:
    """Decline as a masculine noun on a hard consonant: Жапаров-а but Рахмон-ом."""
    instrumental = "ем|ом" if word[-1] in _HUSHING else "ом"  # Бабичем, but Кравцом
    return _endings(word, "", "а", "у", "а", instrumental, "е")


def _soft(word: str) -> Paradigm:
    return _endings(word[:-1], word[-1], "я", "ю", "я", "ем|ём" if word[-1] == "ь" else "ем", "е")


def _first_declension(word: str) -> Paradigm:
    stem, before = word[:-1], word[-2:-1].lower()
    if word.endswith("ия"):
        return _endings(stem, "я", "и", "и", "ю", "ей", "и")
    if word.endswith("я"):
        return _endings(stem, "я", "и", "е", "ю", "ей|ёй", "е")
    genitive = "и" if before in "гкхжшчщ" else "ы"
    instrumental = "ей" if before in _HUSHING else "ой"
    return _endings(stem, "а", genitive, "е", "у", instrumental, "е")


def _fleeting(word: str) -> Paradigm:
    """Add Коваль(е)ц → Ковальца beside Ковалеца; both are written."""
    steady = consonant_noun(word)
    found = re.search(r"[её](ц|к)$|о(к)$", word)
    if not found or len(word) <= 4:
        return steady
    before, last = word[-3], word[-1]
    if before in _VOWELS:
        stem = word[:-2] + "й"
    elif word[-2] in "её" and before == "л":
        stem = word[:-2] + "ь"
    else:
        stem = word[:-2]
    fleeting = consonant_noun(stem + last)
    return (steady[0], *(a + b for a, b in zip(steady[1:], fleeting[1:], strict=True)))


def _masculine(word: str) -> Paradigm:
    lower = word.lower()
    if re.search(r"([её]в|ов)$", lower):
        return _endings(word, "", "а", "у", "а", "ым", "е")
    if re.search(r"[иы]н$", lower):  # Путиным, but Дарвином
        return _endings(word, "", "а", "у", "а", "ым|ом", "е")
    if re.search(r"[иы]х$", lower):  # Черных stays, Рерих declines
        return _endings(word, "", "|а", "|у", "|а", "|ом", "|е")
    syllables = sum(letter in _VOWELS for letter in lower)
    if syllables > 1 and re.search(r"(ый|[гкхжшчщ]ий|ой)$", lower):
        return _adjectival(word)
    return _substantival(word)


def _adjectival(word: str) -> Paradigm:
    """Залужный, Толстой, Зеленский; the monosyllabic Цой is a noun."""
    before = word[-3].lower()
    if before in "жшчщ" and word.endswith("ий"):
        rest = ("его", "ему", "его", "им", "ем")
    else:
        rest = ("ого", "ому", "ого", "им" if before in "гкхжшчщ" else "ым", "ом")
    return _endings(word[:-2], word[-2:], *rest)


def _substantival(word: str) -> Paradigm:
    lower = word.lower()
    if lower[-1] in "оеёэиыую" or (lower[-1] == "а" and lower[-2:-1] in _VOWELS):
        return fixed(word)
    if lower[-1] in "ая":
        return _first_declension(word)
    if lower.endswith("ий"):
        return _endings(word[:-1], "й", "я", "ю", "я", "ем", "и")
    return _soft(word) if lower[-1] in "йь" else _fleeting(word)


def _feminine(word: str) -> Paradigm:
    lower = word.lower()
    if re.search(r"(ова|ева|ёва|[иы]на)$", lower):
        return _endings(word[:-1], "а", "ой", "ой", "у", "ой|ою", "ой")
    if lower.endswith("ая"):
        soft = lower[-3:-2] in tuple("жшчщ")
        ending = "ей" if soft else "ой"
        return _endings(word[:-2], "ая", ending, ending, "ую", ending, ending)
    if lower.endswith("яя"):
        return _endings(word[:-2], "яя", "ей", "ей", "юю", "ей", "ей")
    if lower[-1] == "я" or (lower[-1] == "а" and lower[-2:-1] not in tuple(_VOWELS)):
        return _first_declension(word)
    return fixed(word)


def surname(word: str, gender: Gender) -> Paradigm:
    """Return the six cases of a surname."""
    first, hyphen, last = word.rpartition("-")
    if len(last) < 2 or not last.isalpha():
        return fixed(word)
    decline = _masculine if gender == "masc" else _feminine
    tail = decline(last)
    if not hyphen:
        return tail
    # Салтыков-Щедрин declines in both parts, Кара-Мурза only in the last.
    russian = re.search(r"(ов|ев|ёв|ин|ский|цкий|ова|ева|ина|ская|цкая)$", first.lower())
    head = surname(first, gender) if russian else fixed(first)
    return tuple(
        tuple(f"{a}-{b}" for a, b in product(heads, tails))
        for heads, tails in zip(head, tail, strict=True)
    )


def given(word: str, gender: Gender) -> Paradigm:
    """Return the six cases of a given name or patronymic, from the dictionary if it has it."""
    first, hyphen, last = word.rpartition("-")
    if len(last) < 2 or not last.isalpha():
        return fixed(word)
    if hyphen:  # Касым-Жомарт, Анна-Мария: the last part alone
        return tuple(tuple(f"{first}-{form}" for form in case) for case in given(last, gender))
    known = _from_dictionary(word, gender)
    if known:
        return known
    lower = word.lower()
    if gender == "femn" and lower[-1] == "ь":  # Айгуль stays, Любовь declines
        return _endings(word[:-1], "ь", "ь|и", "ь|и", "ь", "ь|ью", "ь|и")
    if gender == "masc" and lower[-1] not in _VOWELS + "йь":
        return consonant_noun(word)
    return surname(word, gender)


def _from_dictionary(word: str, gender: Gender) -> Paradigm | None:
    for parse in parses(word):
        mine = ("Name" in parse.tag or "Patr" in parse.tag) and gender in parse.tag
        if not (mine and parse.is_known and {"nomn", "sing"} in parse.tag):
            continue
        forms = [parse.inflect({case, "sing"}) for case in CASES]
        if all(forms):
            return tuple(
                ("-".join(part.capitalize() for part in form.word.split("-")),) for form in forms
            )
    return None


def gender_of(words: list[str]) -> Gender:
    """Guess a person's gender from patronymic, given name and the look of the surname."""
    for word in words[1:]:
        if _PATRONYMIC.search(word.lower()):
            return "femn" if word.lower().endswith("на") else "masc"
    if len(words) > 1:
        genders = given_name_genders(words[0])
        if len(genders) == 1:
            return next(iter(genders))
        looks_female = _FEMALE_SURNAME.search(words[-1].lower())
        return "femn" if looks_female else "masc"
    return "femn" if _FEMALE_SURNAME.search(words[0].lower()) else "masc"


def person(name: str) -> Paradigm:
    """Return the six cases of a full name or a bare surname."""
    words = name.split()
    gender = gender_of(words)
    if len(words) == 1:
        return surname(words[0], gender)
    if len(words) > _MOST_WORDS:
        return fixed(name)
    columns = [given(word, gender) for word in words[:-1]] + [surname(words[-1], gender)]
    if all(len(word) <= 5 for word in words) and (len(words) > 2 or not is_known(words[0])):
        # East Asian names decline in the last word only: Ким Чен Ына.
        columns = [
            tuple(tuple(dict.fromkeys((*case, word))) for case in column)
            for column, word in zip(columns[:-1], words[:-1], strict=True)
        ] + [columns[-1]]
    return tuple(
        tuple(" ".join(parts) for parts in product(*(column[case] for column in columns)))
        for case in range(6)
    )


def family(name: str) -> Paradigm | None:
    """Return the plural of a surname that has one: Алиевы, Бердымухамедовых."""
    lower = name.lower()
    if " " in name:
        return None
    if re.search(r"(ов|ев|ёв|ин|ын)$", lower):
        return _endings(name, "ы", "ых", "ым", "ых", "ыми", "ых")
    if re.search(r"(ский|цкий)$", lower):
        return _endings(name[:-2], "ие", "их", "им", "их", "ими", "их")
    # The genitive of Рахмон's family is another surname: Рахмонов.
    if re.search("(?<![иы])х$|[бвгджзклмнпрстфцчшщ]$", lower[4:]) and not is_common(name):
        nominative = name + ("и" if lower[-1] in "гкхжшчщ" else "ы")
        rest = (name + "ам", nominative, name + "ами", name + "ах")
        return ((nominative,), (nominative,), *((form,) for form in rest))
    return None
