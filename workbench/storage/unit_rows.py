"""Units as rows of their table, and the steps that every change of them is made of.

Each transaction that changes units takes the next number of the change sequence; the row of that
counter is locked until the commit, so that the numbers become visible in their order in
PostgreSQL too.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, RowMapping, bindparam, insert, literal, select, update

from workbench.domain.identity import context_key, slot_key, text_key
from workbench.domain.memory import Unit
from workbench.storage.database import now
from workbench.storage.schema import counters, unit_versions, units

LIVE = units.c.deleted == ""
# Columns that are a field of Unit by the same name.
FIELDS = tuple(name for name in Unit.__dataclass_fields__ if name != "props")
# All of a unit, in the order of its fields: read in one go, see ``of_row``.
COLUMNS = tuple(units.c[name] for name in Unit.__dataclass_fields__)
_PROPS = tuple(Unit.__dataclass_fields__).index("props")
# The living units of a language pair, newest first. Statements that every search makes are built
# once: building one takes longer than the database takes to answer it.
LIVING = (
    select(*COLUMNS).where(LIVE, units.c.pair == bindparam("of_pair")).order_by(units.c.id.desc())
)
BY_IDS = LIVING.where(units.c.id.in_(bindparam("ids", expanding=True)))
SAME = LIVING.where(units.c.source_key == bindparam("key"))
SAME_BUT_NUMBERS = LIVING.where(units.c.slot_key == bindparam("key")).limit(50)


def encode(unit: Unit, pair: str) -> dict[str, Any]:
    """Return the columns of a unit, but for its number, revision and place in the sequence."""
    record = {name: getattr(unit, name) for name in FIELDS}
    del record["id"], record["revision"]
    record.update(
        pair=pair,
        source_key=text_key(unit.source),
        slot_key=slot_key(unit.source),
        target_key=text_key(unit.target),
        context_key=context_key(unit.before, unit.after),
        length=len(unit.source),
        props=[list(prop) for prop in unit.props],
    )
    return record


def decode(record: RowMapping) -> Unit:
    """Return the unit of a row."""
    values = {name: record[name] for name in FIELDS}
    return Unit(**values, props=tuple((name, value) for name, value in record["props"]))


def of_row(row: Row[Any] | tuple[Any, ...]) -> Unit:
    """Return the unit of a row of ``COLUMNS``; in a fifth of the time of ``decode``."""
    props = tuple((name, value) for name, value in row[_PROPS])
    values: tuple[Any, ...] = (*row[:_PROPS], props, *row[_PROPS + 1 :])
    return Unit(*values)


def next_number(connection: Connection) -> int:
    """Return the next number of the change sequence; locks it until the commit."""
    rise = (
        update(counters)
        .where(counters.c.name == "units")
        .values(value=counters.c.value + 1)
        .returning(counters.c.value)
    )
    number: int = connection.execute(rise).scalar_one()
    return number


def supersede(connection: Connection, condition: Any, reason: str) -> None:
    """Copy the present state of units into the history; *reason* is that of the change to come."""
    table = units.c
    present = select(
        table.id,
        table.revision,
        table.source,
        table.target,
        table.author,
        table.changed,
        literal(reason),
        table.deleted,
    ).where(condition)
    names = ["unit_id", "revision", "source", "target", "author", "created", "reason", "deleted"]
    connection.execute(insert(unit_versions).from_select(names, present))


def mark_deleted(
    connection: Connection, condition: Any, author: str, reason: str, number: int = 0
) -> int:
    """Delete the units that are not; their state goes into the history. Return how many.

    *number* is the change's in the sequence, taken here when it is 0.
    """
    alive = (condition) & LIVE
    supersede(connection, alive, reason)
    moment = now()
    gone = connection.execute(
        update(units)
        .where(alive)
        .values(
            deleted=moment,
            changed=moment,
            author=author,
            revision=units.c.revision + 1,
            sequence=number or next_number(connection),
        )
    )
    return gone.rowcount


def bring_back(
    connection: Connection, condition: Any, author: str, reason: str, **values: Any
) -> int:
    """Make deleted units live again, with other *values* if given. Return how many."""
    gone = (condition) & (units.c.deleted != "")
    supersede(connection, gone, reason)
    back = connection.execute(
        update(units)
        .where(gone)
        .values(
            deleted="",
            changed=now(),
            author=author,
            revision=units.c.revision + 1,
            sequence=next_number(connection),
            **values,
        )
    )
    return back.rowcount
