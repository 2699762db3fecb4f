"""What became of units: versions, deletions, and bringing back what was deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from workbench.domain.language import RU_ZH, Pair
from workbench.domain.memory import Unit
from workbench.errors import Conflict, NotFound
from workbench.storage.database import Database
from workbench.storage.schema import unit_versions, units
from workbench.storage.unit_batches import no_twin
from workbench.storage.unit_rows import bring_back, decode, mark_deleted, next_number

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class UnitVersion:
    """A unit as it was from *created* (ISO, UTC) on, by whose act and why.

    ``deleted`` says that the act deleted it; ``reason`` is empty for the first version.
    """

    revision: int
    source: str
    target: str
    author: str
    created: str
    reason: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A unit, living or not, with its versions, newest first."""

    unit: Unit
    deleted: bool
    versions: tuple[UnitVersion, ...]


class UnitHistory:
    """The past of the units of one language pair."""

    def __init__(self, database: Database, pair: Pair = RU_ZH) -> None:
        """Read and write *database*."""
        self.database = database
        self.pair = str(pair)

    def get(self, unit_id: int) -> StoredUnit:
        """Return a unit with its versions, deleted or not. Raises NotFound."""
        here = select(units).where(units.c.id == unit_id, units.c.pair == self.pair)
        past = select(unit_versions).where(unit_versions.c.unit_id == unit_id)
        with self.database.read() as connection:
            record = connection.execute(here).mappings().one_or_none()
            if record is None:
                raise NotFound("storage.no_unit", id=unit_id)
            older = list(connection.execute(past.order_by(unit_versions.c.revision)))
        unit = decode(record)
        # A version keeps the reason for which it ended; what is told is why each began.
        reasons = ["", *(row.reason for row in older)]
        states: list[tuple[int, Any, str, str]] = [
            (row.revision, row, row.created, row.deleted) for row in older
        ]
        states.append((unit.revision, record, unit.changed, record["deleted"]))
        versions = [
            UnitVersion(
                revision, row.source, row.target, row.author, created, reason, bool(deleted)
            )
            for (revision, row, created, deleted), reason in zip(states, reasons, strict=True)
        ]
        return StoredUnit(unit, bool(record["deleted"]), tuple(reversed(versions)))

    def undelete(self, unit_id: int, author: str, reason: str = "") -> None:
        """Bring a deleted unit back. Raises NotFound, Conflict."""
        with self.database.begin() as connection:
            wanted = select(units.c.deleted).where(units.c.id == unit_id, units.c.pair == self.pair)
            deleted = connection.execute(wanted).scalar_one_or_none()
            if deleted is None:
                raise NotFound("storage.no_unit", id=unit_id)
            if not deleted:
                raise Conflict("storage.unit_alive", id=unit_id)
            back = and_(units.c.id == unit_id, no_twin())
            if not bring_back(connection, back, author, reason or "undeleted"):
                raise Conflict("storage.unit_twin", id=unit_id)

    def delete_article(
        self, connection: Connection, article_id: int, title: str, author: str, reason: str
    ) -> tuple[int, int]:
        """Delete the units of an article; return (how many, number of the change).

        They are those of the article of the house *article_id*, or – where that is 0 – those
        whose file names an article *title*.
        """
        of_article = units.c.article_id == article_id if article_id else units.c.article == title
        number = next_number(connection)
        condition = and_(of_article, units.c.pair == self.pair)
        return mark_deleted(connection, condition, author, reason, number), number

    def delete_all(
        self, connection: Connection, which: Sequence[tuple[int, int]], author: str, reason: str
    ) -> tuple[int, int]:
        """Delete those of the (unit, revision) pairs that are still so, as one change."""
        number, gone = next_number(connection), 0
        for first in range(0, len(which), _CHUNK):
            same = or_(
                *(
                    and_(units.c.id == unit_id, units.c.revision == revision)
                    for unit_id, revision in which[first : first + _CHUNK]
                )
            )
            gone += mark_deleted(connection, same, author, reason, number)
        return gone, number

    def bring_back_change(
        self, connection: Connection, number: int, author: str, twins: bool = False
    ) -> int:
        """Bring back what a change of the sequence deleted and nobody touched since.

        What is there again stays deleted, unless *twins* are wanted.
        """
        of_change: Any = and_(units.c.sequence == number, units.c.pair == self.pair)
        wanted = of_change if twins else and_(of_change, no_twin())
        return bring_back(connection, wanted, author, "restored")
