"""The evaluators' page in a real browser: files, engines, stored runs, hostile text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ROOT, Desk
from tests.e2e.test_pages import faults, tab

pytestmark = pytest.mark.browser
EVAL = ROOT / "corpora" / "ru-zh" / "eval"
HOSTILE = '<img src=x onerror="window.struck=1">${window.struck=2}{{struck}}'
LINES = 12


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Source, reference and two systems: one hostile, one too short."""
    source = (EVAL / "newsdesk.ru").read_text(encoding="utf-8").splitlines()[:LINES]
    reference = (EVAL / "newsdesk.zh").read_text(encoding="utf-8").splitlines()[:LINES]
    system = [line.replace("的", "") for line in reference]
    system[3] = HOSTILE
    texts = {"source": source, "reference": reference, "system": system, "short": system[:5]}
    for name, lines in texts.items():
        (tmp_path / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {name: str(tmp_path / f"{name}.txt") for name in texts}


def give(desk: Desk, part: str, path: str) -> None:
    """Upload a file into one of the page's fields."""
    field = desk.page.locator(f"#evaluate-{part}")
    field.locator("input[type=file]").set_input_files(path)
    expect(field).to_contain_text(Path(path).stem)


def open_page(desk: Desk) -> None:
    desk.open()
    tab(desk, "评测")
    expect(desk.page.locator("#evaluate-hypotheses input[type=file]")).to_be_attached()
    desk.settled()  # the lists are filled once the page is there


def test_uploaded_files_are_scored_and_kept(desk: Desk, files: dict[str, str]) -> None:
    open_page(desk)
    give(desk, "source", files["source"])
    give(desk, "references", files["reference"])
    give(desk, "hypotheses", files["system"])
    desk.page.get_by_test_id("evaluate-run").click()
    table = desk.page.get_by_test_id("evaluate-table")
    expect(table).to_contain_text("tok:zh")
    expect(table).to_contain_text("asian:yes")
    worst = desk.page.locator("#evaluate-worst")
    expect(worst).to_contain_text(HOSTILE)
    assert desk.page.evaluate("window.struck") is None
    expect(desk.page.locator("#evaluate-stored input")).to_have_value(re.compile("system.txt"))
    desk.picture("evaluation")
    assert faults(desk, "#tab-evaluation") == []


def test_files_that_do_not_match_are_explained_and_can_be_mended(
    desk: Desk, files: dict[str, str]
) -> None:
    open_page(desk)
    give(desk, "references", files["reference"])
    give(desk, "hypotheses", files["short"])
    run = desk.page.get_by_test_id("evaluate-run")
    run.click()
    expect(desk.page.get_by_text(f"reference.txt 有 {LINES} 行，short.txt 有 5 行")).to_be_visible()
    desk.page.locator("#evaluate-hypotheses").get_by_role("button", name="清除").click()
    give(desk, "hypotheses", files["system"])
    run.click()
    expect(desk.page.get_by_test_id("evaluate-table")).to_contain_text("tok:zh")


def test_an_engine_is_scored_on_the_shipped_set(desk: Desk) -> None:
    open_page(desk)
    desk.page.locator("#evaluate-set input").click()
    desk.page.get_by_role("option", name="newsdesk").click()
    desk.page.locator("#evaluate-engines input").click()
    desk.page.get_by_role("option", name="quick").click()
    desk.press("Escape")
    desk.page.locator("#evaluate-limit input").fill("6")
    desk.page.get_by_label("本社术语表").check()
    desk.page.get_by_test_id("evaluate-run").click()
    table = desk.page.get_by_test_id("evaluate-table")
    expect(table).to_contain_text("quick+house")
    expect(desk.page.locator("#evaluate-significance")).to_contain_text("quick+none")
    expect(desk.page.locator("#evaluate-about textarea")).to_have_value(
        re.compile("newsdesk · 6 行")
    )
