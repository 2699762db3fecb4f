"""Numbers in Chinese text: figures with 万 and 亿, dates, centuries, Han numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, partial

from workbench.languages.numbers import Number, Reading, Rule, Values, scan

HALF = Fraction(1, 2)
S = r"\s*"
PLAIN = {ord("０") + n: str(n) for n in range(10)} | {ord("．"): ".", ord("％"): "%", 0xA0: " "}
FIGURE = (
    r"(?<!\d)(?<!\d\.)(\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?: \d{3})+(?!\d)|\d+(?:\.\d+)?)"
)
ABOUT = r"\s*[多余来几]?\s*"
UNITS = "克|米|瓦|卡|伏|赫|帕|分|字节|比特|焦|升|年|里"
SCALE = rf"(万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|(?:千|百)(?!{UNITS}))"
SCALES = {"万": 10**4, "亿": 10**8, "千": 10**3, "百": 10**2, "十": 10}
DASH = r"(?:\s*[-–—~～]+\s*|至|到|、|或)"
DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
HAN = "[零〇一二两三四五六七八九十百千万亿]"
# Words that stand for one of several values.
WORDS: tuple[tuple[Values, str], ...] = (
    ((HALF, 50, 2, 30, 6, Fraction(3, 2), Fraction(5, 2)), "半"),
    ((1, 6), "上半年|上半叶|上半"),
    ((2, 6), "下半年|下半叶|下半"),
    ((1,), "首|元旦|元年|头|单|独|本|每|同一|月初"),
    ((2,), "双|俩|次年|次日|副|乙|丙|再次|对"),
    ((24, 1), "昼夜|全天候|全天|一天"),
    ((7, 14), "周|星期"),
    ((15, 45), "刻"),
    ((20,), "廿"),
    ((100,), "百分|世纪|百"),
    ((3, 12), "季度"),
)

# Behind a result of sports stands a sign or one of these; any other word is what is counted.
RESULT_ENDS = r"(?=$|[^\u4e00-\u9fff\d.]|[的夺获赢完跑游跳摘刷创])"


def chinese_numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of *text* in order."""
    return scan(text.translate(PLAIN), _rules())


def value(figure: str) -> Fraction:
    """Return the value of ``1,234.5``."""
    return Fraction(figure.replace(",", "").replace(" ", ""))


def scale(word: str) -> int:
    """Return the factor of ``千万``."""
    factor = 1
    for letter in word:
        factor *= SCALES[letter]
    return factor


def han_values(numeral: str) -> set[int]:
    """Return what a Han numeral may mean: ``二十三`` 23, ``二〇二五`` 2025, ``三四`` 3 or 4."""
    digits = [DIGITS[letter] for letter in numeral if letter in DIGITS]
    if not any(letter in PLACES for letter in numeral):
        positional = int("".join(str(digit) for digit in digits))
        return {*digits, positional} if len(digits) <= 2 else {positional}
    total = section = 0
    last: int | None = None
    values: set[int] = set()
    for letter in numeral:
        if letter in DIGITS:
            if last and DIGITS[letter]:
                values.add(last * 10)  # 二三十: twenty to thirty
            last = DIGITS[letter]
        elif PLACES[letter] < 10**4:
            section += (1 if last is None else last) * PLACES[letter]
            last = None
        else:
            section += last or 0
            total = (total + section or 1) * PLACES[letter]
            section, last = 0, None
    return values | {total + section + (last or 0)}


def _plain(match: re.Match[str]) -> Iterator[Reading]:
    for group in range(1, (match.re.groups or 0) + 1):
        if match[group]:
            yield Reading(group, (value(match[group]),))


def _time(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(1, (int(match[1]), int(match[1]) % 12))
    yield Reading(2, (int(match[2]),), required=match[2] != "00")


def _afternoon(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(1, (int(match[1]), int(match[1]) + 12))


def _decade(match: re.Match[str]) -> Iterator[Reading]:
    yield from _decades(match, groups=(2,))


def _decades(match: re.Match[str], groups: tuple[int, ...] = (2, 3)) -> Iterator[Reading]:
    """``20世纪50至60年代``: the decades count, the century need not be said in Russian."""
    century = int(match[1])
    yield Reading(1, (century,), required=False)
    for group in groups:
        decade = int(match[group])
        yield Reading(group, ((century - 1) * 100 + decade, decade))


def _years(match: re.Match[str]) -> Iterator[Reading]:
    number = int(match[1])
    yield Reading(1, (number, number % 100, 1900 + number % 100, 1800 + number % 100))


def _century(match: re.Match[str]) -> Iterator[Reading]:
    century = int(match[1])
    yield Reading(1, (century, (century - 1) * 100))


def _sum(match: re.Match[str]) -> Iterator[Reading]:
    """``3亿4500万``, ``1万2千``, ``200多万``; a tail without a scale counts too."""
    total = Fraction(0)
    for figure, factor in re.findall(rf"{FIGURE}{ABOUT}{SCALE}?", match[0]):
        total += value(figure) * scale(factor)
    half = match[0].endswith("半") and Fraction(scale(match[0][-2]), 2)
    yield Reading(0, (total + (half or 0),))


def _range(match: re.Match[str]) -> Iterator[Reading]:
    factor = scale(match[3])
    yield Reading(1, (value(match[1]), value(match[1]) * factor))
    yield Reading(2, (value(match[2]) * factor,))


def _fraction(match: re.Match[str]) -> Iterator[Reading]:
    left, right = int(match[1]), int(match[2])
    ratios = (Fraction(left, right), Fraction(right, left)) if left and right else ()
    yield Reading(0, (left, right, *ratios))


def _short_year(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(1, (int(match[1]),))
    yield Reading(2, (int(match[2]), int(match[1][:2] + match[2])))


def _times_more(match: re.Match[str]) -> Iterator[Reading]:
    """增长2倍 is three times as much; 是……的2倍 is twice."""
    yield Reading(1, (value(match[1]), value(match[1]) + 1))


def _tenths(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(0, (value(match[1]) * 10,))


def _and_a_half(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(1, (value(match[1]), value(match[1]) + HALF))


def _label(match: re.Match[str]) -> Iterator[Reading]:
    """``3D``: part of a name, which the source may call otherwise."""
    group = 1 if match[1] else 2
    yield Reading(group, (int(match[group]),), required=False)


def _figure(match: re.Match[str]) -> Iterator[Reading]:
    # 1名, 1个: Chinese counts where Russian just uses the singular.
    yield Reading(1, (value(match[1]),), required=value(match[1]) != 1)


def _han(match: re.Match[str]) -> Iterator[Reading]:
    options: set[int | Fraction] = set(han_values(match[1]))
    after = match.string[match.end() : match.end() + 2]
    if after.startswith("成"):
        options |= {number * 10 for number in options}
    if after.startswith("倍"):
        options |= {number + 1 for number in options}
    if after[:1] == "半" or after[1:] == "半":
        options |= {number + HALF for number in options}
    yield Reading(1, tuple(options), required=False)


def _han_fraction(match: re.Match[str]) -> Iterator[Reading]:
    for under in han_values(match[1]):
        for over in han_values(match[2]):
            ratio = (Fraction(over, under),) if under else ()
            yield Reading(0, (over, *ratio), required=False)


def _metres(match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(0, (int(match[1]) + Fraction(int(match[2]), 100),))


def _hundredths(match: re.Match[str]) -> Iterator[Reading]:
    """``9秒87``, ``8米71``: the results of sports; what is counted has a word behind it."""
    part = Fraction(int(match[2]), 10 ** len(match[2]))
    yield Reading(0, (int(match[1]) + part,))


@cache
def _rules() -> tuple[Rule, ...]:
    figures: tuple[Rule, ...] = (
        (re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)"), _plain),
        (re.compile(r"(?<![\d:：])([01]?\d|2[0-4])[:：]([0-5]\d)(?![\d:：])"), _time),
        (re.compile(r"(?:下午|晚上|晚间|傍晚|凌晨|夜间|夜里|晚)(\d{1,2})(?=[时点:])"), _afternoon),
        (
            re.compile(rf"(\d{{1,2}}){S}世纪{S}(\d0){S}(?:年代)?(?:[至到、和-]|—+){S}(\d0){S}年代"),
            _decades,
        ),
        (re.compile(rf"(\d{{1,2}}){S}世纪{S}(\d0){S}年代"), _decade),
        (re.compile(rf"(?<!\d)(\d{{4}}|\d0){S}年代"), _years),
        (re.compile(rf"(?<!\d)(\d{{1,2}}){S}世纪"), _century),
        (re.compile(rf"{FIGURE}{DASH}{FIGURE}{ABOUT}{SCALE}"), _range),
        (re.compile(rf"(?:{FIGURE}{ABOUT}{SCALE})+(?:(?<=[万千])\d{{1,4}}(?![\d.]))?半?"), _sum),
        (re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])"), _fraction),
        (re.compile(r"(\d+)分之(\d+)"), _fraction),
        (re.compile(r"(?<!\d)((?:19|20)\d\d)[-–—/](\d\d)(?!\d)"), _short_year),
        (re.compile(r"(?<![\d.])(\d+)米(\d{1,2})厘米"), _metres),
        (re.compile(rf"(?<![\d.])(\d+)[米秒](\d{{1,2}}){RESULT_ENDS}"), _hundredths),
        (re.compile(rf"{FIGURE}(?=倍)"), _times_more),
        (re.compile(rf"{FIGURE}成(?!员|立|为|功|果)"), _tenths),
        (re.compile(rf"{FIGURE}(?=.?半)"), _and_a_half),
        (re.compile(r"(?<=[A-Z])(\d+)(?!\d)|(?<![\d.,])(\d+)(?=[A-Z])"), _label),
        (re.compile(FIGURE), _figure),
        (re.compile("翻(?:了?一)?番|翻倍|加倍|倍增|成倍|双倍"), partial(_word, (2, 1, 100, HALF))),
        (re.compile(rf"({HAN}+)分之({HAN}+)"), _han_fraction),
        (re.compile(rf"({HAN}+)"), _han),
    )
    words = ((re.compile(word), partial(_word, options)) for options, word in WORDS)
    return (*figures, *words)


def _word(options: Values, _match: re.Match[str]) -> Iterator[Reading]:
    yield Reading(0, options, required=False)
