"""The memory beside the text: why a match is offered, fragments, repeats, analysis before work."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Desk, Server
from tests.e2e.test_pages import faults

pytestmark = pytest.mark.browser


def known(server: Server, *pairs: tuple[str, str]) -> None:
    """Put pairs into the memory: confirmed in an article of their own."""
    article = server.article("\n\n".join(source for source, _ in pairs))
    for row, (_, target) in zip(server.rows(article), pairs, strict=True):
        body = {"target": target, "revision": row["revision"], "action": "confirm"}
        server.call("PUT", f"/segments/{row['id']}", json=body)


def matches(desk: Desk) -> Locator:
    return desk.page.get_by_test_id("match")


def test_a_match_says_why(desk: Desk, server: Server) -> None:
    known(
        server,
        ("Добыча угля выросла на 5 млн тонн.", "煤炭开采量增长500万吨。"),
        ("Посол Казахстана не приехал на ярмарку мёда.", "哈国大使未出席蜂蜜展销会。"),
        (
            "Гости ушли рано, но повара приготовили праздничный обед на веранде.",
            "客人走得早，但厨师在露台上备好了节日午餐。",
        ),
        ("Шёл дождь, и музыканты играли весёлые песни на площади.", "雨中，乐手们，仍奏欢歌。"),
    )
    server.call("POST", "/glossary", json={"source": "ярмарка мёда", "target": "蜂蜜博览会"})
    term = server.call("GET", "/glossary", params={"query": "ярмарка мёда"})[0]
    change = {"forbidden": ["蜂蜜展销会"], "revision": term["revision"]}
    server.call("PATCH", f"/glossary/{term['id']}", json=change)
    article = server.article(
        "Добыча угля выросла на 7 млн тонн.\n\nПосол Казахстана приехал на ярмарку мёда.\n\n"
        "Ближе к вечеру, как обычно, повара приготовили праздничный обед на веранде.\n\n"
        "Все радовались, музыканты играли весёлые песни на площади, а дети танцевали."
    )
    desk.open(article)

    desk.target(1).click()
    slot = matches(desk).first
    expect(slot).to_have_attribute("data-score", "99")
    expect(slot.locator(".wb-put")).to_have_text("700万")
    expect(slot.locator(".wb-put")).to_have_attribute("title", "500万 → 700万")
    desk.press("Alt+1")
    expect(desk.area).to_have_value("煤炭开采量增长700万吨。")

    desk.target(2).click()
    outdated = matches(desk).first
    expect(outdated.locator("[data-flag=negation]")).to_contain_text("−не")
    expect(outdated.locator("[data-flag=deprecated]")).to_be_visible()
    expect(outdated.get_by_test_id("match-why")).to_contain_text("− 5 (旧译名)")
    expect(outdated.get_by_test_id("match-outdated")).to_contain_text("蜂蜜展销会 → 蜂蜜博览会")
    expect(outdated.locator(".wb-proposal del")).to_have_text("蜂蜜展销会")
    title = outdated.locator(".wb-score").get_attribute("title") or ""
    assert "OmegaT" in title
    assert "− 5" in title
    desk.picture("matches-outdated")
    assert faults(desk, "[data-testid=panel-matches]") == []
    desk.press("Alt+1")
    expect(desk.area).to_have_value("哈国大使未出席蜂蜜博览会。")

    desk.target(3).click()
    desk.type("傍晚，")
    fragment = matches(desk).first
    expect(fragment).to_have_attribute("data-how", "fragment")
    expect(fragment.locator("mark")).to_have_text("повара приготовили праздничный обед на веранде")
    desk.press("Alt+1")
    expect(desk.area).to_have_value("傍晚，但厨师在露台上备好了节日午餐")

    desk.target(4).click()
    whole = matches(desk).first
    expect(whole).to_contain_text("雨中，乐手们，仍奏欢歌。")
    expect(whole.locator("kbd")).to_have_count(0)
    desk.press("Alt+1")
    expect(desk.area).to_have_value("")
    desk.picture("matches-fragment")
    assert faults(desk, "[data-testid=panel-matches]") == []


REPEATED = "Делегации посадили у входа молодой кедр."
TEXT = "\n\n".join(["Утро.", REPEATED, "День.", REPEATED, "Вечер.", REPEATED])


def test_repeats_follow_a_confirm(desk: Desk, server: Server) -> None:
    article = server.article(TEXT)
    desk.open(article)
    expect(desk.page.get_by_test_id("filter-repeats")).to_contain_text("3")
    desk.target(2).click()
    desk.type("各代表团在入口处种下一棵小雪松。")
    desk.press("Control+Enter")
    bar = desk.page.get_by_test_id("repeats")
    expect(bar.get_by_test_id("repeats-said")).to_have_text("第 2 段有重复句 2 处 · 已填入 2 处")
    expect(desk.target(6)).to_have_text("各代表团在入口处种下一棵小雪松。")
    desk.expect_state(4, "drafted")
    expect(desk.area).to_be_focused()

    bar.get_by_test_id("repeats-undo").click()
    desk.expect_state(4, "new")
    expect(desk.target(6)).to_have_text("")
    expect(desk.area).to_be_focused()

    desk.press("Alt+r")
    boxes = bar.get_by_role("checkbox")
    expect(boxes.first).to_be_focused()
    boxes.nth(1).check()
    desk.picture("repeats-choose")
    assert faults(desk, "[data-testid=repeats]") == []
    bar.get_by_test_id("repeats-apply").click()
    desk.expect_state(6, "drafted")
    desk.expect_state(4, "new")
    assert [row["state"] for row in server.rows(article)] == [
        "new",
        "confirmed",
        "new",
        "new",
        "new",
        "drafted",
    ]

    desk.page.get_by_test_id("filter-repeats").click()
    expect(desk.row(6)).to_be_visible()
    expect(desk.row(5)).to_be_hidden()


def test_a_draft_elsewhere_is_proposed_and_the_choice_remembered(
    desk: Desk, server: Server
) -> None:
    article = server.article(TEXT)
    server.draft(article, "quick")
    drafted = server.rows(article)[3]["target"]
    desk.open(article)
    desk.target(2).click()
    desk.area.fill("代表团种下雪松。")
    desk.press("Control+Enter")
    bar = desk.page.get_by_test_id("repeats")
    expect(bar.get_by_test_id("repeats-said")).to_contain_text("上下文不同 2 处")
    expect(desk.target(6)).to_have_text(drafted)
    desk.picture("repeats-proposed")
    bar.get_by_test_id("repeats-all").click()
    expect(desk.target(6)).to_have_text("代表团种下雪松。")
    expect(bar.get_by_test_id("repeats-said")).to_contain_text("已填入 2 处")
    bar.get_by_test_id("repeats-mode").select_option("all")
    desk.reload()
    assert desk.page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('wb:repeats:'))")
    other = server.article(TEXT.replace("Утро", "Рассвет"))
    server.draft(other, "quick")
    desk.open(other)
    desk.target(2).click()
    desk.area.fill("各方种树。")
    desk.press("Control+Enter")
    expect(desk.target(6)).to_have_text("各方种树。")


def test_what_the_memory_knows_before_work(desk: Desk, server: Server) -> None:
    known(server, ("Лесники пересчитали всех оленей заповедника.", "护林员清点了保护区所有的鹿。"))
    article = server.article(
        "Лесники пересчитали всех оленей заповедника.\n\nДети рисовали птиц.\n\n"
        "Лесники пересчитали всех оленей заповедника.\n\nДети рисовали рыб."
    )
    desk.open(article)
    desk.page.get_by_test_id("analysis-open").click()
    table = desk.page.get_by_test_id("analysis-table")

    def segments(band: str) -> Locator:
        return table.locator(f"[data-band='{band}'] td").first

    expect(segments("repetitions")).to_have_text("1")
    expect(segments("100")).to_have_text("1")
    expect(segments("total")).to_have_text("4")
    desk.page.get_by_test_id("analysis-internal").check()
    expect(table.locator("[data-band^='internal']")).to_have_count(4)
    desk.picture("analysis")
    assert faults(desk, "[data-testid=analysis]") == []
    desk.press("Escape")
    expect(desk.page.get_by_test_id("analysis")).to_have_count(0)
