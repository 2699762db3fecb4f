"""Gradio's handlers check the role themselves: hidden or private protects nothing there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from workbench import ui
from workbench.assembly import Workbench, open_workbench
from workbench.services.accounts import PERMISSIONS, ROLES
from workbench.settings import load_settings
from workbench.ui.evaluation.effort import EffortPage
from workbench.ui.evaluation.freezing import Freezer
from workbench.ui.evaluation.history import Histories
from workbench.ui.evaluation.judging import Judging
from workbench.ui.evaluation.leading import Leading
from workbench.ui.evaluation.lines import SeenLines
from workbench.ui.evaluation.ordering import Ordering
from workbench.ui.evaluation.result import Results
from workbench.ui.evaluation.sets import SetList
from workbench.ui.evaluation.trend import Trends
from workbench.ui.evaluation.watching import Watching
from workbench.ui.glossary.details import Details
from workbench.ui.glossary.entries import Entries
from workbench.ui.glossary.files import Files
from workbench.ui.glossary.impact import Impacts
from workbench.ui.glossary.problems import Problems
from workbench.ui.glossary.queue import Queue
from workbench.ui.glossary.replacements import Replacements
from workbench.web.app import create_app

PASSWORD = "correct horse battery"
ENTRY = ["Х", "某", "term", "approved", "", "", False, "", "", "", ""]
KNOWN = [[1, 1], "why", *ENTRY]
FROZEN = ["", "", "", "", 0, False]
ORDERED = ["", None, None, None, [], ["none"], False, ["bleu"], "bs", 100, ""]
CAMPAIGN = ["", None, [], "da", 0, 10, ""]
ROWS = {"headers": ["a", "b"], "data": [[True, 1]], "metadata": None}
EDITED = [ROWS, 1, "Х", "某", "term"]
# Handlers that change or reveal something, by function name as Gradio lists them: what each
# needs, and arguments of the right number.
NEEDS = {
    "search": ("read", ["", "", ""]),
    "start": ("read", ["", "", "", 1]),
    "earlier": ("read", ["", "", "", 2]),
    "later": ("read", ["", "", "", 1]),
    "details": ("read", [[1, 1], *ENTRY]),
    "look": ("read", [[1, 1], *ENTRY]),
    "cyrillic": ("read", ["Х"]),
    "simplify": ("read", ["某", ""]),
    "nothing": ("read", []),
    "preview": ("read", [[1, 1], *ENTRY]),
    "list_patches": ("read", []),
    "list_problems": ("read", []),
    "list_imports": ("read", []),
    "open_entry": ("read", [1]),
    "open_queue": ("read", ["", "", "waiting", 1]),
    "queue": ("read", ["", "", "waiting", 1]),
    "queue_earlier": ("read", ["", "", "waiting", 2]),
    "queue_later": ("read", ["", "", "waiting", 1]),
    "add": ("propose terms", ["why", *ENTRY]),
    "save": ("keep terms", KNOWN),
    "approve": ("keep terms", KNOWN),
    "deprecate": ("keep terms", KNOWN),
    "forbid": ("keep terms", KNOWN),
    "delete": ("keep terms", [[1, 1], "why"]),
    "save_forms": ("keep terms", [[1, 1], [], ""]),
    "restore": ("keep terms", [[1, 1], 1, "why"]),
    "patch": ("keep terms", [[1, 1], False, "why", *ENTRY]),
    "undo": ("keep terms", [1]),
    "undo_patch": ("keep terms", [1]),
    "take_base": ("keep terms", [1]),
    "keep_local": ("keep terms", [1]),
    "preview_file": ("keep terms", [None, False]),
    "preview_again": ("keep terms", [False]),
    "import_file": ("keep terms", [False]),
    "undo_import": ("keep terms", ["i0"]),
    "harvest_file": ("keep terms", [None]),
    "propose_candidates": ("keep terms", EDITED),
    "approve_candidates": ("keep terms", EDITED),
    "refuse_candidates": ("keep terms", [ROWS, 1, "why"]),
    "reopen_candidates": ("keep terms", [ROWS, 1]),
    "memory_stats": ("read", []),
    "memory_matches": ("read", ["Х"]),
    "list_findings": ("read", ["terms"]),
    "next_findings": ("read", ["terms", "1"]),
    "mend_finding": ("keep memory", ["terms", 1, "why"]),
    "patch_findings": ("keep memory", [[1], "why"]),
    "drop_finding": ("keep memory", [1, "why"]),
    "undo_finding": ("keep memory", [1]),
    "open_imports": ("read", []),
    "trust_points": ("read", ["raw"]),
    "keep_upload": ("keep memory", [None]),
    "start_import": ("keep memory", ["", "", "", "", 0]),
    "watch_import": ("read", [1]),
    "cancel_import": ("keep memory", [1]),
    "list_batches": ("read", []),
    "withdraw_batch": ("keep memory", [""]),
    "restore_batch": ("keep memory", [""]),
    "judge_batch": ("keep memory", ["", "", "", 0]),
    "load_seed": ("keep memory", []),
    "list_acts": ("read", []),
    "undo_act": ("keep memory", [1]),
    "withdraw_article": ("keep memory", ["", ""]),
    "open_orders": ("read", []),
    "about_set": ("read", [""]),
    "order_run": ("evaluate", ORDERED),
    "open_watch": ("read", [None]),
    "watch_run": ("read", [None]),
    "cancel_run": ("evaluate", [None]),
    "resume_run": ("evaluate", [None]),
    "open_results": ("read", [None, "scores", 0]),
    "show_result": ("evaluate", [None, "scores"]),
    "browse_lines": ("evaluate", [None, None, None, None, None]),
    "earlier_lines": ("evaluate", [None, None, None, None, None, 2]),
    "later_lines": ("evaluate", [None, None, None, None, None, 1]),
    "open_run": ("evaluate", [None, "scores"]),
    "repeat_run": ("evaluate", [None]),
    "resume_here": ("evaluate", [None]),
    "open_history": ("read", []),
    "list_runs": ("read", ["", "", ""]),
    "earlier_runs": ("read", ["", "", "", 2]),
    "later_runs": ("read", ["", "", "", 1]),
    "keep_baseline": ("evaluate", [1, ""]),
    "delete_run": ("evaluate", [1, True]),
    "open_trend": ("read", [None, "bleu"]),
    "plot_trend": ("read", [None, "bleu"]),
    "list_sets": ("read", []),
    "delete_set": ("evaluate", ["", True]),
    "open_freezer": ("read", []),
    "preview_freeze": ("evaluate", FROZEN),
    "freeze_set": ("evaluate", ["", "", *FROZEN]),
    "open_effort": ("read", ["engine", "", ""]),
    "show_effort": ("read", ["engine", "", ""]),
    "open_judging": ("read", []),
    "systems_of_run": ("evaluate", [None]),
    "create_campaign": ("evaluate", CAMPAIGN),
    "invite_judges": ("evaluate", [1, ""]),
    "close_campaign": ("evaluate", [1, True]),
    "add_1": ("administer", ["eve", "admin", PASSWORD]),
}
GLOSSARY = (Details, Entries, Files, Impacts, Problems, Queue, Replacements)
EVALUATION = (
    *(EffortPage, Freezer, Histories, Judging, Leading, Ordering),
    *(Results, SeenLines, SetList, Trends, Watching),
)
# Those that only answer to a click on a row of a table that everybody may read.
CLICKS = {"pick", "pick_version", "pick_problem", "pick_import", "pick_patch", "pick_candidate"}
CLICKS |= {"pick_finding", "pick_batch", "pick_act", "pick_run", "pick_set", "pick_campaign"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    workbench = open_workbench(load_settings(state=tmp_path_factory.mktemp("gradio") / "state"))
    yield workbench
    workbench.close()


@pytest.fixture(scope="module")
def clients(bench: Workbench) -> Iterator[dict[str, TestClient]]:
    """A client for each role, and one for a stranger; Gradio takes seconds to build."""
    workbench, digest = bench, PasswordHasher().hash(PASSWORD)
    for role in ROLES:
        workbench.accounts.add(role, role, digest)
    app = create_app(workbench)
    ui.mount(app, workbench)
    clients = {}
    for role in ("", *ROLES):
        clients[role] = TestClient(app, base_url="http://127.0.0.1")
        if role:
            given = {"name": role, "password": PASSWORD}
            assert clients[role].post("/api/v1/session", json=given).is_success
    with clients["admin"]:
        yield clients


def test_each_role_calls_what_it_may_and_no_more(clients: dict[str, TestClient]) -> None:
    listed = {d["api_name"] for d in clients["admin"].get("/config").json()["dependencies"]}
    assert set(NEEDS) <= listed
    handlers = {name for page in (*GLOSSARY, *EVALUATION) for name in vars(page)} & listed
    assert handlers <= {*NEEDS, *CLICKS}, "a handler that nobody walks"
    for name, (permission, data) in NEEDS.items():
        for role in ROLES:
            answer = clients[role].post(
                f"/gradio_api/run/{name}", json={"data": data, "session_hash": "x"}
            )
            refused = "无权" in answer.text or "无权" in answer.json().get("error", "")
            assert refused is (role not in PERMISSIONS[permission]), (name, role, answer.text)


@pytest.mark.parametrize(
    "path", ["/config", "/theme.css", "/gradio_api/info", "/gradio_api/startup-events", "/queue"]
)
def test_nothing_of_gradio_is_open_to_strangers(clients: dict[str, TestClient], path: str) -> None:
    assert clients[""].get(path).status_code == 401


def test_strangers_are_sent_to_the_login_page_and_in_again(
    clients: dict[str, TestClient],
) -> None:
    stranger = TestClient(clients[""].app, base_url="http://127.0.0.1")
    page = stranger.get("/")
    assert page.url.path == "/login"
    assert "登录" in page.text
    wrong = stranger.post("/login", data={"name": "admin", "password": "<script>"})
    assert wrong.status_code == 401
    assert "<script>" not in wrong.text
    right = stranger.post("/login", data={"name": "admin", "password": PASSWORD})
    assert right.url.path == "/"
    assert stranger.get("/api/v1/session").json()["role"] == "admin"


def test_the_start_page_holds_no_articles_text(
    clients: dict[str, TestClient], bench: Workbench
) -> None:
    bench.articles.add(bench.intake.paste("Совершенно секретная новость."), "admin")
    for path in ("/", "/config"):
        assert "секретная" not in clients["evaluator"].get(path).text


def test_the_documented_api_of_gradio_is_empty(clients: dict[str, TestClient]) -> None:
    info = clients["admin"].get("/gradio_api/info").json()
    assert info["named_endpoints"] == {}


def test_static_files_are_only_what_a_page_needs(clients: dict[str, TestClient]) -> None:
    stranger = clients[""]
    assert stranger.get("/wb/workspace.js").is_success
    assert stranger.get("/wb/strings/zh.json").json()["app.title"]
    assert stranger.get("/wb/../app.py").status_code in (401, 404)
    assert stranger.get("/wb/strings/xx.json").status_code == 404
