"""Articles and their rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.article import Article, ArticleSummary, Block, Metadata, Segment
from workbench.domain.language import Pair
from workbench.domain.row import Row, Version
from workbench.errors import Conflict, NotFound
from workbench.storage.database import Database, now
from workbench.storage.rows import (
    annotate_row,
    decode_segment,
    load_rows,
    load_versions,
    write_row,
)
from workbench.storage.schema import articles, blocks, dismissals, segments

# Inside the class, ``list`` is the method.
Summaries = list[ArticleSummary]
Rows = list[Row]
Versions = list[Version]
Outline = list[tuple[int, str, str]]

METADATA = tuple(Metadata.__dataclass_fields__)


class RowChanged(Conflict):
    """Somebody saved the row meanwhile; ``current`` is the row as it stands now."""

    def __init__(self, current: Row) -> None:
        """Take the row as it stands now."""
        super().__init__("storage.row_changed", n=current.segment.n, author=current.author or "—")
        self.current = current


@dataclass(frozen=True, slots=True)
class Place:
    """Where a segment stands: its article, and the sources before and after it."""

    article_id: int
    metadata: Metadata
    name: str
    before: str
    after: str


class Articles:
    """The stored articles."""

    def __init__(self, database: Database) -> None:
        """Keep them in *database*."""
        self.database = database

    # -- articles -------------------------------------------------------------------------

    def add(self, article: Article, author: str) -> Article:
        """Store a cut article; return it with the numbers of article and segments."""
        with self.database.begin() as connection:
            article_id = connection.execute(
                insert(articles)
                .values(
                    pair=str(article.pair),
                    name=article.name,
                    created=(moment := now()),
                    created_by=author,
                    changed=moment,
                    **_metadata_values(article.metadata),
                )
                .returning(articles.c.id)
            ).scalar_one()
            for number, block in enumerate(article.blocks, 1):
                block_id = connection.execute(
                    insert(blocks)
                    .values(
                        article_id=article_id,
                        n=number,
                        kind=block.kind,
                        level=block.level,
                        text=block.text,
                    )
                    .returning(blocks.c.id)
                ).scalar_one()
                if block.segments:
                    connection.execute(
                        insert(segments),
                        [_segment_values(s, article_id, block_id) for s in block.segments],
                    )
        return self.get(article_id)

    def get(self, article_id: int) -> Article:
        """Return an article that is not deleted. Raises NotFound."""
        with self.database.read() as connection:
            record = connection.execute(
                select(articles).where(articles.c.id == article_id, articles.c.deleted == "")
            ).mappings()
            found = record.one_or_none()
            if found is None:
                raise NotFound("storage.no_article", id=article_id)
            cut: dict[int, list[Segment]] = {}
            for segment in connection.execute(
                select(segments).where(segments.c.article_id == article_id).order_by(segments.c.n)
            ).mappings():
                cut.setdefault(segment["block_id"], []).append(decode_segment(segment))
            parts = connection.execute(
                select(blocks).where(blocks.c.article_id == article_id).order_by(blocks.c.n)
            ).mappings()
            return Article(
                tuple(
                    Block(b["kind"], b["text"], b["level"], tuple(cut.get(b["id"], ())))
                    for b in parts
                ),
                _metadata(found),
                Pair.parse(found["pair"]),
                article_id,
                found["name"],
            )

    def list(self, include_deleted: bool = False) -> Summaries:
        """Return the article list, the last changed first, with counts by state."""
        table = articles.c
        counted = (
            select(articles, segments.c.state, func.count(segments.c.id).label("count"))
            .select_from(articles.outerjoin(segments, segments.c.article_id == table.id))
            .group_by(table.id, segments.c.state)
            .order_by(table.changed.desc(), table.id.desc())
        )
        if not include_deleted:
            counted = counted.where(table.deleted == "")
        found: dict[int, ArticleSummary] = {}
        with self.database.read() as connection:
            for record in connection.execute(counted).mappings():
                summary = found.setdefault(record["id"], _summary(record))
                if record["state"] is not None:
                    summary.counts[record["state"]] = record["count"]
        return list(found.values())

    def delete(self, article_id: int, author: str) -> None:
        """Take an article off the list; nothing of it is lost. Raises NotFound."""
        self._change(article_id, author, {"deleted": now()})

    def restore(self, article_id: int, author: str) -> None:
        """Put a deleted article back. Raises NotFound."""
        self._change(article_id, author, {"deleted": ""})

    def update_metadata(self, article_id: int, metadata: Metadata, author: str) -> None:
        """Replace the metadata. Raises NotFound."""
        self._change(article_id, author, _metadata_values(metadata))

    def _change(self, article_id: int, author: str, values: dict[str, str]) -> None:
        with self.database.begin() as connection:
            changed = connection.execute(
                update(articles)
                .where(articles.c.id == article_id)
                .values({**values, "changed": now(), "changed_by": author})
            )
            if changed.rowcount == 0:
                raise NotFound("storage.no_article", id=article_id)

    # -- rows -----------------------------------------------------------------------------

    def rows(self, article_id: int) -> Rows:
        """Return the rows of an article in reading order. Raises NotFound."""
        with self.database.read() as connection:
            self._require(connection, article_id)
            wanted = select(segments.c.id).where(segments.c.article_id == article_id)
            return load_rows(connection, wanted)

    def outline(self, segment_id: int) -> Outline:
        """Return (segment id, source, state) of each row of a segment's article, in reading order.

        Quick: asked at each confirm. Nothing for a segment that is not there.
        """
        table = segments.c
        article = select(table.article_id).where(table.id == segment_id).scalar_subquery()
        wanted = select(table.id, table.source, table.state).order_by(table.n)
        with self.database.read() as connection:
            found = connection.execute(wanted.where(table.article_id == article))
            return [(number, source, state) for number, source, state in found]

    def row(self, segment_id: int, connection: Connection | None = None) -> Row:
        """Return one row. Raises NotFound."""
        if connection is None:
            with self.database.read() as opened:
                return self.row(segment_id, opened)
        found = load_rows(connection, select(segments.c.id).where(segments.c.id == segment_id))
        if not found:
            raise NotFound("storage.no_segment", id=segment_id)
        return found[0]

    def article_of(self, segment_id: int) -> int:
        """Return the number of the article that a segment belongs to. Raises NotFound."""
        return self.place(segment_id).article_id

    def place(self, segment_id: int) -> Place:
        """Return where a segment stands. Raises NotFound."""
        here = segments.alias("here")
        near = select(
            segments.c.n - here.c.n, segments.c.source, segments.c.article_id
        ).select_from(segments.join(here, here.c.article_id == segments.c.article_id))
        with self.database.read() as connection:
            found = connection.execute(
                near.where(
                    here.c.id == segment_id, segments.c.n.between(here.c.n - 1, here.c.n + 1)
                )
            ).all()
            if not found:
                raise NotFound("storage.no_segment", id=segment_id)
            sources = {offset: source for offset, source, _ in found}
            article_id = found[0][2]
            record = connection.execute(select(articles).where(articles.c.id == article_id))
            article = record.mappings().one()
        return Place(
            article_id,
            _metadata(article),
            article["name"],
            sources.get(-1, ""),
            sources.get(1, ""),
        )

    def save_row(
        self,
        row: Row,
        expected_revision: int,
        action: str,
        author: str,
        connection: Connection | None = None,
    ) -> Row:
        """Save a row and its version; return it as stored.

        Raises RowChanged (a Conflict with ``current``) when its revision is not
        *expected_revision* any more, NotFound.
        """
        with self.database.within(connection) as writing:
            if not write_row(writing, row, expected_revision, action, author):
                raise RowChanged(self.row(row.segment.id, writing))
            self._touch(writing, row.segment.id)
            return self.row(row.segment.id, writing)

    def save_draft(self, row: Row, author: str = "") -> Row:
        """Save what a machine proposes, unless a person has touched the row; return the row.

        Machine answers arrive late: an edited, confirmed, reviewed or locked row stays as it is.
        Raises NotFound.
        """
        with self.database.begin() as connection:
            if write_row(connection, row, None, "draft", author, states=("new", "drafted")):
                self._touch(connection, row.segment.id)
            return self.row(row.segment.id, connection)

    def annotate(self, row: Row) -> Row | None:
        """Save the row's hits, receipts and issues for the text it has; no new version.

        Returns the row as stored, or None when it was saved with another text meanwhile.
        """
        with self.database.begin() as connection:
            if not annotate_row(connection, row):
                return None
            return self.row(row.segment.id, connection)

    def history(self, segment_id: int) -> Versions:
        """Return every saved version of a segment, newest first."""
        with self.database.read() as connection:
            return load_versions(connection, segment_id)

    def dismiss(self, segment_id: int, issue_id: str, reason: str, author: str) -> Row:
        """Put an issue aside for good; it stays put aside when the check finds it again."""
        with self.database.begin() as connection:
            self.row(segment_id, connection)
            try:
                with connection.begin_nested():
                    connection.execute(
                        insert(dismissals).values(
                            segment_id=segment_id,
                            issue_id=issue_id,
                            reason=reason,
                            author=author,
                            created=now(),
                        )
                    )
            except IntegrityError:
                pass  # somebody put the same issue aside before us
            return self.row(segment_id, connection)

    # -- inside ---------------------------------------------------------------------------

    def _require(self, connection: Connection, article_id: int) -> None:
        known = select(articles.c.id).where(articles.c.id == article_id, articles.c.deleted == "")
        if connection.execute(known).first() is None:
            raise NotFound("storage.no_article", id=article_id)

    def _touch(self, connection: Connection, segment_id: int) -> None:
        """Move the article of a segment to the top of the list."""
        owner = select(segments.c.article_id).where(segments.c.id == segment_id)
        connection.execute(
            update(articles).where(articles.c.id == owner.scalar_subquery()).values(changed=now())
        )


def _metadata(record: RowMapping) -> Metadata:
    return Metadata(**{name: record[name] for name in METADATA})


def _metadata_values(metadata: Metadata) -> dict[str, str]:
    return {name: getattr(metadata, name) for name in METADATA}


def _segment_values(segment: Segment, article_id: int, block_id: int) -> dict[str, object]:
    return {
        "article_id": article_id,
        "block_id": block_id,
        "n": segment.n,
        "start": segment.span.start,
        "end": segment.span.end,
        "source": segment.source,
    }


def _summary(record: RowMapping) -> ArticleSummary:
    return ArticleSummary(
        record["id"],
        _metadata(record),
        record["name"],
        {},
        record["created_by"],
        record["created"],
        record["changed"],
        bool(record["deleted"]),
    )
