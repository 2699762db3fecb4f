"""What left the house: which article, when, in which format, with which glossary."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import insert, select

from workbench.domain.identity import digest
from workbench.storage.database import Database, now
from workbench.storage.schema import articles, exports

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Exported:
    """One file that was written of an article; ``digest`` is that of its text."""

    id: int
    article_id: int
    title: str
    format: str
    author: str
    created: str
    glossary_version: str
    digest: str


class Exports:
    """The record of exports."""

    def __init__(self, database: Database) -> None:
        """Keep it in *database*."""
        self.database = database

    def record(
        self,
        article_id: int,
        format: str,  # noqa: A002
        author: str,
        glossary_version: str,
        content: str,
    ) -> None:
        """Remember that an article with the text *content* was exported.

        The same text in the same format by the same person again is not remembered twice.
        """
        key = digest(content)
        last = (
            select(exports.c.digest, exports.c.author)
            .where(exports.c.article_id == article_id, exports.c.format == format)
            .order_by(exports.c.id.desc())
            .limit(1)
        )
        with self.database.begin() as connection:
            known = connection.execute(last).first()
            if known is not None and tuple(known) == (key, author):
                return
            connection.execute(
                insert(exports).values(
                    article_id=article_id,
                    format=format,
                    author=author,
                    created=now(),
                    glossary_version=glossary_version,
                    digest=key,
                )
            )

    def of(self, article_ids: Collection[int]) -> tuple[Exported, ...]:
        """Return the exports of some articles, newest first."""
        wanted = sorted(article_ids)
        title = articles.c.title.label("title")
        statement = select(exports, title, articles.c.name).join(
            articles, articles.c.id == exports.c.article_id
        )
        found = []
        with self.database.read() as connection:
            for first in range(0, len(wanted), _CHUNK):
                some = exports.c.article_id.in_(wanted[first : first + _CHUNK])
                for row in connection.execute(statement.where(some)).mappings():
                    values = {name: row[name] for name in Exported.__dataclass_fields__}
                    found.append(Exported(**{**values, "title": row["title"] or row["name"]}))
        return tuple(sorted(found, key=lambda export: -export.id))
