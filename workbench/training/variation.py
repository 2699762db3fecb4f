"""Variants of a pair, so that a small corpus is not learnt by heart.

A figure that stands on both sides is exchanged for another one; two short pairs become one long
line. Both keep the translation exact.
"""

from __future__ import annotations

import re
from random import Random

from workbench.training.corpus import TextPair

_FIGURE = re.compile(r"\d+(?:[.,]\d+)?")
_MAGNITUDE = re.compile(r"[\s\u00a0]*(млн|млрд|тыс|трлн|миллион|миллиард|тысяч|триллион|[万亿])")
"""Words that make the two sides write a figure differently (1,7 млн, 170万)."""

_YEAR = re.compile(r"(19|20)\d\d")
_LONGEST_JOINED = 110
"""Characters of a Russian line up to which it may be joined with another one."""


def renumbered(random: Random, pair: TextPair) -> TextPair:
    """Return the pair with one figure exchanged on both sides, or as it was.

    Only figures of two digits or more that stand exactly once on either side are touched; a year
    stays a year and what may be a day of the month stays one.
    """
    ru, zh = _figures(pair[0]), _figures(pair[1])
    for key, found in ru.items():
        if len(key) < 2 or len(found) != 1 or len(zh.get(key, ())) != 1 or random.random() < 0.4:
            continue
        new = _another(random, key)
        shown = new.replace(".", ",") if "," in found[0].group() else new
        return _put(pair[0], found[0], shown), _put(pair[1], zh[key][0], new)
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
    if _YEAR.fullmatch(figure):
        return f"{random.choice(('19', '20', '20'))}{figure[2:]}"
    if len(figure) == 2 and int(figure) <= 31:
        return str(random.randint(10, 31))
    first, rest = str(random.randint(1, 9)), figure[1:]
    return first + "".join(c if c == "." else str(random.randint(0, 9)) for c in rest)


def _put(text: str, place: re.Match[str], new: str) -> str:
    return text[: place.start()] + new + text[place.end() :]
