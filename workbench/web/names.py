"""Rows with the names of the present glossary: a row keeps those of the day it was saved."""

from __future__ import annotations

from dataclasses import replace

from workbench.assembly import Workbench
from workbench.domain.row import Row
from workbench.domain.term import Hit


def shown(bench: Workbench, row: Row, date: str) -> Row:
    """Return *row* with today's hits and receipts; nothing is stored. *date* is the article's."""
    hits = bench.terminology.find(row.segment.source, date)
    if [_identity(hit) for hit in hits] == [_identity(hit) for hit in row.hits]:
        return row
    receipts = bench.terminology.verify(hits, row.target, row.receipts) if row.target else ()
    return replace(row, hits=hits, receipts=receipts)


def _identity(hit: Hit) -> tuple[object, ...]:
    return hit.term.id, hit.term.revision, hit.span, hit.state
