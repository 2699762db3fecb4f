"""What is broken in a system's lines: nothing there, loops, letters left over, odd lengths.

The measures are the checks that a translator sees (services/checks); only Latin leftovers, which
an editor judges better than a check, are looked for here alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbench.domain.article import Segment
from workbench.domain.language import Span
from workbench.domain.quality import FAULT_KINDS, Fault, FaultKind, Score
from workbench.domain.row import Row
from workbench.languages.chinese import protected
from workbench.services.checks.damage import Cyrillic, Loop
from workbench.services.checks.length import Length, size
from workbench.services.evaluation.resampling import ratio, share

# A word in small letters that stands neither in the source nor in a reference: "sanctions" in
# the middle of Chinese. Abbreviations (GDP) and short units (km) are right in Chinese.
_LATIN = re.compile(r"[A-Za-z]*[a-z]{4,}[A-Za-z]*")
_SHOWN = 5  # words that show a fault of one line


def find_faults(
    sources: Sequence[str], lines: Sequence[str], references: Sequence[Sequence[str]] = ()
) -> tuple[Fault, ...]:
    """Return the faults of a system's *lines*, in order, each kind once a line.

    *sources* may be empty: what takes a source to be told is not told then.
    """
    found: list[Fault] = []
    for number, line in enumerate(lines):
        source = sources[number] if sources else ""
        allowed = " ".join((source, *(texts[number] for texts in references)))
        told: dict[FaultKind, dict[str, None]] = {}
        for kind, text in _faults(source, line, allowed):
            told.setdefault(kind, {})[text] = None
        found += [Fault(number + 1, kind, _listed(list(texts))) for kind, texts in told.items()]
    return tuple(found)


def _listed(texts: Sequence[str]) -> str:
    """Return what shows a fault of one kind in a line, the first few where there are many."""
    return ", ".join(texts[:_SHOWN]) + (" …" if len(texts) > _SHOWN else "")


def _faults(source: str, line: str, allowed: str) -> Iterator[tuple[FaultKind, str]]:
    if not line.strip():
        if source.strip() or allowed.strip():
            yield "empty", ""
        return
    row = Row(Segment(1, 1, source, Span(0, len(source))), line, "drafted")
    for issue in Loop()(row):
        yield "loop", _shown(issue.values)
    for issue in Cyrillic()(row):
        yield "cyrillic", _shown(issue.values)
    kept = protected(line)
    for match in _LATIN.finditer(line) if allowed.strip() else ():
        inside = any(span.start <= match.start() < span.end for span in kept)
        if not inside and match[0].casefold() not in allowed.casefold():
            yield "latin", match[0]
    for issue in Length()(row):
        yield ("short" if issue.key.endswith("short") else "long"), ""


def fault_scores(
    faults: Sequence[Fault],
    sources: Sequence[str],
    lines: Sequence[str],
    references: Sequence[Sequence[str]] = (),
) -> tuple[Score, ...]:
    """Return the share of broken lines, as a whole (``faults``) and by kind, and the lengths.

    ``length`` is Chinese characters for each Russian one, ``length_reference`` for each of the
    first reference; white space is not counted.
    """
    total = len(lines)
    scores = [share("faults", len({fault.n for fault in faults}), total)]
    scores += [
        share(kind, len({fault.n for fault in faults if fault.kind == kind}), total)
        for kind in FAULT_KINDS
    ]
    sizes = [size(line) for line in lines]
    for name, others in (("length", sources), ("length_reference", (references or ((),))[0])):
        if others:
            scores.append(ratio(name, sizes, [size(text) for text in others], _UNIT, scale=1.0))
    return tuple(scores)


_UNIT = "unit:char"


def _shown(values: Sequence[tuple[str, str]]) -> str:
    return dict(values).get("text", "")
