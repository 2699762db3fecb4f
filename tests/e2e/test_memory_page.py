"""The memory's page in a browser: a file imported with progress, a unit mended, an act undone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Desk, Server
from tests.e2e.test_pages import faults

PAIRS = (
    "Пароход вернулся в порт.\t轮船返回港口。\n"
    "Пароход вернулся в порт.\t轮船已回港。\n"
    "Паводок затопил 15 дворов.\t洪水淹没14户。\n"
    "Пароходство <b onclick=alert(1)>молчит</b>.\t航运公司沉默<script>alert(1)</script>。\n"
    "\tпусто\n"
)


def section(desk: Desk, name: str) -> None:
    desk.page.locator("#memory-sections").get_by_role("tab", name=name, exact=True).click()


def cell(desk: Desk, table: str, text: str) -> Locator:
    return desk.page.locator(f"#{table} [role=gridcell]", has_text=text).first


def units(server: Server, text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.call("GET", "/memory/concordance", params={"text": text})
    return found


def test_a_memory_is_imported_mended_and_put_back(
    desk: Desk, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "port.tsv").write_text(PAIRS, encoding="utf-8")
    desk.open()
    desk.page.get_by_role("tab", name="翻译记忆", exact=True).click()
    section(desk, "导入")
    desk.page.locator("#imports-file input[type=file]").set_input_files(tmp_path / "port.tsv")
    told = desk.page.locator("#imports-told textarea")
    expect(told).to_have_value(re.compile("port.tsv：4 个单元.*第 5 行", re.DOTALL))
    desk.page.locator("#imports-domain input, #imports-domain textarea").first.fill("航运")
    desk.page.locator("#imports-start").click()
    expect(told).to_have_value(re.compile("新增 4 个"))
    expect(desk.page.locator("#imports-table")).to_contain_text("航运")
    desk.picture("memory-imports")
    assert faults(desk, "#tab-memory") == []

    section(desk, "检查")
    desk.page.locator("#findings-kind").get_by_text("译法不一").click()
    cell(desk, "findings-table", "轮船返回港口。").click()
    expect(desk.page.locator("#findings-mend")).to_be_enabled()
    desk.picture("memory-findings")
    assert faults(desk, "#tab-memory") == []
    desk.page.locator("#findings-mend").click()
    expect(desk.page.locator("#findings-undo")).to_be_visible()
    assert {unit["target"] for unit in units(server, "пароход вернулся")} == {"轮船返回港口。"}
    desk.page.locator("#findings-undo").click()
    expect(desk.page.locator("#findings-undo")).to_be_hidden()
    assert len({unit["target"] for unit in units(server, "пароход вернулся")}) == 2

    section(desk, "查找")
    desk.page.get_by_test_id("concordance-text").fill("пароходство")
    desk.page.get_by_test_id("concordance-run").click()
    unit = desk.page.get_by_test_id("concordance-unit")
    expect(unit.locator("mark")).to_have_text("Пароходство")
    expect(unit).to_contain_text("<script>alert(1)</script>")
    unit.get_by_test_id("concordance-edit").click()
    form = desk.page.get_by_test_id("unit")
    form.get_by_test_id("unit-target").fill("航运公司未作回应。")
    form.get_by_test_id("unit-reason").fill("代码残留")
    form.get_by_test_id("unit-save").click()
    expect(form.get_by_test_id("unit-history").locator("li")).to_have_count(2)
    expect(form.get_by_test_id("unit-history")).to_contain_text("代码残留")
    desk.picture("memory-unit")
    assert faults(desk, "[data-testid=unit]") == []
    stale = units(server, "пароходство")[0]["id"]
    server.call("PATCH", f"/memory/units/{stale}", json={"revision": 2, "note": "别人"})
    form.get_by_test_id("unit-target").fill("航运公司未回应。")
    form.get_by_test_id("unit-save").click()
    expect(form.get_by_test_id("unit-problem")).not_to_be_empty()
    expect(form.get_by_test_id("unit-target")).to_have_value("航运公司未回应。")
