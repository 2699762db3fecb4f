"""Analysis before work: each segment counts once, in the band of what helps most."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from workbench.assembly import Workbench
from workbench.domain.memory import Unit
from workbench.services.intake import Intake
from workbench.services.memory import Memory
from workbench.services.memory_analysis import BANDS, NONE, Count, MemoryAnalysis, Report, band
from workbench.storage.database import Database
from workbench.storage.units import Units
from workbench.web.app import create_app

Run = Callable[..., tuple[int, str, str]]

KNOWN = (
    Unit("Саммит открылся в Бишкеке.", "峰会在比什凯克开幕。", "", "Президент прибыл утром."),
    Unit("Президент прибыл утром.", "总统早晨抵达。", "Иное.", "Иное."),
    Unit("В саммите участвуют 12 стран региона.", "12个地区国家参加峰会。"),
    Unit("Министр подписал новый договор с Казахстаном.", "部长与哈萨克斯坦签署新条约。"),
)
TEXT = """Саммит открылся в Бишкеке.

Президент прибыл утром.

В саммите участвуют 15 стран региона.

Министр подписал новый договор с Узбекистаном.

Погода стояла ясная, ветра не было совсем.

Погода стояла ясная, ветра не было вовсе.

Президент прибыл утром."""


@pytest.fixture
def memory(database: Database) -> Memory:
    memory = Memory(Units(database))
    for unit in KNOWN:
        memory.add(unit)
    return memory


def analysed(memory: Memory, text: str = TEXT, internal: bool = False) -> Report:
    *_, last = MemoryAnalysis(memory).run(Intake().paste(text), internal)
    return last


def segments(counts: dict[str, Count]) -> dict[str, int]:
    return {name: count.segments for name, count in counts.items() if count.segments}


def test_each_segment_counts_once(memory: Memory) -> None:
    report = analysed(memory)
    assert segments(report.bands) == {"101": 1, "100": 1, "95-99": 1, "75-84": 1, "none": 2}
    assert report.repetitions == Count(1, 3, len("Президентприбылутром."))
    assert report.internal == {}
    assert report.total.segments == report.done == 7
    parts = [report.repetitions, *report.bands.values()]
    for name in ("segments", "words", "characters"):
        assert sum(getattr(p, name) for p in parts) == getattr(report.total, name)


def test_sentences_may_be_compared_with_one_another(memory: Memory) -> None:
    report = analysed(memory, internal=True)
    assert segments(report.bands) == {"101": 1, "100": 1, "95-99": 1, "75-84": 1, "none": 1}
    assert segments(report.internal) == {"85-94": 1}


def test_reports_come_while_it_runs(memory: Memory) -> None:
    text = "\n\n".join(f"Это предложение номер {n} о встрече." for n in range(25))
    reports = list(MemoryAnalysis(memory).run(Intake().paste(text)))
    assert [report.done for report in reports] == [10, 20, 25]
    assert {report.total.segments for report in reports} == {25}


@given(st.integers(0, 102))
def test_each_score_has_its_band(score: int) -> None:
    least = dict(BANDS).get(band(score), 0)
    better = [bound for _, bound in BANDS if bound > least]
    assert least <= score < min(better, default=103)
    assert (band(score) == NONE) == (score < 50)


def test_on_the_command_line(run: Run, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("".join(f"{unit.source}\t{unit.target}\n" for unit in KNOWN))
    assert run("memory", "import", pairs)[0] == 0
    article = tmp_path / "article.txt"
    article.write_text(TEXT)
    status, out, _ = run("memory", "analyse", article, "--json", "--internal")
    assert status == 0
    found = json.loads(out)
    assert (found["segments"], found["done"], found["repetitions"]["segments"]) == (7, 7, 1)
    assert found["bands"]["100"]["segments"] == 2  # a file of two columns knows no neighbours
    assert found["bands"]["100"]["percent"]["segments"] == 28.6
    assert found["internal"]["85-94"]["segments"] == 1
    status, out, _ = run("memory", "analyse", article)
    lines = [line.split("\t") for line in out.splitlines()]
    assert lines[0] == ["match", "segments", "words", "characters", "%"]
    assert [line[0] for line in lines[1:]] == [
        "repetitions",
        "101",
        "100",
        "95-99",
        "85-94",
        "75-84",
        "50-74",
        "none",
        "total",
    ]
    assert run("memory", "analyse", tmp_path / "absent.txt")[0] != 0


def test_over_the_api(workbench: Workbench) -> None:
    for unit in KNOWN:
        workbench.memory.add(unit)
    article = workbench.articles.add(workbench.intake.paste(TEXT), "")
    client = TestClient(create_app(workbench), base_url="http://127.0.0.1")
    answer = client.get(f"/api/v1/articles/{article.id}/analysis?internal=true")
    assert answer.headers["content-type"] == "application/x-ndjson"
    last = json.loads(answer.text.splitlines()[-1])
    assert last["bands"]["101"]["segments"] == 1
    assert last["done"] == last["segments"] == 7
    assert client.get("/api/v1/articles/999/analysis").status_code == 404
