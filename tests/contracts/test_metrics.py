"""Every metric of the table: signed, bounded, right for Chinese, the same as sacreBLEU's own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.services.evaluation.metrics import METRICS, SacreMetric, metrics
from workbench.services.evaluation.neural import NeuralMetric
from workbench.services.evaluation.significance import score

REFERENCE = [
    "总统托卡耶夫于2022年6月6日签署了关于水资源的法令，并要求政府在三个月内落实。",
    "外长们在阿斯塔纳举行会谈，讨论了边境贸易问题。",
    "能源部表示，今年天然气出口将增长12%。",
    "会议结束后，双方发表了联合声明。",
    "专家认为，改革的成效要到明年才能显现。",
]
FIRST = [
    "总统托卡耶夫在2022年6月6日签署关于水资源的法令，要求政府三个月内落实。",
    "外交部长们在阿斯塔纳会谈，讨论边境贸易。",
    "能源部称，今年天然气出口会增长12%。",
    "会后双方发表了联合声明。",
    "专家认为改革的成效明年才会显现。",
]
SECOND = [
    "托卡耶夫总统签了一项法令。",
    "部长们谈了贸易。",
    "能源部说出口增长12%。",
    "双方发表声明。",
    "专家说改革明年见效。",
]


# What needs a model on disk has tests of its own (test_neural_metrics.py).
COUNTED = [name for name in METRICS if not issubclass(METRICS.load(name), NeuralMetric)]


@pytest.fixture(params=COUNTED)
def metric(request: pytest.FixtureRequest) -> SacreMetric:
    return metrics([request.param])[0]


def test_the_same_text_is_best_and_another_is_not(metric: SacreMetric) -> None:
    same = metric.corpus(REFERENCE, [REFERENCE])
    other = metric.corpus(SECOND, [REFERENCE])
    assert same == pytest.approx(metric.best)
    assert (other < same) == metric.higher_is_better


def test_one_changed_character_costs_little(metric: SacreMetric) -> None:
    """The trap: with sacreBLEU's defaults this sentence gets BLEU 0 and TER 100."""
    changed = [REFERENCE[0].replace("三", "四")]
    value = metric.corpus(changed, [REFERENCE[:1]])
    loss = 100 - value if metric.higher_is_better else value
    assert 0 < loss < 30


def test_one_changed_digit_is_seen(metric: SacreMetric) -> None:
    changed = [line.replace("12%", "13%") for line in REFERENCE]
    assert metric.corpus(changed, [REFERENCE]) != metric.corpus(REFERENCE, [REFERENCE])


def test_the_signature_names_settings_and_references(metric: SacreMetric) -> None:
    assert metric.signature(2).startswith("nrefs:2|")
    assert "version:" in metric.signature(1)
    metric.corpus(FIRST, [REFERENCE])
    assert metric.signature(1) == str(metric.scorer.get_signature())


def test_settings_that_are_wrong_for_chinese_cannot_be_had() -> None:
    bleu, ter = metrics(["bleu", "ter"])
    assert "tok:zh" in bleu.signature(1)
    assert {"norm:yes", "asian:yes", "case:lc"} <= set(ter.signature(1).split("|"))
    assert not [name for name in METRICS if "13a" in name]


def test_a_second_reference_can_only_help(metric: SacreMetric) -> None:
    one, two = metric.corpus(FIRST, [SECOND]), metric.corpus(FIRST, [SECOND, REFERENCE])
    assert two > one if metric.higher_is_better else two < one


def command_line(folder: Path, *options: str) -> str:
    """Ask sacreBLEU's own command line, with ten digits."""
    for name, lines in (("ref", REFERENCE), ("one", FIRST), ("two", SECOND)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "sacrebleu", "ref", "-w", "10", *options]
    command += ["-m", "bleu", "chrf", "ter", "--tokenize", "zh", "--ter-normalized"]
    command += ["--ter-asian-support"]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    answer = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    return answer.stdout


def test_figures_equal_those_of_sacrebleu_to_the_last_digit(tmp_path: Path) -> None:
    theirs = json.loads(command_line(tmp_path, "-f", "json", "-i", "one"))
    scores, _ = score(metrics(["bleu", "chrf", "ter"]), {"one": FIRST}, [REFERENCE])
    for mine, other in zip(scores["one"], theirs, strict=True):
        assert f"{mine.value:.10f}" == f"{other['score']:.10f}"
        parts = mine.signature.split("|")
        plain = [part for part in parts if not part.startswith(("bs:", "seed:"))]
        assert "|".join(plain) == other["signature"]


def test_the_paired_bootstrap_equals_that_of_sacrebleu(tmp_path: Path) -> None:
    theirs = command_line(tmp_path, "-f", "text", "--paired-bs", "-i", "one", "two")
    scores, comparisons = score(
        metrics(["bleu", "chrf", "ter"]), {"one": FIRST, "two": SECOND}, [REFERENCE]
    )
    figures = re.findall(r"([\d.]+) \(([\d.]+) ± ([\d.]+)\)", theirs)
    mine = [figure for system in ("one", "two") for figure in scores[system]]
    for figure, (value, mean, half) in zip(mine, figures, strict=True):
        assert f"{figure.value:.10f}" == value
        assert figure.low == pytest.approx(float(mean) - float(half), abs=1e-4)
        assert figure.high == pytest.approx(float(mean) + float(half), abs=1e-4)
        assert figure.signature in theirs
    assert [f"{c.p_value:.4f}" for c in comparisons] == re.findall(r"p = ([\d.]+)", theirs)


def test_approximate_randomization_equals_that_of_sacrebleu(tmp_path: Path) -> None:
    theirs = json.loads(command_line(tmp_path, "-f", "json", "--paired-ar", "-i", "one", "two"))[1]
    scores, comparisons = score(
        metrics(["bleu", "chrf", "ter"]), {"one": FIRST, "two": SECOND}, [REFERENCE], "ar"
    )
    columns = [theirs[name] for name in ("BLEU", "chrF2", "TER")]
    assert [c.p_value for c in comparisons] == [column["p_value"] for column in columns]
    assert [figure.value for figure in scores["two"]] == [column["score"] for column in columns]
    assert all("ar:10000" in figure.signature for figure in scores["two"])


def test_swapping_two_systems_mirrors_the_difference() -> None:
    both = metrics(["bleu", "chrf"])
    _, there = score(both, {"one": FIRST, "two": SECOND}, [REFERENCE])
    _, back = score(both, {"two": SECOND, "one": FIRST}, [REFERENCE])
    assert [c.difference for c in there] == [-c.difference for c in back]
    assert [c.p_value for c in there] == [c.p_value for c in back]


def test_a_system_is_never_significantly_different_from_itself() -> None:
    _, comparisons = score(metrics(["bleu"]), {"one": FIRST, "copy": list(FIRST)}, [REFERENCE])
    assert [(c.difference, c.p_value) for c in comparisons] == [(0.0, 1.0)]


def test_an_interval_holds_its_score_and_one_line_has_none() -> None:
    scores, _ = score(metrics(["chrf"]), {"one": FIRST}, [REFERENCE])
    (figure,) = scores["one"]
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low <= figure.value <= figure.high
    scores, comparisons = score(
        metrics(["chrf"]), {"one": FIRST[:1], "two": SECOND[:1]}, [REFERENCE[:1]]
    )
    assert scores["one"][0].low is None
    assert comparisons == ()
