"""Scores with intervals and paired tests, as sacreBLEU computes them (seed 12345).

sacreBLEU counts what a score is made of (matching n-grams, lengths, edits) line by line, sums it
up and resamples the sums. ``Statistics`` has it count once for each metric and system, so that
every pair of systems, every slice of the set and the scores of single lines come of one count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workbench.domain.quality import Comparison, Score
from workbench.domain.run import Test
from workbench.errors import SettingsError

if TYPE_CHECKING:
    from workbench.services.evaluation.metrics import SacreMetric

__all__ = ["Statistics", "Test", "score", "tabled"]

SAMPLES = 1000
TRIALS = 10_000
# sacreBLEU holds all samples in memory at once: 0.15 MB a line for chrF's bootstrap of a pair.
MOST_LINES = 10_000
Lines = Sequence[int]
Counts = list[list[float]]


class Statistics:
    """What the metrics count in each system's lines, counted when first asked for.

    *references* holds one sequence of lines for each reference.
    """

    def __init__(
        self,
        metrics: Sequence[SacreMetric],
        systems: Mapping[str, Sequence[str]],
        references: Sequence[Sequence[str]],
    ) -> None:
        """Take the systems' lines; nothing is counted yet."""
        self.metrics = {metric.name: metric for metric in metrics}
        self.systems = systems
        self.references = references
        self.size = len(references[0])
        self._counts: dict[tuple[str, str], Counts] = {}

    def counts(self, metric: str, system: str) -> Counts:
        """Return sacreBLEU's statistics of each line."""
        known = self._counts.get((metric, system))
        if known is None:
            scorer: Any = self.metrics[metric].scorer
            known = scorer._extract_corpus_statistics(list(self.systems[system]), self.references)
            self._counts[metric, system] = known
        return known

    def put(self, metric: str, system: str, counts: Counts) -> None:
        """Take statistics that were counted elsewhere (in another process)."""
        self._counts[metric, system] = counts

    def segments(self, metric: str, system: str) -> list[float]:
        """Return the score of each line; fair only for chrF and HTER, so only for ranking."""
        scorer: Any = self.metrics[metric].scorer
        return [
            float(scorer._aggregate_and_compute([c]).score) for c in self.counts(metric, system)
        ]

    def value(self, metric: str, system: str, lines: Lines) -> float:
        """Return the score of some lines, without an interval."""
        counts = self.counts(metric, system)
        scorer: Any = self.metrics[metric].scorer
        return float(scorer._aggregate_and_compute([counts[n] for n in lines]).score)

    def score(self, metric: str, system: str, lines: Lines | None = None) -> Score:
        """Return the score of all or some lines with its bootstrap interval.

        One line has no interval: there is nothing to resample; too many have none either.
        """
        chosen = range(self.size) if lines is None else lines
        if not resampled(len(chosen)):
            return _bare(self, metric, system, chosen)
        ((found,), _) = _tested(self, metric, (system,), "bs", chosen)
        return found

    def paired(
        self,
        metric: str,
        system: str,
        baseline: str,
        test: Test = "bs",
        lines: Lines | None = None,
    ) -> Comparison:
        """Return sacreBLEU's paired test of a system against a baseline.

        Raises SettingsError for what cannot be resampled: one line, or too many.
        """
        chosen = range(self.size) if lines is None else lines
        if not resampled(len(chosen)):
            raise SettingsError("evaluation.not_resampled", count=len(chosen), most=MOST_LINES)
        _, (comparison,) = _tested(self, metric, (baseline, system), test, chosen)
        return comparison


class _Counted:
    """A metric as sacreBLEU's tests see it, whose "lines" are (system, line number).

    It looks their statistics up instead of counting them again, and remembers the scores of the
    samples: sacreBLEU keeps those to itself, and the interval of a difference needs them.
    """

    def __init__(self, statistics: Statistics, metric: str) -> None:
        self.statistics = statistics
        self.metric = metric
        self.scorer: Any = statistics.metrics[metric].scorer
        self.samples: list[float] = []

    def _extract_corpus_statistics(self, keys: Sequence[tuple[str, int]], _references: Any) -> Any:
        counts = self.statistics.counts(self.metric, keys[0][0])
        return [counts[number] for _, number in keys]

    def _aggregate_and_compute(self, counts: Any) -> Any:
        return self.scorer._aggregate_and_compute(counts)

    def _compute_score_from_stats(self, counts: Any) -> Any:
        result = self.scorer._compute_score_from_stats(counts)
        self.samples.append(float(result.score))
        return result

    def get_signature(self) -> Any:
        return self.scorer.get_signature()


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
    return tabled(Statistics(metrics, systems, references), test)


def tabled(
    statistics: Statistics,
    test: Test = "bs",
    lines: Lines | None = None,
    only: Sequence[str] = (),
) -> tuple[dict[str, tuple[Score, ...]], tuple[Comparison, ...]]:
    """Return the same of statistics, for all lines or some, by every metric or *only* some."""
    chosen = range(statistics.size) if lines is None else lines
    names = tuple(statistics.systems)
    scores: dict[str, list[Score]] = {name: [] for name in names}
    comparisons: list[Comparison] = []
    for metric in only or statistics.metrics:
        if not resampled(len(chosen)):
            column = [_bare(statistics, metric, name, chosen) for name in names]
        else:
            column, tested = _tested(statistics, metric, names, test, chosen)
            comparisons += tested
        for name, value in zip(names, column, strict=True):
            scores[name].append(value)
    return {name: tuple(values) for name, values in scores.items()}, tuple(comparisons)


def resampled(lines: int) -> bool:
    """Tell whether so many lines have intervals and tests: at least two, at most ten thousand."""
    return 2 <= lines <= MOST_LINES


def _bare(statistics: Statistics, metric: str, system: str, lines: Lines) -> Score:
    """Return a score without an interval."""
    value = statistics.value(metric, system, lines)
    signature = statistics.metrics[metric].signature(len(statistics.references))
    return Score(metric, value, signature, size=len(lines))


def _tested(
    statistics: Statistics, metric: str, systems: Sequence[str], test: Test, lines: Lines
) -> tuple[list[Score], list[Comparison]]:
    """Let sacreBLEU score the systems and test each but the first against the first."""
    from sacrebleu.significance import PairedTest

    counted = _Counted(statistics, metric)
    paired = PairedTest(
        [(system, [(system, number) for number in lines]) for system in systems],
        {metric: counted},
        None,
        test_type=test,
        n_samples=SAMPLES if test == "bs" else TRIALS,
        n_ar_confidence=SAMPLES if test == "ar" else -1,
    )
    signatures, results = paired()
    # sacreBLEU files its results under a name of its own (chrF2); there is only one.
    (name,) = signatures
    signature, column = str(signatures[name]), results[name]
    scores = [
        Score(
            metric,
            float(result.score),
            signature,
            float(result.mean - result.ci),
            float(result.mean + result.ci),
            len(lines),
        )
        for result in column
    ]
    baseline, *others = systems
    comparisons = []
    for order, (system, result) in enumerate(zip(others, column[1:], strict=True)):
        low, high = _difference(counted.samples, order) if test == "bs" else (None, None)
        comparisons.append(
            Comparison(
                metric,
                system,
                baseline,
                float(result.score - column[0].score),
                _p_value(statistics, system, baseline, lines, result.p_value),
                signature,
                low,
                high,
                len(lines),
            )
        )
    return scores, comparisons


def _p_value(
    statistics: Statistics, system: str, baseline: str, lines: Lines, value: float
) -> float:
    """Take sacreBLEU's word, except that it calls a system that equals the baseline different."""
    mine, first = statistics.systems[system], statistics.systems[baseline]
    return 1.0 if all(mine[n] == first[n] for n in lines) else float(value)


def _difference(samples: Sequence[float], order: int) -> tuple[float, float]:
    """Return the 95 % interval of a difference from the scores of the bootstrap's samples.

    The samples stand in the order in which the paired bootstrap takes them: those of the
    baseline's own interval, then for each system the baseline's and the system's.
    """
    import numpy as np

    from workbench.services.evaluation.resampling import bounds

    start = SAMPLES * (1 + 2 * order)
    first = np.asarray(samples[start : start + SAMPLES])
    second = np.asarray(samples[start + SAMPLES : start + 2 * SAMPLES])
    return bounds(second - first)
