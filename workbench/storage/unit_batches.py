"""Imports into the memory: units that came together and can be withdrawn together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from workbench.domain.memory import Unit, UnitOrigin
from workbench.errors import NotFound
from workbench.storage.database import Database, now
from workbench.storage.schema import batch_members, batches, units
from workbench.storage.unit_rows import LIVE, bring_back, encode, mark_deleted, next_number

Trust = Literal["", "own", "partner", "raw"]
# The most values put into one IN (…).
CHUNK = 500


# Asked for by every search, so built once.
_PROFILES = select(batches.c.id, batches.c.trust, batches.c.domain, batches.c.penalty).where(
    batches.c.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Profile:
    """How far an import is trusted, what it is about, and the points its matches lose."""

    trust: Trust = ""
    domain: str = ""
    penalty: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """An import.

    ``finished`` is empty while it runs, and for good when its process was killed; ``withdrawn``
    is empty or when; ``trust``, ``domain`` and ``penalty`` are its profile.
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
    withdrawn_by: str = ""
    trust: Trust = ""
    domain: str = ""
    penalty: int = 0


class UnitBatches:
    """The imports of one language pair's units.

    A unit that an import did not add because another import had brought it is a *member* of the
    later one as well; when the one it came with is withdrawn it goes over to a living one.
    """

    def __init__(self, database: Database, pair: str) -> None:
        """Keep them in *database*."""
        self.database = database
        self.pair = pair

    # -- reading --------------------------------------------------------------------------

    def list(self, include_withdrawn: bool = False) -> tuple[Batch, ...]:
        """Return the imports, newest first."""
        wanted = select(batches).order_by(batches.c.created.desc())
        if not include_withdrawn:
            wanted = wanted.where(batches.c.withdrawn == "")
        with self.database.read() as connection:
            return tuple(_batch(record) for record in connection.execute(wanted).mappings())

    def get(self, batch: str) -> Batch:
        """Return an import, withdrawn or not. Raises NotFound."""
        wanted = select(batches).where(batches.c.id == batch)
        with self.database.read() as connection:
            found = connection.execute(wanted).mappings().one_or_none()
        if found is None:
            raise NotFound("storage.no_batch", id=batch)
        return _batch(found)

    def members(self, batch: str) -> int:
        """Return how many units an import has that came with others."""
        member = batch_members.c
        wanted = select(func.count()).where(member.batch == batch)
        with self.database.read() as connection:
            return connection.scalar(wanted) or 0

    def profiles(self, ids: Collection[str]) -> dict[str, Profile]:
        """Return the profiles of some imports by their ids: one small query, for each search."""
        wanted = sorted(set(ids) - {""})
        if not wanted:
            return {}
        with self.database.read() as connection:
            found = connection.execute(_PROFILES, {"ids": wanted})
            return {row.id: Profile(row.trust, row.domain, row.penalty) for row in found}

    def count_known(self, found: Sequence[Unit]) -> int:
        """Return how many of some units are in the memory already."""
        records = [encode(unit, self.pair) for unit in found]
        with self.database.read() as connection:
            known = self._known(connection, records)
        keys = ((r["source_key"], r["target_key"], r["context_key"]) for r in records)
        return sum(key in known for key in keys)

    # -- importing ------------------------------------------------------------------------

    def open(
        self,
        origin: UnitOrigin,
        name: str,
        author: str,
        profile: Profile | None = None,
        batch: str = "",
    ) -> Batch:
        """Begin an import; *batch* is its id, made up when empty."""
        profile = profile or Profile()
        new = insert(batches).values(
            id=batch or uuid4().hex,
            origin=origin,
            name=name,
            author=author,
            created=now(),
            trust=profile.trust,
            domain=profile.domain,
            penalty=profile.penalty,
        )
        with self.database.begin() as connection:
            return _batch(connection.execute(new.returning(*batches.c)).mappings().one())

    def close(self, batch: str) -> None:
        """Mark an import as whole."""
        done = update(batches).where(batches.c.id == batch).values(finished=now())
        with self.database.begin() as connection:
            connection.execute(done)

    def set_profile(self, batch: str, profile: Profile) -> Batch:
        """Change what is thought of an import. Raises NotFound."""
        change = (
            update(batches)
            .where(batches.c.id == batch)
            .values(trust=profile.trust, domain=profile.domain, penalty=profile.penalty)
        )
        with self.database.begin() as connection:
            found = connection.execute(change.returning(*batches.c)).mappings().one_or_none()
        if found is None:
            raise NotFound("storage.no_batch", id=batch)
        return _batch(found)

    def add(self, chunk: Sequence[Unit], batch: str, skip_known: bool = True) -> tuple[int, int]:
        """Store imported units in one transaction; return (added, already there).

        A unit is already there when a live one has its source, target and neighbours.
        """
        records = [encode(unit, self.pair) for unit in chunk]  # before anybody has to wait
        with self.database.begin() as connection:
            known = self._known(connection, records) if skip_known else {}
            seen = set(known)
            fresh, shared = [], set()
            for record in records:
                identity = (record["source_key"], record["target_key"], record["context_key"])
                if identity not in seen:
                    seen.add(identity)
                    fresh.append(record)
                elif (there := known.get(identity)) and there[1] not in ("", batch):
                    shared.add(there[0])
            if fresh:
                number, moment = next_number(connection), now()
                for record in fresh:
                    record.update(sequence=number, batch=batch, revision=1)
                    record["created"] = record["created"] or moment
                    record["changed"] = record["changed"] or record["created"]
                connection.execute(insert(units), fresh)
            self._join(connection, shared, batch)
            connection.execute(
                update(batches)
                .where(batches.c.id == batch)
                .values(
                    units=batches.c.units + len(fresh),
                    skipped=batches.c.skipped + len(chunk) - len(fresh),
                )
            )
        return len(fresh), len(chunk) - len(fresh)

    # -- withdrawing ----------------------------------------------------------------------

    def withdraw(self, batch: str, author: str) -> int:
        """Delete the units of an import in one action; return how many. Raises NotFound.

        Those that another living import has too become that one's.
        """
        with self.database.begin() as connection:
            number = next_number(connection)
            known = connection.execute(
                update(batches)
                .where(batches.c.id == batch, batches.c.withdrawn == "")
                .values(withdrawn=now(), withdrawn_by=author, sequence=number)
            )
            if known.rowcount == 0:
                raise NotFound("storage.no_batch", id=batch)
            self._hand_over(connection, batch)
            of_batch = units.c.batch == batch
            return mark_deleted(connection, of_batch, author, "withdrawn", number)

    def undo(self, batch: str, author: str) -> int:
        """Bring back what withdrawing an import deleted; return how many.

        What somebody changed since, or what is there again, stays as it is. Raises NotFound when
        the import is not withdrawn, or never became whole.
        """
        with self.database.begin() as connection:
            wanted = select(batches.c.sequence).where(
                batches.c.id == batch, batches.c.withdrawn != "", batches.c.finished != ""
            )
            number = connection.execute(wanted).scalar_one_or_none()
            if number is None:
                raise NotFound("storage.not_withdrawn", id=batch)
            own = and_(units.c.batch == batch, units.c.sequence == number)
            back = bring_back(connection, and_(own, no_twin()), author, "restored")
            back += self._bring_back_shared(connection, batch, author)
            connection.execute(
                update(batches)
                .where(batches.c.id == batch)
                .values(withdrawn="", withdrawn_by="", sequence=0)
            )
            return back

    # -- inside ---------------------------------------------------------------------------

    def _known(
        self, connection: Connection, records: Sequence[Mapping[str, Any]]
    ) -> dict[tuple[str, str, str], tuple[int, str]]:
        """Return (unit id, batch) of the live units that may be the same, by identity."""
        table = units.c
        keys = list({record["source_key"] for record in records})
        found: dict[tuple[str, str, str], tuple[int, str]] = {}
        for first in range(0, len(keys), CHUNK):
            wanted = select(
                table.source_key, table.target_key, table.context_key, table.id, table.batch
            ).where(
                and_(
                    table.source_key.in_(keys[first : first + CHUNK]),
                    LIVE,
                    table.pair == self.pair,
                )
            )
            for row in connection.execute(wanted):
                identity = (row[0], row[1], row[2])
                if identity not in found or not row.batch:  # what a person confirmed stays anyway
                    found[identity] = (row.id, row.batch)
        return found

    def _join(self, connection: Connection, shared: set[int], batch: str) -> None:
        """Note that the import has these units too."""
        if not shared:
            return
        present = select(batch_members.c.unit_id).where(
            batch_members.c.batch == batch, batch_members.c.unit_id.in_(shared)
        )
        new = shared - set(connection.execute(present).scalars())
        if new:
            rows = [{"unit_id": number, "batch": batch} for number in sorted(new)]
            connection.execute(insert(batch_members), rows)

    def _hand_over(self, connection: Connection, batch: str) -> None:
        """Give the import's live units to another living import that has them too."""
        member = batch_members.c
        heirs = (
            select(member.unit_id, batches.c.id)
            .join(batches, batches.c.id == member.batch)
            .join(units, units.c.id == member.unit_id)
            .where(units.c.batch == batch, LIVE, batches.c.withdrawn == "", batches.c.id != batch)
            .order_by(batches.c.created.desc())
        )
        heir = {row[0]: row[1] for row in connection.execute(heirs)}  # the oldest one stays last
        by_batch: dict[str, list[int]] = {}
        for unit_id, other in heir.items():
            by_batch.setdefault(other, []).append(unit_id)
        for other, ids in by_batch.items():
            for first in range(0, len(ids), CHUNK):
                some = ids[first : first + CHUNK]
                connection.execute(update(units).where(units.c.id.in_(some)).values(batch=other))
                taken = and_(member.batch == other, member.unit_id.in_(some))
                connection.execute(delete(batch_members).where(taken))
                self._join(connection, set(some), batch)

    def _bring_back_shared(self, connection: Connection, batch: str, author: str) -> int:
        """Bring back units that went with another import that is still withdrawn."""
        member = batch_members.c
        wanted = (
            select(units.c.id)
            .join(batch_members, member.unit_id == units.c.id)
            .join(batches, batches.c.id == units.c.batch)
            .where(
                member.batch == batch,
                batches.c.withdrawn != "",
                units.c.sequence == batches.c.sequence,
                units.c.deleted != "",
                no_twin(),
            )
        )
        ids = list(connection.execute(wanted).scalars())
        for first in range(0, len(ids), CHUNK):
            some = units.c.id.in_(ids[first : first + CHUNK])
            bring_back(connection, some, author, "restored", batch=batch)
        return len(ids)


def no_twin() -> ColumnElement[bool]:
    """The condition that nothing alive has a unit's texts and neighbours, or its segment."""
    twin = units.alias("twin")
    here, there = units.c, twin.c
    same_texts = and_(
        there.source_key == here.source_key,
        there.target_key == here.target_key,
        there.context_key == here.context_key,
        there.pair == here.pair,
    )
    same_segment = and_(here.segment_id > 0, there.segment_id == here.segment_id)
    return and_(
        ~exists(select(there.id).where(same_texts, there.deleted == "", there.id != here.id)),
        ~exists(select(there.id).where(same_segment, there.deleted == "", there.id != here.id)),
    )


def _batch(record: RowMapping) -> Batch:
    return Batch(**{name: record[name] for name in Batch.__dataclass_fields__})
