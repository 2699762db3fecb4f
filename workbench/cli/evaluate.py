"""``workbench evaluate``: scores of engines or files, with signatures and significance."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from workbench.cli.context import (
    interface_language,
    progress,
    read_input,
    tell,
    workbench_from,
    write_json,
)
from workbench.errors import InputError, SettingsError

if TYPE_CHECKING:
    from workbench.assembly import Workbench
    from workbench.domain.quality import Evaluation
    from workbench.services.evaluation.evaluator import Glossary, Output
    from workbench.services.evaluation.sets import EvaluationSet
    from workbench.services.evaluation.significance import Test


Many = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("evaluate")(evaluate)


def evaluate(
    context: typer.Context,
    set_name: Annotated[
        str | None, typer.Option("--set", help="A test set by name: newsdesk, ntrex128, …")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Russian source, one segment a line.")] = None,
    reference: Annotated[Many, typer.Option(help="Chinese reference; again for another.")] = None,
    engine: Annotated[Many, typer.Option(help="Engine; again to compare.")] = None,
    hypothesis: Annotated[Many, typer.Option(help="A system's output; again to compare.")] = None,
    glossary: Annotated[
        Many,
        typer.Option(help="none (default), house; controls: random, wrong; again to compare."),
    ] = None,
    metrics: Annotated[str, typer.Option(help="bleu, chrf, chrf++, ter.")] = "bleu,chrf,ter",
    test: Annotated[
        str, typer.Option(help="bs: paired bootstrap; ar: approximate randomization.")
    ] = "bs",
    limit: Annotated[int | None, typer.Option(help="Only the first lines of the set.")] = None,
    worst: Annotated[int, typer.Option(min=0, help="Worst segments to show.")] = 10,
    save: Annotated[bool, typer.Option(help="Keep the run in the database.")] = False,
    run: Annotated[int | None, typer.Option(help="Show a stored run instead.")] = None,
    stored: Annotated[bool, typer.Option("--runs", help="List the stored runs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score engines or hypothesis files against references.

    Every figure comes with its signature, the size of the set and a 95 % interval; two or more
    systems are compared with the first by a paired test.
    """
    workbench = workbench_from(context)
    if stored:
        _list(workbench, as_json)
        return
    if run is not None:
        _show(workbench.evaluations.get(run), as_json)
        return
    measured = [name.strip() for name in metrics.split(",") if name.strip()]
    modes = _modes(glossary or ["none"])
    _check_options(measured, test, limit)
    whole = _chosen(workbench, set_name, source, reference or [])
    chosen = whole.first(limit)
    files = [(path, *read_input(path)) for path in hypothesis or []]
    outputs = _outputs(workbench, whole, chosen, files, engine or [], modes)
    which: Test = "ar" if test == "ar" else "bs"
    glossaries = ",".join(modes)
    result = workbench.evaluation.measure(chosen, outputs, measured, glossaries, which, worst)
    _show(workbench.evaluations.add(result) if save else result, as_json)


def _outputs(
    workbench: Workbench,
    whole: EvaluationSet,
    chosen: EvaluationSet,
    files: list[tuple[str, bytes, str]],
    engines: list[str],
    modes: list[Glossary],
) -> dict[str, Output]:
    """Return each system's output under a name of its own, hypotheses first."""
    from workbench.services.evaluation.evaluator import runs, unique
    from workbench.services.evaluation.sets import fitted, read_lines

    if not files and not engines:
        engines = [workbench.settings.engine]
    if engines and not chosen.sources:
        raise InputError("evaluation.no_source")
    evaluation = workbench.evaluation
    outputs: dict[str, Output] = {}
    for path, data, name in files:
        lines = fitted(whole, chosen, read_lines(data, name))
        outputs[unique(Path(path).name, outputs)] = evaluation.read(chosen, lines)
    for name, mode, label in runs(engines, modes):
        tell_progress = partial(progress, label=label)
        output = evaluation.translate(chosen, workbench.engine(name), mode, tell_progress)
        outputs[unique(label, outputs)] = output
    return outputs


def _check_options(names: list[str], test: str, limit: int | None) -> None:
    """Refuse what cannot work before an engine is loaded."""
    from workbench.services.evaluation.metrics import METRICS
    from workbench.services.evaluation.significance import Test

    for name in names or [""]:
        METRICS.load(name)
    if test not in get_args(Test):
        raise SettingsError("evaluation.unknown_test", name=test)
    if limit is not None and limit < 1:
        raise SettingsError("evaluation.bad_limit", limit=limit)


def _modes(names: list[str]) -> list[Glossary]:
    from workbench.services.evaluation.evaluator import GLOSSARIES

    known = {str(mode): mode for mode in GLOSSARIES}
    for name in names:
        if name not in known:
            raise SettingsError("evaluation.unknown_glossary", name=name)
    return [known[name] for name in dict.fromkeys(names)]


def _chosen(
    workbench: Workbench, name: str | None, source: str | None, references: list[str]
) -> EvaluationSet:
    from workbench.services.evaluation.sets import assemble, read_lines

    if bool(name) == bool(references):
        raise SettingsError("evaluation.which_set")
    if name:
        return workbench.evaluation.open(name)
    russian = read_lines(*read_input(source)) if source else None
    chinese = [read_lines(*read_input(path)) for path in references]
    return assemble(Path(references[0]).name, russian, chinese)


def _list(workbench: Workbench, as_json: bool) -> None:
    stored = workbench.evaluations.list()
    if as_json:
        write_json(stored)
        return
    for item in stored:
        systems = ", ".join(item.systems)
        typer.echo(f"{item.id}\t{item.created}\t{item.set_name}\t{item.size}\t{systems}")


def _show(result: Evaluation, as_json: bool) -> None:
    from workbench.messages import say
    from workbench.services.evaluation.report import as_document, as_text

    if as_json:
        write_json(as_document(result))
    else:
        typer.echo(as_text(result))
    language = interface_language()
    for key, values in result.warnings:
        tell(*say(key, language, **values))
