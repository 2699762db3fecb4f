"""The editor: typing, confirming, keys, input method, conflicts, filters, the panel."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import Desk, Server

pytestmark = pytest.mark.browser


def test_the_hooks_of_the_contract_are_there(desk: Desk, server: Server) -> None:
    desk.open(server.article())
    hooks = "article-list article-new draft-start grid export-menu panel-matches panel-terms"
    hooks += " panel-issues panel-history filter-all filter-unconfirmed filter-issues"
    hooks += " filter-forced filter-machine filter-fuzzy filter-others"
    for hook in hooks.split():
        expect(desk.page.get_by_test_id(hook)).to_be_visible()
    expect(desk.page.get_by_test_id("draft-progress")).to_be_attached()
    desk.page.get_by_test_id("article-new").click()
    for hook in ("article-paste", "article-upload", "article-url"):
        expect(desk.page.get_by_test_id(hook)).to_be_visible()
    expect(desk.row(1).get_by_test_id("source")).to_contain_text("Саммит в Астане")


def test_an_article_is_pasted_read_and_confirmed(desk: Desk, server: Server) -> None:
    desk.open()
    desk.page.get_by_test_id("article-new").click()
    desk.page.get_by_test_id("article-paste").fill("Лавров прибыл в Минск.\n\nВизит начался.")
    desk.page.get_by_test_id("article-url").fill("https://example.org/visit")
    desk.page.get_by_test_id("article-create").click()
    expect(desk.row(1)).to_contain_text("Лавров")
    desk.target(1).click()
    mark = desk.row(1).locator("mark").first
    expect(mark).not_to_have_class("ok")
    desk.type("拉夫罗夫抵达明斯克。")
    expect(mark).to_have_class("ok")
    desk.press("Control+Enter")
    desk.expect_state(1, "confirmed")
    expect(desk.row(2).locator("textarea")).to_be_focused()
    desk.press("Control+Enter")  # an empty target is not confirmed
    expect(desk.page.get_by_test_id("toast")).to_contain_text("第 2 句")
    desk.expect_state(2, "new")


def test_enter_alone_never_confirms(desk: Desk, server: Server) -> None:
    desk.open(server.article())
    desk.target(2).click()
    desk.type("甲")
    desk.press("Enter")
    desk.type("乙")
    assert desk.area.input_value() == "甲乙"
    desk.press("Alt+ArrowDown")
    desk.expect_state(2, "edited")


def test_a_pause_saves_without_moving_anything(desk: Desk, server: Server) -> None:
    article = server.article()
    desk.open(article)
    desk.target(2).click()
    desk.type("自动保存")
    desk.expect_state(2, "edited")
    expect(desk.row(2).locator("textarea")).to_be_focused()
    assert server.rows(article)[1]["target"] == "自动保存"


def test_a_late_answer_leaves_newer_typing_alone(desk: Desk, server: Server) -> None:
    article = server.article()
    desk.open(article)
    held: list[Route] = []

    def first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    desk.page.route("**/api/v1/segments/*", first)
    desk.target(3).click()
    desk.type("先写")
    with desk.page.expect_request("**/api/v1/segments/*"):
        desk.press("Alt+ArrowDown", "Alt+ArrowUp")
    desk.type("后写")
    with desk.page.expect_response("**/api/v1/segments/*"):
        held[0].continue_()
    assert desk.area.input_value() == "先写后写"
    desk.press("Control+Enter")
    desk.expect_state(3, "confirmed")
    assert server.rows(article)[2]["target"] == "先写后写"


def test_an_input_method_keeps_its_keys(desk: Desk, server: Server) -> None:
    desk.open(server.article())
    desk.target(2).click()
    session = desk.context.new_cdp_session(desk.page)
    composing = {"text": "zhong", "selectionStart": 5, "selectionEnd": 5}
    session.send("Input.imeSetComposition", composing)
    desk.press("Enter", "Control+Enter", "Alt+ArrowDown")
    expect(desk.row(2).locator("textarea")).to_be_focused()
    desk.expect_state(2, "new")
    session.send("Input.insertText", {"text": "中"})
    desk.press("Control+Enter")
    desk.expect_state(2, "confirmed")
    expect(desk.target(2)).to_have_text("中")


def test_text_is_text_and_never_a_page(desk: Desk, server: Server) -> None:
    evil = "<img src=x onerror=window.hit=1>${window.hit=2}{{window.hit=3}}"
    article = server.article(
        f"Сегодня в тексте новости встретилось {evil} и ничего не случилось.", title=evil
    )
    desk.open(article)
    desk.target(1).click()
    desk.type(evil)
    desk.press("Control+Enter")
    desk.expect_state(1, "confirmed")
    desk.reload()
    expect(desk.target(1)).to_have_text(evil)
    expect(desk.row(1)).to_contain_text("onerror")
    assert desk.page.evaluate("window.hit") is None


def test_two_people_never_overwrite_each_other(
    desk: Desk, second_desk: Desk, server: Server
) -> None:
    article = server.article()
    desk.open(article)
    second_desk.open(article)
    for n in (2, 3):
        second_desk.target(n).click()
        second_desk.type("他人译文")
        second_desk.press("Control+Enter")
        second_desk.expect_state(n, "confirmed")
    for n in (2, 3):
        desk.target(n).click()
        desk.type("我的译文")
        desk.press("Control+Enter")
        expect(desk.row(n).get_by_test_id("conflict")).to_contain_text("他人译文")
    desk.picture("conflict")
    desk.row(2).get_by_test_id("conflict-theirs").click()
    expect(desk.target(2)).to_have_text("他人译文")
    desk.row(3).get_by_test_id("conflict-mine").click()
    desk.expect_state(3, "confirmed")
    desk.saved(3)
    targets = [row["target"] for row in server.rows(article)]
    assert targets[1:3] == ["他人译文", "我的译文"]


def test_others_rows_arrive_but_not_under_the_hand(
    desk: Desk, second_desk: Desk, server: Server
) -> None:
    article = server.article()
    desk.open(article)
    desk.target(2).click()
    desk.type("我在写")
    rows = server.rows(article)
    for row in rows[1:3]:
        body = {"target": "别人写的", "revision": row["revision"], "action": "save"}
        server.call("PUT", f"/segments/{row['id']}", json=body)
    expect(desk.target(3)).to_have_text("别人写的")
    assert desk.area.input_value() == "我在写"
    expect(desk.row(2).locator("textarea")).to_be_focused()
    expect(desk.row(2).get_by_test_id("conflict")).to_be_visible()


def test_keys_move_lock_and_go(desk: Desk, server: Server) -> None:
    desk.open(server.article())
    desk.press("Alt+ArrowDown")
    expect(desk.row(1).locator("textarea")).to_be_focused()
    desk.press("Alt+ArrowDown", "Alt+ArrowDown", "Alt+ArrowUp")
    expect(desk.row(2).locator("textarea")).to_be_focused()
    desk.press("Alt+g")
    desk.type("5")
    desk.press("Enter")
    expect(desk.row(5).locator("textarea")).to_be_focused()
    desk.press("Alt+l")
    desk.expect_state(5, "locked")
    desk.type("不行")
    assert desk.area.input_value() == ""
    desk.press("Alt+l")
    desk.expect_state(5, "new")
    desk.press("Alt+/")
    expect(desk.page.get_by_test_id("help")).to_contain_text("Ctrl+Enter")
    desk.press("Escape")
    expect(desk.row(5).locator("textarea")).to_be_focused()


def test_a_confirmed_sentence_is_offered_again(desk: Desk, server: Server) -> None:
    first = server.article("Договор вступит в силу весной. Это важный шаг.")
    row = server.rows(first)[0]
    body = {"target": "条约将于春季生效。", "revision": 0, "action": "confirm"}
    server.call("PUT", f"/segments/{row['id']}", json=body)
    desk.open(server.article("Новости дня.\n\nДоговор вступит в силу весной."))
    desk.target(2).click()
    match = desk.page.get_by_test_id("match").first
    expect(match).to_contain_text("条约将于春季生效。")
    assert int(match.get_attribute("data-score") or 0) >= 100
    desk.type("旧")
    desk.press("Alt+1")
    assert desk.area.input_value() == "条约将于春季生效。"
    desk.press("Control+z")
    assert desk.area.input_value() == "旧"
    desk.picture("match")


def test_issues_are_dismissed_by_key_and_stay_so(desk: Desk, server: Server) -> None:
    desk.open(server.article())
    desk.target(4).click()
    desk.type("谈判将持续3天。")
    desk.saved(4)
    issues = desk.page.get_by_test_id("issue")
    expect(issues.first).to_be_visible()
    count = issues.count()
    desk.picture("issues")
    desk.press("Control+Alt+1")
    expect(issues).to_have_count(count - 1)
    desk.reload()
    desk.target(4).click()
    expect(desk.page.get_by_test_id("panel-issues")).to_be_visible()
    expect(issues).to_have_count(count - 1)


def test_history_restores_what_stood_there(desk: Desk, server: Server) -> None:
    desk.open(server.article())
    for text in ("第一版", "第二版"):
        desk.target(2).click()
        desk.press("Control+a")
        desk.type(text)
        desk.press("Control+Enter")
        desk.expect_state(2, "confirmed")
        desk.saved(2)
    desk.target(2).click()
    desk.page.get_by_test_id("restore").first.click()
    expect(desk.area).to_have_value("第一版")
    desk.expect_state(2, "edited")


def test_a_term_is_added_from_the_selection(desk: Desk, server: Server) -> None:
    desk.open(server.article("Глава Хлобыстан Мурзиков выступил. Мурзикову ответили."))
    desk.target(1).click()
    desk.type("穆尔济科夫")
    desk.press("Shift+Home")
    desk.press("Alt+t")
    box = desk.page.get_by_test_id("add-term")
    expect(box.locator("[name=target]")).to_have_value("穆尔济科夫")
    box.locator("[name=source]").fill("Мурзиков")
    box.locator("[name=type]").select_option("person")
    desk.picture("add-term")
    box.get_by_test_id("term-save").click()
    expect(desk.row(1).locator("mark", has_text="Мурзиков")).to_be_visible()
    expect(desk.row(2).locator("mark", has_text="Мурзикову")).to_be_visible()


def test_concordance_of_the_selection(desk: Desk, server: Server) -> None:
    article = server.article("Протокол подписали министры.")
    row = server.rows(article)[0]
    body = {"target": "部长们签署了议定书。", "revision": 0, "action": "confirm"}
    server.call("PUT", f"/segments/{row['id']}", json=body)
    desk.open(article)
    desk.target(1).click()
    desk.press("Control+a", "Alt+k")
    box = desk.page.get_by_test_id("concordance")
    expect(box).to_contain_text("Протокол подписали министры.")


def test_filters_show_what_they_name(desk: Desk, server: Server) -> None:
    article = server.article("Фильтр первый.\n\nФильтр второй.\n\nФильтр третий.\n\nФильтр пятый.")
    server.draft(article, "quick")
    desk.open(article)
    shown = desk.page.locator("[data-testid=row]:visible")
    total = shown.count()
    desk.page.get_by_test_id("filter-machine").click()
    expect(shown).to_have_count(total)
    desk.page.get_by_test_id("filter-all").click()
    desk.target(3).click()
    desk.press("Control+Enter")
    desk.expect_state(3, "confirmed")
    desk.page.get_by_test_id("filter-unconfirmed").click()
    expect(shown).to_have_count(total - 1)
    desk.page.get_by_test_id("filter-fuzzy").click()
    desk.press("Escape")
    expect(shown).to_have_count(1)  # the active row never vanishes under the hand
