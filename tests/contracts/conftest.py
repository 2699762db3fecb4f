"""Databases for the contract suites: SQLite always, PostgreSQL where its server is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from private_postgresql import postgresql_server

from workbench.storage.database import Database

__all__ = ["postgresql_server"]


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
