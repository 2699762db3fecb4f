"""The lines of a stored run looked through, its report and a set as downloads."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from workbench.assembly import Workbench, open_workbench
from workbench.domain.run import Run, RunSettings
from workbench.errors import Conflict, NotFound
from workbench.services.accounts import ROLES
from workbench.services.evaluation.browsing import FAULTY, Asked, LineBrowser, Order, by_house
from workbench.services.evaluation.orders import Order as Ordered
from workbench.services.evaluation.sets import EvaluationSet
from workbench.settings import load_settings
from workbench.web.app import create_app

PASSWORD = "correct horse battery"
SOURCES = (
    "Реку перекрыли.",
    "В Осинке построили 12 домов.",
    "«Мы ждали», — сказал рыбак.",
    "Совет министров Казахстана соберётся в четверг.",
)
REFERENCE = (
    "河流被截断。",
    "奥辛卡建了12座房子。",
    "渔民说：“我们等过。”",
    "哈萨克斯坦内阁周四开会。",
)
GOOD = ("河流被截断。", "奥辛卡建了12座房子。", "渔民说：“等过。”", "哈萨克斯坦内阁周四开会。")
BAD = ("河流被截。", "建了12座房子。", "渔民说：“我们等过。”", "")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    workbench = open_workbench(load_settings(state=tmp_path_factory.mktemp("lines") / "state"))
    yield workbench
    workbench.close()


@pytest.fixture(scope="module")
def run(bench: Workbench) -> int:
    """A finished run of two systems."""
    settings = RunSettings(hypotheses=("bad", "good"), metrics=("bleu", "chrf"))
    chosen = EvaluationSet("reka", SOURCES, (REFERENCE,), ("a", "a", "b", "b"))
    stored = bench.runs.begin(Ordered(settings, chosen, {"bad": BAD, "good": GOOD}), "eva")
    bench.runs.work(stored.id)
    return stored.id


def test_lines_are_parted_by_the_terms_of_the_house() -> None:
    settings = RunSettings(engines=("e",), glossaries=("random", "wrong", "house"))
    names = ("e+random", "e+wrong", "e+house")
    assert by_house(Run(1, settings, "reka", 4, names)) == "e+house"
    control = replace(settings, glossaries=("random",))
    assert by_house(Run(1, control, "reka", 4, ("e",))) == "e"


@pytest.mark.parametrize(
    ("order", "first", "rest"),
    [
        ("difference", 4, {1, 2, 3}),
        ("better", 4, {1, 2, 3}),
        ("worse", 3, {1, 2, 4}),
        ("line", 1, {2, 3, 4}),
    ],
)
def test_lines_come_in_the_order_that_was_asked_for(
    bench: Workbench, run: int, order: Order, first: int, rest: set[int]
) -> None:
    page = LineBrowser(bench.runs).page(run, Asked("good", "bad", "", order))
    assert page.total == 4
    assert page.lines[0].n == first
    assert {line.n for line in page.lines[1:]} == rest
    difference = page.lines[0].difference
    assert difference is not None
    assert (difference < 0) is (order == "worse")


def test_a_line_is_marked_against_the_reference_and_shows_its_terms(
    bench: Workbench, run: int
) -> None:
    line = LineBrowser(bench.runs).page(run, Asked("good", "bad", "", "line")).lines[3]
    assert line.baseline is not None
    assert [m.kind for m in line.baseline.reference_marks] == ["missing"]
    assert not line.system.marks
    assert [f.kind for f in line.faults["bad"]] == ["empty"]
    assert not line.faults["good"]
    assert line.document == "b"
    held = {SOURCES[3][term.start : term.end]: term.honoured for term in line.terms}
    assert held["Казахстана"] == ("good",)


def test_parts_and_pages(bench: Workbench, run: int) -> None:
    browser = LineBrowser(bench.runs)
    numbers = [part for part in browser.parts(run) if (part.kind, part.name) == ("numbers", "yes")]
    assert [part.lines for part in numbers] == [(1,)]
    only = browser.page(run, Asked("good", "", "numbers|yes", "lowest"))
    assert [line.n for line in only.lines] == [2]
    assert only.lines[0].baseline is None
    assert [line.n for line in browser.page(run, Asked("bad", "", FAULTY)).lines] == [4]
    assert browser.page(run, Asked("good", "", "no such part")).lines == ()
    last = browser.page(run, Asked("good", "", "", "line"), number=99, size=3)
    assert (last.number, last.pages, [line.n for line in last.lines]) == (2, 2, [4])
    with pytest.raises(Conflict):
        browser.page(run, Asked("nobody"))
    with pytest.raises(NotFound):
        browser.page(run + 100, Asked("good"))


def test_a_report_and_a_set_are_downloads_for_evaluators(bench: Workbench, run: int) -> None:
    digest = PasswordHasher().hash(PASSWORD)
    app = create_app(bench)
    for role in ROLES:
        bench.accounts.add(role, role, digest)
    for role in ROLES:
        client = TestClient(app, base_url="http://127.0.0.1")
        client.post("/api/v1/session", json={"name": role, "password": PASSWORD})
        report = client.get(f"/api/v1/evaluations/{run}/report?to=html&language=en")
        packed = client.get("/api/v1/testsets/newsdesk/export")
        assert report.is_success is packed.is_success is (role in ("evaluator", "admin")), role
        if not report.is_success:
            assert report.status_code == packed.status_code == 403
            continue
        assert report.headers["content-disposition"].startswith("attachment")
        assert "paired bootstrap" in report.text
        assert "sacrebleu" in report.text
        for kind, begins in (("docx", b"PK"), ("json", b"{"), ("tsv", b"run\t")):
            found = client.get(f"/api/v1/evaluations/{run}/report?to={kind}")
            assert found.content.startswith(begins), kind
        assert client.get(f"/api/v1/evaluations/{run}/report?to=exe").status_code == 404
        assert client.get("/api/v1/evaluations/999/report").status_code == 404
        with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
            names = {Path(name).suffix for name in archive.namelist()}
            assert {".ru", ".zh", ".toml"} <= names
            assert len(archive.read("newsdesk.ru").decode().splitlines()) == 300
