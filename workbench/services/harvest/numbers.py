"""Ordinals: VI Всемирные игры and «шестой», which Chinese writes 第六届, 第6次 or 首届."""

from __future__ import annotations

import re

_DIGITS = "零一二三四五六七八九十"
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
_ROMAN_NUMBER = re.compile(r"(?<![\w-])[IVXLХ]{1,7}(?![\w-])")
_ARABIC = re.compile(r"(?<![\w.,])(\d{1,3})(?:-?[а-яё]{1,3})?(?![\w.,])")
_FEW = (
    ("перв", 1),
    ("втор", 2),
    ("трет", 3),
    ("четвёрт", 4),
    ("четверт", 4),
    ("пят", 5),
    ("шест", 6),
    ("седьм", 7),
    ("восьм", 8),
    ("девят", 9),
    ("десят", 10),
)
_ORDINAL = re.compile(r"\b([а-яё]{3,7}?)(?:ый|ой|ий|ая|ое|ые|ого|ому|ым|ых|ья|ье|ьи|ую|ей)\b")
# What is counted between the number and the name: 第六届世界…, 第二次大会.
_COUNTED = ("届", "次", "号", "轮", "期", "版", "批", "")


def is_roman(word: str) -> bool:
    """Tell whether *word* is a Roman number."""
    return _ROMAN_NUMBER.fullmatch(word) is not None


def ordinals(russian: str) -> tuple[str, ...]:
    """Return the Chinese forms, the longest first, of the ordinals in a Russian name."""
    found = [_value(roman) for roman in _ROMAN_NUMBER.findall(russian)]
    found += [int(digits) for digits in _ARABIC.findall(russian)]
    few = dict(_FEW)
    found += [few[word] for word in _ORDINAL.findall(russian.lower()) if word in few]
    return tuple(form for number in found if number for form in _forms(number))


def _forms(number: int) -> list[str]:
    written = [f"第{_chinese(number)}", f"第{number}"]
    if number == 1:
        written.append("首")
    return [form + counted for counted in _COUNTED for form in written]


def _chinese(number: int) -> str:
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return before + (_DIGITS[ones] if ones or not tens else "")


def _value(roman: str) -> int:
    values = [_ROMAN[letter] for letter in roman.replace("Х", "X")]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))
