"""COMET and MetricX, for those who have a model on disk. Nothing is ever fetched.

COMET's own package does not go together with the versions of torch, transformers and pandas that
the workbench runs on, so its regression models are read here as they are published: a checkpoint,
a file of settings, and the tokenizer and configuration of the encoder. MetricX is an mT5 whose
first step predicts the score. The computing is in engines/metric_models.py.
"""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from workbench.errors import DataError, InputError
from workbench.services.evaluation.metrics import SacreMetric

_BLOCK = 1 << 20


class NeuralMetric(SacreMetric):
    """A metric that is a model in a folder of its own, below the folder of the setting."""

    weights: ClassVar[tuple[str, ...]]  # one of these files must be there
    needed: ClassVar[tuple[str, ...]]  # all of these

    @property
    def folder(self) -> Path:
        """Where the model is. Raises DataError if it is not set, or not whole."""
        if self.around.models is None:
            raise DataError("evaluation.no_metric_models", metric=self.name)
        folder = self.around.models / self.name
        lacking = [name for name in self.needed if not (folder / name).exists()]
        if not any((folder / name).is_file() for name in self.weights):
            lacking.insert(0, self.weights[0])
        if lacking:
            raise DataError(
                "evaluation.no_metric_model",
                metric=self.name,
                folder=folder,
                lacking=", ".join(lacking),
            )
        return folder

    def check(self) -> None:
        """Raise DataError unless the model is there, InputError without sources; load nothing."""
        _ = self.folder
        if not self.around.sources:
            raise InputError("evaluation.metric_needs_source", metric=self.name)

    def _build(self) -> Any:
        from workbench.services.evaluation.line_scorers import ModelScorer

        folder = self.folder
        file = next(folder / name for name in self.weights if (folder / name).is_file())
        facts = {"model": self._model_name(folder), "sha256": digest(file)}
        return ModelScorer(self.name, facts, self._scale, self.around.sources, self._judge)

    _scale: ClassVar[float] = 1.0

    @abstractmethod
    def _model_name(self, folder: Path) -> str:
        """Return what the model calls itself."""

    @abstractmethod
    def _judge(self, rows: list[tuple[str, str, str]]) -> list[float]:
        """Return the score of each (source, hypothesis, reference)."""


class Comet(NeuralMetric):
    """COMET (wmt22-comet-da and the like): a regression model over XLM-R, times 100."""

    name = "comet"
    weights = ("checkpoints/model.ckpt",)
    needed = ("hparams.yaml", "encoder/config.json", "encoder/tokenizer.json")
    _scale = 100.0

    def _model_name(self, folder: Path) -> str:
        return _named(folder, "comet")

    def _judge(self, rows: list[tuple[str, str, str]]) -> list[float]:
        from workbench.engines.metric_models import comet

        return comet(self.folder)(rows)


class MetricX(NeuralMetric):
    """MetricX-24 with source and reference: predicted errors, 0 (best) to 25."""

    name = "metricx"
    higher_is_better = False
    best = 0.0
    weights = ("model.safetensors", "pytorch_model.bin")
    needed = ("config.json", "spiece.model")

    def _model_name(self, folder: Path) -> str:
        return _named(folder, "metricx")

    def _judge(self, rows: list[tuple[str, str, str]]) -> list[float]:
        from workbench.engines.metric_models import metricx

        return metricx(self.folder)(rows)


def _named(folder: Path, otherwise: str) -> str:
    """Return the first line of a file NAME beside the model, which says what it is."""
    file = folder / "NAME"
    told = file.read_text(encoding="utf-8").split("\n")[0].strip() if file.is_file() else ""
    # A signature's parts are told apart by these.
    return (told or otherwise).replace("|", "/").replace(":", "/")


@lru_cache(maxsize=8)
def digest(file: Path) -> str:
    """Return the beginning of the SHA-256 of a file: which weights gave the figures."""
    found = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.hexdigest()[:12]
