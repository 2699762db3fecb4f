"""Glossaries in and out as files: TSV, CSV, XLSX, TBX."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from workbench.domain.term import Term
from workbench.errors import InputError
from workbench.formats import tbx, term_tables
from workbench.messages import say
from workbench.services.term_advice import advice, in_simplified
from workbench.services.term_entries import LIVE_STATES, overlap, validated, with_forms
from workbench.storage.term_batches import TermBatches
from workbench.storage.terms import Terms

MEDIA_TYPES = {
    "tsv": "text/tab-separated-values; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "tbx": "application/x-tbx+xml",
}
_CHUNK = 1_000
# The most refused, conflicting or remarked rows that a report names; all are counted.
REPORTED = 1_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reported:
    """A row of a file and what is to be said about it: its line, a message's key and values."""

    line: int
    key: str
    values: tuple[tuple[str, object], ...] = ()

    def say(self, language: str = "en") -> str:
        """Return what is wrong, in *language*."""
        return say(self.key, language, **dict(self.values))[0]

    def remedy(self, language: str = "en") -> str:
        """Return what to do about it, in *language*."""
        return say(self.key, language, **dict(self.values))[1]


@dataclass(frozen=True, slots=True)
class RowList:
    """The first ``REPORTED`` rows of one kind, and how many there are."""

    rows: tuple[Reported, ...] = ()
    total: int = 0

    def __len__(self) -> int:
        """The number of all, reported or not."""
        return self.total

    def __iter__(self) -> Iterator[Reported]:
        """The reported ones."""
        return iter(self.rows)


@dataclass(frozen=True, slots=True)
class TermImport:
    """What an import did, or would do.

    ``added`` are the new entries as written (without forms), ``known`` how many rows say what the
    glossary says; ``conflicting`` rows contradict an entry and ``refused`` ones cannot be used:
    neither is taken. ``remarks`` are about rows that are. ``batch`` undoes the import.
    """

    name: str
    added: tuple[Term, ...]
    known: int
    conflicting: RowList
    refused: RowList
    remarks: RowList
    batch: str = ""


def suffix_of(name: str) -> str:
    """Return ``tsv``, ``csv``, ``xlsx`` or ``tbx``. Raises InputError."""
    suffix = name.rpartition(".")[2].lower()
    if suffix not in MEDIA_TYPES:
        known = ", ".join(f".{known}" for known in MEDIA_TYPES)
        raise InputError("terms.unknown_suffix", name=name, known=known)
    return suffix


def exported(terms: Terms, to: str) -> bytes:
    """Return every entry as a ``tsv``, ``csv``, ``xlsx`` or ``tbx`` file; ``tbx2`` is version 2."""
    entries = sorted(terms.bare(), key=lambda term: (term.source, term.id))
    if to.startswith("tbx"):
        return tbx.write_tbx(entries, version=2 if to == "tbx2" else 3)
    return term_tables.write_terms(entries, to)


def imported(
    terms: Terms,
    data: bytes,
    name: str,
    author: str,
    preview: bool = False,
    progress: Progress | None = None,
    simplify: bool = False,
) -> TermImport:
    """Add the new entries of a file: all at once or, when it fails, none; a preview adds nothing.

    Rows that cannot be used, or contradict an entry, are named and not taken. With *simplify*
    Traditional characters are replaced, otherwise remarked. *progress* hears (done, total) entries.
    Raises InputError when the file is unreadable or no row of it can be used.
    """
    rows = _Sorter(terms, simplify)
    for line, term in _read(data, name):
        rows.take(line, term)
    if not rows.fresh and not rows.known:
        _nothing(name, rows, preview)
    batch = ""
    if rows.fresh and not preview:
        batch = _stored(terms, rows.fresh, author, f"import {name}", progress)
    return TermImport(
        name,
        tuple(rows.fresh),
        rows.known,
        rows.conflicting.done(),
        rows.refused.done(),
        rows.remarks.done(),
        batch,
    )


def _stored(
    terms: Terms, fresh: list[Term], author: str, reason: str, progress: Progress | None
) -> str:
    """Store the entries, forms made piece by piece so that memory stays bounded."""
    with TermBatches(terms).running(author, reason) as run:
        for start in range(0, len(fresh), _CHUNK):
            run.add([with_forms(term) for term in fresh[start : start + _CHUNK]])
            if progress:
                progress(min(start + _CHUNK, len(fresh)), len(fresh))
    return run.batch


def _read(data: bytes, name: str) -> Iterator[tuple[int, Term]]:
    if name.lower().endswith(".xml") or suffix_of(name) == "tbx":
        return tbx.read_tbx(data, name)
    return term_tables.read_terms(data, name)


def _nothing(name: str, rows: _Sorter, preview: bool) -> None:
    """Refuse a file without usable rows; a preview shows them unless there are none at all."""
    said = [*rows.refused.rows, *rows.conflicting.rows]
    if not said:
        raise InputError("terms.no_rows", name=name)
    if preview:
        return
    first = min(said, key=lambda row: row.line)
    raise InputError(
        "terms.nothing_imported",
        name=name,
        rejected=rows.refused.total + rows.conflicting.total,
        line=first.line,
        reason=InputError(first.key, **dict(first.values)),
    )


@dataclass
class _List:
    """Rows to be reported, counted beyond the limit."""

    rows: list[Reported] = field(default_factory=list)
    total: int = 0

    def add(self, line: int, key: str, **values: object) -> None:
        self.total += 1
        if len(self.rows) < REPORTED:
            self.rows.append(Reported(line, key, tuple(values.items())))

    def done(self) -> RowList:
        return RowList(tuple(self.rows), self.total)


class _Sorter:
    """Sorts the rows of a file into new, known, conflicting and refused ones."""

    def __init__(self, terms: Terms, simplify: bool) -> None:
        self.fresh: list[Term] = []
        self.known = 0
        self.conflicting = _List()
        self.refused = _List()
        self.remarks = _List()
        self._simplify = simplify
        self._present: dict[str, list[Term]] = {}
        for term in terms.bare():
            self._present.setdefault(term.source, []).append(term)
        self._new: dict[str, list[Term]] = {}

    def take(self, line: int, term: Term) -> None:
        """Sort one row."""
        written = in_simplified(term) if self._simplify else term
        try:
            ready = validated(written)
        except InputError as error:
            self.refused.add(line, error.key, **error.values)
            return
        present = self._present.get(ready.source, [])
        new = self._new.get(ready.source, [])
        if any(_says(other, ready) for other in (*present, *new)):
            self.known += 1
        elif old := next((t for t in present if _retired(t, ready)), None):
            values = {"source": old.source, "target": old.target, "status": old.status}
            self.conflicting.add(line, "terms.rejected_before", id=old.id, **values)
        elif any(_clash(other, ready) for other in new):
            self.conflicting.add(line, "terms.repeated_row", source=ready.source)
        elif rival := next((t for t in present if _clash(t, ready)), None):
            values = {"source": rival.source, "target": rival.target}
            self.conflicting.add(line, "terms.conflicting", id=rival.id, **values)
        else:
            self._new.setdefault(ready.source, []).append(ready)
            self.fresh.append(ready)
            for remark in advice(written):
                self.remarks.add(line, remark.key, text=remark.text, suggestion=remark.suggestion)


def _says(known: Term, row: Term) -> bool:
    """Tell whether an entry already says what the row says."""
    if known.status in LIVE_STATES:
        return row.status in LIVE_STATES and row.target in known.accepted and overlap(known, row)
    return (known.target, known.status) == (row.target, row.status)


def _retired(known: Term, row: Term) -> bool:
    """Tell whether the row would bring back what was retired, with the same Chinese form."""
    retired = known.status not in LIVE_STATES and row.status in LIVE_STATES
    return retired and known.target == row.target and overlap(known, row)


def _clash(known: Term, row: Term) -> bool:
    """Tell whether two entries of one source would both rule on the same day.

    A place and a newspaper may share a name; ``term`` is also what a file without types says.
    """
    both = known.status in LIVE_STATES and row.status in LIVE_STATES
    alike = known.type == row.type or "term" in (known.type, row.type)
    return both and alike and overlap(known, row)
