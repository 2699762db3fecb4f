"""Checks for broken output: nothing there, Russian left over, the engine caught in a loop."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.domain.damage import CYRILLIC, LOOP
from workbench.domain.language import Span
from workbench.domain.row import Issue, Row, Severity
from workbench.languages.chinese import protected


class Empty:
    """A segment that was worked on but says nothing."""

    name = "ZH-R03"
    severity: Severity = "error"

    def __call__(self, row: Row) -> Iterator[Issue]:
        if row.state != "new" and row.segment.source.strip():
            yield Issue(self.name, self.severity, "checks.ZH-R03")


class Cyrillic:
    """Russian letters outside brackets, addresses and code."""

    name = "ZH-R01"
    severity: Severity = "error"

    def __call__(self, row: Row) -> Iterator[Issue]:
        for span in russian_in(row.target):
            values = (("text", span.of(row.target)),)
            yield Issue(self.name, self.severity, "checks.ZH-R01", values, target=span)


def russian_in(text: str) -> Iterator[Span]:
    """Yield the Russian words of a Chinese text, outside brackets, addresses and code."""
    kept = protected(text)
    for match in CYRILLIC.finditer(text):
        span = Span(*match.span())
        if not any(span.overlaps(other) for other in kept):
            yield span


class Loop:
    """The same phrase again and again, unless the source repeats itself too."""

    name = "ZH-R02"
    severity: Severity = "error"

    def __call__(self, row: Row) -> Iterator[Issue]:
        if LOOP.search(row.segment.source):
            return
        for match in LOOP.finditer(row.target):
            phrase = match[1] or match[2] or match[3]
            values = (("text", phrase),)
            span = Span(*match.span())
            yield Issue(self.name, self.severity, "checks.ZH-R02", values, target=span)
