"""How long comparisons take beside the scoring itself. Prints; asserts no time."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pytest

from workbench.domain.run import Test
from workbench.services.evaluation.comparison import Material, compare
from workbench.services.evaluation.edits import corpus_hter
from workbench.services.evaluation.faults import fault_scores, find_faults
from workbench.services.evaluation.metrics import metrics
from workbench.services.evaluation.significance import Statistics, tabled
from workbench.services.evaluation.slices import default_slices

EVAL = Path(__file__).parents[2] / "corpora" / "ru-zh" / "eval"
LINES = 2000
pytestmark = pytest.mark.bench


def filled(name: str) -> list[str]:
    lines = (EVAL / name).read_text(encoding="utf-8").splitlines()
    return (lines * (LINES // len(lines) + 1))[:LINES]


def damaged(lines: list[str], seed: int, share: float) -> list[str]:
    chance = random.Random(seed)
    return ["".join(letter for letter in line if chance.random() > share) for line in lines]


class Clock:
    """Wall and processor seconds of named steps: other work on the machine inflates the first."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.begin()

    def begin(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def note(self, what: str) -> None:
        wall, cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu
        self.told.append(f"{what}: {wall:.1f} s ({cpu:.1f} s of a processor)")
        self.begin()


def test_two_thousand_lines_of_two_systems() -> None:
    sources, reference = filled("newsdesk.ru"), filled("newsdesk.zh")
    systems = {"one": damaged(reference, 1, 0.3), "two": damaged(reference, 2, 0.32)}
    statistics = Statistics(metrics(["bleu", "chrf", "hter"]), systems, [reference])
    clock = Clock()
    for metric in statistics.metrics:
        for system in systems:
            statistics.counts(metric, system)
    clock.note("scoring (BLEU, chrF, HTER)")
    _, comparisons = tabled(statistics, "bs")
    clock.note("1,000 bootstrap samples, intervals and paired tests")
    slices = default_slices(sources, [reference], (), filled("newsdesk.docid"))
    clock.note("parting into slices")
    found = compare(Material(systems, [reference], sources), statistics, slices, "", ("bs",))
    clock.note(f"comparing on {len(found.slices)} slices, differences, n-grams")
    trials: Test = "ar"
    statistics.paired("chrf", "two", "one", trials)
    clock.note("10,000 trials of approximate randomization, one metric")
    faults = find_faults(sources, systems["one"], [reference])
    assert fault_scores(faults, sources, systems["one"], [reference])
    clock.note("faults of one system")
    assert corpus_hter(list(zip(systems["one"], reference, strict=True))).characters
    clock.note("HTER by class of one system")
    assert len(comparisons) == 3
    told = "\n  ".join(clock.told)
    sys.stdout.write(f"\n{LINES} lines, two systems\n  {told}\n")
