"""Effort through the API and the command line: sums that are right, and who may see whose."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from tests.integration.conftest import Run, WithGlossary
from workbench.assembly import Workbench, open_workbench
from workbench.errors import Forbidden, InputError
from workbench.services.accounts import LOCAL, Identity
from workbench.settings import load_settings
from workbench.web.app import create_app

PASSWORD = "correct horse battery"
TEXT = "Порт закрыт на 2 дня. Паром ждёт у причала. Ветер стих."
DRAFTS = ("港口关闭3天。", "渡轮在码头等待。", "风停了。")
FINALS = ("港口关闭2天。", "渡轮在码头等候。", "风停了。")
PEOPLE = {"Аня": "translator", "Боря": "translator", "Вера": "translator", "Ира": "evaluator"}
GLOSSARY = """ru\tzh\ttype\tvariants\tforbidden\tflags\tnote\tsource
Бишкек\t比什凯克\tplace\t\t\t\t\ttest
"""
keys = (f"key{n}" for n in count())


@pytest.fixture(scope="module")
def digest() -> str:
    """A cheap hash: what is tested here is not the lock."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def workbench(with_glossary: WithGlossary) -> Workbench:
    """A workbench whose glossary loads at once."""
    return with_glossary(GLOSSARY)


@pytest.fixture
def team(workbench: Workbench, digest: str) -> dict[str, TestClient]:
    """Everybody signed in."""
    for name, role in PEOPLE.items():
        workbench.accounts.add(name, role, digest)
    app = create_app(workbench)
    clients = {}
    for name in PEOPLE:
        clients[name] = TestClient(app, base_url="http://127.0.0.1")
        given = {"name": name, "password": PASSWORD}
        assert clients[name].post("/api/v1/session", json=given).is_success
    return clients


def article(workbench: Workbench, engine: str = "shipped") -> list[int]:
    """An article with three drafted rows; returns their numbers."""
    made = workbench.articles.add(workbench.intake.paste(TEXT), "Аня")
    rows = workbench.articles.rows(made.id)
    for row, draft in zip(rows, DRAFTS, strict=True):
        workbench.articles.save_draft(
            replace(row, target=draft, state="drafted", origin="machine", engine=engine)
        )
    return [row.segment.id for row in rows]


def work(client: TestClient, segment: int, final: str, seconds: int = 10) -> None:
    """Confirm a row and send what the editor measured."""
    body = {"target": final, "revision": 1, "action": "confirm"}
    answer = client.put(f"/api/v1/segments/{segment}", json=body)
    assert answer.is_success, answer.text
    stretch = {
        "key": next(keys),
        "segment_id": segment,
        "active_ms": seconds * 1000,
        "elapsed_ms": seconds * 1500,
        "keystrokes": 4,
        "inserted": 1,
        "deleted": 1,
        "pauses": 2,
        "revision": 2,
    }
    for kept in (1, 0):  # sent twice, counted once
        assert client.post("/api/v1/efforts", json={"stretches": [stretch]}).json() == {
            "kept": kept
        }


def report(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/efforts", params=asked)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def rows(client: TestClient, **asked: Any) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in report(client, **asked)["rows"]}


def test_the_sums_are_those_of_the_log(workbench: Workbench, team: dict[str, TestClient]) -> None:
    segments = article(workbench)
    for segment, final in zip(segments, FINALS, strict=True):
        work(team["Аня"], segment, final)
    found = report(team["Аня"], by="engine")
    (row,) = found["rows"]
    assert (row["key"], row["people"], row["segments"], row["stretches"]) == ("shipped", 1, 3, 3)
    assert (row["active_ms"], row["elapsed_ms"]) == (30_000, 45_000)
    assert (row["keystrokes"], row["inserted"], row["deleted"], row["pauses"]) == (12, 3, 3, 6)
    assert row["characters"] == len(TEXT) - 2
    assert row["speed"] == pytest.approx(row["characters"] * 120)
    hter = row["hter"]
    assert (hter["edits"]["number"], hter["edits"]["other"], hter["size"]) == (1, 1, 3)
    assert hter["score"]["value"] == pytest.approx(100 * 2 / sum(map(len, FINALS)))
    assert hter["score"]["low"] <= hter["score"]["value"] <= hter["score"]["high"]
    assert "bs:1000" in hter["score"]["signature"]
    assert found["total"]["active_ms"] == 30_000


def test_a_translator_sees_their_own_and_an_evaluator_only_sums_of_enough(
    workbench: Workbench, team: dict[str, TestClient]
) -> None:
    first, second = article(workbench), article(workbench, "other")
    work(team["Аня"], first[0], FINALS[0], 10)
    work(team["Боря"], first[1], FINALS[1], 20)
    work(team["Аня"], second[2], FINALS[2], 40)
    assert report(team["Аня"])["own"] is True
    assert {key: row["active_ms"] for key, row in rows(team["Аня"]).items()} == {
        "shipped": 10_000,
        "other": 40_000,
    }
    own = rows(team["Аня"], by="translator")
    assert {key: row["active_ms"] for key, row in own.items()} == {"Аня": 50_000}
    assert rows(team["Вера"]) == {}

    hidden = report(team["Ира"], by="engine")
    assert [row["withheld"] for row in hidden["rows"]] == [True, True]
    for row in hidden["rows"]:
        figures = {k: v for k, v in row.items() if k not in ("key", "label", "withheld")}
        assert set(figures.values()) == {None}
    assert hidden["total"]["active_ms"] is None
    assert team["Ира"].get("/api/v1/efforts?by=translator").status_code == 403
    assert team["Ира"].get("/api/v1/efforts/export?by=translator").status_code == 403

    assert rows(team["Ира"], own=True) == {}
    work(team["Вера"], first[2], FINALS[2], 30)  # now three stand behind one engine
    found = report(team["Ира"], by="engine")
    assert [row["withheld"] for row in found["rows"]] == [True, True]  # or one minus one is told
    assert (found["total"]["active_ms"], found["total"]["people"]) == (100_000, 3)
    third = article(workbench, "third")
    for name, segment, final in zip(("Аня", "Боря", "Вера"), third, FINALS, strict=True):
        work(team[name], segment, final, 100)
    extra = article(workbench, "third")
    work(team["Аня"], extra[0], FINALS[0], 100)
    found = rows(team["Ира"], by="engine")
    assert {key: row["withheld"] for key, row in found.items()} == {
        "third": False,
        "shipped": True,  # with the other, so that three people stand behind what is hidden
        "other": True,
    }
    assert (found["third"]["active_ms"], found["third"]["people"]) == (400_000, 3)
    lines = list(csv.DictReader(io.StringIO(team["Ира"].get("/api/v1/efforts/export").text[1:])))
    assert {line["engine"]: line["active_ms"] for line in lines} == {
        "third": "400000",
        "shipped": "",
        "other": "",
    }
    assert "Аня" not in team["Ира"].get("/api/v1/efforts/export?by=article").text


def test_a_setting_permits_names(
    tmp_path: Path, workbench: Workbench, team: dict[str, TestClient]
) -> None:
    work(team["Аня"], article(workbench)[0], FINALS[0])
    evaluator = Identity("Ира", "evaluator")
    with pytest.raises(Forbidden):
        workbench.lab.effort.report(evaluator, "translator")
    permitted = open_workbench(load_settings(state=tmp_path / "state", effort_names=True))
    found = permitted.lab.effort.report(evaluator, "translator")
    assert [(row.key, row.withheld, row.active_ms) for row in found.rows] == [
        ("Аня", False, 10_000)
    ]
    permitted.close()


def test_switched_off_nothing_is_kept_and_the_page_knows(tmp_path: Path) -> None:
    workbench = open_workbench(load_settings(state=tmp_path / "off", effort=False))
    segment = article(workbench)[0]
    with TestClient(create_app(workbench), base_url="http://127.0.0.1") as client:
        assert client.get("/api/v1/session").json()["effort"] is False
        figures = dict.fromkeys(
            ("active_ms", "elapsed_ms", "keystrokes", "inserted", "deleted", "pauses", "revision"),
            1,
        )
        body = {"stretches": [{"key": "k", "segment_id": segment, **figures}]}
        assert client.post("/api/v1/efforts", json=body).json() == {"kept": 0}
        assert report(client)["rows"] == []
    workbench.close()


def test_nonsense_is_refused_or_passed_over(team: dict[str, TestClient]) -> None:
    client = team["Аня"]
    figures = dict.fromkeys(("keystrokes", "inserted", "deleted", "pauses", "revision"), 0)
    longer = {"key": "k", "segment_id": 1, "active_ms": 9, "elapsed_ms": 5, **figures}
    unknown = {**longer, "segment_id": 2**31 - 1, "elapsed_ms": 9}
    for stretch in (longer, unknown):
        answer = client.post("/api/v1/efforts", json={"stretches": [stretch]})
        assert answer.json() == {"kept": 0}
    for wrong in ({"key": ""}, {"active_ms": -1}, {"keystrokes": 2**40}):
        answer = client.post("/api/v1/efforts", json={"stretches": [{**longer, **wrong}]})
        assert answer.status_code == 422
    assert client.get("/api/v1/efforts?by=mood").json()["key"] == "judgement.bad_group"
    assert client.get("/api/v1/efforts?since=tomorrow").json()["key"] == "judgement.bad_day"


def test_a_spreadsheet_runs_no_formula(workbench: Workbench) -> None:
    from workbench.domain.effort import EffortReport, EffortRow
    from workbench.services.evaluation.effort import as_csv

    row = EffortRow("=1+1", "@evil", withheld=True)
    content = as_csv(EffortReport("engine", (row,), row, False, 3))
    assert "'=1+1" in content
    assert "'@evil" in content


def test_the_command_line_says_the_same(tmp_path: Path, workbench: Workbench, run: Run) -> None:
    for segment, final in zip(article(workbench), FINALS, strict=True):
        workbench.review.confirm(segment, final, 1, "local")
    status, shown, _ = run("effort", "show")
    assert status == 0
    assert "shipped\t1 people\t3 segments" in shown
    assert "n=3: name 0, number 1, punctuation 0, other 1" in shown
    assert "bs:1000" in shown
    table = tmp_path / "effort.csv"
    assert run("effort", "export", "-o", table)[0] == 0
    assert "shipped" in table.read_text(encoding="utf-8-sig")
    assert (
        json.loads(run("effort", "show", "--by", "article", "--json")[1])["total"]["segments"] == 3
    )
    assert run("effort", "show", "--by", "mood")[0] == 3
    assert run("effort", "forget")[0] == 2
    assert run("effort", "forget", "--author", "local")[2].startswith("0 measurements")
    assert workbench.lab.effort.report(LOCAL).total.segments == 3
    with pytest.raises(InputError):
        workbench.lab.effort.report(LOCAL, since="2026-13-01")
