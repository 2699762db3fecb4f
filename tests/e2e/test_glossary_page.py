"""The terminologist's page in a browser: from a new entry to a patch undone, files, bulletins."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.conftest import Desk, Server, new_context, unanswered

pytestmark = pytest.mark.browser
BULLETIN = (
    "所长罗曼·杰尼索夫（Роман Денисов）指出，阿克套港将扩建。"
    "财政部长阿尔马兹·巴克塔耶夫（Алмаз Бактаев）解释了方案。\n"
    "[1] 《水不等人》（Вода не ждёт），https://a.example/voda\n"
)
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def field(desk: Desk, name: str) -> Locator:
    return desk.page.locator(f"#{name} textarea, #{name} input").first


def section(desk: Desk, name: str) -> None:
    desk.page.get_by_role("tab", name=name, exact=True).click()


def unfold(desk: Desk, name: str) -> None:
    desk.page.locator(f"#glossary-{name} button").first.click()


def cell(desk: Desk, table: str, text: str) -> Locator:
    return desk.page.locator(f"#{table} [role=gridcell]").get_by_text(text, exact=True)


@pytest.fixture
def page(desk: Desk, server: Server) -> Desk:
    """The glossary opened, its first entries there."""
    desk.page.goto(server.url)
    section(desk, "术语表")
    expect(desk.page.get_by_test_id("glossary-table")).to_contain_text("АСЕАН")
    desk.settled()
    return desk


def told(desk: Desk, text: str) -> None:
    """Wait for a notice and take it away: it would cover what is below it, and fades by itself."""
    notice = desk.page.get_by_test_id("toast-body").filter(has_text=text)
    expect(notice.first).to_be_visible()
    desk.page.get_by_test_id("toast-close").evaluate_all("all => all.forEach((x) => x.click())")
    expect(notice).to_have_count(0)


def test_from_a_proposal_to_a_patch_undone(page: Desk, server: Server) -> None:
    field(page, "glossary-source").fill("Гаврилюкин")
    field(page, "glossary-target").fill("加夫里柳金")
    page.page.locator("#glossary-status input").click()
    page.page.get_by_role("option", name="待审").click()
    page.page.get_by_test_id("glossary-add").click()
    told(page, "已添加：Гаврилюкин")
    expect(page.page.locator("#glossary-heading")).to_contain_text("第 1 版")
    page.page.locator("#glossary-approve").click()
    told(page, "Гаврилюкин：已批准")
    expect(page.page.locator("#glossary-heading")).to_contain_text("第 2 版")

    article = server.article("Губернатор Гаврилюкин уехал. С Гаврилюкиным уехал и министр.")
    for row, target in zip(
        server.rows(article), ("州长加夫里柳金走了。", "部长同加夫里柳金走了。"), strict=True
    ):
        body = {"target": target, "revision": row["revision"], "action": "save"}
        server.call("PUT", f"/segments/{row['id']}", json=body)
    field(page, "glossary-target").fill("加夫里柳欽")
    expect(field(page, "glossary-remarks")).to_have_value(re.compile("繁体"))
    page.page.locator("#glossary-fix-traditional").click()
    expect(field(page, "glossary-target")).to_have_value("加夫里柳钦")
    expect(page.page.locator("#glossary-differs")).to_be_visible()
    unfold(page, "impact")
    page.page.locator("#glossary-preview").click()
    expect(field(page, "glossary-touched")).to_have_value(re.compile("已改 2"))
    expect(page.page.locator("#glossary-samples")).to_contain_text("部长同加夫里柳钦走了。")
    field(page, "glossary-reason").fill("新华社用字")
    page.page.locator("#glossary-patch").click()
    expect(field(page, "glossary-patched")).to_have_value(re.compile("已替换句段 2 个"))
    assert all("加夫里柳钦" in row["target"] for row in server.rows(article))
    told(page, "已保存")
    page.picture("glossary-impact")
    page.page.locator("#glossary-undo").click()
    expect(field(page, "glossary-patched")).to_have_value(re.compile("还原句段 2 个"))
    assert all("加夫里柳金" in row["target"] for row in server.rows(article))
    expect(field(page, "glossary-target")).to_have_value("加夫里柳金")
    unfold(page, "history")
    versions = page.page.locator("#glossary-versions")
    expect(versions).to_contain_text("加夫里柳金 → 加夫里柳钦")
    expect(versions).to_contain_text("新华社用字")
    section(page, "替换记录")
    expect(page.page.locator("#patches-table")).to_contain_text("Гаврилюкин")


def test_forms_are_struck_and_a_deleted_entry_comes_back(page: Desk, server: Server) -> None:
    heading = page.page.locator("#glossary-heading")
    field(page, "glossary-source").fill("Тaрабукин")  # the second letter is Latin
    field(page, "glossary-target").fill("塔拉布金")
    page.page.locator("#glossary-fix-homoglyphs").click()
    expect(field(page, "glossary-source")).to_have_value("Тарабукин")
    page.page.get_by_test_id("glossary-add").click()
    expect(heading).to_contain_text("第 1 版")
    unfold(page, "forms")
    page.page.get_by_label("Тарабукину", exact=True).uncheck()
    field(page, "glossary-forms-added").fill("Тарабука")
    page.page.locator("#glossary-forms-save").click()
    expect(heading).to_contain_text("第 2 版")
    (entry,) = server.call("GET", "/glossary", params={"query": "Тарабука"})
    forms = server.call("GET", f"/glossary/{entry['id']}")["forms"]
    by_hand = {(text, how) for text, _, how in forms if how != "generated"}
    assert by_hand == {("Тарабука", "added"), ("Тарабукину", "struck")}
    page.page.locator("#glossary-forbid").click()
    expect(page.page.get_by_text("需要说明原因")).to_be_visible()
    page.page.locator("#glossary-delete").click()
    expect(heading).to_contain_text("新条目")
    page.page.locator("#glossary-filter-status input").click()
    page.page.get_by_role("option", name="已删除").click()
    cell(page, "glossary-table", "Тарабукин").click()
    expect(heading).to_contain_text("已删除")
    unfold(page, "history")
    cell(page, "glossary-versions", "1").click()
    restore = page.page.locator("#glossary-restore")
    expect(restore).to_contain_text("恢复第 1 版")
    restore.click()
    expect(heading).to_contain_text("正在编辑")
    assert [
        term["target"] for term in server.call("GET", "/glossary", params={"query": "塔拉布金"})
    ]


def test_an_import_is_previewed_done_and_undone(page: Desk, server: Server, tmp_path: Path) -> None:
    rows = ["ru\tzh\ttype", "Пупырышкин\t普佩雷什金\tperson", "\t某\tterm", "Путин\t普京\tperson"]
    file = tmp_path / "names.tsv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    section(page, "导入与导出")
    expect(page.page.get_by_text("还没有导入过文件")).to_be_visible()
    page.page.locator("#files-upload input[type=file]").set_input_files(file)
    expect(field(page, "files-summary")).to_have_value(
        "names.tsv：将添加 1 条；已有 1 条；与现有条目冲突 0 行；无法使用 1 行。"
    )
    assert server.call("GET", "/glossary", params={"query": "Пупырышкин"}) == []
    with page.page.expect_download() as download:
        page.page.locator("#files-report").click()
    report = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert download.value.suggested_filename == "names.tsv.report.tsv"
    assert [line.split("\t")[:3] for line in report[1:]] == [["names.tsv", "无法使用", "3"]]
    page.picture("glossary-import")
    page.page.locator("#files-import").click()
    told(page, "已导入 1 条")
    assert len(server.call("GET", "/glossary", params={"query": "Пупырышкин"})) == 1
    listed = page.page.locator("#files-imports [role=gridcell]")
    listed.filter(has_text="names.tsv").click()
    undo = page.page.locator("#files-undo")
    expect(undo).to_contain_text(re.compile("撤销导入 i"))
    undo.click()
    told(page, "已撤销 1 条")
    assert server.call("GET", "/glossary", params={"query": "Пупырышкин"}) == []


def test_harvested_pairs_are_judged(page: Desk, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "通报.txt"
    file.write_text(BULLETIN, encoding="utf-8")
    section(page, "待审词对")
    expect(page.page.locator("#queue-count")).to_contain_text("没有词对")
    page.page.locator("#queue-upload input[type=file]").set_input_files(file)
    expect(field(page, "queue-report")).to_have_value(re.compile("新入待审 3"))
    table = page.page.locator("#queue-table")
    expect(table).to_contain_text("Роман Денисов")
    table.locator("[role=gridcell] input[type=checkbox]").first.check()
    cell(page, "queue-table", "Роман Денисов").click()
    expect(field(page, "queue-evidence")).to_have_value(re.compile("阿克套港将扩建"))
    field(page, "queue-target").fill("罗曼·杰尼索夫院士")
    page.picture("glossary-queue")
    page.page.locator("#queue-approve").click()
    told(page, "已采纳：条目 1 个")
    (term,) = server.call("GET", "/glossary", params={"query": "Роман Денисов"})
    assert (term["target"], term["status"]) == ("罗曼·杰尼索夫院士", "approved")
    expect(table).not_to_contain_text("Роман Денисов")
    cell(page, "queue-table", "Алмаз Бактаев").click()
    expect(field(page, "queue-source")).to_have_value("Алмаз Бактаев")
    field(page, "queue-reason").fill("已离任")
    page.page.locator("#queue-refuse").click()
    told(page, "已拒绝 1 对")
    expect(table).not_to_contain_text("Алмаз Бактаев")
    expect(table).to_contain_text("Вода не ждёт")
    page.page.locator("#queue-upload input[type=file]").set_input_files(file)
    expect(field(page, "queue-report")).to_have_value(re.compile("新入待审 0.*曾被拒绝 1"))


def test_an_entry_that_comes_late_never_overwrites_what_was_typed(
    page: Desk, server: Server
) -> None:
    listed = httpx.get(f"{server.url}/config").json()["dependencies"]
    after = {d["id"] for d in listed if str(d["api_name"]).startswith("details")}

    def is_after(request: Any) -> bool:
        return "queue/join" in request.url and json.loads(request.post_data)["fn_index"] in after

    with unanswered(page) as release:
        cell(page, "glossary-table", "АСЕАН").click()
        page.page.wait_for_function("window.wbEntry !== undefined")
        field(page, "glossary-source").press_sequentially("Сидорчукин")
        with page.page.expect_request(is_after):
            assert release()
    expect(field(page, "glossary-source")).to_have_value("Сидорчукин")
    expect(field(page, "glossary-target")).to_have_value("")


def test_what_a_name_says_is_never_run(page: Desk, server: Server) -> None:
    bad = "Злой<img src=x onerror=window.hit=1>${window.hit=1}{{value}}"
    given = {"source": bad, "target": "恶**名**[x](javascript:alert(1))", "note": "<b>$$x$$</b>"}
    made = server.call("POST", "/glossary", json=given)
    field(page, "glossary-search").fill("Злой<img")
    table = page.page.get_by_test_id("glossary-table")
    expect(table).to_contain_text("{{value}}")
    cell(page, "glossary-table", bad).click()
    expect(field(page, "glossary-source")).to_have_value(bad)
    unfold(page, "forms")
    unfold(page, "history")
    expect(page.page.locator("#glossary-versions")).to_contain_text("**名**")
    assert page.page.evaluate("window.hit") is None
    server.call("DELETE", f"/glossary/{made['id']}")


SECTIONS = {
    "light": (("待审词对", "queue"), ("导入与导出", "files")),
    "dark": (("待审词对", "queue"), ("问题", "problems")),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sections_are_accessible_and_fit(browser: Browser, server: Server, scheme: Any) -> None:
    size = {"width": 1100, "height": 800}
    desk = Desk(new_context(browser, color_scheme=scheme, viewport=size), server)
    desk.page.goto(server.url)
    section(desk, "术语表")
    expect(desk.page.get_by_test_id("glossary-table")).to_contain_text("АСЕАН")
    for name, part in SECTIONS[scheme]:
        section(desk, name)
        expect(desk.page.locator(f"#glossary-{part}")).to_be_visible()
        desk.settled()
        answer = Axe().run(desk.page, context=f"#glossary-{part}", options=RULES)
        found = [
            f"{name}: {fault['id']}: {node['html'][:120]}"
            for fault in answer.response["violations"]
            for node in fault["nodes"]
        ]
        assert found == []
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= 1100
    desk.close()
