"""Bilingual pairs of a bulletin: each pattern that puts a name or title beside its original.

Titles: 《中文题名》（Русский заголовок），address, and «Русский»（中文）. Names: 姓名（Имя）,
机构（Русское название）, “名称”网站（сайт «…»）, Имя Фамилия（姓名）. Nothing is corrected: a
Russian name misspelt in the bulletin is kept as it is and flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.domain.language import Span
from workbench.formats.bulletin_lines import BulletinText
from workbench.languages.homoglyphs import mended
from workbench.services.harvest.bounds import Bounds, Known
from workbench.services.harvest.brackets import (
    HAN,
    LONGEST,
    Group,
    end_before,
    groups,
    has_cyrillic,
    has_han,
    is_abbreviation,
    quoted_before,
    russian_readings,
    top_parts,
    walk,
)
from workbench.services.harvest.flags import flagged, own_flags
from workbench.services.harvest.names import (
    DASHES,
    DOTS,
    Names,
    Transcribe,
    after_title,
    chinese_person,
    dotted_tail,
    is_person,
    without_title,
)
from workbench.services.harvest.types import end_type, generic_type, is_single_person, name_type
from workbench.services.harvest.words import content_words, words

_ADDRESS = re.compile(rf"\s*[,，;；]?\s*(https?://[^\s，。；、）》”\"<>{HAN}]+)")
_SOURCE_ADDRESS = re.compile(r"原文(?:见|链接|地址|网址)?\s*[:：]\s*(https?://[!-~]+)")
_BOOK = re.compile(rf"《([^《》]+(?:《[^《》]*》[^《》]*)*)》([{HAN}]{{0,8}})$")
_QUOTE = re.compile(rf"[“「]([^“”「」]+)[”」]([{HAN}]{{0,12}})$")
_GAP = rf"(?<=[{HAN}]) (?=[A-Za-z0-9])|(?<=[A-Za-z0-9]) (?=[{HAN}])"
_RUN = re.compile(rf"(?:[{HAN}A-Za-z0-9{DOTS}{DASHES}+]|{_GAP})+$")
_RUN_LISTED = re.compile(rf"(?:[{HAN}A-Za-z0-9{DOTS}{DASHES}+、]|{_GAP})+$")
# Programs put spaces between Chinese and numbers; Chinese does not.
_LOOSE = re.compile(rf"(?<=[{HAN}，。、：；！？）》”]) +| +(?=[{HAN}，。、：；！？（《“])")
_GENERIC_QUOTED = re.compile(r"((?:[А-Яа-яЁё\-]+\s+){1,3})[«\"“]([^«»]+)[»\"”]")
_RUSSIAN_TAIL = re.compile(
    r"(?:[А-ЯЁ][\w\-]*\.?)(?:[ \u00a0](?:[А-Яа-яЁё][\w\-]*\.?|«[^«»]+»)){0,9}$"
)
_RANK = re.compile(r"^(?:[а-яё][а-яё\-]*\s+){1,4}(?=[А-ЯЁ])")
_SENTENCE = re.compile(r"[:;?!.]|—(?! ?[А-ЯЁ])|^(?:\S+\s+){6}")
_NO_NAME = re.compile(
    r"\d{2,}\s*年|^(?:见|参见|详见|注|原文|下同|以下|下称|同上|编者|译者|笔者|约|即|如|来源|图|表)|编译$|译$"
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


@dataclass(frozen=True, slots=True)
class _Found:
    """A pair within its line: ``start`` is where the Chinese (or the Russian first) begins."""

    ru: str
    zh: str
    type: str
    start: int
    pattern: str
    score: float = 1.0
    flags: tuple[str, ...] = ()


def nothing_known(russian: str) -> tuple[tuple[str, tuple[str, ...]], ...]:  # noqa: ARG001
    """Know no entry of a glossary."""
    return ()


class Finder:
    """Finds the pairs of a bulletin."""

    def __init__(self, transcribe: Transcribe, known: Known = nothing_known) -> None:
        """*known* gives the glossary's entries inside a Russian name, which help with bounds."""
        self._names = Names(transcribe)
        self._bounds = Bounds(self._names, known)
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

    def _of_group(self, line: str, group: Group) -> list[_Found]:
        if group.end - group.start > LONGEST:
            return []
        inner = line[group.start + 1 : group.end - 1].strip()
        end = end_before(line, group.start)
        has_address = _ADDRESS.match(line, group.end) is not None
        plain = mended(inner)  # look-alike Latin letters would hide what a name is
        readings = russian_readings(plain, title=line.endswith("》", 0, end))
        if readings:
            found = self._chinese_first(line, end, readings, has_address)
            return [replace(each, ru=_verbatim(each.ru, plain, inner)) for each in found]
        if has_han(inner) and not has_cyrillic(inner):
            return self._russian_first(line, end, inner, has_address)
        return []

    # -- Chinese（Russian） ------------------------------------------------------------------

    def _chinese_first(
        self, line: str, end: int, readings: Sequence[str], has_address: bool
    ) -> list[_Found]:
        left = line[max(0, end - LONGEST) : end]
        base = end - len(left)
        fullest = max(readings, key=len)
        found = (
            self._book(left, fullest, has_address)
            or self._dotted(left, fullest)
            or self._quoted(left, fullest)
            or self._bare(left, fullest)
        )
        if found is None:
            return []
        found = replace(found, start=base + found.start)
        if len(readings) == 1:
            return [found]
        return [replace(found, ru=_unquoted(reading)) for reading in readings]

    def _book(self, left: str, russian: str, has_address: bool) -> _Found | None:
        """《…》, perhaps with a noun such as 杂志 after it."""
        book = _BOOK.search(left)
        if book is None:
            return None
        title, noun = book.groups()
        before = left[: book.start()]
        kind = self._book_type(title, noun, russian, before, has_address)
        if noun and kind in ("document", "org", "event"):
            return _Found(russian, book.group(), kind, book.start(), "book-noun", 0.9)
        ru = _proper(russian) if kind == "media" else _unquoted(russian)
        return _Found(ru, title.strip(), kind, book.start(), "book")

    def _book_type(
        self, title: str, noun: str, russian: str, before: str, has_address: bool
    ) -> str:
        by_end, by_word = end_type(title), generic_type(russian)
        lists = words()
        few = len(content_words(russian)) <= 8
        rules = (
            ("title", has_address and not noun),
            (end_type(noun), bool(noun and end_type(noun))),
            ("media", by_word == "media"),
            ("document", by_word == "document" or (by_end == "document" and few)),
            ("media", by_end == "media"),
            ("title", before.endswith(lists.announced["title"])),
            ("media", before.endswith((*lists.countries, *lists.announced["media"]))),
            ("title", len(russian.split()) > 3),
        )
        return next((kind for kind, holds in rules if holds), "media")

    def _dotted(self, left: str, russian: str) -> _Found | None:
        """姓名: a person's name has a middle dot."""
        run = dotted_tail(left)
        russian = _RANK.sub("", russian)
        if not run or not is_person(russian):
            return None
        before = left[: len(left) - len(run)]
        start, likeness = self._names.beginning(run, russian, before)
        chinese = without_title(run[start:])
        place = len(left) - len(run) + start
        score = min(1.0, 0.4 + 0.6 * likeness)
        return _Found(russian, chinese, "person", place, "person", score)

    def _quoted(self, left: str, russian: str) -> _Found | None:
        """“…” alone, or with a noun such as 网站 or 基金会 after it."""
        quote = _QUOTE.search(left)
        if quote is None:
            return None
        inside, noun = quote.groups()
        before = left[: quote.start()]
        if not noun:
            kind = name_type(inside, russian, before)
            if kind == "place" and not generic_type(russian):
                kind = "term"
            ru = _proper(russian) if kind == "media" else _unquoted(russian)
            return _Found(ru, inside, kind, quote.start(), "quote")
        named = re.search(r"[«\"“]", russian) is not None
        if not named and not (end_type(noun) and len(noun) <= 6 and not _has_cue(noun)):
            return None
        generic = re.split(r"[«\"“]", russian, maxsplit=1)[0]
        extra = self._bounds.quote_start(before, generic) if named else 0
        start = quote.start() - extra
        chinese = left[start:]
        kind = name_type(chinese, russian, left[:start])
        if kind == "term" and end_type(noun):
            kind = end_type(noun)
        ru = _proper(russian) if kind == "media" else _unquoted(russian)
        return _Found(ru, chinese, kind, start, "quote-noun", 0.9)

    def _bare(self, left: str, russian: str) -> _Found | None:
        """Names without marks: the beginning has to be found."""
        pattern = _RUN_LISTED if "," in russian else _RUN
        tail = pattern.search(left)
        if tail is None or not has_han(tail.group()):
            return None
        run, place = tail.group(), tail.start()
        if russian[0].islower() and _SENTENCE.search(russian):
            return None
        exact = self._in_glossary(run, russian)
        if is_person(russian) and not is_abbreviation(russian):
            found = self._by_sound(left, run, russian)
            if found is not None and exact in (None, found.start - place):
                return found
        bound = self._bounds.beginning(run, russian)
        start, score = (exact, 1.0) if exact is not None else bound
        chinese = run[start:].strip("、")
        if len(chinese) < 2 and not is_abbreviation(russian):
            return None
        kind = name_type(chinese, russian, left[: place + start])
        ru = _proper(russian) if kind == "media" else _unquoted(russian)
        return _Found(ru, chinese, kind, place + start, "bare", score)

    def _by_sound(self, left: str, run: str, russian: str) -> _Found | None:
        """A name of one part, written by its sound: a person's or a place's."""
        name = without_title(run) if not end_type(run) else run
        start, likeness = self._names.beginning(name, russian, left[: -len(run)])
        place = len(left) - len(run) + start
        before, chinese = left[:place], name[start:]
        if likeness < 0.5:
            chinese = chinese_person(run) if russian.count(" ") else ""
            at = len(left) - len(chinese)
            return _Found(russian, chinese, "person", at, "person", 0.8) if chinese else None
        titled = after_title(before[-6:])
        if is_single_person(russian, before, likeness, titled):
            return _Found(russian, chinese, "person", place, "surname", min(1.0, likeness))
        if name == run and end_type(run) not in ("", "place"):
            return None
        return _Found(russian, chinese, "place", place, "place", min(1.0, likeness))

    def _in_glossary(self, run: str, russian: str) -> int | None:
        """Return where *run* ends with a Chinese form that the glossary has for all of it."""
        forms = [
            form
            for part, found in self._known(russian)
            if part == russian
            for form in found
            if run.endswith(form)
        ]
        return len(run) - max(map(len, forms)) if forms else None

    # -- Russian（Chinese） ------------------------------------------------------------------

    def _russian_first(self, line: str, end: int, inner: str, has_address: bool) -> list[_Found]:
        parts = top_parts(inner)
        chinese = inner if inner.startswith("《") or has_address else parts[0] if parts else ""
        quoted = quoted_before(line, end)
        if quoted and has_cyrillic(quoted[1]) and not has_han(quoted[1]):
            start, ru = quoted
            return self._russian_title(line, start, ru.strip(), inner, has_address)
        tail = _RUSSIAN_TAIL.search(line[max(0, end - LONGEST) : end])
        if tail is None or not has_cyrillic(tail.group()) or _NO_NAME.search(chinese):
            return []
        ru = tail.group()
        if ru[0].islower() or len(chinese) > LONGEST // 4 or re.search("[。！？]", chinese):
            return []
        zh = _unbooked(chinese)
        place = max(0, end - LONGEST) + tail.start()
        likeness = self._names.beginning(zh, ru)[1] if is_person(ru) else 0.0
        person = (
            is_person(ru)
            and not end_type(zh)
            and (any(dot in zh for dot in DOTS) or is_single_person(ru, "", likeness, False))
        )
        kind = "person" if person else name_type(zh, ru, "")
        return [_Found(ru, zh, kind, place, "russian-first", 0.9)]

    def _russian_title(
        self, line: str, start: int, ru: str, inner: str, has_address: bool
    ) -> list[_Found]:
        if _NO_NAME.search(inner) and not inner.startswith("《"):
            return []
        before = re.sub(r"\s+$", "", line[max(0, start - 40) : start])
        zh = _unbooked(inner)
        title = (
            has_address
            or inner.startswith("《")
            or before.endswith(words().announced["title"])
            or len(ru.split()) > 3
        )
        if title:
            return [_Found(ru, zh, "title", start, "russian-title")]
        zh = top_parts(zh)[0] if top_parts(zh) else zh
        kind = name_type(zh, ru, before)
        kind = "term" if kind == "place" and not generic_type(ru) else kind
        return [_Found(ru, _unquoted(zh), kind, start, "russian-quote", 0.9)]


def _verbatim(russian: str, plain: str, inner: str) -> str:
    """Return *russian*, a part of *plain*, as it stands in *inner*, letter for letter."""
    place = plain.find(russian)
    return russian if place < 0 else inner[place : place + len(russian)]


def _has_cue(noun: str) -> bool:
    return any(cue in noun for cue in ("的", *words().weak, "以及", "在"))


def _unbooked(chinese: str) -> str:
    """Return the title inside 《》 or “” that enclose all of it."""
    found = re.fullmatch(r"《([^《》]*(?:《[^《》]*》[^《》]*)*)》", chinese)
    return found.group(1).strip() if found else _unquoted(chinese)


def _unquoted(text: str) -> str:
    """Return *text* without quotation marks that enclose all of it."""
    for pattern in (r"«([^«»]*(?:«[^«»]*»[^«»]*)*)»", r'"([^"]*)"', "“([^“”]*)”", "„([^„“]*)“"):
        found = re.fullmatch(pattern, text.strip())
        if found:
            return found.group(1).strip()
    return text.strip()


def _proper(russian: str) -> str:
    """Return the name proper of a medium: ``газета «…»`` is found as «…»."""
    found = _GENERIC_QUOTED.fullmatch(russian)
    if found and set(found.group(1).lower().split()) <= words().generic["media"]:
        return found.group(2).strip()
    return _unquoted(russian)
