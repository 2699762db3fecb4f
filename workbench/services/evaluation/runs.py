"""Runs of evaluation: started, done by a worker or at once, stopped, resumed, repeated, compared.

A run is stored before its first line is translated, with everything that a repetition needs; each
line is stored soon after it came. Whoever does a run holds a lock on it, which the system takes
back from a process that dies.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.domain.job import Job
from workbench.domain.ports import Stop, Translator, never
from workbench.domain.quality import Evaluation
from workbench.domain.run import Baseline, Line, Point, Run, Verdict
from workbench.errors import Cancelled, Conflict, DataError, InputError, NotFound, WorkbenchError
from workbench.services.evaluation.baseline import MOST_LOST, held_against
from workbench.services.evaluation.evaluator import Evaluator
from workbench.services.evaluation.guard import Guard, Remembering
from workbench.services.evaluation.holding import RunLocks
from workbench.services.evaluation.orders import (
    Order,
    again,
    lines_of,
    prepared,
    tokens,
    versions,
)
from workbench.services.evaluation.performing import (
    Kept,
    Loose,
    Performance,
    Told,
    systems_of,
    untold,
)
from workbench.services.evaluation.sets import EvaluationSet
from workbench.storage.baselines import Baselines
from workbench.storage.evaluations import Evaluations
from workbench.storage.jobs import Jobs

if TYPE_CHECKING:
    from workbench.services.memory import Memory

__all__ = ["KIND", "Order", "Runs", "open_runs"]

KIND = "evaluate"
SILENT = 8.0  # seconds without a sign of life after which nobody is at a job
UNFINISHED = ("queued", "running", "cancelled", "failed")
MOST_POINTS = 2_000  # runs that a plot looks back


class Runs:
    """The runs of one workbench."""

    def __init__(
        self,
        performance: Performance,
        evaluations: Evaluations,
        baselines: Baselines,
        jobs: Jobs,
        locks: RunLocks,
    ) -> None:
        """Do runs with *performance*; keep them in the others."""
        self.performance = performance
        self.evaluator = performance.evaluator
        self.evaluations = evaluations
        self.baselines = baselines
        self.jobs = jobs
        self.locks = locks

    # -- starting -------------------------------------------------------------------------

    def start(self, order: Order, author: str = "") -> Run:
        """Store a run and queue it for the worker.

        Raises NotFound, InputError, DataError, SettingsError before anything is stored.
        """
        return self._queued(self.begin(order, author))

    def begin(self, order: Order, author: str = "") -> Run:
        """Store a run that is done by this process: ``work`` follows. Raises as ``start``."""
        ready = prepared(order, self.evaluator)
        new = ready.run(versions(self.evaluator), author)
        with self.evaluations.database.together():
            run = self.evaluations.open(ready.shell(), new)
            for name, lines in ready.given.items():
                self.evaluations.outputs.save(run.id, name, lines)
        return self.get(run.id)

    def at_once(self, order: Order, told: Told = untold, stop: Stop = never) -> Evaluation:
        """Do a run that is not stored. Raises as ``start``, and what engines raise."""
        ready = prepared(order, self.evaluator)
        desk = Loose()
        for name, lines in ready.given.items():
            desk.keep(name, lines, 0.0)
        return self.performance.do(ready.chosen, order.settings, desk, told, stop)[0]

    def again(self, run_id: int, title: str = "") -> Order:
        """Return the order of a stored run, to be started or begun once more.

        A set with a name is read anew. Raises NotFound; Conflict for a run that kept no settings.
        """
        return again(self.get(run_id), self.evaluation(run_id), title)

    def resume(self, run_id: int) -> Run:
        """Queue a run that was stopped; what is there is not done again.

        Raises NotFound; Conflict for a run that is done, or that a process is at.
        """
        run = self._unfinished(run_id)
        if run.job_id and self.jobs.get(run.job_id).active:
            return run  # the next worker goes on with it
        return self._queued(run)

    def take_up(self, run_id: int) -> Run:
        """Return a stopped run that this process goes on with: ``work`` follows.

        Raises as ``resume``.
        """
        run = self._unfinished(run_id)
        if run.job_id:
            self.jobs.cancel(run.job_id)
        self.evaluations.note(replace(run, state="queued", job_id=0, problem={}))
        return self.get(run_id)

    def _queued(self, run: Run) -> Run:
        with self.evaluations.database.together():  # no worker may see the one without the other
            job = self.jobs.enqueue(KIND, parameters={"run": run.id}, author=run.author)
            self.evaluations.note(replace(run, state="queued", job_id=job.id, problem={}))
        return self.get(run.id)

    def _unfinished(self, run_id: int) -> Run:
        run = self.get(run_id)
        if run.state == "done":
            raise Conflict("evaluation.done_already", id=run_id)
        if not systems_of(run.settings):
            raise Conflict("evaluation.not_repeatable", id=run_id)
        if self._attended(run):
            raise Conflict("evaluation.run_busy", id=run_id)
        return run

    def _attended(self, run: Run) -> bool:
        """Tell whether a process is at a run, here or where another worker is."""
        if self.locks.taken(run.id):
            return True
        if not run.job_id:
            return False
        job = self.jobs.get(run.job_id)
        return job.state == "running" and time.time() - job.heartbeat < SILENT

    # -- doing ----------------------------------------------------------------------------

    def work(self, run_id: int, told: Told = untold, stop: Stop = never) -> Evaluation:
        """Do what is left of a stored run.

        Raises Conflict while another process is at it, and when it is done.

        When it ends early what came is kept, and ``resume`` goes on from there: ``cancelled``
        after *stop* (Cancelled) or an interruption, ``failed`` after an error.
        """
        with self.locks.held(run_id):
            run = self.evaluations.run(run_id)
            if run.state == "done":  # queued twice: the other job did it
                raise Conflict("evaluation.done_already", id=run_id)
            self.evaluations.note(replace(run, state="running", problem={}))
            desk = Kept(self.evaluations, self.evaluations.run(run_id))
            try:
                done = self.performance.do(self._lines(run), run.settings, desk, told, stop)
            except (Cancelled, KeyboardInterrupt):
                self.evaluations.note(replace(desk.run, state="cancelled"))
                raise
            except WorkbenchError as error:
                self.evaluations.note(replace(desk.run, state="failed", problem=_problem(error)))
                raise
            evaluation, engines = done
            known = {**desk.run.versions, **engines}
            finished = replace(desk.run, versions=known, tokens=tokens(evaluation))
            self.evaluations.finish(evaluation, finished)
            return replace(evaluation, id=run_id, created=run.created)

    def do(self, job: Job, at: Callable[[int, int], None], stop: Stop) -> Mapping[str, Any]:
        """Do a job of the worker; *at* is told lines done and lines in all."""
        run = self.get(int(job.parameters["run"]))
        there = dict.fromkeys(run.systems, 0)

        def told(system: str, done: int, _total: int) -> None:
            there[system] = done
            at(sum(there.values()), run.total)

        try:
            self.work(run.id, told, stop)
        except Cancelled:
            if self.jobs.get(job.id).state == "running":  # this worker ends; another goes on
                self.evaluations.note(replace(self.evaluations.run(run.id), state="running"))
            raise
        return {"run": run.id}

    def _lines(self, run: Run) -> EvaluationSet:
        """Return the lines of a run as they were stored, with what the guard must know."""
        chosen = lines_of(self.evaluations.get(run.id))
        if not run.settings.memory or not run.settings.set_name:
            return chosen
        try:
            whole = self.evaluator.open(run.settings.set_name)
        except (NotFound, DataError, InputError):  # gone since; its pairs are barred all the same
            return chosen
        return replace(chosen, articles=whole.articles, segments=whole.segments)

    # -- looking --------------------------------------------------------------------------

    def get(self, run_id: int) -> Run:
        """Return a run without its lines. Raises NotFound."""
        return self._as_it_is(self.evaluations.run(run_id))

    def evaluation(self, run_id: int) -> Evaluation:
        """Return a run's lines and figures; no scores before its end. Raises NotFound."""
        return self.evaluations.get(run_id)

    def lines(self, run_id: int, system: str) -> dict[int, Line]:
        """Return a system's lines with receipts, by their number from 0, as far as they are."""
        return self.evaluations.outputs.load(run_id, system)

    def list(
        self, set_name: str = "", author: str = "", state: str = "", limit: int = 100
    ) -> tuple[Run, ...]:
        """Return the newest runs first; empty filters let everything through."""
        stored = UNFINISHED if state in UNFINISHED else (state,)  # what was stored may be over
        found = [
            self._as_it_is(run)
            for each in stored
            for run in self.evaluations.list(limit, set_name, author, each)
        ]
        wanted = [run for run in found if state in ("", run.state)]
        return tuple(sorted(wanted, key=lambda run: -run.id)[:limit])

    def _as_it_is(self, run: Run) -> Run:
        """Return the run; stopped, if whoever was at it died or its job ended otherwise."""
        if not run.active or self.locks.taken(run.id):
            return run
        if not run.job_id:
            return replace(run, state="cancelled") if run.state == "running" else run
        job = self.jobs.get(run.job_id)
        if job.state in ("cancelled", "failed"):
            return replace(run, state=job.state, problem=run.problem or job.problem)
        return run

    def history(self, set_name: str, metric: str = "bleu") -> tuple[Point, ...]:
        """Return the figures of a metric over the runs of a set, the oldest first.

        Only points of one ``digest`` and signature may be joined by a line.
        """
        return tuple(
            Point(run.id, run.created, name, score, run.size, run.digest, run.title, run.versions)
            for run in reversed(self.evaluations.list(MOST_POINTS, set_name, state="done"))
            for name in run.systems
            for score in run.scores.get(name, ())
            if score.metric == metric
        )

    def changed(self, run: Run) -> bool | None:
        """Tell whether the set of a run is another today; None when that cannot be told."""
        if not run.settings.set_name or not run.digest:
            return None
        try:
            today = self.evaluator.open(run.settings.set_name).first(run.settings.limit)
        except (NotFound, DataError, InputError):
            return None
        return today.digest != run.digest

    # -- ending ---------------------------------------------------------------------------

    def cancel(self, run_id: int) -> Run:
        """Stop a run of the worker; what came is kept. Raises NotFound.

        Raises Conflict for a run of the command line: its own process stops it.
        """
        run = self.get(run_id)
        if run.job_id and run.active:
            self.jobs.cancel(run.job_id)
        elif run.active:
            with self.locks.held(run_id):
                self.evaluations.note(replace(run, state="cancelled"))
        return self.get(run_id)

    def delete(self, run_id: int) -> None:
        """Delete a run. Raises NotFound; Conflict while somebody is at it or people judge it."""
        run = self.get(run_id)
        if self._attended(run):
            raise Conflict("evaluation.run_busy", id=run_id)
        if run.job_id:
            self.jobs.cancel(run.job_id)
        with self.locks.held(run_id):
            self.evaluations.delete(run_id)
        self.locks.forget(run_id)

    # -- baselines ------------------------------------------------------------------------

    def baseline(self, set_name: str) -> Baseline | None:
        """Return the baseline of a set, if it has one."""
        return self.baselines.get(set_name)

    def set_baseline(self, run_id: int, system: str = "", author: str = "") -> Baseline:
        """Make a finished run the baseline of its set. Raises NotFound, Conflict."""
        run = self.get(run_id)
        if run.state != "done":
            raise Conflict("evaluation.not_done", id=run_id)
        if system and system not in run.systems:
            raise Conflict("evaluation.no_such_system", id=run_id, name=system)
        return self.baselines.put(run.set_name, run_id, system, author)

    def verdict(
        self, run_id: int, baseline_id: int | None = None, most: float = MOST_LOST
    ) -> Verdict:
        """Hold a run against another, or against the baseline of its set.

        Raises NotFound (no baseline is set), Conflict when the two cannot be compared.
        """
        return self.verdict_on(self.get(run_id), baseline_id, most)

    def verdict_on(
        self, run: Run, baseline_id: int | None = None, most: float = MOST_LOST
    ) -> Verdict:
        """Return what ``verdict`` does, of a run that need not be stored."""
        if baseline_id is not None:
            return held_against(run, self.get(baseline_id), most)
        found = self.baseline(run.set_name)
        if found is None:
            raise NotFound("evaluation.no_baseline", name=run.set_name)
        return held_against(run, self.get(found.run_id), most, found.system)


def _problem(error: WorkbenchError) -> dict[str, Any]:
    return {"key": error.key, "values": {name: str(v) for name, v in error.values.items()}}


def open_runs(
    evaluator: Evaluator,
    jobs: Jobs,
    engine: Callable[[str], Translator],
    memory: Callable[[], Memory],
    state: Path,
) -> Runs:
    """Return the runs in the database of *jobs*; their locks lie in the folder *state*."""

    def recall(chosen: EvaluationSet) -> Remembering:
        return Remembering(chosen, memory(), evaluator.terminology, Guard.of(chosen))

    return Runs(
        Performance(evaluator, engine, recall),
        Evaluations(jobs.database),
        Baselines(jobs.database),
        jobs,
        RunLocks(state / "runs"),
    )
