"""Moving everything from one database to another of any kind: SQLite to PostgreSQL and back.

The rows are read in one state of the source, written in one transaction of the target, read again
there and compared by number and digest; only then is the target committed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, Table, delete, func, insert, select, text

import workbench.storage.lab_schema
import workbench.storage.schema  # noqa: F401  # both fill the metadata
from workbench.domain.ports import Stop, never
from workbench.errors import Cancelled, Conflict, DataError
from workbench.storage.columns import metadata
from workbench.storage.database import Database, shown
from workbench.storage.schema import counters

ROWS = 1_000  # read and written at a time
# The database's name for itself: indexes made of the old one are not those of the new one.
OWN = ("identity",)

Progress = Callable[[int, int], None]
Values = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A table that was moved: the number of its rows, and their digest (SHA-256)."""

    table: str
    rows: int
    sha256: str


def move(
    source: Database, target: Database, progress: Progress | None = None, stop: Stop = never
) -> list[Moved]:
    """Copy everything to an empty database, all or nothing; return what was moved.

    Meanwhile nobody can write to the source. *progress* is told (rows moved, rows in all).
    Raises Conflict when the target holds anything, DataError when what arrived is not what was
    sent, Cancelled when *stop* turns true.
    """
    if source.url == target.url:
        raise Conflict("storage.move_same", where=shown(source.url))
    with source.begin() as reading, target.begin() as writing:
        _hold(reading)
        _hold(writing)
        for table in metadata.sorted_tables:
            if table is not counters and writing.scalar(select(func.count()).select_from(table)):
                raise Conflict("storage.move_not_empty", where=shown(target.url), table=table.name)
        writing.execute(delete(counters))
        total = sum(_count(reading, table) for table in metadata.sorted_tables)
        done, moved = 0, []
        for table in metadata.sorted_tables:
            digest, count = hashlib.sha256(), 0
            for rows in _pages(reading, table):
                if stop():
                    raise Cancelled("storage.move_stopped", where=shown(target.url))
                names = table.c.keys()
                writing.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
                _add(digest, rows)
                count, done = count + len(rows), done + len(rows)
                if progress:
                    progress(done, total)
            moved.append(Moved(table.name, count, digest.hexdigest()))
            _check(writing, moved[-1], table, shown(target.url))
            _set_sequence(writing, table)
    return moved


def _hold(connection: Connection) -> None:
    """Let nobody else write until the end; SQLite's transaction does so from its beginning."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _pages(connection: Connection, table: Table) -> Iterator[Sequence[Values]]:
    """Yield the rows in the order of their keys, without holding them all."""
    keys: list[Any] = list(table.primary_key.columns)
    if connection.dialect.name == "postgresql":  # text by its bytes, as SQLite does
        keys = [key if isinstance(key.type, Integer) else key.collate("C") for key in keys]
    wanted = select(table).order_by(*keys)
    if table is counters:
        wanted = wanted.where(counters.c.name.not_in(OWN))
    found = connection.execute(wanted, execution_options={"yield_per": ROWS})
    for page in found.partitions():
        yield [tuple(row) for row in page]


def _add(digest: Any, rows: Sequence[Values]) -> None:
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode())
        digest.update(b"\n")


def _check(connection: Connection, sent: Moved, table: Table, where: str) -> None:
    digest, count = hashlib.sha256(), 0
    for rows in _pages(connection, table):
        _add(digest, rows)
        count += len(rows)
    if (count, digest.hexdigest()) != (sent.rows, sent.sha256):
        raise DataError("storage.move_differs", where=where, table=table.name)


def _set_sequence(connection: Connection, table: Table) -> None:
    """Let the next key follow the last one; SQLite does so by itself."""
    if connection.dialect.name != "postgresql" or "id" not in table.c:
        return
    if isinstance(table.c.id.type, Integer):
        name = f"pg_get_serial_sequence('\"{table.name}\"', 'id')"
        last = f'SELECT max(id) FROM "{table.name}"'
        connection.execute(
            text(f"SELECT setval({name}, coalesce(({last}), 1), ({last}) IS NOT NULL)")
        )
