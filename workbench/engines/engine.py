"""A Translator over anything that turns pieces into pieces.

One input becomes one part, or several when it is too long for the model. Parts of like length
and like wishes form batches; while the runner works on some, the finished ones are handed out.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from workbench.domain.damage import CYRILLIC
from workbench.domain.language import Pair, Span
from workbench.domain.ports import EngineInfo, Request, Stop, TermHint, never
from workbench.domain.row import Candidate
from workbench.engines.division import (
    ANYWHERE,
    CLAUSES,
    Borders,
    around_addresses,
    divide,
)
from workbench.engines.hints import annotate
from workbench.engines.latin import respelt
from workbench.engines.manifest import Manifest
from workbench.engines.parts import (
    Answers,
    Part,
    Result,
    Wishes,
    again,
    batches,
    candidates,
    copy,
    sound_first,
    stricter,
)
from workbench.engines.pieces import Tokeniser
from workbench.errors import Cancelled, EngineError

_LATIN = re.compile("[A-Za-z]")
_CLAUSE = 8  # pieces; a shorter clause is not worth a search of its own
Finish = Callable[[], Sequence[Result]]


class Runner(Protocol):
    """Runs batches; ``parallel`` of them may be under way at once."""

    parallel: int

    def start(self, batch: Sequence[Part]) -> Finish:
        """Start a batch; calling the answer waits for it. Both may raise RuntimeError."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A model ready to work."""

    manifest: Manifest
    tokeniser: Tokeniser
    runner: Runner


Describe = Callable[[Manifest | None], EngineInfo]


class PieceEngine:
    """A Translator; the model is opened by the first translation."""

    def __init__(self, describe: Describe, opener: Callable[[], Opened]) -> None:
        """Take what tells about the model, opened or not yet, and what opens it."""
        self._describe = describe
        self._opener = opener
        self._opened: Opened | None = None
        self._lock = threading.Lock()

    @property
    def info(self) -> EngineInfo:
        """Name and capabilities."""
        return self._describe(self._opened.manifest if self._opened else None)

    def translate(
        self, pair: Pair, requests: Sequence[Request], stop: Stop = never
    ) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
        """Yield (index, candidates) as batches finish."""
        info = self.info
        if pair not in info.pairs:
            raise EngineError("engines.no_pair", name=info.name, pair=pair)
        model = self._open()
        answers = Answers(info.name)
        parts: list[Part] = []
        for index, request in enumerate(requests):
            if not request.text.strip():
                yield index, (Candidate(request.prefix, info.name),)
                continue
            made = split(model, index, request)
            answers.expect(index, request, made)
            parts += [part for part in made if not part.copied]
            for part in made:
                answer = answers.add(part, [copy(part)]) if part.copied else None
                if answer is not None:
                    yield index, answer
        queue = deque(batches(parts))
        for part, result in self._run(model.runner, queue, stop):
            request = requests[part.request]
            found = sound_first(_spelt(candidates(model.tokeniser, part, result), request), part)
            retry = again(model.tokeniser, part, result, request.avoid) or stricter(part, found)
            if retry is not None:
                queue.append([retry])
                continue
            answer = answers.add(part, found)
            if answer is not None:
                yield part.request, answer

    def _open(self) -> Opened:
        """Open the model once, however many threads ask."""
        with self._lock:
            if self._opened is None:
                self._opened = self._opener()
            return self._opened

    def _run(
        self, runner: Runner, queue: deque[list[Part]], stop: Stop
    ) -> Iterator[tuple[Part, Result]]:
        """Run the batches, as many at once as the runner can; the queue may grow meanwhile."""
        running: deque[tuple[list[Part], Finish]] = deque()
        while queue or running:
            if stop():
                raise Cancelled("engines.cancelled")
            try:
                while queue and len(running) < runner.parallel:
                    batch = queue.popleft()
                    running.append((batch, runner.start(batch)))
                done, finish = running.popleft()
                results = finish()
            except (RuntimeError, ValueError, LookupError) as error:
                raise EngineError("engines.failed", name=self.info.name, reason=error) from error
            yield from zip(done, results, strict=True)


def _spelt(made: Sequence[Candidate], request: Request) -> list[Candidate]:
    """Return candidates with foreign words as the request has them."""
    kept = (request.prefix, *(hint.target for hint in request.terms))
    return [respelt(one, request.text, kept) for one in made]


def split(model: Opened, index: int, request: Request) -> list[Part]:
    """Cut a request into parts that the model can take, or takes best."""
    manifest = model.manifest

    @cache  # each border asks for the sizes beside it, and the parts are made in the end
    def make(span: Span) -> Part:
        return _part(model, index, request, span)

    def size(span: Span) -> int:
        return len(make(span).pieces)

    text, kept = request.text, [hint.span for hint in request.terms]

    def cut(spans: list[Span], limit: int, borders: Borders, least: int) -> list[Span]:
        def fits(span: Span) -> bool:
            return size(span) <= limit

        def enough(span: Span) -> bool:
            return size(span) >= least

        return [part for span in spans for part in divide(text, fits, kept, borders, enough, span)]

    spans = [Span(0, len(text))]
    # A wanted beginning may reach into any part: it goes with the whole.
    if not request.prefix:
        spans = around_addresses(text)
        if manifest.clause_tokens:
            spans = cut(spans, manifest.clause_tokens, CLAUSES, _CLAUSE)
    spans = cut(spans, manifest.max_input_tokens, ANYWHERE, 0)
    spans = [span for span in spans if span.of(text).strip()]
    # The wanted beginning belongs to the first part alone.
    rest = [replace(make(span), prefix="", prefix_pieces=()) for span in spans[1:]]
    return [make(spans[0]), *rest]


def _part(model: Opened, index: int, request: Request, span: Span) -> Part:
    """Make the pieces of one stretch of a request, with their places in the whole text."""
    manifest = model.manifest
    hints = [
        replace(hint, span=Span(hint.span.start - span.start, hint.span.end - span.start))
        for hint in (request.terms if manifest.terms == "inline" else ())
        if span.start <= hint.span.start and hint.span.end <= span.end
    ]
    annotated = annotate(span.of(request.text), hints, manifest.tags)
    cut = model.tokeniser.source(annotated.text)
    places: list[Span | None] = [None] * len(manifest.source_start)
    for piece in cut.spans:
        text = piece.of(annotated.text)
        visible = Span(piece.start + len(text) - len(text.lstrip()), piece.end)
        place = annotated.plain(visible) if visible.start < visible.end else None
        places.append(place and Span(place.start + span.start, place.end + span.start))
    places += [None] * len(manifest.source_end)
    return Part(
        request=index,
        span=span,
        text=request.text,
        pieces=(*manifest.source_start, *cut.pieces, *manifest.source_end),
        places=tuple(places),
        prefix=request.prefix,
        prefix_pieces=model.tokeniser.target(request.prefix) if request.prefix else (),
        wishes=Wishes(
            max(1, request.count),
            _banned(model.tokeniser, request.avoid),
            latin=manifest.latin == "free" or _has_latin(span.of(request.text), request, hints),
        ),
        copied=not (request.prefix or hints or CYRILLIC.search(span.of(request.text))),
    )


def _has_latin(text: str, request: Request, hints: Sequence[TermHint]) -> bool:
    """Tell whether the input, its wanted beginning or a wanted term has Latin letters."""
    return any(map(_LATIN.search, (text, request.prefix, *(hint.target for hint in hints))))


def _banned(tokeniser: Tokeniser, avoid: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the runs of pieces that spell unwanted strings, at the beginning and inside."""
    runs = []
    for text in avoid:
        pieces = tokeniser.target(text)
        runs += [pieces, tuple(piece for piece in pieces if piece != "▁")]
    return tuple(run for run in dict.fromkeys(runs) if run)
