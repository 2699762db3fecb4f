"""Checks of Chinese punctuation and numerals, with one-click corrections where safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.domain.language import Span
from workbench.domain.row import Issue, Row, Severity
from workbench.languages.chinese import HAN, faults, mend, protected
from workbench.languages.chinese_rules import NUMERALS, PUNCTUATION, Rule

PAIRS = {"（": "）", "《": "》", "“": "”", "‘": "’", "〈": "〉", "【": "】"}


def broken(rules: Sequence[Rule], text: str) -> Iterator[Issue]:
    """Yield an issue for each breach; its fix mends every breach of that rule at once."""
    if not HAN.search(text):
        return
    for rule in rules:
        found = faults(rule, text)
        mended = mend(rule, text) if found else text
        for span, replacement in found:
            yield Issue(
                rule.id,
                rule.severity,
                f"checks.{rule.id}",
                (("text", span.of(text).strip() or "_"),),
                target=span,
                fix=mended if replacement is not None and mended != text else None,
            )


class Punctuation:
    """The rules ZH-P… of the punctuation standard."""

    name = "ZH-P"
    severity: Severity = "error"

    def __call__(self, row: Row) -> Iterator[Issue]:
        yield from broken(PUNCTUATION, row.target)


class Numerals:
    """The rules ZH-N… of the numeral standard."""

    name = "ZH-N"
    severity: Severity = "error"

    def __call__(self, row: Row) -> Iterator[Issue]:
        yield from broken(NUMERALS, row.target)


class Balance:
    """Paired marks that open and close.

    A quotation may run through several segments: a mark left open (or closed) is a fault only
    if the source's own marks are balanced.
    """

    name = "ZH-P04"
    severity: Severity = "warning"

    def __call__(self, row: Row) -> Iterator[Issue]:
        source = row.segment.source
        if source.count("«") != source.count("»") or source.count('"') % 2:
            return
        if source.count("(") != source.count(")"):
            return
        for place in unpaired(row.target):
            span = Span(place, place + 1)
            values = (("text", row.target[place]),)
            yield Issue(self.name, self.severity, "checks.ZH-P04", values, target=span)


def unpaired(text: str) -> tuple[int, ...]:
    """Return the places of opening and closing marks that have no partner."""
    kept = protected(text)
    waiting: list[int] = []
    lonely: list[int] = []
    for place, mark in enumerate(text):
        if any(span.start <= place < span.end for span in kept):
            continue
        if mark in PAIRS:
            waiting.append(place)
        elif mark in PAIRS.values():
            if waiting and PAIRS[text[waiting[-1]]] == mark:
                waiting.pop()
            else:
                lonely.append(place)
    return tuple(sorted(lonely + waiting))
