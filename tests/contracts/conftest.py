"""Databases for the contract suites: SQLite always, PostgreSQL where its server is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.storage.database import Database

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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'workbench.sqlite'}"
    import psycopg

    folder = request.getfixturevalue("postgresql_server")
    with psycopg.connect(f"host={folder} user=tester dbname=postgres", autocommit=True) as server:
        # Emptied rather than made anew: a new database is hundreds of files.
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        server.execute("DROP SCHEMA public CASCADE")
        server.execute("CREATE SCHEMA public")
    return f"postgresql+psycopg://tester@/postgres?host={folder}"


@pytest.fixture
def store(fresh_url: str) -> Iterator[Database]:
    """A fresh database of each kind."""
    database = Database(fresh_url)
    yield database
    database.close()
