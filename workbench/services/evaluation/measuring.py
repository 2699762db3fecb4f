"""Everything that is measured beside the metrics: terms, faults, edits, systems held together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.domain.quality import Contrast, Evaluation, Score
from workbench.domain.run import Test
from workbench.domain.term import Hit, Receipt
from workbench.services.evaluation.comparison import BY, IN_SLICES, Material, compare
from workbench.services.evaluation.consistency import consistency, term_score
from workbench.services.evaluation.edits import corpus_hter, distance, names_in
from workbench.services.evaluation.faults import fault_scores, find_faults
from workbench.services.evaluation.metrics import METRICS, SacreMetric, metrics
from workbench.services.evaluation.significance import Statistics
from workbench.services.evaluation.slices import default_slices

if TYPE_CHECKING:
    from workbench.services.terminology import Terminology

Receipts = Sequence[Sequence[Receipt]]
_MOST_RENDERINGS = 50


def with_chrf(chosen: Sequence[SacreMetric]) -> tuple[SacreMetric, ...]:
    """Return the metrics with chrF among them, which single lines are compared by."""
    if any(metric.name == BY for metric in chosen):
        return tuple(chosen)
    return (*chosen, METRICS.load(BY)())


def enriched(
    run: Evaluation,
    statistics: Statistics,
    terminology: Terminology,
    counted: Mapping[str, Receipts],
    test: Test,
) -> Evaluation:
    """Return the run with its measures, faults, renderings and, of several systems, the contrast.

    *counted* holds the receipts that a system's term success is counted from, where they are not
    of the house's glossary (the controls).
    """
    hits, receipts = _verified(run, terminology)
    faults = {
        name: find_faults(run.sources, lines, run.references) for name, lines in run.outputs.items()
    }
    measures: dict[str, tuple[Score, ...]] = {}
    renderings = {}
    for name, lines in run.outputs.items():
        mine = receipts[name]
        terms = term_score(counted.get(name) or mine) if mine else None
        consistent, found = consistency(mine, lines) if mine else (None, ())
        renderings[name] = found[:_MOST_RENDERINGS]
        measures[name] = (
            *filter(None, (terms, consistent)),
            *fault_scores(faults[name], run.sources, lines, run.references),
            *(_by_class(lines, run.references, hits) if "hter" in statistics.metrics else ()),
        )
    return replace(
        run,
        measures=measures,
        faults=faults,
        renderings=renderings,
        contrast=_contrast(run, statistics, hits, receipts, (test,)),
    )


def _verified(
    run: Evaluation, terminology: Terminology
) -> tuple[list[tuple[Hit, ...]], dict[str, list[tuple[Receipt, ...]]]]:
    """Return the house's terms in each source, and their receipts in each system's lines."""
    hits = [terminology.find(source) for source in run.sources]
    receipts = {
        name: [terminology.verify(found, line) for found, line in zip(hits, lines, strict=False)]
        for name, lines in run.outputs.items()
    }
    return hits, receipts


def _contrast(
    run: Evaluation,
    statistics: Statistics,
    hits: Sequence[Sequence[Hit]],
    receipts: Mapping[str, Receipts],
    tests: Sequence[Test],
) -> Contrast | None:
    if len(run.systems) < 2:
        return None
    known = {name: found for name, found in receipts.items() if found}
    return compare(
        Material(run.outputs, run.references, run.sources, known),
        statistics,
        default_slices(run.sources, run.references, hits, run.documents),
        run.machine,
        tests,
    )


def contrast_of(
    run: Evaluation,
    terminology: Terminology,
    tests: Sequence[Test] = ("bs", "ar"),
    names: Sequence[str] = IN_SLICES,
) -> Contrast | None:
    """Hold the systems of a stored run against one another once more, with both tests.

    None for a run of one system. Raises NotFound for a metric that is not known.
    """
    statistics = Statistics(with_chrf(metrics(names)), run.outputs, run.references)
    hits, receipts = _verified(run, terminology)
    return _contrast(run, statistics, hits, receipts, tests)


def _by_class(
    lines: Sequence[str], references: Sequence[Sequence[str]], hits: Sequence[Sequence[Hit]]
) -> tuple[Score, ...]:
    """Return HTER by class of edit, against the nearest reference of each line."""
    nearest = [
        min(texts, key=lambda text: (distance(line, [text])[0], -len(text)))
        for line, texts in zip(lines, zip(*references, strict=True), strict=True)
    ]
    pairs = list(zip(lines, nearest, strict=True))
    report = corpus_hter(pairs, [names_in(found) for found in hits], len(references))
    return tuple(report.by_class.values())
