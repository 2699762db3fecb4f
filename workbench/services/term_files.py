"""Glossaries in and out as files: TSV, CSV, XLSX, TBX."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.domain.term import Term
from workbench.errors import InputError
from workbench.formats import tbx, term_tables
from workbench.messages import say
from workbench.services.term_entries import validated, with_forms
from workbench.storage.terms import Terms

MEDIA_TYPES = {
    "tsv": "text/tab-separated-values; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "tbx": "application/x-tbx+xml",
}
_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not imported: its line, and the key and values of the reason."""

    line: int
    key: str
    values: tuple[tuple[str, object], ...] = ()

    def say(self, language: str = "en") -> str:
        """Return the reason in *language*."""
        return say(self.key, language, **dict(self.values))[0]


@dataclass(frozen=True, slots=True)
class TermImport:
    """What an import did, or would do: new entries, how many were known, the refused rows."""

    name: str
    added: tuple[Term, ...]
    known: int
    refused: tuple[Refused, ...]


def suffix_of(name: str) -> str:
    """Return ``tsv``, ``csv``, ``xlsx`` or ``tbx``. Raises InputError."""
    suffix = name.rpartition(".")[2].lower()
    if suffix not in MEDIA_TYPES:
        known = ", ".join(f".{known}" for known in MEDIA_TYPES)
        raise InputError("terms.unknown_suffix", name=name, known=known)
    return suffix


def exported(terms: Terms, suffix: str) -> bytes:
    """Return every entry as a file."""
    entries = terms.list()
    return tbx.write_tbx(entries) if suffix == "tbx" else term_tables.write_terms(entries, suffix)


def imported(
    terms: Terms,
    data: bytes,
    name: str,
    author: str,
    preview: bool = False,
    progress: Callable[[int], None] | None = None,
) -> TermImport:
    """Add the new entries of a file in one transaction; a preview adds nothing.

    Rows that cannot be used, or contradict an entry, are refused and named. Raises InputError
    when the file is unreadable or no row of it can be used.
    """
    sorted_out = _Sorter(terms)
    for line, term in _read(data, name):
        sorted_out.take(line, term)
    if not sorted_out.fresh and not sorted_out.known:
        _nothing(name, sorted_out.refused)
    entries = []
    for number, term in enumerate(sorted_out.fresh, 1):
        entries.append(term if preview else with_forms(term))
        if progress and number % _CHUNK == 0:
            progress(number)
    added = tuple(entries) if preview else terms.add_all(entries, author, f"import {name}")
    return TermImport(name, added, sorted_out.known, tuple(sorted_out.refused))


def _read(data: bytes, name: str) -> Iterator[tuple[int, Term]]:
    if suffix_of(name) == "tbx":
        return tbx.read_tbx(data, name)
    return term_tables.read_terms(data, name)


def _nothing(name: str, refused: list[Refused]) -> None:
    if not refused:
        raise InputError("terms.no_rows", name=name)
    first = refused[0]
    raise InputError(
        "terms.nothing_imported",
        name=name,
        rejected=len(refused),
        line=first.line,
        reason=first.say(),
    )


class _Sorter:
    """Sorts the rows of a file into new, known and refused ones."""

    def __init__(self, terms: Terms) -> None:
        self.fresh: list[Term] = []
        self.known = 0
        self.refused: list[Refused] = []
        self._present: dict[str, list[Term]] = {}
        for term in terms.with_status("approved", "proposed"):
            self._present.setdefault(term.source, []).append(term)
        self._new: dict[str, Term] = {}

    def take(self, line: int, term: Term) -> None:
        """Sort one row."""
        try:
            term = validated(term)
        except InputError as error:
            self.refused.append(Refused(line, error.key, tuple(error.values.items())))
            return
        present = self._present.get(term.source, ())
        twin = self._new.get(term.source)
        if any(term.target in other.accepted for other in present) or (
            twin is not None and term.target in twin.accepted
        ):
            self.known += 1
        elif twin is not None:
            self.refused.append(Refused(line, "terms.repeated_row", (("source", term.source),)))
        elif rival := next((t for t in present if _clash(t, term)), None):
            values = (("source", rival.source), ("target", rival.target), ("id", rival.id))
            self.refused.append(Refused(line, "terms.conflicting", values))
        else:
            self._new[term.source] = term
            self.fresh.append(term)


def _clash(present: Term, new: Term) -> bool:
    """Tell whether two entries of one source would hold on the same day."""
    early = present.valid_to and new.valid_from and present.valid_to < new.valid_from
    late = new.valid_to and present.valid_from and new.valid_to < present.valid_from
    return not (early or late)
