"""The translation memory's units, their history and the imports they came with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    and_,
    func,
    insert,
    literal,
    select,
    update,
)

from workbench.domain.identity import context_key, slot_key, text_key
from workbench.domain.language import RU_ZH, Pair
from workbench.domain.memory import Unit, UnitOrigin
from workbench.errors import Conflict, NotFound
from workbench.storage.database import Database, now
from workbench.storage.schema import batches, counters, unit_versions, units
from workbench.storage.unit_changes import UnitChanges

LIVE = units.c.deleted == ""
# Columns that are a field of Unit by the same name.
FIELDS = tuple(name for name in Unit.__dataclass_fields__ if name != "props")
# The most values put into one IN (…).
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Batch:
    """An import: units that came together and can be withdrawn together.

    ``finished`` is empty while it runs, and for good when its process was killed.
    """

    id: str
    origin: UnitOrigin
    name: str
    units: int
    skipped: int
    author: str
    created: str
    finished: str
    withdrawn: str


class Units:
    """The units of one language pair.

    Each transaction that changes units takes the next number of the change sequence; the row of
    that counter is locked until the commit, so that the numbers become visible in their order in
    PostgreSQL too.
    """

    def __init__(self, database: Database, pair: Pair = RU_ZH) -> None:
        """Keep them in *database*."""
        self.database = database
        self.pair = str(pair)
        self.log = UnitChanges(database, self.pair)

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
            found += self._select(units.c.id.in_(ids[first : first + CHUNK]))
        return found

    def same(self, source: str) -> list[Unit]:
        """Return the units with exactly this source, newest first."""
        return self._select(units.c.source_key == text_key(source))

    def same_but_numbers(self, source: str) -> list[Unit]:
        """Return the units whose source differs in numbers only, newest first."""
        return self._select(units.c.slot_key == slot_key(source), limit=50)

    def containing(self, text: str, side: str, limit: int) -> list[Unit]:
        """Return the units with *text* in their source or target, newest first."""
        column = units.c.target if side == "target" else units.c.source
        return self._select(column.contains(text, autoescape=True), limit=limit)

    def of_segment(self, segment_id: int, connection: Connection | None = None) -> Unit | None:
        """Return the unit that was confirmed in a segment, if there is one."""
        wanted = self._live(units.c.segment_id == segment_id)
        with self._reading(connection) as reading:
            found = reading.execute(wanted).mappings().first()
            return None if found is None else _decode(found)

    def all(self, batch: str = "") -> Iterator[Unit]:
        """Yield every unit, oldest first, reading in pages so that writers need not wait."""
        last = 0
        while True:
            page = self._live(units.c.id > last).order_by(None).order_by(units.c.id)
            if batch:
                page = page.where(units.c.batch == batch)
            with self.database.read() as connection:
                found = [_decode(r) for r in connection.execute(page.limit(1000)).mappings()]
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
            self._supersede(connection, units.c.id == known.id, reason or "deleted")
            self._mark_deleted(connection, units.c.id == known.id, author)

    def add_batch(
        self, chunk: Sequence[Unit], batch: str, skip_known: bool = True
    ) -> tuple[int, int]:
        """Store imported units in one transaction; return (added, already there).

        A unit is already there when a live one has its source, target and neighbours.
        """
        records = [_encode(unit, self.pair) for unit in chunk]  # before anybody has to wait
        with self.database.begin() as connection:
            seen = self._known(connection, records) if skip_known else set()
            fresh = []
            for record in records:
                identity = (record["source_key"], record["target_key"], record["context_key"])
                if identity not in seen:
                    seen.add(identity)
                    fresh.append(record)
            if fresh:
                number, moment = self._next(connection), now()
                for record in fresh:
                    record.update(sequence=number, batch=batch, revision=1)
                    record["created"] = record["created"] or moment
                    record["changed"] = record["changed"] or record["created"]
                connection.execute(insert(units), fresh)
            connection.execute(
                update(batches)
                .where(batches.c.id == batch)
                .values(
                    units=batches.c.units + len(fresh),
                    skipped=batches.c.skipped + len(chunk) - len(fresh),
                )
            )
        return len(fresh), len(chunk) - len(fresh)

    # -- imports --------------------------------------------------------------------------

    def open_batch(self, origin: UnitOrigin, name: str, author: str) -> Batch:
        """Begin an import."""
        new = insert(batches).values(
            id=uuid4().hex, origin=origin, name=name, author=author, created=now()
        )
        with self.database.begin() as connection:
            return _batch(connection.execute(new.returning(*batches.c)).mappings().one())

    def close_batch(self, batch: str) -> None:
        """Mark an import as whole."""
        done = update(batches).where(batches.c.id == batch).values(finished=now())
        with self.database.begin() as connection:
            connection.execute(done)

    def batches(self, include_withdrawn: bool = False) -> list[Batch]:
        """Return the imports, newest first."""
        wanted = select(batches).order_by(batches.c.created.desc())
        if not include_withdrawn:
            wanted = wanted.where(batches.c.withdrawn == "")
        with self.database.read() as connection:
            return [_batch(record) for record in connection.execute(wanted).mappings()]

    def withdraw(self, batch: str, author: str) -> int:
        """Delete the units of an import in one action; return how many. Raises NotFound."""
        with self.database.begin() as connection:
            known = connection.execute(
                update(batches)
                .where(batches.c.id == batch, batches.c.withdrawn == "")
                .values(withdrawn=now())
            )
            if known.rowcount == 0:
                raise NotFound("storage.no_batch", id=batch)
            of_batch = units.c.batch == batch
            self._supersede(connection, of_batch, "withdrawn")
            return self._mark_deleted(connection, of_batch, author)

    # -- inside ---------------------------------------------------------------------------

    def _reading(self, connection: Connection | None) -> AbstractContextManager[Connection]:
        return self.database.read() if connection is None else nullcontext(connection)

    def _live(self, condition: Any) -> Select[Any]:
        return (
            select(units)
            .where(condition, LIVE, units.c.pair == self.pair)
            .order_by(units.c.id.desc())
        )

    def _select(self, condition: Any, limit: int | None = None) -> list[Unit]:
        with self.database.read() as connection:
            found = connection.execute(self._live(condition).limit(limit)).mappings()
            return [_decode(record) for record in found]

    def _next(self, connection: Connection) -> int:
        """Return the next number of the change sequence; locks it until the commit."""
        rise = (
            update(counters)
            .where(counters.c.name == "units")
            .values(value=counters.c.value + 1)
            .returning(counters.c.value)
        )
        number: int = connection.execute(rise).scalar_one()
        return number

    def _insert(self, connection: Connection, unit: Unit) -> Unit:
        moment = now()
        record = _encode(unit, self.pair)
        record["created"] = record["created"] or moment
        record["changed"] = record["changed"] or moment
        record.update(revision=1, sequence=self._next(connection))
        stored = connection.execute(insert(units).values(record).returning(*units.c))
        return _decode(stored.mappings().one())

    def _replace(
        self, connection: Connection, known: Unit, unit: Unit, reason: str, author: str = ""
    ) -> Unit:
        self._supersede(connection, units.c.id == known.id, reason)
        record = _encode(unit, self.pair)
        for kept in ("created", "batch", "origin"):
            record[kept] = getattr(known, kept)
        record.update(
            author=author or unit.author,
            changed=now(),
            revision=known.revision + 1,
            sequence=self._next(connection),
        )
        stored = connection.execute(
            update(units).where(units.c.id == known.id).values(record).returning(*units.c)
        )
        return _decode(stored.mappings().one())

    def _current(self, connection: Connection, unit_id: int, revision: int) -> Unit:
        wanted = self._live(units.c.id == unit_id).with_for_update()
        found = connection.execute(wanted).mappings().one_or_none()
        if found is None:
            raise NotFound("storage.no_unit", id=unit_id)
        if found["revision"] != revision:
            raise Conflict("storage.unit_changed", id=unit_id, author=found["author"] or "—")
        return _decode(found)

    def _supersede(self, connection: Connection, condition: Any, reason: str) -> None:
        """Copy the present state of the units into the history."""
        table = units.c
        present = select(
            table.id,
            table.revision,
            table.source,
            table.target,
            table.author,
            table.changed,
            literal(reason),
        ).where(condition, LIVE)
        names = ["unit_id", "revision", "source", "target", "author", "created", "reason"]
        connection.execute(insert(unit_versions).from_select(names, present))

    def _mark_deleted(self, connection: Connection, condition: Any, author: str) -> int:
        moment = now()
        gone = connection.execute(
            update(units)
            .where(condition, LIVE)
            .values(
                deleted=moment,
                changed=moment,
                author=author,
                revision=units.c.revision + 1,
                sequence=self._next(connection),
            )
        )
        return gone.rowcount

    def _known(
        self, connection: Connection, records: Sequence[Mapping[str, Any]]
    ) -> set[tuple[str, str, str]]:
        table = units.c
        keys = list({record["source_key"] for record in records})
        found: set[tuple[str, str, str]] = set()
        for first in range(0, len(keys), CHUNK):
            some: Collection[str] = keys[first : first + CHUNK]
            wanted = select(table.source_key, table.target_key, table.context_key).where(
                and_(table.source_key.in_(some), LIVE, table.pair == self.pair)
            )
            found.update((r[0], r[1], r[2]) for r in connection.execute(wanted))
        return found


def _encode(unit: Unit, pair: str) -> dict[str, Any]:
    record = asdict(unit)
    del record["id"], record["revision"]
    record.update(
        pair=pair,
        source_key=text_key(unit.source),
        slot_key=slot_key(unit.source),
        target_key=text_key(unit.target),
        context_key=context_key(unit.before, unit.after),
        length=len(unit.source),
        props=[list(prop) for prop in unit.props],
    )
    return record


def _decode(record: RowMapping) -> Unit:
    values = {name: record[name] for name in FIELDS}
    return Unit(**values, props=tuple((name, value) for name, value in record["props"]))


def _batch(record: RowMapping) -> Batch:
    return Batch(**{name: record[name] for name in Batch.__dataclass_fields__})
