"""Word documents: all their text in reading order, and what is refused."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import docx
import pytest
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from workbench.domain.article import Metadata
from workbench.errors import InputError, TooLarge
from workbench.formats.docx_reader import LIMIT_MB, DocxReader


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def read(document: Document) -> list[tuple[str, int, str]]:
    article = DocxReader().read(saved(document), "a.docx")
    return [(block.kind, block.level, block.text) for block in article.blocks]


def paragraph(inner: str) -> object:
    return parse_xml(f"<w:p {nsdecls('w')}>{inner}</w:p>")


def test_structure_and_properties() -> None:
    document = docx.Document()
    document.add_paragraph("Токаев в Бишкеке", style="Title")
    document.add_heading("Подробности", level=2)
    document.add_paragraph("Первый абзац.\nВторая строка.\tТабуляция.")
    document.add_paragraph("Пункт списка.", style="List Bullet")
    document.add_paragraph("Цитата.", style="Quote")
    document.add_paragraph("   ")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Страна", "Объём"
    document.add_paragraph("Последний абзац.")
    core = document.core_properties
    core.author, core.created = "Иван Петров", datetime(2026, 11, 20, tzinfo=UTC)
    assert read(document) == [
        ("heading", 1, "Токаев в Бишкеке"),
        ("heading", 2, "Подробности"),
        ("paragraph", 0, "Первый абзац.\nВторая строка.\tТабуляция."),
        ("item", 0, "Пункт списка."),
        ("quote", 0, "Цитата."),
        ("paragraph", 0, "Страна"),
        ("paragraph", 0, "Объём"),
        ("paragraph", 0, "Последний абзац."),
    ]
    article = DocxReader().read(saved(document), "a.docx")
    assert article.metadata == Metadata("Токаев в Бишкеке", "Иван Петров", "", "2026-11-20")


def test_placeholders_of_programs_are_no_metadata() -> None:
    document = docx.Document()
    document.add_paragraph("Текст.")
    document.core_properties.title = "Microsoft Word - Документ1"
    article = DocxReader().read(saved(document), "a.docx")
    assert (article.metadata.title, article.metadata.author) == ("", "")


def test_insertions_fields_and_controls_are_read_and_deletions_are_not() -> None:
    document = docx.Document()
    body = document.element.body
    body.insert(
        0,
        paragraph(
            '<w:pPr><w:tabs><w:tab w:val="left" w:pos="9"/></w:tabs></w:pPr><w:r><w:tab/></w:r>'
            "<w:r><w:t>Раз </w:t></w:r>"
            '<w:ins w:id="1" w:author="a"><w:r><w:t>вставка </w:t></w:r></w:ins>'
            '<w:del w:id="2" w:author="a"><w:r><w:delText>долой </w:delText></w:r></w:del>'
            "<w:sdt><w:sdtContent><w:r><w:t>поле </w:t></w:r></w:sdtContent></w:sdt>"
            "<w:hyperlink><w:r><w:t>ссылка</w:t></w:r></w:hyperlink>"
            '<w:fldSimple w:instr="DATE"><w:r><w:t> дата.</w:t></w:r></w:fldSimple>'
        ),
    )
    body.insert(
        1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent>"
            "<w:p><w:r><w:t>Абзац в элементе.</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    assert read(document) == [
        ("paragraph", 0, "Раз вставка поле ссылка дата."),
        ("paragraph", 0, "Абзац в элементе."),
    ]


def test_a_short_paragraph_in_bold_is_a_heading() -> None:
    document = docx.Document()
    for text, bold in (("Что дальше", True), ("Просто строка", False), ("Важно.", True)):
        document.add_paragraph().add_run(text).bold = bold
    document.add_table(rows=1, cols=1).cell(0, 0).paragraphs[0].add_run("Страна").bold = True
    kinds = [kind for kind, _, _ in read(document)]
    assert kinds == ["heading", "paragraph", "paragraph", "paragraph"]


def test_numbering_and_outline_level_without_a_style() -> None:
    document = docx.Document()
    body = document.element.body
    body.insert(
        0,
        paragraph(
            '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>'
            "<w:r><w:t>Вложенный пункт.</w:t></w:r>"
        ),
    )
    body.insert(
        1,
        paragraph('<w:pPr><w:outlineLvl w:val="2"/></w:pPr><w:r><w:t>Раздел</w:t></w:r>'),
    )
    assert read(document) == [("item", 1, "Вложенный пункт."), ("heading", 3, "Раздел")]


def test_footnotes_follow_the_text() -> None:
    document = docx.Document()
    document.add_paragraph("Текст.")
    notes = (
        f"<w:footnotes {nsdecls('w')}>"
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>—</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>Сноска.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    part = Part(
        PackURI("/word/footnotes.xml"), CT.WML_FOOTNOTES, notes.encode(), document.part.package
    )
    document.part.relate_to(part, RT.FOOTNOTES)
    assert read(document) == [("paragraph", 0, "Текст."), ("paragraph", 0, "Сноска.")]


def archive(**entries: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    return stream.getvalue()


def broken() -> bytes:
    document = docx.Document()
    document.add_paragraph("Текст. " * 500)
    return saved(document)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"  \n", "formats.empty"),
        (saved(docx.Document()), "formats.empty"),
        (b"not a zip at all", "formats.broken_docx"),
        (broken()[:-400], "formats.broken_docx"),
        (broken()[:2000] + bytes(1000) + broken()[3000:], "formats.broken_docx"),
        (archive(a=b"b"), "formats.broken_docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "formats.old_or_locked_docx"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, key: str) -> None:
    with pytest.raises(InputError) as error:
        DocxReader().read(data, "a.docx")
    assert error.value.key == key


def test_a_zip_bomb_is_refused_unopened() -> None:
    data = archive(**{"word/document.xml": bytes((LIMIT_MB + 1) * 2**20)})
    assert len(data) < 2**20
    with pytest.raises(TooLarge):
        DocxReader().read(data, "a.docx")


@pytest.mark.parametrize("position", range(100, 36_000, 1_777))
def test_a_document_with_flipped_bytes_gives_text_or_one_error(position: int) -> None:
    data = bytearray(broken())
    data[position % len(data)] ^= 0xFF
    data[(position * 7) % len(data)] ^= 0x55
    with suppress(InputError):
        assert DocxReader().read(bytes(data), "a.docx").blocks
