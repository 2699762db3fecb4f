"""A translated XLIFF file comes back on the page."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Desk, Server

pytestmark = pytest.mark.browser


def test_a_translated_file_comes_back(desk: Desk, server: Server, tmp_path: Path) -> None:
    article = server.article()
    url = f"{server.url}/api/v1/articles/{article}/export?to=xliff"
    text = httpx.get(url).text
    number = iter(range(1, 100))
    text = re.sub(
        r"</source>",
        lambda _: f'</source><target state="translated">译文{next(number)}。</target>',
        text,
    )
    file = tmp_path / "back.xliff"
    file.write_text(
        text.replace("</target></trans-unit>", "</target><note>核对</note></trans-unit>", 1)
    )
    first, *others = server.rows(article)
    body = {"target": "我的译文。", "revision": first["revision"], "action": "save"}
    server.call("PUT", f"/segments/{first['id']}", json=body)
    desk.open(article)
    page = desk.page
    page.get_by_test_id("export-menu").click()
    page.get_by_test_id("return-open").click()
    expect(page.get_by_test_id("return-start")).to_be_disabled()
    page.get_by_test_id("return-file").set_input_files(file)
    page.get_by_test_id("return-start").click()
    result = page.get_by_test_id("return-result")
    expect(result.locator("tbody tr")).to_have_count(1)
    expect(result.locator("tbody tr")).to_contain_text("我的译文。")
    expect(result.locator("tbody tr")).to_contain_text("译文1。")
    expect(result).to_contain_text("1: 核对")
    desk.picture("xliff-return")
    page.emulate_media(color_scheme="dark")
    desk.picture("xliff-return-dark")
    page.emulate_media(color_scheme="light")
    page.keyboard.press("Escape")
    expect(desk.row(2)).to_contain_text("译文2。")
    after = server.rows(article)
    assert [row["target"] for row in after] == [
        "我的译文。",
        *(f"译文{n}。" for n in range(2, len(others) + 2)),
    ]
    assert {row["state"] for row in after} == {"edited"}
