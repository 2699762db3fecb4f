"""The review queue of harvested pairs. A pair that was judged once is never asked about again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, insert, or_, select, update

from workbench.domain.harvest import CandidateState, HarvestCandidate
from workbench.domain.identity import digest, normalised
from workbench.domain.language import RU_ZH, Pair
from workbench.errors import Conflict, NotFound
from workbench.storage.database import Database, now
from workbench.storage.schema import candidates as table

# Columns that are a field of HarvestCandidate by the same name; the flags stand with the pattern.
_FIELDS = tuple(f.name for f in fields(HarvestCandidate) if f.name not in ("flags", "pattern"))
_CHUNK = 500


def candidate_key(source: str, target: str) -> str:
    """Return the digest of a pair: case, ё and spaces make no other pair."""
    folded = normalised(source).casefold().replace("ё", "е")
    return digest(f"{folded}\x00{''.join(normalised(target).split())}")


class Candidates:
    """The table of candidates, for one language pair."""

    def __init__(self, database: Database, pair: Pair = RU_ZH) -> None:
        """Keep them in *database*."""
        self.database = database
        self.pair = str(pair)

    # -- reading ------------------------------------------------------------------------

    def list(
        self,
        state: str = "waiting",
        kind: str = "",
        query: str = "",
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[HarvestCandidate, ...]:
        """Return candidates in the order they were found; *query* is a part of either side."""
        statement = self._wanted(state, kind, query).order_by(table.c.id)
        with self.database.read() as connection:
            found = connection.execute(statement.limit(limit).offset(offset)).mappings()
            return tuple(_decode(row) for row in found)

    def count(self, state: str = "waiting", kind: str = "", query: str = "") -> int:
        """Return how many candidates ``list`` would give without a limit."""
        wanted = self._wanted(state, kind, query).subquery()
        with self.database.read() as connection:
            return connection.scalar(select(func.count()).select_from(wanted)) or 0

    def counts(self) -> dict[str, int]:
        """Return the number of candidates by state."""
        counted = (
            select(table.c.state, func.count())
            .where(table.c.pair == self.pair)
            .group_by(table.c.state)
        )
        with self.database.read() as connection:
            return {str(state): int(number) for state, number in connection.execute(counted)}

    def by_ids(
        self, ids: Sequence[int], connection: Connection | None = None
    ) -> tuple[HarvestCandidate, ...]:
        """Return the candidates in the order of *ids*. Raises NotFound when one is missing.

        Within a writing transaction (*connection*) they are locked until its end.
        """
        found: dict[int, HarvestCandidate] = {}
        for first in range(0, len(ids), _CHUNK):
            some = table.c.id.in_(ids[first : first + _CHUNK])
            statement = select(table).where(table.c.pair == self.pair, some)
            if connection is not None:
                rows = connection.execute(statement.with_for_update()).mappings()
                found |= {row["id"]: _decode(row) for row in rows}
                continue
            with self.database.read() as reading:
                rows = reading.execute(statement).mappings()
                found |= {row["id"]: _decode(row) for row in rows}
        for number in ids:
            if number not in found:
                raise NotFound("harvest.no_candidate", id=number)
        return tuple(found[number] for number in dict.fromkeys(ids))

    def known(self, pairs: Sequence[tuple[str, str]]) -> dict[str, HarvestCandidate]:
        """Return those of the (source, target) pairs that were harvested before, by their key."""
        with self.database.read() as connection:
            return self._known(connection, [candidate_key(*pair) for pair in pairs])

    # -- writing ------------------------------------------------------------------------

    def add(
        self, fresh: Sequence[HarvestCandidate], author: str
    ) -> tuple[tuple[HarvestCandidate, ...], tuple[HarvestCandidate, ...]]:
        """Queue candidates in one transaction; return (added, those that were there already)."""
        records = [self._encode(candidate, author) for candidate in fresh]
        records = list({record["key"]: record for record in reversed(records)}.values())[::-1]
        with self.database.begin() as connection:
            if not self.database.is_sqlite:  # there the transaction is alone already
                connection.exec_driver_sql("LOCK TABLE candidates IN SHARE ROW EXCLUSIVE MODE")
            known = self._known(connection, [str(record["key"]) for record in records])
            new = [record for record in records if record["key"] not in known]
            if not new:
                return (), tuple(known.values())
            returning = insert(table).returning(*table.c, sort_by_parameter_order=True)
            added = [_decode(row) for row in connection.execute(returning, new).mappings()]
        return tuple(added), tuple(known.values())

    def decide(
        self,
        connection: Connection,
        ids: Sequence[int],
        state: CandidateState,
        author: str,
        reason: str = "",
    ) -> None:
        """Record a judgement: ``waiting`` undoes a refusal, the others judge what waits.

        Raises NotFound, Conflict when one of the candidates is in another state.
        """
        expected: CandidateState = "refused" if state == "waiting" else "waiting"
        for candidate in self.by_ids(ids, connection):
            if candidate.state != expected:
                raise _decided(candidate)
        for first in range(0, len(ids), _CHUNK):
            some = table.c.id.in_(ids[first : first + _CHUNK])
            judged = update(table).where(some, table.c.pair == self.pair)
            connection.execute(
                judged.values(state=state, decided_by=author, decided=now(), reason=reason)
            )

    def note(self, connection: Connection, became: Mapping[int, Mapping[str, int]]) -> None:
        """Keep what candidates became: ``term_id`` or ``unit_id`` by candidate."""
        for number, values in became.items():
            connection.execute(update(table).where(table.c.id == number).values(**values))

    # -- inside -------------------------------------------------------------------------

    def _wanted(self, state: str, kind: str, query: str) -> Select[Any]:
        statement = select(table).where(table.c.pair == self.pair)
        if state:
            statement = statement.where(table.c.state == state)
        if kind:
            statement = statement.where(or_(table.c.kind == kind, table.c.type == kind))
        if text := query.strip():
            # SQLite folds the case of ASCII only, so the usual capitals are asked for by name.
            shapes = {text, text.lower(), text.capitalize(), text.title(), text.upper()}
            columns = (table.c.source, table.c.target, table.c.document)
            statement = statement.where(
                or_(*(c.contains(shape, autoescape=True) for c in columns for shape in shapes))
            )
        return statement

    def _known(self, connection: Connection, keys: Sequence[str]) -> dict[str, HarvestCandidate]:
        found: dict[str, HarvestCandidate] = {}
        for first in range(0, len(keys), _CHUNK):
            some = table.c.key.in_(keys[first : first + _CHUNK])
            statement = select(table).where(table.c.pair == self.pair, some)
            for row in connection.execute(statement).mappings():
                found[row["key"]] = _decode(row)
        return found

    def _encode(self, candidate: HarvestCandidate, author: str) -> dict[str, object]:
        record: dict[str, object] = {name: getattr(candidate, name) for name in _FIELDS}
        del record["id"]
        record.update(
            pair=self.pair,
            key=candidate_key(candidate.source, candidate.target),
            pattern=" ".join((candidate.pattern or "pair", *candidate.flags)),
            state="waiting",
            author=author,
            created=now(),
        )
        return record


def _decided(candidate: HarvestCandidate) -> Conflict:
    pair = {"source": candidate.source, "target": candidate.target}
    if candidate.state == "accepted":
        return Conflict("harvest.already_accepted", **pair)
    if candidate.state == "refused":
        return Conflict("harvest.already_refused", **pair)
    return Conflict("harvest.still_waiting", **pair)


def _decode(row: RowMapping) -> HarvestCandidate:
    pattern, *flags = row["pattern"].split(" ")
    values = {name: row[name] for name in _FIELDS}
    return HarvestCandidate(**values, pattern=pattern, flags=tuple(flags))
