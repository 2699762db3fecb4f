"""The translation memory's units and their history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from workbench.domain.identity import slot_key, text_key
from workbench.domain.language import RU_ZH, Pair
from workbench.domain.memory import Unit
from workbench.errors import Conflict, NotFound
from workbench.storage.database import Database, now
from workbench.storage.schema import unit_versions, units
from workbench.storage.unit_batches import Batch, UnitBatches
from workbench.storage.unit_changes import UnitChanges
from workbench.storage.unit_rows import (
    BY_IDS,
    COLUMNS,
    LIVE,
    SAME,
    SAME_BUT_NUMBERS,
    decode,
    encode,
    mark_deleted,
    next_number,
    of_row,
    supersede,
)

__all__ = ["Batch", "Units"]

# The most values put into one IN (…).
CHUNK = 500


class Units:
    """The units of one language pair; ``imports`` are the batches that some came with."""

    def __init__(self, database: Database, pair: Pair = RU_ZH) -> None:
        """Keep them in *database*."""
        self.database = database
        self.pair = str(pair)
        self.log = UnitChanges(database, self.pair)
        self.imports = UnitBatches(database, self.pair)

    # -- reading --------------------------------------------------------------------------

    def get(self, unit_id: int) -> Unit:
        """Return a unit that is not deleted. Raises NotFound."""
        found = self.by_ids([unit_id])
        if not found:
            raise NotFound("storage.no_unit", id=unit_id)
        return found[0]

    def by_ids(self, ids: Sequence[int]) -> list[Unit]:
        """Return those of the units that are not deleted, in no order."""
        found: list[Unit] = []
        for first in range(0, len(ids), CHUNK):
            found += self._built(BY_IDS, ids=ids[first : first + CHUNK])
        return found

    def same(self, source: str) -> list[Unit]:
        """Return the units with exactly this source, newest first."""
        return self._built(SAME, key=text_key(source))

    def same_but_numbers(self, source: str) -> list[Unit]:
        """Return the units whose source differs in numbers only, newest first."""
        return self._built(SAME_BUT_NUMBERS, key=slot_key(source))

    def containing(self, text: str, side: str, limit: int) -> list[Unit]:
        """Return the units with *text* in their source or target, newest first."""
        column = units.c.target if side == "target" else units.c.source
        return self._select(column.contains(text, autoescape=True), limit=limit)

    def of_segment(self, segment_id: int, connection: Connection | None = None) -> Unit | None:
        """Return the unit that was confirmed in a segment, if there is one."""
        wanted = self._live(units.c.segment_id == segment_id)
        with self._reading(connection) as reading:
            found = reading.execute(wanted).mappings().first()
            return None if found is None else decode(found)

    def all(self, batch: str = "") -> Iterator[Unit]:
        """Yield every unit, oldest first, reading in pages so that writers need not wait."""
        last = 0
        while True:
            page = self._live(units.c.id > last).order_by(None).order_by(units.c.id)
            if batch:
                page = page.where(units.c.batch == batch)
            with self.database.read() as connection:
                found = [of_row(row) for row in connection.execute(page.limit(1000))]
            yield from found
            if not found:
                return
            last = found[-1].id

    def history(self, unit_id: int) -> list[Mapping[str, Any]]:
        """Return the superseded versions of a unit, newest first."""
        wanted = select(unit_versions).where(unit_versions.c.unit_id == unit_id)
        with self.database.read() as connection:
            ordered = wanted.order_by(unit_versions.c.revision.desc())
            return [dict(record) for record in connection.execute(ordered).mappings()]

    def count(self) -> dict[str, int]:
        """Return the number of units by origin."""
        counted = select(units.c.origin, func.count()).where(LIVE, units.c.pair == self.pair)
        with self.database.read() as connection:
            found = connection.execute(counted.group_by(units.c.origin)).all()
            return {str(origin): int(number) for origin, number in found}

    # -- writing --------------------------------------------------------------------------

    def put(self, unit: Unit, connection: Connection | None = None, reason: str = "") -> Unit:
        """Store a confirmed unit: a new one, or a new version of its segment's unit.

        Runs inside the transaction of *connection* when one is given.
        """
        with self.database.within(connection) as writing:
            known = self.of_segment(unit.segment_id, writing) if unit.segment_id else None
            if known is None:
                return self._insert(writing, unit)
            same = (known.source, known.target, known.before, known.after) == (
                unit.source,
                unit.target,
                unit.before,
                unit.after,
            )
            if same and known.author == unit.author:
                return known
            return self._replace(writing, known, unit, reason or "confirmed again")

    def update(
        self,
        unit: Unit,
        revision: int,
        author: str,
        reason: str = "",
        connection: Connection | None = None,
    ) -> Unit:
        """Change a unit by hand. Raises Conflict when *revision* is not its present one.

        Runs inside the transaction of *connection* when one is given.
        """
        with self.database.within(connection) as writing:
            known = self._current(writing, unit.id, revision)
            return self._replace(writing, known, unit, reason or "edited", author)

    def delete(self, unit_id: int, revision: int, author: str, reason: str = "") -> None:
        """Delete a unit; its last state stays in the history. Raises Conflict, NotFound."""
        with self.database.begin() as connection:
            known = self._current(connection, unit_id, revision)
            mark_deleted(connection, units.c.id == known.id, author, reason or "deleted")

    # -- inside ---------------------------------------------------------------------------

    def _reading(self, connection: Connection | None) -> AbstractContextManager[Connection]:
        return self.database.read() if connection is None else nullcontext(connection)

    def _live(self, condition: Any) -> Select[Any]:
        return (
            select(*COLUMNS)
            .where(condition, LIVE, units.c.pair == self.pair)
            .order_by(units.c.id.desc())
        )

    def _built(self, statement: Select[Any], **values: Any) -> list[Unit]:
        with self.database.read() as connection:
            found = connection.execute(statement, {"of_pair": self.pair, **values})
            return [of_row(row) for row in found.fetchall()]

    def _select(self, condition: Any, limit: int | None = None) -> list[Unit]:
        with self.database.read() as connection:
            found = connection.execute(self._live(condition).limit(limit))
            return [of_row(row) for row in found]

    def _insert(self, connection: Connection, unit: Unit) -> Unit:
        moment = now()
        record = encode(unit, self.pair)
        record["created"] = record["created"] or moment
        record["changed"] = record["changed"] or moment
        record.update(revision=1, sequence=next_number(connection))
        stored = connection.execute(insert(units).values(record).returning(*units.c))
        return decode(stored.mappings().one())

    def _replace(
        self, connection: Connection, known: Unit, unit: Unit, reason: str, author: str = ""
    ) -> Unit:
        supersede(connection, units.c.id == known.id, reason)
        record = encode(unit, self.pair)
        for kept in ("created", "batch", "origin"):
            record[kept] = getattr(known, kept)
        record.update(
            author=author or unit.author,
            changed=now(),
            revision=known.revision + 1,
            sequence=next_number(connection),
        )
        stored = connection.execute(
            update(units).where(units.c.id == known.id).values(record).returning(*units.c)
        )
        return decode(stored.mappings().one())

    def _current(self, connection: Connection, unit_id: int, revision: int) -> Unit:
        wanted = self._live(units.c.id == unit_id).with_for_update()
        found = connection.execute(wanted).mappings().one_or_none()
        if found is None:
            raise NotFound("storage.no_unit", id=unit_id)
        if found["revision"] != revision:
            raise Conflict("storage.unit_changed", id=unit_id, author=found["author"] or "—")
        return decode(found)
