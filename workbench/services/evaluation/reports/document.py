"""A run as one report: everything that a review meeting asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.domain.quality import Evaluation
from workbench.domain.report import Report, Section, Table
from workbench.messages import say
from workbench.services.evaluation.reports import contrast, scores
from workbench.services.evaluation.reports.words import word


def report(
    run: Evaluation,
    language: str,
    settings: Mapping[str, str] | None = None,
    more: Sequence[Section] = (),
) -> Report:
    """Return the report of a run.

    *settings* are what a repetition needs, by name; *more* are sections of others: history,
    effort, human judgement.
    """
    sections: list[Section | None] = [
        scores.scores(run, language),
        scores.significance(run, language),
        scores.measures(run, language),
    ]
    if run.contrast:
        sections += [
            contrast.parts(run.contrast, language),
            contrast.differences(run.contrast, language),
            contrast.ngrams(run.contrast, language),
        ]
    sections += [scores.worst(run, language), *more, _settings(settings or {}, language)]
    return Report(
        word("title", language, name=run.set_name),
        language,
        tuple(_facts(run, language)),
        tuple(section for section in sections if section is not None),
    )


def _facts(run: Evaluation, language: str) -> list[tuple[str, str]]:
    size = word("set_value", language, name=run.set_name, size=run.size, characters=run.characters)
    facts = [
        (word("set", language), size),
        (word("systems", language), ", ".join(run.systems)),
        (word("glossary", language), run.glossary),
        (word("machine", language), run.machine or "—"),
    ]
    if run.id:
        facts.append((word("run", language), str(run.id)))
    if run.created:
        facts.append((word("created", language), run.created))
    for key, values in run.warnings:
        facts.append((word("warning", language), " ".join(say(key, language, **values)).strip()))
    return facts


def _settings(settings: Mapping[str, str], language: str) -> Section | None:
    if not settings:
        return None
    heads = (word("setting", language), word("value", language))
    return Section(
        word("settings", language), (Table("", heads, tuple(settings.items()), (), (30, 70)),)
    )
