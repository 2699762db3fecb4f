"""Bilingual files read as pairs: what ``workbench check FILE`` looks at."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from workbench.domain.memory import Rejected
from workbench.errors import InputError
from workbench.formats import suffix_of
from workbench.formats.encoding import decode
from workbench.formats.tmx import read_tmx
from workbench.formats.xliff_reader import read_segments

Pairs = Iterator[tuple[str, str]]

SOURCE_HEADERS = frozenset({"ru", "ru-ru", "source", "src", "русский", "оригинал", "俄文", "原文"})


def read_pairs(data: bytes, name: str) -> list[tuple[str, str]]:
    """Return the (source, target) pairs of a .tsv, .csv, .tmx or .xliff file, in order.

    A missing target is an empty string. Raises InputError when the file cannot be used.
    """
    reader = READERS.get(suffix_of(name))
    if reader is None:
        raise InputError("formats.unknown_pairs", name=name, known=" ".join(READERS))
    pairs = list(reader(data, name))
    if not pairs:
        raise InputError("formats.empty", name=name)
    return pairs


def _tsv(data: bytes, name: str) -> Pairs:
    lines = decode(data, name).splitlines()
    yield from _columns((line.split("\t") for line in lines), name)


def _csv(data: bytes, name: str) -> Pairs:
    text = decode(data, name)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from _columns(rows, name)
    except csv.Error as error:
        raise InputError("formats.bad_pairs", name=name, line=rows.line_num) from error


def _columns(rows: Iterator[list[str]], name: str) -> Pairs:
    for line, cells in enumerate(rows, 1):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < 2:
            raise InputError("formats.bad_pairs", name=name, line=line)
        if line == 1 and cells[0].strip().lower() in SOURCE_HEADERS:
            continue
        yield cells[0].strip(), cells[1].strip()


def _tmx(data: bytes, name: str) -> Pairs:
    for unit in read_tmx(io.BytesIO(data), name):
        if not isinstance(unit, Rejected):
            yield unit.source, unit.target


def _xliff(data: bytes, name: str) -> Pairs:
    for segment in read_segments(io.BytesIO(data), name):
        if not isinstance(segment, Rejected):
            yield segment.source, segment.target


READERS: dict[str, Callable[[bytes, str], Pairs]] = {
    ".tsv": _tsv,
    ".csv": _csv,
    ".tmx": _tmx,
    ".xliff": _xliff,
    ".xlf": _xliff,
    ".sdlxliff": _xliff,
    ".mqxliff": _xliff,
}
