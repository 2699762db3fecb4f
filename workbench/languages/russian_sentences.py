"""Cutting Russian text into sentences: razdel, then rules for what it gets wrong.

A rule looks at the text left and right of one place and says JOIN, SPLIT or nothing; the first
that speaks decides. Rules mend razdel where news prose defeats it: ``долл. США``, numbered
lists, ``№ 5``, and abbreviations that may or may not end a sentence (``2024 г.``), where the
verbs on both sides decide. A segment longer than LONGEST is cut at the border of a clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.domain.language import Span
from workbench.languages.morphology import parses

LONGEST = 700
# How far a rule looks for an abbreviation, and for a verb.
NEAR = 60
FAR = 400
PORTION = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place where a sentence may end: what stands before it, near and far, and after it."""

    left: str
    right: str
    clause: str


Verdict = Literal["join", "split"] | None
Rule = Callable[[Place], Verdict]

COUNTRIES = r"(?:США|РФ|СССР|КНР|ЕС|РК|РБ|КР|ОАЭ|Казахстана|Гонконга|Сингапура|Канады|Австралии)\b"
CURRENCY_LEFT = re.compile(r"\b(?:долл|дол|руб|тг|млн|млрд|трлн|тыс|р|ф\. ст)\.$")
CURRENCY_RIGHT = re.compile(COUNTRIES)
REFERENCE_LEFT = re.compile(
    r"\b(?:табл|рис|илл|прил|гл|разд|ст|стр|с|п|пп|ч|т|абз|см|ср|тел|ок|№)\.$", re.IGNORECASE
)
NUMBER_RIGHT = re.compile(r"[№\dIVX]")
# A number after a full stop is one of a list only if no abbreviation ended there: ``табл. 5.``
ENUMERATOR_LEFT = re.compile(
    r"(?:^|[:;]\s+)(?:\d{1,2}|[а-яёa-z]|[IVX]{1,4})[.)]$|[а-яё]{5}[»”)]?[.!?…]\s+\d{1,2}[.)]$"
)
TAIL_LEFT = re.compile(
    r"\bи\s(?:др|пр|т\.\s?д|т\.\s?п)\.$|\d\s?°[CСF]\.$|\b(?:табл|рис|ст|п|гл|стр|разд)\.\s\d+\.$"
)
# What razdel's list of leading abbreviations lacks.
TITLE_LEFT = re.compile(
    r"(?:^|[\s(«])(?:ген|адм|акад|доц|респ|наб|пос|дер|г-н|г-жа|т\. ?ч|т\. ?н|т\. ?е|и\. ?о|напр|"
    r"кирг|узб|туркм|тадж|азерб|арм|груз|молд)\.$",
    re.IGNORECASE,
)
# An abbreviation that often ends a sentence and as often does not.
YEAR_LEFT = re.compile(
    r"(?:\d{3,4}(?:-[а-яё]{1,2})?|[IVXLC]+)(?:\s*[-–—]\s*\d{2,4})?\s+(?:гг?|вв?)\.$"
)
UNIT_LEFT = re.compile(
    r"(?:\d|\b(?:тыс|млн|млрд|трлн)\.?|[кМГТ]?Вт·)\s*"
    r"(?:т|ч|с|м|р|мин|сек|км|кв\. км|куб\. м|га|долл|руб|коп|барр|чел|"
    r"экз|проц|п\. п|тыс|млн|млрд|трлн|л\. с|л|кг|г)\.$"
)
CAPITAL_RIGHT = re.compile(r"[«“\"„(]?[А-ЯЁA-Z]")
SURNAME = r"[А-ЯЁ][а-яё]+(?:[оеё]в|[иы]н|[сц]к|ко|ян|ли|дзе|швили|ман|ич|ой|ый|ий)"
INITIALS_LEFT = re.compile(rf"{SURNAME}[а-яё]{{0,3}} (?:[А-ЯЁ]\.\s?){{1,2}}$")
INITIAL_RIGHT = re.compile(r"[А-ЯЁ]\.")
SURNAME_RIGHT = re.compile(rf"{SURNAME}[а-яё]{{0,3}}\b")
SPLIT_PLACE = re.compile(r"\.\s+(?=[«“\"„(]?[А-ЯЁA-Z])")

LAST_CLAUSE = re.compile(
    r".*,\s+(?:что|чтобы|если|когда|где|хотя|поскольку|пока|котор\w+)\s|^Как\s[^,]*,", re.DOTALL
)
PREDICATES = frozenset({"VERB", "PRTS", "PRED", "ADJS"})
WORDS = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
SENTENCE_END = re.compile(r"[.!?…]\s+[А-ЯЁA-Z«]")


# -- rules, in order --------------------------------------------------------------------------


def semicolon(place: Place) -> Verdict:
    """A semicolon parts clauses and items of a list, not sentences."""
    return "join" if place.left.endswith(";") else None


def enumerator(place: Place) -> Verdict:
    """``три пункта: 1. Граница``: the number belongs to what follows."""
    return "join" if ENUMERATOR_LEFT.search(place.left) else None


def currency(place: Place) -> Verdict:
    """``27,8 млрд долл. США``."""
    return (
        "join" if CURRENCY_LEFT.search(place.left) and CURRENCY_RIGHT.match(place.right) else None
    )


def reference(place: Place) -> Verdict:
    """``см. рис. 5``, ``ст. IV``."""
    return "join" if REFERENCE_LEFT.search(place.left) and NUMBER_RIGHT.match(place.right) else None


def initials(place: Place) -> Verdict:
    """``Петров В. В. Редактор``: initials after a surname end it, unless a surname follows."""
    if not INITIALS_LEFT.search(place.left) or INITIAL_RIGHT.match(place.right):
        return None
    return "join" if SURNAME_RIGHT.match(place.right) else "split"


def ambiguous(place: Place) -> Verdict:
    """``в 2024 г. Стороны``, ``5 млрд руб. Жители``: two sentences if both have a predicate."""
    if not (YEAR_LEFT.search(place.left) or UNIT_LEFT.search(place.left)):
        return None
    if not CAPITAL_RIGHT.match(place.right):
        return "join"
    clause = LAST_CLAUSE.sub("", place.clause)
    ahead = SENTENCE_END.split(place.right, maxsplit=1)[0]
    return "split" if has_predicate(clause) and has_predicate(ahead) else "join"


def tail(place: Place) -> Verdict:
    """``и т. д.``, ``25 °C.``, ``табл. 5.`` before a capital: the sentence is over."""
    return "split" if TAIL_LEFT.search(place.left) and CAPITAL_RIGHT.match(place.right) else None


def title(place: Place) -> Verdict:
    """``г. Бишкек``, ``им. Ломоносова``, ``ген. Иванов``: the abbreviation leads a name."""
    return "join" if TITLE_LEFT.search(place.left) else None


RULES: tuple[Rule, ...] = (
    semicolon,
    enumerator,
    currency,
    reference,
    initials,
    ambiguous,
    tail,
    title,
)


def verdict(text: str, begin: int, end: int, start: int, limit: int) -> Verdict:
    """Return what the first rule that speaks says of a place in *text*.

    The sentence before it reaches from *begin* to *end*, the one after it from *start* to *limit*
    at most.
    """
    place = Place(
        left=text[max(begin, end - NEAR) : end],
        right=text[start : min(limit, start + FAR)],
        clause=text[max(begin, end - FAR) : end],
    )
    for rule in RULES:
        if answer := rule(place):
            return answer
    return None


# -- predicates -------------------------------------------------------------------------------


def has_predicate(text: str) -> bool:
    """Tell whether a clause has a finite verb, short form or predicative, or a copular dash."""
    return " — " in text or any(
        parses(word)[0].tag.POS in PREDICATES for word in WORDS.findall(text)
    )


# -- cutting ----------------------------------------------------------------------------------


def sentences(text: str) -> list[Span]:
    """Cut *text* into sentences; spans are in order and only white space lies between them."""
    joined: list[Span] = []
    for start, end in _first_cuts(text):
        last = joined[-1] if joined else None
        # A dash or three stars are no sentence of their own.
        wordless = not any(map(str.isalnum, text[start:end]))
        if last and (wordless or verdict(text, last.start, last.end, start, len(text)) == "join"):
            joined[-1] = Span(last.start, end)
        else:
            joined.append(Span(start, end))
    return [
        piece for span in joined for part in _parts(text, span) for piece in shorten(text, part)
    ]


def _first_cuts(text: str) -> Iterator[tuple[int, int]]:
    """Yield razdel's sentences; a long text goes in portions, since its time grows squarely."""
    from razdel import sentenize

    begin = 0
    while begin < len(text):
        end = len(text)
        if end - begin > PORTION:
            end = _border(text, begin + PORTION // 2, begin + PORTION)
        for found in sentenize(text[begin:end]):
            if found.start < found.stop:
                yield begin + found.start, begin + found.stop
        begin = end


def _parts(text: str, span: Span) -> Iterator[Span]:
    """Split where razdel did not: after abbreviations that end the sentence here."""
    start = span.start
    for place in SPLIT_PLACE.finditer(text, span.start, span.end):
        end, following = place.start() + 1, place.end()
        if following < span.end and verdict(text, start, end, following, span.end) == "split":
            yield Span(start, end)
            start = following
    yield Span(start, span.end)


# Where an overlong sentence may be cut, the best first.
BORDERS = (
    re.compile(r"[.!?…][»”\")]*\s+"),
    re.compile(r";\s*"),
    re.compile(r":\s+|\s+[—–]\s+"),
    re.compile(r",\s+"),
    re.compile(r"\s+"),
)


def shorten(text: str, span: Span) -> Iterator[Span]:
    """Cut a span longer than LONGEST at the best border in its second half, again and again."""
    start, end = span.start, span.end
    while end - start > LONGEST:
        cut = _border(text, start + LONGEST // 2, start + LONGEST)
        yield Span(start, start + len(text[start:cut].rstrip()))
        start = end - len(text[cut:end].lstrip())
    yield Span(start, end)


def _border(text: str, low: int, high: int) -> int:
    """Return the last place of the best kind between *low* and *high*."""
    for border in BORDERS:
        if places := list(border.finditer(text, low, high)):
            return places[-1].end()
    return high
