"""The number desk: each figure of the source has the same value in the target."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.domain.row import Issue, Row, Severity
from workbench.languages.numbers import Number, differences


class NumberDiffers:
    """A figure that has no partner of equal value on the other side."""

    name = "ZH-N10"
    severity: Severity = "error"

    def __call__(self, row: Row) -> Iterator[Issue]:
        missing, extra = differences(row.segment.source, row.target)
        for number in missing:
            yield Issue(
                self.name,
                self.severity,
                "checks.ZH-N10-missing",
                self._values(number, row.segment.source),
                source=number.span,
            )
        for number in extra:
            yield Issue(
                self.name,
                self.severity,
                "checks.ZH-N10-extra",
                self._values(number, row.target),
                target=number.span,
            )

    def _values(self, number: Number, text: str) -> tuple[tuple[str, str], ...]:
        return (("text", number.span.of(text).strip()),)
