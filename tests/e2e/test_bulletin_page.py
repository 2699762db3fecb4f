"""A bulletin of two articles, from ticking them to the Word file."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Desk, Server

pytestmark = pytest.mark.browser

TEXTS = ("Порт ждёт зимы.\n\nПричалов не хватает.", "Снег закрыл перевал.\n\nДорогу чистят.")
FACTS = {"outlet": "Ведомости", "date": "2026-11-03", "url": "https://example.org/port"}


def confirmed(server: Server, text: str, title: str) -> int:
    article = server.article(text, title=title, **FACTS)
    for row in server.rows(article):
        body = {"target": f"译文{row['n']}。", "revision": row["revision"], "action": "confirm"}
        server.call("PUT", f"/segments/{row['id']}", json=body)
    return article


def test_a_bulletin_is_made_checked_and_built(desk: Desk, server: Server, tmp_path: Path) -> None:
    articles = [confirmed(server, text, f"Статья {n}") for n, text in enumerate(TEXTS, 1)]
    desk.open(articles[0])
    page = desk.page
    page.get_by_test_id("export-menu").click()
    page.get_by_test_id("bulletin-open").click()
    spec, remarks = page.get_by_test_id("bulletin-spec"), page.get_by_test_id("bulletin-remarks")
    page.get_by_test_id("bulletin-make").click()
    expect(remarks).not_to_be_empty()  # nothing is ticked yet
    for article in articles:
        page.locator(f"[data-testid=bulletin-articles] input[value='{article}']").check()
    page.get_by_test_id("bulletin-make").click()
    expect(spec).to_have_value(re.compile("公报"))
    page.get_by_test_id("bulletin-docx").click()
    expect(remarks.locator("[data-key=missing]").first).to_be_visible()
    expect(page.get_by_test_id("bulletin-draft")).to_be_visible()
    desk.picture("bulletin-missing")
    text = spec.input_value().replace('series = ""', 'series = "北方动态"')
    for name, number in (("number", 12), ("year", 2026), ("month", 11)):
        text = text.replace(f"{name} = 0", f"{name} = {number}")
    for n in (1, 2):
        text = text.replace('topic = ""', f'topic = "专题之{n}"\ntitle_zh = "标题{n}"', 1)
    text = text.replace('title_zh = ""\nlead', "lead").replace(
        'translator = ""', 'translator = "王"'
    )
    spec.fill(text)
    page.get_by_test_id("bulletin-check").click()
    expect(remarks.locator("[data-severity=error]")).to_have_count(0)
    expect(remarks.locator("[data-key=missing]")).to_have_count(4)  # country and author, twice
    desk.picture("bulletin")
    page.emulate_media(color_scheme="dark")
    desk.picture("bulletin-dark")
    page.emulate_media(color_scheme="light")
    with page.expect_download() as loading:
        page.get_by_test_id("bulletin-docx").click()
    data = Path(loading.value.path()).read_bytes()
    lines = [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]
    assert loading.value.suggested_filename == "bulletin-12.docx"
    assert "专题一 专题之1" in lines
    assert "专题二 专题之2" in lines
    assert "（王 编译）" in lines
    # What was typed is there again after the dialog was closed and the page loaded anew.
    page.keyboard.press("Escape")
    desk.reload()
    page.get_by_test_id("export-menu").click()
    page.get_by_test_id("bulletin-open").click()
    expect(page.get_by_test_id("bulletin-spec")).to_have_value(text)
