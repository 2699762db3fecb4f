"""What ``workbench evaluate`` does with stored runs: list, show, hold against a baseline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from workbench.cli.context import tell, write_json, write_output
from workbench.errors import Regression, SettingsError

if TYPE_CHECKING:
    from workbench.assembly import Workbench
    from workbench.cli.evaluate_options import Shown
    from workbench.domain.quality import Evaluation
    from workbench.domain.run import Run, Verdict

STORED = "stored"


def list_runs(workbench: Workbench, set_name: str, shown: Shown) -> None:
    """Print the stored runs, the newest first, each figure with its change since the run before."""
    from workbench.services.evaluation.baseline import trends
    from workbench.services.evaluation.run_document import run_json

    runs = workbench.runs.list(set_name)
    changes = trends(runs)
    if shown.as_json:
        write_json([run_json(run, shown.language, changes) for run in runs])
        return
    baselines = workbench.runs.baselines.list()
    for run in runs:
        mark = baselines.get(run.set_name)
        notes = [run.title, "baseline" if mark and mark.run_id == run.id else ""]
        figures = [_figure(run, name, changes) for name in run.systems]
        line = (run.id, run.created, run.set_name, run.size, _state(run), ", ".join(figures))
        typer.echo("\t".join(map(str, (*line, *filter(None, notes)))))


def _state(run: Run) -> str:
    return run.state if run.state == "done" else f"{run.state} {run.done}/{run.total}"


def _figure(run: Run, name: str, changes: dict[tuple[int, str, str], float]) -> str:
    """Return a system with its first figure, as ``shipped bleu 13.93 (+0.12)``."""
    for score in run.scores.get(name, ()):
        change = changes.get((run.id, name, score.metric))
        trend = "" if change is None else f" ({change:+.2f})"
        return f"{name} {score.metric} {score.value:.2f}{trend}"
    return name


def show_stored(workbench: Workbench, number: int, shown: Shown) -> None:
    """Print a stored run; make it the baseline, if that is wanted and it did not fall."""
    run = workbench.runs.get(number)
    show(workbench, workbench.runs.evaluation(number), run, shown)
    if shown.as_baseline:
        workbench.runs.set_baseline(number, author=run.author)
        _say("evaluation.is_baseline", shown, id=number, name=run.set_name)


def show(workbench: Workbench, result: Evaluation, run: Run, shown: Shown) -> None:
    """Print a run, and how it stands against the baseline if that is asked.

    Raises Regression when it fell too far.
    """
    from workbench.messages import say
    from workbench.services.evaluation.report import as_document, as_text
    from workbench.services.evaluation.run_document import run_json, verdict_json

    language = shown.language
    verdict: Verdict | None = None
    if shown.held is not None:
        verdict = workbench.runs.verdict_on(run, *shown.held)
    if shown.as_json:
        document = as_document(result)
        if run.id:
            document["run"] = run_json(run, language)
        if verdict:
            document["against"] = verdict_json(verdict)
        write_json(document)
    elif run.state == "done":
        typer.echo(as_text(result))
    else:
        typer.echo(f"{run.set_name} · {run.size} lines · run {run.id} · {_state(run)}")
    for name, count in () if shown.as_json else run.remembered.items():
        typer.echo(f"{name}: {count} of {run.size} lines from the memory")
    for key, values in result.warnings:
        tell(*say(key, language, **values))
    if run.problem:
        tell(*say(run.problem["key"], language, **run.problem.get("values", {})))
    if run.id and workbench.runs.changed(run):
        tell(*say("evaluation.set_changed", language, name=run.set_name, id=run.id))
    _write(workbench, result, run, shown)
    if verdict and verdict.incomparable:
        named = ", ".join(verdict.incomparable)
        _say("evaluation.not_compared", shown, names=named, baseline=verdict.baseline_id)
    if verdict:
        _judge(verdict, shown.as_json)


def _say(key: str, shown: Shown, **values: object) -> None:
    from workbench.messages import say

    tell(*say(key, shown.language, **values))


def reports(paths: list[str]) -> dict[str, str]:
    """Return the kind of each report by its path. Raises SettingsError for an unknown ending."""
    from workbench.services.evaluation.reports.writing import KINDS

    kinds = {path: Path(path).suffix.removeprefix(".").lower() for path in paths}
    for path, kind in kinds.items():
        if kind not in KINDS:
            known = ", ".join(f".{name}" for name in KINDS)
            raise SettingsError("evaluation.unknown_report", name=path, known=known)
    return kinds


def _write(workbench: Workbench, result: Evaluation, run: Run, shown: Shown) -> None:
    """Write the reports that were asked for; of a stored run with its history and judgement."""
    from workbench.services.evaluation.report_file import report_file, settings_of
    from workbench.services.evaluation.reports.writing import write

    for path, kind in shown.reports.items():
        if run.id:
            people = workbench.lab.judgement
            data = report_file(workbench.runs, run.id, kind, shown.language, people)
        else:
            data = write(result, kind, shown.language, settings_of(run, shown.language))
        write_output(data, path)


def _judge(verdict: Verdict, as_json: bool) -> None:
    """Print a verdict. Raises Regression."""
    if not as_json:
        for fall in verdict.falls:
            mark = "  worse" if fall.regressed else ""
            values = f"{fall.before:.2f} to {fall.value:.2f} ({fall.value - fall.before:+.2f})"
            typer.echo(
                f"{fall.system} against {fall.baseline} of run {verdict.baseline_id}: "
                f"{fall.metric} {values}{mark}"
            )
    worse = sorted((fall for fall in verdict.falls if fall.regressed), key=lambda f: -f.drop)
    if worse:
        raise Regression(
            "evaluation.regressed",
            count=len(worse),
            drop=f"{verdict.max_drop:g}",
            baseline=verdict.baseline_id,
            metric=worse[0].metric,
            system=worse[0].system,
            before=f"{worse[0].before:.2f}",
            value=f"{worse[0].value:.2f}",
        )


def against(baseline: str | None, drop: float | None) -> tuple[int | None, float] | None:
    """Return (run or None for the stored baseline, most that may be lost), or None.

    Raises SettingsError.
    """
    from workbench.services.evaluation.baseline import MOST_LOST

    if baseline is None and drop is None:
        return None
    if drop is not None and not 0 <= drop < float("inf"):
        raise SettingsError("evaluation.bad_drop", drop=drop)
    most = MOST_LOST if drop is None else drop
    if baseline in (None, STORED):
        return None, most
    if not str(baseline).isdecimal():
        raise SettingsError("evaluation.bad_baseline", name=baseline)
    return int(str(baseline)), most
