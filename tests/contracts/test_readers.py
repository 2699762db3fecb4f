"""What holds for every reader of the table."""

from __future__ import annotations

import io
from contextlib import suppress

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.domain.ports import Reader
from workbench.errors import InputError
from workbench.formats import READERS, reader_for
from workbench.languages.russian import normalise

HEADING = "Что решили стороны"
PARAGRAPHS = (
    "Президент Казахстана прибыл в Бишкек с официальным визитом и провёл там переговоры.",
    "Знаки разметки остаются: 5 < 7 > 3, A&B, 100 %, «кавычки», [скобки] и (С. В. Лавров).",
    "Товарооборот достиг 27,8 млрд долл. США, сообщил министр. «Это рекорд!» — заявил он.",
)


def as_plain() -> bytes:
    return f"{PARAGRAPHS[0]}\n\n{HEADING}\n\n{PARAGRAPHS[1]}\n\n{PARAGRAPHS[2]}\n".encode()


def as_html() -> bytes:
    from html import escape

    first, *rest = (f"<p>{escape(text)}</p>" for text in PARAGRAPHS)
    body = f"{first}<h2>{HEADING}</h2>{''.join(rest)}"
    return f"<html><meta charset=utf-8><body><article>{body}</article></body></html>".encode()


def as_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph(PARAGRAPHS[0])
    document.add_heading(HEADING, level=2)
    for text in PARAGRAPHS[1:]:
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_markdown() -> bytes:
    second = PARAGRAPHS[1].replace("[", r"\[").replace("<", r"\<").replace("&", "&amp;")
    return f"{PARAGRAPHS[0]}\n\n## {HEADING}\n\n{second}\n\n{PARAGRAPHS[2]}\n".encode()


FILES = {"plain": as_plain, "html": as_html, "docx": as_docx, "markdown": as_markdown}


@pytest.fixture(params=list(READERS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reader(name: str) -> Reader:
    return READERS.load(name)()


def suffix(reader: Reader) -> str:
    return min(reader.suffixes)


def test_every_reader_has_a_file_in_this_suite() -> None:
    assert set(FILES) == set(READERS)


def test_text_headings_and_markup_characters_survive(name: str, reader: Reader) -> None:
    article = reader.read(FILES[name](), f"a{suffix(reader)}")
    blocks = [(block.kind, normalise(block.text)) for block in article.blocks]
    assert blocks == [
        ("paragraph", PARAGRAPHS[0]),
        ("heading", HEADING),
        ("paragraph", PARAGRAPHS[1]),
        ("paragraph", PARAGRAPHS[2]),
    ]


def test_blocks_are_not_cut_and_the_name_is_kept(name: str, reader: Reader) -> None:
    article = reader.read(FILES[name](), f"a{suffix(reader)}")
    assert article.name == f"a{suffix(reader)}"
    assert not article.segments


def test_suffixes_lead_to_the_reader_in_any_case(reader: Reader) -> None:
    for each in reader.suffixes:
        assert each == each.lower()
        assert each.startswith(".")
        assert type(reader_for(f"C:\\статьи\\Статья.v2{each.upper()}")) is type(reader)


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"\xef\xbb\xbf"])
def test_nothing_is_one_clear_error(reader: Reader, data: bytes) -> None:
    with pytest.raises(InputError) as error:
        reader.read(data, f"a{suffix(reader)}")
    for language in ("en", "zh", "ru"):
        assert all(error.value.say(language))


@given(data=st.binary(max_size=300))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
def test_any_bytes_are_an_article_or_one_clear_error(reader: Reader, data: bytes) -> None:
    with suppress(InputError):
        article = reader.read(data, f"a{suffix(reader)}")
        assert all(block.text for block in article.blocks)
