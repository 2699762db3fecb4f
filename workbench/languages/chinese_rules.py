"""Rules of Chinese publication (GB/T 15834 punctuation, GB/T 15835 numerals) as data.

A rule finds its breaches and, where it is safe, says what should stand there. The ids are
those of docs/checks.md. A replacement must bring the text nearer to the rule, so that
applying rules again and again comes to an end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from workbench.domain.language import Span

H = r"\u3400-\u4dbf\u4e00-\u9fff"
Replace = str | Callable[[re.Match[str]], str | None] | None


@dataclass(frozen=True)
class Rule:
    """One rule. ``pattern`` matches a breach; ``replace`` is None where a person must decide."""

    id: str
    pattern: re.Pattern[str]
    replace: Replace = None
    severity: Literal["error", "warning", "info"] = "error"

    def find(self, text: str) -> Iterator[tuple[Span, str | None]]:
        """Yield each breach with its correction, or None, in order."""
        for match in self.pattern.finditer(text):
            replacement = self.replace(match) if callable(self.replace) else self.replace
            if replacement != match.group():
                yield Span(*match.span()), replacement


@dataclass(frozen=True)
class Quotes(Rule):
    """Quotation marks: “ ” outside, ‘ ’ inside; needs the whole text to know the depth.

    A straight mark opens and closes by turns. The odd one closes what stands open; with nothing
    open its partner is in another segment, and it stays for a person to see.
    """

    def find(self, text: str) -> Iterator[tuple[Span, str | None]]:
        """Yield each wrong mark with the right one."""
        even = text.count('"') % 2 == 0
        opened: list[str] = []
        for place, mark in enumerate(text):
            if mark not in '«»„“”"':
                continue
            if mark == '"':
                closes = '"' in opened if even else bool(opened)
                if not (even or closes):
                    continue
            else:
                closes = mark in "»”" or (mark == "“" and opened[-1:] == ["„"])
            if closes and opened:
                opened.pop()
            right = ("”’" if closes else "“‘")[len(opened) % 2]
            if not closes:
                opened.append(mark)
            if mark in '«»„"' or (mark == "“" and closes):
                yield Span(place, place + 1), right


def _wide(match: re.Match[str]) -> str:
    return match.group().strip().translate(str.maketrans(",;:?!()", "，；：？！（）"))


def _narrow(match: re.Match[str]) -> str:
    return "".join(chr(ord(letter) - 0xFEE0) for letter in match.group())


def _scaled(number: Fraction) -> str | None:
    """Return *number* as a decimal numeral, or None if it is not a short one."""
    for places in range(5):
        scaled = number * 10**places
        if scaled.denominator == 1:
            digits = f"{scaled.numerator:0{places + 1}d}"
            return f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return None


def _thousands(match: re.Match[str]) -> str | None:
    """``3百万`` → ``300万``, ``4千`` → ``4000``."""
    number = Fraction(match[1].replace(",", ""))
    numeral = _scaled(number * {"千": 1000, "百": 100}[match[2]])
    return None if numeral is None else numeral + (match[3] or "")


def _one_scale(match: re.Match[str]) -> str | None:
    """``3亿4500万`` → ``3.45亿``, ``1万5千`` → ``1.5万``."""
    sizes = {"亿": 10**8, "万": 10**4, "千": 10**3}
    whole = int(match[1]) * sizes[match[2]] + int(match[3]) * sizes[match[4]]
    numeral = _scaled(Fraction(whole, sizes[match[2]]))
    return None if numeral is None else numeral + match[2]


_MARKS = rf"(?<=[{H}》”’）]) *[,;:?!](?!//)|[,;:?!] *(?=[{H}《“‘（])"
_BRACKETS = rf"(?<=[{H}》”’])\((?=[^()]*\))|(?<=[{H}》”’0-9])\)|\((?=[{H}《“‘][^()]*\))"
_FIGURE = r"(?<![\d.,A-Za-z万亿])(\d[\d,]*(?:\.\d+)?)"
_UNITS = "克|米|瓦|卡|伏|赫|帕|分|字节|比特|吨|焦|牛|安|升|巴|强|年|里|家|日|夫"

PUNCTUATION = (
    Rule("ZH-P01", re.compile(rf"{_MARKS}|{_BRACKETS}"), _wide),
    Rule("ZH-P02", re.compile(rf"(?<=[{H}》”’）])\.(?=$|[\s”’）])", re.MULTILINE), "。"),
    Quotes("ZH-P03", re.compile("")),
    Rule("ZH-P05", re.compile(r"(?<!…)…(?!…)|…{3,}|(?<!\.)\.{3,}(?!\.)|。{3,}"), "……"),
    Rule("ZH-P06", re.compile(r"……\s*等|等等?\s*……"), severity="warning"),
    Rule("ZH-P07", re.compile(r"(?<!-)--+(?!-)|(?<=\S) +[—–-] +(?=\S)"), severity="warning"),
    Rule("ZH-P08", re.compile(r"(?<=》)、(?=《)|(?<=”)、(?=“)"), "", severity="info"),
    Rule("ZH-P11", re.compile(rf"(?<=[{H}])\s*[•・‧∙⋅·．]\s*(?=[{H}])"), "·"),
    Rule(
        "ZH-P12",
        re.compile(rf"(?<=[{H}，。；：？！、”’）》])[ \u00a0\u3000]+(?=[{H}“‘（《，。；：？！、])"),
        "",
        severity="warning",
    ),
    Rule("ZH-P13", re.compile(r"[０-９Ａ-Ｚａ-ｚ％]+"), _narrow),
    Rule(
        "ZH-P14", re.compile(r"[。，；：、]{2,}(?<!。。。)|”。(?<=[。？！]”。)"), severity="error"
    ),
)
NUMERALS = (
    Rule("ZH-N03", re.compile(r"(?<![\d.亿])(\d+)(亿|万)(\d+)(万|千)(?![\d亿])"), _one_scale),
    Rule("ZH-N02", re.compile(rf"{_FIGURE}([千百])(?:([万亿])|(?!{_UNITS}|[万亿\d]))"), _thousands),
    Rule("ZH-N04", re.compile(r"(?:减少|降低|下降|缩小|缩减)了?\s*[\d.一二两三四五六七八九十]+倍")),
    Rule("ZH-N05", re.compile(r"(?<![\d—-])\d{2}年(?=\d{1,2}月)")),
    Rule("ZH-N06", re.compile(r"[一二三四五六七八九]、[一二三四五六七八九](?=[个天名次倍])")),
    Rule("ZH-N07", re.compile(r"(?<![\d.%])\d+(?:\.\d+)?[～~—-]\d+(?:\.\d+)?%"), severity="info"),
)
RULES: dict[str, Rule] = {rule.id: rule for rule in (*PUNCTUATION, *NUMERALS)}

# What tidying does beyond the rules: a Russian dash between Han, spaces round figures (the
# newspapers' style has none), a full stop doubled by the engine.
_DASH = Rule("dash", re.compile(rf"(?<=[{H}”’》）]) +[—–-] +(?=[{H}“‘《（])"), "——")
_FIGURES = Rule("figures", re.compile(rf"(?<=[{H}]) +(?=\d)|(?<=[\d%]) +(?=[{H}])"), "")
_AFTER = Rule("after", re.compile(r"(?<=[，。；：？！、]) +(?=\S)| +(?=[，。；：？！、])"), "")
_STOPS = Rule("stops", re.compile(r"(?<!。)。。(?!。)"), "。")
TIDY = (
    *(RULES[name] for name in ("ZH-P13", "ZH-P05", "ZH-P11", "ZH-P03", "ZH-P01", "ZH-P02")),
    *(_DASH, _FIGURES, _AFTER, _STOPS, RULES["ZH-P12"]),
)
