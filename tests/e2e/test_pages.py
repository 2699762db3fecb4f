"""The pages around the editor: glossary, memory, evaluation, settings; languages, sizes, axe."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Desk, Server, new_context

pytestmark = pytest.mark.browser
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
FADED = """() => Promise.allSettled(
    document.getAnimations()
        .filter((each) => each.effect.getComputedTiming().endTime < Infinity)
        .map((each) => each.finished)
)"""


def faults(desk: Desk, part: str) -> list[str]:
    """What axe-core finds in a part of the page, once nothing there fades in or out any more."""
    desk.settled()
    desk.page.evaluate(FADED)
    found = Axe().run(desk.page, context=part, options=RULES).response["violations"]
    return [f"{v['id']}: {node['html'][:150]}" for v in found for node in v["nodes"]]


def tab(desk: Desk, name: str) -> None:
    desk.page.get_by_role("tab", name=name).click()


def test_a_term_is_added_found_changed_and_deleted(desk: Desk, server: Server) -> None:
    desk.open()
    tab(desk, "术语表")
    table = desk.page.get_by_test_id("glossary-table")
    expect(table).to_contain_text("АСЕАН")
    desk.settled()  # a page that is just being filled is drawn once more
    desk.page.locator("#glossary-source textarea, #glossary-source input").fill("Тарабухин")
    desk.page.locator("#glossary-target textarea, #glossary-target input").fill("塔拉布欣")
    desk.page.get_by_test_id("glossary-add").click()
    expect(desk.page.get_by_text("已添加：Тарабухин")).to_be_visible()
    search = desk.page.locator("#glossary-search textarea, #glossary-search input")
    search.fill("Тарабухин")
    expect(table).not_to_contain_text("АСЕАН")
    found = server.call("GET", "/glossary", params={"query": "Тарабухиным"})
    assert [term["target"] for term in found] == ["塔拉布欣"]
    target = desk.page.locator("#glossary-target textarea, #glossary-target input")
    target.fill("")
    table.locator("[role=gridcell]", has_text="Тарабухин").first.click()
    expect(target).to_have_value("塔拉布欣")
    target.fill("塔拉布辛")
    desk.page.locator("#glossary-save").click()
    expect(desk.page.get_by_text("已保存：Тарабухин")).to_be_visible()
    expect(table).to_contain_text("塔拉布辛")  # the page is done with saving
    desk.picture("glossary")
    desk.page.locator("#glossary-delete").click()
    expect(desk.page.get_by_text("已删除：Тарабухин")).to_be_visible()
    assert server.call("GET", "/glossary", params={"query": "Тарабухин"}) == []


def test_the_memory_is_searched(desk: Desk, server: Server) -> None:
    row = server.rows(server.article("Вокзал закрыли на ремонт до весны."))[0]
    body = {"target": "车站关闭维修至春季。", "revision": 0, "action": "confirm"}
    server.call("PUT", f"/segments/{row['id']}", json=body)
    desk.open()
    tab(desk, "翻译记忆")
    desk.page.locator("#memory-text textarea, #memory-text input").fill(
        "Вокзал закрыли на ремонт до лета."
    )
    desk.page.locator("#memory-search").click()
    expect(desk.page.locator("#memory-matches")).to_contain_text("车站关闭维修至春季。")
    desk.page.get_by_test_id("concordance-text").fill("вокзала")
    desk.page.get_by_test_id("concordance-run").click()
    unit = desk.page.get_by_test_id("concordance-unit")
    expect(unit).to_contain_text("车站关闭维修至春季。")
    expect(unit.locator("mark").first).to_have_text("Вокзал")
    desk.picture("memory")


def test_evaluation_and_settings_open(desk: Desk, server: Server) -> None:
    desk.open()
    tab(desk, "评测")
    expect(desk.page.get_by_test_id("evaluate-run")).to_be_visible()
    tab(desk, "设置与帮助")
    expect(desk.page.get_by_text("确认并跳到下一个未确认句段")).to_be_visible()
    desk.picture("settings")


BAD_FILES = {
    "empty.txt": (b"", "空"),
    "picture.docx": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture.docx"),
    "english.txt": (b"Nothing Russian in here at all.", "俄"),
    "broken.docx": (b"PK\x03\x04" + bytes(500), "broken.docx"),
    "binary.txt": (random.Random(5).randbytes(4000), "binary.txt"),
    "encoding.txt": ("总统抵达比什凯克，会谈持续三小时。".encode("gb18030"), "encoding.txt"),
    "long.txt": ("Слово. ".encode() * 400_000, "字符"),
    "huge.txt": (b"x" * (50 << 20), "MB"),
}


def test_a_bad_file_is_explained_and_the_form_stays(
    desk: Desk, server: Server, tmp_path: Path
) -> None:
    desk.open()
    desk.page.get_by_test_id("article-new").click()
    desk.page.get_by_test_id("article-title").fill("标题还在")
    for name, (content, said) in BAD_FILES.items():
        (tmp_path / name).write_bytes(content)
        desk.page.get_by_test_id("article-upload").set_input_files(tmp_path / name)
        desk.page.get_by_test_id("article-create").click()
        expect(desk.page.get_by_test_id("article-problem")).to_contain_text(said)
        expect(desk.page.get_by_test_id("article-title")).to_have_value("标题还在")
    desk.picture("bad-file")


def test_one_line_of_200_000_characters_becomes_segments(
    desk: Desk, server: Server, tmp_path: Path
) -> None:
    line = ("Министр заявил, что договор подпишут, " * 6000)[:200_000]
    (tmp_path / "line.txt").write_text(line, encoding="utf-8")
    desk.open()
    desk.page.get_by_test_id("article-new").click()
    desk.page.get_by_test_id("article-upload").set_input_files(tmp_path / "line.txt")
    desk.page.get_by_test_id("article-create").click()
    expect(desk.row(200)).to_be_attached()


@pytest.mark.parametrize(
    ("locale", "draft", "glossary"),
    [
        ("zh-CN", "机器初译", "术语表"),
        ("ru-RU", "Черновой перевод", "Глоссарий"),
        ("en-GB", "Draft", "Glossary"),
    ],
)
def test_the_page_speaks_the_browsers_language(
    browser: Browser, server: Server, locale: str, draft: str, glossary: str
) -> None:
    desk = Desk(new_context(browser, locale=locale), server)
    desk.open()
    expect(desk.page.get_by_test_id("draft-start")).to_have_text(draft)
    expect(desk.page.get_by_role("tab", name=glossary)).to_be_visible()
    desk.picture(f"language-{locale[:2]}")
    desk.close()


def test_a_chosen_language_goes_before_the_browsers(desk: Desk, server: Server) -> None:
    desk.open()
    desk.page.locator(".wb-top select").select_option("ru")
    expect(desk.page.get_by_test_id("draft-start")).to_have_text("Черновой перевод")
    expect(desk.page.get_by_role("tab", name="Глоссарий")).to_be_visible()


@pytest.fixture(params=["light", "dark"])
def coloured(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Desk]:
    desk = Desk(new_context(browser, color_scheme=request.param), server)
    yield desk
    desk.close()


def test_the_editor_is_accessible_in_light_and_dark(coloured: Desk, server: Server) -> None:
    desk = coloured
    article = server.article(outlet="Издание", date="2026-11-01")
    server.draft(article, "quick")
    desk.open(article)
    desk.target(2).click()
    desk.press("Control+Enter")
    desk.expect_state(2, "confirmed")
    desk.target(4).click()
    desk.type("谈判持续3天")
    desk.saved(4)
    expect(desk.page.get_by_test_id("issue").first).to_be_visible()
    desk.picture(f"editor-{'dark' if desk.page.locator('body.dark').count() else 'light'}")
    assert faults(desk, ".wb") == []
    assert faults(desk, ".wb-top") == []
    desk.press("Alt+t")
    expect(desk.page.get_by_test_id("add-term")).to_be_visible()
    assert faults(desk, ".wb-dialog") == []


def test_the_other_pages_are_accessible(desk: Desk, server: Server) -> None:
    desk.open()
    for name, part in (("术语表", "glossary"), ("翻译记忆", "memory"), ("设置与帮助", "settings")):
        tab(desk, name)
        expect(desk.page.locator(f"#tab-{part} table").first).to_be_attached()
        assert faults(desk, f"#tab-{part}") == []


def test_a_telephone_is_wide_enough(browser: Browser, server: Server) -> None:
    desk = Desk(new_context(browser, viewport={"width": 390, "height": 844}), server)
    long = "Оченьдлинноесловобезпробелов" * 12
    article = server.article(
        f"Заголовок новости\n\n{long} и ещё текст. Второе предложение.", title=long
    )
    desk.open(article)
    desk.target(2).click()
    desk.type("很长" * 60)
    width = desk.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    box = desk.area.bounding_box()
    assert box is not None
    assert box["width"] > 200
    desk.picture("telephone")
    desk.close()


def test_the_page_says_what_to_do_when_there_is_no_article(desk: Desk, server: Server) -> None:
    desk.page.route(re.compile("/api/v1/articles$"), lambda route: route.fulfill(json=[]))
    desk.page.goto(server.url)
    expect(desk.page.get_by_text("还没有打开的文章")).to_be_visible()
    desk.picture("empty")
    desk.page.get_by_test_id("article-new").click()
    expect(desk.page.get_by_test_id("article-paste")).to_be_focused()
