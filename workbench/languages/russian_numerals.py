"""Russian numerals in words, in every case: cardinal, ordinal, collective, and in compounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from workbench.languages.numbers import Reading, Values

HALF = Fraction(1, 2)
SMALL = 10
_ENDING = r"(?:ый|ой|ий|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ую|юю|ым|им|ом|ем|ых|их|ыми|ими)"
_GROUP = "(?:еро|ерых|ерым|ерыми)"
_TEEN = rf"(?:ь|и|ью|{_ENDING})"
ORDINAL = re.compile(rf".+{_ENDING}")
# Value, and the regular expression of the whole word.
_WORDS: tuple[tuple[int | Fraction, str], ...] = (
    (Fraction(1, 4), r"четверт(?:ь|и|ью)"),
    (1, rf"од(?:ин|н(?:а|о|у|и|ого|ому|ой|им|ом|их|ими))|перв{_ENDING}|впервые|единственн\w+"),
    (Fraction(3, 2), r"полтор[аы]|полутор(?:а|н\w+)"),
    (2, rf"дв(?:а|е|ух|ум|умя|ое|оих|оими?)|об(?:а|е|оих|еих|оим|еим|оими|еими)|втор{_ENDING}"),
    (3, r"тр(?:и|[её]х|[её]м|емя|ое|оих|оими?)|трет(?:ий|ь\w{1,4})"),
    (4, rf"четыр(?:е|[её]х|[её]м|ьмя)|четвер(?:о|ых|ым|ыми)|четв[её]рт{_ENDING}"),
    (5, rf"пят(?:ь|и|ью|{_GROUP}|{_ENDING})"),
    (6, rf"шест(?:ь|и|ью|{_GROUP}|{_ENDING})"),
    (7, rf"сем(?:ь|и|ью|{_GROUP})|седьм{_ENDING}"),
    (8, rf"вос(?:емь|ьми|емью|ьм{_GROUP}|ьмью|ьм{_ENDING})"),
    (9, rf"девят(?:ь|и|ью|{_GROUP}|{_ENDING})"),
    (10, rf"десят(?:ь|и|ью|{_GROUP}|{_ENDING})"),
    (11, rf"одиннадцат{_TEEN}"),
    (12, rf"двенадцат{_TEEN}"),
    (13, rf"тринадцат{_TEEN}"),
    (14, rf"четырнадцат{_TEEN}"),
    (15, rf"пятнадцат{_TEEN}"),
    (16, rf"шестнадцат{_TEEN}"),
    (17, rf"семнадцат{_TEEN}"),
    (18, rf"восемнадцат{_TEEN}"),
    (19, rf"девятнадцат{_TEEN}"),
    (20, rf"двадцат{_TEEN}|двадцатк\w+"),
    (30, rf"тридцат{_TEEN}"),
    (40, rf"сорок(?:а|ов{_ENDING})?"),
    (50, rf"пят(?:ьдесят|идесяти|ьюдесятью|идесят{_ENDING})"),
    (60, rf"шест(?:ьдесят|идесяти|ьюдесятью|идесят{_ENDING})"),
    (70, rf"сем(?:ьдесят|идесяти|ьюдесятью|идесят{_ENDING})"),
    (80, rf"вос(?:емьдесят|ьмидесяти|емьюдесятью|ьмидесят{_ENDING})"),
    (90, rf"девяност(?:о|а|{_ENDING})"),
    (100, rf"ст[оа]|сот{_ENDING}"),
    (150, "пол(?:т|ут)ораста"),
    (200, r"двести|двухсот\w*|двумстам|двумястами|двухстах"),
    (300, r"триста|тр[её]хсот\w*|тр[её]мстам|тремястами|тр[её]хстах"),
    (400, r"четыреста|четыр[её]хсот\w*|четыр[её]мстам|четырьмястами"),
    (500, r"пятьсот|пятисот\w*|пятиста[мх]|пятьюстами"),
    (600, r"шестьсот|шестисот\w*|шестиста[мх]|шестьюстами"),
    (700, r"семьсот|семисот\w*|семиста[мх]|семьюстами"),
    (800, r"восемьсот|восьмисот\w*|восьмиста[мх]"),
    (900, r"девятьсот|девятисот\w*|девятиста[мх]"),
)
# Nouns that multiply the numeral before them: три десятка, пять сотен, полтора тысячелетия.
_NOUNS = (
    (10, r"десят(?:ок|к\w+)|десятилети\w+"),
    (100, r"сот(?:ня|ни|ню|ен|ней|ням|нями|нях|ка|ки|ок)|столети\w+|век\w{0,3}"),
    (1000, r"тысяч\w*|килом\w+"),
    (10**6, r"миллион\w*"),
    (10**9, r"миллиард\w*"),
    (10**12, r"триллион\w*"),
)
# Words that stand for one of several values, whatever stands beside them.
_LOOSE: tuple[tuple[Values, str], ...] = (
    ((90, 50), r"полтор[аы]|полутор\w*"),
    ((HALF, 50, 30, 15, 5), r"половин\w*|пол|полу?(?:час|сут|мес|проц)\w*"),
    ((HALF, 6, 1, 2), r"полу?год\w*|полугоди\w+"),
    ((Fraction(1, 3), Fraction(2, 3), 3), r"трет(?:ь|и|ью|ям|ей)"),
    ((Fraction(1, 4), Fraction(3, 4), 4, 25, 15, 3), r"четверт(?:ь|и|ью|ей)|квартал\w*"),
    (
        (2, 1, HALF, 50, 100),
        r"вдвое|вдво[её]м|двукратн\w+|удво\w+|двойн\w+|дважды|двойк\w+|пар[аыуе]",
    ),
    ((3, 2, Fraction(1, 3)), r"втрое|втро[её]м|тр[её]хкратн\w+|утро\w+|тройн\w+|трижды|тройк\w+"),
    ((4, 3, Fraction(1, 4)), r"вчетверо|вчетвером|четыр[её]хкратн\w+|четв[её]рк\w+|учетвер\w+"),
    ((5, 4), r"впятеро|пятикратн\w+|пят[её]рк\w+"),
    ((7,), r"сем[её]рк\w*|недел\w+"),
    ((24, 48, 72, 1, 2, 3), r"сутк\w+|суток"),
    ((14,), r"двухнедельн\w+"),
    ((12, 6), r"(?:пол)?дюжин\w*|полд\w+н\w*"),
    ((24,), r"круглосуточн\w+"),
    ((19,), r"позапрошл\w+"),
    ((0, 24, 12), r"полноч\w+"),
    ((1,), r"раз|раза|перво\w+|одно\w+|един\w+|кажд\w+|понедельник\w*|месяц\w*"),
)
# Beginnings of compounds (двухдневный, пятилетие, двадцатипятилетний), longest first.
_PREFIXES = (
    (1000, "тысяче"),
    (90, "девяносто"),
    (80, "восьмидесяти"),
    (70, "семидесяти"),
    (60, "шестидесяти"),
    (50, "пятидесяти"),
    (40, "сорока"),
    (30, "тридцати"),
    (20, "двадцати"),
    (19, "девятнадцати"),
    (18, "восемнадцати"),
    (17, "семнадцати"),
    (16, "шестнадцати"),
    (15, "пятнадцати"),
    (14, "четырнадцати"),
    (13, "тринадцати"),
    (12, "двенадцати"),
    (11, "одиннадцати"),
    (10, "десяти"),
    (9, "девяти"),
    (8, "восьми"),
    (7, "семи"),
    (6, "шести"),
    (5, "пяти"),
    (4, r"четыр[её]х|четверо"),
    (3, r"тр[её]х|трое"),
    (2, r"двух|дву|двое"),
    (100, "сто"),
)
# Words inside a numeral that add nothing: два с лишним десятилетия.
_BETWEEN = frozenset({"с", "лишним", "небольшим", "и", "целых", "целая"})


class Patterns(NamedTuple):
    """The tables above, compiled; ``values`` names the group that matched."""

    words: re.Pattern[str]
    values: Mapping[str, int | Fraction]
    nouns: re.Pattern[str]
    factors: Mapping[str, int]
    loose: re.Pattern[str]
    prefix: re.Pattern[str]


@cache
def _patterns() -> Patterns:
    def joined(patterns: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?P<w{n}>{pattern})" for n, pattern in enumerate(patterns)))

    return Patterns(
        joined([word for _, word in _WORDS]),
        {f"w{n}": value for n, (value, _) in enumerate(_WORDS)},
        joined([word for _, word in _NOUNS]),
        {f"w{n}": value for n, (value, _) in enumerate(_NOUNS)},
        joined([word for _, word in _LOOSE]),
        joined([stem for _, stem in _PREFIXES]),
    )


def numeral(word: str) -> int | Fraction | None:
    """Return the value of one numeral word, or None."""
    match = _patterns().words.fullmatch(word)
    return _patterns().values[match.lastgroup] if match and match.lastgroup else None


def factor(word: str) -> int | Fraction | None:
    """Return what a counting noun multiplies by; полмиллиона is half of one."""
    match = _patterns().nouns.fullmatch(word)
    if match and match.lastgroup:
        return _patterns().factors[match.lastgroup]
    half = re.match("полу?", word)
    inner = factor(word[half.end() :]) if half else None
    return None if inner is None else inner * HALF


def numeral_readings(match: re.Match[str]) -> Iterator[Reading]:
    """Read the numerals in a run of words.

    Only a cardinal above ten must have a partner: smaller ones come and go in translation.
    """
    options: set[int | Fraction] = set()
    run = Run()
    runs: list[Run] = []
    for found in re.finditer(r"[а-яё]+|-+", match[0].lower()):
        word = found[0]
        options.update(_loose(word))
        options.update(_beginning(word))
        value, times = numeral(word), factor(word)
        if value is not None:
            run.add(value, found.span(), cardinal=not ORDINAL.fullmatch(word))
        elif times is not None:
            run.multiply(times)
        elif word.startswith("половин"):
            run.add_half()
        elif word not in _BETWEEN:
            runs.append(run)
            run = Run()
    runs.append(run)
    for run in runs:
        options |= run.values()
    # A scale said once for two numbers: от четырёх до пяти тысяч.
    scales = {option for option in options if option in (1000, 10**6, 10**9, 10**12)}
    options |= {option * times for times in scales for option in options if option < 1000}
    # A year without its century: в восемьдесят девятом.
    short = {option for option in options if 10 <= option < 100 and option == int(option)}
    options |= {1900 + option for option in short} | {2000 + option for option in short}
    for run in runs:
        if run.largest > SMALL and run.span:
            related = (
                {o for o in options if o % 100 in run.values()} if run.largest < 100 else set()
            )
            yield Reading(0, tuple(run.values() | related), True, run.span)
    for option in sorted(options):
        yield Reading(0, (option,), required=False)


class Run:
    """Neighbouring numerals, summed as they come; each of them also counts alone."""

    def __init__(self) -> None:
        self.total: int | Fraction = 0
        self.current: int | Fraction = 0
        self.last: int | Fraction = 0
        self.seen: set[int | Fraction] = set()
        self.span: tuple[int, int] | None = None
        self.largest: int | Fraction = 0

    def add(self, value: int | Fraction, span: tuple[int, int], cardinal: bool) -> None:
        """Take a numeral below a thousand; one that does not fit begins a new number."""
        self.span = (self.span[0] if self.span else span[0], span[1])
        self.largest = max(self.largest, value if cardinal else 0)
        if self.last and (value >= self.last or self.last < 20):
            if value > 2 and self.last < 10:
                self.seen.add(Fraction(self.last) / Fraction(value))  # четыре десятых
            self.seen.add(self.total + self.current)
            self.total = self.current = 0
        self.current += value
        self.last = value
        self.seen.add(value)

    def multiply(self, times: int | Fraction) -> None:
        """Take a counting noun."""
        self.seen |= {times, self.total + self.current}
        product = (self.current or 1) * times
        self.seen.add(product)
        if times >= 1000:
            self.total, self.current, self.last = self.total + product, 0, 0
        else:
            self.current, self.last = product, times

    def add_half(self) -> None:
        """Take ``с половиной``."""
        if self.current:
            self.current += HALF
            self.seen.add(self.current)

    def values(self) -> set[int | Fraction]:
        """Return every value that the run may mean."""
        return (self.seen | {self.total + self.current}) - {0}


def _loose(word: str) -> Values:
    match = _patterns().loose.fullmatch(word)
    return _LOOSE[int(match.lastgroup[1:])][0] if match and match.lastgroup else ()


def _beginning(word: str) -> set[int | Fraction]:
    """Return the value that a compound begins with (двадцатипятилетний: 25)."""
    total, place = 0, 0
    while (match := _patterns().prefix.match(word, place)) and match.lastgroup:
        total += _PREFIXES[int(match.lastgroup[1:])][0]
        place = match.end()
    if not total or len(word) - place < 3:
        return set()
    inside = re.match(r"(тысяч|миллион|миллиард)", word[place:])
    times = factor(inside[1]) if inside else None
    return {total} if times is None else {total, total * times}
