"""Taking articles in: cleaned, cut, titled; each bad input one clear sentence."""

from __future__ import annotations

import io
import random
import zipfile
from contextlib import suppress

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.article import Article, Metadata
from workbench.errors import InputError, TooLarge
from workbench.languages.russian import CYRILLIC, normalise
from workbench.messages import LANGUAGES
from workbench.services.intake import Intake

SENTENCES = ("Токаев прибыл в Бишкек.", "«Мы готовы», — сказал он.", "Визит продлится два дня.")
TEXT = f"Визит Токаева\n\n{SENTENCES[0]} {SENTENCES[1]}\n\n{SENTENCES[2]}\n"


def rebuilt(article: Article) -> None:
    """Assert that numbers run through and spans rebuild each block."""
    assert [segment.n for segment in article.segments] == [
        *range(1, len(article.segments) + 1),
    ]
    for block in article.blocks:
        position = 0
        for segment in block.segments:
            assert segment.id == segment.n
            assert segment.span.of(block.text) == segment.source
            assert not block.text[position : segment.span.start].strip()
            position = segment.span.end
        assert not block.text[position:].strip()


def test_a_file_is_cut_into_numbered_segments() -> None:
    article = Intake().read(TEXT.encode("cp1251"), "визит.txt")
    assert [segment.source for segment in article.segments] == ["Визит Токаева", *SENTENCES]
    assert [block.kind for block in article.blocks] == ["heading", "paragraph", "paragraph"]
    assert (article.name, article.metadata.title) == ("визит.txt", "Визит Токаева")
    rebuilt(article)


def letters(text: str) -> str:
    return "".join(CYRILLIC.findall(normalise(text)))


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(max_size=40), st.sampled_from([*SENTENCES, "\n", "\n\n", "• "]))))
def test_no_letter_of_a_pasted_text_is_lost(parts: list[str]) -> None:
    text = "".join([SENTENCES[2], *parts])
    with suppress(InputError):  # not enough of it is Russian
        article = Intake().paste(text)
        rebuilt(article)
        assert letters(" ".join(segment.source for segment in article.segments)) == letters(text)


def test_what_a_person_says_counts_before_what_the_text_says() -> None:
    text = f"Автор: Пётр Иванов\nДата: 20.11.2026\n\n{SENTENCES[0]}"
    article = Intake().paste(text, Metadata(author="Анна Ли"))
    assert article.metadata == Metadata(author="Анна Ли", date="2026-11-20")
    assert Intake().read(text.encode(), "a.txt", Metadata(author="Анна Ли")).metadata == (
        article.metadata
    )


def test_a_title_known_only_as_metadata_is_translated_too() -> None:
    article = Intake().paste(SENTENCES[0], Metadata(title="Визит\u00a0Токаева"))
    first = article.blocks[0]
    assert (first.kind, first.level, first.text) == ("heading", 1, "Визит Токаева")
    again = Intake().paste(TEXT, Metadata(title="Визит Токаева"))
    assert [block.text for block in again.blocks].count("Визит Токаева") == 1


def test_invisible_characters_and_spaces_are_cleaned() -> None:
    article = Intake().paste("Ток\u00adаев\u200b прибыл\u00a0в\u202fБишкек. Жапа\u0301ров ждал.")
    assert [segment.source for segment in article.segments] == [
        "Токаев прибыл в Бишкек.",
        "Жапаров ждал.",
    ]


def test_two_line_breaks_inside_a_paragraph_part_it() -> None:
    first = " ".join([SENTENCES[0]] * 12)
    page = f"<html><body><article><p>{first}<br><br>{SENTENCES[2]}<br>{SENTENCES[1]}</p>"
    article = Intake().read(f"{page}</article></body></html>".encode(), "a.html")
    texts = [first, f"{SENTENCES[2]} {SENTENCES[1]}"]
    assert [block.text for block in article.blocks] == texts


def test_one_line_of_200_000_characters_is_taken_whole() -> None:
    text = ("Министр заявил, что договор будет подписан, однако стороны не спешат, " * 3000)[
        :200_000
    ]
    article = Intake().read(text.encode(), "a.txt")
    assert " ".join(segment.source for segment in article.segments) == text.strip()
    assert max(len(segment.source) for segment in article.segments) <= 700


def document(text: str) -> bytes:
    made = docx.Document()
    made.add_paragraph(text)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(21):
            archive.writestr(f"word/{n}.xml", bytes(10 * 2**20))
    return stream.getvalue()


BAD = {
    "unknown suffix": (b"text", "a.pdf", "formats.unknown_suffix"),
    "no suffix": (b"text", "article", "formats.unknown_suffix"),
    "empty": (b"", "a.txt", "formats.empty"),
    "white space": (b" \r\n\t ", "a.txt", "formats.empty"),
    "white space in UTF-16": ("\ufeff \n ".encode("utf-16-le"), "a.txt", "formats.empty"),
    "binary": (b"\x89PNG\r\n\x1a\n" + bytes(99), "a.txt", "formats.not_text"),
    "program": (bytes(range(32)) * 50, "a.md", "formats.not_text"),
    "noise": (random.Random(3).randbytes(9999), "a.html", "formats.unknown_encoding"),
    "50 MB": (b"a" * (50 * 2**20), "a.txt", "intake.too_many_bytes"),
    "2,000,001 characters": (b"\xd1\x8b" * 2_000_001, "a.txt", "intake.too_many_characters"),
    "broken zip": (document(SENTENCES[0])[:-500], "a.docx", "formats.broken_docx"),
    "zip bomb": (bomb(), "a.docx", "formats.swollen_docx"),
    "old .doc": (b"\xd0\xcf\x11\xe0" + bytes(99), "a.docx", "formats.old_or_locked_docx"),
    "wrong encoding": ("总统抵达比什凯克。".encode("gb18030"), "a.txt", "formats.unknown_encoding"),
    "damaged UTF-8": (TEXT.encode() + b"\xd0", "a.txt", "formats.damaged"),
    "Chinese": ("总统抵达比什凯克。".encode(), "a.txt", "intake.not_russian"),
    "Latin": (b"The president arrived in Bishkek.", "a.txt", "intake.not_russian"),
    "numbers": (b"12 345, 67%", "a.md", "intake.not_russian"),
    "Latin document": (document("The president arrived."), "a.docx", "intake.not_russian"),
    "empty document": (document(""), "a.docx", "formats.empty"),
    "page without text": (
        b"<html><body><nav>a</nav></body></html>",
        "a.html",
        "formats.no_main_text",
    ),
    "menu in Markdown": (b"---\ntitle: a\n---\n", "a.md", "formats.empty"),
}


@pytest.mark.parametrize("case", BAD)
def test_each_bad_input_is_one_clear_sentence_with_a_remedy(case: str) -> None:
    data, name, key = BAD[case]
    with pytest.raises(InputError) as error:
        Intake().read(data, name)
    assert error.value.key == key
    assert isinstance(error.value, TooLarge) == (key.split(".")[1][:3] in {"too", "swo"})
    for language in LANGUAGES:
        problem, remedy = error.value.say(language)
        assert problem
        assert remedy
        assert "\n" not in problem + remedy


@pytest.mark.parametrize("text", ["", " \n ", "\u00a0"])
def test_nothing_pasted(text: str) -> None:
    with pytest.raises(InputError) as error:
        Intake().paste(text)
    assert error.value.key == "intake.nothing_pasted"
