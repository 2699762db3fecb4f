"""``workbench serve`` as a process: it says where it is, and refuses what would be unsafe."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest


def command(state: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "workbench", "serve", "--state", str(state), *arguments]


def refused(state: Path, *arguments: str) -> str:
    """The two lines on stderr of a server that did not start."""
    ended = subprocess.run(
        command(state, *arguments), check=False, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 2, ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 2, ended.stderr
    return ended.stderr


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert port in refused(tmp_path, "--port", port)


def test_an_open_address_without_accounts_is_refused_with_the_cure(tmp_path: Path) -> None:
    assert "workbench user add" in refused(tmp_path, "--host", "0.0.0.0", "--port", "0")


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    assert "192.0.2.1" in refused(tmp_path, "--host", "192.0.2.1", "--port", "0")
    assert "99999" in refused(tmp_path, "--port", "99999")


def test_it_says_where_it_is_offers_the_samples_and_leaves_nothing_behind(tmp_path: Path) -> None:
    server = subprocess.Popen(
        command(tmp_path, "--port", "0"), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert server.stderr is not None
    try:
        said = server.stderr.readline()
        address = said.rsplit(" ", 1)[1].strip()
        titles = [a["metadata"]["title"] for a in httpx.get(f"{address}api/v1/articles").json()]
        assert len(titles) == 3
        assert "Бишкекские" in titles[0]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    # Every process of the server's group is gone: the worker too.
    with pytest.raises(ProcessLookupError):
        os.killpg(server.pid, 0)
