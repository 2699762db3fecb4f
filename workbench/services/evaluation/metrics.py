"""The table of metrics, each with the settings that are right for Chinese and no others.

sacreBLEU's defaults are wrong here: one changed character in a sentence of thirty gives
BLEU-13a 0.0 (a sentence is one token) and TER 100. So the settings are fixed, and stand in the
signature beside every figure.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from workbench.registry import Registry

if TYPE_CHECKING:
    from sacrebleu.metrics.base import Metric as Scorer

METRICS = Registry(
    "workbench.metrics",
    {
        "bleu": "workbench.services.evaluation.metrics:Bleu",
        "chrf": "workbench.services.evaluation.metrics:ChrF",
        "chrf++": "workbench.services.evaluation.metrics:ChrFPlusPlus",
        "ter": "workbench.services.evaluation.metrics:Ter",
        "hter": "workbench.services.evaluation.metrics:Hter",
        "comet": "workbench.services.evaluation.neural:Comet",
        "metricx": "workbench.services.evaluation.neural:MetricX",
    },
)
DEFAULT = ("bleu", "chrf", "ter")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a metric may need beside hypotheses and references.

    ``models`` is the folder in which the neural metrics look for theirs, None if there is none;
    ``sources`` are the lines of the set.
    """

    models: Path | None = None
    sources: tuple[str, ...] = ()


class SacreMetric(ABC):
    """A metric computed by sacreBLEU; ``scorer`` is its object, for the paired tests."""

    name: ClassVar[str]
    higher_is_better: ClassVar[bool] = True
    best: ClassVar[float] = 100.0

    def __init__(self, around: Surroundings | None = None) -> None:
        """Take what the metric may need; most need nothing."""
        self.around = around or Surroundings()

    def check(self) -> None:  # noqa: B027 - most metrics need nothing
        """Raise DataError or InputError when something it needs is missing; load nothing."""

    @cached_property
    def scorer(self) -> Scorer:
        """The metric of sacreBLEU with our settings."""
        return self._build()

    @abstractmethod
    def _build(self) -> Any:
        """Make sacreBLEU's object."""

    def signature(self, references: int) -> str:
        """Return sacreBLEU's signature for that many references."""
        scorer = cast(Any, self._build())
        scorer.num_refs = references
        return str(scorer.get_signature())

    def corpus(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> float:
        """Return the corpus score, 0–100 (TER and HTER may exceed 100)."""
        return float(self.scorer.corpus_score(hypotheses, references).score)

    def segment(self, hypothesis: str, references: Sequence[str]) -> float:
        """Return the score of one line; fair only for chrF, so only for ranking."""
        return float(self.scorer.sentence_score(hypothesis, references).score)


class Bleu(SacreMetric):
    """BLEU over sacreBLEU's Chinese tokens: each Han character is one."""

    name = "bleu"

    def _build(self) -> Any:
        from sacrebleu.metrics import BLEU

        return BLEU(tokenize="zh")


class ChrF(SacreMetric):
    """chrF2: character n-grams up to six; needs no tokens."""

    name = "chrf"

    def _build(self) -> Any:
        from sacrebleu.metrics import CHRF

        return CHRF()


class ChrFPlusPlus(SacreMetric):
    """chrF2++: word n-grams too. Between spaces, so of little use in Chinese; for comparison."""

    name = "chrf++"

    def _build(self) -> Any:
        from sacrebleu.metrics import CHRF

        return CHRF(word_order=2)


class Ter(SacreMetric):
    """TER over single Han characters: normalised, with Asian support, case ignored."""

    name = "ter"
    higher_is_better = False
    best = 0.0

    def _build(self) -> Any:
        from sacrebleu.metrics import TER

        return TER(normalized=True, asian_support=True)


class Hter(SacreMetric):
    """Character HTER: meant for references that are the post-edited hypotheses themselves."""

    name = "hter"
    higher_is_better = False
    best = 0.0

    def _build(self) -> Any:
        from workbench.services.evaluation.line_scorers import CharacterHter

        return CharacterHter()


def metrics(names: Sequence[str], around: Surroundings | None = None) -> tuple[SacreMetric, ...]:
    """Return the metrics called *names*, each once. Raises NotFound, DataError."""
    found = tuple(METRICS.load(name)(around) for name in dict.fromkeys(names))
    for metric in found:
        metric.check()
    return found
