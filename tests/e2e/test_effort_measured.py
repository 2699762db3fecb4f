"""Effort measured in the editor: input method, idle time, hidden tab, leaving the page."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from tests.e2e.conftest import Desk, Server

pytestmark = pytest.mark.browser

HIDE = """(hidden) => {
  Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def compose(session: CDPSession, letters: str, *, commit: str) -> None:
    """Type as a Chinese input method does: letters under composition, then characters."""
    for k in range(1, len(letters) + 1):
        composing = {"text": letters[:k], "selectionStart": k, "selectionEnd": k}
        session.send("Input.imeSetComposition", composing)
    session.send("Input.insertText", {"text": commit})


def sums(server: Server, article: int) -> dict[str, Any]:
    report = server.call("GET", "/efforts", params={"by": "article", "article": article})
    found: dict[str, Any] = report["total"]
    return found


def arrived(server: Server, article: int, stretches: int) -> dict[str, Any]:
    """What the server knows once so many stretches are there."""
    for _ in range(300):
        found = sums(server, article)
        if found["stretches"] >= stretches:
            break
        time.sleep(0.1)
    assert found["stretches"] == stretches
    return found


def test_what_an_input_method_composes_counts_once_and_idle_time_not_at_all(
    desk: Desk, server: Server
) -> None:
    article = server.article()
    desk.page.clock.install()
    desk.open(article)
    expect(desk.page.get_by_test_id("effort-open")).to_be_visible()
    desk.target(2).click()
    session = desk.context.new_cdp_session(desk.page)
    compose(session, "zhongguo", commit="中国")
    compose(session, "ren", commit="人人")
    desk.press("Backspace", "1", "Shift+B", "ArrowLeft")
    desk.page.clock.fast_forward(31_000)  # away from the desk
    desk.press("3")
    desk.page.clock.fast_forward(5_000)  # thinking
    desk.press("4")
    expect(desk.row(2).locator("textarea")).to_have_value("中国人134B")
    desk.press("Control+Enter")
    desk.expect_state(2, "confirmed")
    found = arrived(server, article, 1)
    assert found["keystrokes"] == 2 + 6  # two commits, six keys; Shift alone is none
    assert (found["inserted"], found["deleted"]) == (2 + 2 + 4, 1)
    assert found["pauses"] == 1
    assert 5_000 <= found["active_ms"] < 31_000
    assert found["elapsed_ms"] >= 36_000
    (row,) = server.call("GET", "/efforts", params={"by": "engine", "article": article})["rows"]
    assert (row["segments"], row["people"], row["hter"]) == (1, 1, None)  # there was no draft


def test_a_hidden_tab_does_no_work_and_its_figures_are_sent_at_once(
    desk: Desk, server: Server
) -> None:
    article = server.article()
    desk.page.clock.install()
    desk.open(article)
    desk.target(2).click()
    desk.press("1")
    with desk.page.expect_request("**/api/v1/efforts") as sent:
        desk.page.evaluate(HIDE, True)
    assert sent.value.resource_type in ("ping", "beacon", "other")
    desk.page.clock.fast_forward(20_000)
    desk.page.evaluate(HIDE, False)
    desk.press("2")
    desk.press("Control+Enter")
    desk.expect_state(2, "confirmed")
    found = arrived(server, article, 2)  # the first was sent twice and counts once
    assert (found["keystrokes"], found["inserted"]) == (2, 2)
    assert found["elapsed_ms"] < 20_000


def test_a_cancelled_composition_and_inserted_text_are_no_keys_and_leaving_loses_no_figures(
    desk: Desk, server: Server
) -> None:
    article = server.article()
    desk.open(article)
    desk.target(3).click()
    session = desk.context.new_cdp_session(desk.page)
    session.send("Input.imeSetComposition", {"text": "bu", "selectionStart": 2, "selectionEnd": 2})
    session.send("Input.imeSetComposition", {"text": "", "selectionStart": 0, "selectionEnd": 0})
    desk.type("整句插入😀")  # not typed by keys: as pasted, or put in by a click
    desk.press("Backspace")
    desk.expect_state(3, "edited")
    desk.saved(3)
    desk.page.goto("about:blank")
    found = arrived(server, article, 1)
    assert (found["keystrokes"], found["inserted"], found["deleted"]) == (1, 5, 1)


def test_a_translator_sees_their_own_figures(desk: Desk, server: Server) -> None:
    article = server.article(title="Учёт труда")
    server.draft(article, "quick")
    desk.open(article)
    desk.target(2).click()
    desk.press("End", "7", "Control+Enter")
    desk.expect_state(2, "confirmed")
    arrived(server, article, 1)
    desk.page.get_by_test_id("effort-open").click()
    row = desk.page.get_by_test_id("effort-row").filter(has_text="Учёт труда")
    expect(row).to_contain_text("n=1")
    expect(desk.page.get_by_test_id("effort")).to_contain_text("30 秒以上")
    expect(desk.page.get_by_test_id("effort")).to_contain_text("unit:char")
    desk.page.get_by_test_id("effort-by").select_option("engine")
    expect(desk.page.get_by_test_id("effort-row").filter(has_text="quick")).to_be_visible()
    with desk.page.expect_download() as download:
        desk.page.get_by_test_id("effort-csv").click()
    assert download.value.suggested_filename == "effort-engine.csv"
