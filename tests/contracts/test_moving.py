"""Moving everything between databases: from SQLite to each kind, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import JSON, Boolean, Column, Connection, Float, Integer, Table, insert, select
from sqlalchemy.exc import IntegrityError

from workbench.domain.memory import Unit
from workbench.errors import Cancelled, Conflict, DataError
from workbench.services.memory import Memory
from workbench.storage import moving
from workbench.storage.accounts import Accounts
from workbench.storage.columns import metadata
from workbench.storage.database import Database
from workbench.storage.moving import move
from workbench.storage.schema import counters
from workbench.storage.units import Units

KEYS = (4, 5, 9)  # of the rows of each table; with gaps, as they are when rows went
TEXTS = ("Курс «рубля» вырос", "卢布汇率𠮷上涨\n", "")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    """Another database, of SQLite's."""
    database = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    yield database
    database.close()


def value(column: Column[object], n: int) -> object:
    """Return something for the row *n* of a table that its column can hold."""
    if isinstance(column.type, Boolean):
        return n % 2 == 0
    if isinstance(column.type, Integer):
        return KEYS[n] if column.primary_key or column.foreign_keys else n
    if isinstance(column.type, Float):
        return n / 3
    if isinstance(column.type, JSON):
        return [{"я": TEXTS[n], "a": None}, n, 0.1]
    length = getattr(column.type, "length", None)
    return f"{n}я"[:length] if length or column.unique else TEXTS[n]


def fill(database: Database) -> None:
    """Put rows into every table there is."""
    with database.begin() as connection:
        for table in metadata.sorted_tables:
            rows = [
                {c.name: value(c, n) for c in table.columns if c.name != "deleted"}
                for n in range(len(KEYS))
            ]
            connection.execute(insert(table), rows)


def everything(database: Database) -> dict[str, set[str]]:
    def rows(connection: Connection, table: Table) -> set[str]:
        return {repr(tuple(row)) for row in connection.execute(select(table))}

    with database.read() as connection:
        return {table.name: rows(connection, table) for table in metadata.sorted_tables}


@pytest.fixture(params=["to", "from"])
def ends(request: pytest.FixtureRequest, store: Database, other: Database) -> list[Database]:
    """Source and target: one of SQLite's, the other of each kind."""
    return [other, store] if request.param == "to" else [store, other]


def test_everything_arrives(ends: list[Database], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "ROWS", 2)
    source, target = ends
    fill(source)
    told: list[tuple[int, int]] = []
    moved = move(source, target, lambda done, total: told.append((done, total)))
    assert everything(target) == everything(source)
    assert {m.table: m.rows for m in moved} == {
        t.name: len(KEYS) + (t is counters) for t in metadata.sorted_tables
    }
    total = len(KEYS) * len(moved) + 1
    assert told[-1] == (total, total)


def test_new_rows_follow_the_old_ones(ends: list[Database]) -> None:
    source, target = ends
    fill(source)
    move(source, target)
    with target.begin() as connection:
        for table in metadata.sorted_tables:
            if "id" in table.c and isinstance(table.c.id.type, Integer):
                row = {c.name: value(c, 0) for c in table.columns if not c.primary_key}
                row |= {c.name: "другое"[: c.type.length] for c in table.columns if c.unique}  # type: ignore[attr-defined]
                row |= {
                    n: 77
                    for n in ("revision", "issue_id", "article_id", "n", "position")
                    if free(table, n)
                }
                row |= {"key": "k"} if "key" in table.c else {}
                made = connection.execute(insert(table).values(row).returning(table.c.id))
                assert made.scalar_one() == KEYS[-1] + 1


def free(table: Table, name: str) -> bool:
    return name in table.c and not table.c[name].foreign_keys


def test_people_go_on_in_the_new_one(ends: list[Database]) -> None:
    source, target = ends
    one = Units(source).put(Unit("Курс рубля вырос на 5 %", "卢布汇率上涨5%"))
    Accounts(source).add("Аня", "admin", "x" * 12)
    identity = Units(source).log.identity()
    move(source, target)
    units = Units(target)
    assert units.log.identity() != identity  # an index of the old one is not one of the new one
    assert units.log.sequence() == 1
    assert units.put(Unit("Да", "是")).id > one.id
    (match,) = Memory(units).matches("Курс рубля упал на 5 %")
    assert match.unit.id == one.id
    assert Accounts(target).any()


def test_it_moves_into_an_empty_one_only(ends: list[Database]) -> None:
    source, target = ends
    fill(source)
    Units(target).put(Unit("Да", "是"))
    before = everything(target)
    with pytest.raises(Conflict) as refused:
        move(source, target)
    assert refused.value.key == "storage.move_not_empty"
    with pytest.raises(Conflict):
        move(target, target)
    assert everything(target) == before


@pytest.mark.parametrize("how", ["stopped", "changed", "broken"])
def test_all_or_nothing(how: str, ends: list[Database], monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = ends
    fill(source)
    before = everything(target)
    stop: Callable[[], bool] = iter([False] * 9 + [True] * 9).__next__
    expected: type[Exception] = Cancelled
    if how == "changed":
        stop, expected = lambda: False, DataError
        pages = moving._pages

        def lossy(connection: Connection, table: Table) -> Iterator[object]:
            for page in pages(connection, table):
                drop = connection.engine.url == target.url and table.name == "unit_versions"
                yield page[1:] if drop else page

        monkeypatch.setattr(moving, "_pages", lossy)
    elif how == "broken":
        stop, expected = lambda: False, IntegrityError
        monkeypatch.setattr(moving, "_set_sequence", fail)
    with pytest.raises(expected):
        move(source, target, stop=stop)
    assert everything(target) == before


def fail(connection: Connection, table: Table) -> None:
    if table.name == "unit_versions":
        connection.execute(insert(counters).values(name="units", value=1))
        connection.execute(insert(counters).values(name="units", value=1))
