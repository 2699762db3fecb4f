"""A translator's day, with the keyboard alone: draft, confirm ten segments, reload, go on."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ROOT, Desk, Server

pytestmark = [pytest.mark.browser, pytest.mark.model]

needs_model = pytest.mark.skipif(
    not (ROOT / "models" / "ru-zh" / "manifest.toml").exists(), reason="no shipped model"
)


@needs_model
def test_a_day_at_the_desk(desk: Desk, server: Server, tmp_path: Path) -> None:
    """The acceptance of the main job, on a sample and the shipped model."""
    sample = next(a for a in server.call("GET", "/articles") if a["name"].startswith("bishkek"))
    desk.open(sample["id"])
    desk.picture("start")
    desk.page.get_by_test_id("draft-start").focus()
    desk.press("Enter")
    expect(desk.page.get_by_test_id("draft-progress")).to_be_visible()
    total = desk.page.get_by_test_id("row").count()
    for n in (1, total):
        desk.expect_state(n, "drafted")
    desk.picture("drafted")
    confirm_ten(desk)
    confirmed = [row for row in server.rows(sample["id"]) if row["state"] == "confirmed"]
    assert [row["n"] for row in confirmed] == list(range(1, 11))
    desk.reload()
    for row in confirmed:
        desk.expect_state(row["n"], "confirmed")
        expect(desk.target(row["n"])).to_have_text(row["target"])
    desk.press("Control+Enter")
    expect(desk.row(11).locator("textarea")).to_be_focused()
    desk.picture("confirmed")
    second_article(desk, server, confirmed[4])
    exported(server, sample["id"])


def confirm_ten(desk: Desk) -> None:
    """Post-edit the first ten rows; every second one is changed before it is confirmed."""
    desk.press("Alt+ArrowDown")
    for n in range(1, 11):
        expect(desk.row(n).locator("textarea")).to_be_focused()
        if n % 2:
            desk.press("Control+End")
            desk.type(f"（校{n}）")
        desk.press("Control+Enter")
    for n in range(1, 11):
        desk.expect_state(n, "confirmed")


def second_article(desk: Desk, server: Server, known: dict[str, str]) -> None:
    """A sentence of the first article in another one is a 100 % match, and drafted as such."""
    text = f"Короткая новость дня.\n\n{known['source']} Это всё."
    desk.open(server.article(text))
    desk.press("Alt+ArrowDown", "Alt+ArrowDown")
    match = desk.page.get_by_test_id("match").first
    expect(match).to_contain_text(known["target"])
    assert int(match.get_attribute("data-score") or 0) >= 100
    desk.picture("memory-match")
    desk.press("Alt+1", "Control+Enter")
    desk.expect_state(2, "confirmed")
    expect(desk.target(2)).to_have_text(known["target"])


def exported(server: Server, article: int) -> None:
    """The bilingual document that the menu links to holds every segment."""
    url = f"{server.url}/api/v1/articles/{article}/export?to=bilingual-docx"
    answer = httpx.get(url, timeout=60)
    document = zipfile.ZipFile(BytesIO(answer.content)).read("word/document.xml").decode()
    for row in server.rows(article):
        for text in (row["source"], row["target"]):
            first = text.split(" ")[0].strip("«»")
            assert first.replace("&", "&amp;").replace("<", "&lt;") in document
