"""Very many entries in little memory: packed as text, made into Terms when asked for.

An entry with its forms as Python objects costs some 2,500 bytes; here it costs 400.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Integer, Text, case, cast, func, select, type_coerce

from workbench.domain.term import Form, Term
from workbench.storage.database import Database
from workbench.storage.schema import term_forms, terms

SURFACE_SEPARATOR = "\x01"  # between the forms of an entry; no stored form holds one
_FIELD_SEPARATOR = "\x02"
_STRUCK = "\x03"  # before a form that is never to be matched
_CHUNK = 1_024
# The note comes last: it is the one text of several lines, and whatever it holds stays in it.
_TEXTS = ("source", "target", "valid_from", "valid_to", "provenance", "note")
_FIELDS = 6 + len(_TEXTS)


class Shelf:
    """Entries in the order of their numbers. Their Terms have forms without case or origin."""

    def __init__(
        self,
        database: Database,
        pair: str,
        statuses: Sequence[str],
        ids: Collection[int] | None = None,
    ) -> None:
        """Read the entries of a language pair in some states: all of them, or a few by number."""
        self.ids = array("I")
        self.revisions = array("I")
        self._types: list[str] = []
        self._rows: list[_Pile] = []
        self._forms: list[_Pile] = []
        conditions = _living(pair, statuses)
        if ids is not None:
            conditions += (terms.c.id.in_(ids),)
        with database.read() as connection:
            for part in connection.execute(_statement(*conditions)).partitions(_CHUNK):
                self._add([tuple(row) for row in part])

    def _add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self.ids.extend(row[0] for row in rows)
        self.revisions.extend(row[1] for row in rows)
        self._types += [sys.intern(row[3]) for row in rows]
        self._forms.append(_Pile([row[2] or "" for row in rows]))
        self._rows.append(_Pile([_FIELD_SEPARATOR.join(map(str, row[3:])) for row in rows]))

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, number: int) -> Term:
        chunk, place = divmod(number, _CHUNK)
        kind, status, quoted, variants, forbidden, context, *texts = self._rows[chunk][place].split(
            _FIELD_SEPARATOR, _FIELDS - 1
        )
        values: dict[str, Any] = dict(zip(_TEXTS, texts, strict=True))
        return Term(
            **values,
            type=kind,  # type: ignore[arg-type]  # as it was stored
            status=status,  # type: ignore[arg-type]
            variants=_list(variants),
            forbidden=_list(forbidden),
            needs_quotes=quoted in ("1", "True"),
            context=_list(context),
            forms=tuple(map(_form, self._forms[chunk][place].split(SURFACE_SEPARATOR))),
            id=self.ids[number],
            revision=self.revisions[number],
        )

    def of_types(self, *types: str) -> Iterator[Term]:
        """Yield the entries of some types."""
        return (self[number] for number, kind in enumerate(self._types) if kind in types)

    @property
    def marks(self) -> np.ndarray[Any, Any]:
        """The entries' marks, as they were when they were read."""
        return _marks(self.ids, self.revisions)

    def types_among(self, ids: Collection[int]) -> set[str]:
        """Return the types of the entries with these numbers."""
        pairs = zip(self.ids, self._types, strict=True)
        return {kind for number, kind in pairs if number in ids}

    def surfaces(self) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
        """Yield the types, and the forms joined by SURFACE_SEPARATOR, of some entries at a time."""
        for number, pile in enumerate(self._forms):
            yield self._types[number * _CHUNK : (number + 1) * _CHUNK], list(map(_matched, pile))


def marks(database: Database, pair: str, statuses: Sequence[str]) -> np.ndarray[Any, Any]:
    """Return a mark of each entry (number and revision in one): what has changed shows in them."""
    statement = select(terms.c.id, terms.c.revision).where(*_living(pair, statuses))
    ids, revisions = array("I"), array("I")
    with database.read() as connection:
        for part in connection.execute(statement).partitions(_CHUNK):
            ids.extend(row[0] for row in part)
            revisions.extend(row[1] for row in part)
    return _marks(ids, revisions)


def _marks(ids: array[int], revisions: array[int]) -> np.ndarray[Any, Any]:
    return (np.array(ids, dtype=np.uint64) << 32) | np.array(revisions, dtype=np.uint64)


def marked(found: np.ndarray[Any, Any]) -> set[int]:
    """Return the numbers of the entries that marks are of."""
    return set((found >> 32).tolist())


def _living(pair: str, statuses: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    # Behind a function the pair keeps SQLite from an index that it would then have to sort by.
    paired = func.coalesce(terms.c.pair, "") == pair
    return (paired, terms.c.deleted == "", terms.c.status.in_(statuses))


class _Pile:
    """Texts one after the other in a single one."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "".join(texts)
        self._ends = array("I", accumulate(map(len, texts)))

    def __iter__(self) -> Iterator[str]:
        return (self[number] for number in range(len(self._ends)))

    def __getitem__(self, number: int) -> str:
        return self._text[self._ends[number - 1] if number else 0 : self._ends[number]]


def _form(text: str) -> Form:
    return Form(text[1:], how="struck") if text[:1] == _STRUCK else Form(text)


def _matched(surfaces: str) -> str:
    """Leave out the struck ones."""
    if _STRUCK not in surfaces:
        return surfaces
    texts = surfaces.split(SURFACE_SEPARATOR)
    return SURFACE_SEPARATOR.join(text for text in texts if text[:1] != _STRUCK)


def _list(text: str) -> tuple[str, ...]:
    return () if text == "[]" else tuple(json.loads(text))


def _statement(*conditions: ColumnElement[bool]) -> Any:
    """Return the query: everything as plain text, which is several times faster than rows."""
    marked_form = case(
        (term_forms.c.how == "struck", _STRUCK + term_forms.c.text), else_=term_forms.c.text
    )
    surfaces = (
        select(func.aggregate_strings(marked_form, SURFACE_SEPARATOR))
        .where(term_forms.c.term_id == terms.c.id)
        .scalar_subquery()
    )
    return (
        select(
            terms.c.id,
            terms.c.revision,
            surfaces,
            terms.c.type,
            terms.c.status,
            type_coerce(terms.c.needs_quotes, Integer),
            cast(terms.c.variants, Text),
            cast(terms.c.forbidden, Text),
            cast(terms.c.context, Text),
            *(terms.c[name] for name in _TEXTS),
        )
        .where(*conditions)
        .order_by(terms.c.id)
    )
