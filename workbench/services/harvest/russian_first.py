"""Имя Фамилия（姓名）, «Русский»（中文）: the Russian stands first."""

from __future__ import annotations

import re

from workbench.services.harvest.brackets import (
    LONGEST,
    has_cyrillic,
    has_han,
    quoted_before,
    top_parts,
)
from workbench.services.harvest.found import Found, proper, unbooked, unquoted
from workbench.services.harvest.names import DOTS, Names, is_person
from workbench.services.harvest.types import end_type, generic_type, is_single_person, name_type
from workbench.services.harvest.words import words

_RUSSIAN_WORD = r"[А-Яа-яЁё][А-Яа-яЁё\d\-]*\.?"
_RUSSIAN_TAIL = re.compile(
    rf"(?<![A-Za-zА-Яа-яЁё\-«\"]){_RUSSIAN_WORD}(?:[ \u00a0](?:{_RUSSIAN_WORD}|«[^«»]+»)){{0,9}}$"
)
# Russian words before a quotation that say what it is.
_GENERIC_TAIL = re.compile(r"(?:[А-ЯЁа-яё][А-ЯЁа-яё\-]*[ \u00a0]){1,5}$")
_ANNOUNCING = ("стать", "интервью", "репортаж", "книг", "замет", "колонк", "материал", "доклад")
_NO_NAME = re.compile(
    r"\d{2,}\s*年|^(?:见|参见|详见|注|原文|下同|以下|下称|同上|编者|译者|笔者|约|即|如|来源|图|表)|编译$|译$"
    r"|^(?:名称|译名|此名|该名|原名|原文|音译|直译|意译|暂译|暂名|暂无|待考|待查|拼写|写法|无定译|不详)"
    r"|(?:如此|待考|待查|待定|不确|不详|存疑|暂译|未定|此名)$|译名|译法"
)


class RussianFirst:
    """Finds the Russian in front of Chinese names in brackets."""

    def __init__(self, names: Names) -> None:
        """*names* tells whether a name without a middle dot is a person's."""
        self._names = names

    def pairs(self, line: str, end: int, inner: str, has_address: bool) -> list[Found]:
        parts = top_parts(inner)
        chinese = inner if inner.startswith("《") or has_address else parts[0] if parts else ""
        quoted = quoted_before(line, end)
        if quoted and has_cyrillic(quoted[1]) and not has_han(quoted[1]):
            start, ru = quoted
            return self._quoted(line, start, ru.strip(), inner, has_address)
        tail = _RUSSIAN_TAIL.search(line[max(0, end - LONGEST) : end])
        if tail is None or not has_cyrillic(tail.group()) or _NO_NAME.search(chinese):
            return []
        ru = tail.group()
        if len(chinese) > LONGEST // 4 or re.search("[。！？]", chinese):
            return []
        zh = unbooked(chinese)
        place = max(0, end - LONGEST) + tail.start()
        likeness = self._names.beginning(zh, ru)[1] if is_person(ru) else 0.0
        person = (
            is_person(ru)
            and not end_type(zh)
            and (any(dot in zh for dot in DOTS) or is_single_person(ru, "", likeness, False))
        )
        kind = "person" if person else name_type(zh, ru, "")
        return [Found(ru, zh, kind, place, "russian-first", 0.9)]

    def _quoted(self, line: str, start: int, ru: str, inner: str, has_address: bool) -> list[Found]:
        if _NO_NAME.search(inner) and not inner.startswith("《"):
            return []
        before = re.sub(r"\s+$", "", line[max(0, start - 40) : start])
        zh = unbooked(inner)
        title = (
            has_address
            or inner.startswith("《")
            or before.endswith(words().announced["title"])
            or len(ru.split()) > 3
        )
        if title:
            return [Found(ru, zh, "title", start, "russian-title")]
        zh = top_parts(zh)[0] if top_parts(zh) else zh
        generic = _GENERIC_TAIL.search(line[max(0, start - 80) : start])
        if generic and not generic.group().strip().lower().startswith(_ANNOUNCING):
            start -= len(generic.group())
            ru = proper(f"{generic.group()}«{ru}»")
            zh_type = name_type(zh, ru, before)
            return [Found(ru, unquoted(zh), zh_type, start, "russian-quote", 0.9)]
        kind = name_type(zh, ru, before)
        kind = "term" if kind == "place" and not generic_type(ru) else kind
        return [Found(ru, unquoted(zh), kind, start, "russian-quote", 0.9)]
