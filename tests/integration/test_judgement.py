"""Human judgement through the API and the command line: blind, fair, and added up rightly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from tests.integration.conftest import Run
from workbench.assembly import Workbench
from workbench.domain.judgement import CATEGORIES, Results
from workbench.domain.quality import Evaluation
from workbench.errors import Conflict, InputError, NotFound, SettingsError
from workbench.services.accounts import Identity
from workbench.web.app import create_app

PASSWORD = "correct horse battery"
PEOPLE = {"Аня": "translator", "Боря": "translator", "Ира": "evaluator", "Юля": "terminologist"}
SYSTEMS = ("secret-east", "secret-west")
LINES = 24
JUDGES = (Identity("Ира", "evaluator"), Identity("Олег", "evaluator"))


@pytest.fixture
def run_id(workbench: Workbench) -> int:
    """A stored run; both systems say the same in every eighth line."""
    good = tuple(f"第{n}艘渡轮今天上午离开港口。" for n in range(LINES))
    poor = tuple(g if n % 8 == 0 else f"渡{n}船早上走。" for n, g in enumerate(good))
    evaluation = Evaluation(
        "ferries",
        LINES,
        SYSTEMS,
        {},
        outputs=dict(zip(SYSTEMS, (good, poor), strict=True)),
        sources=tuple(f"Паром номер {n} вышел из порта утром." for n in range(LINES)),
        references=(tuple(f"今晨{n}号渡轮驶离港口。" for n in range(LINES)),),
    )
    return workbench.evaluations.add(evaluation).id


@pytest.fixture
def team(workbench: Workbench) -> dict[str, TestClient]:
    """Everybody signed in; a cheap hash, what is tested here is not the lock."""
    digest = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    app = create_app(workbench)
    clients = {}
    for name, role in PEOPLE.items():
        workbench.accounts.add(name, role, digest)
        clients[name] = TestClient(app, base_url="http://127.0.0.1")
        given = {"name": name, "password": PASSWORD}
        assert clients[name].post("/api/v1/session", json=given).is_success
    return clients


def make(client: TestClient, run_id: int, **more: Any) -> dict[str, Any]:
    plan = {"name": "Паромы", "run": run_id, **more}
    answer = client.post("/api/v1/judgements", json=plan)
    assert answer.status_code == 201, answer.text
    assert "secret" not in answer.text
    made: dict[str, Any] = answer.json()
    return made


def judge_all(workbench: Workbench, number: int, noise: float = 0) -> None:
    """Both judges judge everything: whole lines are good, the others poor, damage is worst."""
    judgement = workbench.lab.judgement
    for k, judge in enumerate(JUDGES):
        for item in judgement.campaigns.items(number):
            score = {"": 80.0, "repeat": 80.0, "reference": 90.0, "damaged": 10.0}[item.check]
            if item.system == "secret-west" and item.check in ("", "repeat"):
                score = 40.0
            judgement.judge(item.id, judge, score + k * noise, (), 3000)


def test_only_the_invited_judge_and_nobody_is_told_who_made_a_text(
    workbench: Workbench, team: dict[str, TestClient], run_id: int
) -> None:
    made = make(team["Ира"], run_id, judges=["Аня"], checks=0.2)
    assert (made["systems"], made["system_count"], made["closed"]) == (None, 2, False)
    sheet = f"/api/v1/judgements/{made['id']}/sheet"
    statuses = {name: team[name].get(sheet).status_code for name in PEOPLE}
    assert statuses == {"Аня": 200, "Боря": 403, "Ира": 200, "Юля": 403}
    tasks = {name: len(team[name].get("/api/v1/judgements/tasks").json()) for name in PEOPLE}
    assert tasks == {"Аня": 1, "Боря": 0, "Ира": 1, "Юля": 0}
    judging = {name: team[name].get("/api/v1/session").json()["judging"] for name in PEOPLE}
    assert judging == {"Аня": True, "Боря": False, "Ира": True, "Юля": False}
    first = team["Аня"].get(sheet).json()["items"][0]
    assert first.keys() == {"id", "position", "source", "text", "said"}
    item = f"/api/v1/judgements/items/{first['id']}"
    assert team["Боря"].put(item, json={"score": 5}).status_code == 403
    assert team["Аня"].put(item, json={"score": 5}).json()["task"]["done"] == 1
    invited = team["Ира"].post(f"/api/v1/judgements/{made['id']}/invite", json={"judges": ["Боря"]})
    assert invited.json()["judges"] == ["Аня", "Боря"]
    assert team["Боря"].get(sheet).status_code == 200
    for path in ("", "/tasks", f"/{made['id']}/sheet", f"/{made['id']}/results"):
        answer = team["Ира"].get(f"/api/v1/judgements{path}")
        assert answer.is_success
        for word in ("secret", "damaged", "twin"):
            assert word not in answer.text, path
    export = team["Ира"].get(f"/api/v1/judgements/{made['id']}/export")
    assert (export.status_code, export.json()["key"]) == (409, "judgement.still_open")


def test_who_is_not_signed_in_is_led_to_the_login(team: dict[str, TestClient]) -> None:
    stranger = TestClient(team["Аня"].app, base_url="http://127.0.0.1", follow_redirects=False)
    answer = stranger.get("/judge")
    assert (answer.status_code, answer.headers["location"]) == (302, "/login")


def test_a_judge_stops_and_goes_on_where_something_is_left(
    team: dict[str, TestClient], run_id: int
) -> None:
    made = make(team["Ира"], run_id, judges=["Аня"])
    sheet = f"/api/v1/judgements/{made['id']}/sheet"
    first = team["Аня"].get(sheet).json()
    assert (first["number"], len(first["items"])) == (0, 20)
    for item in first["items"]:
        team["Аня"].put(f"/api/v1/judgements/items/{item['id']}", json={"score": 60})
    again = team["Аня"].get(sheet).json()
    assert (again["number"], again["task"]["done"]) == (1, 20)
    assert all(item["said"] is None for item in again["items"])
    back = team["Аня"].get(sheet, params={"number": 0}).json()
    assert {item["said"]["score"] for item in back["items"]} == {60}
    assert team["Ира"].get(sheet).json()["task"]["done"] == 0
    far = team["Аня"].get(sheet, params={"number": 999}).json()
    assert far["number"] == far["sheets"] - 1


def test_what_no_judge_can_say_is_refused(
    workbench: Workbench, team: dict[str, TestClient], run_id: int
) -> None:
    scores = make(team["Ира"], run_id)
    errors = make(team["Ира"], run_id, name="Ошибки", kind="mqm")
    first = {
        made["kind"]: team["Ира"].get(f"/api/v1/judgements/{made['id']}/sheet").json()["items"][0]
        for made in (scores, errors)
    }
    span = {"start": 0, "end": 1, "category": "style", "severity": "minor"}
    for kind, verdict, key in (
        ("da", {}, "judgement.no_score"),
        ("da", {"score": 101}, "judgement.bad_score"),
        ("mqm", {"spans": [{**span, "end": 999}]}, "judgement.bad_span"),
        ("mqm", {"spans": [{**span, "start": 1, "end": 0}]}, "judgement.bad_span"),
        ("mqm", {"spans": [{**span, "category": "taste"}]}, "judgement.bad_category"),
        ("mqm", {"spans": [{**span, "severity": "huge"}]}, "web.bad_request"),
    ):
        answer = team["Ира"].put(f"/api/v1/judgements/items/{first[kind]['id']}", json=verdict)
        assert (answer.status_code, answer.json()["key"]) == (422, key)
        assert answer.json()["remedy"]
    plan = {"name": "Доля", "run": run_id, "checks": 0.9}
    refused = team["Ира"].post("/api/v1/judgements", json=plan)
    assert (refused.status_code, refused.json()["key"]) == (422, "web.bad_request")
    judgement = workbench.lab.judgement
    for error, more in (
        (Conflict, {"name": "Паромы"}),
        (InputError, {"name": " "}),
        (NotFound, {"run": 99}),
        (NotFound, {"systems": ["no-such"]}),
        (InputError, {"lines": 0}),
        (SettingsError, {"checks": 0.9}),
        (SettingsError, {"kind": "stars"}),
    ):
        plan: dict[str, Any] = {"name": "Ещё", "run": run_id, "kind": "da", "author": "", **more}
        with pytest.raises(error):
            judgement.create(**plan)
    bare = Evaluation("bare", 1, ("x",), {}, outputs={"x": ("一",)})
    with pytest.raises(InputError):
        judgement.create("Ещё", workbench.evaluations.add(bare).id, "da", "")


def of(found: Results, system: str, metric: str) -> float:
    (row,) = [row for row in found.systems if row.system == system]
    (score,) = [score for score in row.scores if score.metric == metric]
    assert score.low is not None
    assert score.high is not None
    assert score.low <= score.value <= score.high
    assert score.size == LINES
    assert "judges:2" in score.signature
    return score.value


def test_scores_by_system_checks_by_judge_and_agreement(workbench: Workbench, run_id: int) -> None:
    judgement = workbench.lab.judgement
    made = judgement.create("Паромы", run_id, "da", "Ира", checks=0.2)
    assert len(made.settings.shared) == LINES // 8
    judge_all(workbench, made.id, noise=10)
    careless = Identity("Спешка", "evaluator")
    for k, item in enumerate(judgement.campaigns.items(made.id)):
        judgement.judge(item.id, careless, (k * 37) % 101, ())
    still = judgement.results(made.id)
    assert (still.systems, still.comparisons) == ((), ())
    judgement.close(made.id)
    found = judgement.results(made.id, ("Спешка",))
    assert of(found, "secret-east", "DA") == pytest.approx(85)
    assert of(found, "secret-west", "DA") == pytest.approx((3 * 85 + 21 * 45) / 24)
    assert of(found, "secret-east", "DA z") > 0 > of(found, "secret-west", "DA z")
    (pair,) = found.comparisons
    assert (pair.system, pair.baseline) == ("secret-west", "secret-east")
    assert pair.difference == pytest.approx(-35)
    assert pair.p_value < 0.001
    judges = {row.judge: row for row in found.judges}
    for name in ("Ира", "Олег"):
        assert judges[name].failed_share == 0
        assert set(judges[name].checks) == {"repeat", "damaged", "reference"}
        assert judges[name].seconds == 3
    assert (judges["Спешка"].failed_share or 0) > 0.4
    coefficients = {(each.measure, each.judges): each for each in found.agreement}
    assert coefficients["kappa", ("Ира", "Олег")].items == LINES * 2 - LINES // 8
    alpha = coefficients["alpha", ("Ира", "Олег")].value
    assert alpha is not None
    assert 0.8 < alpha < 1
    everybody = judgement.results(made.id).agreement[0].value
    assert everybody is not None
    assert everybody < alpha
    with pytest.raises(Conflict):
        judgement.judge(judgement.campaigns.items(made.id)[0].id, JUDGES[0], 1, ())
    with pytest.raises(Conflict):
        judgement.invite(made.id, ["Аня"])


def test_marked_errors_become_points_and_a_table_for_mqm_tools(
    workbench: Workbench, team: dict[str, TestClient], run_id: int
) -> None:
    made = make(team["Ира"], run_id, kind="mqm", checks=0.2, lines=8)
    judgement = workbench.lab.judgement
    items = judgement.campaigns.items(made["id"])
    for item in items:
        mark = {"start": 1, "end": 3, "category": "mistranslation", "severity": "major"}
        comma = {"start": 0, "end": 1, "category": "punctuation", "severity": "minor"}
        spans = {"": [comma], "repeat": [comma], "reference": [], "damaged": [mark, mark]}
        bad = item.system == "secret-west" and item.check in ("", "repeat")
        given = [{**mark, "note": "не то\tне так"}] if bad else spans[item.check]
        answer = team["Ира"].put(f"/api/v1/judgements/items/{item.id}", json={"spans": given})
        assert answer.is_success, answer.text
    assert team["Ира"].post(f"/api/v1/judgements/{made['id']}/close").json()["systems"] == list(
        SYSTEMS
    )
    found = team["Ира"].get(f"/api/v1/judgements/{made['id']}/results").json()
    points = {row["system"]: row["scores"][0]["value"] for row in found["systems"]}
    assert points["secret-east"] == pytest.approx(0.1)
    assert points["secret-west"] > 3
    assert found["systems"][0]["categories"] == {"punctuation": 8}
    assert found["judges"][0]["failed_share"] == 0
    export = f"/api/v1/judgements/{made['id']}/export"
    header, *lines = team["Ира"].get(export).text.splitlines()
    columns = header.split("\t")
    assert columns[:4] == ["system", "doc", "docSegId", "globalSegId"]
    table = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]
    assert len(table) == 8 * 2  # every line of each system, no checks
    assert {row["category"] for row in table} <= set(CATEGORIES.values())
    worst = next(row for row in table if row["severity"] == "Major")
    assert worst["system"] == "secret-west"
    assert worst["target"].startswith("渡<v>")
    assert json.loads(worst["metadata"])["note"] == "не то\tне так"
    whole = team["Ира"].get(export, params={"to": "json"}).json()
    assert len(whole["items"]) == len(items)
    assert whole["campaign"]["settings"]["systems"] == list(SYSTEMS)


def test_the_command_line_from_campaign_to_table(
    workbench: Workbench, run_id: int, run: Run, tmp_path: Path
) -> None:
    status, said, _ = run("judge", "create", "Паромы", "--run", run_id, "--judge", "Аня")
    assert (status, said.split("\t")[0]) == (0, "1")
    assert run("judge", "invite", 1, "Боря")[0] == 0
    judge_all(workbench, 1)
    for verb in (["list"], ["list", "--json"], ["results", 1], ["results", 1, "--json"]):
        status, said, _ = run("judge", *verb)
        assert status == 0
        assert "Олег" in said
        assert "secret" not in said
    assert run("judge", "export", 1)[0] == 7
    assert run("judge", "close", 1)[0] == 0
    said = run("judge", "results", 1)[1]
    assert "secret-east\tDA\t80.00 (80.00–80.00)\tn=24" in said
    assert "kappa Ира – Олег\t1.000" in said
    table = tmp_path / "scores.tsv"
    assert run("judge", "export", 1, "-o", table)[0] == 0
    header, *lines = table.read_text(encoding="utf-8").splitlines()
    assert header.startswith("system\tdoc\tsegId\trater")
    assert {line.split("\t")[0] for line in lines} == {*SYSTEMS, "reference"}
    assert run("judge", "export", 1, "--to", "xml")[0] == 2
    assert run("judge", "close", 99)[0] == 4
