"""The job table: work queued by the pages, done by worker processes."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Update, insert, select, update

from workbench.domain.job import Job, JobState
from workbench.errors import NotFound, WorkbenchError
from workbench.storage.database import Database, now
from workbench.storage.schema import jobs


class Jobs:
    """The queue. A job belongs to the worker that claimed it until its heartbeat stops."""

    def __init__(self, database: Database) -> None:
        """Keep the jobs in *database*."""
        self.database = database

    def enqueue(
        self,
        kind: str,
        article_id: int = 0,
        parameters: Mapping[str, Any] | None = None,
        author: str = "",
    ) -> Job:
        """Add a job to the end of the queue."""
        with self.database.begin() as connection:
            new = insert(jobs).values(
                kind=kind,
                article_id=article_id,
                parameters=dict(parameters or {}),
                state="queued",
                author=author,
                created=now(),
            )
            return _decode(connection.execute(new.returning(*jobs.c)).mappings().one())

    def claim(self, worker: str, kinds: Collection[str] = ()) -> Job | None:
        """Take the oldest waiting job, or None; no two workers get the same one.

        Only of the *kinds*, if any are named.
        """
        oldest = _oldest(kinds)
        with self.database.read() as connection:  # an idle worker does not ask for the write lock
            if connection.execute(oldest).first() is None:
                return None
        with self.database.begin() as connection:
            waiting = oldest.with_for_update(skip_locked=True)
            found = connection.execute(waiting).scalar_one_or_none()
            if found is None:
                return None
            taken = (
                update(jobs)
                .where(jobs.c.id == found)
                .values(state="running", worker=worker, started=now(), heartbeat=time.time())
            )
            return _decode(connection.execute(taken.returning(*jobs.c)).mappings().one())

    def progress(self, job_id: int, done: int, total: int) -> bool:
        """Report progress, which is also the sign of life; return False when to stop.

        It is False once the job was cancelled, or given to another worker.
        """
        with self.database.begin() as connection:
            alive = connection.execute(
                update(jobs)
                .where(jobs.c.id == job_id, jobs.c.state == "running")
                .values(done=done, total=total, heartbeat=time.time())
            )
            return alive.rowcount == 1

    def finish(self, job_id: int, result: Mapping[str, Any] | None = None) -> None:
        """Mark a running job as done."""
        self._end(job_id, "done", result=dict(result or {}))

    def fail(self, job_id: int, error: WorkbenchError) -> None:
        """Mark a running job as failed, with the error that a user will read."""
        values = {name: str(value) for name, value in error.values.items()}
        self._end(job_id, "failed", problem={"key": error.key, "values": values})

    def cancel(self, job_id: int) -> Job:
        """Stop a waiting or running job; a finished one stays as it is. Raises NotFound."""
        with self.database.begin() as connection:
            connection.execute(
                _ending("cancelled").where(
                    jobs.c.id == job_id, jobs.c.state.in_(("queued", "running"))
                )
            )
            return self._get(connection, job_id)

    def get(self, job_id: int) -> Job:
        """Return a job. Raises NotFound."""
        with self.database.read() as connection:
            return self._get(connection, job_id)

    def latest(self, article_id: int) -> Job | None:
        """Return the newest job of an article."""
        newest = select(jobs).where(jobs.c.article_id == article_id).order_by(jobs.c.id.desc())
        with self.database.read() as connection:
            found = connection.execute(newest.limit(1)).mappings().one_or_none()
            return None if found is None else _decode(found)

    def active(self) -> tuple[Job, ...]:
        """Return what waits or runs, oldest first."""
        waiting = select(jobs).where(jobs.c.state.in_(("queued", "running"))).order_by(jobs.c.id)
        with self.database.read() as connection:
            return tuple(_decode(found) for found in connection.execute(waiting).mappings())

    def requeue_stale(self, seconds: float) -> int:
        """Put running jobs without a sign of life for *seconds* back; return how many."""
        with self.database.begin() as connection:
            stale = connection.execute(
                update(jobs)
                .where(jobs.c.state == "running", jobs.c.heartbeat < time.time() - seconds)
                .values(state="queued", worker="")
            )
            return stale.rowcount

    def _get(self, connection: Connection, job_id: int) -> Job:
        found = connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings()
        record = found.one_or_none()
        if record is None:
            raise NotFound("storage.no_job", id=job_id)
        return _decode(record)

    def _end(self, job_id: int, state: JobState, **values: object) -> None:
        with self.database.begin() as connection:
            connection.execute(
                _ending(state)
                .where(jobs.c.id == job_id, jobs.c.state == "running")
                .values(**values)
            )


def _oldest(kinds: Collection[str]) -> Any:
    waiting = select(jobs.c.id).where(jobs.c.state == "queued")
    if kinds:
        waiting = waiting.where(jobs.c.kind.in_(kinds))
    return waiting.order_by(jobs.c.id).limit(1)


def _ending(state: JobState) -> Update:
    return update(jobs).values(state=state, finished=now())


def _decode(record: RowMapping) -> Job:
    return Job(**{name: record[name] for name in Job.__dataclass_fields__})
