"""A checkpoint becomes a Marian folder (transformers) and from there a CTranslate2 folder."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from workbench.training.network import Dropout, Network, Shape, sinusoids
from workbench.training.vocabulary import load

Tensor = Any

_LOG = logging.getLogger(__name__)
_NEVER = -1e4
_LONGEST = 512
_NAMES = {
    "o": "self_attn.out_proj",
    "n1": "self_attn_layer_norm",
    "cq": "encoder_attn.q_proj",
    "co": "encoder_attn.out_proj",
    "n2": "encoder_attn_layer_norm",
    "f1": "fc1",
    "f2": "fc2",
    "n3": "final_layer_norm",
}
_KINDS = {"w": "weight", "b": "bias"}


def marian_state(
    weights: Mapping[str, Tensor], shape: Shape, outputs: np.ndarray
) -> dict[str, Tensor]:
    """Return the weights under Marian's names. Pieces outside *outputs* get a hopeless bias."""
    embedding = weights["emb"].detach().float().contiguous()
    if float(embedding[-1].abs().max()):
        raise ValueError("the embedding of <pad> must be zero")
    bias = torch.full((shape.vocabulary,), _NEVER)
    allowed = torch.from_numpy(outputs)
    bias[allowed] = weights["bias"].detach().float()[allowed]
    state = {"final_logits_bias": bias[None]}
    for place in ("model.shared", "model.encoder.embed_tokens", "model.decoder.embed_tokens"):
        state[f"{place}.weight"] = embedding
    state["lm_head.weight"] = embedding
    for side in ("encoder", "decoder"):
        state[f"model.{side}.embed_positions.weight"] = sinusoids(_LONGEST, shape.width)
    for name, weight in weights.items():
        if name not in {"emb", "bias"}:
            state.update(_layer_names(name, weight.detach().float()))
    return {name: weight.contiguous() for name, weight in state.items()}


def _layer_names(name: str, weight: Tensor) -> dict[str, Tensor]:
    layer, part, kind = name.split(".")
    side = "encoder" if layer[0] == "e" else "decoder"
    prefix, kind = f"model.{side}.layers.{layer[1:]}.", _KINDS[kind]
    if part == "qkv":
        places = [f"self_attn.{letter}_proj" for letter in "qkv"]
    elif part == "ckv":
        places = [f"encoder_attn.{letter}_proj" for letter in "kv"]
    else:
        places = [_NAMES[part]]
    pieces = weight.chunk(len(places))
    return {f"{prefix}{p}.{kind}": piece for p, piece in zip(places, pieces, strict=True)}


def write_marian(
    weights: Mapping[str, Tensor], shape: Shape, outputs: np.ndarray, pieces: Path, target: Path
) -> Any:
    """Write the folder that transformers reads; return the model."""
    import transformers

    target.mkdir(parents=True, exist_ok=True)
    spm, pad = load(pieces), shape.vocabulary - 1
    for name in ("source.spm", "target.spm"):
        shutil.copy(pieces, target / name)
    numbers = {spm.id_to_piece(number): number for number in range(len(spm))} | {"<pad>": pad}
    text = json.dumps(numbers, ensure_ascii=False)
    (target / "vocab.json").write_text(text, encoding="utf-8")
    model = transformers.MarianMTModel(_config(shape, pad))
    found = model.load_state_dict(marian_state(weights, shape, outputs), strict=False)
    unknown = [n for n in found.missing_keys + found.unexpected_keys if "embed_positions" not in n]
    if unknown:
        raise ValueError(f"weights and layout do not agree: {unknown}")
    model.tie_weights()
    model.generation_config = transformers.GenerationConfig(
        decoder_start_token_id=pad,
        pad_token_id=pad,
        eos_token_id=0,
        bos_token_id=0,
        bad_words_ids=[[pad]],
        forced_eos_token_id=0,
        max_length=256,
        num_beams=4,
    )
    model.to(torch.float32).save_pretrained(target)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # recommends sacremoses, which SentencePiece replaces
        tokenizer = transformers.MarianTokenizer(
            *(str(target / name) for name in ("source.spm", "target.spm", "vocab.json")),
            source_lang="ru",
            target_lang="zh",
            model_max_length=_LONGEST,
        )
    tokenizer.save_pretrained(target)
    return model.eval()


def _config(shape: Shape, pad: int) -> Any:
    import transformers

    return transformers.MarianConfig(
        vocab_size=shape.vocabulary,
        decoder_vocab_size=shape.vocabulary,
        d_model=shape.width,
        encoder_layers=shape.encoder,
        decoder_layers=shape.decoder,
        encoder_attention_heads=shape.heads,
        decoder_attention_heads=shape.heads,
        encoder_ffn_dim=shape.inner,
        decoder_ffn_dim=shape.inner,
        activation_function="swish",
        max_position_embeddings=_LONGEST,
        scale_embedding=True,
        static_position_embeddings=True,
        normalize_embedding=False,
        normalize_before=False,
        add_final_layer_norm=False,
        pad_token_id=pad,
        eos_token_id=0,
        bos_token_id=0,
        decoder_start_token_id=pad,
        forced_eos_token_id=0,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
    )


def write_ctranslate(marian: Path, pieces: Path, target: Path, quantisation: str = "int8") -> None:
    """Convert a Marian folder; the folder gets the model, its vocabulary and ``spm.model``."""
    import ctranslate2

    converter = ctranslate2.converters.TransformersConverter(str(marian))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it reads the tokeniser, which recommends sacremoses
        converter.convert(f"{folder}/model", quantization=quantisation)
        target.mkdir(parents=True, exist_ok=True)
        for path in sorted(Path(folder, "model").iterdir()):
            shutil.copy(path, target / path.name)
    shutil.copy(pieces, target / "spm.model")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How exact an export is.

    ``difference`` is the largest one between the logits of our own network and Marian's, both in
    float32; ``agreeing`` of ``lines`` come out of transformers and of CTranslate2 float32 alike.
    """

    difference: float
    agreeing: int = 0
    lines: int = 0


def export(
    checkpoint: Path, pieces: Path, outputs: np.ndarray, target: Path, lines: Sequence[str] = ()
) -> Agreement:
    """Write the averaged weights as CTranslate2 int8; *lines* are translated for comparison."""
    saved = torch.load(checkpoint, weights_only=False, map_location="cpu")
    shape, weights = Shape(**saved["shape"]), saved["averaged"]
    with tempfile.TemporaryDirectory() as folder:
        model = write_marian(weights, shape, outputs, pieces, Path(folder))
        difference = compare(model, weights, shape, load(pieces), outputs)
        write_ctranslate(Path(folder), pieces, target)
        same = alike(model, Path(folder), pieces, lines) if lines else 0
    _LOG.info("largest difference of logits: %.2e; %d of %d alike", difference, same, len(lines))
    return Agreement(difference, same, len(lines))


def alike(model: Any, marian: Path, pieces: Path, lines: Sequence[str]) -> int:
    """Count the lines that transformers and CTranslate2 float32 translate alike, greedily."""
    import ctranslate2

    spm = load(pieces)
    with tempfile.TemporaryDirectory() as folder:
        write_ctranslate(marian, pieces, Path(folder), "float32")
        translator = ctranslate2.Translator(folder, compute_type="float32", intra_threads=1)
        same = 0
        for line in lines:
            source = [*spm.encode(line, out_type=str), "</s>"]
            found = translator.translate_batch([source], beam_size=1, max_decoding_length=_LONGEST)
            numbers = torch.tensor([[*spm.encode(line), 0]])
            with torch.no_grad():
                made = model.generate(numbers, num_beams=1, do_sample=False, max_length=_LONGEST)
            theirs = [number for number in made[0, 1:].tolist() if number]
            same += theirs == [spm.piece_to_id(piece) for piece in found[0].hypotheses[0]]
    return same


_SAMPLE = (
    "Президент встретился с <t0>Ивановым<t1>伊万诺夫<t2> в Астане.",
    "Сегодня вечером открыли новый завод.",
    "Цены выросли на 3,5 %.",
)


def compare(
    model: Any,
    weights: Mapping[str, Tensor],
    shape: Shape,
    spm: Any,
    outputs: np.ndarray,
    sample: Sequence[str] = _SAMPLE,
) -> float:
    """Return the largest difference of logits over *outputs* between Marian and our network."""
    network = Network(shape, dict(weights), Dropout(0.0), exact=True)
    texts = [[*spm.encode(text), 0] for text in sample]
    source = torch.full((len(texts), max(map(len, texts))), network.pad)
    for row, text in enumerate(texts):
        source[row, : len(text)] = torch.tensor(text)
    start = torch.full((len(texts), 1), network.pad)
    entered = torch.cat([start, torch.from_numpy(outputs[:8])[None].expand(len(texts), -1)], 1)
    allowed = torch.from_numpy(outputs)
    with torch.no_grad():
        states, _ = network.forward(source, entered)
        ours = states @ weights["emb"][allowed].t() + weights["bias"][allowed]
        attention = (source != network.pad).long()
        answer = model(input_ids=source, attention_mask=attention, decoder_input_ids=entered)
    return float((answer.logits[..., allowed] - ours).abs().max())
