"""Bilingual pairs of a bulletin: each pattern that puts a name or title beside its original.

Titles: 《中文题名》（Русский заголовок），address, and «Русский»（中文）. Names: 姓名（Имя）,
机构（Русское название）, “名称”网站（сайт «…»）, Имя Фамилия（姓名）. Nothing is corrected: a
Russian name misspelt in the bulletin is kept as it is and flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from workbench.domain.language import Span
from workbench.formats.bulletin_lines import BulletinText
from workbench.languages.homoglyphs import mended
from workbench.services.harvest.bounds import Bounds, Known
from workbench.services.harvest.brackets import (
    CYRILLIC,
    HAN,
    LONGEST,
    Group,
    end_before,
    groups,
    has_cyrillic,
    has_han,
    russian_readings,
    twin_bracket,
    walk,
)
from workbench.services.harvest.chinese_first import ChineseFirst
from workbench.services.harvest.flags import flagged, own_flags
from workbench.services.harvest.found import Found
from workbench.services.harvest.names import (
    Names,
    Transcribe,
)
from workbench.services.harvest.russian_first import RussianFirst

_ADDRESS = re.compile(
    r"\s*[,，;；。]?\s*(?:(?:网址|链接|地址|来源|原文|见|载)(?:见|为)?[:：]?\s*)?"
    rf"(https?://[^\s，。；、）》”\"<>{HAN}]+)"
)
_SOURCE_ADDRESS = re.compile(
    r"(?:^|(?:原文|网址|链接)(?:见|链接|地址|网址)?\s*[:：])\s*(https?://[!-~]+)"
)
# Programs put spaces between Chinese and numbers; Chinese does not.
_LOOSE = re.compile(rf"(?<=[{HAN}，。、：；！？）》”]) +| +(?=[{HAN}，。、：；！？（《“])")
_BETWEEN = re.compile(
    rf"(?:[①-⑳*†]+|[（(〔［\[][^（）()〔〕［］\[\]{CYRILLIC}]{{1,30}}[）)〕］\]])$"
)
_AROUND = 40


@dataclass(frozen=True, slots=True)
class Pair:
    """A Russian and a Chinese name or title that a bulletin puts side by side.

    ``span`` covers both in the file's own text; ``type`` is an entry's type or ``title``; ``score``
    says how sure the boundary is (0–1); ``flags`` are faults for a person to look at; ``evidence``
    is the text around.
    """

    ru: str
    zh: str
    type: str
    span: Span
    pattern: str
    score: float = 1.0
    url: str = ""
    flags: tuple[str, ...] = ()
    evidence: str = ""


def nothing_known(russian: str) -> tuple[tuple[str, tuple[str, ...]], ...]:  # noqa: ARG001
    """Know no entry of a glossary."""
    return ()


class Finder:
    """Finds the pairs of a bulletin."""

    def __init__(
        self,
        transcribe: Transcribe,
        known: Known = nothing_known,
        bounds: Bounds | None = None,
    ) -> None:
        """*known* gives the glossary's entries inside a Russian name, which help with bounds."""
        self._names = Names(transcribe)
        self._chinese_first = ChineseFirst(self._names, known, bounds or Bounds(self._names, known))
        self._russian_first = RussianFirst(self._names)
        self._known = known

    def pairs(self, text: BulletinText) -> tuple[Pair, ...]:
        """Return every pair once, in the order of first mention. Linear in the length."""
        found: dict[tuple[str, str], Pair] = {}
        waiting: list[tuple[str, str]] = []  # titles that an address may still follow
        start = 0
        for line in text.text.split("\n"):
            for pair in self._of_line(line, start, text):
                key = (pair.ru, pair.zh)
                known = found.get(key)
                if known is None:
                    found[key] = pair
                elif pair.url and not known.url:
                    found[key] = replace(known, url=pair.url)
                if pair.type == "title" and not found[key].url:
                    waiting = [key]
            source = _SOURCE_ADDRESS.search(line)
            if source and waiting:
                found[waiting[0]] = replace(found[waiting[0]], url=source.group(1))
                waiting = []
            start += len(line) + 1
        return flagged(tuple(found.values()), self._known)

    def _of_line(self, line: str, offset: int, text: BulletinText) -> Iterator[Pair]:
        walking = walk(groups(line))
        taken: bool | None = None
        while True:
            try:
                group = walking.send(taken)
            except StopIteration:
                return
            found = self._of_group(line, group)
            taken = bool(found)
            address = _ADDRESS.match(line, group.end)
            for pair in found:
                yield Pair(
                    pair.ru,
                    _LOOSE.sub("", pair.zh),
                    pair.type,
                    text.span(offset + pair.start, offset + group.end),
                    pair.pattern,
                    round(pair.score, 2),
                    address.group(1).rstrip(".,;:") if address and pair.type == "title" else "",
                    (
                        *pair.flags,
                        *own_flags(pair.ru, pair.zh, pair.type, self._known, self._names),
                    ),
                    line[max(0, pair.start - _AROUND) : group.end + _AROUND],
                )

    def _of_group(self, line: str, group: Group) -> list[Found]:
        if group.end - group.start > LONGEST:
            return []
        inner = line[group.start + 1 : group.end - 1].strip()
        end = _passed(line, end_before(line, group.start))
        has_address = _ADDRESS.match(line, group.end) is not None
        plain = mended(inner)  # look-alike Latin letters would hide what a name is
        twin = twin_bracket(line, end_before(line, group.start), plain)
        if twin is not None:
            return self._twin(line, twin, end_before(line, group.start), plain, has_address)
        readings = russian_readings(plain, title=line.endswith("》", 0, end))
        if readings:
            found = self._chinese_first.pairs(line, end, readings, has_address)
            return [replace(each, ru=_verbatim(each.ru, plain, inner)) for each in found]
        if has_han(inner) and not has_cyrillic(inner):
            return self._russian_first.pairs(line, end, inner, has_address)
        return []

    def _twin(self, line: str, start: int, end: int, inner: str, has_address: bool) -> list[Found]:
        """Return a name with a bracket of its own on both sides: 萨哈共和国（雅库特）."""
        outside = re.split("[(（]", inner, maxsplit=1)[0]
        found = self._chinese_first.pairs(
            line, end_before(line, start), (outside.strip(),), has_address
        )
        return [replace(each, ru=inner, zh=each.zh + line[start:end]) for each in found[:1]]


def _verbatim(russian: str, plain: str, inner: str) -> str:
    """Return *russian*, a part of *plain*, as it stands in *inner*, letter for letter."""
    place = plain.find(russian)
    return russian if place < 0 else inner[place : place + len(russian)]


def _passed(line: str, end: int) -> int:
    """Return *end* before footnotes and brackets without Russian: 姓名（1940年生）[2]（Имя）."""
    while True:
        found = _BETWEEN.search(line, max(0, end - 40), end)
        if found is None or found.start() == end:
            return end
        end = end_before(line, found.start())
