"""Which entries are asked for: the statement behind the glossary's lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, or_, select

from workbench.storage.holding import holds
from workbench.storage.schema import term_forms, terms

# What stands in ``deleted`` while an import is under way: its entries are not there yet.
IMPORTING = "importing"


def alive(pair: str) -> Any:
    """Select the entries of a language pair that are not deleted."""
    return select(terms).where(terms.c.pair == pair, terms.c.deleted == "")


def as_shipped(connection: Connection, pair: str) -> frozenset[int]:
    """Return the entries of the shipped base that nobody has changed here."""
    statement = select(terms.c.id).where(
        terms.c.pair == pair, terms.c.base != "", terms.c.local.is_(False)
    )
    return frozenset(connection.scalars(statement))


def wanted(
    pair: str,
    query: str = "",
    kind: str | None = None,
    status: str | None = None,
    also: Sequence[int] = (),
    deleted: bool = False,
) -> Any:
    """Select entries by a part of either side, of the note or of a form, by type and state."""
    statement = alive(pair)
    if deleted:
        gone = terms.c.deleted.not_in(("", IMPORTING))
        statement = select(terms).where(terms.c.pair == pair, gone)
    if kind:
        statement = statement.where(terms.c.type == kind)
    if status:
        statement = statement.where(terms.c.status == status)
    text = query.strip()
    return statement.where(_holds(text, also)) if text else statement


def _holds(text: str, also: Sequence[int]) -> Any:
    # No database folds the case of all letters alike, so the usual capitals are asked for by name.
    shapes = {text, text.lower(), text.capitalize(), text.title(), text.upper()}
    columns = (terms.c.source, terms.c.target, terms.c.note)
    formed = select(term_forms.c.term_id).where(
        or_(*(holds(term_forms.c.text, shape) for shape in shapes))
    )
    return or_(
        terms.c.id.in_(formed),
        terms.c.id.in_(also),
        *(holds(column, shape) for column in columns for shape in shapes),
    )
