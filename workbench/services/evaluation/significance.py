"""Scores with intervals and paired tests, as sacreBLEU computes them (seed 12345)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from workbench.domain.quality import Comparison, Score

if TYPE_CHECKING:
    from workbench.services.evaluation.metrics import SacreMetric

Test = Literal["bs", "ar"]
SAMPLES = 1000
TRIALS = 10_000


def score(
    metrics: Sequence[SacreMetric],
    systems: Mapping[str, Sequence[str]],
    references: Sequence[Sequence[str]],
    test: Test = "bs",
) -> tuple[dict[str, tuple[Score, ...]], tuple[Comparison, ...]]:
    """Return (scores by system, paired tests of each system against the first).

    *references* holds one sequence of lines for each reference. *test* is the paired bootstrap
    (``bs``) or approximate randomization (``ar``). A set of one line has neither interval nor
    test: there is nothing to resample.
    """
    if len(references[0]) < 2:
        bare = {
            system: tuple(
                Score(m.name, m.corpus(lines, references), m.signature(len(references)))
                for m in metrics
            )
            for system, lines in systems.items()
        }
        return bare, ()
    if len(systems) == 1:
        name, lines = next(iter(systems.items()))
        return {name: tuple(_alone(m, lines, references) for m in metrics)}, ()
    return _paired(metrics, systems, references, test)


def _alone(
    metric: SacreMetric, hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> Score:
    result: Any = metric.scorer.corpus_score(hypotheses, references, n_bootstrap=SAMPLES)
    return _score(
        metric.name, result.score, str(metric.scorer.get_signature()), result._mean, result._ci
    )


def _score(metric: str, value: float, signature: str, mean: float, half: float) -> Score:
    return Score(metric, float(value), signature, float(mean - half), float(mean + half))


def _paired(
    metrics: Sequence[SacreMetric],
    systems: Mapping[str, Sequence[str]],
    references: Sequence[Sequence[str]],
    test: Test,
) -> tuple[dict[str, tuple[Score, ...]], tuple[Comparison, ...]]:
    from sacrebleu.significance import PairedTest

    baseline, *others = systems
    scores: dict[str, list[Score]] = {system: [] for system in systems}
    comparisons: list[Comparison] = []
    for metric in metrics:
        paired = PairedTest(
            [(system, list(lines)) for system, lines in systems.items()],
            {metric.name: metric.scorer},
            references,
            test_type=test,
            n_samples=SAMPLES if test == "bs" else TRIALS,
            n_ar_confidence=SAMPLES if test == "ar" else -1,
        )
        signatures, results = paired()
        # sacreBLEU files its results under a name of its own (chrF2); there is only one.
        (name,) = signatures
        signature = str(signatures[name])
        column: list[Any] = results[name]
        for system, result in zip(systems, column, strict=True):
            scores[system].append(
                _score(metric.name, result.score, signature, result.mean, result.ci)
            )
        comparisons += [
            Comparison(
                metric.name,
                system,
                baseline,
                float(result.score - column[0].score),
                # sacreBLEU calls a system that equals the baseline significantly different.
                1.0 if systems[system] == systems[baseline] else float(result.p_value),
                signature,
            )
            for system, result in zip(others, column[1:], strict=True)
        ]
    return {system: tuple(values) for system, values in scores.items()}, tuple(comparisons)
