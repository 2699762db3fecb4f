"""Files of translation units, chosen by their suffix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from workbench.domain.memory import Rejected, Unit
from workbench.errors import InputError
from workbench.formats import suffix_of
from workbench.formats.tmx import read_tmx, write_tmx
from workbench.formats.unit_tables import (
    read_csv,
    read_tsv,
    read_xlsx,
    write_csv,
    write_tsv,
    write_xlsx,
)
from workbench.formats.xliff_reader import read_xliff

UnitReader = Callable[[BinaryIO, str], Iterator[Unit | Rejected]]
UnitWriter = Callable[[BinaryIO, Iterable[Unit]], int]

# XLIFF is of articles: a memory comes from it, but is no document that could be written as one.
FORMATS: dict[str, tuple[UnitReader, UnitWriter | None]] = {
    ".tmx": (read_tmx, write_tmx),
    ".tsv": (read_tsv, write_tsv),
    ".csv": (read_csv, write_csv),
    ".xlsx": (read_xlsx, write_xlsx),
    ".xliff": (read_xliff, None),
    ".xlf": (read_xliff, None),
    ".sdlxliff": (read_xliff, None),
    ".mqxliff": (read_xliff, None),
}


def unit_reader(name: str) -> UnitReader:
    """Return the reader for a file name. Raises InputError."""
    found = FORMATS.get(suffix_of(name))
    if found is None:
        raise InputError("units.unknown_suffix", name=name, known=" ".join(FORMATS))
    return found[0]


def unit_writer(name: str) -> UnitWriter:
    """Return the writer for a file name. Raises InputError."""
    writers = {suffix: writer for suffix, (_, writer) in FORMATS.items() if writer}
    found = writers.get(suffix_of(name))
    if found is None:
        raise InputError("units.unknown_suffix", name=name, known=" ".join(writers))
    return found
