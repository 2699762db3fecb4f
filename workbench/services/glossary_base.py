"""The shipped glossary: curated TSV files that read well as diffs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from workbench.domain.term import Form, Term
from workbench.errors import DataError, InputError
from workbench.formats.term_tables import flags_of, split
from workbench.languages.russian_forms import VERSION
from workbench.services.term_entries import NO_CASES, validated, with_forms
from workbench.storage.terms import BaseRow

COLUMNS = ("ru", "zh", "type", "variants", "forbidden", "flags", "note", "source")
_FORMS = "forms"  # a column that may follow, for words that the rules decline wrongly
_FIXED = Form("=", how="struck")


@dataclass(frozen=True, slots=True)
class Base:
    """The files as read; ``digest`` is 28 bits of their content, never 0."""

    texts: tuple[tuple[str, str], ...]
    digest: int

    def rows(self) -> list[BaseRow]:
        """Return the entries with their forms. Raises DataError for a broken line."""
        return list(_inflected(self))

    def entries(self) -> list[BaseRow]:
        """Return the entries without forms: quick. Raises DataError for a broken line."""
        return [row for name, text in self.texts for row in _rows(name, text)]


@lru_cache(maxsize=1)  # a process that opens several states declines the base once
def _inflected(base: Base) -> tuple[BaseRow, ...]:
    return tuple(replace(row, term=_with_forms(row.term)) for row in base.entries())


def read_base(folder: Path) -> Base:
    """Read every .tsv file of *folder*. Raises DataError."""
    texts = []
    for path in sorted(folder.glob("*.tsv")):
        try:
            texts.append((path.name, path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise DataError("terms.base_broken", path=path, line=0, reason=error) from error
    whole = "\0".join(part for pair in texts for part in pair)
    digest = blake2b(f"forms {VERSION}\0{whole}".encode(), digest_size=4).digest()
    return Base(tuple(texts), (int.from_bytes(digest, "big") >> 4) or 1)


def _rows(name: str, text: str) -> list[BaseRow]:
    lines = text.split("\n")
    if tuple(lines[0].split("\t")) not in (COLUMNS, (*COLUMNS, _FORMS)):
        raise DataError("terms.base_broken", path=name, line=1, reason=lines[0])
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        cells = line.split("\t")
        try:
            term = validated(_term(cells))
        except (InputError, KeyError, ValueError) as error:
            raise DataError(
                "terms.base_broken", path=name, line=number, reason=str(error).rstrip(".")
            ) from error
        key = _digest(f"{term.source}\0{term.type}\0{term.valid_from}")
        # With new rules of declension an untouched entry is stored anew.
        rows.append(BaseRow(key, f"{_digest(line)}.{VERSION}", term))
    return rows


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _with_forms(term: Term) -> Term:
    """Return the entry with its forms; a word that does not decline has one."""
    if _FIXED not in term.forms:
        return with_forms(term)
    return replace(term, forms=(Form(term.source, NO_CASES),))


def _by_hand(cell: str) -> tuple[Form, ...]:
    """Read ``+Милли Меджлиса|-Миллей Меджлис``, or ``=`` for a word that does not decline."""
    if cell == _FIXED.text:
        return (_FIXED,)
    how = {"+": "added", "-": "struck"}
    return tuple(Form(text[1:], how=how[text[:1]]) for text in split(cell))  # type: ignore[arg-type]


def _term(cells: list[str]) -> Term:
    source, target, kind, variants, forbidden, flags, note, provenance, *more = cells
    return Term(
        source=source,
        target=target,
        type=kind,  # type: ignore[arg-type]  # validated next
        variants=split(variants),
        forbidden=split(forbidden),
        note=note,
        provenance=provenance,
        forms=_by_hand("".join(more)),
        **flags_of(flags),
    )
