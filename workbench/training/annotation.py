"""Terms written into the source, so that the model learns to copy the wanted Chinese.

A pair becomes ``… <t0>Токаевым<t1>托卡耶夫<t2> …`` → ``… 托卡耶夫 …``. Most of the terms are
*pseudo-terms*: a random string put on both sides in place of a word, which can only be translated
by copying it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from workbench.training.text import TAGS, WORD, stem

TRANSLITERATION = (
    "阿埃艾安昂奥巴贝本比宾波博布茨达戴丹德登迪蒂丁东杜多厄恩尔法菲芬弗福夫盖戈格根古哈海汉赫亨胡霍基加贾杰金卡凯"
    "坎康科克肯库奎拉莱兰朗劳勒雷里利林卢鲁伦罗洛马迈曼梅门蒙米明莫姆穆纳娜奈南内尼宁诺帕派佩彭皮平普齐奇恰乔琼丘"
    "热日容若萨塞桑森沙申圣施什史舒斯索苏塔泰坦汤特廷通图托瓦万维温沃乌伍西希夏谢辛休雅亚延扬叶耶伊因英尤泽扎詹朱"
    "兹佐"
)
_CONSONANTS, _VOWELS = "bcdfghklmnprstvz", "aeiou"


@dataclass(frozen=True, slots=True)
class Match:
    """A Russian word at ``ru`` and the one place of its Chinese at ``zh``: (start, end) each."""

    ru: tuple[int, int]
    zh: tuple[int, int]


@dataclass(frozen=True)
class TermSource:
    """What annotations are made of.

    ``lexicon`` maps a Russian stem to Chinese words, ``hanzi`` are single characters for
    pseudo-terms, ``capitals`` Russian proper names.
    """

    lexicon: Mapping[str, Sequence[str]]
    hanzi: Sequence[str] = tuple(TRANSLITERATION)
    capitals: Sequence[str] = ()
    words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        words = tuple(word for values in self.lexicon.values() for word in values)
        object.__setattr__(self, "words", words or tuple(TRANSLITERATION))

    def matches(self, ru: str, zh: str) -> list[Match]:
        """Return words whose Chinese occurs exactly once; Chinese spans never overlap."""
        found = []
        for word in WORD.finditer(ru):
            if len(word.group()) < 3:
                continue
            for candidate in self.lexicon.get(stem(word.group()), ()):
                if zh.count(candidate) == 1:
                    start = zh.index(candidate)
                    found.append(Match(word.span(), (start, start + len(candidate))))
                    break
        kept: list[Match] = []
        for match in sorted(found, key=lambda m: (m.zh[0] - m.zh[1], m.ru[0])):
            if all(match.zh[1] <= o.zh[0] or match.zh[0] >= o.zh[1] for o in kept):
                kept.append(match)
        return sorted(kept, key=lambda m: m.ru)

    def pseudo_term(self, random: Random) -> str:
        """Return a string that no lexicon knows."""
        kind = random.random()
        if kind < 0.50:
            length = random.choice((2, 2, 3, 3, 3, 4, 4, 5, 6))
            return "".join(random.choice(TRANSLITERATION) for _ in range(length))
        if kind < 0.72:
            return "".join(self._hanzi(random) for _ in range(random.choice((2, 2, 3, 3, 4, 4, 5))))
        if kind < 0.92:
            return random.choice(self.words)
        syllables = range(random.choice((1, 2, 3)))
        name = "".join(random.choice(_CONSONANTS) + random.choice(_VOWELS) for _ in syllables)
        number = f"-{random.randint(2, 99)}" if random.random() < 0.33 else ""
        return name.capitalize() + number

    def _hanzi(self, random: Random) -> str:
        if random.random() < 0.97:
            return random.choice(self.hanzi)
        return chr(random.randint(0x4E00, 0x9FA5))


@dataclass(frozen=True, slots=True)
class Annotated:
    """An annotated pair and the Chinese terms that stand in it."""

    ru: str
    zh: str
    terms: tuple[str, ...]


def annotate(
    random: Random, ru: str, zh: str, source: TermSource, pseudo: float, most: int = 3
) -> Annotated | None:
    """Return the pair with one to *most* terms, each a pseudo-term with probability *pseudo*."""
    matches = source.matches(ru, zh)
    if not matches:
        return None
    edits_ru: list[tuple[int, int, str]] = []
    edits_zh: list[tuple[int, int, str]] = []
    terms: list[str] = []
    for match in _choose(random, ru, matches, most):
        words, term = ru[slice(*match.ru)], zh[slice(*match.zh)]
        if random.random() < pseudo:
            term = source.pseudo_term(random)
            if term in zh:
                continue
            if words[0].isupper() and source.capitals and random.random() < 0.3:
                words = random.choice(source.capitals)
            edits_zh.append((*match.zh, term))
        terms.append(term)
        edits_ru.append((*match.ru, f"{TAGS[0]}{words}{TAGS[1]}{term}{TAGS[2]}"))
    if not terms:
        return None
    return Annotated(_edited(ru, edits_ru), _edited(zh, edits_zh), tuple(terms))


def _choose(random: Random, ru: str, matches: list[Match], most: int) -> list[Match]:
    """Pick some matches, names rather than other words; sometimes two neighbours as one term."""
    count = min(len(matches), random.choice((1, 1, 1, 2, 2, 3)), most)
    weight = {m: random.random() ** (0.4 if ru[m.ru[0]].isupper() else 1.0) for m in matches}
    chosen = sorted(sorted(matches, key=weight.__getitem__, reverse=True)[:count], key=_start)
    if count == 1 and len(matches) > 1 and random.random() < 0.35:
        first = chosen[0]
        after = matches.index(first) + 1
        if after < len(matches):
            second = matches[after]
            if ru[first.ru[1] : second.ru[0]] == " " and first.zh[1] == second.zh[0]:
                whole = Match((first.ru[0], second.ru[1]), (first.zh[0], second.zh[1]))
                return [whole]
    return chosen


def _start(match: Match) -> int:
    return match.ru[0]


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
