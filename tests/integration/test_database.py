"""Databases that cannot be used: each says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.domain.memory import Unit
from workbench.errors import DataError, SettingsError, WorkbenchError
from workbench.storage.database import Database, sqlite_file
from workbench.storage.units import Units


def rubbish(file: Path) -> None:
    file.write_bytes(b"this is no database" * 500)


def half(file: Path) -> None:
    Database(f"sqlite:///{file}").close()
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\x55" * (len(data) - 4096))


def folder(file: Path) -> None:
    file.mkdir()


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (rubbish, "storage.damaged"),
        (half, "storage.damaged"),
        (folder, "storage.readonly"),
    ],
)
def test_a_file_that_is_no_database(
    tmp_path: Path, spoil: Callable[[Path], None], key: str
) -> None:
    file = tmp_path / "workbench.sqlite"
    spoil(file)
    with pytest.raises(DataError) as caught:
        Units(Database(f"sqlite:///{file}")).count()
    assert caught.value.key == key
    for language in ("en", "zh", "ru"):
        problem, remedy = caught.value.say(language)
        assert str(file) in problem
        assert remedy


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("mysql://host/name", SettingsError),
        ("no address", SettingsError),
        ("sqlite:////proc/nowhere/workbench.sqlite", SettingsError),
        ("postgresql://someone:secret@127.0.0.1:1/name", DataError),
    ],
)
def test_an_address_that_cannot_be_used(url: str, kind: type[WorkbenchError]) -> None:
    with pytest.raises(kind) as caught:
        Database(url)
    assert "secret" not in str(caught.value)


def test_the_folder_is_made(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "workbench.sqlite"
    Database(f"sqlite:///{file}").close()
    assert sqlite_file(f"sqlite:///{file}") == file
    assert sqlite_file("postgresql+psycopg://host/name") is None


def test_what_a_person_typed_is_on_disk_at_the_commit(database: Database) -> None:
    with database.read() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_reader_sees_one_state_throughout(database: Database) -> None:
    units = Units(database)
    with database.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM units").scalar()
        units.put(Unit("Да", "是"))  # another connection writes meanwhile, and need not wait
        assert connection.exec_driver_sql("SELECT count(*) FROM units").scalar() == before
    assert units.count() == {"human": 1}
