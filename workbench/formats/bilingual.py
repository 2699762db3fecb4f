"""Bilingual files read as pairs: what ``workbench check FILE`` looks at."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from workbench.domain.memory import Rejected
from workbench.errors import InputError
from workbench.formats import suffix_of
from workbench.formats.tmx import read_tmx
from workbench.formats.unit_tables import column_of, heading, rows_of
from workbench.formats.xliff_reader import read_segments

Pairs = Iterator[tuple[str, str]]


def read_pairs(data: bytes, name: str) -> list[tuple[str, str]]:
    """Return the (source, target) pairs of a .tsv, .csv, .xlsx, .tmx or .xliff file, in order.

    A missing target is an empty string. Raises InputError when the file cannot be used.
    """
    reader = READERS.get(suffix_of(name))
    if reader is None:
        raise InputError("formats.unknown_pairs", name=name, known=" ".join(READERS))
    pairs = list(reader(data, name))
    if not pairs:
        raise InputError("formats.empty", name=name)
    return pairs


def _table(data: bytes, name: str) -> Pairs:
    source, target = 0, 1
    for place, (line, cells) in enumerate(rows_of(io.BytesIO(data), name)):
        if place == 0 and (named := heading(cells)):
            source, target = named.index("source"), named.index("target")
        elif place == 0 and column_of(cells[0] if cells else "") == "source":
            continue  # a heading whose second column has a name of its own
        elif any(cell.strip() for cell in cells):
            if len(cells) < 2 or len(cells) <= source:
                raise InputError("formats.bad_pairs", name=name, line=line)
            yield cells[source].strip(), cells[target].strip() if target < len(cells) else ""


def _tmx(data: bytes, name: str) -> Pairs:
    for unit in read_tmx(io.BytesIO(data), name):
        if not isinstance(unit, Rejected):
            yield unit.source, unit.target


def _xliff(data: bytes, name: str) -> Pairs:
    for segment in read_segments(io.BytesIO(data), name):
        if not isinstance(segment, Rejected):
            yield segment.source, segment.target


READERS: dict[str, Callable[[bytes, str], Pairs]] = {
    ".tsv": _table,
    ".csv": _table,
    ".xlsx": _table,
    ".tmx": _tmx,
    ".xliff": _xliff,
    ".xlf": _xliff,
    ".sdlxliff": _xliff,
    ".mqxliff": _xliff,
}
