"""The change sequence of the memory, which derived indexes replay."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from workbench.storage.database import Database
from workbench.storage.schema import counters, units

COUNTER = select(counters.c.value).where(counters.c.name == bindparam("name"))


@dataclass(frozen=True, slots=True)
class Change:
    """A unit as a derived index needs it; ``deleted`` says that it is gone."""

    id: int
    source: str
    target: str
    deleted: bool
    sequence: int


class UnitChanges:
    """What changed in the units of one language pair, in the order of the commits."""

    def __init__(self, database: Database, pair: str) -> None:
        """Read from *database*."""
        self.database = database
        self.pair = pair

    def sequence(self) -> int:
        """Return the number of the last change; cheap, asked before each search."""
        return self._counter("units") or 0

    def changes(self, after: tuple[int, int], limit: int) -> list[Change]:
        """Return the changes after *after* – (number, unit id) – in their order, at most *limit*.

        From the beginning, (0, 0), units that are gone are left out.
        """
        table, (number, unit_id) = units.c, after
        wanted = (
            select(table.id, table.source, table.target, table.deleted, table.sequence)
            .where(
                table.pair == self.pair,
                table.sequence >= number,
                or_(table.sequence > number, table.id > unit_id),
            )
            .order_by(table.sequence, table.id)
            .limit(limit)
        )
        if after == (0, 0):
            wanted = wanted.where(table.deleted == "")
        with self.database.read() as connection:
            found = connection.execute(wanted).all()
        return [Change(r.id, r.source, r.target, bool(r.deleted), r.sequence) for r in found]

    def standing(self) -> tuple[int, int]:
        """Return the number of the last change, and of the units that are not deleted then."""
        living = select(func.count()).where(units.c.deleted == "", units.c.pair == self.pair)
        last = select(counters.c.value).where(counters.c.name == "units")
        both = select(last.scalar_subquery(), living.scalar_subquery())  # of one moment
        with self.database.read() as connection:
            number, count = connection.execute(both).one()
            return int(number or 0), int(count)

    def identity(self) -> str:
        """Return a name for this very database; a restored one gets another."""
        known = self._counter("identity")
        if known is None:
            fresh = {"name": "identity", "value": secrets.randbelow(2**31 - 1) + 1}
            with suppress(IntegrityError), self.database.begin() as connection:
                connection.execute(insert(counters).values(fresh))  # unless another was first
            known = self._counter("identity")
        return f"{self.pair} {known}"

    def _counter(self, name: str) -> int | None:
        with self.database.read() as connection:
            number: int | None = connection.execute(COUNTER, {"name": name}).scalar()
        return number
