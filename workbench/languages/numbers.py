"""Exact values of the numbers in a Russian source and its Chinese target, and where they differ.

A number in figures must have a partner of equal value on the other side; a number in words
(``два``, ``首``) may serve as a partner but need not have one, because either language freely
adds and drops them. Signs are not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from re import Match, Pattern

from workbench.domain.language import Span

Values = Sequence[int | Fraction]


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text. ``options`` are the values it may stand for (``90-е``: 90 or 1990)."""

    options: frozenset[Fraction]
    required: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule makes of one group of its match: possible values, whether a partner must be.

    ``within`` narrows the place to a part of the match, in its own offsets.
    """

    group: int
    options: Values
    required: bool = True
    within: tuple[int, int] | None = None


Rule = tuple[Pattern[str], Callable[[Match[str]], Iterable[Reading]]]


def scan(text: str, rules: Iterable[Rule]) -> tuple[Number, ...]:
    """Apply *rules* in order; what one has read, the later ones do not see."""
    found: list[Number] = []
    for pattern, read in rules:
        for match in list(pattern.finditer(text)):
            readings = list(read(match))
            for reading in readings:
                options = frozenset(Fraction(value) for value in reading.options)
                start, end = match.span(reading.group)
                if reading.within:
                    start, end = (match.start() + offset for offset in reading.within)
                found.append(Number(options, reading.required, Span(start, end)))
            if readings:
                text = text[: match.start()] + "\0" * len(match.group()) + text[match.end() :]
    return tuple(sorted(found, key=lambda number: (number.span.start, number.span.end)))


def differences(source: str, target: str) -> tuple[tuple[Number, ...], tuple[Number, ...]]:
    """Return (numbers of the source missing in the target, numbers the target adds)."""
    from workbench.languages.chinese_numbers import chinese_numbers
    from workbench.languages.russian_numbers import russian_numbers

    left, right = russian_numbers(source), chinese_numbers(target)
    return _without_partner(left, right), _without_partner(right, left)


def _without_partner(numbers: Sequence[Number], others: Sequence[Number]) -> tuple[Number, ...]:
    return tuple(
        number
        for number in numbers
        if number.required and not any(number.options & other.options for other in others)
    )
