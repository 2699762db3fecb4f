"""Putting a missing term into a target by string operations: the guarantee behind every engine.

A known other rendering is replaced where it stands, then the place that the engine's
alignment names; with neither, the term is put at the likeliest border of a clause. Nothing that
already stands right is touched: other terms, numbers, brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from workbench.domain.language import Span
from workbench.domain.row import Link
from workbench.domain.term import Hit, Method, Term
from workbench.languages.fold import fold, key
from workbench.services.term_placement import entity

_WORD = re.compile(r"[A-Za-zА-Яа-яЁё][A-Za-zА-Яа-яЁё' -]*[A-Za-zА-Яа-яЁё]")
_LETTER = "[A-Za-zА-Яа-яЁё]"
_CLAUSE = re.compile(r"[，。；：！？,;:!?]+[”’」』）)》]*")
_CLOSING = re.compile(r"[。！？!?.…]*[”’」』）)》]*\s*$")
_UNSPLIT = re.compile(
    r"[A-Za-zА-Яа-яЁё0-9.,%‰]*[A-Za-zА-Яа-яЁё0-9]|\d+[万亿%]*|《[^》]*》|“[^”]*”|（[^）]*）"
)
_BRACKETS = "《》“”（）()‘’「」"
_TRANSLITERATED = ("person", "place")
# What foreign names are written with; few of these end a title or begin the next word.
SYLLABLES = frozenset(
    "阿艾安昂奥巴班邦保鲍贝本比彼别宾波博勃布采蔡岑察钦茨楚丹德登邓迪蒂季丁东杜敦多厄恩尔发法凡范费芬丰弗夫佛福盖甘冈"
    "戈哥格根贡古瓜圭郭哈海汉豪赫亨洪胡惠霍基吉加贾江杰捷金京久卡凯坎康考柯科克肯孔库夸昆拉腊莱赖兰朗劳勒雷累里利丽莉"
    "连列林留隆卢鲁伦罗洛马玛迈曼芒毛梅门蒙米密敏缪莫默姆穆纳娜乃奈瑙内嫩尼涅宁努诺欧帕潘庞佩彭皮匹普奇齐恰契乔切琴丘"
    "热日荣茹儒瑞若撒萨塞赛桑瑟森沙莎珊绍舍申什施史舒斯丝松苏索塔泰坦汤唐陶特腾提廷图托瓦娃旺威韦维魏温翁沃乌吾伍西希"
    "锡夏谢辛欣雅亚娅扬耶叶伊尤犹约赞泽扎詹哲芝朱茱卓兹佐埃厉冯拖索汗缅钱策仲"
)
_ROMAN = dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeezijklmnoprstufye", strict=True))
_ROMAN |= {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya"}
_ROMAN |= {"ъ": "", "ь": ""}

Honoured = Callable[[str], frozenset[object]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A target under repair: ``links`` are the engine's, moved along with every change."""

    text: str
    links: tuple[Link, ...] = ()

    def put(self, span: Span, insert: str) -> Draft:
        """Return the draft with *span* of it replaced."""
        shift = len(insert) - (span.end - span.start)
        links = []
        for link in self.links:
            if link.target.end <= span.start:
                links.append(link)
            elif link.target.start >= span.end:
                moved = Span(link.target.start + shift, link.target.end + shift)
                links.append(replace(link, target=moved))
        return Draft(self.text[: span.start] + insert + self.text[span.end :], tuple(links))


def repair(
    draft: Draft,
    source: str,
    hits: Sequence[Hit],
    honoured: Honoured,
    placed: Callable[[str], list[Span]],
) -> tuple[Draft, dict[object, Method]]:
    """Put every missing hit into the draft; return it with how each was put.

    *honoured* tells which entries stand in a text, *placed* where accepted forms stand.
    """
    methods: dict[object, Method] = {}
    standing = honoured(draft.text)
    for hit in hits:
        if entity(hit) in standing:
            continue
        taken = placed(draft.text)
        for method, span, insert in _proposals(draft, source, hit, taken):
            changed = draft.put(span, insert)
            now = honoured(changed.text)
            if entity(hit) in now and standing <= now:
                draft, standing = changed, now
                methods[entity(hit)] = method
                break
    return draft, methods


def _proposals(
    draft: Draft, source: str, hit: Hit, taken: Sequence[Span]
) -> Iterator[tuple[Method, Span, str]]:
    """Yield changes, the best first; the last ones always hold the term."""
    text, term = draft.text, hit.term
    renderings = (*_known_renderings(text, hit), *_surname_alone(text, term))
    looked = [_widened(text, span, term.target) for span in aligned(draft.links, hit, text)]
    for span in (*renderings, *_like(text, term), *looked):
        if _free(text, span, taken):
            yield "substituted", span, _fitting(text, span, term.target)
    for place in _borders(text, source, hit, taken):
        yield "forced", Span(place, place), _joined(place, term.target, taken)
    yield "forced", Span(0, 0), f"{term.target}，" if text else term.target


def _widened(text: str, span: Span, target: str) -> Span:
    """Take in what stands beside the place and is a part of the term itself.

    恐 in 反恐行动 is no place for 反恐行动状态; the four characters are.
    """
    start, end = span.start, span.end
    while start > 0 and text[start - 1 : span.start] in target:
        start -= 1
    while end < len(text) and text[span.end : end + 1] in target:
        end += 1
    return Span(start, end)


def wrong_renderings(text: str, hit: Hit, taken: Sequence[Span]) -> tuple[str, ...]:
    """Return what stands in *text* instead of a missing term and must go when the term comes.

    *taken* are the places of terms that stand right.
    """
    term = hit.term
    spans = [*_known_renderings(text, hit)]
    if term.type in _TRANSLITERATED:
        spans += _like(text, term)
    found = (span.of(text) for span in spans if _free(text, span, taken))
    return tuple(dict.fromkeys(s for s in found if not any(s in form for form in term.accepted)))


def _free(text: str, span: Span, taken: Sequence[Span]) -> bool:
    """Tell whether a span may be replaced: no other term, no number, no half of a bracket."""
    part = span.of(text)
    return (
        span.start < span.end
        and not any(span.overlaps(other) for other in taken)
        and not any(c.isdigit() for c in part)
        and all(part.count(a) == part.count(b) for a, b in zip(*[iter(_BRACKETS)] * 2, strict=True))
    )


def _fitting(text: str, span: Span, target: str) -> str:
    """Leave out quotation marks that already stand around the place."""
    around = text[span.start - 1 : span.start] + text[span.end : span.end + 1]
    if len(target) > 2 and target[0] + target[-1] == around == "“”":
        return target[1:-1]
    return target


def _known_renderings(text: str, hit: Hit) -> Iterator[Span]:
    """Yield places of forbidden forms, of the Russian words left as they were, of Latin letters."""
    for form in sorted(hit.term.forbidden, key=len, reverse=True):
        start = text.find(form)
        if start >= 0:
            yield Span(start, start + len(form))
    folded = fold(text)
    forms = {key(hit.form), key(hit.term.source), *(key(f.text) for f in hit.term.forms)} - {""}
    for form in sorted(forms, key=len, reverse=True):
        # Whole words: «ЕС» is not the end of «МЕС». Chinese beside it is no letter of the word.
        whole = rf"(?<!{_LETTER}){re.escape(form)}(?!{_LETTER})"
        for found in re.finditer(whole, folded.text):
            yield folded.original(*found.span())
    source = key(hit.term.source)
    for word in _WORD.finditer(text):
        written = key(word.group())
        like = max(fuzz.ratio(written, source), fuzz.ratio(written, romanised(source)))
        if like >= 78 and len(written) >= 3 and (len(source) > 3 or like == 100):
            yield Span(*word.span())


def romanised(text: str) -> str:
    """Return a plain Latin spelling of Russian, for likeness only."""
    return "".join(_ROMAN.get(letter, letter) for letter in key(text))


def _surname_alone(text: str, term: Term) -> Iterator[Span]:
    """Yield where a full name stands with its surname only, or with another given name."""
    _, dot, surname = term.target.rpartition("·")
    if not dot or not surname or term.type != "person":
        return
    start = text.find(surname)
    while start >= 0:
        end = start + len(surname)
        if text[start - 1 : start] in ("·", "•", "・"):
            first = start - 1
            while first and (text[first - 1] in SYLLABLES or text[first - 1] == "·"):
                first -= 1
            yield Span(first, end)
        else:
            yield Span(start, end)
        start = text.find(surname, end)


def _like(text: str, term: Term) -> Iterator[Span]:
    """Yield the place most like the term by its characters: another transliteration of it."""
    least = 65 if term.type in _TRANSLITERATED else 74
    for form in term.accepted:
        if len(form) < 3 or len(text) < 2:
            continue
        yield from _turned(text, form)
        found = fuzz.partial_ratio_alignment(form, text, score_cutoff=least)
        if found is not None and found.dest_end - found.dest_start >= 2:
            start, end = found.dest_start, found.dest_end
            kept = set(form) - set(_BRACKETS)
            if term.type in _TRANSLITERATED:
                kept |= SYLLABLES
            while start < end and text[start] not in kept:
                start += 1
            while end > start and text[end - 1] not in kept:
                end -= 1
            yield Span(start, end)


def _turned(text: str, form: str) -> Iterator[Span]:
    """Yield where the characters of the form stand in another order: 中亚—中国峰会."""
    letters = sorted(form)
    for start in range(len(text) - len(form) + 1):
        part = text[start : start + len(form)]
        if part != form and sorted(part) == letters:
            yield Span(start, start + len(form))


def aligned(links: Sequence[Link], hit: Hit, text: str) -> Iterator[Span]:
    """Yield the place in the target that the engine attended from, if it is one short place."""
    mine = [link for link in links if link.source.overlaps(hit.span)]
    if not mine:
        return
    strong = max(link.weight for link in mine) * 0.5
    spans = sorted(
        ((link.target.start, link.target.end) for link in mine if link.weight >= strong),
    )
    start, end = spans[0]
    for a, b in spans[1:]:
        if a <= end + 1:
            end = max(end, b)
    part = text[start:end]
    start += len(part) - len(part.lstrip("，。；：、！？ ,;:“《（"))
    end -= len(part) - len(part.rstrip("，。；：、！？ ,;:”》）"))
    if start < end <= len(text) and end - start <= 2 * len(hit.term.target) + 4:
        yield Span(start, end)


def _borders(text: str, source: str, hit: Hit, taken: Sequence[Span]) -> list[int]:
    """Return the places where a term may be put in, the nearest to its share of the sentence first.

    Only the borders of clauses: anything else would cut a word.
    """
    closing = _CLOSING.search(text)
    last = closing.start() if closing else len(text)
    places = {0, last, *(found.end() for found in _CLAUSE.finditer(text) if found.end() <= last)}
    blocked = [*taken, *(Span(*found.span()) for found in _UNSPLIT.finditer(text))]
    places = {p for p in places if not any(span.start < p < span.end for span in blocked)}
    share = hit.span.start / max(1, len(source)) * len(text)
    return sorted(places, key=lambda place: (abs(place - share), place))


def _joined(place: int, target: str, taken: Sequence[Span]) -> str:
    """Keep a term apart from one that stands right beside it."""
    left = "、" if any(span.end == place for span in taken) else ""
    right = "、" if any(span.start == place for span in taken) else ""
    return f"{left}{target}{right}"


def best_start(
    links: Sequence[Link], source: str, hit: Hit, text: str, taken: Sequence[Span] = ()
) -> int:
    """Return where in the target the hit's rendering most likely begins.

    *taken* are the places of terms that stand right. A transliteration begins where its syllables
    do, even if the engine attended to something else with the first.
    """
    for span in aligned(links, hit, text):
        start = span.start
        if hit.term.type in _TRANSLITERATED:
            last = max((other.end for other in taken if other.end <= start), default=0)
            while start > last and text[start - 1] in SYLLABLES:
                start -= 1
        return start
    return _borders(text, source, hit, ())[0]
