"""Questions to the Russian dictionary (pymorphy3), loaded when first asked and remembered.

Names are asked about with care: the dictionary knows few surnames and guesses wildly at the
rest (Токаев → «токай»), so nothing here lemmatises a name.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Literal

Gender = Literal["masc", "femn"]

CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")

_SPEECH = re.compile(
    "сказать|говорить|заяв(ить|лять)|сообщ(ить|ать)|добав(ить|лять)|отме(тить|чать)|отве(тить|чать)"
    "|подчеркнуть|подч[её]ркивать|призна(ть|вать)(ся)?|считать|полагать|напомнить|напоминать"
    "|уточн(ить|ять)|призвать|призывать|предложить|предлагать|обвин(ить|ять)|пообещать|обещать"
    "|рассказ(ать|ывать)|(на)?писать|назвать|называть|вспомнить|вспоминать|утверждать|уверять"
    "|поясн(ить|ять)|объясн(ить|ять)|указ(ать|ывать)|заме(тить|чать)|констатировать|поинтересоваться"
)


@cache
def _analyzer() -> Any:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


@lru_cache(maxsize=100_000)
def parses(word: str) -> tuple[Any, ...]:
    """Return pymorphy's readings of *word*, likeliest first."""
    return tuple(_analyzer().parse(word.lower()))


@lru_cache(maxsize=100_000)
def is_known(word: str) -> bool:
    """Tell whether the dictionary holds *word* (not merely guesses at it)."""
    return bool(_analyzer().word_is_known(word.lower()))


@lru_cache(maxsize=20_000)
def lemmas(word: str) -> frozenset[str]:
    """Return the dictionary forms of a noun or adjective; none where the dictionary guesses."""
    return frozenset(
        parse.normal_form
        for parse in parses(word)
        if parse.is_known and parse.tag.POS in ("NOUN", "ADJF", "PRTF")
    )


@lru_cache(maxsize=20_000)
def given_name_genders(word: str) -> frozenset[Gender]:
    """Return the genders of the given names that *word* is a form of; empty if of none."""
    found: set[Gender] = set()
    for parse in parses(word):
        if "Name" in parse.tag and parse.is_known and parse.tag.number == "sing":
            found.update(gender for gender in ("masc", "femn") if gender in parse.tag)
    return frozenset(found)


@lru_cache(maxsize=20_000)
def given_name_cases(word: str) -> frozenset[tuple[str, str]]:
    """Return (gender, case) of the readings of *word* as a given name."""
    return frozenset(
        (str(parse.tag.gender), str(parse.tag.case))
        for parse in parses(word)
        if "Name" in parse.tag and parse.is_known and parse.tag.number == "sing"
    )


@lru_cache(maxsize=20_000)
def is_common(word: str) -> bool:
    """Tell whether *word* is also the dictionary form of an noun: «правда», «мельник»."""
    proper = ("Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr")
    lower = word.lower()
    return any(
        parse.tag.POS == "NOUN"
        and parse.is_known
        and parse.score >= 0.05
        and parse.normal_form == lower
        and not any(mark in parse.tag for mark in proper)
        for parse in parses(word)
    )


@lru_cache(maxsize=20_000)
def is_also_singular(word: str) -> bool:
    """Tell whether *word* is the plural and an oblique singular of one noun: «санкции»."""
    nouns = [parse for parse in parses(word) if parse.tag.POS == "NOUN" and parse.is_known]
    plural = {p.normal_form for p in nouns if {"plur", "nomn"} in p.tag}
    return any(
        p.normal_form in plural
        and p.tag.number == "sing"
        and p.tag.case in ("gent", "datv", "loct")
        for p in nouns
    )


@lru_cache(maxsize=20_000)
def nominative_genders(word: str) -> frozenset[str]:
    """Return the genders of the readings of *word* as a noun in the nominative singular."""
    return frozenset(
        str(parse.tag.gender)
        for parse in parses(word)
        if parse.tag.POS == "NOUN" and parse.is_known and {"nomn", "sing"} in parse.tag
    )


@lru_cache(maxsize=20_000)
def is_many(word: str) -> bool:
    """Tell whether *word* is a common noun in the genitive plural: «песков»."""
    return any(
        parse.is_known and {"NOUN", "gent", "plur"} in parse.tag and "Surn" not in parse.tag
        for parse in parses(word)
    )


@lru_cache(maxsize=20_000)
def past_gender(word: str) -> Literal["masc", "femn", "neut", "plur", ""]:
    """Return the gender of a past-tense verb («заявила» → femn), plur, or nothing for others."""
    for parse in parses(word):
        if parse.tag.POS == "VERB" and parse.tag.tense == "past" and parse.score > 0.2:
            return parse.tag.gender or "plur"
    return ""


@lru_cache(maxsize=20_000)
def is_speech(word: str) -> bool:
    """Tell whether *word* is a verb of saying or thinking, whose subject is a person."""
    return any(
        parse.tag.POS == "VERB" and _SPEECH.fullmatch(parse.normal_form) for parse in parses(word)
    )


@lru_cache(maxsize=20_000)
def modifies(word: str, noun: str) -> bool:
    """Tell whether *word* is an adjective agreeing with *noun*: «толстой книге»."""
    return any(
        own.tag.POS == "ADJF"
        and own.is_known
        and other.tag.POS == "NOUN"
        and (own.tag.case, own.tag.number) == (other.tag.case, other.tag.number)
        and own.tag.gender in (None, other.tag.gender)
        for own in parses(word)
        for other in (parses(noun) if len(noun) > 2 else ())
    )


@lru_cache(maxsize=20_000)
def is_adverbial(word: str) -> bool:
    """Tell whether *word* may stand between a subject and its verb: «также», «не»."""
    return any(parse.tag.POS in ("ADVB", "PRCL", "CONJ") for parse in parses(word)[:2])


@lru_cache(maxsize=20_000)
def noun_cases(word: str) -> frozenset[tuple[str, str]]:
    """Return (case, gender) of the readings of *word* as a common noun; gender may be empty."""
    return frozenset(
        (str(parse.tag.case), str(parse.tag.gender or ""))
        for parse in parses(word)
        if parse.tag.POS == "NOUN" and parse.is_known and "Name" not in parse.tag
    )


def recased(inflected: str, like: str) -> str:
    """Give *inflected* the capitals of *like*, hyphenated part by part."""
    if len(like) > 1 and like.isupper():
        return inflected.upper()
    parts = inflected.split("-")
    models = like.split("-")
    if len(parts) != len(models):
        return inflected[:1].upper() + inflected[1:] if like[:1].isupper() else inflected
    return "-".join(
        part[:1].upper() + part[1:] if model[:1].isupper() else part
        for part, model in zip(parts, models, strict=True)
    )
