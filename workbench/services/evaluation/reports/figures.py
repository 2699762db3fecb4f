"""Every figure of a run in one table, for spreadsheets and scripts."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.domain.quality import Comparison, Evaluation, Score

COLUMNS = (
    "run", "set", "lines", "part", "kind", "system", "baseline", "metric",
    "value", "low", "high", "p", "size", "signature", "machine",
)  # fmt: skip


def figures(run: Evaluation) -> Iterator[tuple[str, ...]]:
    """Yield the rows under ``COLUMNS``.

    ``kind`` is score, measure, comparison or, for a part of the set, tally (``value`` is wins
    minus losses). Values are unrounded.
    """
    for system in run.systems:
        for score in run.scores[system]:
            yield _row(run, "all", "score", system, "", score)
        for score in run.measures.get(system, ()):
            yield _row(run, "all", "measure", system, "", score)
    for comparison in run.comparisons:
        yield _row(run, "all", "comparison", comparison.system, comparison.baseline, comparison)
    if run.contrast:
        yield from _parts(run)


def _parts(run: Evaluation) -> Iterator[tuple[str, ...]]:
    for result in run.contrast.slices if run.contrast else ():
        part = result.kind if result.kind == "all" else f"{result.kind} {result.name}"
        for system, found in result.scores.items():
            for score in found:
                if part != "all":
                    yield _row(run, part, "score", system, "", score)
        for comparison in result.comparisons:
            baseline = comparison.baseline
            yield _row(run, part, "comparison", comparison.system, baseline, comparison)
        for tally in result.tallies:
            first = (str(run.id or ""), run.set_name, str(run.size), part, "tally")
            names = (tally.system, tally.baseline, f"{tally.metric} by {tally.unit}")
            values = (str(tally.wins - tally.losses), "", "", repr(tally.p_value))
            yield (*first, *names, *values, str(tally.size), "sign test", run.machine)


def _row(
    run: Evaluation, part: str, kind: str, system: str, baseline: str, of: Score | Comparison
) -> tuple[str, ...]:
    if isinstance(of, Score):
        value, p, signature = of.value, "", of.signature
    else:
        value, p, signature = of.difference, repr(of.p_value), of.test
    low, high = ("" if bound is None else repr(bound) for bound in (of.low, of.high))
    first = (str(run.id or ""), run.set_name, str(run.size), part, kind, system, baseline)
    return (
        *first,
        of.metric,
        repr(value),
        low,
        high,
        p,
        str(of.size or ""),
        signature,
        run.machine,
    )
