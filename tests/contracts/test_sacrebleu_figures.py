"""Our figures are those of sacreBLEU's own command line, to the last digit, set after set."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from workbench.services.evaluation.metrics import metrics
from workbench.services.evaluation.significance import Statistics, score

ROOT = Path(__file__).parents[2]
OWN = ROOT / "corpora" / "ru-zh"
PUBLIC = ROOT.parent / "shared" / "corpora" / "eval"
LINES = 20
NAMES = ["bleu", "chrf", "ter"]
DIGITS = 10


def newsdesk() -> list[str]:
    return (OWN / "eval" / "newsdesk.zh").read_text(encoding="utf-8").splitlines()[:LINES]


def authored(name: str) -> list[str]:
    lines = (OWN / "authored" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[1] for line in islice(lines, LINES)]


def public(name: str) -> list[str]:
    path = PUBLIC / f"{name}.zh"
    if not path.exists():
        pytest.skip(f"the public set {name} is not beside the checkout (docs/evaluation.md)")
    return path.read_text(encoding="utf-8").splitlines()[:LINES]


def damaged(lines: list[str], seed: int, share: float) -> list[str]:
    """Lose and exchange some characters, as a bad translation would; the same in every run."""
    chance = random.Random(seed)
    return [
        "".join(
            chance.choice("的在了，国人") if chance.random() < share / 2 else letter
            for letter in line
            if chance.random() > share / 2
        )
        for line in lines
    ]


SETS = {
    "newsdesk": newsdesk,
    "diplomacy": lambda: authored("01-diplomacy"),
    "economy": lambda: authored("04-economy"),
    "documents": lambda: authored("07-documents"),
    "interviews": lambda: authored("10-interviews"),
    "ntrex128": lambda: public("ntrex128"),
    "flores200-dev": lambda: public("flores200-dev"),
    "wmt19": lambda: public("wmt19"),
    "tatoeba-test": lambda: public("tatoeba-test"),
}


def command_line(folder: Path, files: dict[str, list[str]]) -> str:
    """Ask sacreBLEU for the paired bootstrap, with ten digits (its JSON fails for this test)."""
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    references = [name for name in files if name.startswith("ref")]
    command = [sys.executable, "-m", "sacrebleu", *references, "-w", str(DIGITS), "-f", "text"]
    command += ["-i", "one", "two", "-m", *NAMES, "--tokenize", "zh", "--ter-normalized"]
    command += ["--ter-asian-support", "--paired-bs"]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    answer = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    return answer.stdout


@pytest.mark.parametrize(("name", "references"), [*((n, 1) for n in SETS), ("newsdesk", 2)])
def test_every_set_gives_the_figures_of_the_command_line(
    tmp_path: Path, name: str, references: int
) -> None:
    given = SETS[name]()
    texts = [given, damaged(given, 3, 0.2)][:references]
    systems = {"one": damaged(given, 1, 0.3), "two": damaged(given, 2, 0.35)}
    files = {f"ref{n}": lines for n, lines in enumerate(texts)} | systems
    theirs = command_line(tmp_path, files)
    scores, comparisons = score(metrics(NAMES), systems, texts)
    figures = re.findall(r"([\d.]+) \(([\d.]+) ± ([\d.]+)\)", theirs)
    mine = [figure for name in systems for figure in scores[name]]
    for figure, (value, mean, half) in zip(mine, figures, strict=True):
        assert f"{figure.value:.{DIGITS}f}" == value
        assert figure.low == pytest.approx(float(mean) - float(half), abs=1e-4)
        assert figure.high == pytest.approx(float(mean) + float(half), abs=1e-4)
        assert figure.signature in theirs
        assert figure.size == len(given)
    assert [f"{c.p_value:.4f}" for c in comparisons] == re.findall(r"p = ([\d.]+)", theirs)
    for test in comparisons:
        assert test.low is not None
        assert test.high is not None
        assert test.low <= test.difference <= test.high


def test_a_slice_has_the_figures_of_its_lines_alone() -> None:
    reference = newsdesk()
    systems = {"one": damaged(reference, 1, 0.3), "two": damaged(reference, 2, 0.35)}
    statistics = Statistics(metrics(NAMES), systems, [reference])
    lines = range(0, LINES, 3)
    part = {name: [texts[n] for n in lines] for name, texts in systems.items()}
    alone, tested = score(metrics(NAMES), part, [[reference[n] for n in lines]])
    for name in systems:
        assert tuple(statistics.score(metric, name, lines) for metric in NAMES) == alone[name]
    paired = tuple(statistics.paired(metric, "two", "one", "bs", lines) for metric in NAMES)
    assert paired == tested
