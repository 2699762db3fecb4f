"""The lines of runs, each kept as it comes, so that a stopped run goes on where it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workbench.domain.run import Line
from workbench.storage.codec import decode_receipt, encode_receipt
from workbench.storage.database import Database
from workbench.storage.lab_schema import run_outputs


class RunOutputs:
    """The outputs of the runs of one database."""

    def __init__(self, database: Database) -> None:
        """Keep them in *database*."""
        self.database = database

    def save(self, run_id: int, system: str, lines: Mapping[int, Line]) -> None:
        """Keep lines by their number from 0; a line that is there already stays as it is."""
        if not lines:
            return
        rows = [
            {
                "evaluation_id": run_id,
                "system": system,
                "n": n,
                "text": line.text,
                "receipts": [encode_receipt(receipt) for receipt in line.receipts],
            }
            for n, line in lines.items()
        ]
        new: Any = sqlite.insert if self.database.is_sqlite else postgresql.insert
        with self.database.begin() as connection:
            connection.execute(new(run_outputs).on_conflict_do_nothing(), rows)

    def count(self, run_id: int, system: str, lines: Mapping[int, Line]) -> None:
        """Keep the receipts of lines that are there, all of them or none."""
        table = run_outputs.c
        line = (
            update(run_outputs)
            .where(table.evaluation_id == run_id, table.system == system)
            .where(table.n == bindparam("number"))
            .values(receipts=bindparam("told"))
        )
        rows = [
            {"number": n, "told": [encode_receipt(receipt) for receipt in found.receipts]}
            for n, found in lines.items()
            if found.receipts
        ]
        if rows:
            with self.database.begin() as connection:
                connection.execute(line, rows)

    def load(self, run_id: int, system: str) -> dict[int, Line]:
        """Return the lines of a system that are there, by their number from 0."""
        table = run_outputs.c
        wanted = select(table.n, table.text, table.receipts).where(
            table.evaluation_id == run_id, table.system == system
        )
        with self.database.read() as connection:
            return {
                n: Line(text, tuple(decode_receipt(value) for value in receipts))
                for n, text, receipts in connection.execute(wanted.order_by(table.n))
            }

    def texts(self, run_id: int) -> dict[str, tuple[str, ...]]:
        """Return the texts that are there of each system, in the set's order."""
        table = run_outputs.c
        wanted = select(table.system, table.text).where(table.evaluation_id == run_id)
        found: dict[str, list[str]] = {}
        with self.database.read() as connection:
            for system, text in connection.execute(wanted.order_by(table.system, table.n)):
                found.setdefault(system, []).append(text)
        return {system: tuple(lines) for system, lines in found.items()}

    def counts(self, runs: Collection[int]) -> dict[int, int]:
        """Return how many lines of each run are there, by all systems together."""
        table = run_outputs.c
        wanted = select(table.evaluation_id, func.count()).where(table.evaluation_id.in_(runs))
        with self.database.read() as connection:
            found = connection.execute(wanted.group_by(table.evaluation_id))
            return {row[0]: row[1] for row in found}
