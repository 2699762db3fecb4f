"""Translating a set as drafting would: in windows, kept as it comes, resumed without repetition."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbench.domain.language import RU_ZH
from workbench.domain.ports import Request, Stop, Tidy, Translator, never
from workbench.domain.quality import TermUse
from workbench.domain.run import SEED, Glossary, Line
from workbench.domain.term import Hit, Receipt, Term
from workbench.errors import Cancelled, InputError
from workbench.services.evaluation.control import control, read_pairs, wrong_names
from workbench.services.evaluation.sets import EvaluationSet

if TYPE_CHECKING:
    from workbench.services.enforcement import Enforcement
    from workbench.services.terminology import Terminology

Progress = Callable[[int, int], None]
Keep = Callable[[Mapping[int, Line], float, int], None]
# Lines translated at once: enough for batches of like lengths, and for both cores to the end.
WINDOW = 128
KEPT_EVERY = 0.5  # seconds: a commit a line would cost more than the line

_Draft = tuple[int, str, tuple[Receipt, ...]]


class Recall(Protocol):
    """What the memory gives for a line instead of the engine."""

    def __call__(self, n: int, hits: Sequence[Hit]) -> Line | None:
        """Return line *n* (from 0) from the memory, or None."""
        ...


def silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def forget(_lines: Mapping[int, Line], _seconds: float, _remembered: int) -> None:
    """Keep nothing."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a system made of a set: its lines, the seconds it took, its use of terms.

    ``seconds`` is 0 for hypotheses from a file; ``receipts`` are by line; ``remembered`` counts
    the lines that the memory gave.
    """

    lines: tuple[str, ...]
    seconds: float = 0.0
    terms: TermUse = field(default_factory=TermUse)
    receipts: tuple[tuple[Receipt, ...], ...] = ()
    remembered: int = 0


@dataclass(slots=True)
class _Kept:
    """Lines on their way to be kept, some at a time, with the seconds they took."""

    keep: Keep
    waiting: dict[int, Line] = field(default_factory=dict)
    remembered: int = 0
    spent: float = 0.0
    since: float = field(default_factory=time.perf_counter)

    def add(self, n: int, line: Line, remembered: bool = False) -> None:
        """Take a line, perhaps from the memory; keep what waits when it is time."""
        self.waiting[n] = line
        self.remembered += remembered
        if time.perf_counter() - self.since >= KEPT_EVERY:
            self.flush()

    def flush(self) -> None:
        """Keep what waits; keeping is not counted as translating."""
        passed = time.perf_counter() - self.since
        self.spent += passed
        if self.waiting:
            self.keep(self.waiting, passed, self.remembered)
            self.waiting, self.remembered = {}, 0
        self.since = time.perf_counter()


@dataclass(frozen=True, slots=True)
class Translating:
    """Runs engines over a set. ``authored`` holds the pairs that the random control learns from."""

    terminology: Terminology
    enforcement: Enforcement
    language: Tidy
    terms: Callable[[], Iterable[Term]]
    authored: Path = Path()

    def translate(
        self,
        chosen: EvaluationSet,
        translator: Translator,
        glossary: Glossary = "none",
        progress: Progress = silent,
        stop: Stop = never,
        known: Mapping[int, Line] | None = None,
        keep: Keep = forget,
        recall: Recall | None = None,
    ) -> Output:
        """Translate the sources of a set. Raises InputError without sources, engine errors.

        *known* are lines, by their number from 0, that are there already and not translated again;
        *keep* is given new lines soon after they came, with the seconds they took and how many of
        them the memory gave, also when the work is stopped (Cancelled) or interrupted.
        """
        if not chosen.sources:
            raise InputError("evaluation.no_source")
        wanted = self._wanted(chosen, glossary)
        lines = dict(known or {})
        kept = _Kept(keep)
        try:
            before = len(lines)
            for n, line in self._recalled(wanted, lines, recall):
                lines[n] = line
                kept.add(n, line, remembered=True)
            remembered = len(lines) - before
            missing = [n for n in range(len(chosen)) if n not in lines]
            if missing:  # the first sentence loads the model, which is not the translation's time
                first = Request(chosen.sources[missing[0]])
                kept.flush()
                list(translator.translate(RU_ZH, [first], stop))
                kept.since = time.perf_counter()
            for n, text, given in self._drafts(chosen, translator, glossary, wanted, missing, stop):
                target = self.language.tidy(text)
                receipts = self.terminology.verify(wanted[n], target, given, by="model")
                lines[n] = Line(target, receipts)
                kept.add(n, lines[n])
                progress(len(lines), len(chosen))
        finally:
            kept.flush()
        return output([lines[n] for n in range(len(chosen))], kept.spent, remembered)

    def _recalled(
        self, wanted: Sequence[tuple[Hit, ...]], known: Mapping[int, Line], recall: Recall | None
    ) -> Iterator[tuple[int, Line]]:
        """Yield the lines that the memory gives, but for those known."""
        for n, hits in enumerate(wanted if recall else ()):
            line = recall(n, hits) if recall and n not in known else None
            if line is not None:
                yield n, line

    def _drafts(
        self,
        chosen: EvaluationSet,
        translator: Translator,
        glossary: Glossary,
        wanted: Sequence[tuple[Hit, ...]],
        missing: Sequence[int],
        stop: Stop,
    ) -> Iterator[_Draft]:
        for first in range(0, len(missing), WINDOW):
            if stop():
                raise Cancelled("evaluation.stopped")
            window = missing[first : first + WINDOW]
            requests = [Request(chosen.sources[n]) for n in window]
            if glossary == "none":
                for index, candidates in translator.translate(RU_ZH, requests, stop):
                    yield window[index], candidates[0].text if candidates else "", ()
                continue
            items = [(request, wanted[n]) for request, n in zip(requests, window, strict=True)]
            for index, enforced in self.enforcement.translate(RU_ZH, items, translator, stop):
                yield window[index], enforced.text, enforced.receipts

    def _wanted(self, chosen: EvaluationSet, glossary: Glossary) -> list[tuple[Hit, ...]]:
        """Return the terms to be enforced, or counted, in each line. Raises DataError."""
        house = [self.terminology.find(source) for source in chosen.sources]
        if glossary == "random":
            pairs = read_pairs(self.authored)
            return control(chosen.sources, chosen.references, house, pairs, SEED)
        if glossary == "wrong":
            return wrong_names(house, sorted({term.target for term in self.terms()}), SEED)
        return house

    def read(self, chosen: EvaluationSet, lines: Sequence[str], stop: Stop = never) -> Output:
        """Take a system's lines as they are; terms are counted where sources are known.

        Raises Cancelled.
        """
        sources = chosen.sources or ("",) * len(lines)
        read: list[Line] = []
        for source, line in zip(sources, lines, strict=False):
            if stop():
                raise Cancelled("evaluation.stopped")
            hits = self.terminology.find(source)
            read.append(Line(line, self.terminology.verify(hits, line)))
        return output(read)


def output(lines: Sequence[Line], seconds: float = 0.0, remembered: int = 0) -> Output:
    """Return lines as an output."""
    receipts = tuple(line.receipts for line in lines)
    texts = tuple(line.text for line in lines)
    return Output(texts, seconds, term_use(receipts), receipts, remembered)


def term_use(receipts: Iterable[Sequence[Receipt]]) -> TermUse:
    """Count receipts; ambiguous hits do not count."""
    counted = [r for line in receipts for r in line if r.state in ("honoured", "missing")]
    honoured = [receipt for receipt in counted if receipt.state == "honoured"]
    methods = Counter(receipt.method for receipt in honoured if receipt.method)
    return TermUse(len(counted), len(honoured), dict(methods.most_common()))
