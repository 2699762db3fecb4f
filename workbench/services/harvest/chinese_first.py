"""姓名（Имя Фамилия）, 机构（Русское название）, 《题名》（Заголовок）: Chinese stands first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from workbench.services.harvest.bounds import Bounds, Known
from workbench.services.harvest.brackets import HAN, LONGEST, has_han, is_abbreviation
from workbench.services.harvest.found import Found, proper, unquoted
from workbench.services.harvest.names import (
    DASHES,
    DOTS,
    NAME_CHARACTERS,
    Names,
    after_title,
    chinese_person,
    dotted_tail,
    is_person,
    without_title,
)
from workbench.services.harvest.types import end_type, generic_type, is_single_person, name_type
from workbench.services.harvest.words import content_words, words

_BOOK = re.compile(rf"《([^《》]+(?:《[^《》]*》[^《》]*)*)》([{HAN}]{{0,8}})$")
_QUOTE = re.compile(rf"[“「『‘\"]([^“”「」『』‘’\"]+)[”」』’\"] ?([{HAN}]{{0,12}})$")
_GAP = rf"(?<=[{HAN}]) (?=[A-Za-z0-9])|(?<=[A-Za-z0-9]) (?=[{HAN}])"
RUN = re.compile(rf"(?:[{HAN}A-Za-z0-9{DOTS}{DASHES}+]|{_GAP})+$")
RUN_LISTED = re.compile(rf"(?:[{HAN}A-Za-z0-9{DOTS}{DASHES}+、]|{_GAP})+$")
_AND = re.compile(r",\s*(?:и\s+)?|;\s*|\s+и\s+")
_SOUNDS = NAME_CHARACTERS | frozenset("罕撒鞑靼喀腊")
_LISTED = re.compile("[、和与及暨]")
_CHINESE_AND = re.compile("[、和与及]")
_PEOPLE = re.compile(rf"[{HAN}{DASHES}{DOTS}]+(?:[、和与及][{HAN}{DASHES}{DOTS}]+)+$")
_RANK = re.compile(r"^(?:[а-яё][а-яё\-]*\s+){1,4}(?=[А-ЯЁ])")
_SENTENCE = re.compile(r"[:;?!.]|—(?! ?[А-ЯЁ])|^(?:\S+\s+){8}")
# Quotations and words cut short, whose marks are no sentence's.
_SHORTENED = re.compile(r"«[^«»]*»|\b(?:г|им|пос|пгт|с|д|ул|обл|р|р-н|оз|п|св|т|тов|ст)\.")


class ChineseFirst:
    """Finds the Chinese in front of Russian names in brackets."""

    def __init__(self, names: Names, known: Known, bounds: Bounds) -> None:
        """*known* gives the glossary's entries inside a Russian name, which help with bounds."""
        self._names = names
        self._bounds = bounds
        self._known = known

    def pairs(self, line: str, end: int, readings: Sequence[str], has_address: bool) -> list[Found]:
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
        several = self._several(left, fullest) if len(readings) == 1 else []
        if several:
            return [replace(each, start=base + each.start) for each in several]
        found = replace(found, start=base + found.start)
        if len(readings) == 1:
            readings = _variants(found, fullest)
        if len(readings) == 1:
            return [found]
        if found.type == "term" and any(
            self._sounds_like_a_place(found.zh, each) for each in readings
        ):
            found = replace(found, type="place")
        return [replace(found, ru=unquoted(reading)) for reading in readings]

    def _several(self, left: str, russian: str) -> list[Found]:
        """Return persons named one after the other on both sides: 甲·乙和丙·丁（А. Б., В. Г.）."""
        people = [_RANK.sub("", each) for each in _AND.split(russian)]
        tail = _PEOPLE.search(left)
        if len(people) < 2 or tail is None or not all(map(is_person, people)):
            return []
        chinese = _CHINESE_AND.split(tail.group())
        if len(chinese) < len(people):
            return []
        found, end = [], len(left)
        for name, run in zip(reversed(people), reversed(chinese), strict=False):
            start, likeness = self._names.beginning(run, name, left[: end - len(run)])
            place = end - len(run) + start
            found.append(Found(name, run[start:], "person", place, "person", likeness))
            end -= len(run) + 1
        return found[::-1]

    def _book(self, left: str, russian: str, has_address: bool) -> Found | None:
        """《…》, perhaps with a noun such as 杂志 after it."""
        book = _BOOK.search(left)
        if book is None:
            return None
        title, noun = book.groups()
        before = left[: book.start()]
        kind = self._book_type(title, noun, russian, before, has_address)
        if noun and kind in ("document", "org", "event"):
            return Found(russian, book.group(), kind, book.start(), "book-noun", 0.9)
        ru = proper(russian) if kind == "media" else unquoted(russian)
        return Found(ru, title.strip(), kind, book.start(), "book")

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

    def _dotted(self, left: str, russian: str) -> Found | None:
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
        return Found(russian, chinese, "person", place, "person", score)

    def _quoted(self, left: str, russian: str) -> Found | None:
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
            ru = proper(russian) if kind == "media" else unquoted(russian)
            return Found(ru, inside, kind, quote.start(), "quote")
        named = re.search(r"[«\"“]", russian) is not None
        if not named and not (end_type(noun) and len(noun) <= 6 and not _has_cue(noun)):
            return None
        generic = re.split(r"[«\"“]", russian, maxsplit=1)[0]
        extra = self._bounds.quote_start(before, generic) if named else 0
        extra = extra or _designation(before, russian)
        start = quote.start() - extra
        chinese = left[start:]
        kind = name_type(chinese, russian, left[:start])
        if kind == "term" and end_type(noun):
            kind = end_type(noun)
        ru = proper(russian) if kind == "media" else unquoted(russian)
        return Found(ru, chinese, kind, start, "quote-noun", 0.9)

    def _bare(self, left: str, russian: str) -> Found | None:
        """Names without marks: the beginning has to be found."""
        # The list has some bodies whose Chinese has a 、 where the Russian is one word.
        forms = [form for each in words().chinese_for(russian) for form in each]
        listed = "," in russian or any("、" in form for form in forms if left.endswith(form))
        pattern = RUN_LISTED if listed else RUN
        tail = pattern.search(left)
        if tail is None or not has_han(tail.group()):
            return None
        run, place = tail.group(), tail.start()
        if russian[0].islower() and _SENTENCE.search(_SHORTENED.sub("", russian)):
            return None
        exact = self._in_glossary(run, russian)
        if is_person(russian) and not is_abbreviation(russian):
            found = self._by_sound(left, run, russian)
            if found is not None and exact in (None, found.start - place):
                return found
        if self._goes_on(left[:place], run, russian):
            run, place, exact = run[1:], place + 1, exact and exact - 1
        bound = self._bounds.beginning(run, russian)
        start, score = (exact, 1.0) if exact is not None else bound
        chinese = run[start:].strip("、")
        if len(chinese) < 2 and not is_abbreviation(russian):
            return None
        kind = name_type(chinese, russian, left[: place + start])
        if kind == "term" and self._sounds_like_a_place(chinese, russian):
            kind = "place"
        ru = proper(russian) if kind == "media" else unquoted(russian)
        return Found(ru, chinese, kind, place + start, "bare", score)

    def _goes_on(self, before: str, run: str, russian: str) -> bool:
        """Tell whether a run begins with the end of what its last brackets named: …）港引航站."""
        if not before.endswith(("）", ")")) or len(run) < 4 or run[0] not in "港市州县镇村区省里":
            return False
        whole = run[:2] in words().whole or run.startswith(("里海", "州立", "市政", "区域", "省级"))
        return not whole and not self._bounds.explains(run[0], russian)

    def _sounds_like_a_place(self, chinese: str, russian: str) -> bool:
        """Tell whether a name without an ending that shows its kind is put by its sound."""
        if re.fullmatch(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁа-яё][а-яё]+)*", russian) is None:
            return False
        written = len(chinese) <= 7 and sum(c in _SOUNDS for c in chinese)
        return written >= len(chinese) - 1 and self._names.likeness(chinese, russian) >= 0.3

    def _by_sound(self, left: str, run: str, russian: str) -> Found | None:
        """A name of one part, written by its sound: a person's or a place's."""
        name = without_title(run) if not end_type(run) else run
        start, likeness = self._names.beginning(name, russian, left[: -len(run)])
        start -= _translated(name[:start], russian)
        place = len(left) - len(run) + start
        before, chinese = left[:place], name[start:]
        if likeness < 0.5:
            chinese = chinese_person(run) if russian.count(" ") else ""
            at = len(left) - len(chinese)
            return Found(russian, chinese, "person", at, "person", 0.8) if chinese else None
        if name == run and end_type(run) not in ("", "place"):
            return None
        titled = after_title(before[-6:])
        if is_single_person(russian, before, likeness, titled):
            return Found(russian, chinese, "person", place, "surname", min(1.0, likeness))
        return Found(russian, chinese, "place", place, "place", min(1.0, likeness))

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


def _variants(found: Found, russian: str) -> tuple[str, ...]:
    """Return the names that a comma parts, where each is the whole: (айтыс, айтыш)."""
    parts = tuple(part.strip() for part in russian.split(","))
    if found.pattern == "book" or len(parts) != 2 or _LISTED.search(found.zh):
        return (russian,)
    first, second = parts
    if all(re.fullmatch(r"[а-яё]+ «[^«»]+»", part) for part in parts):
        return parts
    whole = not any(re.search(r"\bи\b|[«»:()—]", part) for part in parts)
    if first[0].islower() and second[0].islower():
        even = max(first.count(" "), second.count(" ")) < 4 and len(found.zh) <= 8
    else:
        even = (
            first[0].isupper()
            and second[0].isupper()
            and " " not in first + second
            and not words().countries_of(second)
        )
    return parts if whole and even else (russian,)


def _designation(before: str, russian: str) -> int:
    """Return the length of a letter and number before a quotation: Т-90М“突破”坦克."""
    found = re.search(r"[A-Za-zА-ЯЁа-яё0-9\-]+$", before)
    if found is None or not any(map(str.isdigit, found.group())):
        return 0
    number = "".join(filter(str.isdigit, found.group()))
    return len(found.group()) if number in russian else 0


def _has_cue(noun: str) -> bool:
    return any(cue in noun for cue in ("的", *words().weak, "以及", "在"))


def _translated(before: str, russian: str) -> int:
    """Return the length of an adjective put into Chinese before a name by sound: 下塔吉尔."""
    for word in russian.split()[:-1]:
        for forms in words().chinese_for(word):
            found = next((form for form in forms if before.endswith(form)), "")
            if found:
                return len(found)
    return 0
