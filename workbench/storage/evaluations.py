"""Stored runs of evaluation: what was asked, how far it is, and in the end every figure.

The lines of the systems lie in a table of their own (``run_outputs``), one row each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import RowMapping, Select, delete, insert, select, update

from workbench.domain.quality import Evaluation
from workbench.domain.run import Line, Run, RunSettings
from workbench.errors import Conflict, NotFound
from workbench.storage.database import Database, now
from workbench.storage.lab_schema import campaigns
from workbench.storage.run_outputs import RunOutputs
from workbench.storage.schema import evaluations
from workbench.storage.typed import read

_FINAL = ("done", "failed", "cancelled")
# Everything but the document with the lines of the set, which is large.
_LIGHT = [column for column in evaluations.c if column.name != "content"]


class Evaluations:
    """The runs of one database."""

    def __init__(self, database: Database) -> None:
        """Keep the runs in *database*."""
        self.database = database
        self.outputs = RunOutputs(database)

    # -- writing --------------------------------------------------------------------------

    def open(self, evaluation: Evaluation, run: Run) -> Run:
        """Store a run that is to be done: *evaluation* holds its set, *run* the rest.

        The number and the time of making are given here.
        """
        created = now()
        with self.database.begin() as connection:
            new = insert(evaluations).values(
                set_name=run.set_name,
                size=run.size,
                content=_content(evaluation),
                author=run.author,
                created=created,
                title=run.title,
                state=run.state,
                settings=_record(run),
                digest=run.digest,
                job_id=run.job_id,
            )
            number = connection.execute(new.returning(evaluations.c.id)).scalar_one()
        return replace(run, id=number, created=created)

    def note(self, run: Run) -> None:
        """Store how far a run is: state, job, seconds, tokens, scores, versions, problem, title."""
        values: dict[str, Any] = {
            "state": run.state,
            "job_id": run.job_id,
            "title": run.title,
            "settings": _record(run),
        }
        if run.state == "running" and not run.started:
            values["started"] = now()
        if run.state in _FINAL:
            values["finished"] = now()
        with self.database.begin() as connection:
            connection.execute(update(evaluations).where(evaluations.c.id == run.id).values(values))

    def finish(self, evaluation: Evaluation, run: Run) -> None:
        """Store the figures of a run and that it is done."""
        done = replace(run, state="done", scores=evaluation.scores, problem={})
        with self.database.begin() as connection:
            connection.execute(
                update(evaluations)
                .where(evaluations.c.id == run.id)
                .values(
                    content=_content(evaluation),
                    settings=_record(done),
                    state="done",
                    finished=now(),
                )
            )

    def add(self, evaluation: Evaluation, author: str = "") -> Evaluation:
        """Store a run that is done already; return it with its number and time."""
        shell = Run(
            0,
            RunSettings(evaluation.set_name),
            evaluation.set_name,
            evaluation.size,
            evaluation.systems,
            evaluation.glossary,
            scores=evaluation.scores,
            seconds=evaluation.seconds,
            author=author,
        )
        run = self.open(evaluation, shell)
        for system, lines in evaluation.outputs.items():
            kept = {n: Line(text) for n, text in enumerate(lines)}
            self.outputs.save(run.id, system, kept)
        return replace(evaluation, id=run.id, created=run.created)

    def delete(self, number: int) -> None:
        """Delete a run with its lines. Raises NotFound; Conflict while people judge it."""
        with self.database.begin() as connection:
            judged = select(campaigns.c.name).where(campaigns.c.evaluation_id == number)
            name = connection.execute(judged.limit(1)).scalar()
            if name is not None:
                raise Conflict("evaluation.run_judged", id=number, name=name)
            gone = connection.execute(delete(evaluations).where(evaluations.c.id == number))
        if not gone.rowcount:
            raise NotFound("evaluation.no_run", id=number)

    # -- reading --------------------------------------------------------------------------

    def get(self, number: int) -> Evaluation:
        """Return a run with its lines; without scores before its end. Raises NotFound."""
        with self.database.read() as connection:
            query = select(evaluations).where(evaluations.c.id == number)
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound("evaluation.no_run", id=number)
        found = read(Evaluation, row["content"])
        outputs = found.outputs or self.outputs.texts(number)
        return replace(found, id=number, created=row["created"], outputs=outputs)

    def run(self, number: int) -> Run:
        """Return a run without its lines. Raises NotFound."""
        found = self._runs(select(*_LIGHT).where(evaluations.c.id == number))
        if not found:
            raise NotFound("evaluation.no_run", id=number)
        return found[0]

    def list(
        self, limit: int = 100, set_name: str = "", author: str = "", state: str = ""
    ) -> tuple[Run, ...]:
        """Return the newest runs first; empty filters let everything through."""
        table = evaluations.c
        query = select(*_LIGHT)
        for column, wanted in ((table.set_name, set_name), (table.author, author)):
            if wanted:
                query = query.where(column == wanted)
        if state:
            query = query.where(table.state == state)
        return self._runs(query.order_by(table.id.desc()).limit(limit))

    def _runs(self, query: Select[Any]) -> tuple[Run, ...]:
        with self.database.read() as connection:
            rows = connection.execute(query).mappings().all()
        records = self._records(rows)
        counts = self.outputs.counts([row["id"] for row in rows])
        return tuple(_run(row, records[row["id"]], counts.get(row["id"], 0)) for row in rows)

    def _records(self, rows: Any) -> dict[int, Mapping[str, Any]]:
        """Return what is kept of each run; of earlier versions' what their document says."""
        found = {row["id"]: row["settings"] for row in rows}
        bare = [number for number, record in found.items() if not record]
        if bare:
            content = evaluations.c.content
            parts = [content[name] for name in ("systems", "scores", "glossary", "seconds")]
            query = select(evaluations.c.id, *parts).where(evaluations.c.id.in_(bare))
            with self.database.read() as connection:
                for number, systems, scores, glossary, seconds in connection.execute(query):
                    found[number] = {
                        "systems": systems,
                        "scores": scores,
                        "glossary": glossary,
                        "seconds": seconds,
                    }
        return found


def _content(evaluation: Evaluation) -> dict[str, Any]:
    return {**asdict(evaluation), "outputs": {}}


def _record(run: Run) -> dict[str, Any]:
    """Return what the column of the settings holds."""
    kept = (
        "settings",
        "systems",
        "glossary",
        "versions",
        "scores",
        "seconds",
        "tokens",
        "remembered",
        "problem",
    )
    every = asdict(run)
    return {name: every[name] for name in kept}


def _run(row: RowMapping, record: Mapping[str, Any], lines: int) -> Run:
    columns = ("set_name", "size", "title", "state", "digest", "author", "created")
    known = {name: row[name] for name in (*columns, "started", "finished", "job_id")}
    settings = record.get("settings") or asdict(_guessed(row, record))
    run = read(Run, {**record, **known, "id": row["id"], "settings": settings})
    total = len(run.systems) * run.size
    return replace(run, done=lines if run.state != "done" else total, total=total)


def _guessed(row: RowMapping, record: Mapping[str, Any]) -> RunSettings:
    """Return what can be told of the settings of a run that kept none."""
    scores: Mapping[str, list[Mapping[str, Any]]] = record.get("scores") or {}
    metrics = tuple(score["metric"] for score in next(iter(scores.values()), []))
    return RunSettings(row["set_name"], metrics=metrics or RunSettings().metrics)
