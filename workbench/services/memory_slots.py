"""The same sentence with other numbers and dates: putting the new ones into the old translation.

Only where it cannot go wrong. A value that changes stands once in the old source and once in the
old target, numbers in words included: «5 млн» as 500万, ``12.03.2026`` and «12 марта 2026 года»
as 2026年3月12日, «5» as 五 before a counting word. Days, months, years and other numbers are
told apart. The new value is written in the manner of the old one; where that manner cannot say it,
or the check of numbers finds more amiss than before, nothing is put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from workbench.domain.identity import normalised, slots
from workbench.domain.language import Span
from workbench.domain.memory import Substitution
from workbench.languages.chinese_numbers import PLAIN, chinese_numbers
from workbench.languages.numbers import Number, differences
from workbench.languages.russian_numbers import MONTH, russian_numbers, value
from workbench.services.memory_renderings import RENDERINGS, Value, rendered

Kind = Literal["day", "month", "year", "number"]

_MONTH = re.compile(rf"(?<!\w){MONTH}", re.IGNORECASE)
_AFTER_DAY = re.compile(rf"\s+{MONTH}", re.IGNORECASE)
_YEAR = re.compile(r"(?:-?(?:м|й|го|х))?\s*(?:год|гг?\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Substituted:
    """A translation with other numbers, and where they stand."""

    target: str
    changes: tuple[Substitution, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A number, date, time or month of a Russian sentence."""

    type: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Edit:
    span: Span
    text: str


def substitute(old_source: str, new_source: str, target: str) -> Substituted | None:
    """Return *target* with the numbers of *new_source*, or None where that is not certain.

    The two sources must be the same but for numbers, dates and names of months.
    """
    old, new = normalised(old_source), normalised(new_source)
    before, after = _places(old), _places(new)
    if _general(old, before) != _general(new, after):
        return None
    numbers = _Numbers(old, new, target)
    edits = []
    for one, other in zip(before, after, strict=True):
        if one.text == other.text:
            continue
        if one.type in RENDERINGS:
            edit = _written(one, before, other.text, target)
        else:
            edit = numbers.edit(one, other)
        if edit is None:
            return None
        edits.append(edit)
    # Two figures may be one number: «3 млрд 400 млн» is 34亿.
    made = _applied(sorted(set(edits), key=lambda edit: edit.span.start), target)
    if made is None or _faults(new, made.target) > _faults(old, target):
        return None
    return made


def _faults(source: str, target: str) -> int:
    return sum(map(len, differences(source, target)))


def _places(text: str) -> list[_Place]:
    """Return what may change, in order."""
    found = [_Place(slot.type, slot.text, slot.span) for slot in slots(text)]
    months = (Span(*match.span()) for match in _MONTH.finditer(text))
    found += [_Place("month", span.of(text), span) for span in months]
    return sorted(found, key=lambda place: place.span.start)


def _general(text: str, places: Sequence[_Place]) -> list[str]:
    """Return the text in between, and the types of what stands there."""
    edges = [0, *(edge for place in places for edge in (place.span.start, place.span.end))]
    edges.append(len(text))
    between = [text[a:b] for a, b in list(pairwise(edges))[::2]]
    return [*between, *(place.type for place in places)]


def _written(place: _Place, others: Sequence[_Place], new: str, target: str) -> _Edit | None:
    """Return the edit for a date or time in figures: by the first way of writing that stands."""
    if sum((other.type, other.text) == (place.type, place.text) for other in others) != 1:
        return None
    for render in RENDERINGS[place.type]:
        wanted, text = render(place.text, new), render(new, place.text)
        if not wanted or not text:
            continue
        whole = rf"(?<![\d.,:]){re.escape(wanted)}(?![\d:]|[.,]\d)"
        found = [Span(*match.span()) for match in re.finditer(whole, target)]
        if found:
            return _Edit(found[0], text) if len(found) == 1 else None
    return None


def _applied(edits: Sequence[_Edit], target: str) -> Substituted | None:
    """Return the target with the edits made; None when two of them meet."""
    text, position = "", 0
    changes = []
    for edit in edits:
        if edit.span.start < position:
            return None
        text += target[position : edit.span.start]
        span = Span(len(text), len(text) + len(edit.text))
        changes.append(Substitution(span, edit.span.of(target), edit.text))
        text, position = text + edit.text, edit.span.end
    return Substituted(text + target[position:], tuple(changes))


class _Numbers:
    """The numbers of two Russian sentences that are alike, and of the translation of the first."""

    def __init__(self, old: str, new: str, target: str) -> None:
        self.old, self.new, self.target = old, new, target.translate(PLAIN)
        self.before, self.after = russian_numbers(old), russian_numbers(new)
        self.there = chinese_numbers(target)

    def edit(self, one: _Place, other: _Place) -> _Edit | None:
        """Return the edit for a number or month; None where it is not certain."""
        if len(self.before) != len(self.after):
            return None
        mine = [n for n, number in enumerate(self.before) if number.span.overlaps(one.span)]
        if len(mine) != 1:
            return None
        was, becomes = self.before[mine[0]], self.after[mine[0]]
        kind = _kind(self.old, was)
        changes = dict(_changes(was, becomes, one, other))
        found = self._found(kind, changes)
        if found is None:
            return None
        number, wanted = found
        manner = Value(wanted, other.text, kind)
        text = rendered(manner, self.target, number.span)
        return None if text is None else _Edit(number.span, text)

    def _found(
        self, kind: Kind, changes: dict[Fraction, Fraction]
    ) -> tuple[Number, Fraction] | None:
        """Return the number of the target that changes, and its new value."""
        for same_kind in (True, False):
            here = [
                n
                for n in self.before
                if n.options & changes.keys() and (not same_kind or _kind(self.old, n) == kind)
            ]
            if len(here) != 1:
                return None
            there = [
                (n, change)
                for n in self.there
                if not same_kind or _chinese_kind(self.target, n) == kind
                for change in self._changed(n, changes)
            ]
            if there:
                return there[0] if len(there) == 1 else None
        return None

    def _changed(self, number: Number, changes: dict[Fraction, Fraction]) -> Iterator[Fraction]:
        """Yield what the number of the target becomes, if it is one that changes."""
        literal = _literal(number.span.of(self.target))
        if literal in changes:
            yield changes[literal]
        elif len(number.options) == 1:
            yield from (changes[option] for option in number.options if option in changes)


def _changes(
    was: Number, becomes: Number, one: _Place, other: _Place
) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield (old value, new value): as the figures say, and times the factor that goes with them.

    «2 ГВт» may stand as 200万千瓦, «5 тыс.» is 5000.
    """
    if len(was.options) == len(becomes.options) == 1:
        yield from zip(was.options, becomes.options, strict=True)
        return
    if one.type == "month":
        return
    old, new = value(_plain(one.text)), value(_plain(other.text))
    for option in was.options:
        if old and option / old * new in becomes.options:
            yield option, option / old * new


def _plain(text: str) -> str:
    return re.sub(r"\s", " ", text)


def _literal(text: str) -> Fraction | None:
    figure = text.replace(",", "").replace(" ", "")
    return Fraction(figure) if re.fullmatch(r"\d+(?:\.\d+)?", figure) else None


def _kind(text: str, number: Number) -> Kind:
    """Tell what a number of a Russian text counts."""
    written = number.span.of(text)
    if _MONTH.fullmatch(written):
        return "month"
    if _AFTER_DAY.match(text, number.span.end):
        return "day"
    year = re.fullmatch(r"\d{4}", written) and (
        _YEAR.match(text, number.span.end) or _ends_in_month(text[: number.span.start])
    )
    return "year" if year else "number"


def _ends_in_month(text: str) -> bool:
    last = text.rstrip().rpartition(" ")[2]
    return bool(_MONTH.fullmatch(last))


def _chinese_kind(text: str, number: Number) -> Kind:
    """Tell what a number of a Chinese text counts."""
    after = text[number.span.end : number.span.end + 2]
    if after[:1] in ("日", "号"):
        return "day"
    if after[:1] == "月":
        return "month"
    digits = number.span.end - number.span.start
    return "year" if after[:1] == "年" and after != "年代" and digits == 4 else "number"
