"""What around a form says that something else is meant: then it is shown, but not enforced.

The context words of an entry (ВПП beside «полоса» is a runway), and signs that hold for any entry:
things named like persons and places (теплоход «Михаил Шолохов»), people of other trades (хирург
Козак), names that go on (Новак Джокович, Джек Лондон, Новая Голландия).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from workbench.domain.term import SPORT, UNCERTAIN, Term
from workbench.languages.fold import fold
from workbench.languages.morphology import given_name_cases, is_common, is_known, lemmas, parses
from workbench.languages.russian_forms import is_acronym
from workbench.languages.thing_nouns import (
    is_about,
    is_anybody,
    is_business,
    is_stop,
    is_team,
    is_thing,
    is_trade,
    names_other,
)
from workbench.services.term_rules import Place, is_sport
from workbench.services.term_strangers import NEXT_NAME, of_stranger

_NEAR = 120  # characters to each side
_FAR = 42  # characters before a form that its word before begins within
_OPENING = ("«", "“", '"', "„")
_CLOSING = ("»", "”", '"', "“")
_OPENED_BEFORE = re.compile(r'[«“"„][^«“"„»”]{1,25} $')
_OPENED = re.compile(r'[«“"„][^\s«“"„»”]*$')
_CLOSED = re.compile(r'[^\s»”"“]*[»”"“]')
_ADDRESS_BEFORE = ("@", "_")
_ADDRESS_SIGNS = ("@", "_", ".")
_ADDRESS_AFTER = re.compile(r"[@_]|\.[a-zа-яё]{2,}")
_LAST_WORD = re.compile(r"(?<![^\W])[^\W\d_]+(?:-[^\W\d_]+)*$")
_NAME = re.compile("[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?")
_PROPER = frozenset(("Abbr", "Geox", "Orgn", "Name", "Surn", "Trad"))
# «Новые люди» – так назывался роман
_TITLE_AFTER = re.compile(r'[»”"] ?[–—-] ?((?:[а-яё]+ ?){1,5})')
_NEW = re.compile(
    r"(?:Нов|Стар|Мал|Верхн|Нижн)"
    r"(?:[ыи]й|[ая]я|[ое]е|[ое]го|[ое]му|[ое]й|[ыи]м|[ое]м|[ую]ю)"
)
_CALLED = re.compile(
    r"(?:по[ \u00a0](?:имени|фамилии|кличке|прозвищу)|фамили(?:ю|ей)|кличкой|прозвищем|позывным"
    r"|псевдонимом)[ \u00a0]$"
)
_PARTED = re.compile(r"[,;:.!?()—–\n]")
_STATE_AFTER = re.compile(r"(?:,| \() ?(?:штат|графств|пригород)")
_NAMESAKE_AFTER = re.compile(r", (?:полный |полная )?(?:т[её]зка|однофамил)")
_LATIN_NAME = re.compile("[A-Z][a-z]+")
_COMPOUND_AFTER = re.compile(
    " и (?:партн[её]ры|сыновья|К[°о]?)\\b|"
    " (?:Арен[аеуы]|Опер[аеуы]|Сити|Молл|Экспо|Плаз[аеуы]|Тауэрс?|Стадиум|Холл|Груп|Групп|Медиа"
    "|Телеком|Авиа|Моторс|Драйв|Юнайтед|Интернешнл|Инвест|Капитал|Ньюс|Лайнз?|Эйрлайнз|Эйрвейз)[а-я]{0,2}\\b"
)
_LATIN_AFTER = re.compile(r"[ \u00a0][A-Z][A-Za-z]")
_RANGE_AFTER = re.compile(r"[ \u00a0]?[-–—]")
_SURNAME = re.compile(r".+(?:[оеё]в|[иы]н|ич|[сц]кий|ской|енко|ян|дзе|швили|сон|сен)")
_OBLIQUE = re.compile(
    r".+(?:(?:[оеё]в|[иы]н|ич|ян|сон|сен)(?:а|у|ым|ом|ем|е|ой)|[сц]к(?:ого|ому|им|ом|ой)"
    r"|енко|дзе|швили)"
)
_PREPOSITIONS = frozenset(
    (
        *("в", "во", "на", "из", "от", "под", "у", "к", "ко", "для", "с", "со", "о", "об", "при"),
        *("за", "по", "до", "без", "над", "между", "через", "около", "и", "а", "но"),
    )
)
_INDECLINABLE = tuple("оиуыеэю")  # what names end in that have one form
# What forms of a masculine or feminine name end in, by case.
_ENDINGS = {
    "masc": {"gent": "ая", "accs": "ая", "datv": "ую", "ablt": "м", "loct": "еи"},
    "femn": {"gent": "ыи", "accs": "ую", "datv": "еи", "ablt": "йю", "loct": "еи"},
}
_OFFICE = re.compile("Мин|Гос|Рос|Каз|Узб|Глав|Ген|Экс|Вице")
_GIVEN_END = re.compile(r".+(?<![оеыи])[бвгджзклмнпрстфхцчшщ]|.+[оеыи][бгджзклнпрстфцчшщ]|.+[иоь]")
_GIVEN_OBLIQUE = re.compile(r".+(?:[аяуюеи]|[ое]м|[ое]й)")


def in_address(place: Place) -> bool:
    """Tell whether the form is a piece of an address or a handle: info@Газпром.рф."""
    if place.before in _ADDRESS_BEFORE:
        return True
    after = place.text[place.end : place.end + 1]
    return after in _ADDRESS_SIGNS and bool(_ADDRESS_AFTER.match(place.text, place.end))


def doubted(place: Place, term: Term, known: tuple[bool, bool]) -> bool:
    """Tell whether something else than *term* is likely to be meant.

    *known*: whether another entry's form stands one blank before, and one blank behind.
    """
    if term.context and not _settled(place, term) and _other_sense(place, term.context):
        return True
    before, after = place.before, place.text[place.end : place.end + 1]
    if before == "#":
        return True
    if not known[1] and after == " " and _COMPOUND_AFTER.match(place.text, place.end):
        return True
    if before in _OPENING or before == "-" or after == "-":
        return _is_title(place, term)
    if place.shouted:
        return _is_word(term.source) and not _is_said_of(place)
    return _other_bearer(place, term, known) or (after in _CLOSING and _ends_title(place, term))


@lru_cache(maxsize=4096)
def _is_word(source: str) -> bool:
    """Tell whether an acronym is, but for its capitals, a word: РАН, ВОЗ, ПРО."""
    return is_acronym(source) and any(
        parse.is_known
        and parse.tag.POS in ("NOUN", "PREP")
        and not _PROPER.intersection(parse.tag.grammemes)
        for parse in parses(source.lower())
    )


def _is_said_of(place: Place) -> bool:
    """Tell whether a verb follows: «ВОЗ ОБЪЯВИЛА»."""
    word = place.text[place.end + 1 : place.end + 30].partition(" ")[0]
    return word.isalpha() and parses(word)[0].tag.POS == "VERB"


def _settled(place: Place, term: Term) -> bool:
    """Tell whether a capital inside a sentence says that no common noun is meant."""
    if place.shouted or place.opens_sentence or any(word[0] not in "-+" for word in term.context):
        return False
    if term.type == "person":
        return is_common(term.source)
    return term.type == "place" and _is_also_common(term.source)


@lru_cache(maxsize=4096)
def _senses(context: tuple[str, ...]) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """Return what speaks for an entry and what against it."""
    against = [word[1:] for word in context if word[0] == "-"]
    wanted = [word for word in context if word[0] not in "-+"]
    return _beginnings(wanted), _beginnings(against)


def _beginnings(words: Iterable[str]) -> re.Pattern[str] | None:
    stems = [re.escape(fold(word).text) for word in words if word != UNCERTAIN]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(stems)})") if stems else None


def _other_sense(place: Place, context: tuple[str, ...]) -> bool:
    """Tell whether the words around speak against the entry, or none for it where some should."""
    wanted, against = _senses(context)
    text, start, end = place.text, place.start, place.end
    near = _plain(text[max(0, start - _NEAR) : end + _NEAR])
    # «Вена на руке вздулась, сказал врач из Вены»: each of two has its own part of the sentence.
    if against and against.search(near) and near.count(_plain(place.form)[:4]) > 1:
        near = _plain(_clause(place))
    if against and against.search(near):
        return True
    return not wanted.search(near) if wanted else UNCERTAIN in context


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")


def _clause(place: Place) -> str:
    """Return the text around a form up to the nearest signs."""
    before = _PARTED.split(place.text[max(0, place.start - _NEAR) : place.start])[-1]
    return before + place.form + _PARTED.split(place.text[place.end : place.end + _NEAR], 1)[0]


@lru_cache(maxsize=20_000)
def _is_also_common(name: str) -> bool:
    """Tell whether the forms of a common noun are the name's: вена, сахар, перо."""
    return any(is_common(lemma) for lemma in lemmas(name.lower()))


def _is_title(place: Place, term: Term) -> bool:
    """Tell whether the form is, alone in quotation marks, the name of something else.

    A person or place always is one there (крейсер «Пётр Великий», «Волга-Дон»), others where the
    noun before says what of: лагерь «Дружба», тайфун «Герань», хоккеисты «Северстали».
    """
    text, start = place.text, place.start
    opened = _OPENED.search(text, max(0, start - 30), start)
    word = _word_before(text, opened.start()).lower() if opened else ""
    club = SPORT in term.context
    if not opened or not _CLOSED.match(text, place.end) or (club and is_team(word)):
        return False
    if term.type in ("person", "place"):
        return True
    if is_thing(word) or is_stop(word) or _explained(text, place.end):
        return True
    if term.needs_quotes and place.form == term.source and names_other(word, term.type):
        return True
    if term.type == "org":
        return " " not in term.source and not club and is_sport(place)
    return is_business(word)


def _explained(text: str, end: int) -> bool:
    """Tell whether a dash and a kind of thing follow a title: «Новые люди» – это роман."""
    follows = _TITLE_AFTER.match(text, end)
    return follows is not None and any(map(is_thing, follows.group(1).split()))


def _ends_title(place: Place, term: Term) -> bool:
    """Авиакомпания «Эйр Астана»; but «Банк Москвы» speaks of the town."""
    opened = _OPENED_BEFORE.search(place.text, max(0, place.start - 27), place.start)
    if not opened or place.form != term.source:
        return False
    word = _word_before(place.text, opened.start()).lower()
    if is_business(word) or (is_thing(word) and not is_about(word)):
        return True
    return term.type == "place" and is_sport(place)  # «Реал Мадрид»


def _word_before(text: str, start: int) -> str:
    """Return the word one blank before *start*, or nothing."""
    blank = start - 1
    if text[blank:start] != " ":
        return ""
    word = text[text.rfind(" ", max(0, blank - _FAR), blank) + 1 : blank]
    if word.isalpha():
        return word
    found = _LAST_WORD.search(word)
    return found.group() if found else ""


def _other_bearer(place: Place, term: Term, known: tuple[bool, bool]) -> bool:
    """Tell whether the words beside a name make it another's."""
    text, start, end = place.text, place.start, place.end
    word = _word_before(text, start)
    single = " " not in term.source
    named = word and place.form[0].isupper() and _by_word_before(place, term, word, known[0])
    if named or (single and of_stranger(place, term, word)):
        return True
    after = text[end : end + 1]
    if after == " ":
        if not text[end + 1 : end + 2].isupper():
            return term.type == "place" and bool(_STATE_AFTER.match(text, end))
        if term.type == "person":
            return bool(_LATIN_AFTER.match(text, end)) or (not known[1] and _is_longer(place))
        alone = single and not known[1] and word.lower() not in _PREPOSITIONS
        return alone and goes_on(place, term)
    if after != ",":
        return False
    remark = _NAMESAKE_AFTER if term.type == "person" else _STATE_AFTER
    return bool(remark.match(text, end))


def _by_word_before(place: Place, term: Term, word: str, known: bool) -> bool:
    small = word.lower()
    start = place.start
    if small[-1] in "иеюймум" and _CALLED.search(place.text, max(0, start - 18), start):
        return True
    if term.type == "person":
        if _is_of_trade(place, term, small):
            return True
        return _is_apposition(place, term, small)
    if term.type != "place":
        return False
    named = word[0].isupper() and not known and _is_part_of_name(place, term, word)
    return named or _is_apposition(place, term, small)


def _is_longer(place: Place) -> bool:
    """«Санчес Рекарте» has a double surname; but «представитель Трампа Хоуп Хикс»."""
    follows = NEXT_NAME.match(place.text, place.end)
    if not follows or is_known(follows.group(1)):
        return False
    return not NEXT_NAME.match(place.text, follows.end())


def _is_part_of_name(place: Place, term: Term, word: str) -> bool:
    """«Новая Голландия», «Джек Лондон», «Эйр Астана», «Динамо Киев» in sports."""
    if _NEW.fullmatch(word) or _is_given(place, term, word):
        return True
    if place.form != term.source or place.form.isupper():
        return False
    if is_sport(place):
        return True
    if _opens(place, word):
        return False
    return bool(_LATIN_NAME.fullmatch(word)) or _is_foreign_given(place, term, word)


def _opens(place: Place, word: str) -> bool:
    start = place.start - len(word) - 1
    return Place(place.text, start, start + len(word)).opens_sentence


def _is_of_trade(place: Place, term: Term, word: str) -> bool:
    """«Хирург Козак», «учитель физики Герасимов»; but «водитель Путина», «врачи Путина»."""
    if is_trade(word) and not is_trade(word, term.context):
        return False
    nominative = place.form == term.source
    if not is_trade(word):
        # «Дочь Нэнси Пелоси», «охранник Лукашенко» are theirs.
        if is_anybody(word) and " " not in term.source and _declines(term):
            return _agrees(place.form, word, nominative)
        if ("gent", "NOUN") not in _readings(word):
            return False
        word = _word_before(place.text, place.start - len(word) - 1).lower()
        if not is_trade(word, term.context):
            return False
    cases = {case for case, _ in _readings(word)}
    if not cases:  # «таксисты Жапаров и …»
        return (
            nominative
            and _declines(term)
            and any({"nomn", "plur"} in parse.tag for parse in parses(word))
        )
    return ("nomn" in cases) == nominative


def _agrees(form: str, noun: str, nominative: bool) -> bool:
    """Tell whether a surname's form may be in the case of the noun before it, no genitive."""
    cases = {case for case, _ in _readings(noun)}
    if nominative:
        return "nomn" in cases
    return ("datv" in cases and form.endswith(("у", "ому", "ему", "ой"))) or (
        "ablt" in cases and form.endswith(("ым", "им", "ом", "ем", "ой"))
    )


@lru_cache(maxsize=20_000)
def _readings(word: str) -> frozenset[tuple[str, str]]:
    """Return (case, part of speech) of a word's readings in the singular."""
    tags = [parse.tag for parse in parses(word)] if word else []
    return frozenset(
        (str(tag.case), str(tag.POS)) for tag in tags if tag.case and tag.number == "sing"
    )


def _is_apposition(place: Place, term: Term, word: str) -> bool:
    """«Спутник Европа покрыт льдом», «торт Наполеон»; but «поезд Москва – Сочи», «клуб Баку»."""
    if place.form != term.source or not _declines(term):
        return False
    if not is_thing(word) or (term.type == "person" and is_about(word)):
        return False
    return not _RANGE_AFTER.match(place.text, place.end)


def _declines(term: Term) -> bool:
    return not (term.source.endswith(_INDECLINABLE) or term.source.isupper())


def _is_given(place: Place, term: Term, word: str) -> bool:
    """«Джека Лондона», «Джордж Вашингтон»."""
    cases = given_name_cases(word)
    if not cases or word.startswith("Аким"):  # the head of a Kazakh town: «Акиму Туркестана»
        return False
    if place.form == term.source:
        return any(case == "nomn" for _, case in cases) and term.source[-1] not in "оиуыеэю"
    ending = place.form[-1]
    return any(ending in _ENDINGS[gender].get(case, "") for gender, case in cases)


def introduced_by(place: Place, term: Term) -> str:
    """Return what may be a foreign given name before a surname, or nothing."""
    word = _word_before(place.text, place.start)
    found = bool(word) and not place.shouted and _is_foreign_given(place, term, word)
    return word if found else ""


def _is_foreign_given(place: Place, term: Term, word: str) -> bool:
    """«Кими Миллер», «Карлоса Санчеса»: a word that the dictionary lacks, in the same case."""
    if not _NAME.fullmatch(word) or _OFFICE.match(word) or is_known(word):
        return False
    earlier = _word_before(place.text, place.start - len(word) - 1)
    if earlier.lower() in _PREPOSITIONS:
        return False
    agrees = _GIVEN_END if place.form == term.source else _GIVEN_OBLIQUE
    return bool(agrees.fullmatch(word))


def goes_on(place: Place, term: Term) -> bool:
    """Tell whether a surname in the same case follows: «Новак Джокович», «Севан Мирзоян»."""
    follows = NEXT_NAME.match(place.text, place.end)
    if not follows or given_name_cases(follows.group(1)):
        return False
    nominative = place.form == term.source
    if term.type == "person":
        return bool((_SURNAME if nominative else _OBLIQUE).fullmatch(follows.group(1)))
    return nominative and _declines(term) and bool(_SURNAME.fullmatch(follows.group(1)))
