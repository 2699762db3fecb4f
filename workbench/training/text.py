"""Text before it is cut into pieces: normalisation and a light Russian stemmer.

The normalisation is compiled into the SentencePiece model (``spm.model``), so that nothing but the
model is needed at inference: NFKC, except that full-width Chinese punctuation and a few signs stay
as they are; ё and « » stay; stress marks and zero-width signs go.
"""

from __future__ import annotations

import re
import unicodedata

TAGS = ("<t0>", "<t1>", "<t2>")
"""``<t0>source words<t1>wanted Chinese<t2>``."""

WORD = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
HAN = re.compile(r"^[\u4e00-\u9fff]+$")

_KEPT = set("，：；！？（）～…№²³¹½¼¾™℃％–—«»“”‘’")
_DELETED = (
    *(0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E),
    *(0x2060, 0xFEFF, 0xFFFC),
)
_SPACES = (
    *(0x9, 0xA, 0xD, 0xA0, 0x1680),
    *range(0x2000, 0x200B),
    *(0x2028, 0x2029, 0x202F, 0x205F, 0x3000),
)
_ENDING_LIST = """
иями ями ами ыми ими ого его ому ему ая яя ое ее ые ие ой ей ый ий ую юю ом ем ам ям ах ях ов ев
ию ия ии ью ием иям иях ет ют ит ат ят ла ло ли ть ешь ишь ете ите ал ил ел ана ано аны ен ена ено
ены ает ают яет яют ует уют а я о е ы и у ю ь й
"""
_ENDINGS = sorted(_ENDING_LIST.split(), key=len, reverse=True)


def character_rules() -> dict[str, str]:
    """Return the normalisation as a table from strings to strings."""
    rules: dict[str, str] = {}
    for code in range(0x20, 0x10000):
        character = chr(code)
        if 0xD800 <= code < 0xE000 or character in _KEPT:
            continue
        normal = unicodedata.normalize("NFKC", character)
        if normal != character and len(normal) <= 12:
            rules[character] = normal
    rules.update((chr(code), "") for code in (*range(0x01, 0x20), 0x7F))
    rules.update((chr(code), " ") for code in _SPACES)
    rules.update((chr(code), "") for code in _DELETED)
    rules.update({"％": "%", "℃": "°C"})
    rules.update({"и\u0306": "й", "И\u0306": "Й", "е\u0308": "ё", "Е\u0308": "Ё"})
    rules.update((vowel + "\u0301", vowel) for vowel in "аеёиоуыэюяАЕЁИОУЫЭЮЯ")
    return rules


RULES = character_rules()
_SINGLE = {ord(key): value for key, value in RULES.items() if len(key) == 1}
_DOUBLE = [(key, value) for key, value in RULES.items() if len(key) == 2]


def normalise(text: str) -> str:
    """Return *text* as SentencePiece will see it, spaces collapsed."""
    if any(mark in text for mark in "\u0301\u0306\u0308"):
        for key, value in _DOUBLE:
            text = text.replace(key, value)
    return " ".join(text.translate(_SINGLE).split())


def stem(word: str) -> str:
    """Return a Russian word without one ending, at most nine letters."""
    word = word.lower().replace("ё", "е")
    if len(word) > 5 and word[-2:] in {"ся", "сь"}:
        word = word[:-2]
    for ending in _ENDINGS:
        left = len(word) - len(ending)
        if word.endswith(ending) and left >= (3 if len(ending) < 3 else 4):
            word = word[: -len(ending)]
            break
    return word[:9]


def letters(text: str) -> str:
    """Return the letters and digits of *text* in lower case: the key of an exact repetition."""
    return re.sub(r"[\W_]+", "", text.lower())
