"""How numbers and dates are written in Chinese, so that another can be written the same way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from workbench.domain.language import Span
from workbench.languages.chinese_numbers import DIGITS, han_values, scale

# (the value to write, the other value of the same place) → how it is written; "" where it is not.
Rendering = Callable[[str, str], str]

MOST = Fraction(10**16)
_SCALES = (("万亿", 10**12), ("亿", 10**8), ("万", 10**4))
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:([, ])\d{3})+(?:\.\d+)?")
_SCALED = re.compile(r"(\d+(?:\.\d+)?)(\s*)([千百十]?[万亿]|万亿)")
_TWO_SCALES = re.compile(r"\d+亿\d+万")
_HAN = re.compile("[一二两三四五六七八九十百]+")
# Before these a Han numeral counts, and is no part of another word (一些, 三亚, 万一).
_COUNTED = "个名位国人项家次届条种座天岁倍枚架艘辆件份场轮页章票年月日号时点分"
_NUMERALS = {n: digit for digit, n in DIGITS.items() if digit not in "〇两"}


@dataclass(frozen=True, slots=True)
class Value:
    """A number to be written, the figures that stand for it in the Russian text, and its kind."""

    number: Fraction
    written: str
    kind: str


def rendered(wanted: Value, text: str, span: Span) -> str | None:
    """Return *wanted* in the manner of the number that stands at *span*; None if it cannot be."""
    piece = span.of(text)
    made = None
    if not 0 <= wanted.number < MOST:
        return None
    if found := _GROUPED.fullmatch(piece):
        made = _grouped(_figures(wanted), found[1])
    elif _FIGURE.fullmatch(piece):
        made = _figures(wanted)
        made = made.zfill(2) if made and len(piece) == 2 and piece.startswith("0") else made
    elif found := _SCALED.fullmatch(piece):
        made = _scaled(wanted.number, found[3], found[2])
    elif _TWO_SCALES.fullmatch(piece):
        made = _two_scales(wanted.number)
    elif _HAN.fullmatch(piece):
        made = _han(wanted, text, span)
    return made


def _figures(wanted: Value) -> str | None:
    """Return the number in figures, with the decimals that the Russian text writes."""
    plain = re.sub(r"\s", "", wanted.written).replace(",", ".")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain) and Fraction(plain) == wanted.number:
        return plain if wanted.kind == "number" else str(int(plain))
    return _decimal(wanted.number)


def _decimal(number: Fraction) -> str | None:
    """Return the number in figures; None when four decimals do not say it."""
    if (number * 10**4).denominator != 1:
        return None
    whole, rest = divmod(int(number * 10**4), 10**4)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")


def _grouped(figures: str | None, mark: str) -> str | None:
    if figures is None:
        return None
    whole, point, rest = figures.partition(".")
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", mark, whole) + point + rest


def _scaled(number: Fraction, like: str, space: str) -> str | None:
    """Return the number with the scale of the old one, or one that suits it better."""
    fits = [(like, scale(like))] if 1 <= number / scale(like) < 10**4 else []
    for word, factor in (*fits, *_SCALES):
        if number >= factor:
            figures = _decimal(number / factor)
            return None if figures is None else f"{figures}{space}{word}"
    return _decimal(number)


def _two_scales(number: Fraction) -> str | None:
    if number.denominator != 1 or number % 10**4 or number >= 10**12:
        return None
    high, low = divmod(int(number), 10**8)
    parts = f"{high}亿" if high else "", f"{low // 10**4}万" if low else ""
    return "".join(parts) or None


def _han(wanted: Value, text: str, span: Span) -> str | None:
    ordinal = text[: span.start].endswith("第")
    if not ordinal and text[span.end : span.end + 1] not in tuple(_COUNTED):
        return None
    if len(han_values(span.of(text))) != 1 or wanted.number.denominator != 1:
        return None
    number = int(wanted.number)
    if number == 2 and not ordinal and text[span.end] not in "月日号":
        return "两"
    if not 1 <= number < 100:
        return None
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + (_NUMERALS[ones] if ones else "")


# -- dates and times in figures -----------------------------------------------------------


def _chinese_date(value: str, _other: str) -> str:
    """``12.03.2026`` → ``2026年3月12日``."""
    day, month, year = value.split(".")
    return f"{int(year)}年{int(month)}月{int(day)}日"


def _iso_date(value: str, _other: str) -> str:
    day, month, year = value.split(".")
    return f"{year}-{int(month):02}-{int(day):02}"


def _day(value: str, other: str) -> str:
    """``12.03.2026`` → ``3月12日``, where the year stays."""
    day, month, year = value.split(".")
    return f"{int(month)}月{int(day)}日" if other.endswith(f".{year}") else ""


def _same(value: str, _other: str) -> str:
    return value


def _clock(value: str, _other: str, hour: str = "时") -> str:
    """``09:15`` → ``9时15分``."""
    hours, minutes = value.split(":")
    return f"{int(hours)}{hour}{minutes}分"


def _point(value: str, other: str) -> str:
    return _clock(value, other, "点")


def _full_hour(value: str, other: str) -> str:
    """``10:00`` → ``10时``, where the other is a full hour too."""
    hours, minutes = value.split(":")
    return f"{int(hours)}时" if minutes == "00" and other.endswith(":00") else ""


# The longer come first: ``3月12日`` stands in ``2026年3月12日`` too.
RENDERINGS: dict[str, tuple[Rendering, ...]] = {
    "date": (_chinese_date, _iso_date, _same, _day),
    "time": (_same, _clock, _point, _full_hour),
}
