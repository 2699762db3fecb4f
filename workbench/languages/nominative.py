"""Personal names in any case brought to the nominative: Садыру Жапарову → Садыр Жапаров.

Every ending that could have been added is taken off and the result declined again by our own
paradigms (name_forms); what does not come back to the text is dropped, and all words must agree
in case and gender. The dictionary is asked about given names only: its guess at a surname is
worthless (Токаев → «токай»).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import Literal, NamedTuple

from workbench.languages.fold import key
from workbench.languages.morphology import Gender, given_name_genders, parses
from workbench.languages.name_forms import Paradigm, given, surname
from workbench.languages.russian import normalise

Role = Literal["given", "patronymic", "surname"]

_MOST_WORDS = 4
_VOWELS = "аеёиоуыэюя"
_LONGEST = 40  # letters of a word; whatever is longer is no name
_MOST = 5  # answers
_MARGIN = 2.5  # what is odder than the best by more is no answer
_SHORT = 5  # letters of a name of East Asia
_NOMINATIVE = frozenset((0,))
_ALL_CASES = frozenset(range(6))

# (ending in the text, ending of the nominative)
_ENDINGS = tuple(
    (ending, base)
    for base, endings in {
        "": " а у ым е ом ем",
        "ь": "я ю ем ём е и ью",
        "й": "я ю ем е и",
        "а": "ы и ой ей у е ою",
        "я": "и е ю ей ёй",
        "ий": "ого ому им ом его ему ем",
        "ый": "ого ому ым ом",
        "ой": "ого ому ым им ом",
        "ая": "ой ую ей",
        "яя": "ей юю",
        "ия": "ии ию ией",
        "ец": "ца цу цем цом це",
        "ок": "ка ку ком ке",
        "ёк": "ька ьку ьком ьке йка йку йком йке",
        "ек": "ка ку ком ке",
    }.items()
    for ending in ("", *endings.split())
    if (ending or not base)
)
_PATRONYMIC = re.compile(r"(?:ович|евич|ьич)(?:а|у|ем|е)?$|(?:овн|евн|ичн)(?:а|ы|е|у|ой|ою)$")
_PARTICLE = re.compile("оглы|оглу|кызы|гызы|улы|уулу")
_INITIALS = re.compile(r"(?:[А-ЯЁ][а-яё]?\.-?)+$")

# How surnames look in the nominative; a reading that looks so is likelier.
_MANS = re.compile(
    "(ов|ев|ёв|ин|ын|ский|цкий|[оеи]ч|[уюяиаео]к|ян|янц|ман|хан|бек|бай|он|ец|ер|ар|ор)$"
)
_WOMANS = re.compile("(ова|ева|ёва|ина|ына|ская|цкая)$")
_STEADY = re.compile(
    "(ко|[^ег]о|дзе|швили|[аи]ли|зода|лу|еу|ау|йгу|еску|нду|заде|[аеёиоуыэюя]а|ых|их|иа)$"
)
# A closed syllable, as a man's surname may end, and endings that none has.
_CLOSED = re.compile("[аеёиоуыэюяй][квлмнрстдзхчшщж]$")
_CROWDED = re.compile("[^аеёиоуыэюяь][^аеёиоуыэюя]$")
_USUAL_CROWD = re.compile("(р[гдтнклмсшц]|н[гдткчсн]|л[ьлсдт]|ст|дт|мп|кс|сс|тт|цл|фт)$")
# What would be odd in the nominative: these are cases of another surname.
_OBLIQUE = re.compile(
    "(ову|еву|ину|овой|евой|иной|ского|цкого|скую|цкую|скому|цкому|ским|цким|ным|вым|[ое]го|[ое]му"
    "|ом|ем|ией|ии|ию)$"
)
_ADJECTIVE = re.compile("(ск|цк|н|[жшчщ]|р|л|т|в)(ий|ый|ой)$")
_MANS_GIVEN = re.compile(
    "(бек|хан|жан|джан|жон|джон|бай|дин|мурат|тай|ген|дос|мир|[уаиоые]р|[аы]т|ул|ек|[аиуо]с|[иуа]д|[иу]к)$"
)


class _Reading(NamedTuple):
    """A nominative, the cases in which it looks as the text does, and how odd it is."""

    word: str
    cases: frozenset[int]
    oddness: float


def nominative(words: str, gender: str = "", listed: Collection[str] = ()) -> tuple[str, ...]:
    """Return the nominatives that a name may be a form of, likeliest first, at least one.

    *gender* is m, f or empty; *listed* holds given names (folded) that the dictionary may lack.
    A bare surname such as Токаева is taken for a man's genitive first, a woman's name second.
    """
    text = normalise(words)
    tokens = [_recased(token) for token in text.split()]
    if not 0 < len(tokens) <= _MOST_WORDS or any(len(token) > _LONGEST for token in tokens):
        return (text,)
    genders: tuple[Gender, ...] = ("masc", "femn")
    if gender in ("m", "f"):
        genders = ("masc",) if gender == "m" else ("femn",)
    found: dict[str, float] = {}
    for sex in genders:
        for roles, malus in _orders(tokens):
            for answer, oddness in _agreeing(tokens, roles, sex, listed):
                worse = oddness + malus
                found[answer] = min(worse, found.get(answer, worse))
    worst = min(found.values(), default=0.0) + _MARGIN
    ranked = sorted((a for a in found if found[a] <= worst), key=lambda answer: found[answer])
    return tuple(ranked[:_MOST]) or (text,)


def _recased(token: str) -> str:
    """Return a word in capitals, as headlines have, as a name is written."""
    if len(token) > 2 and token.isupper() and token.replace("-", "").isalpha():
        return "-".join(part.capitalize() for part in token.split("-"))
    return token


def _orders(tokens: Sequence[str]) -> Iterator[tuple[list[Role], float]]:
    """Yield the roles of the words: surname last, or, less often, first."""
    middle: list[Role] = [
        "patronymic" if _PATRONYMIC.search(token.lower()) else "given" for token in tokens
    ]
    yield [*middle[:-1], "surname"], 0.0
    if len(tokens) > 1:
        yield ["surname", *middle[1:]], 1.2


def _agreeing(
    tokens: Sequence[str], roles: Sequence[Role], gender: Gender, listed: Collection[str]
) -> Iterator[tuple[str, float]]:
    """Yield the names whose words share a case, with the sum of their oddness."""
    columns = [
        [
            reading._replace(oddness=reading.oddness + _listed(reading.word, role, listed))
            for reading in _readings(token, role, gender)
        ]
        for token, role in zip(tokens, roles, strict=True)
    ]
    for number in _steady(tokens):
        columns[number] = [_Reading(tokens[number], _ALL_CASES, 0.0)]
    if len(tokens) > 1 and all(len(token) <= _SHORT for token in tokens):
        # Ким Чен Ына: names of East Asia decline in the last word only.
        for number, token in enumerate(tokens[:-1]):
            columns[number].append(_Reading(token, _ALL_CASES, 0.5))
    for readings in product(*columns):
        shared = frozenset.intersection(*(reading.cases for reading in readings))
        if shared:
            yield (
                " ".join(reading.word for reading in readings),
                sum(reading.oddness for reading in readings),
            )


def _steady(tokens: Sequence[str]) -> Iterator[int]:
    """Yield the places of words that never decline: Алирза оглы, both."""
    for number, token in enumerate(tokens):
        if _PARTICLE.fullmatch(token.lower()):
            yield from range(max(0, number - 1), number + 1)


def _listed(word: str, role: Role, listed: Collection[str]) -> float:
    return -3.0 if role == "given" and key(word) in listed else 0.0


@lru_cache(maxsize=20_000)
def _readings(token: str, role: Role, gender: Gender) -> tuple[_Reading, ...]:
    """Return what the word may be in the nominative as a name of that gender."""
    if _INITIALS.match(token) or not token[-1:].isalpha():
        return (_Reading(token, _ALL_CASES, 0.0),)
    decline = surname if role == "surname" else given
    oddness = {"surname": _odd_surname, "given": _odd_given, "patronymic": _odd_patronymic}[role]
    found = []
    for word in _bases(token, role):
        cases = _cases(decline(word, gender), token)
        if cases:
            found.append(_Reading(word, cases, oddness(word, token, gender)))
    # Only what is not much odder than the best can win together with other words.
    best = sorted(found, key=lambda reading: reading.oddness)[:8]
    return tuple(best) or (_Reading(token, _NOMINATIVE, 2.0),)


def _bases(token: str, role: Role) -> Iterator[str]:
    """Yield the word with each ending exchanged; both parts of a double surname change."""
    if role == "given":  # Льву, Павла, Петром: the dictionary knows the vowel that fled
        for parse in parses(token):
            if "Name" in parse.tag and parse.is_known:
                yield "-".join(part.capitalize() for part in parse.normal_form.split("-"))
    first, hyphen, last = token.rpartition("-")
    for tail in _exchanged(last):
        if hyphen and role == "surname":
            for head in _exchanged(first):
                yield f"{head}-{tail}"
        elif hyphen:
            yield f"{first}-{tail}"
        else:
            yield tail


def _exchanged(word: str) -> Iterator[str]:
    lower = word.lower()
    seen = set()
    for ending, base in _ENDINGS:
        stem = word[: len(word) - len(ending)]
        changed = stem + (base.upper() if word.isupper() and len(word) > 1 else base)
        if not lower.endswith(ending) or len(stem) < 2 or changed in seen:
            continue
        if not (base == "ь" and stem[-1].lower() in _VOWELS) and not (
            base == "й" and stem[-1].lower() not in _VOWELS
        ):
            seen.add(changed)
            yield changed


def _cases(paradigm: Paradigm, token: str) -> frozenset[int]:
    folded = key(token)
    return frozenset(
        number for number, forms in enumerate(paradigm) if folded in {key(form) for form in forms}
    )


def _odd_surname(word: str, token: str, gender: Gender) -> float:
    lower = word.lower()
    same = word == token
    steady = same and bool(_STEADY.search(lower))
    odd = 0.0 if same else 0.1
    odd += _odd_for_men(lower, steady) if gender == "masc" else _odd_for_women(lower, steady)
    if same and not steady and lower[-1] in "уыюе":
        odd += 0.6 if lower[-1] == "у" else 1.0
    if lower[-1] in "ьяы" and not lower.endswith("ая"):
        odd += 2.0 if lower.endswith("уя") else 0.7
    if same and re.search("[^аеёиоуыэюя][ое]й$", lower) and not _ADJECTIVE.search(lower):
        odd += 1.5
    if same and re.search("([гкхжшчщцьй]и|ля)$", lower):
        odd += 1.0
    if not same and _ADJECTIVE.search(lower) is None and re.search("(ий|ый|ой)$", lower):
        odd += 3.0
    if re.search("(ов|ев|[иы]н)(ый|ая)$", lower):
        odd += 1.5
    if any(_OBLIQUE.search(part) for part in lower.split("-")):
        odd += 3.0
    return odd


def _odd_for_men(lower: str, steady: bool) -> float:
    if _WOMANS.search(lower):
        return 2.5
    if steady or (_MANS.search(lower) and len(lower) > 3):
        return -1.5
    if _CLOSED.search(lower) and len(lower) > 3:
        return -0.8
    if _CROWDED.search(lower) and not _USUAL_CROWD.search(lower):
        return 1.0
    return 0.7 if lower[-1] == "а" else 0.0


def _odd_for_women(lower: str, steady: bool) -> float:
    if _WOMANS.search(lower):
        return -1.3
    if steady:
        return -1.2
    if lower.endswith("ая"):
        return -1.0
    return 0.3 if lower[-1] in "аоуиеюыэя" else 0.6


def _odd_given(word: str, token: str, gender: Gender) -> float:
    other: Gender = "femn" if gender == "masc" else "masc"
    lower = word.lower()
    odd = 0.0 if word == token else 0.1
    genders = _name_genders(word)
    if gender in genders:
        odd -= 3.0
    elif other in genders:
        odd += 2.0
    elif gender == "masc" and _MANS_GIVEN.search(lower):
        odd -= 0.8
    elif lower[-1] in "уыюеь" or re.search("(ии|ом|ем)$", lower):
        odd += 1.5
    elif gender == "masc" and lower[-1] in "ая":
        odd += 0.8
    return odd


def _odd_patronymic(word: str, token: str, gender: Gender) -> float:
    fits = word.endswith("на") if gender == "femn" else word.endswith("ич")
    return (0.0 if fits else 3.0) + (0.0 if word == token else 0.1)


@lru_cache(maxsize=20_000)
def _name_genders(word: str) -> frozenset[Gender]:
    """Return the genders of the given names whose nominative *word* is."""
    nominatives = {
        gender
        for parse in parses(word)
        for gender in given_name_genders(word)
        if {"Name", "nomn", "sing", gender} in parse.tag and parse.is_known
    }
    return frozenset(nominatives)
