"""New targets for many units of the memory in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from workbench.domain.identity import text_key
from workbench.storage.database import now
from workbench.storage.schema import units
from workbench.storage.unit_rows import next_number, supersede

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A unit's new target, decided on when the unit was at *revision*."""

    id: int
    revision: int
    target: str


def rewrite(
    connection: Connection, changes: Sequence[NewTarget], author: str, reason: str
) -> frozenset[int]:
    """Give units new targets, keeping the old ones in their history.

    Returns which were still at their revision and not deleted; the others stay as they are.
    """
    written: set[int] = set()
    if not changes:
        return frozenset()
    number = next_number(connection)
    for first in range(0, len(changes), _CHUNK):
        chunk = {change.id: change for change in changes[first : first + _CHUNK]}
        present = select(units.c.id, units.c.revision).where(
            units.c.id.in_(chunk), units.c.deleted == ""
        )
        same = [
            row.id
            for row in connection.execute(present.with_for_update())
            if chunk[row.id].revision == row.revision
        ]
        if same:
            supersede(connection, units.c.id.in_(same), reason)
            _update(connection, [chunk[unit_id] for unit_id in same], author, number)
            written.update(same)
    return frozenset(written)


def _update(
    connection: Connection, changes: Sequence[NewTarget], author: str, sequence: int
) -> None:
    change = (
        update(units)
        .where(units.c.id == bindparam("which"))
        .values(
            target=bindparam("text"),
            target_key=bindparam("digest"),
            revision=units.c.revision + 1,
            author=author,
            changed=now(),
            sequence=sequence,
        )
    )
    rows = [
        {"which": new.id, "text": new.target, "digest": text_key(new.target)} for new in changes
    ]
    connection.execute(change, rows)
