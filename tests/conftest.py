"""Fixtures that every part of the suite shares."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from workbench.assembly import Workbench, open_workbench
from workbench.settings import load_settings
from workbench.storage.database import Database

ROOT = Path(__file__).parent.parent

# A loaded machine is slow, not wrong: no deadline for a single example.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


@pytest.fixture(autouse=True)
def _clean_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads the settings, or touches the state, of the person who runs it."""
    import os

    for name in list(os.environ):
        if name.startswith("WORKBENCH_") and name != "WORKBENCH_SCREENSHOTS":
            monkeypatch.delenv(name)
    monkeypatch.setenv("WORKBENCH_CONFIG", "/nonexistent/workbench.toml")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that leaves this machine fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host not in ("", "127.0.0.1", "localhost", "::1"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database."""
    database = Database(f"sqlite:///{tmp_path / 'workbench.sqlite'}")
    yield database
    database.close()


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    """An assembled workbench on a fresh state folder."""
    workbench = open_workbench(load_settings(state=tmp_path / "state"))
    yield workbench
    workbench.close()
