"""Units as tables: TSV, CSV and XLSX.

The first two columns are source and target unless a heading names others. A cell that a
spreadsheet would take for a formula is made inert: with an apostrophe before it in TSV and CSV
(taken off again when read), as text in XLSX.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any, BinaryIO

from workbench.domain.memory import Rejected, Unit
from workbench.errors import InputError
from workbench.formats import suffix_of
from workbench.formats.composition import printable
from workbench.formats.encoding import LEAST, likeness
from workbench.formats.tables import LONGEST_CELL, active, inert, split_csv
from workbench.formats.tables import read_xlsx as xlsx_rows

COLUMNS = ("source", "target", "before", "after", "article", "author", "created", "changed", "note")
HEADINGS = {
    name: column
    for column, names in {
        "source": "source|src|original|source text|source segment|ru|ru-ru|ru_ru|rus|russian"
        "|русский|русский текст|по-русски|исходный текст|исходный|источник|оригинал"
        "|俄文|俄语|俄|俄文原文|原文|源语|源文本|源文|来源文本",
        "target": "target|tgt|translation|target text|target segment|zh|zh-cn|zh_cn|zh-hans"
        "|zh-hans-cn|zho|chi|chinese|chinese (simplified)|simplified chinese"
        "|китайский|китайский текст|по-китайски|перевод|текст перевода"
        "|中文|汉语|中|简体中文|中文译文|译文|目标语|目标文本|译文文本",
        "before": "before|previous|предыдущее|перед|上文|前文|上一句",
        "after": "after|next|следующее|после|下文|后文|下一句",
        "article": "article|file|document|статья|файл|документ|文章|文件|文档",
        "author": "author|user|translator|автор|переводчик|作者|译者|用户",
        "created": "created|creation date|date|создано|дата создания|дата|创建时间|创建日期|日期",
        "changed": "changed|modified|change date|изменено|дата изменения|修改时间|修改日期",
        "note": "note|notes|comment|comments|примечание|комментарий|заметка|备注|注释|说明",
    }.items()
    for name in names.split("|")
}
LONGEST_LINE = 400_000
LONGEST_TEXT = 50_000
SAMPLE = 1 << 20  # bytes from which the encoding is told
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")

Row = tuple[int, Sequence[str]]


# -- reading --------------------------------------------------------------------------------


def read_tsv(stream: BinaryIO, name: str) -> Iterator[Unit | Rejected]:
    """Yield the units of a file with tabs. Raises InputError when it is not Unicode text."""
    yield from _units((n, _cells(line)) for n, line in _lines(stream, name))


def read_csv(stream: BinaryIO, name: str) -> Iterator[Unit | Rejected]:
    """Yield the units of a CSV file with commas, semicolons or tabs. Raises InputError."""
    yield from _units(_csv_rows(stream, name))


def read_xlsx(stream: BinaryIO, name: str) -> Iterator[Unit | Rejected]:
    """Yield the units of the first sheet of a workbook. Raises InputError."""
    yield from _units(_xlsx_rows(stream, name))


def rows_of(stream: BinaryIO, name: str) -> Iterator[Row]:
    """Yield (line, cells) of a .tsv, .csv or .xlsx file. Raises InputError."""
    suffix = suffix_of(name)
    if suffix == ".xlsx":
        yield from _xlsx_rows(stream, name)
    elif suffix == ".csv":
        yield from _csv_rows(stream, name)
    else:
        yield from ((n, _cells(line)) for n, line in _lines(stream, name))


def _xlsx_rows(stream: BinaryIO, name: str) -> Iterator[Row]:
    return xlsx_rows(stream if stream.seekable() else io.BytesIO(stream.read()), name)


def _cells(line: str) -> list[str]:
    return [active(cell) for cell in line.rstrip("\r\n").split("\t")]


def _lines(stream: BinaryIO, name: str) -> Iterator[tuple[int, str]]:
    beginning = stream.read(SAMPLE)
    encoding = _encoding(beginning, name)
    text = io.TextIOWrapper(io.BufferedReader(_Joined(beginning, stream)), encoding, newline="\n")
    number = 0
    try:
        while line := text.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise InputError("units.line_too_long", name=name, line=number)
            if "\0" in line:
                raise InputError("units.not_text", name=name, line=number)
            yield number, line.removeprefix("\ufeff") if number == 1 else line
    except UnicodeError as error:
        raise InputError("units.not_text", name=name, line=number + 1) from error
    finally:
        text.detach()


def _encoding(sample: bytes, name: str) -> str:
    """Tell Unicode, or GB 18030 with both alphabets, from the beginning. Raises InputError."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    broken = 0
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError as error:
        broken, text = error.start, ""
    if (text and ("\0" not in text or _CYRILLIC.search(text))) or not sample:
        return "utf-8-sig"
    if sample.count(0) * 50 > len(sample):  # in UTF-16 every line end and delimiter has one
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    chinese = codecs.getincrementaldecoder("gb18030")("replace").decode(sample)
    letters = sum(not character.isascii() for character in chinese)
    cyrillic = len(_CYRILLIC.findall(chinese))
    han = sum("\u4e00" <= character <= "\u9fff" for character in chinese)
    if han and cyrillic * 5 > letters:  # Russian of one byte a letter gives no Cyrillic here
        return "gb18030"
    if likeness(sample.decode("cp1251", "replace")) > LEAST:
        raise InputError("units.no_chinese", name=name)
    raise InputError("units.not_text", name=name, line=sample.count(b"\n", 0, broken) + 1)


class _Joined(io.RawIOBase):
    """The bytes already read, and then the rest of the stream."""

    def __init__(self, beginning: bytes, rest: BinaryIO) -> None:
        self.beginning = beginning
        self.rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self.beginning or self.rest.read(len(buffer))
        piece, self.beginning = piece[: len(buffer)], piece[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _csv_rows(stream: BinaryIO, name: str) -> Iterator[Row]:
    lines = (line for _, line in _lines(stream, name))
    first = next(lines, "")
    return split_csv(first, chain([first], lines), name)


def _units(rows: Iterable[Row]) -> Iterator[Unit | Rejected]:
    columns: Sequence[str] = COLUMNS[:2]
    for place, (number, cells) in enumerate(rows):
        if place == 0 and (named := heading(cells)):
            columns = named
            continue
        if any(cell.strip() for cell in cells):
            yield _unit(number, dict(zip(columns, cells, strict=False)))


def heading(cells: Sequence[str]) -> list[str]:
    """Return the names of the columns when the first row is a heading; unknown ones are empty."""
    named = [column_of(cell) for cell in cells]
    named = [column if column not in named[:n] else "" for n, column in enumerate(named)]
    return named if "source" in named and "target" in named else []


def column_of(cell: str) -> str:
    """Return the field that a cell of a heading names; empty where it names none."""
    return HEADINGS.get(" ".join(cell.lower().split()), "")


def _unit(number: int, values: dict[str, str]) -> Unit | Rejected:
    values.pop("", None)
    source, target = values.get("source", ""), values.get("target", "")
    if not source.strip() or not target.strip():
        return Rejected(number, "memory.unit_empty")
    if max(len(source), len(target)) > LONGEST_TEXT:
        return Rejected(number, "memory.unit_too_long")
    for name in ("created", "changed"):
        values[name] = _moment(values.get(name, ""))
    return Unit(**values, origin="import")  # type: ignore[arg-type]


def _moment(text: str) -> str:
    """Return a time as units have it; empty where it is none."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return ""
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")


# -- writing --------------------------------------------------------------------------------


def write_tsv(stream: BinaryIO, units: Iterable[Unit]) -> int:
    """Write a heading and a line a unit; a tab or line end inside a text becomes a space."""

    def line(cells: Iterable[str]) -> bytes:
        flat = (re.sub(r"[\t\r\n]+", " ", cell) for cell in cells)
        return ("\t".join(map(inert, flat)) + "\n").encode()

    stream.write(line(COLUMNS))
    count = 0
    for unit in units:
        stream.write(line(_values(unit)))
        count += 1
    return count


def write_csv(stream: BinaryIO, units: Iterable[Unit]) -> int:
    """Write a heading and a line a unit, with the mark by which a spreadsheet knows UTF-8."""
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for unit in units:
        writer.writerow([inert(value) for value in _values(unit)])
        count += 1
    text.detach()
    return count


def write_xlsx(stream: BinaryIO, units: Iterable[Unit]) -> int:
    """Write one sheet. Raises InputError for a text longer than a cell may be."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("memory")
    sheet.freeze_panes = "A2"
    sheet.append(COLUMNS)
    count = 0
    try:
        for unit in units:
            cells = []
            for value in _values(unit):
                if len(value) > LONGEST_CELL:
                    raise InputError("units.cell_too_long", limit=LONGEST_CELL)
                cell = WriteOnlyCell(sheet, value=value)
                cell.data_type = "s"  # text, whatever it begins with
                cells.append(cell)
            sheet.append(cells)
            count += 1
    finally:
        sheet.close()
    book.save(stream)
    return count


def _values(unit: Unit) -> list[str]:
    return [printable(str(getattr(unit, name))) for name in COLUMNS]
