"""Imports of entries: stored piece by piece, visible all at once, undone as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import and_, case, delete, func, select, update

from workbench.domain.term import Term
from workbench.errors import NotFound
from workbench.storage.database import now
from workbench.storage.schema import term_versions, terms
from workbench.storage.term_query import IMPORTING, alive
from workbench.storage.term_rows import term_of, write_versions
from workbench.storage.terms import Terms

_CHUNK = 1_000
_CUT_OFF = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TermBatch:
    """An import: ``entries`` came with it, ``present`` of them are not deleted."""

    id: str
    reason: str
    author: str
    created: str
    entries: int
    present: int


class Running:
    """An import under way: what it adds is hidden until the end."""

    def __init__(self, terms: Terms, batch: str, author: str, reason: str) -> None:
        self._terms = terms
        self._author = author
        self._reason = reason
        self.batch = batch

    def add(self, entries: Sequence[Term]) -> tuple[Term, ...]:
        """Store some of the entries in a transaction of their own."""
        with self._terms.database.begin() as connection:
            return self._terms.insert(
                connection, entries, self._author, self._reason, (), self.batch, IMPORTING
            )


class TermBatches:
    """The imports of one glossary."""

    def __init__(self, terms: Terms) -> None:
        """Keep them with *terms*."""
        self.terms = terms
        self.database = terms.database

    @contextmanager
    def running(self, author: str, reason: str) -> Iterator[Running]:
        """Run an import: its entries show at the end, all at once, or are gone when it fails."""
        self._sweep()
        run = Running(self.terms, f"i{uuid4().hex[:11]}", author, reason)
        of_batch = and_(terms.c.batch == run.batch, terms.c.deleted == IMPORTING)
        try:
            yield run
            with self.database.begin() as connection:
                shown = update(terms).where(of_batch).values(deleted="")
                if connection.execute(shown).rowcount:
                    self.terms.touch(connection)
        finally:
            with self.database.begin() as connection:  # nothing is left to remove after success
                connection.execute(delete(terms).where(of_batch))

    def list(self, limit: int = 50) -> tuple[TermBatch, ...]:
        """Return the imports, newest first."""
        first = and_(term_versions.c.term_id == terms.c.id, term_versions.c.revision == 1)
        newest = func.max(terms.c.id)
        statement = (
            select(
                terms.c.batch,
                func.max(term_versions.c.reason),
                func.max(term_versions.c.author),
                func.min(term_versions.c.created),
                func.count(),
                func.sum(case((terms.c.deleted == "", 1), else_=0)),
            )
            .select_from(terms.join(term_versions, first))
            .where(
                terms.c.batch != "", terms.c.deleted != IMPORTING, terms.c.pair == self.terms.pair
            )
            .group_by(terms.c.batch)
            .order_by(newest.desc())
            .limit(limit)
        )
        with self.database.read() as connection:
            return tuple(TermBatch(*row) for row in connection.execute(statement))

    def undo(self, batch: str, author: str, reason: str = "") -> tuple[int, tuple[Term, ...]]:
        """Delete the entries of an import that nobody changed since.

        Returns how many, and those that stay because somebody did. Raises NotFound.
        """
        of_batch = alive(self.terms.pair).where(terms.c.batch == batch).order_by(terms.c.id)
        with self.database.read() as connection:
            known = select(terms.c.id).where(
                terms.c.batch == batch, terms.c.batch != "", terms.c.deleted != IMPORTING
            )
            if connection.execute(known.limit(1)).first() is None:
                raise NotFound("terms.no_import", id=batch)
        gone, last = 0, 0
        while last >= 0:
            some, last = self._undo_some(batch, last, author, reason)
            gone += some
        with self.database.begin() as connection:
            if gone:
                self.terms.touch(connection)
            kept = [term_of(row, ()) for row in connection.execute(of_batch)]
        return gone, tuple(kept)

    def _undo_some(self, batch: str, after: int, author: str, reason: str) -> tuple[int, int]:
        """Delete the next entries behind number *after*; return how many, and the last one, or -1.

        A large import is undone in many short transactions, so that nobody has to wait; cut off
        between two of them, it is undone further by undoing it again.
        """
        untouched = (terms.c.batch == batch, terms.c.deleted == "", terms.c.revision == 1)
        page = alive(self.terms.pair).where(*untouched, terms.c.id > after)
        page = page.order_by(terms.c.id).limit(_CHUNK)
        with self.database.begin() as connection:
            found = [term_of(row, ()) for row in connection.execute(page)]
            if not found:
                return 0, -1
            ended = [replace(term, revision=2) for term in found]
            write_versions(connection, ended, author, reason, deleted=True)
            moment = now()
            values = {"deleted": moment, "changed": moment, "author": author}
            change = update(terms).where(terms.c.id.between(found[0].id, found[-1].id))
            connection.execute(change.where(*untouched).values(local=True, revision=2, **values))
            if not after:
                self.terms.touch(connection)
        return len(found), found[-1].id

    def _sweep(self) -> None:
        """Remove what an import left that was cut off with its process, a day ago or earlier."""
        old = (datetime.now(UTC) - _CUT_OFF).isoformat(timespec="milliseconds")
        with self.database.begin() as connection:
            connection.execute(
                delete(terms).where(terms.c.deleted == IMPORTING, terms.c.changed < old)
            )
