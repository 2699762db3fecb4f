"""A real server process, a stub of a translation service, and a real Chromium."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Route,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000  # ms: the machine may be busy
expect.set_options(timeout=PATIENCE)

TEXT = (
    "Саммит в Астане\n\n"
    "Президент Казахстана Касым-Жомарт Токаев открыл саммит в Астане. "
    "В нём участвуют пять стран. Переговоры продлятся 2 дня.\n\n"
    "Стороны подпишут 9 документов. Следующая встреча пройдёт в Бишкеке."
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Stub(BaseHTTPRequestHandler):
    """An OpenAI-compatible service; ``slow`` takes its time, ``broken`` always fails."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        said = body["messages"][-1]["content"]
        if body["model"] == "slow":
            time.sleep(0.5)
        status = 400 if body["model"] == "broken" else 200
        numbers = "、".join(re.findall(r"\d+", said.splitlines()[-1])[:3])
        answer = f"这是第{len(said)}号测试译文{numbers}。"
        content = {"choices": [{"message": {"content": answer}, "finish_reason": "stop"}]}
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="session")
def stub() -> Iterator[str]:
    service = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    Thread(target=service.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{service.server_address[1]}/v1"
    service.shutdown()


@dataclass
class Server:
    """``workbench serve`` as a process of its own."""

    state: Path
    stub: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        endpoints = {
            f"WORKBENCH_ENDPOINTS__{name.upper()}__{key}": value
            for name in ("quick", "slow", "broken")
            for key, value in (("URL", self.stub), ("MODEL", name), ("RETRIES", "0"))
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("WORKBENCH_")}
        command = [sys.executable, "-m", "workbench", "serve", "--port", str(self.port)]
        command += ["--state", str(self.state)]
        with (self.state.parent / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.state.parent, env=kept | endpoints, stdout=log, stderr=log
            )
        for _ in range(600):
            assert self.process.poll() is None, (self.state.parent / "serve.log").read_text()
            try:
                if httpx.get(f"{self.url}/healthz", timeout=5).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def call(self, method: str, path: str, **more: Any) -> Any:
        answer = httpx.request(method, f"{self.url}/api/v1{path}", timeout=60, **more)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def article(self, text: str = TEXT, **facts: str) -> int:
        made: int = self.call("POST", "/articles", json={"text": text, **facts})["id"]
        return made

    def rows(self, article: int) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.call("GET", f"/articles/{article}")["rows"]
        return rows

    def draft(self, article: int, engine: str) -> None:
        """Draft through the job table and wait for the end."""
        self.call("POST", f"/articles/{article}/draft", json={"engine": engine})
        for _ in range(600):
            job = self.call("GET", f"/articles/{article}/job")
            if job["state"] not in ("queued", "running"):
                assert job["state"] == "done", job
                return
            time.sleep(0.1)
        raise AssertionError(job)


@contextmanager
def running(state: Path, stub: str) -> Iterator[Server]:
    server = Server(state, stub)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, stub: str) -> Iterator[Server]:
    """The server that the tests share; each test makes an article of its own."""
    with running(tmp_path_factory.mktemp("e2e") / "state", stub) as server:
        yield server


@pytest.fixture
def own_server(tmp_path: Path, stub: str) -> Iterator[Server]:
    """A server that a test may kill."""
    with running(tmp_path / "state", stub) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no Chromium: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Desk:
    """A browser tab with the workbench open, and what a translator does in it."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.server = server
        self.context = context
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(f"{error}\n{error.stack}"))
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith((self.server.url, "data:", "blob:")):
            self.foreign.append(url)

    def close(self) -> None:
        """Leave the context as if it were new, but with its caches warm."""
        self.page.close()
        self.context.set_offline(False)
        self.context.clear_cookies()
        wiper = self.context.new_page()
        wiper.goto(f"{self.server.url}/healthz")
        wiper.evaluate("localStorage.clear()")
        wiper.close()
        assert not self.errors, self.errors
        assert not self.foreign, self.foreign

    def open(self, article: int | None = None) -> None:
        anchor = "" if article is None else f"#article={article}"
        self.page.goto("about:blank")
        self.page.goto(f"{self.server.url}/{anchor}")
        expect(self.row(1)).to_be_attached(timeout=3 * PATIENCE)  # all of Gradio, caches cold

    def reload(self) -> None:
        self.page.reload()
        expect(self.row(1)).to_be_attached()

    def row(self, n: int) -> Locator:
        return self.page.locator(f"[data-testid=row][data-n='{n}']")

    def target(self, n: int) -> Locator:
        return self.row(n).get_by_test_id("target")

    @property
    def area(self) -> Locator:
        return self.page.locator("[data-testid=grid] textarea")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def expect_state(self, n: int, state: str) -> None:
        expect(self.row(n)).to_have_attribute("data-st", state)

    def saved(self, n: int) -> None:
        """Wait until nothing of the row is on its way."""
        expect(self.row(n)).to_have_attribute("data-sync", "")

    def settled(self) -> None:
        """Wait until the page owes no answer and asks nothing more (see static/queue.js)."""
        self.page.evaluate("window.wbQueue?.settled()")

    def picture(self, name: str) -> None:
        """Keep a screenshot where WORKBENCH_SCREENSHOTS asks for it."""
        folder = os.environ.get("WORKBENCH_SCREENSHOTS")
        if folder:
            path = ROOT / folder
            path.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=path / f"{name}.png")


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    options = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN", **options}
    return browser.new_context(**options)


@pytest.fixture(scope="session")
def context(browser: Browser) -> BrowserContext:
    return new_context(browser)


@pytest.fixture(scope="session")
def other_context(browser: Browser) -> BrowserContext:
    return new_context(browser)


@pytest.fixture
def desk(context: BrowserContext, server: Server) -> Iterator[Desk]:
    desk = Desk(context, server)
    yield desk
    desk.close()


@pytest.fixture
def second_desk(other_context: BrowserContext, server: Server) -> Iterator[Desk]:
    """Another browser: nothing is shared but the server."""
    desk = Desk(other_context, server)
    yield desk
    desk.close()


@contextmanager
def unanswered(desk: Desk) -> Iterator[Callable[[], int]]:
    """Keep every question of the page back while the block runs, or until what it gives is called.

    That lets them go and returns how many there were.
    """
    held: list[Route] = []
    holding = True

    def hold(route: Route) -> None:
        if holding:
            held.append(route)
        else:
            route.continue_()

    def release() -> int:
        nonlocal holding
        holding = False
        count = len(held)
        while held:
            held.pop(0).continue_()
        return count

    desk.page.route("**/gradio_api/queue/join*", hold)
    yield release
    release()
