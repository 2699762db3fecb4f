"""The memory's index and database as a shell and the panel see them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from workbench.assembly import Workbench
from workbench.domain.memory import Unit
from workbench.services.memory_index import index
from workbench.storage.database import Database
from workbench.storage.units import Units
from workbench.web.app import create_app

Run = Callable[..., tuple[int, str, str]]


def fill(units: Units, count: int) -> None:
    batch = units.imports.open("import", "some", "").id
    pairs = [Unit(f"Сообщение номер {n} о курсе рубля", f"第{n}条") for n in range(count)]
    units.imports.add(pairs, batch)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder that ``run`` works in, with 40 units."""
    folder = tmp_path / "state"
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'workbench.sqlite'}")
    fill(Units(database), 40)
    database.close()
    return folder


def test_the_doctor_names_a_damaged_index_and_the_cure(
    run: Run, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "NEWEST", 10)
    status, _, err = run("memory", "reindex")
    assert (status, err) == (0, "40 units\n")
    (segment,) = (state / "memory-index").glob("*.segment")
    segment.write_bytes(segment.read_bytes()[:-1])
    found = {found["part"]: found for found in json.loads(run("doctor", "--json")[1])}
    assert found["memory"]["sound"] is True
    assert found["memory index"]["sound"] is False
    assert segment.name in found["memory index"]["problem"]
    assert "workbench memory reindex" in found["memory index"]["remedy"]
    assert run("memory", "reindex")[0] == 0
    assert not segment.exists()


def test_a_search_heals_a_stale_index(
    run: Run, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "NEWEST", 10)
    run("memory", "reindex")
    manifest = state / "memory-index" / "manifest.json"
    content = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(content | {"position": [1_000, 0]}))
    out = run("memory", "search", "Сообщения номер 7 о курсах рубля", "--json")[1]
    assert len(json.loads(out)) == 5
    assert json.loads(manifest.read_text())["position"][0] < 1_000


def test_moving_to_another_database(run: Run, state: Path, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'team.sqlite'}"
    status, out, _ = run("memory", "move", "--to", target, "--json")
    assert status == 0
    assert {m["table"]: m["rows"] for m in json.loads(out)}["units"] == 40
    database = Database(target)
    assert len(list(Units(database).all())) == 40
    database.close()
    status, _, err = run("memory", "move", "--to", "team.sqlite")
    assert status != 0
    assert "--to" in err
    status, _, err = run("memory", "move", "--to", target)
    assert status == 7
    assert "not empty" in err
    missing = f"sqlite:///{tmp_path / 'none.sqlite'}"
    assert run("memory", "move", "--from", missing, "--to", target)[0] == 4
    assert not (tmp_path / "none.sqlite").exists()
    back = f"sqlite:///{tmp_path / 'back.sqlite'}"
    status, out, err = run("--language", "en", "memory", "move", "--from", target, "--to", back)
    assert status == 0
    assert out.endswith(f"rows were moved to {tmp_path / 'back.sqlite'}.\n")
    assert out.count("\n") == 1
    assert "set WORKBENCH_DATABASE to the address" in err


def test_ctrl_c_keeps_what_is_built(state: Path) -> None:
    """A real process, interrupted in the middle; the next one goes on from there."""
    code = f"""
import os, signal
from workbench.cli import main, memory_keeping
from workbench.services.memory_index import index
index.NEWEST, index.BULK = 5, 10
def told(done, total):
    if done == 20:
        os.kill(os.getpid(), signal.SIGINT)
memory_keeping.indexing = told
main(["--state", {str(state)!r}, "memory", "reindex"])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode in (130, 128 + signal.SIGINT, 6)
    assert "Traceback" not in done.stderr
    manifest = json.loads((state / "memory-index" / "manifest.json").read_text())
    assert sum(s["arrays"]["ids"][1] for s in manifest["segments"]) == 20


def test_the_panel_says_that_the_index_is_being_built(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "NEWEST", 10)
    monkeypatch.setattr(index, "PATIENCE", 0.0)
    text = "Сообщение номер 7 о курсе рубля."
    segment = workbench.articles.add(workbench.intake.paste(text), "Аня").segments[0].id
    fill(workbench.units, 40)
    folder = workbench.memory._index.folder
    assert folder is not None
    with TestClient(create_app(workbench), base_url="http://127.0.0.1") as client:

        def panel() -> dict[str, object]:
            body: dict[str, object] = client.get(f"/api/v1/segments/{segment}/panel").json()
            return body

        with folder.writing():  # another process is at it, and takes its time
            panel()
            while not workbench.memory.building():
                pass
            body = panel()
            assert body["building"] == [0, 40]
            assert body["matches"] == []  # nothing is the same; what is alike comes later
        workbench.memory.follow()
        body = panel()
        assert body["building"] is None
        assert body["matches"]
