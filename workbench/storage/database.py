"""Opening the database and running transactions, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import local
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, NoSuchModuleError

from workbench.errors import DataError, NotFound, SettingsError, WorkbenchError
from workbench.storage.upgrade import upgrade

# The busy timeout comes first: the change to WAL already needs it when two processes open at once.
PRAGMAS = ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_WRITES = "workbench_writes"
_OUT_OF_RANGE = "22003"  # PostgreSQL's code; SQLite's driver raises OverflowError


def now() -> str:
    """Return the present time in UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Database:
    """One database. Transactions are short and end before an answer is sent.

    Safe to share between threads: each transaction has a connection of its own.
    """

    def __init__(self, url: str) -> None:
        """Open *url* (SQLAlchemy's form) and bring its schema up to date.

        Raises SettingsError for an unusable address or folder, DataError for a database that
        cannot be reached, is damaged or belongs to a newer workbench.
        """
        self.url = _parsed(url)
        _make_folder(self.url)
        self.engine = _engine(self.url)
        self._held = local()
        self._writer = self.engine.execution_options(**{_WRITES: True})
        with translated(self.url):
            upgrade(self.engine, self._writer, shown(self.url))

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of SQLite's."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A writing transaction, committed at the end (on disk) or rolled back.

        On SQLite it takes the write lock at once, so that it cannot fail half-way for being late.
        Inside ``together`` it is a part of that transaction, which may fail by itself.
        """
        joint: Connection | None = getattr(self._held, "joint", None)
        if joint is not None:
            with joint.begin_nested():
                yield joint
            return
        with translated(self.url), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading: one consistent state of the whole database."""
        held: Connection | None = getattr(self._held, "connection", None)
        if held is not None:
            yield held
            return
        with translated(self.url), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let whatever this thread reads inside share one connection.

        For searches of several small queries. On SQLite they see one state of the database, so what
        is written inside is not seen there.
        """
        with self.read() as connection:
            outer = getattr(self._held, "connection", None)
            self._held.connection = connection
            try:
                yield
            finally:
                self._held.connection = outer

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let whatever this thread reads and writes inside be one transaction: all or nothing."""
        with self.begin() as connection:
            outer = (
                getattr(self._held, "connection", None),
                getattr(self._held, "joint", None),
                self.unsettled,
            )
            self._held.connection = self._held.joint = connection
            self._held.unsettled = uuid4().hex
            try:
                yield
            finally:
                self._held.connection, self._held.joint, self._held.unsettled = outer

    @property
    def unsettled(self) -> str:
        """What this thread's ``together`` is called, or nothing outside of one.

        What is seen inside may never be stored: whoever keeps it under a version adds this to it.
        """
        name: str = getattr(self._held, "unsettled", "")
        return name

    @contextmanager
    def within(self, connection: Connection | None) -> Iterator[Connection]:
        """Write inside the transaction of *connection*, or inside a new one when it is None."""
        if connection is not None:
            yield connection
            return
        with self.begin() as new:
            yield new

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn the database's own failures into DataError; violated constraints pass.

    Raises NotFound for a number that no row can have, being larger than the column's integers.
    """
    try:
        yield
    except IntegrityError:
        raise
    except OverflowError as error:
        raise NotFound("storage.no_number") from error
    except DatabaseError as error:
        if getattr(error.orig, "sqlstate", "") == _OUT_OF_RANGE:
            raise NotFound("storage.no_number") from error
        raise _problem(url, error) from error


def _problem(url: URL, error: DatabaseError) -> WorkbenchError:
    reason = str(error.orig).strip().partition("\n")[0]
    where = shown(url)
    if url.get_backend_name() != "sqlite":
        key = "storage.unreachable" if error.connection_invalidated else "storage.failed"
        if "connection" in reason.lower():
            key = "storage.unreachable"
        return DataError(key, where=where, reason=reason)
    for part, key in (
        ("locked", "storage.busy"),
        ("malformed", "storage.damaged"),
        ("not a database", "storage.damaged"),
        ("readonly", "storage.readonly"),
        ("unable to open", "storage.readonly"),
        ("full", "storage.full"),
    ):
        if part in reason:
            return DataError(key, where=where, reason=reason)
    return DataError("storage.failed", where=where, reason=reason)


def shown(url: URL) -> str:
    """Return the address as a message may show it: the file, or the URL without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    return url.render_as_string(hide_password=True)


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite address; None for another database. Raises SettingsError."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingsError("storage.bad_url", url=url) from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise SettingsError("storage.bad_url", url=url)
    return parsed


def _make_folder(url: URL) -> None:
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError("house.unwritable_state", path=folder, reason=error.strerror) from error


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        # A connection that died in the pool (server restart) is noticed and replaced.
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours to say, below
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
