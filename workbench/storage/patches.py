"""Changed terms that were carried into rows and units, kept so that they can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, select, update

from workbench.errors import NotFound
from workbench.storage.database import Database, now
from workbench.storage.schema import patches


@dataclass(frozen=True, slots=True)
class StoredPatch:
    """A patch; ``content`` holds what it changed, as JSON. ``undone`` is empty or when."""

    id: int
    term_id: int
    author: str
    created: str
    reason: str
    content: Mapping[str, Any]
    undone: str
    undone_by: str


class Patches:
    """The record of patches of one kind; those of other kinds are not seen."""

    def __init__(self, database: Database, kind: str = "") -> None:
        """Keep it in *database*; *kind* stands in the content of each (empty for changed terms)."""
        self.database = database
        self.kind = kind

    def add(
        self,
        connection: Connection,
        term_id: int,
        author: str,
        reason: str,
        content: Mapping[str, Any],
    ) -> int:
        """Record a patch in the transaction that makes it; return its number."""
        new = insert(patches).values(
            term_id=term_id,
            author=author,
            created=now(),
            reason=reason,
            content={**content, "kind": self.kind} if self.kind else dict(content),
            undone="",
            undone_by="",
        )
        number: int = connection.execute(new.returning(patches.c.id)).scalar_one()
        return number

    def get(self, patch_id: int, connection: Connection | None = None) -> StoredPatch:
        """Return a patch. Raises NotFound."""
        if connection is None:
            with self.database.read() as opened:
                return self.get(patch_id, opened)
        wanted = select(patches).where(patches.c.id == patch_id)
        found = connection.execute(wanted).mappings().first()
        if found is None or found["content"].get("kind", "") != self.kind:
            raise NotFound("terms.no_patch", id=patch_id)
        return StoredPatch(**found)

    def list(self, term_id: int = 0, limit: int = 50) -> tuple[StoredPatch, ...]:
        """Return the patches of an entry, or of all, newest first."""
        wanted = select(patches).order_by(patches.c.id.desc())
        if term_id:
            wanted = wanted.where(patches.c.term_id == term_id)
        with self.database.read() as connection:
            rows = connection.execute(wanted).yield_per(limit).mappings()
            mine = (row for row in rows if row["content"].get("kind", "") == self.kind)
            return tuple(StoredPatch(**row) for row in islice(mine, limit))

    def close(self, connection: Connection, patch_id: int, author: str) -> None:
        """Mark a patch as undone, in the transaction that undoes it."""
        connection.execute(
            update(patches).where(patches.c.id == patch_id).values(undone=now(), undone_by=author)
        )
