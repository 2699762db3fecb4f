"""``workbench evaluate``: scores of engines or files, with signatures and significance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import typer

from workbench.cli import evaluate_options as given
from workbench.cli import evaluate_runs
from workbench.cli.context import language_of, progress, read_input, tell, workbench_from
from workbench.cli.evaluate_options import Asked, Shown, Stored
from workbench.errors import SettingsError

if TYPE_CHECKING:
    from workbench.assembly import Workbench
    from workbench.domain.run import Glossary, Run, Test
    from workbench.services.evaluation.runs import Order
    from workbench.services.evaluation.sets import EvaluationSet


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("evaluate")(evaluate)


def evaluate(
    context: typer.Context,
    set_name: given.SetName = None,
    source: given.Source = None,
    reference: given.References = None,
    engine: given.Engines = None,
    hypothesis: given.Hypotheses = None,
    glossary: given.Glossaries = None,
    metrics: given.Metrics = "bleu,chrf,ter",
    test: given.TestName = "bs",
    limit: given.Limit = None,
    worst: given.Worst = 10,
    memory: given.Memory = False,
    save: given.Save = False,
    title: given.Title = "",
    author: given.Author = "",
    baseline: given.BaselineRun = None,
    max_drop: given.MaxDrop = None,
    as_baseline: given.AsBaseline = False,
    run: given.ShowRun = None,
    resume: given.Resume = None,
    repeat: given.Repeat = None,
    delete: given.Delete = None,
    stored: given.Listed = False,
    report: given.Reports = None,
    as_json: given.AsJson = False,
) -> None:
    """Score engines or hypothesis files against references.

    Every figure comes with its signature, the size of the set and a 95 % interval; two or more
    systems are compared with the first by a paired test. Exit status 8: a figure fell by more than
    was allowed against the baseline.
    """
    asked = Asked(
        set_name,
        source,
        reference or [],
        engine or [],
        hypothesis or [],
        glossary or ["none"],
        metrics,
        test,
        limit,
        worst,
        memory,
        title,
        author,
        save,
    )
    wanted = Stored(run, resume, repeat, delete, stored)
    wanted.one()
    held, files = evaluate_runs.against(baseline, max_drop), evaluate_runs.reports(report or [])
    shown = Shown(as_json, held, as_baseline, files, language_of(context))
    _do(workbench_from(context), asked, wanted, shown)


def _do(workbench: Workbench, asked: Asked, wanted: Stored, shown: Shown) -> None:
    """Do what was asked for."""
    runs = workbench.runs
    if wanted.listed:
        evaluate_runs.list_runs(workbench, asked.set_name or "", shown)
    elif wanted.delete is not None:
        runs.delete(wanted.delete)
    elif wanted.run is not None:
        evaluate_runs.show_stored(workbench, wanted.run, shown)
    elif wanted.resume is not None:
        _work(workbench, runs.take_up(wanted.resume), shown.language)
        evaluate_runs.show_stored(workbench, wanted.resume, shown)
    elif wanted.repeat is not None:
        begun = runs.begin(runs.again(wanted.repeat, asked.title), asked.author)
        _work(workbench, begun, shown.language)
        _unlike(workbench, wanted.repeat, begun.id, shown.language)
        evaluate_runs.show_stored(workbench, begun.id, shown)
    else:
        _new(workbench, asked, shown)


def _new(workbench: Workbench, asked: Asked, shown: Shown) -> None:
    from workbench.services.evaluation.orders import unsaved

    if shown.as_baseline and not asked.save:
        raise SettingsError("evaluation.no_such_run_option", option="--as-baseline")
    order = _order(workbench, asked)
    if asked.save:
        begun = workbench.runs.begin(order, asked.author)
        _work(workbench, begun, shown.language)
        evaluate_runs.show_stored(workbench, begun.id, shown)
        return
    result = workbench.runs.at_once(order, _told)
    evaluate_runs.show(workbench, result, unsaved(order, result), shown)


def _told(system: str, done: int, total: int) -> None:
    progress(done, total, system)


def _work(workbench: Workbench, run: Run, language: str) -> None:
    """Do a stored run here; Ctrl+C keeps what there is and says how to go on."""
    from workbench.messages import say

    try:
        workbench.runs.work(run.id, _told)
    except KeyboardInterrupt:
        left = workbench.runs.get(run.id)
        values = {"id": left.id, "done": left.done, "total": left.total}
        tell(*say("evaluation.kept", language, **values))
        raise


def _unlike(workbench: Workbench, before: int, after: int, language: str) -> None:
    """Say when a repetition brought other lines."""
    from workbench.messages import say

    one, other = (workbench.runs.evaluation(number).outputs for number in (before, after))
    count = sum(
        first != second
        for name, lines in one.items()
        for first, second in zip(lines, other.get(name, ()), strict=False)
    )
    if count:
        tell(*say("evaluation.repeat_differs", language, count=count, id=before))


def _order(workbench: Workbench, asked: Asked) -> Order:
    """Return what was asked for as an order; refuse what cannot work before an engine is loaded."""
    from workbench.domain.run import RunSettings
    from workbench.services.evaluation.performing import names_of
    from workbench.services.evaluation.runs import Order
    from workbench.services.evaluation.sets import read_lines

    measured = [name.strip() for name in asked.metrics.split(",") if name.strip()]
    modes = _modes(asked.glossaries)
    _check_options(measured, asked.test, asked.limit)
    chosen = _given(asked)
    files = [read_lines(*read_input(path)) for path in asked.hypotheses]
    names = tuple(names_of([Path(path).name for path in asked.hypotheses]))
    engines = asked.engines or ([] if files else [workbench.settings.engine])
    which: Test = "ar" if asked.test == "ar" else "bs"
    settings = RunSettings(
        asked.set_name or "",
        tuple(dict.fromkeys(engines)),
        tuple(modes),
        names,
        tuple(dict.fromkeys(measured)),
        which,
        asked.limit,
        asked.worst,
        asked.memory,
    )
    lines = dict(zip(names, (file.lines for file in files), strict=True))
    return Order(settings, chosen, lines, asked.title)


def _check_options(names: list[str], test: str, limit: int | None) -> None:
    """Refuse what cannot work before an engine is loaded."""
    from workbench.domain.run import Test
    from workbench.services.evaluation.metrics import METRICS

    for name in names or [""]:
        METRICS.load(name)
    if test not in get_args(Test):
        raise SettingsError("evaluation.unknown_test", name=test)
    if limit is not None and limit < 1:
        raise SettingsError("evaluation.bad_limit", limit=limit)


def _modes(names: list[str]) -> list[Glossary]:
    from workbench.domain.run import GLOSSARIES

    known = {str(mode): mode for mode in GLOSSARIES}
    for name in names:
        if name not in known:
            raise SettingsError("evaluation.unknown_glossary", name=name)
    return [known[name] for name in dict.fromkeys(names)]


def _given(asked: Asked) -> EvaluationSet | None:
    """Return the set that came as files, None for one with a name. Raises SettingsError."""
    from workbench.services.evaluation.sets import assemble, read_lines

    if bool(asked.set_name) == bool(asked.references):
        raise SettingsError("evaluation.which_set")
    if asked.set_name:
        return None
    russian = read_lines(*read_input(asked.source)) if asked.source else None
    chinese = [read_lines(*read_input(path)) for path in asked.references]
    return assemble(Path(asked.references[0]).name, russian, chinese)
