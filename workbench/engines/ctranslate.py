"""Any model folder with a manifest, run by CTranslate2; never imports torch.

One input becomes one part, or several when it is too long for the model. Parts of like length
and like wishes form batches; a batch or two is under way while the finished ones are handed out.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.domain.language import Pair, Span
from workbench.domain.ports import EngineInfo, Request, Stop, never
from workbench.domain.row import Candidate
from workbench.engines.parts import Answers, Part, Wishes, assemble, batches
from workbench.engines.division import divide
from workbench.engines.hints import annotate
from workbench.engines.manifest import Manifest, load_manifest, verify
from workbench.engines.pieces import FastPieces, SentencePieces, Tokeniser
from workbench.errors import Cancelled, DataError, EngineError, SettingsError

# More candidates than asked for, from which those with an unwanted string are left out.
_WIDER = 4


def thread_count(threads: int) -> int:
    """Return how many threads to use; 0 asks for one a core. Raises SettingsError."""
    cores = len(os.sched_getaffinity(0))
    if not 0 <= threads <= 4 * cores:
        raise SettingsError("engines.bad_threads", threads=threads, most=4 * cores)
    return threads or cores


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory."""

    model: Any
    tokeniser: Tokeniser


class CTranslateEngine:
    """A Translator over a model folder."""

    def __init__(self, folder: Path, name: str, threads: int = 0, beam: int = 0) -> None:
        """Take the folder; ``beam`` 0 leaves it to the manifest. Nothing is read yet."""
        self._folder = folder
        self._name = name
        self._threads = threads
        self._beam = beam
        self._lock = threading.Lock()

    @cached_property
    def manifest(self) -> Manifest:
        """The folder's manifest. Raises DataError."""
        if not self._folder.is_dir():
            raise DataError("engines.no_model", name=self._name, path=self._folder)
        return load_manifest(self._folder)

    @property
    def info(self) -> EngineInfo:
        """What the manifest says; weights are not touched."""
        manifest = self.manifest
        return EngineInfo(
            name=self._name,
            version=manifest.label,
            licence=manifest.licence,
            pairs=(manifest.pair,),
            terms=manifest.terms,
            alignment=True,
            nbest=True,
            prefix=True,
        )

    def translate(
        self, pair: Pair, requests: Sequence[Request], stop: Stop = never
    ) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
        """Yield (index, candidates) as batches finish."""
        if pair != self.manifest.pair:
            raise EngineError("engines.no_pair", name=self._name, pair=pair)
        with self._lock:
            loaded = self._loaded
        answers = Answers(self._name)
        parts: list[Part] = []
        for index, request in enumerate(requests):
            if not request.text.strip():
                yield index, (Candidate(request.prefix, self._name),)
                continue
            made = self._parts(loaded.tokeniser, index, request)
            answers.expect(index, request, made)
            parts += made
        for batch, results in self._run(loaded.model, parts, stop):
            for part, result in zip(batch, results, strict=True):
                start = len(self.manifest.target_start)
                answer = answers.add(part, assemble(loaded.tokeniser, part, result, start))
                if answer is not None:
                    yield part.request, answer

    @cached_property
    def _loaded(self) -> Loaded:
        """Check the files and load them. Raises DataError, SettingsError."""
        threads = thread_count(self._threads)
        problems = verify(self._folder, deep=True)
        if problems:
            raise DataError(
                "engines.broken_model", name=self._name, path=self._folder, reason=problems[0]
            )
        import ctranslate2

        manifest = self.manifest
        try:
            model = ctranslate2.Translator(
                str(self._folder), device="cpu", inter_threads=threads, intra_threads=1
            )
            tokeniser: Tokeniser
            if manifest.tokeniser == "tokenizers":
                tokeniser = FastPieces(self._folder / manifest.source_tokens)
            else:
                tokeniser = SentencePieces(
                    self._folder / manifest.source_tokens, self._folder / manifest.target_tokens
                )
        except (RuntimeError, ValueError, OSError) as error:
            raise DataError(
                "engines.broken_model", name=self._name, path=self._folder, reason=error
            ) from error
        return Loaded(model, tokeniser)

    def _parts(self, tokeniser: Tokeniser, index: int, request: Request) -> list[Part]:
        """Cut a request into parts that the model can take."""
        limit = self.manifest.max_input_tokens
        first = self._part(tokeniser, index, request, Span(0, len(request.text)))
        if len(first.pieces) <= limit:
            return [first]

        def fits(span: Span) -> bool:
            return len(self._part(tokeniser, index, request, span).pieces) <= limit

        kept = [hint.span for hint in request.terms]
        spans = [span for span in divide(request.text, fits, kept) if span.of(request.text).strip()]
        parts = [self._part(tokeniser, index, request, span) for span in spans]
        # The wanted beginning belongs to the first part alone.
        return [parts[0], *(replace(part, prefix="", prefix_pieces=()) for part in parts[1:])]

    def _part(self, tokeniser: Tokeniser, index: int, request: Request, span: Span) -> Part:
        """Make the pieces of one stretch of a request, with their places in the whole text."""
        manifest = self.manifest
        hints = [
            replace(hint, span=Span(hint.span.start - span.start, hint.span.end - span.start))
            for hint in request.terms
            if span.start <= hint.span.start and hint.span.end <= span.end
        ]
        annotated = annotate(span.of(request.text), hints, manifest.tags)
        text = manifest.instruction + annotated.text
        cut = tokeniser.source(text)
        shift = len(manifest.instruction)
        places: list[Span | None] = []
        for piece in cut.spans:
            lead = len(piece.of(text)) - len(piece.of(text).lstrip())
            place = annotated.plain(Span(piece.start + lead - shift, piece.end - shift))
            places.append(place and Span(place.start + span.start, place.end + span.start))
        return Part(
            request=index,
            span=span,
            text=request.text,
            pieces=(*manifest.source_start, *cut.pieces, *manifest.source_end),
            places=(
                *(None for _ in manifest.source_start),
                *places,
                *(None for _ in manifest.source_end),
            ),
            prefix=request.prefix,
            prefix_pieces=tokeniser.target(request.prefix) if request.prefix else (),
            wishes=Wishes(max(1, request.count), request.avoid),
        )

    def _run(
        self, model: Any, parts: Sequence[Part], stop: Stop
    ) -> Iterator[tuple[Sequence[Part], Sequence[Any]]]:
        """Run the batches, as many at once as the model has workers."""
        waiting = deque(batches(parts))
        running: deque[tuple[Sequence[Part], Sequence[Any]]] = deque()
        while waiting or running:
            if stop():
                raise Cancelled("engines.cancelled")
            while waiting and len(running) < model.num_translators:
                batch = waiting.popleft()
                running.append((batch, self._submit(model, batch)))
            batch, futures = running.popleft()
            try:
                results = [future.result() for future in futures]
            except (RuntimeError, ValueError) as error:
                raise EngineError("engines.failed", name=self._name, reason=error) from error
            yield batch, results

    def _submit(self, model: Any, batch: Sequence[Part]) -> Sequence[Any]:
        """Start a batch."""
        manifest = self.manifest
        wishes = batch[0].wishes
        count = wishes.count + (_WIDER if wishes.avoid else 0)
        unwanted = [[tag] for tag in manifest.tags]
        for text in wishes.avoid:
            pieces = list(self._loaded.tokeniser.target(text))
            unwanted += [pieces, [piece for piece in pieces if piece != "▁"]]
        starts = [list(manifest.target_start + part.prefix_pieces) for part in batch]
        futures: Sequence[Any] = model.translate_batch(
            [list(part.pieces) for part in batch],
            target_prefix=starts if any(starts) else None,
            asynchronous=True,
            beam_size=max(count, self._beam or manifest.beam),
            num_hypotheses=count,
            length_penalty=manifest.length_penalty,
            no_repeat_ngram_size=manifest.no_repeat_ngram_size,
            max_decoding_length=batch[0].bound,
            suppress_sequences=[pieces for pieces in unwanted if pieces] or None,
            disable_unk=True,
            return_scores=True,
            return_attention=True,
        )
        return futures
