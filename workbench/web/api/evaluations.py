"""Runs of evaluation: ordered, followed, stopped, resumed, repeated, held against a baseline."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from workbench.domain.run import Glossary, RunSettings
from workbench.errors import InputError, NotFound
from workbench.services.evaluation.baseline import MOST_LOST, trends
from workbench.services.evaluation.performing import names_of
from workbench.services.evaluation.report import as_document
from workbench.services.evaluation.run_document import run_json, verdict_json
from workbench.services.evaluation.runs import Order
from workbench.services.evaluation.sets import EvaluationSet, Lines, assemble, read_lines
from workbench.web.identity import Evaluator, Language, Reader
from workbench.web.parts import Bench

router = APIRouter(tags=["evaluations"])
Json = dict[str, Any]
Name = Annotated[str, Field(max_length=200)]
LONGEST = 8_000_000  # characters of a file
MOST_LINES = 5_000  # in one answer


class File(BaseModel):
    """A file as text: one segment a line."""

    name: str = Field(max_length=200)
    text: str = Field(max_length=LONGEST)

    def lines(self) -> Lines:
        """Return its lines. Raises InputError."""
        return read_lines(self.text.encode("utf-8", "replace"), self.name)


class Wanted(BaseModel):
    """A run that is wanted: a set by name, or its files; engines by name, hypotheses as files."""

    set: str = Field("", max_length=200)
    source: File | None = None
    references: list[File] = Field(default=[], max_length=9)
    hypotheses: list[File] = Field(default=[], max_length=50)
    engines: list[Name] = Field(default=[], max_length=20)
    glossaries: list[Glossary] = Field(default=["none"], max_length=4)
    metrics: list[Name] = Field(default=["bleu", "chrf", "ter"], max_length=20)
    test: Literal["bs", "ar"] = "bs"
    limit: int | None = Field(default=None, ge=1)
    worst: int = Field(default=10, ge=0, le=1000)
    memory: bool = False
    title: str = Field("", max_length=200)


class Named(BaseModel):
    """A name for a run."""

    title: str = Field("", max_length=200)


class Chosen(BaseModel):
    """The run, and in it the system, that is to be a baseline."""

    run: int
    system: str = Field("", max_length=200)


@router.get("/evaluations")
def listed(
    _identity: Reader,
    language: Language,
    bench: Bench,
    set_name: Annotated[str, Query(alias="set", max_length=200)] = "",
    author: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[Json]:
    """List the stored runs, newest first, each figure with its change since the run before."""
    runs = bench.runs.list(set_name, author, state, limit)
    changes = trends(runs)
    return [run_json(run, language, changes) for run in runs]


@router.post("/evaluations", status_code=202)
def start(given: Wanted, identity: Evaluator, language: Language, bench: Bench) -> Json:
    """Store a run and queue it for the worker."""
    known = [info.name for info in bench.engines()]
    for name in given.engines:
        if name not in known:
            raise NotFound("house.unknown_name", group="engines", name=name, known=", ".join(known))
    if not given.engines and not given.hypotheses:
        raise InputError("evaluation.no_systems")
    files = [file.lines() for file in given.hypotheses]
    names = tuple(names_of([file.name for file in files]))
    settings = RunSettings(
        given.set,
        tuple(dict.fromkeys(given.engines)),
        tuple(dict.fromkeys(given.glossaries)) or ("none",),
        names,
        tuple(dict.fromkeys(given.metrics)),
        given.test,
        given.limit,
        given.worst,
        given.memory,
    )
    lines = dict(zip(names, (file.lines for file in files), strict=True))
    order = Order(settings, _given(given), lines, given.title)
    return run_json(bench.runs.start(order, identity.name), language)


def _given(wanted: Wanted) -> EvaluationSet | None:
    """Return the set that came as files, None for one with a name. Raises InputError."""
    if bool(wanted.set) == bool(wanted.references):
        raise InputError("evaluation.which_on_page")
    if wanted.set:
        return None
    source = wanted.source.lines() if wanted.source else None
    references = [file.lines() for file in wanted.references]
    return assemble(references[0].name, source, references)


@router.get("/evaluations/{run_id}")
def state(run_id: int, _identity: Reader, language: Language, bench: Bench) -> Json:
    """Return how far a run is, or its figures in short."""
    return run_json(bench.runs.get(run_id), language)


@router.get("/evaluations/{run_id}/result")
def result(run_id: int, _identity: Evaluator, language: Language, bench: Bench) -> Json:
    """Return everything that was measured; without figures while the run is not done.

    For evaluators only, as the lines are: whoever judges them must not know whose they are.
    """
    run = bench.runs.get(run_id)
    document = as_document(bench.runs.evaluation(run_id))
    return {**document, "run": run_json(run, language), "changed": bench.runs.changed(run)}


@router.get("/evaluations/{run_id}/lines")
def lines(
    run_id: int,
    system: Annotated[str, Query(max_length=200)],
    _identity: Evaluator,
    bench: Bench,
    first: Annotated[int, Query(ge=0)] = 0,
    count: Annotated[int, Query(ge=1, le=MOST_LINES)] = MOST_LINES,
) -> list[Json]:
    """Return the lines of a system that are there, from line *first* (0 is the set's first) on."""
    bench.runs.get(run_id)
    found = bench.runs.lines(run_id, system)
    return [{"n": n, "text": found[n].text} for n in range(first, first + count) if n in found]


@router.post("/evaluations/{run_id}/cancel")
def cancel(run_id: int, _identity: Evaluator, language: Language, bench: Bench) -> Json:
    """Stop a run; the lines that came are kept."""
    return run_json(bench.runs.cancel(run_id), language)


@router.post("/evaluations/{run_id}/resume", status_code=202)
def resume(run_id: int, _identity: Evaluator, language: Language, bench: Bench) -> Json:
    """Queue a stopped run; lines that are there are not translated again."""
    return run_json(bench.runs.resume(run_id), language)


@router.post("/evaluations/{run_id}/repeat", status_code=202)
def repeat(
    run_id: int, given: Named, identity: Evaluator, language: Language, bench: Bench
) -> Json:
    """Queue a new run with the settings of a stored one."""
    order = bench.runs.again(run_id, given.title)
    return run_json(bench.runs.start(order, identity.name), language)


@router.delete("/evaluations/{run_id}", status_code=204)
def delete(run_id: int, identity: Evaluator, bench: Bench) -> Response:
    """Delete a run of one's own, an administrator anybody's.

    409 while a process is at it, or people judge it.
    """
    identity.require_own(bench.runs.get(run_id).author)
    bench.runs.delete(run_id)
    return Response(status_code=204)


@router.get("/evaluations/{run_id}/verdict")
def verdict(
    run_id: int,
    _identity: Reader,
    bench: Bench,
    baseline: int | None = None,
    max_drop: Annotated[float, Query(ge=0, le=100)] = MOST_LOST,
) -> Json:
    """Hold a run against another, or against the baseline of its set."""
    return verdict_json(bench.runs.verdict(run_id, baseline, max_drop))


@router.get("/evaluation-history")
def history(
    _identity: Reader,
    bench: Bench,
    set_name: Annotated[str, Query(alias="set", max_length=200)],
    metric: Annotated[str, Query(max_length=40)] = "bleu",
) -> list[Json]:
    """Return a metric's figures over the runs of a set, oldest first."""
    return [asdict(point) for point in bench.runs.history(set_name, metric)]


@router.get("/evaluation-baselines")
def baselines(_identity: Reader, bench: Bench) -> list[Json]:
    """List the baselines of the sets that have one."""
    return [asdict(found) for found in bench.runs.baselines.list().values()]


@router.put("/evaluation-baselines")
def choose(given: Chosen, identity: Evaluator, bench: Bench) -> Json:
    """Make a finished run the baseline of its set."""
    return asdict(bench.runs.set_baseline(given.run, given.system, identity.name))


@router.delete("/evaluation-baselines/{set_name}", status_code=204)
def forget(set_name: str, _identity: Evaluator, bench: Bench) -> Response:
    """Let a set have no baseline."""
    bench.runs.baselines.remove(set_name)
    return Response(status_code=204)
