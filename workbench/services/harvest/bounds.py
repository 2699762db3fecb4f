"""Where a Chinese name without marks begins: 根据独联体反恐中心（Антитеррористический …）.

Each place in the run of characters before the bracket is judged by features: how much of the
Russian name the characters after it explain, how many of them stay unexplained, whether they look
like a name's, what stands before the place, whether a word would be split, and the length to be
expected. The weights were fitted (``workbench.training.harvest_tables``); the best place wins.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from workbench.services.harvest.brackets import HAN, is_abbreviation
from workbench.services.harvest.evidence import Evidence, Explainer, Known, expected_length
from workbench.services.harvest.learned import learned
from workbench.services.harvest.names import Names, after_title
from workbench.services.harvest.words import content_words, weights, words

__all__ = ["FEATURES", "Beginning", "Bounds", "Known"]

LONGEST = 40
_SHORTEST = 2
_SMALL = "经据由在对被从将把让与和及并而但为向比的了"
_DATE = re.compile(r"\d\s?[年月日号期]$")
_BRAND = re.compile(r"^[«\"]|[а-яё][А-ЯЁ]")  # КазТрансОйл, «Масдар»
_COUNTED = re.compile(
    r"[这那某每首一二两三四五六七八九十百千万亿几数半\d][多余来]?(?:[个只种项位名座条家所次批届份本辆艘架"
    r"支台部套张段幅碗杯瓶袋篇封笔把顶棵匹头枚颗粒块片层道栋间处股口双副尊件吨米亩户排群对组期集场宗起则款"
    r"发门挺列节班趟盏扇堆束串株罐盒包捆卷盘缸壶盆匣]|公斤|公里|公顷|车皮|平方米|立方米|公升|千克)$"
)
# An adverb and a verb of one character after it: 再考, 只肯谈.
_ADVERB = re.compile(
    rf"(?:[只再又也都还就才已曾肯想不没未仍须应能会要先]|可以)[{HAN}](?<!会议)(?<!会员)$"
)
# What may stand before a place; the first that holds counts.
_CUES = (
    "start",
    "opening",
    "counted",
    "phrase",
    "role",
    "and",
    "weak",
    "strong",
    "adverb",
    "date",
    "country",
    "after_country",
)
FEATURES = (
    *_CUES,
    "no_cue",
    "share",  # of the explained Russian words whose Chinese stands after the place
    "whole",  # everything is explained on both sides
    "covered",  # the first character is explained
    "late",  # characters before the first explained one
    "cut",  # an explained character right before the place
    "over",  # unexplained characters beyond those to be expected,
    "under",  # or short of them
    "length",
    "before",  # the character before is one that often stands before names,
    "first",  # the first one of those that names begin with,
    "inside",  # and the unexplained ones of those that names consist of
    "together",  # both sides of the place stand together more often than by chance
    "splits",
    "clause",
    "common",
    "cues_inside",
    "foreign",  # a country that Russian does not name, or may name in a way unknown to us
    "ours",
    "digits",
)


class Beginning(NamedTuple):
    """Where the name begins in its run, and how sure that is (0–1)."""

    start: int
    score: float


class Bounds:
    """Finds beginnings, asking the glossary and the transcription of names."""

    def __init__(self, names: Names, known: Known) -> None:
        """*known* may answer nothing at all."""
        self._explainer = Explainer(names, known)

    def beginning(self, run: str, russian: str) -> Beginning:
        """Return where the name of *russian* begins in *run*, which ends with it."""
        offset = max(0, len(run) - LONGEST)
        run = run[offset:]
        if len(run) <= 1:
            return Beginning(offset, 0.3)
        weight = weights()
        values = [
            (sum(weight[name] * value for name, value in features.items()), place)
            for place, features in self.places(run, russian)
        ]
        if not values:
            return Beginning(offset, 0.3)
        best, start = max(values, key=lambda each: (each[0], -each[1]))
        # The share of belief that the best place has among all.
        sure = 1 / sum(math.exp(value - best) for value, _ in values)
        return Beginning(offset + self._without_region(run, start, russian), round(sure, 2))

    def _without_region(self, run: str, start: int, russian: str) -> int:
        """Return *start*, past a region that the Russian leaves out: 州法院 of Суд."""
        region = next((each for each in words().regions if run.startswith(each, start)), "")
        rest = start + len(region)
        if not region or len(run) - rest < 3 or len(content_words(russian)) < 2:
            return start
        covered = self._explainer.evidence(run, russian).covered
        return start if any(covered[start:rest]) or not all(covered[rest:]) else rest

    def places(self, run: str, russian: str) -> list[tuple[int, dict[str, float]]]:
        """Return the places where a name may begin in *run*, with the features that are not 0."""
        evidence = self._explainer.evidence(run, russian)
        view = _View(run, russian, evidence)
        joined = "—–-" if re.search("[—–-]", russian) else ""  # 贝加尔—阿穆尔铁路
        return [
            (place, view.features(place))
            for place in range(max(1, len(run) - _SHORTEST + 1))
            if re.match(rf"[{HAN}\w“《]", run[place])
            and (not place or run[place - 1] not in joined)
        ]

    def explains(self, character: str, russian: str) -> bool:
        """Tell whether the Russian explains a character that stands by itself."""
        return self._explainer.evidence(character, russian).covered[0]

    def quote_start(self, before: str, russian: str) -> int:
        """Return how many characters before a quotation belong to the name in front of it."""
        run = before[-12:]
        if not run or not content_words(russian):
            return 0
        covered = self._explainer.evidence(run, russian).covered
        taken = 0
        while taken < len(run) and covered[len(run) - 1 - taken]:
            taken += 1
        return taken


class _View:
    """A run and its Russian, looked at from each place."""

    def __init__(self, run: str, russian: str, evidence: Evidence) -> None:
        self._run = run
        self._russian = russian
        self._evidence = evidence
        # Of a name that says nothing to us (Узатом) it is not known whether it has a country in it.
        self._opaque = not evidence.spans and not is_abbreviation(russian)
        self._proper = russian.lstrip('«"')[:1].isupper()
        # What letters or an unknown name stand for may be long or short.
        self._vague = 2 if self._opaque or is_abbreviation(russian) else 1
        self._breaks = _breaks(run, evidence.covered)
        self._expected = sum(map(expected_length, content_words(russian)))

    def features(self, place: int) -> dict[str, float]:
        """Return the features of a name that would begin at *place*; those left out are 0."""
        run, covered = self._run, self._evidence.covered
        before = run[:place]
        found = {self._cue(before): 1.0, **self._explained(place)}
        after = run[place:]
        table = learned()
        if before:
            found["before"] = table.of(before[-1]).before
            found["together"] = table.together(before[-1], after[0])
        found["first"] = table.of(after[0]).first
        inside = sum(
            table.of(character).inside
            for character, known in zip(after, covered[place:], strict=True)
            if not known
        )
        found["inside"] = max(-8.0, min(4.0, inside))
        found["length"] = min(8.0, abs(len(after) - self._expected - 0.5)) / self._vague
        found["splits"] = float(_splits(run, place))
        found["clause"] = float(_opens_clause(run, place))
        found["common"] = float(_is_common(after))
        found["cues_inside"] = float(sum(n >= place for n in self._breaks))
        if _foreign_country(run, place, covered):
            found["ours" if self._opaque and self._proper else "foreign"] = 1.0
        if not is_abbreviation(self._russian):
            digits = (
                c.isdigit() for c, known in zip(after, covered[place:], strict=True) if not known
            )
            found["digits"] = float(any(digits))
        return found

    def _explained(self, place: int) -> dict[str, float]:
        covered, spans, unexplained = self._evidence
        after = covered[place:]
        over = after.count(False) - unexplained
        share = 0.0
        if spans:
            share = sum(any(start >= place for start, _ in each) for each in spans) / len(spans)
        late = after.index(True) if True in after else len(after)
        return {
            "share": share,
            "whole": float(share == 1 and not unexplained and all(after)),
            "covered": float(after[0]),
            "late": 0.0 if self._opaque or not spans else min(8.0, late),
            "cut": float(place > 0 and covered[place - 1] and not after[0]),
            "over": min(10.0, max(0.0, over)) / self._vague,
            "under": min(6.0, max(0.0, -over)) / self._vague,
        }

    def _cue(self, before: str) -> str:
        """Return which of the cues speaks for a beginning after *before*."""
        place = len(before)
        # What the Russian explains belongs to the name: 第六届 of VI.
        known = place > 0 and self._evidence.covered[place - 1]
        checks: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("start", lambda: not before),
            ("opening", lambda: _opening(before)),
            ("counted", lambda: not known and _COUNTED.search(before) is not None),
            ("phrase", lambda: not self._within(before) and _ends_a_phrase(before)),
            ("role", lambda: _role(before)),
            ("and", lambda: _and(before, _several(self._russian))),
            ("weak", lambda: _weak(before)),
            ("strong", lambda: _strong(before)),
            ("adverb", lambda: _ADVERB.search(before) is not None),
            ("date", lambda: _DATE.search(before) is not None),
            (
                "country",
                lambda: (
                    before in words().countries
                    and _after_country(self._run, place)
                    and _BRAND.search(self._russian) is None
                ),
            ),
            ("after_country", lambda: _after_country(self._run, place)),
        )
        return next((name for name, holds in checks if holds()), "no_cue")

    def _within(self, before: str) -> bool:
        """Tell whether *before* ends with a verb that the name explains and goes on around."""
        verb = next((each for each in words().verbs if before.endswith(each)), "")
        start = len(before) - len(verb)
        covered = self._evidence.covered
        return bool(verb) and start > 0 and all(covered[start - 1 : len(before)])


def _is_common(chinese: str) -> bool:
    """Tell whether *chinese* is but a common noun, such as 委员会."""
    return any(chinese in ends for ends in words().ends.values())


def _opening(before: str) -> bool:
    lists = words()
    return before in lists.weak or before in lists.strong or before in lists.verbs


def _ends_a_phrase(before: str) -> bool:
    """Tell whether *before* ends with a verb or a title (of one character: for people's names)."""
    return before.endswith(words().verbs) or after_title(before, least=2)


def _role(before: str) -> bool:
    """Tell whether *before* ends with what the name in apposition is: 智库, 承建方."""
    return before.endswith(words().roles)


def _strong(before: str) -> bool:
    lists = words()
    return before.endswith(lists.strong) and not before.endswith(lists.inside)


def _weak(before: str) -> bool:
    return before.endswith(words().weak) and not before.endswith(words().inside)


def _and(before: str, several: bool) -> bool:
    """Tell whether *before* ends with 和 or the like, as it does between two names."""
    if not _weak(before):
        return False
    ends = words().ends
    # One body and another, or a side and a body (校方同…).
    other = before[:-1].endswith((*ends["org"], *ends["media"], *words().roles))
    return other or not several


def _several(russian: str) -> bool:
    """Tell whether a name may have 和 inside."""
    return is_abbreviation(russian) or " и " in russian


def _after_country(run: str, place: int) -> bool:
    """Tell whether a whole country name stands before *place* (not 俄 of 俄罗斯)."""
    return any(run.endswith(zh, 0, place) for zh in words().countries) and not _splits(run, place)


def _opens_clause(run: str, place: int) -> bool:
    """Tell whether a small word such as 据 or 由 would begin the name."""
    small = run[place] in _SMALL and run[place : place + 2] not in words().whole
    return small or run.startswith(("以及", "按照", "根据", "随着"), place)


def _splits(run: str, place: int) -> bool:
    """Tell whether *place* is inside a word that names do not begin in."""
    lists = words()
    if run[place - 1 : place].isdigit() and run[place].isdigit():
        return True
    for length in range(2, 8):
        for start in range(max(0, place - length + 1), place):
            if run[start : start + length] in lists.whole and start + length > place:
                return True
    return False


def _foreign_country(run: str, place: int, covered: list[bool]) -> bool:
    """Tell whether a name would begin with a country that the Russian does not name."""
    return not covered[place] and any(run.startswith(zh, place) for zh in words().countries)


def _is_preposition(run: str, place: int) -> bool:
    """Tell whether 由 or the like stands for itself (not 自由)."""
    around = {run[max(0, place - 1) : place + 1], run[place : place + 2]}
    return run[place] in "由被把让" and around.isdisjoint(words().whole)


def _breaks(run: str, covered: list[bool]) -> list[int]:
    """Return where words stand that are found between names rather than in one."""
    lists = words()
    small = ("的", "了", "着", "在", "据", "是", *lists.verbs, *lists.phrases)
    found = [n for n, character in enumerate(run) if character == "了"]  # never inside a name
    return found + [
        n
        for n in range(len(run) - 1)
        if not covered[n]
        and not (run[n] == "的" and n > 0 and covered[n - 1] and covered[n + 1])
        and (run.startswith(small, n) or _is_preposition(run, n))
    ]
