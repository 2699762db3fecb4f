"""The newsroom's own test sets: frozen once, never changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from workbench.domain.identity import text_key
from workbench.domain.run import FrozenPair
from workbench.errors import Conflict, NotFound
from workbench.storage.database import Database, now
from workbench.storage.lab_schema import frozen_pairs, frozen_sets
from workbench.storage.schema import articles, segments

ROWS = 500  # inserted at a time
_CONFIRMED = ("confirmed", "reviewed")


@dataclass(frozen=True, slots=True)
class FrozenSet:
    """A frozen set without its pairs. ``digest`` is that of its lines when it was frozen."""

    id: int
    name: str
    digest: str
    lines: int
    manifest: Mapping[str, Any]
    author: str
    created: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A confirmed segment of an article; ``whole``: so is every other that is not locked.

    ``engine`` drafted it at first, empty when no machine did.
    """

    article_id: int
    segment_id: int
    title: str
    author: str
    outlet: str
    date: str
    source: str
    target: str
    whole: bool
    engine: str = ""


Listed = list[FrozenSet]


class FrozenSets:
    """The frozen sets of one database."""

    def __init__(self, database: Database) -> None:
        """Keep them in *database*."""
        self.database = database

    def add(
        self,
        name: str,
        digest: str,
        pairs: Sequence[FrozenPair],
        manifest: Mapping[str, Any],
        author: str = "",
    ) -> FrozenSet:
        """Store a set for good. Raises Conflict when the name is taken."""
        created = now()
        try:
            with self.database.begin() as connection:
                new = insert(frozen_sets).values(
                    name=name,
                    digest=digest,
                    manifest=dict(manifest),
                    author=author,
                    created=created,
                )
                number = connection.execute(new.returning(frozen_sets.c.id)).scalar_one()
                rows = [
                    {
                        "set_id": number,
                        "n": n,
                        "article_id": pair.article_id,
                        "segment_id": pair.segment_id,
                        "source_key": text_key(pair.source),
                        "source": pair.source,
                        "target": pair.target,
                        "document": pair.document,
                    }
                    for n, pair in enumerate(pairs)
                ]
                for first in range(0, len(rows), ROWS):
                    connection.execute(insert(frozen_pairs), rows[first : first + ROWS])
        except IntegrityError as error:
            raise Conflict("evaluation.set_name_taken", name=name) from error
        return FrozenSet(number, name, digest, len(pairs), dict(manifest), author, created)

    def get(self, name: str) -> FrozenSet:
        """Return a set without its pairs. Raises NotFound."""
        found = [each for each in self.list() if each.name == name]
        if not found:
            raise NotFound("evaluation.no_frozen_set", name=name)
        return found[0]

    def list(self) -> Listed:
        """Return the sets by name."""
        lines = (
            select(func.count())
            .where(frozen_pairs.c.set_id == frozen_sets.c.id)
            .scalar_subquery()
            .label("lines")
        )
        query = select(frozen_sets, lines).order_by(frozen_sets.c.name)
        with self.database.read() as connection:
            return [_decode(row) for row in connection.execute(query).mappings()]

    def pairs(self, set_id: int) -> tuple[FrozenPair, ...]:
        """Return the pairs of a set in order."""
        table = frozen_pairs.c
        query = (
            select(table.source, table.target, table.document, table.article_id, table.segment_id)
            .where(table.set_id == set_id)
            .order_by(table.n)
        )
        with self.database.read() as connection:
            return tuple(FrozenPair(*row) for row in connection.execute(query))

    def delete(self, name: str) -> None:
        """Delete a set with its pairs. Raises NotFound."""
        with self.database.begin() as connection:
            gone = connection.execute(delete(frozen_sets).where(frozen_sets.c.name == name))
        if not gone.rowcount:
            raise NotFound("evaluation.no_frozen_set", name=name)

    # -- what can be frozen -----------------------------------------------------------------

    def confirmed(self, outlet: str = "", author: str = "") -> tuple[Confirmed, ...]:
        """Return the confirmed segments of the articles on the list, in reading order.

        *outlet* and *author* are those of the article as its metadata has them.
        """
        article, segment = articles.c, segments.c
        query = (
            select(
                article.id,
                segment.id.label("segment_id"),
                article.title,
                article.author,
                article.outlet,
                article.date,
                article.created,
                segment.source,
                segment.target,
                segment.state,
                segment.engine,
            )
            .select_from(articles.join(segments, segment.article_id == article.id))
            .where(article.deleted == "")
            .order_by(article.id, segment.n)
        )
        for column, wanted in ((article.outlet, outlet), (article.author, author)):
            if wanted:
                query = query.where(column == wanted)
        with self.database.read() as connection:
            rows = connection.execute(query).mappings().all()
        unfinished = {row["id"] for row in rows if row["state"] not in (*_CONFIRMED, "locked")}
        return tuple(
            Confirmed(
                row["id"],
                row["segment_id"],
                row["title"],
                row["author"],
                row["outlet"],
                row["date"] or row["created"][:10],
                row["source"],
                row["target"],
                row["id"] not in unfinished,
                row["engine"],
            )
            for row in rows
            if row["state"] in _CONFIRMED
        )


def _decode(row: RowMapping) -> FrozenSet:
    names = ("id", "name", "digest", "lines", "manifest", "author", "created")
    return FrozenSet(*(row[name] for name in names))
