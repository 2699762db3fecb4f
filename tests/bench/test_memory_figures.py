"""The memory at scale: recall against comparing with every unit, times, sizes, rivals.

Sizes are WORKBENCH_BENCH_UNITS (thousands, as "100,1000"); prints figures and asserts none. They
are kept in docs/memory-figures.json, from which the table in docs/memory.md and the plot are made.
Times are CPU time (of the server process too, for PostgreSQL) and wall time, in milliseconds.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from memory_figures import FIGURES, draw, write_tables
from memory_rivals import Rival, pages, rivals
from memory_text import pairs, queries, recall, truth
from private_postgresql import postgresql_server

from tests.words import concordance
from workbench.domain.memory import Unit
from workbench.formats.unit_files import unit_writer
from workbench.services.memory import Memory
from workbench.storage.database import Database
from workbench.storage.units import Units

__all__ = ["postgresql_server"]  # a fixture

pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]

SIZES = [int(1000 * float(n)) for n in os.environ.get("WORKBENCH_BENCH_UNITS", "10").split(",")]
QUERIES = 200
COMMITS = 200
WORDS = ("в", "система", "работа", "данные", "правительство", "новая версия", "можно", "развитие")
CHINESE = ("的", "中", "公司", "系统", "数据", "国家", "可以使用", "数据库", "安全", "服务")
CHILD = """
import json, sys, time
from pathlib import Path
from workbench.services.memory import Memory
from workbench.storage.database import Database
from workbench.storage.units import Units

act, folder = sys.argv[1], Path(sys.argv[2])
memory = Memory(Units(Database(f"sqlite:///{folder / 'memory.sqlite'}")), folder / "index")

def memory_used():
    lines = Path("/proc/self/status").read_text().splitlines()
    found = dict(line.split(":", 1) for line in lines)
    return {name: int(found[name].split()[0]) // 1024 for name in ("VmHWM", "RssAnon")}

most = before = memory_used()
def look(*_):
    global most
    now = memory_used()
    most = {name: max(most[name], now[name]) for name in most}
begun, wall = time.process_time(), time.perf_counter()
if act == "import":
    memory.import_file(folder / "memory.tmx", progress=look)
elif act == "build":
    memory.reindex(look)
elif act == "read":
    memory.follow()
    print("ready", flush=True)
    for n in range(10**9):
        memory.matches(f"Новое предложение номер {n} для поиска в памяти.")
look()
print(json.dumps({"cpu s": round(time.process_time() - begun, 1),
    "wall s": round(time.perf_counter() - wall, 1), "peak MB": most["VmHWM"],
    "private MB": most["RssAnon"], "at start MB": before["VmHWM"]}))
"""


@dataclass
class Bench:
    """A memory of some size in a folder, and what is known of it."""

    folder: Path
    sources: list[str]
    asked: list[str]
    best: list[list[float]]

    def child(self, act: str) -> dict[str, Any]:
        """Do something in a process of its own, which says what it took."""
        command = [sys.executable, "-c", CHILD, act, str(self.folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


@pytest.mark.parametrize("size", SIZES)
def test_the_memory(size: int, request: pytest.FixtureRequest) -> None:
    with tempfile.TemporaryDirectory(prefix="wb-bench-") as folder:
        bench = made(size, Path(folder))
        figures: dict[str, Any] = {"units": size, "import": bench.child("import")}
        (bench.folder / "memory.tmx").unlink()
        figures["build"] = bench.child("build")
        figures["database MB"] = size_of(bench.folder / "memory.sqlite")
        figures["index MB"] = index_sizes(bench.folder / "index")
        show(figures)
        with opened(bench.folder) as memory:
            figures |= searched(memory, bench)
            show(figures["search"] | figures["recall"])
            figures |= written(memory, bench)
            show({name: figures[name] for name in ("commit", "findable")})
        figures["rivals"] = {}
        for make in rivals(bench.folder, server_of(request)):
            rival = make()
            figures["rivals"][rival.name] = compared(rival, bench)
            show({rival.name: figures["rivals"][rival.name]})
            del rival
    kept = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    kept[str(size)] = figures
    ordered = dict(sorted(kept.items(), key=lambda item: int(item[0])))
    FIGURES.write_text(json.dumps(ordered, ensure_ascii=False, indent=1) + "\n", "utf-8")
    write_tables(ordered)
    draw(ordered)


def made(size: int, folder: Path) -> Bench:
    """Write a TMX file of so many units; compute the truth by brute force."""
    found = list(pairs(size))
    with (folder / "memory.tmx").open("wb") as stream:
        unit_writer("memory.tmx")(stream, (Unit(*pair) for pair in found))
    sources = [source for source, _ in found]
    asked = queries(sources, QUERIES)
    return Bench(folder, sources, asked, truth(asked, sources))


class opened:  # noqa: N801
    """The memory of a folder, its index read."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder / 'memory.sqlite'}")
        self.memory = Memory(Units(self.database), folder / "index")

    def __enter__(self) -> Memory:
        self.memory.follow()
        return self.memory

    def __exit__(self, *_: object) -> None:
        self.memory.close()
        self.database.close()


def searched(memory: Memory, bench: Bench) -> dict[str, Any]:
    state = memory._index.now()
    found = [[text for _, text in state.similar(query, 24, 0.35)] for query in bench.asked]
    ways: dict[str, tuple[Callable[[str], object], Sequence[str]]] = {
        "candidates": (lambda text: state.similar(text, 24, 0.35), bench.asked),
        "matches": (memory.matches, bench.asked),
        "concordance, Russian": (lambda text: concordance(memory, text, limit=50), WORDS * 5),
        "concordance, Chinese": (lambda text: concordance(memory, text, limit=50), CHINESE * 5),
    }
    return {
        "recall": recall(bench.asked, bench.best, found),
        "search": {name: timed(act, given) for name, (act, given) in ways.items()},
    }


def written(memory: Memory, bench: Bench) -> dict[str, Any]:
    """Confirm units while another process searches; look for each at once."""
    command = [sys.executable, "-c", CHILD, "read", str(bench.folder)]
    chance, found = random.Random(2), 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()

        def commit(text: str) -> None:
            memory.add(Unit(text, "新的一句。"))

        def find(text: str) -> None:
            nonlocal found
            added = memory.add(Unit(text, "新的一句。"))
            matches = memory.matches(f"{text} снова", limit=50)
            found += added.id in {match.unit.id for match in matches}

        words = [word for text in chance.sample(bench.sources, 200) for word in text.split()]
        fresh = [" ".join(chance.choices(words, k=10)) for _ in range(2 * COMMITS)]
        committed = timed(commit, fresh[:COMMITS], warm=False)
        findable = timed(find, fresh[COMMITS:], warm=False) | {"found": f"{found}/{COMMITS}"}
        reader.kill()
    return {"commit": committed, "findable": findable}


def compared(rival: Rival, bench: Bench) -> dict[str, Any]:
    begun = rival.clock()
    size = rival.build(bench.sources)
    built = rival.clock() - begun
    asked = bench.asked[: rival.most]
    found = [rival.similar(query) for query in asked]
    return {
        "build": round(built, 1),
        "MB": round(size / 1e6, 1),
        "search": timed(rival.similar, asked, rival.clock, warm=False),
        "recall": recall(asked, bench.best[: len(asked)], found),
    }


def timed(
    act: Callable[[str], object],
    given: Sequence[str],
    clock: Callable[[], float] = time.process_time,
    warm: bool = True,
) -> dict[str, Any]:
    """Return the median, 95th and 99th percentile of CPU and wall time, in milliseconds."""
    for text in given[:10] if warm else ():
        act(text)
    times = []
    for text in given:
        cpu, wall = clock(), time.perf_counter()
        act(text)
        times.append((clock() - cpu, time.perf_counter() - wall))
    percentiles = np.percentile(np.array(times) * 1e3, [50, 95, 99], axis=0).round(2).T.tolist()
    return dict(zip(("cpu", "wall"), percentiles, strict=True))


def index_sizes(folder: Path) -> dict[str, float]:
    (manifest,) = folder.glob("manifest.json")
    parts = {"fuzzy": 0, "Chinese concordance": 0, "texts": 0}
    for segment in json.loads(manifest.read_text("utf-8"))["segments"]:
        for name, (kind, length) in segment["arrays"].items():
            part = "texts" if name.startswith("text") else "fuzzy"
            part = "Chinese concordance" if name.startswith("target_") else part
            width = 64 if name == "signatures" else 1
            parts[part] += length * width * np.dtype(kind).itemsize
    return {name: round(size / 1e6, 1) for name, size in parts.items()} | {
        "files": round(pages(folder) / 1e6, 1)
    }


def server_of(request: pytest.FixtureRequest) -> str:
    try:
        return f"host={request.getfixturevalue('postgresql_server')} user=tester dbname=postgres"
    except pytest.skip.Exception:
        return ""


def size_of(path: Path) -> float:
    return round(path.stat().st_size / 1e6, 1)


def show(figures: dict[str, Any]) -> None:
    print(json.dumps(figures, ensure_ascii=False), flush=True)  # noqa: T201
