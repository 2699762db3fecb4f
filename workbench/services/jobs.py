"""The worker: takes drafts, imports and evaluations from the job table, one at a time.

It lives in a process of its own, so that a closed browser does not stop it, a heavy engine
does not slow the pages down, and a crash costs nothing: a job without a sign of life goes
back to the queue, and what was drafted already is passed over.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.domain.job import Job
from workbench.domain.ports import Stop, Translator, never
from workbench.domain.row import Row
from workbench.errors import Cancelled, WorkbenchError
from workbench.services.drafting import Drafting
from workbench.services.evaluation.runs import KIND as EVALUATE
from workbench.services.memory_imports import KIND, MemoryImports
from workbench.storage.articles import Articles
from workbench.storage.jobs import Jobs

if TYPE_CHECKING:
    from workbench.services.evaluation.runs import Runs

log = logging.getLogger(__name__)
# What people wait for, and what may take an hour: each has a lane of its own.
QUICK = ("draft", KIND)
LONG = (EVALUATE,)
HEARTBEAT = 1.0  # seconds between signs of life
STALE = 8.0  # seconds without one after which a job is taken to be abandoned
IDLE = 0.4  # seconds between looks at an empty queue


@dataclass
class Pulse:
    """Signs of life while a job runs, and hearing that it was cancelled."""

    jobs: Jobs
    job_id: int
    outer: Stop = never
    done: int = 0
    total: int = 0
    cancelled: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    def beat(self) -> None:
        """Report progress now."""
        if not self.jobs.progress(self.job_id, self.done, self.total):
            self.cancelled = True

    def at(self, done: int, total: int) -> None:
        """Note how far the work is."""
        self.done, self.total = done, total

    def stop(self) -> bool:
        """Whether to stop."""
        return self.cancelled or self.outer()

    @contextmanager
    def running(self) -> Iterator[Pulse]:
        """Beat in a thread: loading an engine takes longer than a job may be silent."""
        thread = threading.Thread(target=self._loop, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            thread.join()
            self.beat()  # after the thread's last one, whose figures may be older

    def _loop(self) -> None:
        while not self.over.wait(HEARTBEAT):
            self.beat()


@dataclass
class Worker:
    """Does the jobs of the table."""

    jobs: Jobs
    articles: Articles
    drafting: Callable[[], Drafting]  # built when the first job comes: it loads the glossary
    engine: Callable[[str], Translator]
    name: str
    imports: Callable[[], MemoryImports] | None = None
    runs: Callable[[], Runs] | None = None
    kinds: tuple[str, ...] = ()  # of the jobs that are taken; empty for all

    def run(self, stop: Stop = never) -> None:
        """Work until *stop*."""
        looked = 0.0
        while not stop():
            if time.monotonic() - looked > STALE / 2:
                self.jobs.requeue_stale(STALE)
                looked = time.monotonic()
            if not self.run_one(stop):
                time.sleep(IDLE)

    def run_one(self, stop: Stop = never) -> bool:
        """Do the next job; return False when there is none."""
        job = self.jobs.claim(self.name, self.kinds)
        if job is None:
            return False
        try:
            with Pulse(self.jobs, job.id, stop).running() as pulse:
                result = self._do(job, pulse)
            self.jobs.finish(job.id, result)
        except Cancelled:
            log.info("job %d stopped", job.id)
        except WorkbenchError as error:
            self.jobs.fail(job.id, error)
        except Exception as error:
            # The worker's border: whatever an engine throws ends this job, not the worker.
            log.exception("job %d failed", job.id)
            reason = f"{type(error).__name__}: {error}"
            self.jobs.fail(job.id, WorkbenchError("web.worker_failed", reason=reason))
        return True

    def _do(self, job: Job, pulse: Pulse) -> Mapping[str, Any]:
        if job.kind == KIND and self.imports:
            return self.imports().run(job, pulse.at, pulse.stop)
        if job.kind == EVALUATE and self.runs:
            return self.runs().do(job, pulse.at, pulse.stop)
        self._draft(job, pulse)
        return {}

    def _draft(self, job: Job, pulse: Pulse) -> None:
        """Draft what is missing, saving each row as it comes. Raises what the engine raises."""
        name = str(job.parameters.get("engine", ""))
        article = self.articles.get(job.article_id)
        rows = self.articles.rows(job.article_id)
        missing = frozenset(row.segment.id for row in rows if _missing(row, name))
        pulse.total, pulse.done = len(rows), len(rows) - len(missing)
        pulse.beat()
        if not missing:
            return
        translator = self.engine(name)
        before = {row.segment.id: row.receipts for row in rows}
        for row in self.drafting().draft(article, translator, pulse.stop, missing, before):
            if pulse.stop():
                raise Cancelled("drafting.cancelled")
            self.articles.save_draft(row)
            pulse.done += 1


def _missing(row: Row, engine: str) -> bool:
    """Tell whether a row is to be drafted: never drafted, or by another engine only."""
    if row.state == "new":
        return True
    return row.state == "drafted" and row.origin == "machine" and row.engine != engine
