"""Tables as bytes: TSV, CSV and XLSX, read into rows of cells and written from them.

A cell that a spreadsheet would take for a formula is written inert: with an apostrophe before
it in TSV and CSV (taken off again when read), as text in XLSX.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from workbench.errors import InputError
from workbench.formats.composition import printable

LARGEST_UNPACKED = 1 << 30
LONGEST_CELL = 32_767  # of a spreadsheet
# The full-width ones count where a spreadsheet is set to Chinese.
# A negative number is no formula.
_FORMULA = re.compile(r"(?!-\d+(?:\.\d+)?(?:e-?\d+)?\Z)'*[\t\r\n ]*[=+\-@＝＋－＠]")
_INERT = re.compile(r"'+[\t\r\n ]*[=+\-@＝＋－＠]")
_HAN = re.compile(r"[\u4e00-\u9fff]")

Row = tuple[int, list[str]]


def read_table(data: bytes, name: str) -> Iterator[Row]:
    """Yield (line, cells) of a .tsv, .csv or .xlsx file. Raises InputError."""
    suffix = name.rpartition(".")[2].lower()
    if suffix == "xlsx":
        yield from read_xlsx(io.BytesIO(data), name)
        return
    text = _decoded(data, name)
    if suffix == "csv":
        yield from split_csv(text.partition("\n")[0], io.StringIO(text, newline=""), name)
        return
    for number, line in enumerate(text.splitlines(), 1):
        yield number, [active(cell) for cell in line.split("\t")]


def write_table(rows: Iterable[Sequence[str]], suffix: str) -> bytes:
    """Return the rows as a ``tsv``, ``csv`` or ``xlsx`` file. Raises InputError."""
    if suffix == "xlsx":
        return _written_xlsx(rows)
    out = io.StringIO(newline="")
    if suffix == "csv":
        writer = csv.writer(out, lineterminator="\n")
        for row in rows:
            writer.writerow([inert(printable(cell)) for cell in row])
        return out.getvalue().encode("utf-8-sig")  # the mark by which a spreadsheet knows UTF-8
    for row in rows:
        flat = (re.sub(r"[\t\r\n]+", " ", printable(cell)) for cell in row)
        out.write("\t".join(map(inert, flat)) + "\n")
    return out.getvalue().encode()


def _decoded(data: bytes, name: str) -> str:
    """Decode as Unicode, or as GB 18030 when that gives Chinese: what Chinese spreadsheets save."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if marked else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and (encoding != "gb18030" or _HAN.search(text)):
            return text
    raise InputError("tables.not_text", name=name)


def split_csv(first: str, lines: Iterable[str], name: str) -> Iterator[Row]:
    """Yield the rows of *lines*; the *first* of them shows the delimiter. Raises InputError.

    A first line ``sep=;``, as spreadsheets write it, is no row.
    """
    said = re.fullmatch(r"\ufeff?\"?sep=(.)\"?\s*", first)
    outside = re.sub(r'"[^"]*"', "", first)
    delimiter = said[1] if said else max(",;\t", key=outside.count)
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in reader:
            if said and reader.line_num == 1:
                continue
            yield reader.line_num, [active(cell) for cell in cells]
    except csv.Error as error:
        raise InputError("tables.bad_csv", name=name, line=reader.line_num, reason=error) from error


def read_xlsx(data: BinaryIO, name: str) -> Iterator[Row]:
    """Yield the rows of the first sheet of a seekable workbook. Raises InputError."""
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(data) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise InputError("tables.bad_xlsx", name=name)
        book = load_workbook(data, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some programs state them wrongly
            rows = sheet.iter_rows(values_only=True)
            for number, cells in enumerate(rows, 1):
                yield number, ["" if cell is None else str(cell) for cell in cells]
        finally:
            book.close()
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, SyntaxError, OSError) as error:
        raise InputError("tables.bad_xlsx", name=name) from error


def _written_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in rows:
        cells = []
        for value in row:
            if len(value) > LONGEST_CELL:
                raise InputError("tables.cell_too_long", limit=LONGEST_CELL)
            cell = WriteOnlyCell(sheet, value=printable(value))
            cell.data_type = "s"  # text, whatever it begins with
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def active(cell: str) -> str:
    """Take off the apostrophe that made a cell inert."""
    return cell[1:] if _INERT.match(cell) else cell


def inert(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
