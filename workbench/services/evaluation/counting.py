"""Counting on every core: what a slow metric counts in each line, done by processes beside ours.

TER searches for shifts in Python, some 25 ms a line of news; lines do not depend on one another. A
process of its own can also be stopped in the middle, and leaves the pages their core. Each reads
JSON from its standard input and writes JSON; when whoever asked dies, it ends with its part.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from tempfile import TemporaryFile
from typing import Any

from workbench.domain.ports import Stop, never
from workbench.errors import Cancelled
from workbench.services.evaluation.metrics import METRICS
from workbench.services.evaluation.significance import Counts, Statistics

log = logging.getLogger(__name__)
SLOW = ("ter",)
FEWEST = 200  # lines, by all systems together: fewer are counted sooner than a process starts
LOOK = 0.2  # seconds between looks whether to stop


@dataclass(frozen=True, slots=True)
class _Part:
    """Some lines of a system, ``first`` to ``last`` (not included)."""

    metric: str
    system: str
    first: int
    last: int


def count_beside(statistics: Statistics, stop: Stop = never, cores: int = 0) -> None:
    """Count the slow metrics of *statistics* in processes, one a core. Raises Cancelled.

    *cores* is 0 for all that this process may use. What a process fails to count is left to be
    counted here.
    """
    cores = cores or len(os.sched_getaffinity(0))
    slow = [name for name in SLOW if name in statistics.metrics]
    if cores < 2 or not slow or statistics.size * len(statistics.systems) < FEWEST:
        return
    parts = [part for name in slow for part in _parts(statistics, name, cores)]
    with ThreadPoolExecutor(cores) as pool:
        counted = list(pool.map(lambda part: _counted(statistics, part, stop), parts))
    if stop():
        raise Cancelled("evaluation.stopped")
    for name in slow:
        for system in statistics.systems:
            mine = [
                counts
                for part, counts in zip(parts, counted, strict=True)
                if (part.metric, part.system) == (name, system)
            ]
            whole = [line for counts in mine for line in counts or ()]
            if len(whole) == statistics.size:
                statistics.put(name, system, whole)
                # sacreBLEU learns the number of references, for its signature, while it counts.
                scorer: Any = statistics.metrics[name].scorer
                scorer.num_refs = len(statistics.references)


def _parts(statistics: Statistics, metric: str, cores: int) -> list[_Part]:
    """Cut each system's lines so that every core has about the same number."""
    cuts = 1 if len(statistics.systems) % cores == 0 else cores
    bounds = [statistics.size * n // cuts for n in range(cuts + 1)]
    return [
        _Part(metric, system, first, last)
        for system in statistics.systems
        for first, last in pairwise(bounds)
        if first < last
    ]


def _counted(statistics: Statistics, part: _Part, stop: Stop) -> Counts | None:
    """Have a process count a part; return None when it is stopped or fails."""
    chosen = slice(part.first, part.last)
    asked = {
        "metric": part.metric,
        "lines": list(statistics.systems[part.system])[chosen],
        "references": [list(lines)[chosen] for lines in statistics.references],
    }
    with TemporaryFile() as question:
        question.write(json.dumps(asked).encode())
        question.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for us; we end it
        )
    with process:
        try:
            answer = _answer(process, stop)
        finally:
            if process.poll() is None:
                process.kill()
    if answer is None or process.returncode:
        log.info("counting %s ended with status %s", part.metric, process.returncode)
        return None
    counts: Counts = json.loads(answer)
    return counts


def _answer(process: subprocess.Popen[bytes], stop: Stop) -> bytes | None:
    while not stop():
        try:
            return process.communicate(timeout=LOOK)[0]
        except subprocess.TimeoutExpired:
            continue
    return None


def counts_of(metric: str, lines: Sequence[str], references: Sequence[Sequence[str]]) -> Counts:
    """Return sacreBLEU's statistics of each line."""
    scorer: Any = METRICS.load(metric)().scorer
    found = scorer._extract_corpus_statistics(list(lines), references)
    return [[float(number) for number in line] for line in found]


def main() -> None:
    """Answer one question on standard input."""
    asked = json.loads(sys.stdin.buffer.read())
    counts = counts_of(asked["metric"], asked["lines"], asked["references"])
    sys.stdout.buffer.write(json.dumps(counts).encode())


if __name__ == "__main__":
    main()
