"""A private PostgreSQL server, where its program is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
# PostgreSQL refuses to run as root; Debian's package brings an account for it.
AS_USER = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A private PostgreSQL server on a socket of its own; yields the folder of the socket."""
    if not PROGRAMS:
        pytest.skip("no PostgreSQL server program; on Debian: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="wb-pg-"))
    if AS_USER:
        shutil.chown(folder, **AS_USER)
    data = folder / "data"
    settings = [f"-c{name}={value}" for name, value in QUICK.items()]
    initdb = [PROGRAMS[0] / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8"]
    options = " ".join([f"-k {folder}", "-c listen_addresses=", *settings])
    control = [PROGRAMS[0] / "pg_ctl", "-D", data, "-w"]

    def run(*command: str | Path) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **AS_USER)

    try:
        run(*initdb, "--locale=C.UTF-8", "--no-sync")
        run(*control, "-l", folder / "log", "-o", options, "start")
        yield str(folder)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"PostgreSQL does not start here: {error.stderr.decode().strip()[:200]}")
    finally:
        if (data / "postmaster.pid").exists():
            run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
