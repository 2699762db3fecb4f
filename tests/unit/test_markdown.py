"""Markdown and its front matter."""

from __future__ import annotations

import pytest

from workbench.domain.article import Metadata
from workbench.formats.markdown import MarkdownReader


def blocks(text: str) -> list[tuple[str, int, str]]:
    article = MarkdownReader().read(text.encode(), "a.md")
    return [(block.kind, block.level, block.text) for block in article.blocks]


def test_front_matter() -> None:
    text = (
        "---\ntitle: «Заголовок»: часть 1\nauthor: 'Иван Петров'\nsource: Время\n"
        "date: 25 ноября 2026\nurl: https://e.org/a#b\ntags: [a, b]\n---\n\nТекст.\n"
    )
    article = MarkdownReader().read(text.encode("utf-8-sig"), "a.md")
    assert article.metadata == Metadata(
        "«Заголовок»: часть 1", "Иван Петров", "Время", "2026-11-25", "https://e.org/a#b"
    )
    assert [block.text for block in article.blocks] == ["Текст."]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends(line_end: str) -> None:
    text = line_end.join(["---", "title: Т", "---", "# Т", "", "Раз", "два.", ""])
    article = MarkdownReader().read(text.encode(), "a.md")
    assert article.metadata.title == "Т"
    assert [block.text.split() for block in article.blocks] == [["Т"], ["Раз", "два."]]


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert blocks("---\n\nТекст.\n") == [("paragraph", 0, "Текст.")]


def test_the_first_heading_is_the_title() -> None:
    article = MarkdownReader().read("# Главное\n\nТекст.\n\n# Второе\n".encode(), "a.md")
    assert article.metadata.title == "Главное"


def test_blocks() -> None:
    text = """
Заголовок
=========

### Раздел *важный*

Абзац с **жирным**, `кодом < >`, [ссылкой](http://e.org "т"), ![картой](k.png), &laquo;&amp;&raquo;.
Вторая строка\\
третья \\*не курсив\\* 5 < 7 <b>тег</b>.

1. Первый
   - вложенный

     абзац пункта
2. Второй

> Цитата.
>
> - пункт цитаты

```
код остаётся
```

| Страна | Объём |
|---|---|
| Казахстан | 27,8 |

<div>Блок <b>разметки</b></div>

---
"""
    assert blocks(text) == [
        ("heading", 1, "Заголовок"),
        ("heading", 3, "Раздел важный"),
        (
            "paragraph",
            0,
            "Абзац с жирным, кодом < >, ссылкой, картой, «&».\n"
            "Вторая строка\nтретья *не курсив* 5 < 7 тег.",
        ),
        ("item", 0, "Первый"),
        ("item", 1, "вложенный"),
        ("item", 1, "абзац пункта"),
        ("item", 0, "Второй"),
        ("quote", 0, "Цитата."),
        ("item", 0, "пункт цитаты"),
        ("paragraph", 0, "код остаётся"),
        ("paragraph", 0, "Страна"),
        ("paragraph", 0, "Объём"),
        ("paragraph", 0, "Казахстан"),
        ("paragraph", 0, "27,8"),
        ("paragraph", 0, "Блок разметки"),
    ]
