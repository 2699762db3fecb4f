"""The worker: drafts saved as they come, cancel, failure, resuming; and who keeps it alive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from workbench.assembly import Workbench
from workbench.domain.language import RU_ZH, Pair
from workbench.domain.ports import EngineInfo, Request, Stop, never
from workbench.domain.row import Candidate
from workbench.errors import DataError
from workbench.services.jobs import Worker
from workbench.web.supervisor import Supervisor

SENTENCES = 40


class Echo:
    """An engine that says how long the source was; *each* is called before every sentence."""

    info = EngineInfo("echo", pairs=(RU_ZH,))

    def __init__(self, each: Callable[[int], None] = lambda n: None) -> None:
        self.each = each
        self.seen = 0

    def translate(
        self, pair: Pair, requests: Sequence[Request], stop: Stop = never
    ) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
        for index, request in enumerate(requests):
            self.seen += 1
            self.each(self.seen)
            yield index, (Candidate(f"译文{len(request.text)}。", "echo"),)


@pytest.fixture
def article(workbench: Workbench) -> int:
    text = "\n\n".join(f"Сообщение номер {n} за сегодня." for n in range(SENTENCES))
    return workbench.articles.add(workbench.intake.paste(text), "anna").id


def worker(workbench: Workbench, engine: Echo) -> Worker:
    return Worker(
        workbench.jobs, workbench.articles, lambda: workbench.drafting, lambda _: engine, "test"
    )


def drafted(workbench: Workbench, article: int) -> int:
    return sum(row.state == "drafted" for row in workbench.articles.rows(article))


def test_an_idle_worker_has_nothing_to_do(workbench: Workbench) -> None:
    assert worker(workbench, Echo()).run_one() is False


def test_a_job_drafts_every_row_and_leaves_a_persons_work_alone(
    workbench: Workbench, article: int
) -> None:
    first, second, *_ = workbench.articles.rows(article)
    workbench.review.save(first.segment.id, "人写的", first.revision, "anna")
    workbench.review.confirm(second.segment.id, "确认的", second.revision, "anna")
    job = workbench.jobs.enqueue("draft", article, {"engine": "echo"}, "anna")
    assert worker(workbench, Echo()).run_one()
    done = workbench.jobs.get(job.id)
    assert (done.state, done.done, done.total) == ("done", SENTENCES, SENTENCES)
    rows = workbench.articles.rows(article)
    assert [row.target for row in rows[:2]] == ["人写的", "确认的"]
    assert all(row.engine == "echo" for row in rows[2:])


def test_a_cancelled_job_stops_and_keeps_what_it_has(workbench: Workbench, article: int) -> None:
    job = workbench.jobs.enqueue("draft", article, {"engine": "echo"}, "anna")

    def cancel(seen: int) -> None:
        if seen == SENTENCES - 2:
            workbench.jobs.cancel(job.id)
            time.sleep(1.3)  # until the pulse has heard of it

    worker(workbench, Echo(cancel)).run_one()
    assert workbench.jobs.get(job.id).state == "cancelled"
    assert 0 < drafted(workbench, article) < SENTENCES


def test_an_abandoned_job_is_resumed_where_it_stopped(workbench: Workbench, article: int) -> None:
    job = workbench.jobs.enqueue("draft", article, {"engine": "echo"}, "anna")
    assert workbench.jobs.claim("a worker that died") is not None
    done = next(iter(workbench.drafting.draft(workbench.articles.get(article), Echo())))
    workbench.articles.save_draft(done)
    assert workbench.jobs.requeue_stale(-1) == 1
    engine = Echo()
    worker(workbench, engine).run_one()
    assert workbench.jobs.get(job.id).state == "done"
    assert engine.seen == SENTENCES - 1


@pytest.mark.parametrize("error", [DataError("house.no_data"), ZeroDivisionError("inside")])
def test_a_failing_engine_ends_the_job_and_not_the_worker(
    workbench: Workbench, article: int, error: Exception
) -> None:
    def fail(_: int) -> None:
        raise error

    job = workbench.jobs.enqueue("draft", article, {"engine": "echo"}, "anna")
    assert worker(workbench, Echo(fail)).run_one()
    failed = workbench.jobs.get(job.id)
    assert failed.state == "failed"
    assert failed.problem["key"] in ("house.no_data", "web.worker_failed")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen in 30 s")


def test_a_killed_worker_is_started_again_and_ends_with_the_server(workbench: Workbench) -> None:
    supervisor = Supervisor({"WORKBENCH_STATE": str(workbench.settings.state)})
    supervisor.start()
    try:
        wait_for(lambda: supervisor.process is not None)
        first = supervisor.process
        assert first is not None
        first.send_signal(signal.SIGKILL)
        wait_for(lambda: supervisor.process is not first)
    finally:
        supervisor.stop()
    assert supervisor.process is not None
    assert supervisor.process.poll() is not None


def test_a_worker_does_not_outlive_its_server(workbench: Workbench) -> None:
    program = (
        "import sys, time; from workbench.web.supervisor import Supervisor\n"
        f"s = Supervisor({{'WORKBENCH_STATE': {str(workbench.settings.state)!r}}}); s.start()\n"
        "while s.process is None: time.sleep(0.05)\n"
        "print(s.process.pid, flush=True); time.sleep(600)"
    )
    server = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert server.stdout is not None
    pid = int(server.stdout.readline())
    server.kill()
    server.wait()
    wait_for(lambda: not alive(pid))
