"""The length model: how many Chinese characters a Russian sentence becomes."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.domain.row import Issue, Row, Severity

# Chinese characters for each Russian character, white space not counted, by the length of the
# source: (up to, lowest, highest). Taken from the 0.25 and 99.5 per cent points of the authored
# pairs and of seven public test sets; docs/checks.md has the figures and the command.
BANDS = (
    (15, 0.15, 1.60),
    (30, 0.15, 1.05),
    (60, 0.14, 0.95),
    (120, 0.14, 0.85),
    (10**9, 0.14, 0.72),
)
# Below this a single word decides the ratio.
SHORTEST = 6


def ratio_bounds(length: int) -> tuple[float, float]:
    """Return the lowest and highest usual ratio for a source of *length* characters."""
    return next((low, high) for longest, low, high in BANDS if length < longest)


def size(text: str) -> int:
    """Count the characters that are not white space."""
    return sum(not character.isspace() for character in text)


class Length:
    """A target far shorter or longer than translations of such sentences are."""

    name = "ZH-R04"
    severity: Severity = "warning"

    def __call__(self, row: Row) -> Iterator[Issue]:
        source, target = size(row.segment.source), size(row.target)
        if source < SHORTEST:
            return
        low, high = ratio_bounds(source)
        fault = "short" if target < low * source else "long" if target > high * source else ""
        if fault:
            values = (("source", str(source)), ("target", str(target)))
            yield Issue(self.name, self.severity, f"checks.ZH-R04-{fault}", values)
