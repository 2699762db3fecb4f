"""Numbers in Russian text: figures, scales, dates, times, centuries, words in every case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

from workbench.languages.numbers import Number, Reading, Rule, Values, scan
from workbench.languages.russian_numerals import numeral_readings

PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-", "‑": "-"})
FIGURE = r"(?<!\d)(?<!\d[.,])(\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?)"
SCALE = r"(тыс(?!\w)|тысяч\w*|млн|миллион\w*|млрд|миллиард\w*|трлн|триллион\w*)"
SCALES = {"тыс": 10**3, "млн": 10**6, "мил": 10**6, "млр": 10**9, "трл": 10**12, "три": 10**12}
ENERGY = {"к": 1, "кило": 1, "м": 10**3, "мега": 10**3, "г": 10**6, "гига": 10**6, "т": 10**9}
LESS = r"(?:сокра|упа|пада|пониз|короч|сниз|сниж|умень|меньш|мень|ниже|дешев|слаб|медлен|реже)\w*"
MONTHS = (
    *("январ", "феврал", "март", "апрел", "ма", "июн"),
    *("июл", "август", "сентябр", "октябр", "ноябр", "декабр"),
)
MONTH = (
    r"((?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)(?:ь|я|ю|ем|ём|е|ск\w+|ьск\w+)"
    r"|(?:март|август)(?:а|у|ом|е|овск\w+)?|ма(?:й|я|ю|ем|е|йск\w+))\b"
)
DASH = r"\s*[-–—]\s*"
ORDINAL = r"-?(?:ый|ой|ий|й|ого|его|го|ому|ему|му|ым|им|ом|м|ая|яя|я|ую|ю|ое|е|ые|ых|х|ти|ми)\b"


def russian_numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of *text* in order."""
    return scan(text.translate(PLAIN), _rules())


def value(figure: str) -> Fraction:
    """Return the value of ``1 234,5``."""
    return Fraction(figure.replace(" ", "").replace(",", "."))


def scale(word: str) -> int:
    """Return the factor of ``млрд``, ``миллиардов``."""
    word = word.lower()
    return 10**9 if word.startswith("миллиард") else SCALES[word[:3]]


def roman(numeral: str) -> int:
    """Return the value of ``XIX`` (Cyrillic letters of the same shape included)."""
    sizes = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "Х": 10, "І": 1, "С": 100}
    digits = [sizes[letter] for letter in numeral]
    following = [*digits[1:], 0]
    return sum(-d if d < after else d for d, after in zip(digits, following, strict=True))


def month(word: str) -> int:
    """Return 1–12 for a month in any case."""
    word = word.lower()
    stems = [n for n, stem in enumerate(MONTHS, 1) if word.startswith(stem)]
    return stems[-1] if len(stems) == 1 else next(n for n in stems if MONTHS[n - 1] != "ма")


def _date(match: re.Match[str]) -> Iterator[Reading]:
    for group in (1, 2, 3):
        number = int(match[group])
        short = group == 3 and len(match[group]) == 2
        yield Reading(group, (number, 2000 + number, 1900 + number) if short else (number,))


def _time(match: re.Match[str]) -> Iterator[Reading]:
    # With a point it may also be the number of a section or a decimal.
    whole = () if match[2] == ":" else (Fraction(f"{match[1]}.{match[3]}"),)
    yield Reading(1, (int(match[1]), int(match[1]) % 12, *whole))
    yield Reading(3, (int(match[3]), *whole), required=match[3] != "00")


def _compound(match: re.Match[str]) -> Iterator[Reading]:
    total = value(match[1]) * scale(match[2]) + value(match[3]) * scale(match[4])
    if scale(match[2]) > scale(match[4]):
        yield Reading(0, (total,))


def _range(match: re.Match[str]) -> Iterator[Reading]:
    """``10–15 тыс.``: the scale may belong to both."""
    factor = scale(match[3])
    yield Reading(1, (value(match[1]), value(match[1]) * factor))
    yield Reading(2, (value(match[2]) * factor,))


def _scaled(match: re.Match[str]) -> Iterator[Reading]:
    half = Fraction(1, 2) if match[2] else 0
    yield Reading(0, ((value(match[1]) + half) * scale(match[3]),))


def _half(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(0, (value(match[1]) + Fraction(1, 2),))


def _power(match: re.Match[str]) -> Iterator[Reading]:
    """``2 ГВт`` is 200万千瓦: the kilowatt counts in Chinese; ``млрд кВт`` keeps its factor."""
    number = value(match[1]) * (scale(match[2]) if match[2] else 1)
    yield Reading(0, (number, number * ENERGY[match[3].lower()]))


def _day(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(1, (int(match[1]),))
    yield Reading(2, (month(match[2]),))


def _decade(match: re.Match[str]) -> Iterator[Reading]:
    number = int(match[1])
    options: Values = (number, number % 100, 1900 + number % 100, 1800 + number % 100)
    if number % 1000 == 0 and number >= 1000:
        yield Reading(1, (number, number // 100 + 1), required=False)
    else:
        yield Reading(1, options if number < 100 else (number, number % 100), not match[2])


def _century(match: re.Match[str]) -> Iterator[Reading]:
    required = not match.string[: match.start()].rstrip().endswith("рубеже")
    for group in (1, 2):
        if match[group]:
            yield Reading(group, (roman(match[group]),), required)


def _roman(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(0, (roman(match[0]),), required=False)


def _fraction(match: re.Match[str]) -> Iterator[Reading]:
    over, under = int(match[1]), int(match[2])
    ratio = (Fraction(over, under),) if under else ()
    yield Reading(0, (over, under, *ratio))


def _short_year(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(1, (int(match[1]),))
    yield Reading(2, (int(match[2]), int(match[1][:2] + match[2])))


def _hour(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(1, (int(match[1]), int(match[1]) % 12, int(match[1]) + 12))


def _hundredweight(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(0, (value(match[1]), value(match[1]) * 100, value(match[1]) / 10))


def _kilometres(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(1, (value(match[1]), value(match[1]) * 1000))


def _length(match: re.Match[str]) -> Iterator[Reading]:
    """``8 метров 71 сантиметр``."""
    yield Reading(0, (value(match[1]) + Fraction(int(match[2]), 100),))


def _centimetres(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(1, (value(match[1]), value(match[1]) / 100))


def _times_less(match: re.Match[str]) -> Iterator[Reading]:
    """``в 1,6 раза меньше``: Chinese gives a share instead, often a round one."""
    group = 1 if match[1] else 2
    yield Reading(group, (value(match[group]),), required=False)


def _label(match: re.Match[str]) -> Iterator[Reading]:
    """``S7``, ``3D``: part of a name, which the target may call otherwise."""
    group = 1 if match[1] else 2
    yield Reading(group, (int(match[group]),), required=False)


def _figure(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(1, (value(match[1]),))


@cache
def _rules() -> tuple[Rule, ...]:
    def rule(pattern: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
        return re.compile(pattern, flags)

    # A figure with a point is a time unless a quantity follows.
    quantity = r"[\d,.:]*\d| \d{3}|\s*(?:%|тыс|мл|трлн|проц|п\. ?п|раз|руб|долл|евро|км|кг|[мт]\b)"
    century = rf"([IVXХІ]+)(?:{DASH}([IVXХІ]+))?(?=\s*(?:век|столети|вв?\.|квартал|полугоди))"
    return (
        (rule(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?!\.?\d)"), _date),
        (rule(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)"), _date),
        (rule(rf"(?<![\d.,:])([01]?\d|2[0-4])([.:])([0-5]\d)(?!{quantity})"), _time),
        (rule(rf"{FIGURE}\s*{SCALE}\.?\s+(\d+(?:,\d+)?)\s*{SCALE}\.?"), _compound),
        (rule(rf"{FIGURE}(?:{DASH}| до | или )(\d+(?:[.,]\d+)?)[ -]*{SCALE}"), _range),
        (rule(rf"{FIGURE}\s*(?:{SCALE}\.?\s*)?(к|м|г|т|кило|мега|гига)(?:ватт\w*|вт)\b"), _power),
        (rule(rf"{FIGURE}( с половиной)?[ -]*{SCALE}"), _scaled),
        (rule(rf"{FIGURE} с половиной"), _half),
        (rule(rf"{FIGURE}\s*(?:ц|центнер\w*)\b"), _hundredweight),
        (rule(rf"(?<!\d)(\d{{1,2}})(?:{ORDINAL})?\s+{MONTH}"), _day),
        (rule(MONTH), lambda match: [Reading(1, (month(match[1]),), required=False)]),
        (rule(r"(?<!\d)(\d{4}|\d0)-?(?:е|х|ых|м|ми)\b(\s+числ)?"), _decade),
        (rule(century, 0), _century),
        (rule(r"\b(?:[IVXХІ]+|[IVXLC]{2,})\b", 0), _roman),
        (rule(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])"), _fraction),
        (rule(r"(?<!\d)((?:19|20)\d\d)[-–—/](\d\d)(?!\d)"), _short_year),
        (rule(r"(?<![\d.,])(\d{1,2})(?=\s*(?:час\w*|ч\.?)?\s*(?:вечера|дня|ночи|утра)\b)"), _hour),
        (rule(rf"{FIGURE}\s*(?:метр\w*|м)\s+(\d{{1,2}})\s*(?:сантиметр\w*|см)\b"), _length),
        (rule(rf"{FIGURE}\s*(?:см|сантиметр\w*)\b"), _centimetres),
        (rule(rf"{FIGURE}\s*(?:км|километр\w*)\b"), _kilometres),
        (
            rule(rf"{LESS}[^.;]{{0,30}}?\bв {FIGURE}(?= раз)|\bв {FIGURE}(?= раза? {LESS})"),
            _times_less,
        ),
        (rule(r"(?<=[A-Z])(\d+)(?!\d)|(?<![\d.,])(\d+)(?=[A-Z])", 0), _label),
        (rule(FIGURE), _figure),
        (rule(r"[а-яё]+(?:[ -]+[а-яё]+)*"), numeral_readings),
    )
