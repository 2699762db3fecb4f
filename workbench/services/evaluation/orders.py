"""Runs that are wanted: looked through before anything is translated, stored, ordered again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from workbench import __version__
from workbench.domain.quality import Evaluation
from workbench.domain.run import Line, Run, RunSettings
from workbench.errors import Conflict, InputError, SettingsError
from workbench.services.evaluation.evaluator import Evaluator
from workbench.services.evaluation.performing import systems_of
from workbench.services.evaluation.sets import EvaluationSet, Lines, fitted


@dataclass(frozen=True, slots=True)
class Order:
    """A run that is wanted.

    ``given`` is the set when it came as files (``settings.set_name`` is empty then);
    ``hypotheses`` are the lines by the names in ``settings.hypotheses``, of the whole set or of
    its first ``limit`` lines.
    """

    settings: RunSettings
    given: EvaluationSet | None = None
    hypotheses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An order looked through: the lines to be scored, and those that came as files.

    The terms of lines from files are not looked for yet: that takes longer than an answer may.
    """

    order: Order
    chosen: EvaluationSet
    given: Mapping[str, dict[int, Line]]

    @property
    def names(self) -> tuple[str, ...]:
        """The systems' names."""
        return tuple(system.name for system in systems_of(self.order.settings))

    def shell(self) -> Evaluation:
        """Return the lines of the set without any figure."""
        chosen = self.chosen
        return Evaluation(
            chosen.name,
            len(chosen),
            self.names,
            {},
            glossary=",".join(self.order.settings.glossaries),
            sources=chosen.sources,
            references=chosen.references,
            documents=chosen.documents,
        )

    def run(self, versions: Mapping[str, str], author: str) -> Run:
        """Return the run as it is before its first line."""
        chosen, order = self.chosen, self.order
        return Run(
            0,
            order.settings,
            chosen.name,
            len(chosen),
            self.names,
            ",".join(order.settings.glossaries),
            order.title,
            "queued",
            total=len(self.names) * len(chosen),
            digest=chosen.digest,
            versions=versions,
            author=author,
        )


def prepared(order: Order, evaluator: Evaluator) -> Prepared:
    """Look an order through, before anything is translated.

    Raises NotFound, InputError, DataError, SettingsError.
    """
    settings = order.settings
    whole = order.given or evaluator.open(settings.set_name)
    chosen = whole.first(settings.limit)
    evaluator.metrics(settings.metrics or ("",), chosen)
    if settings.engines and not chosen.sources:
        raise InputError("evaluation.no_source")
    if not systems_of(settings):
        raise SettingsError("evaluation.no_systems")
    given = {}
    for name in settings.hypotheses:
        lines = fitted(whole, chosen, Lines(name, tuple(order.hypotheses[name])))
        if not any(line.strip() for line in lines):
            raise InputError("evaluation.empty_system", name=name)
        given[name] = {n: Line(text) for n, text in enumerate(lines)}
    return Prepared(order, chosen, given)


def again(run: Run, evaluation: Evaluation, title: str = "") -> Order:
    """Return the order of a stored run; a set with a name is read anew.

    Raises Conflict for a run that kept no settings.
    """
    settings = run.settings
    if not systems_of(settings):
        raise Conflict("evaluation.not_repeatable", id=run.id)
    given = None if settings.set_name else lines_of(evaluation)
    hypotheses = {name: evaluation.outputs[name] for name in settings.hypotheses}
    return Order(settings, given, hypotheses, title or run.title)


def unsaved(order: Order, evaluation: Evaluation) -> Run:
    """Return a run that was not stored as one that is done, to be held against a baseline."""
    return Run(
        evaluation.id,
        order.settings,
        evaluation.set_name,
        evaluation.size,
        evaluation.systems,
        evaluation.glossary,
        digest=lines_of(evaluation).digest,
        scores=evaluation.scores,
        seconds=evaluation.seconds,
    )


def versions(evaluator: Evaluator) -> dict[str, str]:
    """Return the versions that figures depend on, but for those of the engines."""
    return {
        "workbench": __version__,
        "sacrebleu": version("sacrebleu"),
        "glossary": evaluator.terminology.version,
    }


def lines_of(evaluation: Evaluation) -> EvaluationSet:
    """Return the set that a stored run was made of."""
    return EvaluationSet(
        evaluation.set_name, evaluation.sources, evaluation.references, evaluation.documents
    )


def token_speeds(evaluation: Evaluation) -> dict[str, float]:
    """Return the tokens a second of each system that was timed."""
    timed = {name: spent for name, spent in evaluation.seconds.items() if spent}
    counted = tokens(evaluation) if timed else {}
    return {name: counted[name] / spent for name, spent in timed.items() if name in counted}


def tokens(evaluation: Evaluation) -> dict[str, int]:
    """Count the tokens of each output as sacreBLEU counts Chinese."""
    from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

    cut = TokenizerZh()
    return {
        name: sum(len(cut(line).split()) for line in lines)
        for name, lines in evaluation.outputs.items()
    }
