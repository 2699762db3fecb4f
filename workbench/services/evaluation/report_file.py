"""The report of a stored run, with what is known beside it: history, judgement, settings."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.domain.report import Section
from workbench.domain.run import Run
from workbench.errors import Conflict
from workbench.services.evaluation.judgement import HumanJudgement
from workbench.services.evaluation.reports.history import history
from workbench.services.evaluation.reports.people import judgement
from workbench.services.evaluation.reports.words import word
from workbench.services.evaluation.reports.writing import write
from workbench.services.evaluation.runs import Runs


def report_file(
    runs: Runs,
    run_id: int,
    kind: str,
    language: str = "zh",
    people: HumanJudgement | None = None,
) -> bytes:
    """Return the report of a finished run as a file of *kind* (html, docx, json, tsv).

    With *people* the campaigns over this run that are closed are in it. Raises NotFound;
    Conflict while the run is not done.
    """
    run = runs.get(run_id)
    if run.state != "done" or not run.scores:
        raise Conflict("evaluation.not_done", id=run_id)
    more = list(_more(runs, run, language, people)) if kind in ("html", "docx") else []
    return write(runs.evaluation(run_id), kind, language, settings_of(run, language), more)


def settings_of(run: Run, language: str) -> dict[str, str]:
    """Return what a repetition needs, by name: settings, versions."""
    given = run.settings
    glossaries = ", ".join(word(f"glossary_{name}", language) for name in given.glossaries)
    values = {
        "title": run.title,
        "author": run.author,
        "glossaries": glossaries if given.engines else "",
        "memory": word("yes" if given.memory else "no", language) if given.engines else "",
        "metrics": ", ".join(given.metrics),
        "test": word(f"test_{given.test}", language),
        "limit": str(given.limit or ""),
        "seed": str(given.seed),
        "digest": run.digest,
    }
    named = {word(f"set_{key}", language): value for key, value in values.items() if value}
    return {**named, **{name: version for name, version in run.versions.items() if version}}


def _more(runs: Runs, run: Run, language: str, people: HumanJudgement | None) -> Iterator[Section]:
    first = next(iter(run.settings.metrics), "bleu")
    past = history(runs.history(run.set_name, first), language)
    if past:
        yield past
    for campaign in people.campaigns.list() if people else ():
        if campaign.evaluation_id == run.id and campaign.closed and people:
            yield judgement(people.results(campaign.id), language)
