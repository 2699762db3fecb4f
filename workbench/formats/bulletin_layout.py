"""The house layout of a bulletin as lines: 内容提要, 专题, 材料来源, 补充信息, 注.

Every format writes the same lines, so that none can leave something out. The wording is the one
that the newsroom has always used and that harvesting reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from workbench.domain.bulletin import Bulletin, Item, Supplement
from workbench.formats.composition import printable

LineKind = Literal[
    "masthead", "part", "topic", "title", "lead", "heading", "paragraph", "signed", "note"
]

BLANK = "【待补】"
_HAN = "零一二三四五六七八九"
_DATE = re.compile(r"[0-9]{4}(-[0-9]{1,2}){0,2}")
_QUOTED = re.compile("[《“「][^》”」]*[》”」]")
# Agencies, sites and stations are no titles (ZH-P09): 塔斯社, 美杜莎网, 自由电台.
_NO_TITLE = re.compile("(?<!出版)社$|网站?$|电台$|电视台?$|频道$|广播公司$")
_FINAL = ("。", "！", "？", "…", "。”", "！”", "？”", "…”")
_ANSWERED = "访谈"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the bulletin."""

    kind: LineKind
    text: str


def masthead(bulletin: Bulletin) -> str:
    """Return the line at the head of each page."""
    region = f"（{bulletin.region}）" if bulletin.region else ""
    number, year, month = (n or BLANK for n in (bulletin.number, bulletin.year, bulletin.month))
    text = f"{bulletin.series or BLANK}{region}  总第 {number} 期  {year} 年 {month} 月期"
    return printable(text).strip()


def layout(bulletin: Bulletin) -> list[Line]:
    """Return the lines of a whole bulletin."""
    cleaned = (Line(line.kind, printable(line.text).strip()) for line in _lines(bulletin))
    return [line for line in cleaned if line.text]


def _lines(bulletin: Bulletin) -> Iterator[Line]:
    yield Line("masthead", masthead(bulletin))
    yield Line("part", "内容提要")
    yield Line("paragraph", bulletin.summary or _opening(bulletin))
    for n, item in enumerate(bulletin.items, 1):
        yield Line("paragraph", _summary(n, item))
    for n, (topic, items) in enumerate(groupby(bulletin.items, key=lambda item: item.topic), 1):
        yield Line("topic", f"专题{han(n)} {topic}")
        for item in items:
            yield from _item(item)
    if bulletin.note:
        yield Line("note", f"注：{bulletin.note}")


def _item(item: Item) -> Iterator[Line]:
    yield Line("title", item.title_zh)
    if item.lead:
        yield Line("lead", f"【导语】{item.lead}")
    for section in item.sections:
        yield Line("heading", section.heading)
        for paragraph in section.paragraphs:
            yield Line("paragraph", paragraph)
    yield Line("signed", f"（{item.translator} 编译）" if item.translator else "")
    yield Line("part", "材料来源")
    yield Line("paragraph", source_sentence(item))
    yield Line("note", f"原文见：{item.source.url}" if item.source.url else "")
    if item.supplements:
        yield Line("part", "补充信息")
    for n, supplement in enumerate(item.supplements, 1):
        yield Line("note", _supplement(n, supplement))


def source_sentence(item: Item) -> str:
    """Return the sentence of the source: 本文编译自, country, outlet, date, both titles, author."""
    source = item.source
    outlet = f"{source.country}{titled(source.outlet_zh)}{_russian(source.outlet_ru)}"
    title = f"«{bare(source.title_ru)}»（《{_inner(item.title_zh)}》）"
    text = f"本文编译自{outlet}{chinese_date(source.date)}{item.kind or '文章'}{title}"
    if source.author_zh:
        author = f"{source.author_position}{source.author_zh}{_russian(source.author_ru)}"
        text += f"，{_who(item)}为{author}"
    return f"{text}。"


def _who(item: Item) -> str:
    """Return 作者, or in an interview the one who answers."""
    return "受访者" if item.kind == _ANSWERED else "作者"


def _supplement(n: int, supplement: Supplement) -> str:
    title = f"《{_inner(supplement.title_zh)}》{_russian(bare(supplement.title_ru))}"
    return f"[{n}] {title}，{supplement.url}"


def _opening(bulletin: Bulletin) -> str:
    """Return the sentence that names the topics."""
    countries = list(dict.fromkeys(i.source.country for i in bulletin.items if i.source.country))
    topics = list(dict.fromkeys(i.topic for i in bulletin.items if i.topic))
    origin = f"{_listed(countries)}媒体" if countries else ""
    return (
        f"本期选编{origin}文章{counted(len(bulletin.items))}篇，涉及{_listed(topics)}"
        f"{'' if len(topics) == 1 else counted(len(topics)) + '个专题'}。"
    )


def _summary(n: int, item: Item) -> str:
    source = item.source
    parts = [
        f"第{han(n)}篇谈{item.topic}",
        f"选自{source.country}{titled(source.outlet_zh)}{item.kind}",
        f"题为《{_inner(item.title_zh)}》",
    ]
    if source.author_zh:
        parts.append(f"{_who(item)}为{source.author_position}{source.author_zh}")
    text = "，".join(parts)
    if not item.gist:
        return f"{text}。"
    return f"{text}，{item.gist}{'' if item.gist.endswith(_FINAL) else '。'}"


def titled(outlet: str) -> str:
    """Return an outlet's name, papers and journals in 《》; marks of its own are kept."""
    if not outlet or _QUOTED.search(outlet) or _NO_TITLE.search(outlet) or outlet == BLANK:
        return outlet
    return f"《{outlet}》"


def bare(title: str) -> str:
    """Return a Russian title without the quotation marks around the whole of it."""
    inner = title.strip()
    if not inner.startswith("«") or not inner.endswith("»"):
        return inner
    depth = 0
    for place, letter in enumerate(inner):
        depth += (letter == "«") - (letter == "»")
        if depth == 0 and place < len(inner) - 1:
            return inner  # two titles side by side
    return inner[1:-1] if depth == 0 else inner


def _inner(title: str) -> str:
    """Return a Chinese title as it stands inside 《》: titles within it take 〈〉."""
    if title.startswith("《") and title.endswith("》") and title.count("《") == 1:
        title = title[1:-1]
    return title.replace("《", "〈").replace("》", "〉")


def _russian(text: str) -> str:
    return f"（{text}）" if text else ""


def _listed(words: list[str]) -> str:
    return "、".join(words[:-1]) + ("与" if len(words) > 1 else "") + "".join(words[-1:])


def chinese_date(date: str) -> str:
    """Return ``2026 年 11 月 3 日`` for an ISO date; a month or a year may stand alone.

    What is no such date stays as it is.
    """
    if not _DATE.fullmatch(date):
        return date
    parts = zip(date.split("-"), ("年", "月", "日"), strict=False)
    return " ".join(f"{int(part)} {unit}" for part, unit in parts)


def han(number: int) -> str:
    """Return 一 to 九十九."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _HAN[ones]
    return (_HAN[tens] if tens > 1 else "") + "十" + (_HAN[ones] if ones else "")


def counted(number: int) -> str:
    """Return a number before a measure word: 两 instead of 二."""
    return "两" if number == 2 else han(number)
