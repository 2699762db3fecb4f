"""Which run the later ones of a set are held against."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from workbench.domain.run import Baseline
from workbench.storage.database import Database, now
from workbench.storage.lab_schema import baselines


class Baselines:
    """One baseline a set, at most."""

    def __init__(self, database: Database) -> None:
        """Keep them in *database*."""
        self.database = database

    def put(self, set_name: str, run_id: int, system: str = "", author: str = "") -> Baseline:
        """Make a run the baseline of a set, instead of the one before."""
        created = now()
        with self.database.begin() as connection:
            connection.execute(delete(baselines).where(baselines.c.set_name == set_name))
            connection.execute(
                insert(baselines).values(
                    set_name=set_name,
                    evaluation_id=run_id,
                    system=system,
                    author=author,
                    created=created,
                )
            )
        return Baseline(set_name, run_id, system, author, created)

    def get(self, set_name: str) -> Baseline | None:
        """Return the baseline of a set, if it has one."""
        return self.list(set_name).get(set_name)

    def list(self, set_name: str = "") -> dict[str, Baseline]:
        """Return every baseline, or that of one set, by the set's name."""
        table = baselines.c
        wanted = select(
            table.set_name, table.evaluation_id, table.system, table.author, table.created
        )
        if set_name:
            wanted = wanted.where(table.set_name == set_name)
        with self.database.read() as connection:
            rows = connection.execute(wanted.order_by(table.set_name)).all()
        return {row[0]: Baseline(*row) for row in rows}

    def remove(self, set_name: str) -> bool:
        """Let a set have no baseline; tell whether it had one."""
        with self.database.begin() as connection:
            gone = connection.execute(delete(baselines).where(baselines.c.set_name == set_name))
        return gone.rowcount > 0
