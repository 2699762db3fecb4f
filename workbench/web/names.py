"""Rows with the names of the present glossary: a row keeps those of the day it was saved."""

from __future__ import annotations

from dataclasses import replace

from workbench.assembly import Workbench
from workbench.domain.row import Row
from workbench.domain.term import Hit
from workbench.services.term_receipts import method_of


def shown(bench: Workbench, row: Row, date: str) -> Row:
    """Return *row* with today's hits and receipts; nothing is stored. *date* is the article's."""
    hits = bench.terminology.reread(row, date)
    if [_identity(hit) for hit in hits] == [_identity(hit) for hit in row.hits]:
        return row
    if not row.target:
        return replace(row, hits=hits, receipts=())
    by = method_of(row.origin)
    receipts = bench.terminology.verify(hits, row.target, row.receipts, by=by)
    return replace(row, hits=hits, receipts=receipts)


def _identity(hit: Hit) -> tuple[object, ...]:
    return hit.term.id, hit.term.revision, hit.span, hit.state
