"""Glossary entries as rows of their tables and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.term import Form, Term
from workbench.storage.database import now
from workbench.storage.schema import counters, term_forms, term_versions

_CONTENT = tuple(
    field.name for field in fields(Term) if field.name not in ("id", "revision", "forms")
)
_LISTS = ("variants", "forbidden", "context")
# Above this many entries the forms are read in one sweep: SQL parameters are not endless.
_FEW = 500
# The mark in the kept content of a version that says the entry was deleted.
DELETED = "deleted"


def term_of(row: Row[Any], forms: Iterable[Form]) -> Term:
    """Build an entry from its row and forms."""
    values = {name: getattr(row, name) for name in _CONTENT}
    values.update({name: tuple(values[name]) for name in _LISTS})
    return Term(**values, forms=tuple(forms), id=row.id, revision=row.revision)


def content_of(term: Term) -> dict[str, Any]:
    """Return an entry as JSON can keep it."""
    content: dict[str, Any] = {name: getattr(term, name) for name in _CONTENT}
    content.update({name: list(content[name]) for name in _LISTS})
    content["forms"] = [[form.text, form.case, form.how] for form in term.forms]
    return content


def from_content(content: Any, term_id: int, revision: int) -> Term:
    """Build an entry from what ``content_of`` kept."""
    values = {name: value for name, value in content.items() if name != DELETED}
    values.update({name: tuple(values.get(name, ())) for name in _LISTS})
    values["forms"] = tuple(Form(*form) for form in values.get("forms", ()))
    return Term(id=term_id, revision=revision, **values)


def read_forms(connection: Connection, ids: Sequence[int]) -> dict[int, list[Form]]:
    """Return the forms of entries by entry, in the order they were written."""
    found: dict[int, list[Form]] = defaultdict(list)
    statement = select(
        term_forms.c.term_id, term_forms.c.text, term_forms.c.case, term_forms.c.how
    ).order_by(term_forms.c.id)
    wanted = set(ids)
    if len(wanted) <= _FEW:
        statement = statement.where(term_forms.c.term_id.in_(wanted))
    for term_id, text, case, how in connection.execute(statement):
        if term_id in wanted:
            found[term_id].append(Form(text, case, how))
    return found


def write_forms(connection: Connection, terms: Sequence[Term]) -> None:
    """Replace the stored forms of entries."""
    for term in terms:
        if term.revision > 1:
            connection.execute(delete(term_forms).where(term_forms.c.term_id == term.id))
    rows = [
        {"term_id": term.id, "text": form.text, "case": form.case, "how": form.how}
        for term in terms
        for form in term.forms
    ]
    if rows:
        connection.execute(insert(term_forms), rows)


def write_versions(
    connection: Connection, terms: Sequence[Term], author: str, reason: str, deleted: bool = False
) -> None:
    """Append the present content of entries to their history; *deleted* marks their end."""
    when = now()
    mark = {DELETED: True} if deleted else {}
    rows = [
        {
            "term_id": term.id,
            "revision": term.revision,
            "content": content_of(term) | mark,
            "author": author,
            "created": when,
            "reason": reason,
        }
        for term in terms
    ]
    connection.execute(insert(term_versions), rows)


def counter(connection: Connection, name: str) -> int:
    """Return a counter's value, 0 while it does not exist."""
    return connection.scalar(select(counters.c.value).where(counters.c.name == name)) or 0


def set_counter(connection: Connection, name: str, value: int) -> None:
    """Set a counter."""
    changed = connection.execute(
        update(counters).where(counters.c.name == name).values(value=value)
    )
    if not changed.rowcount:
        connection.execute(insert(counters).values(name=name, value=value))


def raise_counter(connection: Connection, name: str) -> None:
    """Raise a counter by one: in one statement, so that no two savers raise it to the same."""
    rise = update(counters).where(counters.c.name == name).values(value=counters.c.value + 1)
    if connection.execute(rise).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(counters).values(name=name, value=1))
    except IntegrityError:  # another was first
        connection.execute(rise)
