"""Every case form of a glossary entry, made when it is saved and kept with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, product
from typing import Any

from workbench.domain.term import Form, TermType
from workbench.languages import name_forms
from workbench.languages.morphology import CASES, is_known, parses, recased
from workbench.languages.name_forms import Paradigm

# Raised when the rules change: the forms of the shipped glossary are then made anew.
VERSION = 6

_SHORT = {"nomn": "nom", "gent": "gen", "datv": "dat", "accs": "acc", "ablt": "ins", "loct": "loc"}
_ACRONYM = re.compile(r"^[А-ЯЁA-Z][А-ЯЁA-Z0-9+\-]+$")
_SPOKEN_ACRONYM = re.compile(r"^[А-Я]*[АЕИОУЫЭЮЯ][БВГДЖЗКЛМНПРСТФХЦЧШЩ]{1,2}$")
_CYRILLIC = re.compile(r"^[А-Яа-яЁё-]+$")
_QUOTED = re.compile(r"[^«»]*«[^«»\s][^«»]*[^«»\s]»[^«»]*$")
# Declines in its first part: Гвинея-Бисау, Ростов-на-Дону.
_COMPOUND = re.compile(r"([А-ЯЁ][а-яё]+)(-на-[А-ЯЁ][а-яё]+|-[А-ЯЁ][а-яё]*[оуеиэю])$")
_HYPHENATED = re.compile(r"[А-ЯЁ][а-яё]+-[А-ЯЁ][а-яё]+$")
_NUMBERED = re.compile(r"([А-ЯЁ][А-Яа-яё -]*[а-яё]{2})(-\d+)$")  # Сахалин-2, but no Су-57
_SLAVIC = re.compile(r"[А-ЯЁ][а-яё]{2,}(?:[ое]в|[иы]н)о$")
_PARTS = re.compile(r"[\w+]+(?:[-'’][\w+]+)*|\s+|[^\w\s]")
_ADJECTIVES = ("ADJF", "PRTF")
_MOST_FORMS = 400  # a phrase of many alternatives is cut here rather than exploding


@lru_cache(maxsize=20_000)
def is_acronym(text: str) -> bool:
    """Tell whether *text* is written in capitals only: МИД, ОПЕК+."""
    return bool(_ACRONYM.match(text))


def forms(source: str, kind: TermType) -> tuple[Form, ...]:
    """Return the surface forms of an entry, the nominative first, each text once."""
    source = " ".join(source.split())
    singular, plural = _paradigms(source, kind)
    cases: dict[str, list[str]] = {source: ["nom"]}
    for case, texts in zip(CASES, singular, strict=True):
        for text in texts:
            cases.setdefault(text, []).append(_SHORT[case])
    plurals: dict[str, list[str]] = {}
    if plural:
        for case, texts in zip(CASES, plural, strict=True):
            for text in texts:
                if text not in cases:
                    plurals.setdefault(text, []).append(_SHORT[case])
    named = [Form(text, _label(found)) for text, found in cases.items()]
    named += [Form(text, ("pl " + _label(found))[:16].rstrip()) for text, found in plurals.items()]
    return tuple(named[:_MOST_FORMS])


def _label(cases: Iterable[str]) -> str:
    """Name the cases of one form; one that serves nearly all is called so."""
    unique = list(dict.fromkeys(cases))
    return "all" if len(unique) > 4 else " ".join(unique)


def _paradigms(source: str, kind: TermType) -> tuple[Paradigm, Paradigm | None]:
    """Return the singular (or only) paradigm of an entry and its plural, if it has one."""
    if is_acronym(source):
        return _acronym(source), _acronyms(source)
    if kind == "person" and _CYRILLIC.match(source.replace(" ", "")):
        return name_forms.person(source), name_forms.family(source)
    if source.endswith("ъ"):  # Коммерсантъ drops the sign when it declines
        return _merge(_phrase(source[:-1], kind), name_forms.fixed(source)), None
    if _QUOTED.match(source):
        return _quoted(source, kind), None
    if kind == "place" or _NUMBERED.match(source):
        return _place(source, kind), None
    # Of names only weapons and the like have a plural: залп «Ураганов».
    several = source[:1].islower() or (kind == "term" and " " not in source)
    plural = kind in ("term", "document") and several
    return _phrase(source, kind), _phrase(source, kind, plural=True) if plural else None


def _place(source: str, kind: TermType = "place") -> Paradigm:
    """Decline the part of a compound that declines: Гвинея-Бисау, Сахалин-2."""
    numbered = _NUMBERED.match(source)
    if numbered and len(numbered.group(1)) > 3:
        front, number = numbered.groups()
        cases = _place(front) if kind == "place" else _phrase(front, kind)
        declined = tuple(tuple(form + number for form in case) for case in cases)
        return _merge(declined, name_forms.fixed(source))
    compound = _COMPOUND.match(source)
    if compound:
        return tuple(
            tuple(form + compound.group(2) for form in case)
            for case in _phrase(compound.group(1), "place")
        )
    if _HYPHENATED.match(source):  # Джалал-Абад: the dictionary would decline both parts
        first, _, last = source.partition("-")
        tails = tuple(tuple(f"{first}-{form}" for form in case) for case in _phrase(last, "place"))
        return _merge(_phrase(source, "place"), tails)
    if _SLAVIC.match(source):  # Сараево declines, whatever the dictionary says
        endings = ("о", "а", "у", "о", "ом", "е")
        return _merge(
            _phrase(source, "place"), tuple((source[:-1] + ending,) for ending in endings)
        )
    front, dash, last = source.rpartition(" — ")
    return tuple(tuple(front + dash + form for form in case) for case in _phrase(last, "place"))


def _acronym(source: str) -> Paradigm:
    """МИД, МИДа, МИДе: those read as a word take endings in small letters."""
    if _spoken(source):
        endings = ("", "|а", "|у", "", "|ом", "|е")
        return tuple(tuple(source + ending for ending in case.split("|")) for case in endings)
    return name_forms.fixed(source)


def _acronyms(source: str) -> Paradigm | None:
    """Главы МИДов, в ЦИКах."""
    if not _spoken(source):
        return None
    endings = ("ы", "ов", "ам", "ы", "ами", "ах")
    return tuple((source + ending,) for ending in endings)


def _spoken(acronym: str) -> bool:
    return len(acronym) >= 3 and bool(_SPOKEN_ACRONYM.match(acronym))


def _quoted(source: str, kind: TermType) -> Paradigm:
    """ЧВК «Вагнер»: the quoted name as it stands, declined, and without its quotes."""
    head, _, rest = source.partition("«")
    name, _, tail = rest.partition("»")
    outer = _phrase(head.strip(), kind) if head.strip() else name_forms.fixed("")
    inner = _phrase(name, "org")
    out = []
    for case in range(6):
        names = tuple(dict.fromkeys((name, inner[case][0], inner[1][0])))
        shapes = [f"«{text}»" for text in names] + list(names)
        out.append(
            tuple(f"{h} {n}{tail}".strip() for h, n in product(outer[case], shapes))
            if tail or head
            else tuple(shapes)
        )
    return tuple(out)


def _merge(first: Paradigm, second: Paradigm) -> Paradigm:
    return tuple(tuple(dict.fromkeys(a + b)) for a, b in zip(first, second, strict=True))


# -- noun phrases -----------------------------------------------------------------------


def _phrase(source: str, kind: TermType, plural: bool = False) -> Paradigm:
    """Decline the agreeing words before the head noun and the head; the rest stands still."""
    parts = _PARTS.findall(source)
    words = [n for n, part in enumerate(parts) if part[0].isalnum()]
    head = _head(parts, words)
    if head is None:
        return name_forms.fixed(source)
    reading = None
    if is_known(parts[head].split("-")[-1]) or parts[head].islower():
        # The dictionary's guess at a common noun it lacks goes by its parts: крипто-валюта.
        reading = _reading(parts, words, head, kind)
    if reading is not None:
        columns = _agreeing(parts, words, head, reading, plural)
    elif is_known(parts[head].split("-")[-1]):
        return name_forms.fixed(source)
    else:
        columns = {head: _unknown_noun(parts[head], plural)}
    choices = [
        product(*(columns[n][case] if n in columns else (part,) for n, part in enumerate(parts)))
        for case in range(6)
    ]
    cases = [tuple(map("".join, islice(choice, _MOST_FORMS))) for choice in choices]
    if plural and reading is not None:
        cases[1] += _counted(parts, columns, head, reading)
    return tuple(cases)


def _counted(
    parts: list[str], columns: dict[int, Paradigm], head: int, reading: Any
) -> tuple[str, ...]:
    """Return what stands behind two to four: «стратегических бомбардировщика»."""
    noun = _inflected(reading, frozenset({"gent", "sing"}))
    if noun is None or not any(n < head for n in columns):
        return ()
    here = {n: column[1] for n, column in columns.items()} | {
        head: (recased(noun.word, parts[head]),)
    }
    choice = product(*(here.get(n, (part,)) for n, part in enumerate(parts)))
    return tuple(map("".join, islice(choice, _MOST_FORMS)))


def _nominative(word: str, *classes: str) -> list[Any]:
    return [p for p in parses(word) if p.tag.POS in classes and "nomn" in p.tag]


def _head(parts: list[str], words: list[int]) -> int | None:
    """Return the place of the noun that the phrase declines by."""
    for at, n in enumerate(words):
        word = parts[n]
        following = parts[words[at + 1]] if at + 1 < len(words) else ""
        if not _CYRILLIC.match(word) or is_acronym(word):
            return None  # РИА Новости, ИА REX: nothing declines
        if parses(word)[0].tag.POS in ("PREP", "CONJ") and at == 0:
            return None  # «За заслуги перед Отечеством»
        if following and _agrees(word, following):
            continue
        foreign = not (is_known(word.split("-")[-1]) and _nominative(word, "NOUN"))
        if foreign and following[:1].isupper():
            continue  # Олий Мажлис, Жогорку Кенеш: the last word alone
        return n
    return None


def _agrees(word: str, following: str) -> bool:
    """Tell whether *word* is an adjective of the noun or adjective after it."""
    for own in _nominative(word, *_ADJECTIVES):
        for next_ in _nominative(following, "NOUN", *_ADJECTIVES):
            if own.tag.number == next_.tag.number and (
                own.tag.number == "plur" or own.tag.gender == next_.tag.gender
            ):
                return True
    return False


def _reading(parts: list[str], words: list[int], head: int, kind: TermType) -> Any:
    """Choose the reading of the head noun that fits the adjectives before it and the type."""
    word = parts[head]
    readings = _nominative(word, "NOUN") or _nominative(word, *_ADJECTIVES, "NPRO", "NUMR")
    if kind == "place":
        readings.sort(key=lambda p: "Geox" not in p.tag)
    before = [n for n in words if n < head and _nominative(parts[n], *_ADJECTIVES)]
    if not before:
        return readings[0] if readings else None
    adjectives = _nominative(parts[before[-1]], *_ADJECTIVES)
    for reading in readings:
        for adjective in adjectives:
            if adjective.tag.number == reading.tag.number and (
                reading.tag.number == "plur" or adjective.tag.gender == reading.tag.gender
            ):
                return reading
    return None


def _agreeing(
    parts: list[str], words: list[int], head: int, reading: Any, plural: bool
) -> dict[int, Paradigm]:
    """Return the paradigms of the words that decline, by their place."""
    number = "plur" if plural else (reading.tag.number or "sing")
    columns = {head: _noun(parts[head], reading, number)}
    for n in words:
        if n < head and (adjectives := _matching(parts[n], reading)):
            columns[n] = _adjective(parts[n], adjectives, reading, number)
    at = words.index(head)
    after = words[at + 1 : at + 3]
    if len(after) == 1 and (adjectives := _matching(parts[after[0]], reading)):
        # «на острове Змеином» and «на острове Змеиный» are both written.
        word = parts[after[0]]
        columns[after[0]] = _merge(
            _adjective(word, adjectives, reading, number), name_forms.fixed(word)
        )
    elif len(after) == 2 and len(words) == at + 3 and parts[after[0]] == "и":
        second = _nominative(parts[after[1]], "NOUN")
        if second:  # Аргументы и факты
            columns[after[1]] = _noun(parts[after[1]], second[0], second[0].tag.number)
    return columns


def _matching(word: str, noun: Any) -> list[Any]:
    """Return the readings of *word* as an adjective of *noun*."""
    return [
        p
        for p in _nominative(word, *_ADJECTIVES)
        if p.tag.number == noun.tag.number
        and (noun.tag.number == "plur" or p.tag.gender == noun.tag.gender)
    ]


def _noun(word: str, reading: Any, number: str) -> Paradigm:
    out = []
    for case in CASES:
        found = _inflected(reading, frozenset({case, number}))
        texts = [recased(found.word, word)] if found else [word]
        if case == "loct" and number == "sing":
            second = _inflected(reading, frozenset({"loc2"}))  # в Крыму
            if second:
                texts.append(recased(second.word, word))
        if case == "ablt" and number == "sing" and word[0].isupper() and word[-1] in "жшчщц":
            texts.append(word + "ом")  # Балхашом
        if case == "nomn":
            texts.insert(0, word) if number == reading.tag.number else None
        out.append(tuple(dict.fromkeys(texts)))
    return tuple(out)


def _adjective(word: str, readings: list[Any], noun: Any, number: str) -> Paradigm:
    """Decline by every fitting reading: «большая» is of «большой» and of «больший»."""
    out = []
    for case in CASES:
        wanted = {case, number}
        if number == "sing" and noun.tag.gender:
            wanted.add(noun.tag.gender)
        if case == "accs" and (number == "plur" or noun.tag.gender == "masc"):
            wanted.add("anim" if "anim" in noun.tag else "inan")
        exact, rough = frozenset(wanted), frozenset({case, number})
        found = [_inflected(p, exact) or _inflected(p, rough) for p in readings]
        texts = [recased(form.word, word) if form else word for form in found]
        out.append(tuple(dict.fromkeys(texts)))
    return tuple(out)


@lru_cache(maxsize=20_000)
def _inflected(reading: Any, grammemes: frozenset[str]) -> Any:
    """Return a reading in another form, or None; the words of a glossary repeat."""
    return reading.inflect(grammemes)


def _unknown_noun(word: str, plural: bool = False) -> Paradigm:
    """Decline a noun that the dictionary does not know by its ending."""
    last = word[-1].lower()
    if plural and last in "бвдзлмнпрстф":  # биткоины; of the others the endings do not tell
        return tuple((word + ending,) for ending in ("ы", "ов", "ам", "ы", "ами", "ах"))
    if last in "бвгджзклмнпрстфхцчшщ":
        return name_forms.consonant_noun(word)
    if last in "аяй":
        return name_forms.given(word, "masc" if last == "й" else "femn")
    if last == "ь":  # Ярославль or Рязань: the ending does not tell
        stem = word[:-1]
        feminine = tuple((stem + ending,) for ending in ("ь", "и", "и", "ь", "ью", "и"))
        return _merge(name_forms.given(word, "masc"), feminine)
    if last in "ыи":  # Дарданеллы declines, Балыкчы does not
        stem = word[:-1]
        several = ((word,), (stem,), (stem + "ам",), (word,), (stem + "ами",), (stem + "ах",))
        return _merge(name_forms.fixed(word), several)
    return name_forms.fixed(word)
