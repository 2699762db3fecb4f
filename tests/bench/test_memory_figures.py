"""The memory at scale: recall against comparing with every unit, times, sizes, rivals.

Sizes are WORKBENCH_BENCH_UNITS (thousands, as "100,1000"); prints figures and asserts none. They
are kept in docs/memory-figures.json, from which the table in docs/memory.md and the plot are made.
Times are CPU time (of the server process too, for PostgreSQL) and wall time, in milliseconds.

WORKBENCH_BENCH_FOLDER keeps the memories, so that another run only searches again; with
WORKBENCH_BENCH_RIVALS=0 the rivals' figures stay as they are.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from memory_figures import FIGURES, draw, write_tables
from memory_rivals import Rival, pages, rivals
from memory_text import pairs, queries, rare_words, recall, truth
from private_postgresql import postgresql_server

from workbench.assembly import Workbench, open_workbench
from workbench.domain.memory import Unit
from workbench.formats.unit_files import unit_writer
from workbench.services.concordance import Concordance
from workbench.services.memory import Memory
from workbench.settings import load_settings
from workbench.storage.unit_query import UnitQuery

__all__ = ["postgresql_server"]  # a fixture

pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]

SIZES = [int(1000 * float(n)) for n in os.environ.get("WORKBENCH_BENCH_UNITS", "10").split(",")]
KEPT = os.environ.get("WORKBENCH_BENCH_FOLDER", "")
RIVALS = os.environ.get("WORKBENCH_BENCH_RIVALS", "1") != "0"
QUERIES = 200
COMMITS = 200
ENOUGH = 300  # seconds of CPU that a rival is asked for
WORDS = ("в", "система", "работа", "данные", "правительство", "новая версия", "можно", "развитие")
CHINESE = ("的", "中", "公司", "系统", "数据", "国家", "可以使用", "数据库", "安全", "服务")
CHILD = """
import json, sys, time
from pathlib import Path
from workbench.services.memory import Memory
from workbench.storage.database import Database
from workbench.storage.units import Units

act, folder = sys.argv[1], Path(sys.argv[2])
memory = Memory(Units(Database(f"sqlite:///{folder / 'memory.sqlite'}")), folder / "memory-index")

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
    asked: list[str]
    best: list[list[float]]
    rare: list[str]

    @cached_property
    def sources(self) -> list[str]:
        """Every sentence of the memory, for those who build something of their own."""
        with closing(sqlite3.connect(self.folder / "memory.sqlite")) as base:
            rows = base.execute("SELECT source FROM units WHERE origin = 'import'")
            return [source for (source,) in rows]

    def child(self, act: str) -> dict[str, Any]:
        """Do something in a process of its own, which says what it took."""
        command = [sys.executable, "-c", CHILD, act, str(self.folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def once(self, act: str) -> dict[str, Any]:
        """Do something unless a run before this one has; return what it took."""
        file = self.folder / f"{act}.json"
        if not file.exists():
            file.write_text(json.dumps(self.child(act)), "utf-8")
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return found


@pytest.mark.parametrize("size", SIZES)
def test_the_memory(size: int, request: pytest.FixtureRequest) -> None:
    before = known().get(str(size), {})
    with place(size) as folder:
        bench = made(size, folder)
        figures: dict[str, Any] = {"units": size, "load": round(os.getloadavg()[0], 1)}
        figures |= {"import": bench.once("import"), "build": bench.once("build")}
        (folder / "memory.tmx").unlink(missing_ok=True)
        figures["database MB"] = size_of(folder / "memory.sqlite")
        figures["index MB"] = index_sizes(folder / "memory-index")
        show(figures)
        with opened(folder) as workbench:
            figures |= searched(workbench, bench)
            show(figures["search"] | figures["recall"])
            figures |= written(workbench.memory, bench)
            show({name: figures[name] for name in ("commit", "findable")})
        figures["rivals"] = before.get("rivals", {})
        keep(size, figures)
        for make in rivals(folder, server_of(request)) if RIVALS else ():
            rival = make()
            figures["rivals"][rival.name] = compared(rival, bench)
            show({rival.name: figures["rivals"][rival.name]})
            keep(size, figures)
            del rival


def known() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    return found


def keep(size: int, figures: dict[str, Any]) -> None:
    runs = known() | {str(size): figures}
    ordered = dict(sorted(runs.items(), key=lambda item: int(item[0])))
    FIGURES.write_text(json.dumps(ordered, ensure_ascii=False, indent=1) + "\n", "utf-8")
    write_tables(ordered)
    draw(ordered)


@contextmanager
def place(size: int) -> Iterator[Path]:
    """Yield the folder of a size; it goes afterwards unless a folder to keep was named."""
    if KEPT:
        folder = Path(KEPT) / str(size)
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="wb-bench-") as name:
        yield Path(name)


def made(size: int, folder: Path) -> Bench:
    """Write a TMX file of so many units; compute the truth by brute force."""
    file = folder / "truth.json"
    if file.exists():
        return Bench(folder, **json.loads(file.read_text("utf-8")))
    sources = []

    def units() -> Iterator[Unit]:
        for source, target in pairs(size):
            sources.append(source)
            yield Unit(source, target)

    with (folder / "memory.tmx").open("wb") as stream:
        unit_writer("memory.tmx")(stream, units())
    asked = queries(sources, QUERIES)
    found = {"asked": asked, "best": truth(asked, sources), "rare": rare_words(sources)}
    file.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return Bench(folder, **found)


@contextmanager
def opened(folder: Path) -> Iterator[Workbench]:
    """The memory of a folder with the shipped glossary, its index read."""
    address = f"sqlite:///{folder / 'memory.sqlite'}"
    with closing(open_workbench(load_settings(state=folder, database=address))) as workbench:
        workbench.terminology.ready()
        workbench.memory.follow()
        yield workbench


def searched(workbench: Workbench, bench: Bench) -> dict[str, Any]:
    memory, concordance = workbench.memory, workbench.concordance
    plain = Concordance(UnitQuery(workbench.database), memory.state)
    state = memory.state()
    found = [[text for _, text in state.similar(query, 24, 0.35)] for query in bench.asked]
    ways: dict[str, tuple[Callable[[str], object], Sequence[str]]] = {
        "candidates": (lambda text: state.similar(text, 24, 0.35), bench.asked),
        "matches": (memory.matches, bench.asked),
        "concordance, Russian": (plain.search, WORDS * 5),
        "concordance, rare Russian": (plain.search, bench.rare),
        "concordance, Chinese": (plain.search, CHINESE * 5),
        "concordance and counterparts": (concordance.search, (*WORDS, *CHINESE, *bench.rare)),
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

        words = [word for text in bench.asked for word in text.split()]
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
    found: list[list[str]] = []

    def in_time() -> Iterator[str]:
        for query in asked:
            if rival.clock() - begun - built > ENOUGH:
                return
            yield query

    ask = found.append
    times = timed(lambda query: ask(rival.similar(query)), in_time(), rival.clock, warm=False)
    asked = asked[: len(found)]
    return {
        "build": round(built, 1),
        "MB": round(size / 1e6, 1),
        "search": times,
        "recall": recall(asked, bench.best[: len(asked)], found),
    }


def timed(
    act: Callable[[str], object],
    given: Iterable[str],
    clock: Callable[[], float] = time.process_time,
    warm: bool = True,
) -> dict[str, Any]:
    """Return the median, 95th and 99th percentile of CPU and wall time, in milliseconds."""
    if warm:
        given = list(given)
        for text in given[:10]:
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
    parts = {"fuzzy": 0, "Russian words": 0, "Chinese concordance": 0, "texts": 0}
    kinds = {"text": "texts", "target": "Chinese concordance", "word": "Russian words"}
    for segment in json.loads(manifest.read_text("utf-8"))["segments"]:
        for name, (kind, length) in segment["arrays"].items():
            part = kinds.get(name.partition("_")[0], "fuzzy")
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
