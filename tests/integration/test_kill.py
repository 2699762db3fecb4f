"""kill -9 of real servers in the middle of confirms: nothing acknowledged is lost."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from workbench.assembly import Workbench
from workbench.storage.database import Database
from workbench.storage.units import Units

# The server without its screens, which take seconds to import: confirms never touch them.
SERVER = """
import sys, uvicorn
from pathlib import Path
from workbench.assembly import open_workbench
from workbench.cli.serve import bind
from workbench.settings import load_settings
from workbench.web.app import create_app

workbench = open_workbench(load_settings(state=Path(sys.argv[1])))
listening = bind("127.0.0.1", 0)
print(listening.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(create_app(workbench), log_level="error")).run(sockets=[listening])
"""
KILLS = 20
SERVERS = 2  # at a time, on one database
SEGMENTS = 5  # of each editor: so that they are confirmed again and again


@dataclass
class Editor:
    """Confirms its segments without a pause, and remembers what was acknowledged."""

    segments: list[int]
    acknowledged: dict[int, str] = field(default_factory=dict)
    attempted: dict[int, str] = field(default_factory=dict)
    count: int = 0

    def work(self, port: int, first: threading.Event) -> None:
        """Confirm until the server is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        revisions: dict[int, int] = {}
        while True:
            self.count += 1
            segment = self.segments[self.count % SEGMENTS]
            target = f"第{self.count}次确认的译文。"
            try:
                if segment not in revisions:
                    panel = ask(connection, "GET", f"/api/v1/segments/{segment}/panel")
                    revisions[segment] = panel["row"]["revision"]
                self.attempted[segment] = target
                edit = {"target": target, "revision": revisions[segment], "action": "confirm"}
                row = ask(connection, "PUT", f"/api/v1/segments/{segment}", edit)
            except (OSError, http.client.HTTPException, ValueError):
                return  # the server was killed; what it had not answered may be saved or not
            assert row["state"] == "confirmed"
            revisions[segment] = row["revision"]
            self.acknowledged[segment] = target
            first.set()


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: object = None):  # type: ignore[no-untyped-def]
    headers = {"content-type": "application/json"}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    data = json.loads(answer.read())
    assert answer.status == 200, data
    return data


def serve(state: Path) -> subprocess.Popen[str]:
    environment = {n: v for n, v in os.environ.items() if not n.startswith("WORKBENCH_")}
    return subprocess.Popen(
        [sys.executable, "-c", SERVER, str(state)],
        stdout=subprocess.PIPE,
        text=True,
        env={**environment, "WORKBENCH_CONFIG": "/nonexistent/workbench.toml"},
    )


def port_of(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def test_a_killed_server_loses_no_confirm(workbench: Workbench, tmp_path: Path) -> None:
    text = " ".join(f"Предложение номер {n} написано для проверки." for n in range(1, 11))
    article = workbench.articles.add(workbench.intake.paste(text), "test")
    ids = [segment.id for segment in article.segments]
    assert len(ids) == SERVERS * SEGMENTS
    workbench.close()
    editors = [Editor(ids[n * SEGMENTS : (n + 1) * SEGMENTS]) for n in range(SERVERS)]
    chance = random.Random(7)
    for _ in range(KILLS // SERVERS):
        one_round(tmp_path / "state", editors, chance)
    check(tmp_path / "state" / "workbench.sqlite", editors)


def one_round(state: Path, editors: list[Editor], chance: random.Random) -> None:
    """Start servers, let the editors confirm, and kill the servers at some moment."""
    running = [serve(state) for _ in editors]
    started = [threading.Event() for _ in editors]
    threads = [
        threading.Thread(target=editor.work, args=(port_of(process), first))
        for editor, process, first in zip(editors, running, started, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        assert all(first.wait(120) for first in started)
        time.sleep(chance.uniform(0, 0.25))
    finally:
        for process in running:
            process.send_signal(signal.SIGKILL)
        for process in running:
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def check(file: Path, editors: list[Editor]) -> None:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = dict(connection.execute("SELECT id, target FROM segments WHERE state='confirmed'"))
    database = Database(f"sqlite:///{file}")
    units = list(Units(database).all())
    database.close()
    # Row and unit are one transaction: they agree, and no segment has two units.
    assert sorted((unit.segment_id, unit.target) for unit in units) == sorted(rows.items())
    for editor in editors:
        assert editor.count > KILLS // SERVERS
        for segment, target in editor.acknowledged.items():
            assert rows[segment] in (target, editor.attempted[segment])
