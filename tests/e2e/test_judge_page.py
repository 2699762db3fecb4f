"""Human judgement in the browser: by keyboard, stopping and going on, blind until the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Desk, Server
from workbench.domain.quality import Evaluation
from workbench.storage.database import Database
from workbench.storage.evaluations import Evaluations

pytestmark = pytest.mark.browser
SYSTEMS = ("secret-north", "secret-south")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
SOURCES = (
    "Порт Курык закрыли из-за шторма.",
    "Паром с грузовиками ждёт у причала.",
    "Синоптики обещают ветер до 25 метров в секунду.",
    "Движение по мосту возобновят в пятницу.",
    "Рыбаки вернулись на берег ночью.",
)
NORTH = (
    "库雷克港因风暴关闭。",
    "载着卡车的渡轮在码头等待。",
    "气象部门预计风速达每秒25米。",
    "大桥将于周五恢复通行。",
    "渔民夜间返回岸上。",
)
SOUTH = (
    "港口库里克被关。",
    "渡船和卡车等码头。",
    "预报员答应风到25米每秒。",
    "桥的运动星期五更新。",
    "渔民晚上回来了海岸。",
)
REFERENCE = tuple(line.replace("。", "了。") for line in NORTH)


@pytest.fixture(scope="module")
def run(server: Server) -> int:
    """A stored run of two systems."""
    database = Database(f"sqlite:///{server.state / 'workbench.sqlite'}")
    evaluation = Evaluation(
        "storm",
        len(SOURCES),
        SYSTEMS,
        {},
        outputs=dict(zip(SYSTEMS, (NORTH, SOUTH), strict=True)),
        sources=SOURCES,
        references=(REFERENCE,),
    )
    number = Evaluations(database).add(evaluation).id
    database.close()
    return number


class Blind:
    """Notes what the page was told: its HTML and every answer of the API."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers: list[str] = []
        page.on("response", self.note)

    def note(self, answer: Any) -> None:
        if "/api/v1/judgements" in answer.url and "/runs" not in answer.url:
            self.answers.append(answer.text())

    def check(self) -> None:
        assert self.answers
        for text in (self.page.content(), *self.answers):
            assert "secret" not in text
            for word in ("damaged", "repeat", "twin"):
                assert word not in text, text


@pytest.fixture
def judge(desk: Desk) -> Iterator[Desk]:
    yield desk
    desk.page.goto("about:blank")


def campaign(server: Server, run: int, name: str, kind: str, **more: Any) -> int:
    plan = {"name": name, "run": run, "kind": kind, **more}
    made: int = server.call("POST", "/judgements", json=plan)["id"]
    return made


def go(desk: Desk, server: Server, number: int) -> None:
    desk.page.goto(f"{server.url}/judge#campaign={number}")
    expect(desk.page.get_by_test_id("judge-row").first).to_be_visible()


def active(desk: Desk) -> Any:
    return desk.page.locator("[data-testid=judge-row].active")


def faults(desk: Desk) -> list[str]:
    found = Axe().run(desk.page, options=RULES).response["violations"]
    return [f"{v['id']}: {node['html'][:150]}" for v in found for node in v["nodes"]]


def test_a_judge_scores_by_keyboard_stops_and_goes_on(
    judge: Desk, server: Server, run: int
) -> None:
    number = campaign(server, run, "Шторм: баллы", "da", checks=0.2)
    items = server.call("GET", "/judgements")[0]["items"]
    assert items >= 12  # ten texts and two checks at least
    blind = Blind(judge.page)
    go(judge, server, number)
    expect(active(judge)).to_have_attribute("data-n", "1")
    expect(judge.page.locator("[role=slider]:focus")).to_have_count(1)
    judge.press("Enter")  # without a score nobody goes on
    expect(judge.page.get_by_test_id("toast")).to_contain_text("0–100")
    for n in range(1, 6):
        expect(active(judge)).to_have_attribute("data-n", str(n))
        judge.press(*str(40 + n), "ArrowRight", "Enter")
    expect(judge.page.get_by_test_id("judge-counts")).to_contain_text(f"5 / {items}")
    blind.check()
    judge.page.goto("about:blank")  # home for the day

    go(judge, server, number)
    expect(judge.page.get_by_test_id("judge-counts")).to_contain_text(f"5 / {items}")
    expect(active(judge)).to_have_attribute("data-n", "6")
    judge.press("ArrowUp", "9", "Enter")  # the fifth again
    for n in range(6, items + 1):
        expect(active(judge)).to_have_attribute("data-n", str(n))
        judge.press("7", "0", "PageUp", "Enter")
    expect(judge.page.get_by_test_id("judge-said")).to_contain_text("全部评完")
    expect(judge.page.get_by_test_id("judge-counts")).to_contain_text(f"{items} / {items}")
    blind.check()
    said = server.call("GET", f"/judgements/{number}/sheet", params={"number": 0})["items"]
    assert [item["said"]["score"] for item in said[:6]] == [42, 43, 44, 45, 9, 80]


def test_results_are_named_only_after_the_end(judge: Desk, server: Server, run: int) -> None:
    number = campaign(server, run, "Шторм: итоги", "da", checks=0.2)
    for item in server.call("GET", f"/judgements/{number}/sheet")["items"]:
        good = item["text"] in NORTH or item["text"] in REFERENCE
        verdict = {"score": 90 if good else 30, "active_ms": 4000}
        server.call("PUT", f"/judgements/items/{item['id']}", json=verdict)
    blind = Blind(judge.page)
    judge.page.goto(f"{server.url}/judge#campaign={number}")
    judge.page.get_by_test_id("judge-results").click()
    box = judge.page.get_by_test_id("judge-result")
    expect(box).to_contain_text("评审结束前不显示")
    judge.page.get_by_test_id("judge-guests").fill("Аня, Боря")
    judge.page.get_by_test_id("judge-invite").click()
    expect(box).to_contain_text("已邀请：Аня, Боря")
    assert "secret" not in judge.page.content()
    assert not any("secret" in answer for answer in blind.answers)
    judge.page.get_by_test_id("judge-close").click()
    judge.page.get_by_test_id("judge-close").click()  # asked whether one is sure
    systems = judge.page.get_by_test_id("judge-systems")
    expect(systems).to_contain_text("secret-north")
    expect(systems).to_contain_text("90.0 (90.0–90.0) · n=5")
    expect(judge.page.get_by_test_id("judge-judges")).to_contain_text("local")
    expect(judge.page.get_by_test_id("judge-pairs")).to_contain_text("-60.0")
    assert faults(judge) == []
    with judge.page.expect_download() as download:
        judge.page.get_by_test_id("judge-export-tsv").click()
    assert download.value.suggested_filename == f"judgements-{number}.tsv"


def test_errors_are_marked_by_keyboard(judge: Desk, server: Server, run: int) -> None:
    number = campaign(server, run, "Шторм: ошибки", "mqm", checks=0)
    blind = Blind(judge.page)
    go(judge, server, number)
    judge.press("Shift+ArrowRight", "Shift+ArrowRight", "m", "3")
    marks = active(judge).get_by_test_id("judge-mark")
    expect(marks).to_have_count(1)
    expect(marks.first).to_contain_text("致命 · 误译")
    judge.press("p")  # nothing is selected
    expect(judge.page.get_by_test_id("toast")).to_contain_text("选中")
    judge.press("End", "o", "1", "Home", "Shift+End", "s")
    expect(marks).to_have_count(3)
    judge.press("Backspace")
    expect(marks).to_have_count(2)
    judge.picture("judge-errors")
    judge.press("Enter")
    expect(active(judge)).to_have_attribute("data-n", "2")
    judge.press("Enter")  # no errors
    expect(judge.page.get_by_test_id("judge-counts")).to_contain_text("2 / 10")
    letter = active(judge).locator("[data-k]")  # the third by pointer
    letter.nth(1).hover(position={"x": 2, "y": 8})
    judge.page.mouse.down()
    letter.nth(3).hover(position={"x": 2, "y": 8})
    judge.page.mouse.up()
    active(judge).get_by_test_id("mark-style").click()
    active(judge).get_by_test_id("weight-minor").click()
    expect(active(judge).get_by_test_id("judge-mark")).to_contain_text("轻微 · 生硬")
    judge.press("ArrowDown")  # leaving keeps it too
    expect(judge.page.get_by_test_id("judge-counts")).to_contain_text("3 / 10")
    first, second, third, *_ = server.call("GET", f"/judgements/{number}/sheet")["items"]
    length = len(first["text"])
    spans = [(s["start"], s["end"], s["category"], s["severity"]) for s in first["said"]["spans"]]
    assert spans == [(0, 2, "mistranslation", "critical"), (length, length, "omission", "minor")]
    assert second["said"] == {"score": None, "spans": []}
    (span,) = third["said"]["spans"]
    assert (span["start"], span["end"], span["severity"]) == (1, 3, "minor")
    blind.check()
    expect(judge.page.get_by_test_id("judge-row").first).to_contain_text("2 处，26 分")
    assert faults(judge) == []
    judge.page.get_by_role("button", name="明暗").click()
    expect(judge.page.locator("body")).to_have_class("wb-judge-page dark")
    assert faults(judge) == []


def test_no_verdict_is_lost_with_the_network(judge: Desk, server: Server, run: int) -> None:
    number = campaign(server, run, "Шторм: без сети", "da", checks=0)
    go(judge, server, number)
    judge.context.set_offline(True)
    judge.press("6", "1", "Enter")
    expect(active(judge)).to_have_attribute("data-n", "2")
    expect(judge.page.get_by_test_id("judge-row").first).to_have_attribute("data-sync", "error")
    judge.context.set_offline(False)
    expect(judge.page.get_by_test_id("judge-row").first).to_have_attribute("data-sync", "")
    item = server.call("GET", f"/judgements/{number}/sheet", params={"number": 0})["items"][0]
    assert item["said"]["score"] == 61


def test_an_evaluator_makes_a_campaign(judge: Desk, server: Server, run: int) -> None:
    judge.page.goto(f"{server.url}/judge")
    judge.page.get_by_test_id("judge-new").click()
    judge.page.get_by_test_id("plan-name").fill("Осенняя оценка")
    judge.page.get_by_test_id("plan-run").select_option(str(run))
    judge.page.get_by_test_id("plan-lines").fill("3")
    judge.page.get_by_test_id("plan-create").click()
    expect(judge.page.get_by_test_id("judge-title")).to_have_text("Осенняя оценка")
    expect(active(judge)).to_be_visible()
    made = server.call("GET", "/judgements")[0]
    assert (made["name"], made["lines"], made["systems"]) == ("Осенняя оценка", 3, None)
    judge.page.get_by_test_id("judge-results").click()
    judge.page.get_by_test_id("judge-delete").click()
    task = judge.page.get_by_test_id("judge-task").filter(has_text="Осенняя оценка")
    expect(task).to_have_count(0)
    names = [each["name"] for each in server.call("GET", "/judgements")]
    assert "Осенняя оценка" not in names
