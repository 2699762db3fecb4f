"""Nothing typed is lost: a lost network, a killed server, a closed tab, a restarted worker."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.conftest import Desk, Server

pytestmark = pytest.mark.browser


def test_a_lost_network_keeps_the_text_and_saves_it_later(desk: Desk, server: Server) -> None:
    article = server.article()
    desk.open(article)
    desk.settled()
    desk.target(2).click()
    desk.context.set_offline(True)
    desk.type("断网时写的")
    desk.press("Control+Enter")
    expect(desk.row(2)).to_have_attribute("data-sync", "error")
    expect(desk.page.get_by_test_id("toast").first).to_contain_text("第 2 句")
    expect(desk.target(2)).to_have_text("断网时写的")
    desk.picture("offline")
    desk.context.set_offline(False)
    desk.expect_state(2, "confirmed")
    desk.saved(2)
    assert server.rows(article)[1]["target"] == "断网时写的"


def test_a_tab_closed_in_mid_word_gives_the_text_back(desk: Desk, server: Server) -> None:
    article = server.article()
    desk.open(article)
    desk.settled()
    desk.context.set_offline(True)
    desk.target(2).click()
    desk.type("没来得及保存")
    desk.page.close(run_before_unload=False)
    desk.context.set_offline(False)
    desk.page = desk.context.new_page()
    desk.open(article)
    expect(desk.page.get_by_test_id("toast").first).to_contain_text("找回")
    expect(desk.target(2)).to_have_text("没来得及保存")
    desk.expect_state(2, "edited")
    assert server.rows(article)[1]["target"] == "没来得及保存"


def test_leaving_with_unsaved_text_asks(desk: Desk, server: Server) -> None:
    desk.open(server.article())
    desk.page.route("**/api/v1/segments/*", lambda route: route.abort())
    desk.target(2).click()
    desk.type("别丢")
    asked: list[str] = []

    def stay(dialog) -> None:  # type: ignore[no-untyped-def]
        asked.append(dialog.type)
        dialog.accept()

    desk.page.on("dialog", stay)
    desk.page.reload()
    assert asked == ["beforeunload"]


def test_a_killed_server_gives_everything_back(
    own_server: Server, other_context: BrowserContext
) -> None:
    """Text, confirmed rows and the running draft survive kill -9 of the server."""
    desk = Desk(other_context, own_server)
    article = own_server.article("\n\n".join(f"Новость номер {n} за сегодня." for n in range(24)))
    desk.open(article)
    desk.target(1).click()
    desk.type("杀掉之前确认的")
    desk.press("Control+Enter")
    desk.expect_state(1, "confirmed")
    desk.page.get_by_test_id("draft-engine").select_option("slow")
    desk.page.get_by_test_id("draft-start").click()
    expect(desk.page.get_by_test_id("draft-progress")).to_contain_text("/ 24")
    own_server.kill()
    desk.target(2).click()
    desk.type("杀掉之后写的")
    desk.press("Alt+ArrowDown")
    expect(desk.row(2)).to_have_attribute("data-sync", "error")
    own_server.start()
    desk.expect_state(2, "edited")
    desk.expect_state(24, "drafted")
    desk.reload()
    expect(desk.target(1)).to_have_text("杀掉之前确认的")
    expect(desk.target(2)).to_have_text("杀掉之后写的")
    desk.expect_state(1, "confirmed")
    assert all(row["target"] for row in own_server.rows(article))
    desk.close()


def test_drafting_goes_on_without_a_browser_and_can_be_cancelled(
    desk: Desk, server: Server
) -> None:
    article = server.article("\n\n".join(f"Сообщение номер {n}." for n in range(90)))
    desk.open(article)
    desk.page.get_by_test_id("draft-engine").select_option("slow")
    desk.page.get_by_test_id("draft-start").click()
    progress = desk.page.get_by_test_id("draft-progress")
    expect(progress).to_be_visible()
    desk.target(1).click()
    desk.type("边译边改")
    desk.expect_state(3, "drafted")
    assert desk.area.input_value() == "边译边改"
    expect(desk.row(1).locator("textarea")).to_be_focused()
    desk.picture("drafting")
    desk.page.get_by_test_id("draft-cancel").click()
    expect(progress).to_be_hidden()
    expect(desk.page.get_by_test_id("draft-start")).to_be_visible()
    job = server.call("GET", f"/articles/{article}/job")
    assert job["state"] == "cancelled"
    before, drafted = -1, 0
    while drafted != before:  # what was on its way comes to its end, and nothing follows it
        before = drafted
        time.sleep(1)
        drafted = sum(row["state"] == "drafted" for row in server.rows(article))
    assert drafted < 90


def test_an_engine_that_fails_says_what_to_do(desk: Desk, server: Server) -> None:
    article = server.article()
    desk.open(article)
    desk.page.get_by_test_id("draft-engine").select_option("broken")
    desk.page.get_by_test_id("draft-start").click()
    expect(desk.page.locator(".wb-toast.error")).to_be_visible()
    assert server.call("GET", f"/articles/{article}/job")["state"] == "failed"
    desk.picture("engine-failed")
