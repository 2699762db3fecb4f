"""What holds for every writer of the table."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.domain.article import Article, Block, Metadata, Segment
from workbench.domain.language import Span
from workbench.domain.ports import Writer
from workbench.domain.row import SEGMENT_STATES, Row
from workbench.formats import WRITERS
from workbench.formats.contents import missing_from, text_of

METADATA = Metadata("Заголовок <&>", "Иван Петров", "Время", "2026-11-25", "https://e.org/?a=1&b=2")


def article_of(*blocks: tuple[str, int, list[str]]) -> Article:
    made, n = [], 0
    for kind, level, sources in blocks:
        segments, position = [], 0
        for source in sources:
            n += 1
            segments.append(Segment(n, n, source, Span(position, position + len(source))))
            position += len(source) + 1
        made.append(Block(kind, " ".join(sources), level, tuple(segments)))  # type: ignore[arg-type]
    return Article(tuple(made), METADATA, id=7, name="a.txt")


ARTICLE = article_of(
    ("heading", 1, ["Заголовок <&>"]),
    ("paragraph", 0, ["Первое предложение.", "Второе <b>предложение</b> & ещё."]),
    ("heading", 2, ["Раздел"]),
    ("item", 0, ["Пункт."]),
    ("item", 1, ["Вложенный пункт."]),
    ("quote", 0, ["Цитата."]),
    ("paragraph", 0, ["Последнее предложение."]),
)
TARGETS = [
    "标题<&>",
    "第一句。",
    "第二句<b>加粗</b>&“引号”。",
    "小节",
    "一项。",
    "子项。",
    "引文。",
    "末句。",
]


def rows(targets: list[str] = TARGETS) -> list[Row]:
    return [
        Row(segment, target, SEGMENT_STATES[segment.n % len(SEGMENT_STATES)])
        for segment, target in zip(ARTICLE.segments, targets, strict=True)
    ]


@pytest.fixture(params=list(WRITERS))
def writer(request: pytest.FixtureRequest) -> Writer:
    return WRITERS.load(request.param)()


def test_every_target_stands_in_the_file_in_order(writer: Writer) -> None:
    assert missing_from(writer.write(ARTICLE, rows()), writer.suffix, TARGETS) == []


def test_a_missing_target_is_marked_never_silent(writer: Writer) -> None:
    targets = [*TARGETS[:2], " ", *TARGETS[3:]]
    text = text_of(writer.write(ARTICLE, rows(targets)), writer.suffix)
    if writer.name in {"docx", "html", "txt"}:
        assert "【Второе <b>предложение</b> & ещё.】" in text
    elif writer.name == "tmx":
        assert "Второе" not in text  # a memory holds pairs only
    else:
        assert "Второе <b>предложение</b> & ещё." in text


def test_the_same_article_gives_the_same_bytes(writer: Writer) -> None:
    assert writer.write(ARTICLE, rows()) == type(writer)().write(ARTICLE, rows())


def test_rows_may_come_in_any_order(writer: Writer) -> None:
    assert writer.write(ARTICLE, rows()[::-1]) == writer.write(ARTICLE, rows())


def test_name_suffix_and_media_type(writer: Writer) -> None:
    assert writer.name in WRITERS
    assert writer.suffix.startswith(".")
    assert "/" in writer.media_type


def test_the_file_is_well_formed(writer: Writer) -> None:
    data = writer.write(ARTICLE, rows())
    if writer.suffix == ".docx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(archive.read(name))
    elif writer.suffix in {".tmx", ".xliff"}:
        ElementTree.fromstring(data)
    else:
        data.decode("utf-8")


@given(targets=st.lists(st.text(min_size=1), min_size=len(TARGETS), max_size=len(TARGETS)))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
def test_whatever_a_person_types_is_written(writer: Writer, targets: list[str]) -> None:
    filled = [target for target in targets if target.strip()]
    data = writer.write(ARTICLE, rows(targets))
    assert missing_from(data, writer.suffix, [target.strip() for target in filled]) == []


def test_a_bare_article_is_written_too(writer: Writer) -> None:
    bare = replace(article_of(("paragraph", 0, ["Текст."])), metadata=Metadata(), name="", id=0)
    row = Row(bare.segments[0], "正文。", "confirmed")
    assert missing_from(writer.write(bare, [row]), writer.suffix, ["正文。"]) == []
