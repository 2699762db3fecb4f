"""Names that a person took off the name desk, in one article or everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.exc import IntegrityError

from workbench.domain.language import RU_ZH, Pair
from workbench.storage.database import Database, now
from workbench.storage.schema import ignored_names

EVERYWHERE = 0
LONGEST = 120  # characters of a key; whatever is longer is no name


@dataclass(frozen=True, slots=True)
class IgnoredName:
    """A dismissal: the folded nominative, where (0 is everywhere), who and when."""

    key: str
    article_id: int
    author: str
    created: str


class IgnoredNames:
    """The table of dismissals, for one language pair."""

    def __init__(self, database: Database, pair: Pair = RU_ZH) -> None:
        """Keep them in *database*."""
        self.database = database
        self.pair = str(pair)

    def add(self, key: str, article_id: int, author: str) -> None:
        """Ignore a name in an article, or ``EVERYWHERE``; again changes nothing."""
        with self.database.begin() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(
                        insert(ignored_names).values(
                            pair=self.pair,
                            key=key[:LONGEST],
                            article_id=article_id,
                            author=author,
                            created=now(),
                        )
                    )
            except IntegrityError:
                pass  # somebody ignored it before us

    def remove(self, key: str, article_id: int) -> bool:
        """Take a dismissal back; return whether there was one."""
        table = ignored_names.c
        with self.database.begin() as connection:
            gone = connection.execute(
                delete(ignored_names).where(
                    table.pair == self.pair,
                    table.key == key[:LONGEST],
                    table.article_id == article_id,
                )
            )
        return gone.rowcount > 0

    def of(self, article_id: int) -> tuple[IgnoredName, ...]:
        """Return what is ignored in an article, there or everywhere, the oldest first."""
        table = ignored_names.c
        wanted = (
            select(table.key, table.article_id, table.author, table.created)
            .where(
                table.pair == self.pair,
                or_(table.article_id == article_id, table.article_id == EVERYWHERE),
            )
            .order_by(table.id)
        )
        with self.database.read() as connection:
            return tuple(IgnoredName(*row) for row in connection.execute(wanted))
