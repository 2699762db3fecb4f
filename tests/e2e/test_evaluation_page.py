"""The evaluators' page in a real browser: from upload to report, runs stopped and gone on with."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import ROOT, Desk, Server
from tests.e2e.test_pages import faults, tab

pytestmark = pytest.mark.browser
EVAL = ROOT / "corpora" / "ru-zh" / "eval"
HOSTILE = '<img src=x onerror="window.struck=1">${window.struck=2}{{struck}}'
LINES = 12


def texts() -> dict[str, list[str]]:
    """Source, reference and systems: one hostile, one with a loop, one too short."""
    source = (EVAL / "newsdesk.ru").read_text(encoding="utf-8").splitlines()[:LINES]
    reference = (EVAL / "newsdesk.zh").read_text(encoding="utf-8").splitlines()[:LINES]
    hostile = [line.replace("的", "") for line in reference]
    hostile[3] = HOSTILE
    other = [line.replace("和", "以及") for line in reference]
    other[5] = "他" * 20
    return {
        "source": source,
        "reference": reference,
        "hostile": hostile,
        "other": other,
        "short": hostile[:5],
    }


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    for name, lines in texts().items():
        (tmp_path / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {name: str(tmp_path / f"{name}.txt") for name in texts()}


def give(desk: Desk, part: str, *paths: str) -> None:
    """Upload files into one of the page's fields."""
    field = desk.page.locator(f"#evaluate-{part}")
    field.locator("input[type=file]").set_input_files(list(paths))
    for path in paths:
        expect(field).to_contain_text(Path(path).stem)


def open_page(desk: Desk) -> None:
    desk.open()
    tab(desk, "评测")
    expect(desk.page.locator("#evaluate-hypotheses input[type=file]")).to_be_attached()
    desk.settled()


def section(desk: Desk, name: str) -> None:
    tabs = desk.page.locator("#evaluation-sections")
    tabs.get_by_role("tab", name=name, exact=True).click()
    desk.settled()


def choose(desk: Desk, field: str, name: str) -> None:
    """Choose from a list."""
    desk.page.locator(f"#{field} input").click()
    desk.page.get_by_role("option", name=name).first.click()
    desk.settled()


def picture(desk: Desk, name: str) -> None:
    """Keep a screenshot of the top of the page without the notices over it."""
    desk.settled()
    desk.page.add_style_tag(content=".toast-wrap { visibility: hidden; }")
    desk.page.evaluate("window.scrollTo(0, 0)")
    desk.picture(name)


def cell(desk: Desk, table: str, text: str) -> Locator:
    return desk.page.locator(f"#{table} [role=gridcell]", has_text=text).first


def saved(desk: Desk, button: str) -> bytes:
    """Return the file that a button of the page downloads."""
    with desk.page.expect_download() as download:
        desk.page.locator(f"#{button}").click()
    return Path(download.value.path()).read_bytes()


def stored_run(server: Server, title: str, *systems: str) -> int:
    """Have the worker do a run of files; return its number when it is done."""
    known = texts()
    file = {name: {"name": f"{name}.txt", "text": "\n".join(known[name])} for name in known}
    order = {
        "source": file["source"],
        "references": [{**file["reference"], "name": f"{title}.zh"}],
        "hypotheses": [file[name] for name in systems],
        "title": title,
    }
    number: int = server.call("POST", "/evaluations", json=order)["id"]
    finished(server, number)
    return number


def finished(server: Server, number: int) -> dict[str, Any]:
    """Wait for the worker as the page does: by asking."""
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=60) as client:
        while True:
            run: dict[str, Any] = client.get(f"/evaluations/{number}").json()
            if run["state"] not in ("queued", "running"):
                assert run["state"] == "done", run
                return run


def test_from_upload_to_report(desk: Desk, files: dict[str, str]) -> None:
    open_page(desk)
    give(desk, "source", files["source"])
    give(desk, "references", files["reference"])
    give(desk, "hypotheses", files["hostile"], files["other"])
    desk.page.locator("#evaluate-title input, #evaluate-title textarea").fill("两个文件")
    desk.page.get_by_test_id("evaluate-run").click()
    table = desk.page.get_by_test_id("evaluate-table")
    for shown in ("tok:zh", "asian:yes", "hostile.txt", "other.txt", "机器："):
        expect(table).to_contain_text(shown)
    picture(desk, "evaluation")
    assert faults(desk, "#tab-evaluation") == []

    desk.page.locator("#evaluate-open").click()
    expect(desk.page.locator("#result-about")).to_contain_text("hostile.txt")
    view = desk.page.locator("#result-view")
    view.get_by_text("逐行对比", exact=True).click()
    lines = desk.page.locator("#lines-body")
    expect(lines).to_contain_text(HOSTILE)
    expect(lines.locator("article").first.locator("del, ins").first).to_be_visible()
    picture(desk, "evaluation-lines")
    choose(desk, "lines-part", "有错误的行")
    expect(lines.locator("article")).to_have_count(2)
    expect(lines).to_contain_text("循环重复 · other.txt")
    choose(desk, "lines-part", "全部行")
    desk.page.locator("#lines-later").click()
    expect(desk.page.locator("#lines-count")).to_contain_text("第 2 / 2 页")
    for name, word in (("分组对比", "整个测试集"), ("最弱句段", HOSTILE), ("n 元组", "以及")):
        view.get_by_text(name, exact=True).click()
        expect(desk.page.locator("#result-body")).to_contain_text(word)
    desk.settled()
    assert faults(desk, "#tab-evaluation") == []
    assert desk.page.evaluate("window.struck") is None

    page = saved(desk, "result-html").decode()
    assert "tok:zh" in page
    assert "<img src=x" not in page
    assert "两个文件" in page
    with zipfile.ZipFile(io.BytesIO(saved(desk, "result-docx"))) as document:
        assert "hostile.txt" in document.read("word/document.xml").decode()


def test_files_that_do_not_match_are_explained_and_can_be_mended(
    desk: Desk, files: dict[str, str]
) -> None:
    open_page(desk)
    give(desk, "references", files["reference"])
    give(desk, "hypotheses", files["short"])
    run = desk.page.get_by_test_id("evaluate-run")
    run.click()
    said = desk.page.locator("#evaluate-said")
    expect(said).to_contain_text(f"reference.txt 有 {LINES} 行，short.txt 有 5 行")
    expect(desk.page.locator("#evaluate-references")).to_contain_text("reference")
    desk.page.locator("#evaluate-hypotheses").get_by_role("button", name="清除").click()
    give(desk, "hypotheses", files["other"])
    run.click()
    expect(said).to_contain_text("已提交")
    expect(desk.page.get_by_test_id("evaluate-table")).to_contain_text("other.txt")


def test_an_engines_run_is_stopped_and_gone_on_with(desk: Desk, server: Server) -> None:
    open_page(desk)
    choose(desk, "evaluate-set", "newsdesk")
    expect(desk.page.locator("#evaluate-about-set")).to_contain_text("300 行")
    choose(desk, "evaluate-engines", "slow")
    desk.press("Escape")
    desk.page.locator("#evaluate-limit input").fill("18")
    desk.page.get_by_label("本社术语表").check()
    desk.settled()
    desk.page.get_by_test_id("evaluate-run").click()
    about = desk.page.locator("#evaluate-about")
    expect(about).to_contain_text(re.compile(r"已译 [1-9]\d* / 36 行"))
    desk.page.locator("#evaluate-stop").click()
    expect(about).to_contain_text("已停止")
    stopped = server.call("GET", "/evaluations", params={"limit": 1})[0]
    assert 0 < stopped["done"] < 36

    desk.reload()  # a closed tab loses nothing
    tab(desk, "评测")
    expect(about).to_contain_text(f"#{stopped['id']}")
    expect(about).to_contain_text("已停止")
    desk.settled()
    desk.page.locator("#evaluate-resume").click()
    table = desk.page.get_by_test_id("evaluate-table")
    expect(table).to_contain_text("slow+house")
    expect(table).to_contain_text("slow+none")
    assert finished(server, stopped["id"])["done"] == 36


def test_a_baseline_tells_what_fell(desk: Desk, server: Server) -> None:
    first = stored_run(server, "trend", "other")
    open_page(desk)
    section(desk, "历史")
    cell(desk, "runs-table", "trend").click()
    expect(desk.page.locator("#runs-about")).to_contain_text(f"#{first}")
    desk.page.locator("#runs-keep").click()
    expect(desk.page.locator("#runs-about")).to_contain_text("这次评测就是“trend.zh”的基线")
    desk.settled()
    desk.page.locator("#runs-repeat").click()
    expect(desk.page.locator("#evaluate-about")).to_contain_text(f"#{first + 1}")
    expect(desk.page.get_by_test_id("evaluate-table")).to_contain_text("other.txt")

    section(desk, "历史")
    plot = desk.page.locator("#trend-body")
    expect(plot).to_contain_text(f"与基线 #{first} 相比，各指标变差均不超过")
    expect(plot.locator("svg")).to_be_visible()
    desk.settled()
    cell(desk, "runs-table", str(first + 1)).click()
    expect(desk.page.locator("#runs-about")).to_contain_text(f"#{first + 1}")
    desk.page.locator("#runs-sure input").check()
    desk.page.locator("#runs-delete").click()
    expect(desk.page.locator("#runs-about")).to_be_empty()
    listed = server.call("GET", "/evaluations", params={"set": "trend.zh"})
    assert [run["id"] for run in listed] == [first]

    stored_run(server, "trend", "hostile")
    section(desk, "测试集")
    section(desk, "历史")
    expect(plot).to_contain_text("质量下降")
    expect(plot).to_contain_text(re.compile(r"hostile.txt：bleu [\d.]+ → [\d.]+（-[\d.]+）"))
    picture(desk, "evaluation-history")
    assert faults(desk, "#tab-evaluation") == []


def test_a_set_is_frozen_from_confirmed_articles(desk: Desk, server: Server) -> None:
    article = server.article(
        "Завод в Осинке остановили.\n\nРабочих отправили домой.", outlet="Осинка"
    )
    for row in server.rows(article):
        body = {"target": f"工厂消息{row['n']}。", "revision": row["revision"], "action": "confirm"}
        server.call("PUT", f"/segments/{row['id']}", json=body)
    open_page(desk)
    section(desk, "测试集")
    expect(desk.page.locator("#sets-table")).to_contain_text("newsdesk")
    choose(desk, "freezing-outlet", "Осинка")
    desk.page.locator("#freezing-look").click()
    said = desk.page.locator("#freezing-said")
    expect(said).to_contain_text("句对")
    expect(said).to_contain_text("不再用于训练")
    name = desk.page.locator("#freezing-name input, #freezing-name textarea")
    name.fill("newsdesk")
    desk.page.locator("#freezing-go").click()
    expect(said).to_contain_text("newsdesk")
    expect(name).to_have_value("newsdesk")
    name.fill("osinka")
    desk.page.locator("#freezing-go").click()
    expect(desk.page.locator("#sets-table")).to_contain_text("osinka")
    desk.settled()
    cell(desk, "sets-table", "osinka").click()
    expect(desk.page.locator("#sets-about")).to_contain_text("排除")
    picture(desk, "evaluation-sets")
    assert faults(desk, "#tab-evaluation") == []
    with zipfile.ZipFile(io.BytesIO(saved(desk, "sets-export"))) as archive:
        assert archive.read("osinka.ru").decode().splitlines()[0] == "Завод в Осинке остановили."
    desk.page.locator("#sets-sure input").check()
    desk.page.locator("#sets-delete").click()
    expect(desk.page.locator("#sets-table")).not_to_contain_text("osinka")


def test_people_are_asked_to_judge_a_run(desk: Desk, server: Server) -> None:
    stored_run(server, "judged", "hostile", "other")
    open_page(desk)
    section(desk, "人工评审")
    choose(desk, "campaign-run", "judged")
    desk.page.locator("#campaign-create").click()
    expect(desk.page.locator("#campaigns-said")).to_contain_text("名称")
    desk.page.locator("#campaign-name input, #campaign-name textarea").fill("十一月评审")
    desk.page.locator("#campaign-create").click()
    expect(desk.page.locator("#campaigns-table")).to_contain_text("十一月评审")
    picture(desk, "evaluation-judging")
    assert faults(desk, "#tab-evaluation") == []
    assert "hostile.txt" not in desk.page.locator("#campaigns-about").inner_text()
    desk.page.locator("#campaigns-sure input").check()
    desk.page.locator("#campaigns-close").click()
    expect(desk.page.locator("#campaigns-table")).to_contain_text("已结束")
    expect(desk.page.locator("#campaigns-tsv")).to_be_visible()
    section(desk, "人力")
    expect(desk.page.locator("#efforts-body")).not_to_be_empty()
