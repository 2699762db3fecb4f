"""Variants of a pair, so that a small corpus is not learnt by heart.

A figure that stands on both sides is exchanged for another one; two short pairs become one long
line. Both keep the translation exact.
"""

from __future__ import annotations

import re
from random import Random

from workbench.training.corpus import TextPair

_FIGURE = re.compile(r"(?<![\d:.,])\d+(?:[.,]\d+)?(?![\d:])")
# Words that make the two sides write a figure differently (1,7 млн, 170万).
_MAGNITUDE = re.compile(r"[\s\u00a0]*(млн|млрд|тыс|трлн|миллион|миллиард|тысяч|триллион|[万亿])")
# Months and centuries stand in words on the other side.
_NAMED = re.compile(r"\s*(?:月|世纪)")
_YEAR = re.compile(r"(19|20)\d\d")
# Characters of a Russian line up to which it may be joined with another one.
_LONGEST_JOINED = 110
_TRIES = 20


def renumbered(random: Random, pair: TextPair) -> TextPair:
    """Return the pair with one figure exchanged on both sides, or as it was.

    Only figures of two digits or more that stand exactly once on either side are touched. The new
    one is of the same kind: a year, what may be a day of the month, and the same ending of the
    noun behind it (21 дом, 22 дома, 25 домов).
    """
    ru, zh = _figures(pair[0]), _figures(pair[1])
    for key, found in ru.items():
        if len(key) < 2 or len(found) != 1 or len(zh.get(key, ())) != 1 or random.random() < 0.4:
            continue
        new = _another(random, key)
        for text, place in ((pair[0], found[0]), (pair[1], zh[key][0])):
            if _NAMED.match(text, place.end()):
                new = key
        return _put(pair[0], found[0], new), _put(pair[1], zh[key][0], new)
    return pair


def joined(first: TextPair, second: TextPair) -> TextPair:
    """Return both pairs as one line; *first* alone when one of them is long."""
    if max(len(first[0]), len(second[0])) >= _LONGEST_JOINED:
        return first
    return f"{first[0]} {second[0]}", first[1] + second[1]


def _figures(text: str) -> dict[str, list[re.Match[str]]]:
    """Return the figures of a text by their value, written with a point."""
    found: dict[str, list[re.Match[str]]] = {}
    for match in _FIGURE.finditer(text):
        if not _MAGNITUDE.match(text, match.end()):
            found.setdefault(match.group().replace(",", "."), []).append(match)
    return found


def _another(random: Random, figure: str) -> str:
    """Return a figure that takes the same forms; *figure* itself where none was found."""
    for _ in range(_TRIES):
        new = _draw(random, figure)
        if _agreement(new) == _agreement(figure):
            return new
    return figure


def _draw(random: Random, figure: str) -> str:
    if _YEAR.fullmatch(figure):
        return f"{random.choice(('19', '20', '20'))}{figure[2:]}"
    if len(figure) == 2 and int(figure) <= 31:
        return str(random.randint(10, 31))
    first, rest = str(random.randint(1, 9)), figure[1:]
    return first + "".join(c if c == "." else str(random.randint(0, 9)) for c in rest)


def _agreement(figure: str) -> int:
    """Return 0 for a decimal fraction, else the class of the noun's form: 1, 2 (–4) or 5."""
    if "." in figure:
        return 0
    last, teen = int(figure[-1]), figure[-2:-1] == "1"
    if teen or last in {0, *range(5, 10)}:
        return 5
    return 1 if last == 1 else 2


def _put(text: str, place: re.Match[str], new: str) -> str:
    """Write *new* in the place of a figure, with the sign that parted the old one."""
    shown = new.replace(".", ",") if "," in place.group() else new
    return text[: place.start()] + shown + text[place.end() :]
