"""Rows and units whose source holds one of some strings: where a name may stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, or_, select

from workbench.domain.language import RU_ZH, Pair
from workbench.domain.row import Row
from workbench.storage.database import Database
from workbench.storage.holding import holds
from workbench.storage.rows import load_rows
from workbench.storage.schema import articles, segments, units

_CHUNK = 500

PlaceKind = Literal["segment", "unit"]


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A row or unit; ``state`` is the row's state or the unit's origin, ``date`` the article's.

    ``n`` is the number of the segment, 0 for a unit that came with an import; ``locked`` says
    that the row, or the row that the unit was confirmed in, is locked.
    """

    kind: PlaceKind
    id: int
    article_id: int
    article: str
    date: str
    n: int
    state: str
    source: str
    target: str
    revision: int
    locked: bool


class TermPlaces:
    """Looks through every row and unit of one language pair."""

    def __init__(self, database: Database, pair: Pair = RU_ZH) -> None:
        """Look in *database*."""
        self.database = database
        self.pair = str(pair)

    def rows(self, parts: Sequence[str], targets: Sequence[str] = ()) -> Iterator[TextPlace]:
        """Yield the rows with a target whose source holds one of *parts*.

        With *targets* only those whose target holds one of them. Deleted articles do not count.
        """
        here, article = segments.c, articles.c
        statement = (
            select(
                here.id,
                here.article_id,
                article.title,
                article.name,
                article.date,
                here.n,
                here.state,
                here.state.label("row_state"),
                here.source,
                here.target,
                here.revision,
            )
            .join(articles, article.id == here.article_id)
            .where(article.deleted == "", article.pair == self.pair, here.target != "")
            .where(self._any(here.source, parts))
            .order_by(here.id)
        )
        return self._found("segment", self._narrowed(statement, here.target, targets))

    def units(self, parts: Sequence[str], targets: Sequence[str] = ()) -> Iterator[TextPlace]:
        """Yield the memory's units whose source holds one of *parts*, as ``rows`` does."""
        unit = units.c
        statement = (
            select(
                unit.id,
                unit.article_id,
                unit.article.label("title"),
                unit.article.label("name"),
                articles.c.date,
                segments.c.n,
                unit.origin.label("state"),
                segments.c.state.label("row_state"),
                unit.source,
                unit.target,
                unit.revision,
            )
            .outerjoin(articles, articles.c.id == unit.article_id)
            .outerjoin(segments, segments.c.id == unit.segment_id)
            .where(unit.deleted == "", unit.pair == self.pair)
            .where(self._any(unit.source, parts))
            .order_by(unit.id)
        )
        return self._found("unit", self._narrowed(statement, unit.target, targets))

    def whole_rows(self, segment_ids: Sequence[int]) -> dict[int, Row]:
        """Return rows by the number of their segment."""
        found: dict[int, Row] = {}
        with self.database.read() as connection:
            for first in range(0, len(segment_ids), _CHUNK):
                some = segments.c.id.in_(segment_ids[first : first + _CHUNK])
                rows = load_rows(connection, select(segments.c.id).where(some))
                found.update((row.segment.id, row) for row in rows)
        return found

    def _found(self, kind: PlaceKind, statement: Select[Any]) -> Iterator[TextPlace]:
        with self.database.read() as connection:
            for row in connection.execute(statement).yield_per(1_000):
                yield TextPlace(
                    kind,
                    row.id,
                    row.article_id,
                    row.title or row.name,
                    row.date or "",
                    row.n or 0,
                    row.state,
                    row.source,
                    row.target,
                    row.revision,
                    row.row_state == "locked",
                )

    def _narrowed(self, statement: Select[Any], column: Any, targets: Sequence[str]) -> Select[Any]:
        return statement.where(self._any(column, targets)) if targets else statement

    def _any(self, column: Any, parts: Sequence[str]) -> ColumnElement[bool]:
        return or_(*(holds(column, part) for part in parts))
