"""Units in tables: round trips, headings of three languages, dialects, encodings, formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from workbench.domain.memory import Rejected, Unit
from workbench.errors import InputError
from workbench.formats.tables import active, inert
from workbench.formats.unit_files import unit_reader, unit_writer

PAIRS = [
    ("Музей открыт; вход «свободный».", "博物馆开放，“免费”入场。"),
    ("- Да, да!", "=对，对！"),
]


def read(data: bytes, suffix: str) -> list[Unit | Rejected]:
    return list(unit_reader(f"x.{suffix}")(io.BytesIO(data), f"x.{suffix}"))


def pairs(data: bytes, suffix: str) -> list[tuple[str, str]]:
    return [(u.source, u.target) for u in read(data, suffix) if isinstance(u, Unit)]


def written(units: list[Unit], suffix: str) -> bytes:
    stream = io.BytesIO()
    assert unit_writer(f"x.{suffix}")(stream, units) == len(units)
    return stream.getvalue()


def table(
    rows: list[tuple[str, ...]], delimiter: str, end: str = "\r\n", quote: bool = False
) -> str:
    out = io.StringIO(newline="")
    style = csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=style).writerows(rows)
    return out.getvalue()


letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
text = st.text(letters | st.sampled_from("=+-@'\"_x000D_;,＝ "), max_size=20)
lines = st.text(letters | st.sampled_from("\n\t=+-@'\"_x0D;, "), max_size=20) | st.just("_x000D_")
moment = st.datetimes(datetime(1990, 1, 1)).map(  # noqa: DTZ001
    lambda d: d.strftime("%Y-%m-%dT%H:%M:%S.000+00:00")
)


def units_of(field: st.SearchStrategy[str]) -> st.SearchStrategy[list[Unit]]:
    filled = field.map(lambda s: s + "я")
    return st.lists(
        st.builds(
            Unit,
            source=filled,
            target=filled,
            before=field,
            after=field,
            article=field,
            author=field,
            created=moment,
            changed=moment,
            note=field,
            origin=st.just("import"),
        ),
        max_size=3,
    )


@settings(max_examples=60)
@given(units_of(lines))
def test_csv_round_trip(units: list[Unit]) -> None:
    assert read(written(units, "csv"), "csv") == units


@settings(max_examples=40)
@given(units_of(lines))
def test_xlsx_round_trip(units: list[Unit]) -> None:
    assert read(written(units, "xlsx"), "xlsx") == units


@settings(max_examples=60)
@given(units_of(text))
def test_tsv_round_trip(units: list[Unit]) -> None:
    assert read(written(units, "tsv"), "tsv") == units


def test_what_a_table_cannot_carry() -> None:
    unit = Unit("Да\nнет", "是\t否", props=(("prop:x", "y"),), glossary_version="7", note="a\x00b")
    for suffix, source in (("tsv", "Да нет"), ("csv", "Да\nнет"), ("xlsx", "Да\nнет")):
        (found,) = read(written([unit], suffix), suffix)
        assert isinstance(found, Unit)
        assert (found.source, found.note, found.props) == (source, "ab", ())
        assert found.glossary_version == ""


@pytest.mark.parametrize(
    "heading",
    [
        ("ru", "zh"),
        ("RU-RU", "zh-Hans"),
        ("Русский текст", "Перевод"),
        ("Исходный  текст", "Китайский"),
        ("原文", "译文"),
        ("俄语", "中文"),
        ("Source Text", "Target"),
    ],
)
def test_headings(heading: tuple[str, str]) -> None:
    source, target = heading
    rows = [(target, "Примечание", "№", source, "дата создания")]
    rows += [(zh, "n", "1", ru, "2024-05-06 07:08:09") for ru, zh in PAIRS]
    for suffix, delimiter in (("csv", ";"), ("csv", ","), ("csv", "\t")):
        found = read(table(rows, delimiter).encode(), suffix)
        assert [(u.source, u.target, u.note, u.created) for u in found if isinstance(u, Unit)] == [
            (ru, zh, "n", "2024-05-06T07:08:09.000+00:00") for ru, zh in PAIRS
        ]
    assert pairs("\n".join("\t".join(row) for row in rows).encode(), "tsv") == PAIRS


def test_a_file_without_a_heading_is_source_and_target() -> None:
    assert pairs(table(PAIRS, ",").encode(), "csv") == PAIRS


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quote", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_dialects(delimiter: str, end: str, quote: bool, encoding: str) -> None:
    rows = [("ru", "zh"), *PAIRS, ('Он сказал: "да"\nи ушёл', "他说：“是”")]
    data = table(rows, delimiter, end, quote).encode(encoding)
    assert pairs(data, "csv") == rows[1:]


@pytest.mark.parametrize("start", ["sep=;\r\n", '"sep=;"\n', "\ufeffsep=;\n"])
def test_the_line_that_names_the_delimiter(start: str) -> None:
    assert pairs((start + table(PAIRS, ";")).encode(), "csv") == PAIRS


def test_utf_16_without_a_mark_as_tsv() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert pairs("Музей\t博物馆\r\n".encode(encoding), "tsv") == [("Музей", "博物馆")]


@pytest.mark.parametrize(
    ("data", "suffix", "key"),
    [
        ("Музей открыт\t?????\n".encode("cp1251") * 3, "tsv", "units.no_chinese"),
        ("ok\t好\n".encode() + b"\xff\xff\t\xfe\n", "tsv", "units.not_text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "csv", "units.not_text"),
        ("Да\t是\0\n".encode() * 9, "tsv", "units.not_text"),
        (b"a" * 500_000, "tsv", "units.line_too_long"),
        (b'a,"' + b"b" * 200_000 + b'"', "csv", "tables.bad_csv"),
        (b"PK\x03\x04", "xlsx", "tables.bad_xlsx"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(data: bytes, suffix: str, key: str) -> None:
    with pytest.raises(InputError) as caught:
        read(data, suffix)
    assert caught.value.key == key
    problem, remedy = caught.value.say("zh")
    assert f"x.{suffix}" in problem
    assert remedy


@pytest.mark.parametrize("number", ["-1", "-0.25", "-1.5e-07"])
def test_a_negative_number_is_no_formula(number: str) -> None:
    assert inert(number) == number == active(inert(number))
    assert inert(f"{number}+A1") == f"'{number}+A1"


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝", " =", "'=", "''-"])
def test_no_cell_is_a_formula(suffix: str, start: str) -> None:
    unit = Unit(f"{start}HYPERLINK(1)", f"{start}是", note=f"{start}A1", origin="import")
    data = written([unit], suffix)
    cells = [
        cell
        for row in csv.reader(
            io.StringIO(data.decode("utf-8-sig"), newline=""),
            delimiter="," if suffix == "csv" else "\t",
        )
        for cell in row
    ]
    assert not [cell for cell in cells if cell.strip().startswith(tuple("=+-@＝"))]
    expected = replace(unit) if "\t" not in start or suffix == "csv" else None
    if expected:
        assert read(data, suffix) == [expected]


def test_a_formula_is_text_in_a_workbook() -> None:
    data = written([Unit("=1+1", "=CMD()", note="@x")], "xlsx")
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_a_workbook_that_states_a_wrong_size_and_holds_numbers() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Русский", "中文", "created"), ("Зал 5", 5, datetime(2024, 5, 6, 7, 8))):  # noqa: DTZ001
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    (unit,) = read(out.getvalue(), "xlsx")
    assert isinstance(unit, Unit)
    assert (unit.source, unit.target) == ("Зал 5", "5")
    assert unit.created == "2024-05-06T07:08:00.000+00:00"


def test_rows_come_before_the_file_is_read_to_its_end() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            assert self.given < 8 << 20, "the whole file is read before the first unit"
            return ("Да\t是\n" * (size // 8 + 1)).encode()[: max(size // 9 * 9, 9)]

    found: Callable[[], Iterator[Unit | Rejected]] = lambda: unit_reader("x.tsv")(  # noqa: E731
        Endless(),  # type: ignore[arg-type]
        "x.tsv",
    )
    assert isinstance(next(found()), Unit)
