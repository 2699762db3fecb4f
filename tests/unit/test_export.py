"""Publication: the look of the files, and the proof that nothing was dropped."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from lxml import html

from workbench.domain.article import Article, Metadata
from workbench.domain.row import Row
from workbench.errors import DataError, NotFound
from workbench.formats import WRITERS
from workbench.formats.bilingual import read_pairs
from workbench.formats.docx_reader import DocxReader
from workbench.services.export import Export
from workbench.services.intake import Intake

METADATA = Metadata(
    "Визит Токаева", "Иван Петров", "Время", "2026-11-25", "https://e.org/a?b=1&c=2"
)
SOURCE = (
    "Визит Токаева\n\nТокаев прибыл в Бишкек. Он встретился с Жапаровым. Переговоры шли два часа, "
    "и завершились они подписанием девяти соглашений.\n\n"
    "Что дальше?\n\n• Первый пункт.\n• Второй пункт.\n\n"
    "Стороны договорились встретиться снова уже весной следующего года."
)
TARGETS = (
    "托卡耶夫访问",
    "托卡耶夫抵达比什凯克。",
    "他会见了扎帕罗夫，并参观了 IT Park",
    "会谈持续两小时。",
    "下一步如何？",
    "第一项。",
    "第二项。",
    "双方商定明年春天再会。",
)


@pytest.fixture
def article() -> Article:
    return Intake().paste(SOURCE, METADATA)


@pytest.fixture
def rows(article: Article) -> list[Row]:
    return [Row(s, t, "confirmed") for s, t in zip(article.segments, TARGETS, strict=True)]


def opened(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


def test_the_clean_document_reads_back_with_its_structure(
    article: Article, rows: list[Row]
) -> None:
    data, suffix, _ = Export().write(article, rows, "docx")
    blocks = DocxReader().read(data, f"a{suffix}").blocks
    assert [(block.kind, block.level, block.text) for block in blocks][:6] == [
        ("heading", 1, TARGETS[0]),
        ("paragraph", 0, "".join(TARGETS[1:3]) + " " + TARGETS[3]),
        ("heading", 2, TARGETS[4]),
        ("item", 0, TARGETS[5]),
        ("item", 0, TARGETS[6]),
        ("paragraph", 0, TARGETS[7]),
    ]
    assert [block.text for block in blocks][6:] == [
        "原题：Визит Токаева",
        "作者：Иван Петров",
        "来源：Время",
        "日期：2026-11-25",
        "原文见：https://e.org/a?b=1&c=2",
    ]


def test_the_clean_document_has_chinese_fonts_and_indents(
    article: Article, rows: list[Row]
) -> None:
    document = opened(Export().write(article, rows, "docx")[0])
    fonts = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 2", "List Bullet")
    }
    assert fonts == {"Normal": "宋体", "Title": "黑体", "Heading 2": "黑体", "List Bullet": "宋体"}
    assert document.styles["Normal"].font.size.pt == 12
    body = next(p for p in document.paragraphs if p.style.name == "Normal")
    assert body._p.pPr.ind.get(qn("w:firstLineChars")) == "200"
    core = document.core_properties
    assert (core.title, core.author) == (TARGETS[0], "Иван Петров")
    assert core.created.date().isoformat() == "2026-11-25"


def test_the_bilingual_document_holds_every_segment(article: Article, rows: list[Row]) -> None:
    rows[3] = replace(rows[3], target="", state="new")
    document = opened(Export().write(article, rows, "bilingual-docx")[0])
    (table,) = document.tables
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == ["序号", "俄文原文", "中文译文", "状态"]
    assert [row[1] for row in cells[1:]] == [segment.source for segment in article.segments]
    assert [row[2] for row in cells[1:]] == [row.target for row in rows]
    assert (cells[1][0], cells[1][3], cells[4][3]) == ("1", "已确认", "未译")
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_the_page_is_self_contained_and_escaped(article: Article, rows: list[Row]) -> None:
    rows[1] = replace(rows[1], target="<script>alert(1)</script>&“你好”")
    data, _, _ = Export().write(article, rows, "html")
    page = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    assert page.get("lang") == "zh-CN"
    assert page.findtext(".//title") == TARGETS[0]
    assert not page.xpath("//script | //link | //img | //@src | //@href")
    assert [element.tag for element in page.find(".//article")] == ["h1", "p", "h2", "ul", "p"]
    assert "<script>alert(1)</script>&“你好”" in page.find(".//article/p").text_content()


def test_an_untranslated_segment_is_marked_and_counted(article: Article, rows: list[Row]) -> None:
    rows[7] = replace(rows[7], target="  ", state="new")
    counts = Export().count(article, rows)
    assert (counts.segments, counts.untranslated) == (8, 1)
    assert counts.source_characters == sum(len(segment.source) for segment in article.segments)
    assert counts.target_characters == sum(map(len, TARGETS[:7]))
    text = Export().write(article, rows, "txt")[0].decode()
    assert f"【{article.segments[7].source}】" in text
    run = opened(Export().write(article, rows, "docx")[0]).paragraphs[5].runs[0]
    assert run.font.highlight_color is not None


@pytest.mark.parametrize("to", ["tmx", "xliff"])
def test_exchange_files_read_back_as_the_same_pairs(
    article: Article, rows: list[Row], to: str
) -> None:
    data, suffix, _ = Export().write(article, rows, to)
    pairs = [(row.segment.source, row.target) for row in rows]
    assert read_pairs(data, f"a{suffix}") == pairs


def test_xliff_says_the_state_of_each_segment(article: Article, rows: list[Row]) -> None:
    from lxml import etree

    rows[0] = replace(rows[0], state="drafted")
    rows[2] = replace(rows[2], target="", state="new")
    root = etree.fromstring(Export().write(article, rows, "xliff")[0])
    units = root.findall(".//{*}trans-unit")
    assert [unit.get("approved") for unit in units[:3]] == [None, "yes", None]
    states = [None if (t := unit.find("{*}target")) is None else t.get("state") for unit in units]
    assert states[:3] == ["needs-review-translation", "translated", None]
    assert [note.text for note in root.iter("{*}note")] == [
        METADATA.title,
        METADATA.author,
        METADATA.outlet,
        METADATA.date,
        METADATA.url,
    ]


def test_an_article_without_its_rows_is_not_exported(article: Article, rows: list[Row]) -> None:
    with pytest.raises(DataError) as error:
        Export().write(article, rows[:-2], "txt")
    assert error.value.values == {"count": 2, "first": 7}


def test_an_unknown_format(article: Article, rows: list[Row]) -> None:
    with pytest.raises(NotFound):
        Export().write(article, rows, "pdf")


class Forgetful:
    """A writer that drops a sentence."""

    name, suffix, media_type = "txt", ".txt", "text/plain"

    def write(self, article: Article, rows: Sequence[Row]) -> bytes:
        return "\n".join(row.target for row in rows if row.segment.n != 4).encode()


def test_a_writer_that_drops_text_is_found_out(
    article: Article, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WRITERS.members, "forgetful", f"{__name__}:Forgetful")  # type: ignore[misc]
    with pytest.raises(DataError) as error:
        Export().write(article, rows, "forgetful")
    assert error.value.values == {"count": 1, "text": TARGETS[3]}
