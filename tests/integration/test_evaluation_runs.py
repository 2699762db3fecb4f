"""Runs that are stored: done by a worker, stopped, killed, resumed, repeated, compared."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.integration.conftest import WithGlossary
from workbench.assembly import Workbench, open_workbench
from workbench.domain.language import RU_ZH, Pair
from workbench.domain.memory import Unit
from workbench.domain.ports import EngineInfo, Request, Stop, never
from workbench.domain.row import Candidate
from workbench.domain.run import RunSettings
from workbench.errors import Cancelled, Conflict, DataError, InputError, NotFound, SettingsError
from workbench.services.evaluation.holding import RunLocks
from workbench.services.evaluation.performing import systems_of
from workbench.services.evaluation.runs import Order, Runs
from workbench.services.evaluation.sets import EvaluationSet
from workbench.services.jobs import LONG, Worker
from workbench.settings import load_settings

LINES = 40
SET = EvaluationSet(
    "mine",
    tuple(f"Сообщение номер {n} за сегодня." for n in range(LINES)),
    (tuple(f"今天的第{n}号消息。" for n in range(LINES)),),
)
SETTINGS = RunSettings(engines=("echo",), metrics=("chrf",), worst=1)
ORDER = Order(SETTINGS, SET)


class Echo:
    """An engine that repeats the number it read; *each* is called before every line."""

    info = EngineInfo("echo", "1-test", pairs=(RU_ZH,))

    def __init__(self, each: Callable[[str], None] = lambda text: None) -> None:
        self.each = each
        self.seen: list[str] = []

    def translate(
        self, pair: Pair, requests: Sequence[Request], stop: Stop = never
    ) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
        for index, request in enumerate(requests):
            if stop():
                raise Cancelled("engines.cancelled")
            self.each(request.text)
            self.seen.append(request.text)
            number = "".join(c for c in request.text if c.isdigit())
            yield index, (Candidate(f"第{number}号消息。", "echo"),)


def with_engine(workbench: Workbench, engine: Echo) -> Runs:
    """Return the runs of a workbench whose only engine is *engine*."""
    runs = workbench.runs
    performance = replace(runs.performance, engine=lambda _: engine)
    return Runs(performance, runs.evaluations, runs.baselines, runs.jobs, runs.locks)


def worker(workbench: Workbench, runs: Runs) -> Worker:
    return Worker(
        workbench.jobs,
        workbench.articles,
        lambda: workbench.drafting,
        lambda _: Echo(),
        "test",
        runs=lambda: runs,
        kinds=LONG,
    )


def fail_at(number: int, act: Callable[[], None]) -> Callable[[str], None]:
    return lambda text: act() if f"номер {number} " in text else None


@pytest.fixture
def workbench(with_glossary: WithGlossary) -> Workbench:
    """A workbench with a small glossary, which opens at once."""
    return with_glossary("ru\tzh\ttype\tvariants\tforbidden\tflags\tnote\tsource\n")


# -- a worker -------------------------------------------------------------------------------


def test_a_worker_does_a_run_and_stores_every_figure(workbench: Workbench) -> None:
    runs = with_engine(workbench, Echo())
    run = runs.start(replace(ORDER, title="пробный"), "anna")
    assert (run.state, run.done, run.total, run.title) == ("queued", 0, LINES, "пробный")
    assert worker(workbench, runs).run_one()
    job = workbench.jobs.get(run.job_id)
    assert (job.state, job.done, job.total, job.result) == ("done", LINES, LINES, {"run": run.id})
    done = runs.get(run.id)
    assert (done.state, done.done, done.digest) == ("done", LINES, SET.digest)
    assert set(done.versions) == {"workbench", "sacrebleu", "glossary", "engine echo"}
    assert done.versions["engine echo"] == "1-test"
    assert done.tokens["echo"] > 0
    assert done.seconds["echo"] > 0
    evaluation = runs.evaluation(run.id)
    assert evaluation.scores["echo"] == done.scores["echo"]
    assert evaluation.outputs["echo"][7] == "第7号消息。"
    assert evaluation.references == SET.references


def test_drafts_do_not_wait_for_evaluations(workbench: Workbench) -> None:
    workbench.runs.start(ORDER, "anna")
    assert workbench.jobs.claim("quick", ("draft", "import")) is None
    assert workbench.jobs.claim("any") is not None


def test_a_cancelled_run_keeps_its_lines_and_goes_on(workbench: Workbench) -> None:
    runs: Runs = with_engine(workbench, Echo(fail_at(25, lambda: (stop(), time.sleep(1.5))[0])))
    run = runs.start(ORDER, "anna")

    def stop() -> None:
        runs.cancel(run.id)

    worker(workbench, runs).run_one()
    left = runs.get(run.id)
    assert left.state == "cancelled"
    assert 20 <= left.done < LINES
    kept = {SET.sources[n] for n in runs.lines(run.id, "echo")}
    engine = Echo()
    again = with_engine(workbench, engine)
    again.resume(run.id)
    assert worker(workbench, again).run_one()
    assert again.get(run.id).state == "done"
    assert not kept & set(engine.seen)
    assert set(engine.seen) == set(SET.sources) - kept


def test_a_run_that_waits_is_cancelled_at_once(workbench: Workbench) -> None:
    runs = with_engine(workbench, Echo())
    run = runs.start(ORDER)
    assert runs.cancel(run.id).state == "cancelled"
    assert [each.id for each in runs.list(state="cancelled")] == [run.id]
    assert runs.list(state="queued") == runs.list(state="done") == ()
    assert worker(workbench, runs).run_one() is False
    assert runs.resume(run.id).state == "queued"
    assert runs.resume(run.id).state == "queued"
    assert len(workbench.jobs.active()) == 1


def test_a_failed_run_says_why_and_goes_on(workbench: Workbench) -> None:
    def fail() -> None:
        raise DataError("house.no_data")

    runs = with_engine(workbench, Echo(fail_at(3, fail)))
    run = runs.start(ORDER)
    worker(workbench, runs).run_one()
    failed = runs.get(run.id)
    assert (failed.state, failed.problem["key"], failed.done) == ("failed", "house.no_data", 3)
    again = with_engine(workbench, Echo())
    again.work(again.take_up(run.id).id)
    assert again.get(run.id).problem == {}
    assert again.get(run.id).scores["echo"]


# -- kill -9 --------------------------------------------------------------------------------

CHILD = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.integration.test_evaluation_runs import Echo, with_engine, worker
from workbench.assembly import open_workbench
from workbench.settings import load_settings

workbench = open_workbench(load_settings(state=Path(sys.argv[1]), data_dir=Path(sys.argv[4])))
def slow(text):
    print(text, flush=True)
    time.sleep(0.1)
runs = with_engine(workbench, Echo(slow))
print("ready", flush=True)
if sys.argv[2] == "worker":
    worker(workbench, runs).run_one()
else:
    runs.work(int(sys.argv[2]))
"""


def kill_in_the_middle(workbench: Workbench, act: str, run_id: int) -> set[str]:
    """Let a process of its own do a run, kill it in the middle; return what was kept."""
    root = Path(__file__).parents[2]
    state = str(workbench.settings.state)
    environment = {n: v for n, v in os.environ.items() if not n.startswith("WORKBENCH_")}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, state, act, str(root), str(workbench.data)],
        stdout=subprocess.PIPE,
        env=environment,
    )
    try:
        for _ in range(600):
            assert child.poll() is None
            if workbench.runs.get(run_id).done >= 5:
                break
            time.sleep(0.1)
        assert workbench.runs.get(run_id).state == "running"
        with pytest.raises(Conflict):
            workbench.runs.take_up(run_id)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert child.stdout is not None
        child.stdout.close()
    kept = {SET.sources[n] for n in workbench.runs.lines(run_id, "echo")}
    assert 5 <= len(kept) < LINES
    return kept


def test_a_killed_worker_translates_no_line_twice(workbench: Workbench) -> None:
    run = workbench.runs.start(ORDER, "anna")
    kept = kill_in_the_middle(workbench, "worker", run.id)
    assert workbench.jobs.requeue_stale(-1) == 1
    engine = Echo()
    runs = with_engine(workbench, engine)
    assert worker(workbench, runs).run_one()
    done = runs.get(run.id)
    assert (done.state, done.done) == ("done", LINES)
    assert set(engine.seen) == set(SET.sources) - kept
    whole = with_engine(workbench, Echo()).at_once(ORDER)
    assert runs.evaluation(run.id).outputs == whole.outputs
    assert done.scores == whole.scores


def test_a_killed_command_is_no_longer_running_and_can_be_taken_up(workbench: Workbench) -> None:
    engine = Echo()
    runs = with_engine(workbench, engine)
    run = runs.begin(ORDER, "anna")
    kept = kill_in_the_middle(workbench, str(run.id), run.id)
    assert runs.get(run.id).state == "cancelled"
    runs.work(runs.take_up(run.id).id)
    assert set(engine.seen) == set(SET.sources) - kept
    assert runs.get(run.id).state == "done"
    with pytest.raises(Conflict):
        runs.take_up(run.id)


# -- here -----------------------------------------------------------------------------------


def test_an_interruption_keeps_what_there_is(workbench: Workbench) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    runs = with_engine(workbench, Echo(fail_at(9, interrupt)))
    run = runs.begin(ORDER)
    with pytest.raises(KeyboardInterrupt):
        runs.work(run.id)
    assert (runs.get(run.id).state, runs.get(run.id).done) == ("cancelled", 9)


def test_a_run_of_files_can_be_repeated_when_the_files_are_gone(workbench: Workbench) -> None:
    runs = with_engine(workbench, Echo())
    hypotheses = {"x.txt": tuple(f"第{n}条。" for n in range(LINES))}
    settings = replace(SETTINGS, hypotheses=("x.txt",), limit=10)
    first = runs.begin(Order(settings, SET, hypotheses))
    runs.work(first.id)
    second = runs.begin(runs.again(first.id, "noch einmal"))
    runs.work(second.id)
    one, two = runs.evaluation(first.id), runs.evaluation(second.id)
    assert one.size == two.size == 10
    assert (one.outputs, one.scores, one.systems) == (two.outputs, two.scores, two.systems)
    assert runs.get(second.id).title == "noch einmal"
    assert runs.get(first.id).digest == runs.get(second.id).digest
    with pytest.raises(Conflict):  # stored without its settings
        runs.again(runs.evaluations.add(one).id)


def test_terms_of_files_are_counted_by_the_worker_and_kept(workbench: Workbench) -> None:
    sources = ("Порт Актау принял судно.", "Порт закрыт.", "Суда ждут у Актау.")
    chosen = EvaluationSet("port", sources, (("阿克套港接船。", "港口关闭。", "船在阿克套等待。"),))
    workbench.terminology.add("Актау", "阿克套", "place", author="keeper")
    runs = with_engine(workbench, Echo())
    lines = ("阿克套港接船。", "港口关闭。", "船在阿克图等待。")
    settings = RunSettings(hypotheses=("x", "y"), metrics=("chrf",))
    run = runs.start(Order(settings, chosen, {"x": lines, "y": lines[::-1]}))
    assert not any(line.receipts for line in runs.lines(run.id, "x").values())
    with pytest.raises(Cancelled):
        runs.work(run.id, stop=lambda: True)
    assert not any(line.receipts for line in runs.lines(run.id, "x").values())
    runs.work(run.id)
    kept = runs.lines(run.id, "x")
    assert tuple(line.text for line in kept.values()) == lines
    assert [[r.state for r in line.receipts] for line in kept.values()] == [
        ["honoured"],
        [],
        ["missing"],
    ]
    use = runs.evaluation(run.id).terms["x"]
    assert (use.hits, use.honoured) == (2, 1)


def test_nothing_is_stored_of_an_order_that_cannot_be_done(workbench: Workbench) -> None:
    runs = with_engine(workbench, Echo())
    lines = {"x": ("一",) * LINES}
    for order, error in (
        (Order(replace(SETTINGS, set_name="nowhere")), NotFound),
        (replace(ORDER, given=replace(SET, sources=())), InputError),
        (Order(replace(SETTINGS, engines=()), SET), SettingsError),
        (replace(ORDER, settings=replace(SETTINGS, metrics=("bleu13a",))), NotFound),
        (Order(replace(SETTINGS, hypotheses=("x",)), SET, {"x": ("一",)}), InputError),
        (Order(replace(SETTINGS, hypotheses=("x",)), SET, {"x": ("",) * LINES}), InputError),
    ):
        with pytest.raises(error):
            runs.start(order)
    assert runs.list() == ()
    assert systems_of(replace(SETTINGS, hypotheses=("x",), glossaries=("none", "house")))
    runs.start(Order(replace(SETTINGS, hypotheses=("x",)), SET, lines))


def test_a_set_that_changed_is_noticed(workbench: Workbench, tmp_path: Path) -> None:
    folder = tmp_path / "sets"
    folder.mkdir()
    (folder / "mine.ru").write_text("Раз.\nДва.\n", encoding="utf-8")
    (folder / "mine.zh").write_text("一。\n二。\n", encoding="utf-8")
    settings = workbench.settings.model_copy(update={"corpora_dir": folder})
    mine = open_workbench(settings)
    runs = with_engine(mine, Echo())
    run = runs.begin(Order(replace(SETTINGS, set_name="mine")))
    runs.work(run.id)
    assert runs.changed(runs.get(run.id)) is False
    (folder / "mine.zh").write_text("一。\n两。\n", encoding="utf-8")
    assert runs.changed(runs.get(run.id)) is True
    again = runs.begin(runs.again(run.id))
    runs.work(again.id)
    with pytest.raises(Conflict) as caught:
        runs.verdict(again.id, run.id)
    assert caught.value.key == "evaluation.other_lines"
    (folder / "mine.ru").unlink()
    assert runs.changed(runs.get(run.id)) is None
    mine.close()


def test_a_run_that_is_done_stays_as_it_is(workbench: Workbench) -> None:
    runs = with_engine(workbench, Echo())
    run = runs.begin(ORDER)
    runs.work(run.id)
    before = runs.get(run.id)
    with pytest.raises(Conflict):  # a second job of it
        runs.work(run.id, stop=lambda: True)
    assert runs.get(run.id) == before


def test_asking_who_is_at_a_run_is_in_nobodys_way(tmp_path: Path) -> None:
    locks, over = RunLocks(tmp_path / "runs"), Event()

    def ask() -> None:
        while not over.wait(0.001):
            locks.taken(1)

    askers = [Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    try:
        with locks.held(1):
            assert locks.taken(1)
            with pytest.raises(Conflict), locks.held(1):
                pass
        for _ in range(200):
            with locks.held(1):
                pass
    finally:
        over.set()
        for asker in askers:
            asker.join()
    assert not locks.taken(1)


def test_a_deleted_run_is_gone(workbench: Workbench) -> None:
    runs = with_engine(workbench, Echo())
    run = runs.start(ORDER)
    runs.delete(run.id)
    assert runs.list() == ()
    assert worker(workbench, runs).run_one() is False


# -- comparisons over time ------------------------------------------------------------------


def scored(runs: Runs, cut: int) -> int:
    """Store a run of one file whose lines lost *cut* characters."""
    lines = tuple(line[cut:] for line in SET.references[0])
    settings = replace(SETTINGS, engines=(), hypotheses=("x",), metrics=("bleu", "chrf", "ter"))
    run = runs.begin(Order(settings, SET, {"x": lines}))
    runs.work(run.id)
    return run.id


def test_a_fall_is_seen_in_every_direction(workbench: Workbench) -> None:
    runs = workbench.runs
    good, bad = scored(runs, 1), scored(runs, 3)
    with pytest.raises(NotFound):
        runs.verdict(bad)
    runs.set_baseline(good, author="anna")
    verdict = runs.verdict(bad)
    assert verdict.regressed
    assert {fall.metric: fall.drop > 0.5 for fall in verdict.falls} == {
        "bleu": True,
        "chrf": True,
        "ter": True,
    }
    better = runs.verdict(good, bad)
    assert not better.regressed
    assert all(fall.drop < 0 for fall in better.falls)
    assert not runs.verdict(bad, good, most=100).regressed
    assert not runs.verdict(good, good, most=0).regressed
    points = runs.history("mine", "chrf")
    assert [(point.run_id, point.system) for point in points] == [(good, "x"), (bad, "x")]
    assert points[0].score.value > points[1].score.value
    with pytest.raises(Conflict):
        runs.set_baseline(good, "nobody")


# -- the memory -----------------------------------------------------------------------------


def test_the_memory_helps_but_never_with_the_sets_own_pairs(workbench: Workbench) -> None:
    runs = with_engine(workbench, Echo())
    source, reference = SET.sources[0], SET.references[0][0]
    workbench.memory.add(Unit(source, reference.replace("。", "!")))  # the reference, retyped
    workbench.memory.add(Unit(SET.sources[1], "另一种译法。"))
    order = replace(ORDER, settings=replace(SETTINGS, memory=True))
    outputs = runs.at_once(order).outputs["echo"]
    assert outputs[:3] == ("第0号消息。", "另一种译法。", "第2号消息。")
    assert runs.at_once(ORDER).outputs["echo"][1] == "第1号消息。"
    begun = runs.begin(order)
    runs.work(begun.id)
    assert runs.evaluation(begun.id).outputs["echo"] == outputs
    assert runs.get(begun.id).remembered == {"echo": 1}


# -- the command line -----------------------------------------------------------------------

Run = Callable[..., tuple[int, str, str]]


@pytest.mark.model
def test_ctrl_c_and_resume_with_the_shipped_model(tmp_path: Path, run: Run) -> None:
    state = tmp_path / "state"
    environment = {n: v for n, v in os.environ.items() if not n.startswith("WORKBENCH_")}
    options = ["evaluate", "--set", "newsdesk", "--limit", "150", "--metrics", "chrf", "--save"]
    child = subprocess.Popen(
        [sys.executable, "-m", "workbench", "--state", state, "--language", "en", *options],
        stderr=subprocess.PIPE,
        text=True,
        env={**environment, "WORKBENCH_CONFIG": "/nonexistent/workbench.toml"},
    )
    workbench = open_workbench(load_settings(state=state))
    for _ in range(1200):
        if any(each.done for each in workbench.runs.list()):
            break
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=120)
    assert child.returncode == 130
    assert "--resume 1" in said
    left = workbench.runs.get(1)
    assert left.state == "cancelled"
    assert 0 < left.done < 150
    workbench.close()
    status, out, _ = run("--language", "en", "evaluate", "--resume", "1")
    assert status == 0
    assert "150 lines" in out
    status, out, _ = run("evaluate", "--runs")
    assert status == 0
    assert "shipped chrf" in out


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    made = {}
    for name, lines in {
        "source": SET.sources,
        "reference": SET.references[0],
        "good": tuple(line[1:] for line in SET.references[0]),
        "bad": tuple(line[4:] for line in SET.references[0]),
    }.items():
        path = tmp_path / name
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        made[name] = str(path)
    return made


def test_a_regression_has_an_exit_status_of_its_own(run: Run, files: dict[str, str]) -> None:
    given = ("--reference", files["reference"], "--metrics", "chrf", "--json")

    def call(*arguments: str) -> tuple[int, str, str]:
        return run("--language", "en", "evaluate", *arguments)

    good, bad = ("--hypothesis", files["good"]), ("--hypothesis", files["bad"])
    assert call(*given, *good, "--save", "--as-baseline")[0] == 0
    status, out, err = call(*given, *bad, "--baseline", "1", "--max-drop", "0.5")
    assert status == 8
    assert '"regressed": true' in out
    assert len(err.splitlines()) == 2
    assert call(*given, *bad, "--baseline", "stored")[0] == 8
    assert call(*given, *bad, "--max-drop", "99")[0] == 0
    assert call(*given, *good, "--baseline", "1", "--max-drop", "0")[0] == 0
    assert call("--run", "1", "--baseline", "1")[0] == 0
    assert call("--repeat", "1")[0] == 0
    status, out, _ = call("--runs")
    assert "(+0.00)" in out
    assert "baseline" in out
    assert call("--delete", "2")[0] == 0
    assert call("--run", "2")[0] == 4


def test_reports_are_written_beside_what_is_shown(
    run: Run, files: dict[str, str], tmp_path: Path
) -> None:
    given = ("--reference", files["reference"], "--metrics", "chrf")
    two = ("--hypothesis", files["good"], "--hypothesis", files["bad"])
    paths = {kind: tmp_path / f"run.{kind}" for kind in ("html", "docx", "json", "tsv")}
    wanted = [part for path in paths.values() for part in ("--report", str(path))]
    status, out, _ = run("--language", "zh", "evaluate", *given, *two, *wanted)
    assert status == 0
    assert "good" in out
    page = paths["html"].read_text(encoding="utf-8")
    assert "评测报告" in page
    assert "nc:6" in page
    assert paths["docx"].read_bytes().startswith(b"PK")
    assert paths["tsv"].read_text(encoding="utf-8").count("\tgood\t") > 1
    assert '"contrast": {' in paths["json"].read_text(encoding="utf-8")
    assert run("evaluate", *given, *two, "--save")[0] == 0
    again = tmp_path / "stored.html"
    assert run("--language", "ru", "evaluate", "--run", "1", "--report", str(again))[0] == 0
    assert "Сигнатура" in again.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--run", "1", "--repeat", "1"], 2),
        (["--resume", "7"], 4),
        (["--set", "newsdesk", "--report", "run.pdf"], 2),
        (["--delete", "7"], 4),
        (["--set", "newsdesk", "--as-baseline"], 2),
        (["--set", "newsdesk", "--baseline", "yesterday"], 2),
        (["--set", "newsdesk", "--max-drop", "-1"], 2),
    ],
)
def test_bad_calls_are_two_lines(run: Run, arguments: list[str], status: int) -> None:
    got, out, err = run("--language", "en", "evaluate", *arguments)
    assert (got, out) == (status, "")
    assert len(err.splitlines()) == 2
