"""Stored runs of evaluation: everything needed to read them again, as one JSON document each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import insert, select

from workbench.domain.quality import Comparison, Evaluation, Score, TermUse, Weak
from workbench.errors import NotFound
from workbench.storage.database import Database, now
from workbench.storage.schema import evaluations


@dataclass(frozen=True, slots=True)
class Stored:
    """A line of the list of runs."""

    id: int
    set_name: str
    size: int
    systems: tuple[str, ...]
    glossary: str
    author: str
    created: str


class Evaluations:
    """The runs of one database."""

    def __init__(self, database: Database) -> None:
        """Keep the runs in *database*."""
        self.database = database

    def add(self, evaluation: Evaluation, author: str = "") -> Evaluation:
        """Store a run; return it with its number and time."""
        created = now()
        content = asdict(evaluation)
        with self.database.begin() as connection:
            new = insert(evaluations).values(
                set_name=evaluation.set_name,
                size=evaluation.size,
                content=content,
                author=author,
                created=created,
            )
            number = connection.execute(new.returning(evaluations.c.id)).scalar_one()
        return replace(evaluation, id=number, created=created)

    def get(self, number: int) -> Evaluation:
        """Return a stored run. Raises NotFound."""
        with self.database.read() as connection:
            query = select(evaluations).where(evaluations.c.id == number)
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound("evaluation.no_run", id=number)
        return replace(_decode(row["content"]), id=number, created=row["created"])

    def list(self, limit: int = 100) -> tuple[Stored, ...]:
        """Return the newest runs first."""
        query = select(evaluations).order_by(evaluations.c.id.desc()).limit(limit)
        with self.database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(
            Stored(
                row["id"],
                row["set_name"],
                row["size"],
                tuple(row["content"]["systems"]),
                row["content"]["glossary"],
                row["author"],
                row["created"],
            )
            for row in rows
        )


def _decode(content: dict[str, Any]) -> Evaluation:
    """Rebuild a run; JSON made lists of its tuples."""
    scores = {
        system: tuple(Score(**score) for score in values)
        for system, values in content["scores"].items()
    }
    lines = {system: tuple(values) for system, values in content["outputs"].items()}
    return Evaluation(
        **{
            **content,
            "systems": tuple(content["systems"]),
            "scores": scores,
            "comparisons": tuple(Comparison(**value) for value in content["comparisons"]),
            "outputs": lines,
            "terms": {system: TermUse(**use) for system, use in content["terms"].items()},
            "worst": tuple(Weak(**weak) for weak in content["worst"]),
            "warnings": tuple((key, values) for key, values in content["warnings"]),
            "sources": tuple(content["sources"]),
            "references": tuple(tuple(lines) for lines in content["references"]),
        }
    )
