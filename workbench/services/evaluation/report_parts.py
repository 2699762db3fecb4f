"""The parts of a run's plain text beside its scores: measures, faults, terms, systems compared."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.domain.quality import (
    Comparison,
    Contrast,
    Difference,
    Evaluation,
    NgramUse,
    Score,
    Side,
    SliceResult,
)
from workbench.services.evaluation.reports.words import between

_SHOWN = 5  # faults, renderings, differences and n-grams in a text for the terminal
_ALWAYS = ("terms", "consistency", "faults", "length", "length_reference")


def measures(run: Evaluation, name: str, width: int) -> Iterator[str]:
    """Yield a system's figures beside the metrics; kinds of faults only where there are any."""
    for score in run.measures.get(name, ()):
        if score.value or score.metric in _ALWAYS or score.metric.startswith("hter:"):
            yield f"{name:<{width}}  {figure(score)}"
    for fault in run.faults.get(name, ())[:_SHOWN]:
        yield f"{name:<{width}}  line {fault.n}: {fault.kind} {fault.text}".rstrip()
    uneven = [each for each in run.renderings.get(name, ()) if len(each.counts) > 1]
    for each in uneven[:_SHOWN]:
        counts = ", ".join(f"{form or '?'} {count}" for form, count in each.counts.items())
        yield f"{name:<{width}}  {each.source} → {each.target}: {counts}"


def figure(score: Score) -> str:
    """Return a figure with its interval, size and signature on one line."""
    digits = 3 if score.metric.startswith("length") else 2
    value = f"{score.value:8.{digits}f}"
    spread = between(score.low, score.high, digits)
    return f"{score.metric:<16}{value}  {spread:>14}  n={score.size}  {score.signature}"


def contrast(found: Contrast) -> Iterator[str]:
    """Yield how the systems stand to one another, slice by slice and in single lines."""
    yield ""
    yield "By parts: scores, difference with 95 % interval and p; lines better/equal/worse (chrF)"
    for part in found.slices:
        if part.kind != "document":  # single documents are in the JSON, the page and the report
            yield from _part(part)
    for tally in found.documents:
        yield (
            f"documents: {tally.system} against {tally.baseline}: better {tally.wins}, "
            f"equal {tally.ties}, worse {tally.losses} (sign test p = {tally.p_value:.4f})"
        )
    for system, use in found.ngrams.items():
        yield from _ngrams(system, use)
    for pair, better in found.better.items():
        if better:
            listed = ", ".join(
                f"{each.text} {each.matched}:{each.baseline_matched}" for each in better[:_SHOWN]
            )
            yield f"{pair.replace('|', ' against ')}: right more often: {listed}"
    yield from _differences(found)


def _part(part: SliceResult) -> Iterator[str]:
    name = f"{part.kind} {part.name}".strip()
    for tally in part.tallies:
        yield (
            f"{name} (n={part.size}): {tally.system} against {tally.baseline}: "
            f"{tally.wins}/{tally.ties}/{tally.losses}, sign test p = {tally.p_value:.4f}"
        )
        for each in part.comparisons:
            pair = (each.system, each.baseline) == (tally.system, tally.baseline)
            if pair and (part.kind == "all" or each.metric == tally.metric):
                yield f"  {_comparison(part, each)}"


def _comparison(part: SliceResult, comparison: Comparison) -> str:
    values = [
        next(s.value for s in part.scores[name] if s.metric == comparison.metric)
        for name in (comparison.baseline, comparison.system)
    ]
    between = ""
    if comparison.low is not None and comparison.high is not None:
        between = f" ({comparison.low:+.2f}–{comparison.high:+.2f})"
    return (
        f"{comparison.metric} {values[0]:.2f} → {values[1]:.2f}: {comparison.difference:+.2f}"
        f"{between}, p = {comparison.p_value:.4f}  {comparison.test}"
    )


def _ngrams(system: str, use: NgramUse) -> Iterator[str]:
    for word, found in (("often", use.over), ("seldom", use.under)):
        if found:
            listed = ", ".join(
                f"{each.text} {each.hypothesis} for {each.reference}" for each in found[:_SHOWN]
            )
            yield f"{system}: too {word}: {listed}"


def _differences(found: Contrast) -> Iterator[str]:
    seen: dict[tuple[str, str], int] = {}
    for each in found.differences:
        pair = (each.system.system, each.baseline.system)
        seen[pair] = seen.get(pair, 0) + 1
        if seen[pair] <= _SHOWN:
            yield from _difference(each)


def _difference(each: Difference) -> Iterator[str]:
    yield f"\nline {each.n} · {each.metric} {each.difference:+.1f}"
    if each.source:
        yield f"  {each.source}"
    for side in (each.system, each.baseline):
        yield f"  {side.system} {side.value:.1f}: {_marked(side)}"
    yield f"  reference: {each.system.reference}"


def _marked(side: Side) -> str:
    """Return a line with what the reference has otherwise in square brackets."""
    text = side.text
    for mark in reversed(side.marks):
        text = f"{text[: mark.start]}[{text[mark.start : mark.end]}]{text[mark.end :]}"
    return text
