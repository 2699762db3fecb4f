"""Brackets of a line, and the Russian that stands in them or before them."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass, field

from workbench.services.harvest.words import words

LONGEST = 400  # characters between two brackets that may still be a name or title
HAN = "\u3400-\u4dbf\u4e00-\u9fff\u3007"
CYRILLIC = "\u0400-\u04ff"

_CYRILLIC = re.compile(f"[{CYRILLIC}]")
_HAN = re.compile(f"[{HAN}]")
_OPENING, _CLOSING = "（(〔［[", "）)〕］]"
_ABBREVIATION = re.compile(r"(?=(?:.*?[А-ЯЁ]){2})[А-ЯЁ][А-Яа-яЁё\-]{1,11}")
_BRACKETED = re.compile(r"(.+?)\s*[（(〔［\[]\s*([^（）()〔〕［］\[\]]+?)\s*[）)〕］\]]")
_OWN = re.compile(r"([А-ЯЁ][^()（）]+?)\s*[（(]([А-ЯЁ][А-Яа-яЁё \-—]+)[）)]")
_OWN_CHINESE = re.compile(rf"[（(][{HAN}]{{2,10}}[）)]$")
_PERSON = re.compile(r"[А-ЯЁ][\w\-]*\.?(?:\s?[А-ЯЁ][\w\-]*\.?){1,3}")
# What may follow a name in its brackets without being a part of it.
_AFTER_NAME = re.compile(
    r"(?:\d|род\b|р\.|г\. ?р|фото|архив|ныне|бывш|ранее|прежде|до \d|с \d|осн\b|основан|ум\.)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:俄文|俄语|俄)(?:全称|简称|名称|原名|原文|原题|题名|标题|题|名|缩写)?(?:为|是|作)?[:：]?\s*"
    r"|(?:简称|缩写)(?:为)?[:：]?\s*"
    r"|(?:рус(?:\.|ский)|далее|сокр(?:\.|ащённо))\s*[:—–-]?\s*(?=[А-ЯЁ])"
)
_CREDIT = "фото|снимок|иллюстраци[яи]|источник|перевод|автор|текст|рисунок|график|карта"
_MONTHS = r"янв|фев|мар|апр|ма[йя]\b|июн|июл|авг|сен|окт|ноя|дек"
_UNITS = r"гг?\.|год|руб|млн|млрд|трлн|тыс|км|м\b|га\b|долл|евро|тенге|сум|чел|тонн|час|лет\b|%"
_REMARK = re.compile(
    r"(?:см|ср|напр|стр|рис|табл|прим|ред|пер|букв|досл|тел|ст|гл|п|т)\.(?!\w)"
    r"|и др\.|в т\. ?ч\.|т\. ?е\."
    rf"|(?:{_CREDIT})\b[^»]*[:/©]|(?:фото|снимок|иллюстрация|перевод)\s"
    r"|(?:в тексте|в оригинале|то есть|дословно|так в|по данным|по состоянию|здесь и далее)\b"
    rf"|\d[\d\s.,–—-]*(?:{_MONTHS}|{_UNITS})|[А-ЯЁ][а-яё]+, \d{{4}}$",
    re.IGNORECASE,
)
_DASHED = re.compile(r"(.+?)\s*(?: [—–-] |\s?/\s?|[:：])\s*(.+)")
_CLOSER = {"»": "«", "”": "“", "“": "„"}


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between two brackets: ``line[start]`` opens, ``line[end - 1]`` closes."""

    start: int
    end: int
    inside: list[Group] = field(default_factory=list)


def groups(line: str) -> list[Group]:
    """Return the outermost pairs of round brackets, either width; those never closed are passed.

    Linear in the length of the line.
    """
    found: list[Group] = []
    opened: list[int] = []
    for place, character in enumerate(line):
        if character in _OPENING:
            opened.append(place)
        elif character in _CLOSING and opened:
            group = Group(opened.pop(), place + 1)
            while found and found[-1].start > group.start:
                group.inside.append(found.pop())
            group.inside.reverse()
            found.append(group)
    return found


def has_han(text: str) -> bool:
    """Tell whether there is a Chinese character."""
    return _HAN.search(text) is not None


def has_cyrillic(text: str) -> bool:
    """Tell whether there is a Cyrillic letter."""
    return _CYRILLIC.search(text) is not None


def is_abbreviation(text: str) -> bool:
    """Tell whether *text* is written like ОДКБ, МИД or ТАСС."""
    if _ABBREVIATION.fullmatch(text) is None:
        return False
    return sum(map(str.isupper, text)) >= 0.4 * sum(map(str.isalpha, text))


def russian_readings(inner: str, title: bool = False) -> tuple[str, ...]:
    """Return the Russian names in brackets, or nothing where they hold anything else.

    One as a rule; an abbreviation beside its full name makes two (``ЕАЭС, Евразийский …``).
    Remarks after a comma are left out (``ДКБ，1992年签署``; ``ШОС, SCO``); a *title* keeps its own.
    """
    inner = _LABEL.sub("", inner.strip(), count=1) if _LABEL.match(inner.strip()) else inner.strip()
    if len(_CYRILLIC.findall(inner)) < 2 or _REMARK.match(inner):
        return ()
    parts = [_LABEL.sub("", p, count=1) if _LABEL.match(p) else p for p in top_parts(inner)]
    if has_han(inner):
        russian = [part for part in parts if has_cyrillic(part) and not has_han(part)]
        remarks = [part for part in parts if not has_cyrillic(part)]
        if len(russian) + len(remarks) < len(parts) or not 1 <= len(russian) <= 2:
            return ()
        return _two(russian) or (", ".join(russian),)
    latin = [part for part in parts if not has_cyrillic(part)]
    if latin and not title and len(latin) < len(parts):
        parts = [part for part in parts if part not in latin]
        inner = ", ".join(parts)
    if not title:
        kept = _without_remarks(parts)
        if len(kept) < len(parts):
            parts, inner = kept, ", ".join(kept)
    bracketed = _BRACKETED.fullmatch(inner)
    if bracketed:
        return _bracketed([part.strip() for part in bracketed.groups()], title) or (inner,)
    dashed = None if title else _DASHED.fullmatch(inner)
    pair = _two([part.strip() for part in dashed.groups()]) if dashed else ()
    return pair or _two(parts) or (inner,)


def twin_bracket(line: str, end: int, inner: str) -> int | None:
    """Return where a name's own Chinese bracket opens that ends at *end*, if there is one.

    *inner*, in the brackets after it, has its own too: Республика Саха (Якутия).
    """
    russian = _OWN.fullmatch(inner)
    chinese = _OWN_CHINESE.search(line, max(0, end - 14), end)
    if russian is None or chinese is None or is_abbreviation(russian.group(2)):
        return None
    place = not words().generic["place"].isdisjoint(russian.group(1).lower().split())
    return chinese.start() if place or len(chinese.group()) > 3 < len(russian.group(2)) else None


def _bracketed(parts: list[str], title: bool) -> tuple[str, ...]:
    """Return the readings of a name with brackets inside; nothing where they are all one."""
    no_place = words().generic["place"].isdisjoint(parts[0].lower().split())
    if no_place and _PERSON.fullmatch(parts[0]) and not title and not is_abbreviation(parts[1]):
        return (parts[0],)
    return _two(parts, short=True)


def _without_remarks(parts: list[str]) -> list[str]:
    """Return the parts of brackets without years, credits, towns and what a person is."""
    if not parts:
        return parts
    first, *others = parts
    person = " " in first and _PERSON.fullmatch(first) is not None
    named = first.endswith(("»", '"'))
    return [
        first,
        *(
            part
            for part in others
            if not (
                _AFTER_NAME.match(part)
                or (person and part[0].islower())
                or (named and re.fullmatch(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?", part))
            )
        ),
    ]


def _two(parts: list[str], short: bool = False) -> tuple[str, ...]:
    """Return an abbreviation and its full name, or nothing when the parts are anything else.

    The full name has several words but where it may be *short*.
    """
    if len(parts) == 2 and _of_one_country(*parts):
        return tuple(parts)
    if len(parts) != 2 or sum(map(is_abbreviation, parts)) != 1:
        return ()
    full = parts[0] if is_abbreviation(parts[1]) else parts[1]
    if short and (" " in full or full[0].isupper()):
        return tuple(parts)
    letters = next(part for part in parts if part is not full)
    initials = "".join(word[0] for word in re.findall(r"\w+", full) if len(word) > 1).upper()
    said = full[0].isupper() or full.count(" ") > 1 or initials == letters.upper()
    return tuple(parts) if " " in full and said else ()


def _of_one_country(one: str, other: str) -> bool:
    """Tell whether one side is short for the other: ЦИК Молдовы, Центральная … Молдовы."""
    short, full = sorted((one.split(), other.split()), key=len)
    letters = "".join(word[0] for word in full).upper()
    return (
        len(short) == 2
        and len(full) > 2
        and is_abbreviation(short[0])
        and short[1] == full[-1]
        and letters.startswith(short[0][:2])
    )


def top_parts(text: str) -> list[str]:
    """Return what commas and semicolons outside of quotation marks and brackets part."""
    parts, depth, quoted, start = [], 0, False, 0
    for place, character in enumerate(text):
        depth += (character in "«“（(《〔［[") - (character in "»”）)》〕］]")
        if character == '"':
            quoted = not quoted
        if character in ",，;；、" and depth <= 0 and not quoted:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]


def quoted_before(line: str, end: int) -> tuple[int, str] | None:
    """Return (start, inside) of the quotation that closes right before *end*, quotes nested."""
    close = line[end - 1] if end else ""
    if close == '"':
        start = line.rfind('"', max(0, end - 1 - LONGEST), end - 1)
        return (start, line[start + 1 : end - 1]) if start >= 0 else None
    opening = _CLOSER.get(close)
    if opening is None:
        return None
    depth = 0
    for place in range(end - 1, max(-1, end - 2 - LONGEST), -1):
        if line[place] == close:
            depth += 1
        elif line[place] == opening:
            depth -= 1
            if depth == 0:
                return place, line[place + 1 : end - 1]
    return None


def end_before(line: str, place: int) -> int:
    """Return where the text before *place* ends, without copying the line."""
    while place and line[place - 1].isspace():
        place -= 1
    return place


def walk(found: list[Group]) -> Generator[Group, bool | None, None]:
    """Yield groups from the outside inwards; send True to pass by those inside the last one."""
    waiting = list(reversed(found))
    while waiting:
        group = waiting.pop()
        taken = yield group
        if not taken:
            waiting.extend(reversed(group.inside))
