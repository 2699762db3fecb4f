"""No click is lost on a busy page: late streams, quick choices, clicks upon clicks."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Desk, Server, unanswered

pytestmark = pytest.mark.browser
# Every piece of an answer reaches the page late, as on a machine with other work to do: questions
# are then asked while the stream of answers is already at its end.
LATE = """(() => {
    const ask = window.fetch;
    const late = () => new TransformStream({
        async transform(piece, out) {
            await new Promise((done) => setTimeout(done, 200));
            out.enqueue(piece);
        },
    });
    window.fetch = async (input, init) => {
        const answer = await ask(input, init);
        if (!String(input.url ?? input).includes('/queue/data')) return answer;
        return new Response(answer.body.pipeThrough(late()), answer);
    };
})();"""


def field(desk: Desk, name: str) -> Locator:
    return desk.page.locator(f"#glossary-{name} textarea, #glossary-{name} input").first


def cell(desk: Desk, text: str) -> Locator:
    return desk.page.locator("#glossary-table [role=gridcell]").get_by_text(text, exact=True)


def open_glossary(desk: Desk, server: Server, source: str) -> None:
    """Open the page with the entries whose Russian side begins with *source*."""
    desk.page.goto(server.url)
    desk.page.get_by_role("tab", name="术语表", exact=True).click()
    field(desk, "search").fill(source)
    expect(cell(desk, f"{source}ов")).to_be_visible()
    desk.settled()


@pytest.fixture
def entries(server: Server) -> Iterator[dict[str, int]]:
    """Two entries of the test's own; what a test deletes is gone already."""
    named = {"Бугрилинов": "布格里利诺夫", "Бугрилинин": "布格里利宁"}
    made = {}
    for source, target in named.items():
        given = {"source": source, "target": target, "type": "person"}
        made[source] = server.call("POST", "/glossary", json=given)["id"]
    yield made
    for number in made.values():
        httpx.delete(f"{server.url}/api/v1/glossary/{number}")


def test_no_answer_is_lost_with_the_end_of_the_stream(
    desk: Desk, server: Server, entries: dict[str, int]
) -> None:
    desk.page.add_init_script(LATE)
    open_glossary(desk, server, "Бугрилин")
    for target in ("布格里林诺", "布格里林诺夫"):
        cell(desk, "Бугрилинин").click()
        expect(field(desk, "source")).to_have_value("Бугрилинин")
        cell(desk, "Бугрилинов").click()
        expect(field(desk, "source")).to_have_value("Бугрилинов")
        field(desk, "target").fill(target)
        desk.page.locator("#glossary-save").click()
        expect(desk.page.get_by_text(f"已保存：Бугрилинов → {target}", exact=True)).to_be_visible()


def test_the_last_of_quick_choices_stands(
    desk: Desk, server: Server, entries: dict[str, int]
) -> None:
    open_glossary(desk, server, "Бугрилин")
    with unanswered(desk):
        cell(desk, "Бугрилинин").click()
        cell(desk, "Бугрилинов").click()
        desk.page.locator("#glossary-delete").click()  # waits for the choice that it is about
        expect(desk.page.locator("#glossary-delete")).to_have_attribute("aria-busy", "true")
    expect(desk.page.get_by_text("已删除：Бугрилинов")).to_be_visible()
    expect(cell(desk, "Бугрилинов")).to_have_count(0)
    expect(cell(desk, "Бугрилинин")).to_be_visible()


def test_a_click_upon_a_click_saves_what_was_typed_last(
    desk: Desk, server: Server, entries: dict[str, int]
) -> None:
    open_glossary(desk, server, "Бугрилин")
    cell(desk, "Бугрилинов").click()
    expect(desk.page.locator("#glossary-heading")).to_contain_text("第 1 版")
    save = desk.page.locator("#glossary-save")
    with unanswered(desk):
        field(desk, "target").fill("布格里林诺")
        save.click()
        field(desk, "target").fill("布格里林诺夫")
        save.click()
        expect(save).to_have_attribute("aria-busy", "true")
    expect(desk.page.locator("#glossary-heading")).to_contain_text("第 3 版")
    stored = server.call("GET", f"/glossary/{entries['Бугрилинов']}")
    assert stored["target"] == "布格里林诺夫"
