"""kill -9 of processes at work on the memory: nothing acknowledged is lost, the index is right.

WORKBENCH_KILL_COMMITS=10000 runs as many commits as the memory is promised to outlive.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.words import concordance
from workbench.services.memory import Memory
from workbench.storage.database import Database
from workbench.storage.units import Units

COMMITS = int(os.environ.get("WORKBENCH_KILL_COMMITS", "400"))
ROUNDS = 3
# Small segments, so that settling and merging go on all the time.
CHILD = """
import io, sys
from itertools import count
from pathlib import Path
from workbench.domain.memory import Unit
from workbench.services.memory import Memory
from workbench.services.memory_index import index
from workbench.storage.database import Database
from workbench.storage.units import Units

index.NEWEST, index.MOST, index.BULK = 30, 200, 300
act, state, first = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
WORDS = "банк рубль курс вырос упал министр сказал сегодня завод нефть экспорт".split()

def text(n):
    words = (WORDS[(n * k) % len(WORDS)] for k in (1, 3, 7))
    return f"Сообщение {n}: " + " ".join(words), f"第{n}条消息，银行{'卢布'[n % 2]}"

units = Units(Database(f"sqlite:///{state / 'workbench.sqlite'}"))
memory = Memory(units, state / "index")
print("ready", flush=True)
if act == "commit":
    for n in count(first):
        unit = memory.add(Unit(*text(n)))
        print(unit.id, unit.source, sep="\\t", flush=True)
        if n % 7 == 0:
            memory.matches(unit.source + " снова")
elif act == "import":
    lines = "".join("\\t".join(text(n)) + "\\n" for n in range(first, first + 100_000))
    memory.import_file(io.BytesIO(lines.encode()), "big.tsv", progress=lambda done: print(done, flush=True))
elif act == "follow":
    for n in count(first, 40):
        batch = units.imports.open("import", "some", "").id
        units.imports.add([Unit(*text(n + k), origin="import") for k in range(40)], batch)
        memory.follow()
        print(n + 40, flush=True)
else:
    while True:
        memory.reindex()
        print("built", flush=True)
"""  # noqa: E501


@contextmanager
def working(act: str, state: Path, first: int = 0) -> Iterator[subprocess.Popen[str]]:
    """Run a process of its own; killed at the end."""
    environment = {n: v for n, v in os.environ.items() if not n.startswith("WORKBENCH_")}
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, act, str(state), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def said(process: subprocess.Popen[str]) -> list[str]:
    """Return the whole lines that a dead process had written."""
    assert process.stdout is not None
    with process.stdout as stream:
        return [line[:-1] for line in stream if line.endswith("\n")]


def wait(met: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not met():
        assert time.monotonic() < end


def check(state: Path, caplog: pytest.LogCaptureFixture, acknowledged: dict[int, str]) -> None:
    """Open the memory as the next process does, and compare it with a scan."""
    file = state / "workbench.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database = Database(f"sqlite:///{file}")
    units = Units(database)
    memory = Memory(units, state / "index")
    with caplog.at_level(logging.WARNING):
        memory.follow()
        stored = {unit.id: unit for unit in units.all()}
        assert {n: stored[n].source for n in acknowledged} == acknowledged
        assert len(memory._index) == len(stored)
        for word in ("вырос", "нефть", "сообщение"):
            scan = {n for n, unit in stored.items() if word in unit.source.lower().split()}
            scan |= {n for n, unit in stored.items() if word == "сообщение"}
            assert {u.id for u in concordance(memory, word, limit=10**6)} == scan
        scan = {n for n, unit in stored.items() if "行卢" in unit.target}
        assert {u.id for u in concordance(memory, "行卢", "target", 10**6)} == scan
        for n in random.Random(3).sample(sorted(stored), min(20, len(stored))):
            found = memory.matches(stored[n].source.replace("Сообщение", "Известие"), limit=20)
            assert n in {match.unit.id for match in found}
    # Nothing was found damaged: it was right as it lay there.
    assert caplog.text == ""
    memory.close()
    database.close()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    Database(f"sqlite:///{tmp_path / 'workbench.sqlite'}").close()
    return tmp_path


@pytest.mark.timeout(300 + COMMITS)
def test_during_commits(state: Path, caplog: pytest.LogCaptureFixture) -> None:
    chance, acknowledged = random.Random(5), {}
    while len(acknowledged) < COMMITS:
        with working("commit", state, len(acknowledged) + 10_000) as process:
            time.sleep(chance.uniform(0.5, 1.5) * max(1, COMMITS / 2_000))
        for line in said(process):
            number, source = line.split("\t")
            acknowledged[int(number)] = source
    check(state, caplog, acknowledged)
    assert any((state / "index").glob("*.segment"))


def test_during_an_import(state: Path, caplog: pytest.LogCaptureFixture) -> None:
    with working("commit", state) as process:
        time.sleep(1)
    acknowledged = dict(line.split("\t") for line in said(process))
    kept = {int(number): source for number, source in acknowledged.items()}
    assert kept
    for round_ in range(ROUNDS):
        with working("import", state, (1 + round_) * 200_000) as process:
            assert process.stdout is not None
            process.stdout.readline()  # a transaction of it is in
            time.sleep(random.Random(round_).uniform(0, 0.5))
        said(process)
        check(state, caplog, kept)
    database = Database(f"sqlite:///{state / 'workbench.sqlite'}")
    units = Units(database)
    cut_off = units.imports.list()
    assert [batch.finished for batch in cut_off] == [""] * ROUNDS
    for batch in cut_off:
        assert batch.units
        assert units.imports.withdraw(batch.id, "Аня") == batch.units
    database.close()
    check(state, caplog, kept)
    # One may have been stored without its number having been read before the kill.
    assert len(kept) <= sum(units.count().values()) <= len(kept) + 1
    database.close()


@pytest.mark.parametrize("act", ["follow", "rebuild"])
def test_while_the_index_is_written(
    act: str, state: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with working("follow", state) as process:
        wait(lambda: len(list((state / "index").glob("*.segment"))) > 0)
        time.sleep(1)
    first = int(said(process)[-1])
    chance = random.Random(11)
    for _ in range(ROUNDS):
        with working(act, state, first) as process:
            assert process.stdout is not None
            for _ in range(chance.randrange(2, 5)):
                process.stdout.readline()
            wait(lambda: any((state / "index").glob("*.part")))  # in the middle of a file
        lines = said(process)
        first = int(lines[-1]) if lines and act == "follow" else first + 1_000
        check(state, caplog, {})
