"""The options of ``workbench evaluate``, and what was typed as records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from workbench.errors import SettingsError

SetName = Annotated[
    str | None, typer.Option("--set", help="A test set by name: newsdesk, ntrex128, …")
]
Source = Annotated[str | None, typer.Option(help="Russian source, one segment a line.")]
References = Annotated[
    list[str] | None, typer.Option("--reference", help="Chinese reference; again for another.")
]
Engines = Annotated[list[str] | None, typer.Option("--engine", help="Engine; again to compare.")]
Hypotheses = Annotated[
    list[str] | None,
    typer.Option("--hypothesis", help="A system's output; again to compare."),
]
Glossaries = Annotated[
    list[str] | None,
    typer.Option(
        "--glossary", help="none (default), house; controls: random, wrong; again to compare."
    ),
]
Metrics = Annotated[
    str, typer.Option(help="bleu, chrf, chrf++, ter, hter (character HTER), comet, metricx.")
]
TestName = Annotated[
    str, typer.Option("--test", help="bs: paired bootstrap; ar: approximate randomization.")
]
Limit = Annotated[int | None, typer.Option(help="Only the first lines of the set.")]
Worst = Annotated[int, typer.Option(min=0, help="Worst segments to show.")]
Memory = Annotated[
    bool, typer.Option("--memory", help="Exact matches first, as in a draft; none of the set's.")
]
Save = Annotated[bool, typer.Option(help="Keep the run in the database, line by line.")]
Title = Annotated[str, typer.Option(help="A name for a stored run.")]
Author = Annotated[str, typer.Option(help="Whose run it is.")]
BaselineRun = Annotated[
    str | None,
    typer.Option("--baseline", help="Hold against this run, or against the word stored."),
]
MaxDrop = Annotated[
    float | None, typer.Option(help="Points a figure may fall (0.5); else exit status 8.")
]
AsBaseline = Annotated[
    bool, typer.Option("--as-baseline", help="Make the run the baseline of its set.")
]
ShowRun = Annotated[int | None, typer.Option("--run", help="Show a stored run instead.")]
Resume = Annotated[int | None, typer.Option(help="Go on with a stopped run.")]
Repeat = Annotated[int | None, typer.Option(help="Do a stored run again; stored too.")]
Delete = Annotated[int | None, typer.Option(help="Delete a stored run.")]
Listed = Annotated[bool, typer.Option("--runs", help="List the stored runs.")]
Reports = Annotated[
    list[str] | None,
    typer.Option("--report", help="Write a report too: .html, .docx, .json or .tsv; again."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """A run that is wanted."""

    set_name: str | None
    source: str | None
    references: list[str]
    engines: list[str]
    hypotheses: list[str]
    glossaries: list[str]
    metrics: str
    test: str
    limit: int | None
    worst: int
    memory: bool
    title: str
    author: str
    save: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """What is wanted of the stored runs; nothing for a new one."""

    run: int | None
    resume: int | None
    repeat: int | None
    delete: int | None
    listed: bool

    def one(self) -> str:
        """Return the option that was given, empty for none. Raises SettingsError for several."""
        named = {
            "--run": self.run,
            "--resume": self.resume,
            "--repeat": self.repeat,
            "--delete": self.delete,
            "--runs": self.listed or None,
        }
        given = [name for name, value in named.items() if value is not None]
        if len(given) > 1:
            raise SettingsError("evaluation.only_one", options=", ".join(given))
        return given[0] if given else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """How a run is shown: as JSON, held against a baseline, made one; as reports, by path."""

    as_json: bool
    held: tuple[int | None, float] | None
    as_baseline: bool
    reports: dict[str, str]
    language: str
