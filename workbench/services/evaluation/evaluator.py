"""Evaluation: translate a set with an engine, or take hypotheses, and measure."""

from __future__ import annotations

import platform
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.domain.ports import Stop, Tidy, Translator, never
from workbench.domain.quality import Contrast, Evaluation, Weak
from workbench.domain.run import GLOSSARIES, Glossary, Test
from workbench.domain.term import Term
from workbench.errors import InputError, SettingsError
from workbench.services.evaluation.comparison import BY
from workbench.services.evaluation.counting import count_beside
from workbench.services.evaluation.measuring import contrast_of, enriched, with_chrf
from workbench.services.evaluation.metrics import SacreMetric, Surroundings, metrics
from workbench.services.evaluation.sets import EvaluationSet
from workbench.services.evaluation.shelf import SetShelf
from workbench.services.evaluation.significance import MOST_LINES, Statistics, tabled
from workbench.services.evaluation.translating import (
    Output,
    Progress,
    Translating,
    silent,
    term_use,
)

if TYPE_CHECKING:
    from workbench.services.enforcement import Enforcement
    from workbench.services.terminology import Terminology
    from workbench.storage.database import Database

__all__ = ["GLOSSARIES", "Evaluator", "Glossary", "Output", "Progress", "silent", "term_use"]

# Swapping fewer unlike lines at random cannot give p < 0.05 (2 / 2 ** 5), yet sacreBLEU's strict
# comparison calls even one such line significant.
FEWEST_UNLIKE = 6
Warnings = list[tuple[str, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Runs engines over a set as drafting would, without the memory, and scores the result.

    ``authored`` holds the pairs that the random control learns its lexicon from;
    ``metric_models`` is the folder with the models of the neural metrics, if there is one.
    """

    terminology: Terminology
    enforcement: Enforcement
    language: Tidy
    terms: Callable[[], Iterable[Term]]
    shelf: SetShelf = field(default_factory=SetShelf)
    authored: Path = Path()
    metric_models: Path | None = None

    @property
    def translating(self) -> Translating:
        """What translates sets."""
        return Translating(
            self.terminology, self.enforcement, self.language, self.terms, self.authored
        )

    def open(self, name: str) -> EvaluationSet:
        """Return the test set called *name*. Raises NotFound, DataError."""
        return self.shelf.open(name)

    def sets(self) -> tuple[str, ...]:
        """Return the names of the test sets on this computer."""
        return self.shelf.names()

    def translate(
        self,
        chosen: EvaluationSet,
        translator: Translator,
        glossary: Glossary = "none",
        progress: Progress = silent,
        stop: Stop = never,
    ) -> Output:
        """Translate the sources of a set. Raises InputError without sources, engine errors.

        *glossary* ``house`` enforces the glossary as in a draft; ``random`` as many random words
        with their translation in the reference (the control of WMT's terminology task); ``wrong``
        the Chinese of other entries in the places of the house's (a stress test); ``none`` lets
        the engine alone.
        """
        return self.translating.translate(chosen, translator, glossary, progress, stop)

    def read(self, chosen: EvaluationSet, lines: Sequence[str], stop: Stop = never) -> Output:
        """Take a system's lines as they are; terms are counted where sources are known.

        Raises Cancelled.
        """
        return self.translating.read(chosen, lines, stop)

    def measure(
        self,
        chosen: EvaluationSet,
        outputs: Mapping[str, Output],
        names: Sequence[str],
        glossary: str = "none",
        test: Test = "bs",
        worst: int = 10,
        stop: Stop = never,
    ) -> Evaluation:
        """Score the outputs with the metrics *names*, and measure what stands beside them.

        Raises NotFound, InputError, DataError, Cancelled.
        """
        if not outputs:
            raise SettingsError("evaluation.no_systems")
        systems = {name: output.lines for name, output in outputs.items()}
        warnings = _warnings(chosen, systems)
        measured = self.metrics(names, chosen)
        statistics = Statistics(with_chrf(measured), systems, chosen.references)
        count_beside(statistics, stop)
        scores, comparisons = tabled(statistics, test, only=[metric.name for metric in measured])
        run = Evaluation(
            set_name=chosen.name,
            size=len(chosen),
            systems=tuple(systems),
            scores=scores,
            comparisons=comparisons,
            outputs=systems,
            seconds={name: output.seconds for name, output in outputs.items()},
            glossary=glossary,
            terms={name: output.terms for name, output in outputs.items()},
            worst=tuple(weakest(chosen, statistics, worst)),
            machine=machine(),
            characters=sum(map(len, chosen.sources)),
            warnings=tuple(warnings),
            sources=chosen.sources,
            references=chosen.references,
            documents=chosen.documents,
        )
        counted = {name: output.receipts for name, output in outputs.items()}
        return enriched(run, statistics, self.terminology, counted, test)

    def metrics(self, names: Sequence[str], chosen: EvaluationSet) -> tuple[SacreMetric, ...]:
        """Return the metrics called *names* for a set, after a look at what they need.

        Raises NotFound; DataError and InputError for what a neural metric lacks.
        """
        return metrics(names, Surroundings(self.metric_models, chosen.sources))

    def contrast(
        self,
        run: Evaluation,
        tests: Sequence[Test] = ("bs", "ar"),
        names: Sequence[str] = ("bleu", "chrf"),
    ) -> Contrast | None:
        """Hold the systems of a run against one another, with both tests; None for a single one."""
        return contrast_of(run, self.terminology, tests, names)


def open_evaluator(
    enforcement: Enforcement,
    folders: Sequence[Path],
    database: Database,
    authored: Path,
    metric_models: Path | None = None,
) -> Evaluator:
    """Return the evaluator of a workbench: sets of *folders* and those frozen in *database*."""
    from workbench.languages.chinese import Chinese
    from workbench.storage.frozen_sets import FrozenSets

    terminology = enforcement.terminology
    shelf = SetShelf(tuple(folders), FrozenSets(database))
    terms = terminology.terms.all_approved
    return Evaluator(terminology, enforcement, Chinese(), terms, shelf, authored, metric_models)


def unique(name: str, taken: Container[str]) -> str:
    """Return *name*, numbered if it is taken."""
    numbered = (f"{name} ({number})" for number in count(2))
    return next(candidate for candidate in chain([name], numbered) if candidate not in taken)


def weakest(chosen: EvaluationSet, statistics: Statistics, most: int) -> Iterator[Weak]:
    """Yield the *most* lines of each system with the lowest chrF, the lowest first.

    chrF is the one of these metrics that is fair to single sentences.
    """
    for system, lines in statistics.systems.items():
        values = [(value, n) for n, value in enumerate(statistics.segments(BY, system))]
        for value, n in sorted(values)[:most]:
            source = chosen.sources[n] if chosen.sources else ""
            yield Weak(system, n + 1, BY, value, source, lines[n], chosen.references[0][n])


def _warnings(chosen: EvaluationSet, systems: Mapping[str, Sequence[str]]) -> Warnings:
    """Return what a reader of the figures must know. Raises InputError for an empty system."""
    warnings: Warnings = []
    for name, lines in systems.items():
        empty = sum(not line.strip() for line in lines)
        if empty == len(lines):
            raise InputError("evaluation.empty_system", name=name)
        if empty:
            warnings.append(("evaluation.some_empty", {"name": name, "count": str(empty)}))
        if tuple(lines) in chosen.references:
            warnings.append(("evaluation.same_as_reference", {"name": name}))
    if len(chosen) == 1:
        return [*warnings, ("evaluation.one_line", {})]
    if len(chosen) > MOST_LINES:
        values = {"count": str(len(chosen)), "most": str(MOST_LINES)}
        warnings.append(("evaluation.not_resampled", values))
    baseline, *others = systems
    for name in others:
        pairs = zip(systems[name], systems[baseline], strict=True)
        unlike = sum(mine != first for mine, first in pairs)
        if 0 < unlike < FEWEST_UNLIKE:
            values = {"name": name, "baseline": baseline, "count": str(unlike)}
            warnings.append(("evaluation.few_unlike", values))
    return warnings


def machine() -> str:
    """Say what computer the seconds were measured on."""
    import os

    try:
        described = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        described = ""
    models = [line.partition(":")[2] for line in described.splitlines() if "model name" in line]
    processor = models[0].strip() if models else platform.processor() or platform.machine()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{processor}, {cores} cores, {platform.system()}"
