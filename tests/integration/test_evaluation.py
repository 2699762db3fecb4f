"""Evaluation from end to end: engines, files, the store, the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from workbench.assembly import Workbench
from workbench.cli import main
from workbench.domain.language import Pair
from workbench.domain.ports import EngineInfo, Request, Stop, never
from workbench.domain.row import Candidate
from workbench.domain.run import RunSettings
from workbench.errors import DataError, InputError, NotFound
from workbench.services.evaluation.evaluator import (
    GLOSSARIES,
    Glossary,
    Output,
    machine,
    unique,
)
from workbench.services.evaluation.performing import systems_of
from workbench.services.evaluation.report import as_document, as_text
from workbench.services.evaluation.sets import EvaluationSet

EVAL = Path(__file__).parents[2] / "corpora" / "ru-zh" / "eval"
SOURCES = (
    "Президент Токаев встретился с Лавровым.",
    "Цены выросли на 12%.",
    "В Казахстане прошли выборы.",
)
REFERENCE = ("总统托卡耶夫会见拉夫罗夫。", "价格上涨12%。", "哈萨克斯坦举行了选举。")
SET = EvaluationSet("mine", SOURCES, (REFERENCE,))


class Phrasebook:
    """An engine that knows three sentences, with a wrong name and half-width marks."""

    info = EngineInfo("phrasebook")
    known: ClassVar = dict(
        zip(
            SOURCES,
            ("总统托卡也夫会见了拉夫罗夫.", "价格上涨 12%。", "哈萨克斯坦进行了选举。"),
            strict=True,
        )
    )

    def translate(
        self, pair: Pair, requests: Sequence[Request], stop: Stop = never
    ) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
        for index in reversed(range(len(requests))):
            yield index, (Candidate(self.known[requests[index].text], "phrasebook"),)


def test_an_engine_is_scored_with_each_glossary(workbench: Workbench) -> None:
    evaluator = workbench.evaluation
    told: list[tuple[int, int]] = []
    outputs: dict[str, Output] = {
        mode: evaluator.translate(SET, Phrasebook(), mode, lambda *step: told.append(step))
        for mode in GLOSSARIES
    }
    assert told[:3] == [(1, 3), (2, 3), (3, 3)]
    none, house, control, wrong = (outputs[mode] for mode in GLOSSARIES)
    assert none.lines == ("总统托卡也夫会见了拉夫罗夫。", "价格上涨12%。", "哈萨克斯坦进行了选举。")
    assert none.terms.success is not None
    assert none.terms.success < 1
    assert "托卡耶夫" in house.lines[0]
    assert house.terms.success == 1
    assert sum(house.terms.methods.values()) == house.terms.honoured == house.terms.hits
    assert control.terms.success == 1
    assert 0 < control.terms.hits <= house.terms.hits
    assert "托卡耶夫" not in wrong.lines[0]
    assert wrong.terms.hits == house.terms.hits
    result = evaluator.measure(SET, outputs, ["bleu", "chrf"], ",".join(GLOSSARIES))
    chrf = {name: result.scores[name][1].value for name in result.systems}
    assert chrf["house"] > chrf["none"] > chrf["wrong"]
    assert chrf["random"] >= chrf["none"]
    assert [c.system for c in result.comparisons] == ["house", "random", "wrong"] * 2
    assert result.contrast is not None
    first = next(each for each in result.contrast.differences if each.n == 1)
    honoured = {term.target: set(term.honoured) for term in first.terms}["托卡耶夫"]
    assert "house" in honoured
    assert not honoured & {"none", "wrong"}


@pytest.mark.parametrize("mode", ["random", "wrong"])
def test_a_control_is_the_same_in_every_run(workbench: Workbench, mode: Glossary) -> None:
    first, again = (workbench.evaluation.translate(SET, Phrasebook(), mode).lines for _ in range(2))
    assert first == again


def test_the_random_control_needs_pairs_to_learn_from(workbench: Workbench, tmp_path: Path) -> None:
    bare = replace(workbench.evaluation, authored=tmp_path)
    with pytest.raises(DataError) as caught:
        bare.translate(SET, Phrasebook(), "random")
    assert caught.value.key == "evaluation.no_pairs"


def test_sources_are_needed_to_translate(workbench: Workbench) -> None:
    bare = EvaluationSet("bare", (), (REFERENCE,))
    with pytest.raises(InputError):
        workbench.evaluation.translate(bare, Phrasebook())


def test_readers_of_the_figures_are_warned(workbench: Workbench) -> None:
    evaluator = workbench.evaluation
    outputs = {
        "copy": evaluator.read(SET, REFERENCE),
        "holes": evaluator.read(SET, ("", *REFERENCE[1:])),
    }
    keys = [key for key, _ in evaluator.measure(SET, outputs, ["chrf"]).warnings]
    assert keys == [
        "evaluation.same_as_reference",
        "evaluation.some_empty",
        "evaluation.few_unlike",
    ]
    single = evaluator.measure(SET.first(1), {"a": Output(("他们会见。",))}, ["chrf"])
    assert [key for key, _ in single.warnings] == ["evaluation.one_line"]
    assert single.scores["a"][0].low is None
    with pytest.raises(InputError):
        evaluator.measure(SET, {"void": Output(("", " ", ""))}, ["chrf"])


def test_the_worst_lines_come_first(workbench: Workbench) -> None:
    lines = (REFERENCE[0], "完全无关的话。", "哈萨克斯坦进行了选举。")
    result = workbench.evaluation.measure(SET, {"a": Output(lines)}, ["bleu"], worst=2)
    assert [weak.n for weak in result.worst] == [2, 3]
    assert result.worst[0].source == SOURCES[1]
    assert result.worst[0].reference == REFERENCE[1]


def test_a_run_is_stored_whole(workbench: Workbench) -> None:
    outputs = {"a": Output((*REFERENCE[:2], "选举。"), 1.5), "b": Output(("会见。",) * 3)}
    result = workbench.evaluation.measure(SET, outputs, ["bleu", "ter"])
    kept = workbench.evaluations.add(result, "evaluator")
    assert kept.id > 0
    assert workbench.evaluations.get(kept.id) == kept
    assert [item.id for item in workbench.evaluations.list()] == [kept.id]
    with pytest.raises(NotFound):
        workbench.evaluations.get(kept.id + 1)


def test_a_report_never_shows_a_bare_number(workbench: Workbench) -> None:
    result = workbench.evaluation.measure(SET, {"a": Output(("会见。",) * 3, 1.5)}, ["bleu"])
    (figure,) = result.scores["a"]
    text = as_text(result)
    for part in (
        figure.signature,
        "mine · 3 lines",
        machine(),
        "characters a second, 6 tokens a second",
    ):
        assert part in text
    document = as_document(result)
    assert set(document) >= {"set", "size", "glossary", "systems", "significance", "worst"}
    assert set(document["systems"][0]) >= {"name", "scores", "terms", "seconds"}
    assert document["systems"][0]["tokens_per_second"] == 6  # three lines of 会 见 。 in 1.5 s
    hypotheses = workbench.evaluation.measure(SET, {"a": Output(("会见。",) * 3)}, ["bleu"])
    assert as_document(hypotheses)["systems"][0]["tokens_per_second"] is None


def test_systems_have_names_of_their_own() -> None:
    one = RunSettings(engines=("a",), glossaries=("none",))
    two = RunSettings(engines=("a",), glossaries=("none", "house"))
    assert [system.name for system in systems_of(one)] == ["a"]
    assert [system.name for system in systems_of(two)] == ["a+none", "a+house"]
    assert unique("a", {"a", "a (2)"}) == "a (3)"


# -- the command line -------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], state: Path, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        main(["--state", str(state), "--language", "en", *arguments])
    captured = capsys.readouterr()
    return int(exit_.value.code or 0), captured.out, captured.err


@pytest.fixture
def half(tmp_path: Path) -> str:
    """Hypotheses for newsdesk: every second line cut short."""
    lines = (EVAL / "newsdesk.zh").read_text(encoding="utf-8").splitlines()
    worse = [line[: len(line) // 2] if n % 2 else line for n, line in enumerate(lines)]
    path = tmp_path / "half.txt"
    path.write_text("\n".join(worse) + "\n", encoding="utf-8")
    return str(path)


def test_hypotheses_on_the_shipped_set(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, half: str
) -> None:
    arguments = ("evaluate", "--set", "newsdesk", "--hypothesis", half, "--json", "--save")
    status, out, _ = run(capsys, tmp_path, *arguments, "--limit", "60", "--metrics", "bleu,chrf")
    assert status == 0
    answer = json.loads(out)
    assert answer["size"] == 60
    (system,) = answer["systems"]
    assert system["name"] == "half.txt"
    assert [score["metric"] for score in system["scores"]] == ["bleu", "chrf"]
    assert all(s["low"] < s["value"] < s["high"] and s["signature"] for s in system["scores"])
    assert answer["worst"]
    status, out, _ = run(capsys, tmp_path, "evaluate", "--run", str(answer["id"]), "--json")
    assert json.loads(out) == answer
    status, out, _ = run(capsys, tmp_path, "evaluate", "--runs", "--json")
    assert [item["id"] for item in json.loads(out)] == [answer["id"]]


def test_own_files_compared(capsys: pytest.CaptureFixture[str], tmp_path: Path, half: str) -> None:
    reference, source = str(EVAL / "newsdesk.zh"), str(EVAL / "newsdesk.ru")
    files = ("--source", source, "--reference", reference, "--metrics", "chrf")
    both = ("--hypothesis", half, "--hypothesis", reference)
    status, out, err = run(capsys, tmp_path, "evaluate", *files, *both, "--json")
    assert status == 0
    answer = json.loads(out)
    (comparison,) = answer["significance"]
    assert comparison["system"] == "newsdesk.zh"
    assert comparison["difference"] > 0
    assert comparison["p_value"] < 0.01
    assert "is the reference itself" in err
    assert comparison["low"] < comparison["difference"] < comparison["high"]
    poor, best = answer["systems"]
    measures = {score["metric"]: score for score in poor["measures"]}
    assert {"terms", "consistency", "faults", "length", "short"} <= set(measures)
    assert all(score["signature"] and score["size"] for score in measures.values())
    assert measures["faults"]["value"] > 0
    assert {fault["kind"] for fault in poor["faults"]} >= {"short"}
    assert poor["renderings"][0]["counts"]
    assert best["measures"][0]["value"] > measures["terms"]["value"]
    contrast = answer["contrast"]
    assert contrast["slices"][0]["tallies"][0]["losses"] == 0
    assert contrast["differences"][0]["source"]
    assert contrast["machine"] == answer["machine"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--set", "nowhere"], 4),
        (["--set", "ntrex128"], 5),
        ([], 2),
        (["--set", "newsdesk", "--reference", "{short}"], 2),
        (["--set", "newsdesk", "--limit", "0"], 2),
        (["--set", "newsdesk", "--glossary", "mine"], 2),
        (["--set", "newsdesk", "--test", "t"], 2),
        (["--set", "newsdesk", "--metrics", "bleu13a"], 4),
        (["--set", "newsdesk", "--metrics", "comet"], 5),
        (["--set", "newsdesk", "--hypothesis", "{short}"], 3),
        (["--set", "newsdesk", "--hypothesis", "{void}"], 3),
        (["--set", "newsdesk", "--hypothesis", "nowhere.txt"], 4),
        (["--reference", "{short}"], 3),
    ],
)
def test_bad_input_is_two_lines(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], status: int
) -> None:
    (tmp_path / "short").write_text("一\n二\n", encoding="utf-8")
    (tmp_path / "void").write_text("\n" * 300, encoding="utf-8")
    names = {"short": str(tmp_path / "short"), "void": str(tmp_path / "void")}
    given = [argument.format_map(names) for argument in arguments]
    got, out, err = run(capsys, tmp_path / "state", "evaluate", *given)
    assert got == status
    assert out == ""
    assert len(err.splitlines()) == 2


def test_check_on_a_bilingual_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text(
        "Токаев выделил 12 млн рублей.\t托卡耶夫拨款1200万卢布。\n"
        "Токаев выделил 12 млн рублей.\t总统Токаев拨款1200亿卢布.\n",
        encoding="utf-8",
    )
    status, out, _ = run(capsys, tmp_path / "state", "check", str(pairs), "--json")
    assert status == 0
    good, bad = json.loads(out)["segments"]
    assert good["issues"] == []
    assert {"ZH-R01", "ZH-T01", "ZH-N10", "ZH-P02"} <= {i["check"] for i in bad["issues"]}
    assert all(issue["message"] and issue["severity"] for issue in bad["issues"])


def test_check_refuses_what_is_not_bilingual(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "broken.tmx").write_text("<tmx><body>", encoding="utf-8")
    status, _, err = run(capsys, tmp_path / "state", "check", str(tmp_path / "broken.tmx"))
    assert status == 3
    assert len(err.splitlines()) == 2
