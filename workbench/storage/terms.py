"""The glossary: entries with their forms and their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from workbench.domain.language import RU_ZH, Pair
from workbench.domain.term import Term
from workbench.errors import Conflict, NotFound
from workbench.storage.database import Database, now
from workbench.storage.schema import counters, term_versions, terms
from workbench.storage.term_query import alive, wanted
from workbench.storage.term_rows import (
    DELETED,
    content_of,
    counter,
    from_content,
    raise_counter,
    read_forms,
    set_counter,
    term_of,
    write_forms,
    write_versions,
)

_CHANGES = "terms"
_BASE = "terms-base"
_BASE_AUTHOR = "base"
_CHUNK = 500
# Asked for by every search, so built once.
_VERSION = select(counters.c.name, counters.c.value).where(counters.c.name.in_((_CHANGES, _BASE)))


@dataclass(frozen=True, slots=True)
class TermVersion:
    """One state of an entry: what it said, who wrote it, when and why."""

    term: Term
    author: str
    created: str
    reason: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class BaseRow:
    """A shipped entry: ``key`` names the row through its changes, ``digest`` its content."""

    key: str
    digest: str
    term: Term

    @property
    def mark(self) -> str:
        """What is kept with the entry made from it."""
        return f"{self.key}.{self.digest}"


class Terms:
    """The tables of entries, forms and versions, for one language pair.

    A save is one transaction; ``version`` changes with it and shows in every process.
    """

    def __init__(self, database: Database, pair: Pair = RU_ZH) -> None:
        self.database = database
        self.pair = str(pair)

    # -- reading ------------------------------------------------------------------------

    def get(self, term_id: int) -> Term:
        """Return an entry that is not deleted. Raises NotFound."""
        with self.database.read() as connection:
            return self._get(connection, term_id)

    def list(
        self,
        query: str = "",
        type: str | None = None,  # noqa: A002
        status: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        also: Sequence[int] = (),
        deleted: bool = False,
    ) -> tuple[Term, ...]:
        """Return entries by source; *query* is a part of either side or of any form.

        *also* are entries that the query finds by other means; *deleted* lists the deleted ones.
        """
        statement = wanted(self.pair, query, type, status, also, deleted)
        statement = statement.order_by(terms.c.source, terms.c.id)
        if limit is not None:
            statement = statement.limit(limit)
        return self._select(statement.offset(offset))

    def count(
        self,
        query: str = "",
        type: str | None = None,  # noqa: A002
        status: str | None = None,
        also: Sequence[int] = (),
        deleted: bool = False,
    ) -> int:
        """Return how many entries ``list`` would give without a limit."""
        found = wanted(self.pair, query, type, status, also, deleted).subquery()
        with self.database.read() as connection:
            return connection.scalar(select(func.count()).select_from(found)) or 0

    def of_sources(self, sources: Sequence[str]) -> tuple[Term, ...]:
        """Return the entries, in any state, whose Russian side is one of *sources*."""
        found: list[Term] = []
        for first in range(0, len(sources), _CHUNK):
            some = terms.c.source.in_(sources[first : first + _CHUNK])
            found += self._select(alive(self.pair).where(some).order_by(terms.c.id))
        return tuple(found)

    def sides(self) -> Sequence[tuple[int, str, str, Sequence[str]]]:
        """Return (number, Russian, Chinese, variants) of every entry: quick, without forms."""
        columns = (terms.c.id, terms.c.source, terms.c.target, terms.c.variants)
        statement = select(*columns).where(terms.c.pair == self.pair, terms.c.deleted == "")
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(statement)]

    def bare(self) -> tuple[Term, ...]:
        """Return every entry, in any state, without its forms: quick."""
        statement = alive(self.pair).order_by(terms.c.id)
        with self.database.read() as connection:
            return tuple(term_of(row, ()) for row in connection.execute(statement))

    def all_approved(self) -> tuple[Term, ...]:
        """Return every approved entry."""
        return self.with_status("approved")

    def with_status(self, *statuses: str) -> tuple[Term, ...]:
        """Return every entry in one of the states, in the order they were added."""
        statement = alive(self.pair).where(terms.c.status.in_(statuses)).order_by(terms.c.id)
        return self._select(statement)

    def history(self, term_id: int) -> tuple[TermVersion, ...]:
        """Return the entry's versions, newest first; a deleted entry keeps its own."""
        statement = (
            select(term_versions)
            .where(term_versions.c.term_id == term_id)
            .order_by(term_versions.c.revision.desc())
        )
        with self.database.read() as connection:
            rows = connection.execute(statement).all()
        return tuple(
            TermVersion(
                from_content(row.content, term_id, row.revision),
                row.author,
                row.created,
                row.reason,
                DELETED in row.content,
            )
            for row in rows
        )

    def version(self) -> str:
        """Return the glossary's version: the shipped base's digest and the number of changes."""
        with self.database.read() as connection:
            found = {row.name: row.value for row in connection.execute(_VERSION)}
        # Changes not stored yet may never be: their version is nobody else's.
        unsettled = self.database.unsettled and f"~{self.database.unsettled}"
        return f"{found.get(_BASE, 0):07x}.{found.get(_CHANGES, 0)}{unsettled}"

    def base_digest(self) -> int:
        """Return the digest of the shipped base last loaded (28 bits), 0 for none."""
        with self.database.read() as connection:
            return counter(connection, _BASE)

    # -- writing ------------------------------------------------------------------------

    def add(self, term: Term, author: str, reason: str = "") -> Term:
        """Store a new entry with its forms and return it with its number."""
        return self.add_all([term], author, reason)[0]

    def add_all(self, entries: Sequence[Term], author: str, reason: str = "") -> tuple[Term, ...]:
        """Store new entries in one transaction: all or none."""
        with self.database.begin() as connection:
            stored = self.insert(connection, entries, author, reason)
            if stored:
                self.touch(connection)
        return stored

    def update(self, term: Term, revision: int, author: str, reason: str = "") -> Term:
        """Save a change made to *revision*. Raises NotFound, Conflict when it is not the latest."""
        return self.update_all([(term, revision)], author, reason)[0]

    def update_all(
        self,
        changes: Sequence[tuple[Term, int]],
        author: str,
        reason: str = "",
        connection: Connection | None = None,
    ) -> tuple[Term, ...]:
        """Save changes, each made to the revision beside it, in one transaction: all or none.

        Runs inside the transaction of *connection* when one is given.
        """
        with self.database.within(connection) as writing:
            stored = []
            for term, revision in changes:
                current = self._get(writing, term.id, lock=True)
                if current.revision != revision:
                    raise Conflict("terms.changed", source=current.source)
                stored.append(self._store(writing, term, revision + 1, author, reason))
            if stored:
                self.touch(writing)
        return tuple(stored)

    def delete(
        self, term_id: int, author: str, reason: str = "", revision: int | None = None
    ) -> None:
        """Delete an entry; its history stays and the shipped base does not bring it back.

        Raises NotFound, Conflict when it is not at *revision* any more.
        """
        with self.database.begin() as connection:
            term = self._get(connection, term_id, lock=True)
            if revision is not None and term.revision != revision:
                raise Conflict("terms.changed", source=term.source)
            gone = replace(term, revision=term.revision + 1)
            write_versions(connection, [gone], author, reason, deleted=True)
            self._mark(connection, gone, author, now())
            self.touch(connection)

    def undelete(self, term_id: int, author: str, reason: str = "") -> Term:
        """Bring a deleted entry back as it was. Raises NotFound."""
        with self.database.begin() as connection:
            term = self._get(connection, term_id, deleted=True, lock=True)
            back = replace(term, revision=term.revision + 1)
            write_versions(connection, [back], author, reason)
            self._mark(connection, back, author, "")
            self.touch(connection)
        return back

    def touch(self, connection: Connection) -> None:
        """Make the change of the transaction known: the glossary gets its next version."""
        raise_counter(connection, _CHANGES)

    # -- the shipped base ---------------------------------------------------------------

    def base_marks(self) -> dict[int, str]:
        """Return, for each entry that came from the base and was changed here, its mark."""
        statement = select(terms.c.id, terms.c.base).where(
            terms.c.pair == self.pair,
            terms.c.local.is_(True),
            terms.c.base != "",
            terms.c.deleted == "",
        )
        with self.database.read() as connection:
            return {row.id: row.base for row in connection.execute(statement)}

    def settle_base(self, term_id: int, mark: str) -> None:
        """Remember that a person has seen the base's row *mark* and decided about the entry."""
        with self.database.begin() as connection:
            self._get(connection, term_id)
            connection.execute(update(terms).where(terms.c.id == term_id).values(base=mark))

    def sync_base(self, rows: Sequence[BaseRow], digest: int) -> bool:
        """Bring the shipped base in, once for each *digest*; return whether anything was done.

        Entries that a person changed, deleted or made under the same source stay as they are.
        """
        with self.database.begin() as connection:
            if counter(connection, _BASE) == digest:
                return False  # another process was first
            self._sync(connection, rows)
            set_counter(connection, _BASE, digest)
            self.touch(connection)
        return True

    # -- inside a transaction -----------------------------------------------------------

    def _sync(self, connection: Connection, rows: Sequence[BaseRow]) -> None:
        statement = select(
            terms.c.id,
            terms.c.source,
            terms.c.base,
            terms.c.local,
            terms.c.deleted,
            terms.c.revision,
        ).where(terms.c.pair == self.pair)
        known: dict[str, Any] = {}
        own: set[str] = set()
        for row in connection.execute(statement):
            if row.base:
                known[row.base.partition(".")[0]] = row
            elif not row.deleted:
                own.add(row.source)
        fresh: list[BaseRow] = []
        for base in rows:
            present = known.pop(base.key, None)
            if present is None:
                if base.term.source not in own:
                    fresh.append(base)
            elif not present.local and (present.base != base.mark or present.deleted):
                term = replace(base.term, id=present.id)
                self._store(
                    connection, term, present.revision + 1, _BASE_AUTHOR, "", base=base.mark
                )
        marks = [row.mark for row in fresh]
        self.insert(connection, [row.term for row in fresh], _BASE_AUTHOR, "", marks)
        gone = [row.id for row in known.values() if not row.local and not row.deleted]
        if gone:
            connection.execute(update(terms).where(terms.c.id.in_(gone)).values(deleted=now()))

    def insert(
        self,
        connection: Connection,
        entries: Sequence[Term],
        author: str,
        reason: str,
        marks: Sequence[str] = (),
        batch: str = "",
        hidden: str = "",
    ) -> tuple[Term, ...]:
        """Insert entries with few statements; *marks* are those of shipped rows.

        *batch* is the import they came with; while it runs they are *hidden* as deleted.
        """
        if not entries:
            return ()
        when = now()
        values = [self._values(term, 1, author, when) for term in entries]
        for row, mark in zip(values, marks or [""] * len(values), strict=True):
            row |= {"base": mark, "local": not mark, "batch": batch, "deleted": hidden}
        returning = insert(terms).returning(terms.c.id, sort_by_parameter_order=True)
        numbers = connection.execute(returning, values).scalars().all()
        stored = [
            replace(term, id=number, revision=1)
            for number, term in zip(numbers, entries, strict=True)
        ]
        write_forms(connection, stored)
        write_versions(connection, stored, author, reason)
        return tuple(stored)

    def _store(
        self,
        connection: Connection,
        term: Term,
        revision: int,
        author: str,
        reason: str,
        base: str | None = None,
    ) -> Term:
        values = self._values(term, revision, author, now())
        origin = {"local": True} if base is None else {"local": False, "base": base, "deleted": ""}
        connection.execute(update(terms).where(terms.c.id == term.id).values(**values, **origin))
        stored = replace(term, revision=revision)
        write_forms(connection, [stored])
        write_versions(connection, [stored], author, reason)
        return stored

    def _values(self, term: Term, revision: int, author: str, when: str) -> dict[str, object]:
        content = content_of(term)
        content.pop("forms")
        return {
            "pair": self.pair,
            **content,
            "revision": revision,
            "author": author,
            "changed": when,
        }

    def _mark(self, connection: Connection, term: Term, author: str, deleted: str) -> None:
        connection.execute(
            update(terms)
            .where(terms.c.id == term.id)
            .values(
                deleted=deleted,
                local=True,
                revision=term.revision,
                author=author,
                changed=now(),
            )
        )

    def _get(
        self, connection: Connection, term_id: int, deleted: bool = False, lock: bool = False
    ) -> Term:
        """Return an entry; *lock* keeps others from changing it until the transaction ends."""
        statement = wanted(self.pair, deleted=deleted).where(terms.c.id == term_id)
        row = connection.execute(statement.with_for_update() if lock else statement).first()
        if row is None:
            raise NotFound("terms.unknown", id=term_id)
        return term_of(row, read_forms(connection, [term_id])[term_id])

    def _select(self, statement: Any) -> tuple[Term, ...]:
        with self.database.read() as connection:
            rows = connection.execute(statement).all()
            forms = read_forms(connection, [row.id for row in rows])
        return tuple(term_of(row, forms[row.id]) for row in rows)
