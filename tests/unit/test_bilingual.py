"""Bilingual files read as pairs."""

from __future__ import annotations

import io

import pytest

from workbench.domain.memory import Unit
from workbench.errors import InputError
from workbench.formats.bilingual import read_pairs
from workbench.formats.unit_tables import write_xlsx

PAIRS = [("Токаев прибыл.", "托卡耶夫抵达。"), ("Жапаров, Садыр; «да»", "“好”")]
XLIFF = (
    '<?xml version="1.0"?><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">'
    '<file source-language="ru"><body><group><trans-unit id="1"><source>Токаев <g id="1">прибыл'
    '</g><ph id="2">&lt;br/&gt;</ph>.</source><target>托卡耶夫抵达。</target></trans-unit>'
    '<trans-unit id="2"><source>Пусто.</source></trans-unit></group></body></file></xliff>'
)


def table(separator: str, *lines: tuple[str, ...]) -> str:
    return "\n".join(separator.join(line) for line in lines) + "\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("header", [(), (("source", "target"),), (("俄文", "中文"),)])
def test_tsv(codec: str, header: tuple[tuple[str, str], ...]) -> None:
    text = table("\t", *header, *PAIRS, ("Третья.", "", "note"))
    assert read_pairs(text.encode(codec), "a.tsv") == [*PAIRS, ("Третья.", "")]


def test_columns_by_their_heading_and_a_cell_that_is_missing() -> None:
    text = table("\t", ("№", "Перевод", "Русский текст"), ("1", "是", "Да"), ("2", "", "Нет"))
    assert read_pairs(text.encode("gb18030"), "a.tsv") == [("Да", "是"), ("Нет", "")]
    lines = table(";", ("ru", "zh"), ("Да", ""), ("Нет", "否"))
    assert read_pairs(lines.encode(), "a.csv") == [("Да", ""), ("Нет", "否")]


def test_a_workbook() -> None:
    stream = io.BytesIO()
    write_xlsx(stream, [Unit(*pair) for pair in PAIRS])
    assert read_pairs(stream.getvalue(), "a.xlsx") == PAIRS


@pytest.mark.parametrize("separator", [",", ";"])
def test_csv(separator: str) -> None:
    quoted = [tuple(f'"{cell}"' for cell in pair) for pair in PAIRS]
    assert read_pairs(table(separator, *quoted).encode(), "a.csv") == PAIRS


@pytest.mark.parametrize("name", ["a.xliff", "A.XLF"])
def test_xliff_text_without_its_markup(name: str) -> None:
    expected = [("Токаев прибыл.", "托卡耶夫抵达。"), ("Пусто.", "")]
    assert read_pairs(XLIFF.encode(), name) == expected


@pytest.mark.parametrize(
    ("data", "name", "key"),
    [
        (b"a\tb", "a.docx", "formats.unknown_pairs"),
        (b"", "a.tsv", "formats.empty"),
        ("Одна колонка\n".encode(), "a.tsv", "formats.bad_pairs"),
        ("а,б\n\nв\n".encode(), "a.csv", "formats.bad_pairs"),
        (b'a,"' + b"b" * 200_000 + b'"', "a.csv", "tables.bad_csv"),
        ("Токаев\t???\n".encode("cp1251"), "a.tsv", "units.no_chinese"),
        (b"<xliff><file>", "a.xliff", "xml.malformed"),
        (b"<html/>", "a.xliff", "xml.other_root"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><xliff>&a;</xliff>', "a.xliff", "xml.entities"),
        (b"<xliff></xliff>", "a.xliff", "formats.empty"),
    ],
)
def test_bad_files(data: bytes, name: str, key: str) -> None:
    with pytest.raises(InputError) as error:
        read_pairs(data, name)
    assert error.value.key == key
    assert all(error.value.say("zh"))
