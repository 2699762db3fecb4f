"""Metrics of our own in the shape of sacreBLEU's, so that its tests and intervals serve them too.

sacreBLEU is imported here at once: import this module where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sacrebleu.metrics.base import Metric, Score, Signature

from workbench.errors import InputError
from workbench.services.evaluation.edits import distance
from workbench.services.evaluation.resampling import VERSION


class OwnSignature(Signature):  # type: ignore[misc]
    """A signature with what a metric says of itself, and our version in place of sacreBLEU's."""

    def __init__(self, args: dict[str, Any]) -> None:
        """Take the attributes of the metric."""
        super().__init__(args)
        self.info.update(args["facts"])
        self.info["version"] = VERSION


class Ratio(Metric):  # type: ignore[misc]
    """A metric whose lines have a numerator and a denominator; the score is their sums' ratio.

    ``facts`` go into the signature; the score of sums is ``scale`` times their quotient.
    """

    _SIGNATURE_TYPE = OwnSignature

    def __init__(self, name: str, facts: dict[str, str], scale: float = 100.0) -> None:
        """Name the metric and its facts."""
        super().__init__()
        self.name = name
        self.facts = facts
        self.scale = scale

    def _compute_score_from_stats(self, stats: Sequence[float]) -> Any:
        above, below = stats
        value = above / below if below else float(bool(above))
        return Score(self.name, self.scale * value)

    def _aggregate_and_compute(self, stats: Sequence[Sequence[float]]) -> Any:
        # In sacreBLEU's approximate randomization the one element is a row of a numpy array.
        sums = [float(sum(line[column] for line in stats)) for column in (0, 1)]
        return self._compute_score_from_stats(sums)

    def _preprocess_segment(self, sent: str) -> str:
        return sent

    def _extract_reference_info(self, refs: Sequence[str]) -> dict[str, Any]:
        return {"texts": list(refs)}


class CharacterHter(Ratio):
    """Edits of single characters against the nearest reference, for each hundred of its own."""

    def __init__(self) -> None:
        """Take no settings: there is one way to count."""
        super().__init__("hter", {"case": "mixed", "unit": "char", "shift": "no"})

    def _compute_segment_statistics(self, hypothesis: str, ref_kwargs: dict[str, Any]) -> Any:
        cost, length = distance(hypothesis, ref_kwargs["texts"])
        return [float(cost), float(length)]


class ModelScorer(Ratio):
    """A model's mean over the lines; with several references, over their means.

    *judge* takes (source, hypothesis, reference) triples; *sources* belong to the whole set.
    """

    def __init__(
        self,
        name: str,
        facts: dict[str, str],
        scale: float,
        sources: Sequence[str],
        judge: Callable[[list[tuple[str, str, str]]], list[float]],
    ) -> None:
        """Take the model as a function; it loads when it is first asked."""
        super().__init__(name, {"case": "mixed", **facts, "scale": f"{scale:g}"}, scale)
        self.sources = sources
        self.judge = judge

    def _extract_corpus_statistics(
        self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]
    ) -> Any:
        self.num_refs = len(references)
        if len(hypotheses) != len(self.sources):
            raise InputError("evaluation.metric_needs_source", metric=self.name)
        totals = [0.0] * len(hypotheses)
        for texts in references:
            rows = list(zip(self.sources, hypotheses, texts, strict=True))
            for n, value in enumerate(self.judge(rows)):
                totals[n] += value / len(references)
        return [[total, 1.0] for total in totals]

    def _compute_segment_statistics(self, hypothesis: str, ref_kwargs: Any) -> Any:  # noqa: ARG002
        # A line by itself: sacreBLEU does not say which, so its source is not known.
        raise InputError("evaluation.metric_needs_source", metric=self.name)
