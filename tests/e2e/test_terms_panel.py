"""Terms beside the text: a missing one is put in or left out with a reason, a name is decided."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Desk, Server
from tests.e2e.test_pages import faults

pytestmark = pytest.mark.browser

TEXT = "Лавров прибыл в Минск.\n\nТокаева и Путин молчат о встрече в Бишкеке."


def term(desk: Desk, source: str) -> Locator:
    return desk.page.get_by_test_id("term").filter(has_text=source)


def test_a_missing_term_is_put_in_or_left_out_with_a_reason(desk: Desk, server: Server) -> None:
    article = server.article(TEXT)
    desk.open(article)
    desk.target(1).click()
    desk.type("外长抵达。")
    expect(term(desk, "Лавров")).to_have_attribute("data-ok", "no")
    term(desk, "Лавров").get_by_test_id("term-put").click()
    expect(term(desk, "Лавров")).to_have_attribute("data-ok", "yes")
    expect(desk.area).to_be_focused()
    assert "拉夫罗夫" in desk.area.input_value()
    desk.press("Control+z")
    expect(term(desk, "Лавров")).to_have_attribute("data-ok", "no")
    desk.press("Control+Shift+z")
    expect(term(desk, "Лавров")).to_have_attribute("data-ok", "yes")

    term(desk, "Минск").get_by_test_id("term-override").click()
    expect(desk.page.get_by_test_id("term-why")).to_be_focused()
    desk.press("Escape")
    expect(desk.page.get_by_test_id("term-why")).to_have_count(0)
    expect(desk.area).to_be_focused()
    term(desk, "Минск").get_by_test_id("term-override").click()
    desk.type("上文已提到")
    desk.picture("terms-override")
    assert faults(desk, ".wb-panel") == []
    desk.press("Enter")
    expect(term(desk, "Минск")).to_have_attribute("data-ok", "waived")
    expect(term(desk, "Минск").get_by_test_id("term-reason")).to_contain_text("上文已提到")
    expect(desk.page.get_by_test_id("issue").filter(has_text="明斯克")).to_have_count(0)
    expect(desk.row(1).locator("mark").nth(1)).to_have_attribute("data-found", "waived")
    stored = server.rows(article)[0]
    assert [hit["state"] for hit in stored["hits"]] == ["honoured", "overridden"]
    assert "拉夫罗夫" in stored["target"]  # what was typed was saved before the decision

    # An edit that takes a term out shows at once, before anything is saved, and after.
    desk.area.fill("外长抵达。")
    expect(term(desk, "Лавров")).to_have_attribute("data-ok", "no")
    desk.press("Control+Enter")
    desk.expect_state(1, "confirmed")
    desk.target(1).click()
    expect(desk.page.get_by_test_id("issue").filter(has_text="拉夫罗夫")).to_be_visible()


def test_an_uncertain_name_is_decided_for_the_segment(desk: Desk, server: Server) -> None:
    article = server.article(TEXT)
    desk.open(article)
    desk.target(2).click()
    desk.type("她和普京对比什凯克会晤保持沉默。")
    uncertain = term(desk, "Токаев")
    expect(uncertain.get_by_test_id("term-choice")).to_be_visible()
    desk.picture("terms-uncertain")
    assert faults(desk, ".wb-panel") == []
    uncertain.get_by_test_id("term-accept").first.click()
    expect(uncertain).to_have_attribute("data-found", "found")
    expect(uncertain).to_have_attribute("data-ok", "no")
    expect(desk.page.get_by_test_id("issue").filter(has_text="托卡耶夫")).to_be_visible()
    uncertain.get_by_test_id("term-reopen").click()
    uncertain.get_by_test_id("term-reject").click()
    expect(uncertain).to_have_attribute("data-ok", "rejected")
    desk.picture("terms-rejected")
    expect(desk.page.get_by_test_id("issue").filter(has_text="托卡耶夫")).to_have_count(0)
    desk.reload()
    desk.target(2).click()
    expect(uncertain.get_by_test_id("term-decided")).to_be_visible()
    assert server.rows(article)[1]["hits"][0]["choice"] == "rejected"


def test_a_forced_term_waits_for_a_person(desk: Desk, server: Server) -> None:
    article = server.article(TEXT)
    server.draft(article, "quick")  # the stub knows no names
    rows = server.rows(article)
    assert {hit["method"] for hit in rows[0]["hits"]} == {"forced"}
    assert {row["state"] for row in rows} == {"drafted"}
    desk.open(article)
    badge = desk.row(1).locator(".wb-badge.forced")
    expect(badge).to_be_visible()
    desk.page.get_by_test_id("filter-forced").click()
    expect(desk.row(1)).to_be_visible()
    desk.target(1).click()
    desk.press("Control+Enter")
    desk.expect_state(1, "confirmed")
    expect(badge).to_have_count(0)
    # The record of who put it there stays.
    assert {hit["method"] for hit in server.rows(article)[0]["hits"]} == {"forced"}
