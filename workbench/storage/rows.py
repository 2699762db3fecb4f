"""Segments with their targets: reading rows, saving them with their history."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, insert, select, update

from workbench.domain.article import Segment
from workbench.domain.language import Span
from workbench.domain.row import Row, Version
from workbench.storage.codec import (
    decode_hit,
    decode_issue,
    decode_receipt,
    encode_hit,
    encode_issue,
    encode_receipt,
)
from workbench.storage.database import now
from workbench.storage.schema import dismissals, segment_versions, segments


def decode_segment(record: RowMapping) -> Segment:
    """Read a segment from a record of its table."""
    return Segment(
        record["id"], record["n"], record["source"], Span(record["start"], record["end"])
    )


def decode_row(record: RowMapping, dismissed: frozenset[str] = frozenset()) -> Row:
    """Read a row from a record of the table of segments."""
    return Row(
        decode_segment(record),
        record["target"],
        record["state"],
        record["origin"],
        record["engine"],
        record["score"],
        tuple(decode_hit(value) for value in record["hits"]),
        tuple(decode_receipt(value) for value in record["receipts"]),
        tuple(decode_issue(value, dismissed) for value in record["issues"]),
        record["revision"],
        record["author"],
        record["changed"],
    )


def load_rows(connection: Connection, wanted: Select[Any]) -> list[Row]:
    """Return the rows that *wanted* (a selection of segment ids) names, in reading order."""
    put_aside: dict[int, set[str]] = {}
    found = select(dismissals.c.segment_id, dismissals.c.issue_id)
    for segment_id, issue_id in connection.execute(
        found.where(dismissals.c.segment_id.in_(wanted))
    ):
        put_aside.setdefault(segment_id, set()).add(issue_id)
    records = connection.execute(
        select(segments).where(segments.c.id.in_(wanted)).order_by(segments.c.n)
    ).mappings()
    return [decode_row(record, frozenset(put_aside.get(record["id"], ()))) for record in records]


def write_row(
    connection: Connection,
    row: Row,
    expected_revision: int | None,
    action: str,
    author: str,
    states: Collection[str] | None = None,
) -> bool:
    """Save *row* and append the version; return False when it was not as expected.

    *expected_revision* None takes the present one; *states* limits the states that may be
    overwritten. Both are conditions of the one UPDATE, so that nothing comes in between.
    """
    table, moment = segments.c, now()
    change = update(segments).where(table.id == row.segment.id)
    if expected_revision is not None:
        change = change.where(table.revision == expected_revision)
    if states is not None:
        change = change.where(table.state.in_(states))
    saved = connection.execute(
        change.values(
            target=row.target,
            state=row.state,
            origin=row.origin,
            engine=row.engine,
            score=row.score,
            revision=table.revision + 1,
            author=author,
            changed=moment,
            hits=[encode_hit(hit) for hit in row.hits],
            receipts=[encode_receipt(receipt) for receipt in row.receipts],
            issues=[encode_issue(issue) for issue in row.issues],
        ).returning(table.revision)
    ).scalar_one_or_none()
    if saved is None:
        return False
    connection.execute(
        insert(segment_versions).values(
            segment_id=row.segment.id,
            revision=saved,
            target=row.target,
            state=row.state,
            origin=row.origin,
            engine=row.engine,
            author=author,
            created=moment,
            action=action,
        )
    )
    return True


def annotate_row(connection: Connection, row: Row) -> bool:
    """Save what is known about a row beside its text: hits, receipts, issues.

    No new version, and the revision stays, so that nobody's typing meets a conflict. Returns False
    when the text is not the one that *row* speaks of any more.
    """
    table = segments.c
    saved = connection.execute(
        update(segments)
        .where(table.id == row.segment.id, table.revision == row.revision)
        .values(
            changed=now(),
            hits=[encode_hit(hit) for hit in row.hits],
            receipts=[encode_receipt(receipt) for receipt in row.receipts],
            issues=[encode_issue(issue) for issue in row.issues],
        )
    )
    return saved.rowcount > 0


def load_versions(connection: Connection, segment_id: int) -> list[Version]:
    """Return every saved version of a segment, newest first."""
    table = segment_versions.c
    records = connection.execute(
        select(segment_versions)
        .where(table.segment_id == segment_id)
        .order_by(table.revision.desc())
    ).mappings()
    return [
        Version(**{name: record[name] for name in Version.__dataclass_fields__})
        for record in records
    ]


def reviewed(connection: Connection, ids: Collection[int]) -> frozenset[int]:
    """Return those of the segments that a second person has looked at."""
    table = segments.c
    found = select(table.id).where(table.id.in_(ids), table.state == "reviewed")
    return frozenset(connection.execute(found).scalars())
