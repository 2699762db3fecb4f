"""A transformers model made into a CTranslate2 folder with a manifest, and checked.

CTranslate2's converter stumbles over some models under transformers 5; each cure is here:
M2M100 (language codes missing from the vocabulary), mBART-50 (settings without a default, a null
marker), T5 and MADLAD-400 (outputs scaled that must not be), Marian with two vocabularies.
Whatever is converted must score sentences as the original does before it is used.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.domain.language import Pair
from workbench.engines.ctranslate import load_tokeniser
from workbench.engines.engine import Opened
from workbench.engines.families import Family, Origin
from workbench.engines.manifest import Manifest, describe_files, write_manifest
from workbench.engines.pieces import Tokeniser
from workbench.engines.transformer import Model, TransformersRunner, load, quiet
from workbench.errors import EngineError

CHECKED = (
    "Сегодня утром министр прибыл в столицу и встретился с послом.",
    "Цены выросли на 3,5 %, сообщила газета «Вестник».",
    "Кто ответит на этот вопрос?",
)
# How far the scores of the same words may lie apart, in nats a piece: rounding to 8 bits moves
# them by hundredths, a wrong vocabulary or a missing marker by whole units.
TOLERANCE = 0.5
_CHECK_LENGTH = 40
# Originals in half precision too: processors have no use for it.
_QUANTIZATION = "int8_float32"
_LONGEST_OUTPUT = 500
# What transformers and the converter raise at a model they do not know: whatever comes first.
_FOREIGN = (OSError, ValueError, RuntimeError, LookupError, AttributeError, TypeError)


def convert(origin: Origin, family: Family, pair: Pair, folder: Path) -> None:
    """Write the CTranslate2 model of *origin* into the new *folder*. Raises EngineError."""
    try:
        loaded = load(origin.folder, family, pair)
        expected = [_greedy(loaded, text) for text in CHECKED]
        _write_model(loaded, folder)
        keep_tokeniser(loaded, folder)
        manifest = derive_manifest(origin, loaded, folder)
        _check(origin.name, manifest, folder, expected)
        write_manifest(folder, manifest)
    except _FOREIGN as error:
        raise EngineError("engines.not_converted", name=origin.name, reason=error) from error


def _write_model(loaded: Model, folder: Path) -> None:
    """Run the converter over the model in memory, with the cures it needs."""
    from ctranslate2.converters import TransformersConverter

    class Converter(TransformersConverter):  # type: ignore[misc]
        def load_model(self, *_: object, **__: object) -> Any:
            return loaded.model

        def load_tokenizer(self, *_: object, **__: object) -> Any:
            return loaded.tokeniser

        def _load(self) -> Any:
            spec = super()._load()
            if getattr(loaded.tokeniser, "separate_vocabs", False):
                _separate_vocabularies(spec, loaded)
            _choose_heads(spec.decoder, loaded.family)
            return spec

    tokeniser, config = loaded.tokeniser, loaded.model.config
    if hasattr(tokeniser, "lang_token_to_id"):
        known = tokeniser.get_vocab()
        tokeniser.get_vocab = lambda: {**known, **tokeniser.lang_token_to_id}
    if loaded.family.name in {"t5", "madlad"}:
        # transformers 5 calls all of them tied and says apart whether outputs are scaled;
        # CTranslate2 still reads the one as the other.
        config.tie_word_embeddings = getattr(config, "scale_decoder_outputs", False)
    if loaded.family.name == "mbart50":
        config.tokenizer_class = "MBart50Tokenizer"
        for name in ("normalize_before", "normalize_embedding"):
            if not hasattr(config, name):
                setattr(config, name, True)
    with quiet():
        Converter(config.name_or_path).convert(str(folder), quantization=_QUANTIZATION)
    _mend_markers(folder / "config.json")


def _choose_heads(decoder: Any, family: Family) -> None:
    """Say which attention is returned as the alignment; the converter would take one head."""
    import numpy as np

    layer, heads = family.alignment(len(decoder.layer))
    decoder.alignment_layer, decoder.alignment_heads = np.int16(layer), np.int16(heads)


def _separate_vocabularies(spec: Any, loaded: Model) -> None:
    """Give the target its own vocabulary, without the ``<pad>`` that starts the decoder."""
    pieces = [
        piece for piece, _ in sorted(loaded.target_vocabulary.items(), key=lambda item: item[1])
    ]
    size = len(pieces) - 1 if pieces[-1] == "<pad>" else len(pieces)
    spec._vocabularies["target"] = [pieces[:size]]
    for part in (spec.decoder.embeddings, spec.decoder.projection):
        part.weight = part.weight[:size]
        if getattr(part, "bias", None) is not None:
            part.bias = part.bias[:size]


def _mend_markers(path: Path) -> None:
    """Replace the nulls that CTranslate2 writes but cannot read."""
    config = json.loads(path.read_text(encoding="utf-8"))
    usual = {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "decoder_start_token": "</s>",
    }
    for key, marker in usual.items():
        if key in config and config[key] is None:
            config[key] = marker
    path.write_text(json.dumps(config, ensure_ascii=False, indent=2), encoding="utf-8")


def keep_tokeniser(loaded: Model, folder: Path) -> None:
    """Put the files that cut and join the text into *folder*."""
    folder.mkdir(exist_ok=True)
    kept = folder / "tokeniser"
    loaded.tokeniser.save_pretrained(str(kept))
    for file in set(loaded.family.files):
        shutil.move(kept / file, folder / file)
    shutil.rmtree(kept)


def derive_manifest(origin: Origin, loaded: Model, folder: Path) -> Manifest:
    """Learn from the original which markers stand around a text. Raises EngineError.

    The pieces of our own tokeniser must stand in those of transformers as they are.
    """
    family = loaded.family
    source_tokens, target_tokens = family.files
    config = loaded.model.config
    positions = getattr(config, "max_position_embeddings", None) or 2 * _LONGEST_OUTPUT
    manifest = Manifest(
        name=origin.name,
        version=origin.revision,
        engine=origin.kind,
        pair=loaded.pair,
        licence=licence(origin.folder),
        max_input_tokens=min(family.longest, positions // 2),
        max_output_tokens=min(_LONGEST_OUTPUT, positions - 8),
        tokeniser=family.tokeniser,
        source_tokens=source_tokens,
        target_tokens=target_tokens,
        target_start=family.target_start(loaded.pair),
        family=family.name,
    )
    tokeniser = load_tokeniser(folder, manifest)
    known = loaded.source_vocabulary
    found = {_markers(tokeniser, loaded, text, known) for text in CHECKED}
    if len(found) != 1 or None in found:
        raise EngineError("engines.other_pieces", name=origin.name)
    ((start, end),) = found  # type: ignore[misc]
    return replace(manifest, source_start=start, source_end=end, files=describe_files(folder))


def _markers(
    tokeniser: Tokeniser, loaded: Model, text: str, known: dict[str, int]
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return what stands before and after our pieces of *text*; None when they differ."""
    theirs = loaded.source(text)
    ours = [piece if piece in known else "<unk>" for piece in tokeniser.source(text).pieces]
    for start in range(len(theirs) - len(ours) + 1):
        if theirs[start : start + len(ours)] == ours:
            return tuple(theirs[:start]), tuple(theirs[start + len(ours) :])
    return None


def licence(folder: Path) -> str:
    """Return the licence that the model's card names, or an empty string."""
    try:
        card = (folder / "README.md").read_text(encoding="utf-8")
    except OSError:
        return ""
    found = re.search(r"^license:\s*[\"']?([\w.+-]+)", card, re.MULTILINE)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Greedy:
    """What the original says to a text: pieces and their log-probabilities, markers left out."""

    source: list[str]
    pieces: list[str]
    scores: list[float]


def _greedy(loaded: Model, text: str) -> Greedy:
    """Translate greedily with the original."""
    import torch

    bos = loaded.family.target_start(loaded.pair)
    target = loaded.target_vocabulary
    inputs = loaded.tokeniser(loaded.lead + text, return_tensors="pt")
    with torch.inference_mode(), quiet():
        out = loaded.model.generate(
            **inputs,
            num_beams=1,
            do_sample=False,
            max_new_tokens=_CHECK_LENGTH,
            max_length=None,
            forced_bos_token_id=target[bos[0]] if bos else None,
            forced_eos_token_id=None,
        )
        logits = loaded.model(**inputs, decoder_input_ids=out[:, :-1]).logits[0]
    numbers = out[0, 1:].tolist()
    scores = logits.float().log_softmax(-1)[range(len(numbers)), numbers].tolist()
    pieces = Model.pieces(numbers, target)
    end = pieces.index("</s>") if "</s>" in pieces else len(pieces)
    return Greedy(loaded.source(text), pieces[len(bos) : end], scores[len(bos) : end])


def _check(name: str, manifest: Manifest, folder: Path, expected: Sequence[Greedy]) -> None:
    """Let the new model score what the original says. Raises EngineError."""
    import ctranslate2

    model = ctranslate2.Translator(str(folder), device="cpu", inter_threads=1, intra_threads=1)
    start = list(manifest.target_start)
    scored = model.score_batch(
        [one.source for one in expected], [[*start, *one.pieces] for one in expected]
    )
    for one, score in zip(expected, scored, strict=True):
        if not agree(one.scores, score.log_probs[len(start) : len(start) + len(one.scores)]):
            raise EngineError("engines.self_check", name=name)


def agree(original: Sequence[float], converted: Sequence[float]) -> bool:
    """Tell whether two models score the same pieces alike.

    Comparing the translations would be too strict, as a model rounded to 8 bits may choose the
    other of two near words, and too lax, as outputs scaled wrongly still choose the same words.
    """
    distances = [abs(one - other) for one, other in zip(original, converted, strict=True)]
    return sum(distances) <= TOLERANCE * len(distances)


def open_original(origin: Origin, family: Family, pair: Pair, threads: int, beam: int) -> Opened:
    """Load a model to be run by transformers itself. Raises EngineError."""
    import torch

    try:
        loaded = load(origin.folder, family, pair)
        with tempfile.TemporaryDirectory() as place:
            keep_tokeniser(loaded, Path(place))
            manifest = derive_manifest(origin, loaded, Path(place))
            tokeniser = load_tokeniser(Path(place), manifest)
    except _FOREIGN as error:
        raise EngineError("engines.not_loaded", name=origin.name, reason=error) from error
    torch.set_num_threads(threads)
    return Opened(manifest, tokeniser, TransformersRunner(loaded, manifest, beam))
