"""Persons found by capitals: given name and surname, initials, titles, patronymics, endings.

Stands in for the recogniser of the extra ``names`` where that is not installed, and helps it where
it is. ``recased`` makes a headline in capitals readable for both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from workbench.domain.language import Span
from workbench.languages.morphology import is_known, is_speech, parses

Kind = Literal["given", "patronymic", "surname", "initials", "unknown", "place", "common"]

_GAP = "[ \u00a0\u202f]"
_HYPHEN = "[-\u2010\u2011]"
_NAME = f"[А-ЯЁ][а-яё]*(?:['’][а-яё]+)?(?:{_HYPHEN}[А-ЯЁ]?[а-яё]+)*"
_INITIALS = f"(?:[А-ЯЁ]\\.{_HYPHEN}?{_GAP}?)*[А-ЯЁ]\\."
_AFTER = "уулу|улы|кызы|оглы|оглу|заде"  # «son of», «daughter of»: behind the father's name
_BETWEEN = "фон|ван|дер|де|ди|да|аль|эль|бин|ибн|дю|ла"
_PIECE = f"(?:{_INITIALS}|{_NAME})"
_RUN = re.compile(
    f"(?<![^\\W_]){_PIECE}"
    f"(?:(?:{_GAP}|(?<=\\.))(?:(?:{_BETWEEN}){_GAP}){{0,2}}{_PIECE}|{_GAP}(?:{_AFTER})(?![^\\W_]))*"
    "(?![^\\W_])"
)
_TOKEN = re.compile(f"{_INITIALS}|[^\\W\\d_]+(?:[-'’\u2010\u2011][^\\W\\d_]+)*")
_PATRONYMIC = re.compile(
    r".{2,}(?:[оеё]вич|[ьи]ич)(?:а|у|ем|ом|е)?|.{2,}(?:[оеё]вн|ичн)(?:а|ы|е|у|ой)"
    rf"|(?:.+-)?(?:{_AFTER})"
)
# Endings in all cases that surnames have and few other words.
_SURNAME = re.compile(
    r".{2,}(?:[оеё]в|[иы]н)(?:а|у|ым|е|ой|ою|ы|ых|ыми)?"
    r"|.{2,}[сц]к(?:ий|ого|ому|им|ом|ая|ой|ую|их|ими)"
    r"|.{3,}(?:енко|швили|дзе|заде)|.{3,}зод(?:а|ы|е|у|ой)|.{3,}ян(?:а|у|ом|е)?"
    r"|.{3,}(?:чук|щук|юк)(?:а|у|ом|е)?"
)
_NO_SURNAME = re.compile(r".+(?:стан|ленд|ланд|бург|град|поль)(?:а|у|ом|е)?")
_TITLE = re.compile(
    "(?:президент|премьер|вице|министр|замминистр|заместител|депутат|сенатор|спикер|посол|посл|генерал"
    "|полковник|майор|капитан|адмирал|маршал|глав[аеуой]|лидер|председател|секретар|пресс|директор"
    "|гендиректор|руководител|губернатор|мэр|аким|хаким|хоким|эксперт|политолог|аналитик|экономист"
    "|журналист|обозревател|писател|историк|профессор|академик|доктор|врач|адвокат|прокурор|судь"
    "|омбудсмен|бизнесмен|предпринимател|боксёр|боксер|актёр|актер|актрис|пев[еи]?ц|режисс[ёе]р"
    "|художни|чемпион|тренер|представител|советни|помощни|канцлер|корол|принц|шейх|эмир|патриарх"
    "|муфти|активист|правозащитни|оппозиционер|блогер|колумнист|автор|господин|госпож|супруг|вдов"
    "|сын|дочь|дочер|брат|сестр|уч[её]н|инженер|следовател|космонавт|археолог|социолог|востоковед"
    "|юрист|уполномоченн|спецпредставител|координатор|комиссар|кандидат|основател|экс-)[а-яё-]*"
)
_TITLE_BEFORE = re.compile(
    f"([а-яё-]+)(?:{_GAP}+(?:[а-яё]+|[А-ЯЁ]{{2,6}})){{0,2}}{_GAP}+$", re.IGNORECASE
)
# What is called after a person is none.
_CALLED = re.compile(
    "(?:улиц|проспект|площад|переул|бульвар|шоссе|набережн|район|город|сел[аоеу]|пос[её]л|деревн"
    "|станци|аэропорт|вокзал|област|мыс|остров|озер|рек|хреб|перевал|памятник|музе|завод|фабрик"
    f"|стадион|крейсер|фрегат|кафе|ресторан|клуб|имени)[а-яё]*{_GAP}+$",
    re.IGNORECASE,
)
# Endings of adjectives: number, genders and cases of the noun that they agree with.
_ADJECTIVES = (
    ("ий|ый|ой", "sing", ("masc",), ("nomn", "accs")),
    ("ого|его", "sing", ("masc", "neut"), ("gent", "accs")),
    ("ому|ему", "sing", ("masc", "neut"), ("datv",)),
    ("им|ым", "sing", ("masc", "neut"), ("ablt",)),
    ("ом|ем", "sing", ("masc", "neut"), ("loct",)),
    ("ая|яя", "sing", ("femn",), ("nomn",)),
    ("ой|ей", "sing", ("femn",), ("gent", "datv", "ablt", "loct")),
    ("ую|юю", "sing", ("femn",), ("accs",)),
    ("ие|ые", "plur", (), ("nomn", "accs")),
    ("их|ых", "plur", (), ("gent", "loct", "accs")),
    ("им|ым", "plur", (), ("datv",)),
    ("ими|ыми", "plur", (), ("ablt",)),
)
_QUOTED = re.compile(f"[«“](?:[А-ЯЁ][а-яё]+{_GAP})?$")  # «Маршал Рокоссовский», a ferry
_SON_OF = re.compile(f"{_GAP}(?:{_AFTER})(?![^\\W_])")
_AFTERWARDS = re.compile(f"{_GAP}+([а-яё-]+)")
_WORD_BEFORE = re.compile(f"([а-яё]+){_GAP}+$")
_VOWEL = re.compile("[аеёиоуыэюя]", re.IGNORECASE)
_PROPER = ("Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr")
# Family names that East Asian names begin with; their words are short and often Russian words too.
_EAST = re.compile(
    "ким|пак|ли|чхве|чон|цой|чан|юн|хан|син|кан|чо|квон|ван|чжан|лю|чэнь|ян|чжао|хуан|чжоу|сюй|сунь"
    "|ма|чжу|ху|го|хэ|линь|ло|лян|сун|се|тан|хань|фэн|дэн|цао|пэн|цзэн|сяо|тянь|дун|пань|юань|цай"
    "|цзян|юй|ду|чэн|вэй|су|люй|дин|жэнь|си|фан|нгуен|фам"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a name, with its place and what it looks like."""

    text: str
    span: Span
    kind: Kind


def persons(text: str) -> tuple[Span, ...]:
    """Return the places of persons' names in one sentence, in order."""
    found = (_name_in(text, *run.span()) for run in _RUN.finditer(text))
    return tuple(span for span in found if span is not None)


def tokens(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Cut a part of *text* into words and initials."""
    last = len(text) if end is None else end
    return tuple(
        Token(word.group(), Span(*word.span()), kind_of(word.group()))
        for word in _TOKEN.finditer(text, start, last)
    )


@lru_cache(maxsize=20_000)
def kind_of(word: str) -> Kind:
    """Return what a capitalised word looks like by its ending and the dictionary."""
    if word.endswith("."):
        return "initials"
    lower = word.lower()
    readings = [parse for parse in parses(lower.rpartition("-")[2]) if parse.is_known]
    marks = {mark for parse in readings for mark in _PROPER if mark in parse.tag}
    if not any("Name" in parse.tag and parse.tag.number != "plur" for parse in readings):
        marks.discard("Name")  # «Мамедов» is no genitive of several Мамед
    shaped = bool(_SURNAME.fullmatch(lower)) and not _NO_SURNAME.fullmatch(lower)
    kind: Kind = "unknown"
    if "Patr" in marks or _PATRONYMIC.fullmatch(lower):
        kind = "patronymic"
    elif "Name" in marks:
        kind = "given"
    elif "Geox" in marks and "Surn" not in marks:
        kind = "place"
    elif "Surn" in marks and (shaped or not _ordinary(lower, 0.3)):
        kind = "surname"
    elif readings:
        kind = "common"
    elif shaped:
        kind = "surname"
    return kind


@lru_cache(maxsize=20_000)
def _ordinary(word: str, least: float, nominative: bool = False) -> bool:
    """Tell whether a reading of *word* as no name at all has at least the given likelihood."""
    return any(
        parse.is_known
        and parse.score >= least
        and not any(mark in parse.tag for mark in _PROPER)
        and (not nominative or "nomn" in parse.tag)
        for parse in parses(word)
    )


def _name_in(text: str, start: int, end: int) -> Span | None:
    """Return the name in a run of capitalised words, without what does not belong to it."""
    words = list(tokens(text, start, end))
    first = opens_sentence(text, start)
    while len(words) > 1 and _stands_apart(words):
        words.pop(0)  # «Президент Аскар Кротов», «аким Шымкента Нурлан Сейтжанов»
        first = False
    if _CALLED.search(text, max(0, words[0].span.start - 24), words[0].span.start):
        return None
    if not _eastern(words):
        while len(words) > 1 and words[-1].kind in ("place", "common") and not _surname_like(words):
            words.pop()
    if not _is_name(text, words, first):
        return None
    name = Span(words[0].span.start, words[-1].span.end)
    return None if _is_other(text, name, words) else name


def _is_other(text: str, name: Span, words: list[Token]) -> bool:
    """Tell whether what looks like a name is a title in quotation marks or an adjective."""
    if _QUOTED.search(text, 0, name.start) and text[name.end : name.end + 1] in tuple("»”-"):
        return True
    after = _AFTERWARDS.match(text, name.end)
    return len(words) == 1 and after is not None and _agree(words[0].text, after[1])


def _agree(adjective: str, word: str) -> bool:
    """Tell whether a capitalised word may be an adjective of the noun behind: «Тюпского района».

    «Савицкому документы» do not agree: that is a name.
    """
    for ending, number, genders, cases in _ADJECTIVES:
        if not re.search(f"(?:{ending})$", adjective):
            continue
        for parse in parses(word)[:3]:
            tag = parse.tag
            if tag.POS not in ("NOUN", "ADJF") or tag.number != number or tag.case not in cases:
                continue
            if number == "plur" or tag.gender in genders:
                return True
    return False


def _stands_apart(words: list[Token]) -> bool:
    """Tell whether the first word of a run is no part of the name behind it."""
    if _eastern(words):
        return False
    kinds = [word.kind for word in words]
    return kinds[0] in ("common", "place") or kinds[:3] == ["unknown", "given", "surname"]


def _eastern(words: list[Token]) -> bool:
    """Tell whether the words look like Ким Ён Су or Чжан Вэйминь."""
    short = all(len(word.text) <= 8 and word.kind != "initials" for word in words)
    return short and 2 <= len(words) <= 3 and bool(_EAST.fullmatch(words[0].text.lower()))


def _surname_like(words: list[Token]) -> bool:
    """Tell whether a common word at the end is a surname all the same: «Пётр Мельник»."""
    return words[-1].kind == "common" and words[-2].kind in ("given", "initials", "patronymic")


def _is_name(text: str, words: list[Token], first: bool) -> bool:
    kinds = [word.kind for word in words]
    if len(words) == 1:
        return is_surname_alone(text, words[0], first)
    if _eastern(words):
        return True
    if "initials" in kinds:
        others = [kind for kind in kinds if kind != "initials"]
        return bool(others) and others[-1] != "place"
    if "given" in kinds and kinds != ["given", "place"]:
        return True
    if "surname" in kinds or "patronymic" in kinds:
        return not set(kinds) & {"common", "place"}
    return _titled(text, words[0].span.start) and not set(kinds) & {"common", "place"}


def is_surname_alone(text: str, word: Token, first: bool) -> bool:
    """Judge one capitalised word: a surname by its ending, or by the company it keeps."""
    start, lower = word.span.start, word.text.lower()
    after = _AFTERWARDS.match(text, word.span.end)
    spoken = bool(after and is_speech(after[1])) or _speech_before(text, start)
    if word.kind == "surname":
        if not first:
            return not _ordinary(lower, 0.5) or spoken or _titled(text, start)
        if _ordinary(lower, 0.05, nominative=True):
            return spoken  # «Мороз ударил»
        return not _ordinary(lower, 0.05) or bool(after and _is_verb(after[1]))
    if first:
        return spoken and word.kind == "unknown"
    return (spoken or _titled(text, start)) and _may_be_surname(word)


def _may_be_surname(word: Token) -> bool:
    """Tell whether a word that looks like no surname may be one, given the company it keeps."""
    lower = word.text.lower()
    if word.kind == "given":  # «губернатору Славину»; Славина is a given name too
        return bool(_SURNAME.fullmatch(lower))
    if word.kind == "common":  # «рассказал Мельник»
        animate = any("anim" in p.tag and "sing" in p.tag for p in parses(lower) if p.is_known)
        return animate and not _TITLE.fullmatch(lower)
    return word.kind == "unknown"


def _titled(text: str, start: int) -> bool:
    """Tell whether a post or profession stands before: «министр обороны», «глава МИД»."""
    near = max(0, start - 48)
    found = _TITLE_BEFORE.search(text, near, start)
    while found:
        if _TITLE.fullmatch(found[1].lower()):
            return True
        found = _TITLE_BEFORE.search(text, found.end(1), start)
    return False


def _speech_before(text: str, start: int) -> bool:
    found = _WORD_BEFORE.search(text, max(0, start - 24), start)
    return bool(found and is_speech(found[1]))


def _is_verb(word: str) -> bool:
    return any(parse.tag.POS in ("VERB", "INFN") for parse in parses(word)[:2])


def opens_sentence(text: str, start: int) -> bool:
    """Tell whether a capital at *start* says nothing."""
    head = text[:start].rstrip(' \u00a0\u202f«"“„‹(—–-')
    return not head or head[-1] in ".!?…:;\n"


def trimmed(text: str, span: Span) -> Span | None:
    """Mend what the recogniser returned: a title in front, a particle left out, no name at all."""
    words = list(tokens(text, span.start, span.end))
    first = bool(words) and opens_sentence(text, words[0].span.start)
    while len(words) > 1 and words[0].kind in ("common", "place") and not _eastern(words):
        person = any({"NOUN", "anim"} in p.tag for p in parses(words[0].text))
        if words[1].kind == "given" and person and not _TITLE.fullmatch(words[0].text.lower()):
            break  # «Мельник Пётр»
        words.pop(0)
        first = False
    while len(words) > 1 and words[-1].kind == "place" and _TITLE.fullmatch(words[0].text.lower()):
        words.pop()  # «Акиму Туркестана»
    if not words or (len(words) == 1 and not _is_named(text, words[0], first)):
        return None
    behind = _SON_OF.match(text, words[-1].span.end)
    name = Span(words[0].span.start, behind.end() if behind else words[-1].span.end)
    return None if _is_other(text, name, words) else name


def _is_named(text: str, word: Token, first: bool) -> bool:
    """Tell whether one word is a name as the recogniser says: it also takes towns and verbs."""
    lower = word.text.lower()
    if word.kind in ("place", "initials") or _CALLED.search(text, 0, word.span.start):
        return False
    if first and _TITLE.fullmatch(lower):
        return False
    if first and _ordinary(lower, 0.05, nominative=True):
        return is_surname_alone(text, word, first)
    if word.kind in ("given", "surname", "patronymic"):
        return True
    before = _WORD_BEFORE.search(text, 0, word.span.start)
    person = before and any({"NOUN", "anim", "nomn", "sing"} in p.tag for p in parses(before[1]))
    return bool(person) or is_surname_alone(text, word, first)


def may_be_again(text: str, word: Token) -> bool:
    """Tell whether a capitalised word may be a surname that the article has already named."""
    if word.kind in ("initials", "place", "patronymic") or len(word.text) < 3:
        return False
    if not word.text[0].isupper() or _CALLED.search(text, 0, word.span.start):
        return False
    return word.kind != "common" or not opens_sentence(text, word.span.start)


# -- headlines ----------------------------------------------------------------------------


def recased(line: str) -> str:
    """Write a line in capitals as a sentence would be, letter for letter: of the same length.

    Words of the dictionary become small unless they are names; acronyms stay.
    """
    return re.sub(r"[^\W\d_]+(?:[-'’\u2010\u2011][^\W\d_]+)*", _recased, line)


def _recased(found: re.Match[str]) -> str:
    word = found.group()
    if not word.isupper() or not _VOWEL.search(word):
        return word  # «МВФ»
    kind = kind_of(word.capitalize())
    first = word.partition("-")[0]
    if kind == "common" and first != word and not is_known(word):
        kind = kind_of(first.capitalize())  # «САЛТЫКОВ-ГРАЧ»
    if kind == "common":
        acronym = any("Abbr" in parse.tag and parse.is_known for parse in parses(word))
        return word if acronym else word.lower()
    if len(word) <= 4 and kind == "unknown" and not is_known(word):
        return word  # «НАТО»
    return re.sub(r"[^\W\d_]+", lambda part: part.group().capitalize(), word)
