"""Units of the memory asked for by who, when and where."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from workbench.domain.language import RU_ZH, Pair
from workbench.domain.memory import Unit
from workbench.storage.database import Database
from workbench.storage.holding import holds
from workbench.storage.schema import segments, units
from workbench.storage.unit_rows import BY_IDS, COLUMNS, LIVE, of_row

CHUNK = 500
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class UnitFilter:
    """Which units count; an empty field rules nothing out.

    ``article`` is an article's number or a part of its title, ``since`` and ``until`` are days
    (ISO), both included, of the unit's last change.
    """

    article: str = ""
    author: str = ""
    origin: str = ""
    since: str = ""
    until: str = ""

    def __bool__(self) -> bool:
        return any((self.article, self.author, self.origin, self.since, self.until))

    @property
    def article_id(self) -> int:
        """The article's number, 0 when a title is asked for."""
        number = self.article.lstrip("#")
        return int(number) if number.isdecimal() and len(number) < 10 else 0

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what a unit must fulfil."""
        table = units.c
        if self.article_id:
            yield table.article_id == self.article_id
        elif self.article:
            yield holds(table.article, self.article)
        if self.author:
            yield table.author == self.author
        if self.origin:
            yield table.origin == self.origin
        if self.since:
            yield table.changed >= self.since
        if self.until:
            yield table.changed < f"{self.until}~"  # "~" follows the "T" before the time of day


class UnitQuery:
    """Reads units of one language pair by their circumstances."""

    def __init__(self, database: Database, pair: Pair = RU_ZH) -> None:
        """Read from *database*."""
        self.database = database
        self.pair = str(pair)

    def by_ids(self, ids: Sequence[int], narrowed: UnitFilter) -> list[Unit]:
        """Return those of the units that are alive and pass, highest number first."""
        found: list[Unit] = []
        wanted = BY_IDS.where(*narrowed.conditions()) if narrowed else BY_IDS
        with self.database.read() as connection:
            for first in range(0, len(ids), CHUNK):
                given = {"of_pair": self.pair, "ids": ids[first : first + CHUNK]}
                found += map(of_row, connection.execute(wanted, given).fetchall())
        return sorted(found, key=lambda unit: -unit.id)

    def newest(self, narrowed: UnitFilter, before: int = 0) -> Iterator[list[Unit]]:
        """Yield pages of the units that pass, highest number first, below *before* if given."""
        last = before
        while True:
            below = (units.c.id < last,) if last else ()
            page = self._read(*below, *narrowed.conditions(), limit=_PAGE)
            if page:
                yield page
            if len(page) < _PAGE:
                return
            last = page[-1].id

    def after(self, unit_id: int, limit: int) -> list[Unit]:
        """Return the units that follow *unit_id*, lowest number first, at most *limit*."""
        wanted = self._live(units.c.id > unit_id).order_by(units.c.id).limit(limit)
        with self.database.read() as connection:
            return [of_row(row) for row in connection.execute(wanted)]

    def count(self) -> int:
        """Return the number of living units."""
        wanted = select(func.count()).where(LIVE, units.c.pair == self.pair)
        with self.database.read() as connection:
            return connection.scalar(wanted) or 0

    def numbers(self, segment_ids: Collection[int]) -> dict[int, int]:
        """Return the places of segments in their articles, from 1, by their ids."""
        wanted = sorted(set(segment_ids) - {0})
        found: dict[int, int] = {}
        with self.database.read() as connection:
            for first in range(0, len(wanted), CHUNK):
                some = segments.c.id.in_(wanted[first : first + CHUNK])
                rows = connection.execute(select(segments.c.id, segments.c.n).where(some))
                found.update((row.id, row.n) for row in rows)
        return found

    def authors(self) -> tuple[str, ...]:
        """Return everybody who stands as a unit's author."""
        wanted = select(units.c.author).where(LIVE, units.c.pair == self.pair).distinct()
        with self.database.read() as connection:
            found = connection.execute(wanted.order_by(units.c.author).limit(500)).scalars()
            return tuple(name for name in found if name)

    def same_source(self, after: str, limit: int, differing: bool) -> list[str]:
        """Return keys of sources that several living units have, in order, beyond the key *after*.

        *differing*: in several translations; else as the same pair with the same neighbours.
        """
        table = units.c
        kept = (LIVE, table.pair == self.pair, table.source_key > after)
        if differing:
            wanted = select(table.source_key).where(*kept).group_by(table.source_key)
            wanted = wanted.having(func.count(table.target_key.distinct()) > 1)
        else:
            same = (table.source_key, table.target_key, table.context_key)
            doubled = select(table.source_key).where(*kept).group_by(*same)
            doubled = doubled.having(func.count() > 1)
            wanted = select(doubled.subquery().c.source_key).distinct()
        with self.database.read() as connection:
            column = wanted.selected_columns.source_key
            return list(connection.execute(wanted.order_by(column).limit(limit)).scalars())

    def of_source_keys(self, keys: Sequence[str]) -> list[tuple[str, str, str, Unit]]:
        """Return (source key, target key, context key, unit) of the living units of sources."""
        found = []
        with self.database.read() as connection:
            for first in range(0, len(keys), CHUNK):
                some = units.c.source_key.in_(keys[first : first + CHUNK])
                wanted = self._live(some).order_by(units.c.source_key, units.c.id)
                table = units.c
                wanted = wanted.add_columns(table.source_key, table.target_key, table.context_key)
                found += [(*row[-3:], of_row(row[:-3])) for row in connection.execute(wanted)]
        return found

    def _live(self, *conditions: ColumnElement[bool]) -> Any:
        return select(*COLUMNS).where(*conditions, LIVE, units.c.pair == self.pair)

    def _read(self, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Unit]:
        wanted = self._live(*conditions).order_by(units.c.id.desc()).limit(limit)
        with self.database.read() as connection:
            return [of_row(row) for row in connection.execute(wanted)]
