"""A model folder with a manifest, run by CTranslate2; never imports torch."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.domain.ports import EngineInfo
from workbench.engines.engine import Finish, Opened, PieceEngine
from workbench.engines.manifest import Manifest, load_manifest, verify
from workbench.engines.parts import STRICT_PENALTY, STRICT_REPEATS, Part, Result
from workbench.engines.pieces import FastPieces, SentencePieces, Tokeniser
from workbench.errors import DataError, SettingsError

_LARGE = 200_000_000  # bytes
_SMALL_LATIN = re.compile("[a-z]")


def thread_count(threads: int) -> int:
    """Return how many threads to use; 0 asks for one a core. Raises SettingsError."""
    cores = len(os.sched_getaffinity(0))
    if not 0 <= threads <= 4 * cores:
        raise SettingsError("engines.bad_threads", threads=threads, most=4 * cores)
    return threads or cores


def folder_engine(folder: Path, name: str, threads: int = 0, beam: int = 0) -> PieceEngine:
    """Return the engine of a model folder; ``beam`` 0 leaves it to the manifest."""
    return PieceEngine(
        lambda opened: describe(opened or _manifest(folder, name), name),
        lambda: open_folder(folder, name, threads, beam),
    )


def describe(manifest: Manifest, name: str) -> EngineInfo:
    """Return what can be done with the model."""
    return EngineInfo(
        name=name,
        version=manifest.label,
        licence=manifest.licence,
        pairs=(manifest.pair,),
        terms=manifest.terms,
        alignment=True,
        nbest=True,
        prefix=True,
    )


def open_folder(folder: Path, name: str, threads: int = 0, beam: int = 0) -> Opened:
    """Check the files and load them. Raises DataError, SettingsError."""
    count = thread_count(threads)
    manifest = _manifest(folder, name)
    problems = verify(folder, deep=True)
    if problems:
        raise DataError("engines.broken_model", name=name, path=folder, reason=problems[0])
    import ctranslate2

    try:
        tokeniser = load_tokeniser(folder, manifest)
        model = ctranslate2.Translator(str(folder), device="cpu", **_workers(folder, count))
    except (RuntimeError, ValueError, OSError) as error:
        raise DataError("engines.broken_model", name=name, path=folder, reason=error) from error
    latin = _small_latin(folder) if manifest.latin == "source" else ()
    return Opened(manifest, tokeniser, CTranslateRunner(model, manifest, beam, latin))


def _small_latin(folder: Path) -> tuple[str, ...]:
    """Return the pieces of a model's vocabulary that hold small Latin letters."""
    pieces = json.loads((folder / "shared_vocabulary.json").read_text(encoding="utf-8"))
    return tuple(p for p in pieces if _SMALL_LATIN.search(p) and not p.startswith("<"))


def _workers(folder: Path, threads: int) -> dict[str, int]:
    """Share out the threads.

    A small model is quick with one thread a sentence, and most articles have many sentences. In a
    large one memory is what a single sentence waits for, and each worker takes more of it.
    """
    if (folder / "model.bin").stat().st_size > _LARGE:
        return {"inter_threads": 1, "intra_threads": threads}
    return {"inter_threads": threads, "intra_threads": 1}


def load_tokeniser(folder: Path, manifest: Manifest) -> Tokeniser:
    """Load the tokeniser that the manifest names. Raises OSError, RuntimeError, ValueError."""
    source = folder / manifest.source_tokens
    if manifest.tokeniser == "tokenizers":
        return FastPieces(source)
    markers = (*manifest.source_start, *manifest.source_end, *manifest.target_start)
    return SentencePieces(source, folder / manifest.target_tokens, markers)


def _manifest(folder: Path, name: str) -> Manifest:
    if not folder.is_dir():
        raise DataError("engines.no_model", name=name, path=folder)
    return load_manifest(folder)


class CTranslateRunner:
    """Runs batches of parts."""

    def __init__(
        self, model: Any, manifest: Manifest, beam: int, latin: Sequence[str] = ()
    ) -> None:
        """Take a ctranslate2.Translator and how it is to be used; *latin* may be forbidden."""
        self._latin = [[piece] for piece in latin]
        self.parallel: int = model.num_translators
        self._model = model
        self._manifest = manifest
        self._beam = beam or manifest.beam

    def start(self, batch: Sequence[Part]) -> Finish:
        """Start a batch in the background."""
        manifest = self._manifest
        wishes = batch[0].wishes
        starts = [[*manifest.target_start, *part.prefix_pieces] for part in batch]
        repeats, penalty = manifest.no_repeat_ngram_size, 1.0
        if wishes.strict:
            repeats, penalty = STRICT_REPEATS, STRICT_PENALTY
        banned = [*([tag] for tag in manifest.tags), *map(list, wishes.banned)]
        if not wishes.latin:
            banned += self._latin
        futures = self._model.translate_batch(
            [list(part.pieces) for part in batch],
            target_prefix=starts if any(starts) else None,
            asynchronous=True,
            beam_size=max(wishes.width, self._beam),
            num_hypotheses=wishes.width,
            length_penalty=manifest.length_penalty,
            patience=manifest.patience,
            no_repeat_ngram_size=repeats,
            repetition_penalty=penalty,
            max_decoding_length=min(batch[0].bound, manifest.max_output_tokens),
            suppress_sequences=banned or None,
            disable_unk=True,
            return_scores=True,
            return_attention=True,
        )
        return lambda: [self._result(future.result()) for future in futures]

    def _result(self, raw: Any) -> Result:
        start = len(self._manifest.target_start)
        return Result(
            pieces=[hypothesis[start:] for hypothesis in raw.hypotheses],
            attention=[rows[start:] for rows in raw.attention],
            scores=raw.scores,
        )
