"""Measured work on segments, and the drafts and confirmed texts it is held against."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from workbench.domain.effort import Stretch, Worked
from workbench.storage.codec import decode_hit
from workbench.storage.database import Database, now
from workbench.storage.lab_schema import efforts as table
from workbench.storage.schema import articles, segment_versions, segments

_COUNTED = tuple(name for name in Stretch.__dataclass_fields__ if name != "segment_id")
_CHUNK = 500
_MEMORY = ("context", "exact", "slot", "fuzzy")


class Efforts:
    """The table of stretches; append-only but for ``forget``."""

    def __init__(self, database: Database) -> None:
        """Keep them in *database*."""
        self.database = database

    def add(self, stretches: Sequence[Stretch], author: str) -> int:
        """Store what *author* did; return how many stretches were new.

        One that is there already, or whose segment is not, is passed over: a browser sends again
        what it got no answer for.
        """
        kept = 0
        with self.database.begin() as connection:
            homes = _homes(connection, {stretch.segment_id for stretch in stretches})
            for stretch in stretches:
                if stretch.segment_id not in homes:
                    continue
                values = {name: getattr(stretch, name) for name in _COUNTED}
                values.update(
                    segment_id=stretch.segment_id,
                    article_id=homes[stretch.segment_id],
                    author=author,
                    created=now(),
                )
                try:
                    with connection.begin_nested():
                        connection.execute(insert(table).values(**values))
                except IntegrityError:
                    continue  # sent before
                kept += 1
        return kept

    def list(
        self, author: str | None = None, article: int = 0, since: str = "", until: str = ""
    ) -> tuple[Stretch, ...]:
        """Return stretches in the order they came, of one author, of one article, of a period.

        *since* and *until* are days (``2026-11-25``), both included.
        """
        wanted = select(table).order_by(table.c.id)
        if author is not None:
            wanted = wanted.where(table.c.author == author)
        if article:
            wanted = wanted.where(table.c.article_id == article)
        with self.database.read() as connection:
            found = connection.execute(_within(wanted, table.c.created, since, until)).mappings()
            return tuple(_stretch(row) for row in found)

    def confirmed(
        self, author: str | None = None, article: int = 0, since: str = "", until: str = ""
    ) -> frozenset[int]:
        """Return the segments that a person confirmed; the arguments are those of ``list``."""
        version = segment_versions.c
        wanted = select(version.segment_id).where(version.action == "confirm")
        if author is not None:
            wanted = wanted.where(version.author == author)
        if article:
            wanted = wanted.join(segments, segments.c.id == version.segment_id)
            wanted = wanted.where(segments.c.article_id == article)
        with self.database.read() as connection:
            found = connection.execute(_within(wanted, version.created, since, until))
            return frozenset(found.scalars())

    def worked(self, ids: Iterable[int]) -> dict[int, Worked]:
        """Return what became of the segments *ids*: draft, engine, last confirmed text."""
        numbers = sorted(set(ids))
        found: dict[int, Worked] = {}
        with self.database.read() as connection:
            for first in range(0, len(numbers), _CHUNK):
                found |= _worked(connection, numbers[first : first + _CHUNK])
        return found

    def forget(self, author: str | None = None, before: str = "") -> int:
        """Remove the measurements of a person, or those made before a day; return how many."""
        wanted = delete(table)
        if author is not None:
            wanted = wanted.where(table.c.author == author)
        if before:
            wanted = wanted.where(table.c.created < before)
        with self.database.begin() as connection:
            return connection.execute(wanted).rowcount


def _within(wanted: Select[Any], column: Any, since: str, until: str) -> Select[Any]:
    if since:
        wanted = wanted.where(column >= since)
    if until:
        wanted = wanted.where(func.substr(column, 1, 10) <= until)
    return wanted


def _homes(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """Return the article of each segment that is there."""
    wanted = select(segments.c.id, segments.c.article_id).where(segments.c.id.in_(ids))
    return {int(number): int(article) for number, article in connection.execute(wanted)}


def _worked(connection: Connection, ids: Sequence[int]) -> dict[int, Worked]:
    wanted = (
        select(segments, articles.c.title, articles.c.name)
        .join(articles, articles.c.id == segments.c.article_id)
        .where(segments.c.id.in_(ids))
    )
    rows = connection.execute(wanted).mappings().all()
    version = segment_versions.c
    histories: dict[int, list[RowMapping]] = {}
    history = select(segment_versions).where(version.segment_id.in_(ids))
    for saved in connection.execute(history.order_by(version.revision)).mappings():
        histories.setdefault(saved["segment_id"], []).append(saved)
    return {row["id"]: _one(row, histories.get(row["id"], [])) for row in rows}


def _one(row: RowMapping, history: Sequence[RowMapping]) -> Worked:
    """Read a segment and its history, oldest first.

    A draft is only written over what no person has touched, so the last one is what they met.
    """
    drafts = [saved for saved in history if saved["action"] == "draft"]
    finals = [saved for saved in history if saved["action"] == "confirm"]
    draft, final = drafts[-1] if drafts else None, finals[-1] if finals else None
    engine = ""
    if draft is not None:
        engine = "memory" if draft["origin"] in _MEMORY else draft["engine"]
    return Worked(
        row["id"],
        row["article_id"],
        row["title"] or row["name"],
        row["source"],
        draft["target"] if draft else "",
        engine,
        final["target"] if final else "",
        final["author"] if final else "",
        final["created"] if final else "",
        tuple(decode_hit(hit) for hit in row["hits"]),
    )


def _stretch(row: RowMapping) -> Stretch:
    return Stretch(segment_id=row["segment_id"], **{name: row[name] for name in _COUNTED})
