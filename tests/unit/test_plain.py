"""Plain text: what is read out of a file that has no marks."""

from __future__ import annotations

import pytest

from workbench.domain.article import Metadata
from workbench.formats.dates import iso_date
from workbench.formats.plain import read_text

LONG = (
    "Президент Казахстана прибыл в Бишкек с официальным визитом и провёл переговоры, "
    "которые длились больше трёх часов. Стороны подписали девять документов."
)


def shape(text: str) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, block.text) for block in read_text(text).blocks]


def test_title_headings_and_paragraphs() -> None:
    text = f"Токаев в Бишкеке\n\n{LONG}\n\nЧто решили\n\n{LONG}\n{LONG}\n"
    assert shape(text) == [
        ("heading", 1, "Токаев в Бишкеке"),
        ("paragraph", 0, LONG),
        ("heading", 2, "Что решили"),
        ("paragraph", 0, LONG),
        ("paragraph", 0, LONG),
    ]
    assert read_text(text).metadata.title == "Токаев в Бишкеке"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85"])
def test_every_line_end_ends_a_line(line_end: str) -> None:
    assert [kind for kind, _, _ in shape(f"Заголовок{line_end}{LONG}{line_end}{LONG}")] == [
        "heading",
        "paragraph",
        "paragraph",
    ]


def test_a_text_broken_at_a_fixed_width_is_joined_again() -> None:
    import textwrap

    text = "\n\n".join("\n".join(textwrap.wrap(f"{LONG} {LONG}", 70)) for _ in range(2))
    assert shape(text) == [("paragraph", 0, f"{LONG} {LONG}")] * 2


def test_one_paragraph_a_line_is_not_joined() -> None:
    assert shape(f"{LONG}\n{LONG}") == [("paragraph", 0, LONG)] * 2


def test_short_sentences_and_speech_are_not_headings() -> None:
    text = f"{LONG}\nТак и вышло.\n{LONG}\n— Кто здесь\n{LONG}\nОн сказал: да\n"
    kinds = [kind for kind, _, _ in shape(text)]
    assert kinds[:4] == ["paragraph"] * 4


def test_bullets_are_items_and_dashes_stay() -> None:
    text = f"{LONG}\n• первый пункт\n* второй пункт\n— Нет, — ответил он.\n1. Граница.\n"
    assert shape(text)[1:] == [
        ("item", 0, "первый пункт"),
        ("item", 0, "второй пункт"),
        ("paragraph", 0, "— Нет, — ответил он."),
        ("paragraph", 0, "1. Граница."),
    ]


def test_facts_before_and_after_the_text_are_metadata() -> None:
    text = (
        "Токаев в Бишкеке\n25 ноября 2026 года, 14:30\nАвтор: Иван Петров\n\n"
        f"{LONG}\n\nИсточник: Время Востока\nhttps://example.org/a?b=1&c=2\n"
    )
    article = read_text(text)
    assert article.metadata == Metadata(
        "Токаев в Бишкеке",
        "Иван Петров",
        "Время Востока",
        "2026-11-25",
        "https://example.org/a?b=1&c=2",
    )
    assert [block.text for block in article.blocks] == ["Токаев в Бишкеке", LONG]


def test_what_only_looks_like_a_fact_stays_in_the_text() -> None:
    text = (
        f"{LONG}\nИсточник: в правительстве подтвердили встречу. Подробностей нет.\n{LONG}\n"
        + f"{LONG}\n" * 8
        + "Автор: неизвестен\n"
        + f"{LONG}\n" * 8
    )
    article = read_text(text)
    assert article.metadata == Metadata()
    assert "Источник: в правительстве" in article.blocks[1].text
    assert any(block.text == "Автор: неизвестен" for block in article.blocks)


def test_a_text_of_facts_alone_is_kept_as_text() -> None:
    article = read_text("25 ноября 2026\nhttps://example.org/")
    assert [block.text for block in article.blocks] == ["25 ноября 2026", "https://example.org/"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("25 ноября 2026", "2026-11-25"),
        ("1 мая 2024 г.", "2024-05-01"),
        ("9 марта 2025 года", "2025-03-09"),
        ("25.11.2026", "2026-11-25"),
        ("25.11.2026, 10:15", "2026-11-25"),
        ("2026-11-25T10:15:00+06:00", "2026-11-25"),
        ("2026-11-25", "2026-11-25"),
        ("31 февраля 2026", ""),
        ("25 ноября", ""),
        ("5 мая 2024 г. вступил в силу договор", ""),
        ("маяк 2024", ""),
        ("", ""),
    ],
)
def test_dates(text: str, date: str) -> None:
    assert iso_date(text) == date


def test_every_month_is_known() -> None:
    months = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    dates = [iso_date(f"7 {month} 2026") for month in months.split()]
    assert dates == [f"2026-{n:02}-07" for n in range(1, 13)]
