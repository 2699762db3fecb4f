"""A run being done: each system's lines are had, kept as they come, and measured in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from workbench.domain.ports import Stop, Translator, never
from workbench.domain.quality import Evaluation
from workbench.domain.run import Line, Run, RunSettings, System
from workbench.services.evaluation.evaluator import Evaluator, unique
from workbench.services.evaluation.sets import EvaluationSet
from workbench.services.evaluation.translating import Output, Recall, output

if TYPE_CHECKING:
    from workbench.storage.evaluations import Evaluations

Told = Callable[[str, int, int], None]
LONGEST_NAME = 180  # characters of a system's name, so that a number fits behind it


def untold(_system: str, _done: int, _total: int) -> None:
    """Tell nobody."""


class Desk(Protocol):
    """Where the lines of a run lie while it is done."""

    def known(self, system: str) -> dict[int, Line]:
        """Return the lines of a system that are there, by their number from 0."""
        ...

    def keep(
        self, system: str, lines: Mapping[int, Line], seconds: float, remembered: int = 0
    ) -> None:
        """Keep new lines of a system, the seconds they took, how many the memory gave."""
        ...

    def count(self, system: str, lines: Mapping[int, Line]) -> None:
        """Keep the receipts of lines that are there already, all of them or none."""
        ...

    def seconds(self, system: str) -> float:
        """Return the seconds that a system's lines took so far."""
        ...


@dataclass
class Loose:
    """Lines in this process only: a run that is not stored."""

    lines: dict[str, dict[int, Line]] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)
    remembered: dict[str, int] = field(default_factory=dict)

    def known(self, system: str) -> dict[int, Line]:
        """Return the lines of a system that are there."""
        return dict(self.lines.get(system, {}))

    def keep(
        self, system: str, lines: Mapping[int, Line], seconds: float, remembered: int = 0
    ) -> None:
        """Keep new lines."""
        self.remembered[system] = self.remembered.get(system, 0) + remembered
        self.lines.setdefault(system, {}).update(lines)
        self.spent[system] = self.seconds(system) + seconds

    def count(self, system: str, lines: Mapping[int, Line]) -> None:
        """Keep the receipts."""
        self.lines[system].update(lines)

    def seconds(self, system: str) -> float:
        """Return the seconds so far."""
        return self.spent.get(system, 0.0)


@dataclass
class Kept:
    """Lines in the database; ``run`` is brought up to date with each step."""

    evaluations: Evaluations
    run: Run

    def known(self, system: str) -> dict[int, Line]:
        """Return the lines of a system that are there."""
        return self.evaluations.outputs.load(self.run.id, system)

    def keep(
        self, system: str, lines: Mapping[int, Line], seconds: float, remembered: int = 0
    ) -> None:
        """Keep new lines and the seconds."""
        self.evaluations.outputs.save(self.run.id, system, lines)
        spent = {**self.run.seconds, system: self.seconds(system) + seconds}
        given = dict(self.run.remembered)
        if remembered:
            given[system] = given.get(system, 0) + remembered
        self.run = replace(self.run, seconds=spent, remembered=given)
        self.evaluations.note(self.run)

    def count(self, system: str, lines: Mapping[int, Line]) -> None:
        """Keep the receipts."""
        self.evaluations.outputs.count(self.run.id, system, lines)

    def seconds(self, system: str) -> float:
        """Return the seconds so far."""
        return self.run.seconds.get(system, 0.0)


@dataclass(frozen=True, slots=True)
class Performance:
    """Does runs with engines by their names. ``engine`` builds one; ``recall`` asks the memory."""

    evaluator: Evaluator
    engine: Callable[[str], Translator]
    recall: Callable[[EvaluationSet], Recall]

    def do(
        self,
        chosen: EvaluationSet,
        settings: RunSettings,
        desk: Desk,
        told: Told = untold,
        stop: Stop = never,
    ) -> tuple[Evaluation, dict[str, str]]:
        """Do what is not done yet; return the figures and the engines' versions.

        Raises what engines raise and Cancelled; what came until then is kept on the desk.
        """
        outputs: dict[str, Output] = {}
        versions: dict[str, str] = {}
        engines: dict[str, Translator] = {}
        for system in systems_of(settings):
            known = desk.known(system.name)
            told(system.name, len(known), len(chosen))
            if not system.engine:
                outputs[system.name] = self._counted(chosen, system, known, desk, stop)
            elif len(known) == len(chosen):
                outputs[system.name] = output(
                    [known[n] for n in range(len(chosen))], desk.seconds(system.name)
                )
            else:
                if system.engine not in engines:  # loaded once a run
                    engines[system.engine] = self.engine(system.engine)
                translator = engines[system.engine]
                outputs[system.name] = self._translate(
                    chosen, settings, system, translator, known, desk, told, stop
                )
                versions[f"engine {system.engine}"] = translator.info.version
        evaluation = self.evaluator.measure(
            chosen,
            outputs,
            settings.metrics,
            ",".join(settings.glossaries),
            settings.test,
            settings.worst,
            stop,
        )
        return evaluation, versions

    def _counted(
        self,
        chosen: EvaluationSet,
        system: System,
        known: Mapping[int, Line],
        desk: Desk,
        stop: Stop,
    ) -> Output:
        """Return lines that came as a file, with the receipts of their terms."""
        lines = [known[n] for n in range(len(chosen))]
        if not chosen.sources or any(line.receipts for line in lines):
            return output(lines)
        made = self.evaluator.read(chosen, [line.text for line in lines], stop)
        pairs = zip(made.lines, made.receipts, strict=True)
        desk.count(system.name, {n: Line(*pair) for n, pair in enumerate(pairs)})
        return made

    def _translate(
        self,
        chosen: EvaluationSet,
        settings: RunSettings,
        system: System,
        translator: Translator,
        known: Mapping[int, Line],
        desk: Desk,
        told: Told,
        stop: Stop,
    ) -> Output:
        made = self.evaluator.translating.translate(
            chosen,
            translator,
            system.glossary,
            lambda done, total: told(system.name, done, total),
            stop,
            known,
            partial(desk.keep, system.name),
            self.recall(chosen) if settings.memory else None,
        )
        return replace(made, seconds=desk.seconds(system.name))


def systems_of(settings: RunSettings) -> tuple[System, ...]:
    """Return the systems of a run, each under a name of its own, hypotheses first."""
    named: dict[str, System] = {}
    for name in settings.hypotheses:
        named[name] = System(name)
    for engine in settings.engines:
        for glossary in settings.glossaries:
            label = engine if len(settings.glossaries) == 1 else f"{engine}+{glossary}"
            name = unique(label[:LONGEST_NAME], named)
            named[name] = System(name, engine, glossary)
    return tuple(named.values())


def names_of(files: Sequence[str]) -> Iterator[str]:
    """Yield a name of its own for each file of hypotheses."""
    taken: set[str] = set()
    for file in files:
        name = unique(file[:LONGEST_NAME], taken)
        taken.add(name)
        yield name
