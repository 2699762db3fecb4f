"""A woman's surname in Chinese, made from her husband's or father's: 朱可夫 → 朱可娃."""

from __future__ import annotations

import re

_WOMANS = re.compile(r"(?P<stem>.*(?:ов|ев|ёв|[иы]н))а$")
_WOMANS_ADJECTIVE = re.compile(r"(?P<stem>.*(?:ск|цк))ая$")


def masculine_name(surname: str) -> str:
    """Return the man's form of a woman's Russian surname, or nothing if it has none."""
    if found := _WOMANS.match(surname):
        return found["stem"]
    found = _WOMANS_ADJECTIVE.match(surname)
    return found["stem"] + "ий" if found else ""


def feminine_form(surname: str, zh: str) -> str:
    """Return the Chinese form of the woman's surname that belongs to a man's *surname*."""
    lower = surname.lower()
    if lower.endswith(("ов", "ев", "ёв")) and zh.endswith("夫"):
        return zh[:-1] + "娃"
    if lower.endswith(("ин", "ын")):
        return re.sub("林$", "琳", zh) + "娜"
    if lower.endswith(("ский", "цкий")) and zh.endswith("基"):
        return zh[:-1] + "卡娅"
    return zh
