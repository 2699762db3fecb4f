"""The name desk as a translator uses it: by keyboard, without losing what is being typed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Desk, Server
from tests.e2e.test_pages import faults

pytestmark = pytest.mark.browser

TEXT = (
    "Новый мост\n\nМинистр {name} открыл мост. Студенты встретили {surname}а цветами. "
    "Дорога ведёт в горы. С {surname}ым говорили журналисты."
)
TYPED = "这是正在输入的译文"


def article(server: Server, given: str, surname: str, draft: bool = True) -> int:
    """Each test has a person of its own: an accepted name is known to all articles."""
    number = server.article(TEXT.format(name=f"{given} {surname}", surname=surname))
    if draft:
        server.draft(number, "quick")
    return number


def name(desk: Desk, text: str) -> Locator:
    return desk.page.locator(f"[data-testid=name][data-name='{text}']")


def in_both_colours(desk: Desk, part: str) -> None:
    """What axe-core says of a part of the page, in light and in dark."""
    for _ in range(2):
        assert faults(desk, part) == []
        desk.page.evaluate("document.body.classList.toggle('dark')")


def test_a_name_is_accepted_into_the_whole_draft_and_taken_back(desk: Desk, server: Server) -> None:
    number = article(server, "Аскар", "Дуйшеналиев")
    before = [row["target"] for row in server.rows(number)]
    desk.open(number)
    item = name(desk, "Аскар Дуйшеналиев")
    expect(item.get_by_test_id("name-count")).to_have_text("×3")
    zh = item.get_by_test_id("name-accept").inner_text()
    surname = zh.split("·")[-1]
    desk.target(4).click()
    desk.type(TYPED)
    desk.press("Alt+a")
    for n, form in ((2, zh), (3, surname), (5, surname)):
        expect(desk.target(n)).to_contain_text(form)
        expect(desk.row(n).locator("mark.ok")).to_have_count(1)
    expect(item).to_have_count(0)
    expect(desk.area).to_be_focused()
    assert desk.area.input_value().endswith(TYPED)
    desk.expect_state(4, "edited")
    desk.reload()
    expect(desk.target(2)).to_contain_text(zh)
    desk.page.get_by_test_id("panel-names").locator("summary").click()
    desk.page.get_by_test_id("name-accepted").filter(has_text="Дуйшеналиев").get_by_test_id(
        "name-undo"
    ).click()
    for n in (2, 3, 5):
        expect(desk.target(n)).to_have_text(before[n - 1])
    expect(name(desk, "Аскар Дуйшеналиев")).to_be_visible()
    expect(desk.target(4)).to_contain_text(TYPED)


def test_the_active_draft_takes_the_name_in(desk: Desk, server: Server) -> None:
    number = article(server, "Эльдар", "Мусабеков")
    desk.open(number)
    zh = name(desk, "Эльдар Мусабеков").get_by_test_id("name-accept").inner_text()
    desk.target(2).click()
    desk.press("Alt+a")
    expect(desk.area).to_have_value(re.compile(re.escape(zh)))
    text = desk.area.input_value()
    desk.press("End")
    desk.type("！")
    desk.press("Control+Enter")
    desk.expect_state(2, "confirmed")
    assert server.rows(number)[1]["target"] == text + "！"


def test_the_list_is_worked_by_keyboard(desk: Desk, server: Server) -> None:
    number = article(server, "Тимофей", "Лузгин", draft=False)
    desk.open(number)
    item = name(desk, "Тимофей Лузгин")
    expect(item).to_be_visible()
    desk.press("Alt+n")
    expect(item).to_be_focused()
    desk.press("Space")
    expect(item.get_by_test_id("name-trace")).to_be_visible()
    desk.press("e")
    expect(item.get_by_test_id("name-zh")).to_be_focused()
    desk.press("Escape")
    expect(item).to_be_focused()
    desk.press("x")
    expect(item).to_have_count(0)
    desk.page.get_by_test_id("toast").get_by_role("button", name="撤销").click()
    expect(item).to_be_visible()
    desk.press("Alt+n", "e")
    item.get_by_test_id("name-zh").fill("季莫费·卢兹金")
    item.get_by_test_id("name-type").select_option("place")
    item.get_by_test_id("name-zh").press("Enter")
    expect(item).to_have_count(0)
    added = server.call("GET", "/glossary", params={"query": "Тимофей Лузгин"})
    assert [(term["target"], term["type"]) for term in added] == [("季莫费·卢兹金", "place")]


def test_the_ledger_shows_and_mends_the_odd_form(desk: Desk, server: Server) -> None:
    number = article(server, "Ерлан", "Сейтжанов", draft=False)
    rows = server.rows(number)
    for n, form in ((1, "叶尔兰·赛特扎诺夫"), (2, "赛特扎诺夫"), (4, "赛伊特让诺夫")):
        body = {"target": f"{form}。", "revision": rows[n]["revision"]}
        server.call("PUT", f"/segments/{rows[n]['id']}", json=body)
    desk.open(number)
    expect(name(desk, "Ерлан Сейтжанов")).to_be_visible()
    desk.press("Alt+n", "Space")
    in_both_colours(desk, "[data-testid=panel-names]")
    desk.picture("names")
    desk.press("Alt+o")
    row = desk.page.locator("[data-testid=ledger-name][data-name='Ерлан Сейтжанов']")
    expect(row).to_have_attribute("data-consistent", "no")
    odd = row.locator("[data-testid=ledger-form][data-right=no]")
    expect(odd).to_contain_text("赛伊特让诺夫")
    in_both_colours(desk, "[data-testid=ledger]")
    desk.picture("ledger")
    odd.get_by_test_id("ledger-fix").click()
    expect(row).to_have_attribute("data-consistent", "yes")
    desk.press("Escape")
    expect(desk.target(5)).to_have_text("赛特扎诺夫。")


def test_an_article_without_unknown_names_says_so(desk: Desk, server: Server) -> None:
    desk.open(server.article("Мост открыли утром. Дорога ведёт в горы."))
    expect(desk.page.get_by_test_id("panel-names")).to_contain_text("没有未收录的人名")
