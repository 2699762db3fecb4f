"""The computing of COMET's regression models and of MetricX, with torch and transformers.

torch is imported here at once: import this module where it is used. No weights are fetched, and
no checkpoint may run code (``weights_only``).
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
import yaml  # type: ignore[import-untyped]
from safetensors import SafetensorError, safe_open
from torch import nn

from workbench.engines.transformer import quiet
from workbench.errors import DataError

Rows = list[tuple[str, str, str]]
Judge = Callable[[Rows], list[float]]
_BATCH = 8
# What the estimator sees: hypothesis, reference, and how it goes with reference and source.
_VIEWS = 6
# MetricX reads its score off this piece of mT5's vocabulary, <extra_id_10>.
_SCORE_TOKEN = 250089
_MOST_TOKENS = 1536
_WORST = 25.0
_UNREADABLE = (
    *(OSError, ValueError, KeyError, RuntimeError, ImportError),
    pickle.UnpicklingError,
    SafetensorError,
)


@lru_cache(maxsize=1)
def comet(folder: Path) -> Judge:
    """Load a COMET regression model. Raises DataError for one of another kind."""
    from tokenizers import Tokenizer
    from transformers import AutoConfig, AutoModel

    settings = _settings(folder)
    encoder = folder / "encoder"
    try:
        config = AutoConfig.from_pretrained(encoder, local_files_only=True)
        # As published: transformers would put a normalisation of its own in place of the file's.
        told = (encoder / "tokenizer.json").read_text(encoding="utf-8")
        if "model" not in json.loads(told):
            raise ValueError("tokenizer.json holds no tokenizer")
        tokenizer = Tokenizer.from_str(told)
        tokenizer.enable_truncation(int(config.max_position_embeddings) - 4)  # as COMET cuts
        tokenizer.enable_padding(pad_id=int(config.pad_token_id), pad_token="<pad>")
        with quiet():
            base = AutoModel.from_config(config, add_pooling_layer=False)
        model = _Comet(base, config, settings)
        checkpoint = torch.load(
            folder / "checkpoints" / "model.ckpt", map_location="cpu", weights_only=True, mmap=True
        )
        model.take(checkpoint.get("state_dict", checkpoint))
    except _UNREADABLE as error:
        raise _bad("comet", folder, error) from error
    model.eval()

    def vectors(texts: Sequence[str]) -> torch.Tensor:
        found = tokenizer.encode_batch(list(texts))
        ids = torch.tensor([each.ids for each in found])
        return model.sentences(ids, torch.tensor([each.attention_mask for each in found]))

    def judge(rows: Rows) -> list[float]:
        def batch(some: Rows) -> list[float]:
            source, hypothesis, reference = (vectors(texts) for texts in zip(*some, strict=True))
            return model.estimate(source, hypothesis, reference).tolist()  # type: ignore[no-any-return]

        return _in_batches(rows, batch)

    return judge


@lru_cache(maxsize=1)
def metricx(folder: Path) -> Judge:
    """Load a MetricX model. Raises DataError for a folder that holds none."""
    from sentencepiece import SentencePieceProcessor
    from transformers import MT5Model

    try:
        pieces = SentencePieceProcessor(model_file=str(folder / "spiece.model"))
        with quiet():
            model = MT5Model.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
        reader = _score_reader(folder)
    except _UNREADABLE as error:
        raise _bad("metricx", folder, error) from error
    model.eval()

    def batch(some: Rows) -> list[float]:
        texts = [
            f"source: {source} candidate: {hypothesis} reference: {reference}"
            for source, hypothesis, reference in some
        ]
        # MetricX was trained without the piece that ends a sequence.
        rows = [torch.tensor(row[:_MOST_TOKENS]) for row in pieces.encode(texts)]
        ids = nn.utils.rnn.pad_sequence(rows, batch_first=True)
        lengths = torch.tensor([len(row) for row in rows])
        mask = (torch.arange(ids.shape[1]) < lengths[:, None]).long()
        begin = torch.zeros((len(some), 1), dtype=torch.long)
        found = model(input_ids=ids, attention_mask=mask, decoder_input_ids=begin)
        scores = found.last_hidden_state[:, 0] @ reader
        return scores.clamp(0.0, _WORST).tolist()  # type: ignore[no-any-return]

    return lambda rows: _in_batches(rows, batch)


def _score_reader(folder: Path) -> torch.Tensor:
    """Return the weights that the score is read with: one row of the output layer.

    The row is taken from the file, so that nothing hangs on when transformers takes mT5's input
    layer for its output layer, which in MetricX it is not. Raises KeyError, OSError, ValueError.
    """
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    file = folder / "model.safetensors"
    if file.is_file():
        with safe_open(file, framework="pt") as stored:
            names = set(stored.keys())
            whole = stored.get_slice(_output_layer(names))
            row = whole[_score_row(whole.get_shape()[0])]
    else:
        weights = torch.load(
            folder / "pytorch_model.bin", map_location="cpu", weights_only=True, mmap=True
        )
        whole = weights[_output_layer(set(weights))]
        row = whole[_score_row(whole.shape[0])]
    row = row.float()
    return row * row.shape[0] ** -0.5 if settings.get("tie_word_embeddings") else row


def _output_layer(names: set[str]) -> str:
    return "lm_head.weight" if "lm_head.weight" in names else "shared.weight"


def _score_row(pieces: int) -> int:
    if pieces <= _SCORE_TOKEN:
        raise ValueError(f"its vocabulary has {pieces} pieces, which is no mT5's")
    return _SCORE_TOKEN


def _in_batches(rows: Rows, judge: Judge) -> list[float]:
    """Judge rows of like length together; return the values in the rows' order."""
    order = sorted(range(len(rows)), key=lambda n: sum(map(len, rows[n])))
    values = [0.0] * len(rows)
    with torch.inference_mode():
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            for n, value in zip(chosen, judge([rows[n] for n in chosen]), strict=True):
                values[n] = float(value)
    return values


class _Comet(nn.Module):  # type: ignore[misc]
    """COMET's regression model: three sentence vectors, and a small network over them."""

    def __init__(self, encoder: nn.Module, config: Any, settings: Mapping[str, Any]) -> None:
        super().__init__()
        self.encoder = encoder
        self.pool = settings.get("pool", "avg")
        self.layer = settings.get("layer", "mix")
        self.sparse = settings.get("layer_transformation", "softmax") == "sparsemax"
        self.weights = nn.Parameter(torch.zeros(config.num_hidden_layers + 1))
        self.gamma = nn.Parameter(torch.ones(1))
        self.estimator = nn.Sequential(*_estimator(config.hidden_size * _VIEWS, settings))

    def take(self, given: Mapping[str, torch.Tensor]) -> None:
        """Fill in the weights of a checkpoint. Raises RuntimeError, KeyError for another model."""
        known: dict[str, torch.Tensor] = {}
        for name, value in given.items():
            if name.startswith("encoder.model."):
                known[name.replace("encoder.model.", "encoder.", 1)] = value
            elif name.startswith("estimator.ff."):
                known[name.replace("estimator.ff.", "estimator.", 1)] = value
        for key in [key for key in known if key.endswith("position_ids") or ".pooler." in key]:
            del known[key]
        if self.layer == "mix":
            count = len(self.weights)
            places = [f"layerwise_attention.scalar_parameters.{n}" for n in range(count)]
            known["weights"] = torch.cat([given[place].reshape(1) for place in places])
            known["gamma"] = given["layerwise_attention.gamma"]
        else:
            known |= {"weights": self.weights.data, "gamma": self.gamma.data}
        self.load_state_dict(known)

    def sentences(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return one vector for each text: layers mixed, words averaged."""
        states = self.encoder(ids, attention_mask=mask, output_hidden_states=True).hidden_states
        if self.layer == "mix":
            shares = _sparsemax(self.weights) if self.sparse else self.weights.softmax(0)
            words = self.gamma * sum(
                share * state for share, state in zip(shares, states, strict=True)
            )
        else:
            words = states[int(self.layer)]
        if self.pool == "cls":
            return words[:, 0, :]
        masked = words * mask.unsqueeze(-1)
        return masked.sum(1) / mask.sum(1, keepdim=True)

    def estimate(
        self, source: torch.Tensor, hypothesis: torch.Tensor, reference: torch.Tensor
    ) -> torch.Tensor:
        """Return the score of each row."""
        seen = (
            hypothesis,
            reference,
            hypothesis * reference,
            (hypothesis - reference).abs(),
            hypothesis * source,
            (hypothesis - source).abs(),
        )
        return self.estimator(torch.cat(seen, dim=1)).reshape(-1)


def _estimator(width: int, settings: Mapping[str, Any]) -> Iterator[nn.Module]:
    """Yield the layers in COMET's order, whose places are the names of the weights."""
    activation = getattr(nn, str(settings.get("activations", "Tanh")))
    for size in settings["hidden_sizes"]:
        yield nn.Linear(width, size)
        yield activation()
        yield nn.Dropout(0.0)
        width = size
    yield nn.Linear(width, 1)
    if settings.get("final_activation"):
        yield getattr(nn, str(settings["final_activation"]))()


def _sparsemax(scores: torch.Tensor) -> torch.Tensor:
    """Return the nearest distribution (Martins and Astudillo 2016): most shares may be zero."""
    ordered = scores.sort(descending=True).values
    places = torch.arange(1, len(scores) + 1, dtype=scores.dtype)
    sums = ordered.cumsum(0) - 1
    count = int((places * ordered > sums).sum())
    return (scores - sums[count - 1] / count).clamp(min=0)


def _settings(folder: Path) -> Mapping[str, Any]:
    """Read what the model was made with.

    Raises DataError for a model that is no regression model with a reference over XLM-R.
    """
    try:
        settings = yaml.safe_load((folder / "hparams.yaml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _bad("comet", folder, error) from error
    if not isinstance(settings, dict):
        raise _bad("comet", folder, "hparams.yaml holds no settings")
    kind = settings.get("class_identifier", "regression_metric")
    if kind != "regression_metric":
        raise _bad("comet", folder, f"class_identifier {kind}")
    if settings.get("encoder_model", "XLM-RoBERTa") != "XLM-RoBERTa":
        raise _bad("comet", folder, f"encoder_model {settings['encoder_model']}")
    if settings.get("pool", "avg") not in ("avg", "cls"):
        raise _bad("comet", folder, f"pool {settings['pool']}")
    # COMET norms over the whole batch, so that a line's score would hang on its neighbours.
    if settings.get("layer_norm") and settings.get("layer") == "mix":
        raise _bad("comet", folder, "layer_norm true")
    return settings


def _bad(metric: str, folder: Path, reason: object) -> DataError:
    told = " ".join(str(reason).split())[:200]
    return DataError("evaluation.bad_metric_model", metric=metric, folder=folder, reason=told)
