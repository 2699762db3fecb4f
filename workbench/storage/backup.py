"""Backups of a SQLite database: one zip with the database and a manifest with its digest.

The copy is taken with SQLite's own backup call, page by page, while people go on working; it
is a consistent state of the moment when it ended.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.errors import Conflict, DataError, InputError
from workbench.storage.database import now
from workbench.storage.upgrade import HEAD

DATABASE = "workbench.sqlite"
MANIFEST = "manifest.json"
PAGES = 2_000  # copied at a time; in between, writers have their turn
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: when it was made, the schema, and the database's size and digest."""

    created: str
    schema: str
    size: int
    sha256: str


def back_up(database: Path, out: Path) -> Manifest:
    """Write a backup of *database*, which may be in use, to *out*. Raises DataError, InputError."""
    if not database.is_file():
        raise DataError("backup.no_database", path=database)
    part = out.with_name(f".{out.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".backup-") as folder:
            copy = Path(folder) / DATABASE
            with _failing(database):
                _copy(database, copy)
                schema = _check(copy)
            manifest = Manifest(now(), schema, copy.stat().st_size, _digest(copy))
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
                archive.write(copy, DATABASE)
        part.replace(out)
    except OSError as error:
        raise InputError("cli.unwritable", path=out, reason=error.strerror) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def restore(archive: Path, database: Path, force: bool = False) -> tuple[Manifest, Path | None]:
    """Put the database of a backup in place of *database*; return (manifest, the old one's place).

    The backup is verified first. A database that is there already is replaced only with *force*,
    and kept beside. Raises InputError for a backup that is none or is damaged, Conflict when
    there is a database or it is in use, DataError when the backup is of a newer workbench.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".restore-") as folder:
        fresh = Path(folder) / DATABASE
        manifest = _unpack(archive, fresh)
        if manifest.schema > HEAD:
            raise DataError("storage.newer", where=archive, found=manifest.schema, known=HEAD)
        kept = None
        if database.exists():
            if not force:
                raise Conflict("backup.not_empty", path=database)
            _release(database)
            kept = _set_aside(database)
        fresh.replace(database)
    return manifest, kept


def _unpack(archive: Path, fresh: Path) -> Manifest:
    try:
        with zipfile.ZipFile(archive) as opened:
            manifest = Manifest(**json.loads(opened.read(MANIFEST)))
            if shutil.disk_usage(fresh.parent).free < manifest.size:
                raise InputError("backup.no_space", path=fresh.parent)
            if opened.getinfo(DATABASE).file_size != manifest.size:
                raise InputError("backup.damaged", path=archive)
            with opened.open(DATABASE) as source, fresh.open("wb") as target:
                shutil.copyfileobj(source, target, PIECE)
                target.flush()
                os.fsync(target.fileno())
        if _digest(fresh) != manifest.sha256:
            raise InputError("backup.damaged", path=archive)
        _check(fresh)
        _rename(fresh)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, sqlite3.Error) as error:
        raise InputError("backup.damaged", path=archive) from error
    except OSError as error:
        raise InputError("cli.unreadable", path=archive, reason=error.strerror) from error
    return manifest


def _copy(database: Path, copy: Path) -> None:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.execute("PRAGMA busy_timeout=15000")
        source.backup(target, pages=PAGES)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def _check(database: Path) -> str:
    """Return the schema's number of a whole database. Raises sqlite3.Error."""
    with closing(sqlite3.connect(database)) as opened:
        (verdict,) = opened.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        (schema,) = opened.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(schema)


@contextmanager
def _failing(database: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DataError("storage.damaged", where=database, reason=error) from error


def _release(database: Path) -> None:
    """Make sure that nobody has the database open, and fold its log into it. Raises Conflict."""
    try:
        with closing(sqlite3.connect(database, timeout=1)) as opened:
            # Leaving WAL needs the database for oneself: a running server is noticed here.
            found: Any = opened.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise Conflict("backup.in_use", path=database) from error
    except sqlite3.DatabaseError:
        return  # it is damaged, which is why a backup is restored
    if found != ("delete",):
        raise Conflict("backup.in_use", path=database)


def _set_aside(database: Path) -> Path:
    """Rename a database, with the log that a damaged one may have left; return its new place."""
    moment = now()[:19].replace(":", "").replace("-", "")
    kept = database.with_name(f"{database.name}.before-restore-{moment}")
    for suffix in ("-wal", "-shm", ""):
        part = database.with_name(database.name + suffix)
        if part.exists():
            part.replace(kept.with_name(kept.name + suffix))
    return kept


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _rename(database: Path) -> None:
    """Give the database another identity: indexes beside it were made of the one before."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM counters WHERE name = 'identity'")
        connection.commit()
