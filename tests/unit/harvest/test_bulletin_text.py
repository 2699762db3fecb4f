"""Lines into paragraphs: what goes on, what is furniture, and where each character stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.formats.bulletin_lines import joined
from workbench.formats.bulletin_text import read_bulletin

WRAPPED = """\
欧亚动态（中亚地区） 总第 7 期 2026 年 11 月期
本期第一句话写得很长很长，足以占满一整行，因此必须在这个地方折
断，接着写到第二行并且再占满一整行，然后又必须在这里折断再继续
写到第三行，这一行里有俄文（Институт водных проблем и научно-
исследовательский центр）和一个地址https://example.org/news/2026/
11/pervaya-novost.html，后面还有话说，所以这一行也不得不折断到
3
\f欧亚动态（中亚地区） 总第 7 期 2026 年 11 月期
https://example.org/news/2026/11/pervaya-novost.html
下一页的第一行。
小标题
第二段从这里开始，也写得很长很长，足以占满一整行，因此也必须在
这里折断。
4
"""


def test_wrapped_lines_are_joined_and_furniture_is_left_out() -> None:
    assert joined(WRAPPED).text.split("\n") == [
        "本期第一句话写得很长很长，足以占满一整行，因此必须在这个地方折断，接着写到第二行并且再占满"
        "一整行，然后又必须在这里折断再继续写到第三行，这一行里有俄文（Институт водных проблем и "
        "научно-исследовательский центр）和一个地址https://example.org/news/2026/11/"
        "pervaya-novost.html，后面还有话说，所以这一行也不得不折断到下一页的第一行。",
        "小标题",
        "第二段从这里开始，也写得很长很长，足以占满一整行，因此也必须在这里折断。",
    ]


def test_a_paragraph_a_line_stays_so() -> None:
    text = "题目\n第一段。\n小标题\n第二段（Россия）。\n[1] 《甲》（А），https://a.example/b-\nc"
    assert joined(text).text.split("\n") == [
        "题目",
        "第一段。",
        "小标题",
        "第二段（Россия）。",
        "[1] 《甲》（А），https://a.example/b-c",
    ]


def test_what_a_bracket_opened_goes_on_in_any_text() -> None:
    assert joined("专家谢尔盖·马尔科夫（Сергей\nМарков）认为").text == (
        "专家谢尔盖·马尔科夫（Сергей Марков）认为"
    )
    three = "《甲》（Заголовок, который\n\nпродолжается на\n\nследующей строке）"
    assert "\n" not in joined(three).text
    assert joined("（未闭合的一段\n下一段（Россия）").text.count("\n") == 1


def test_an_address_announced_twice_is_no_furniture() -> None:
    text = "[1] 《甲》（А），\nhttps://a.example/b\n[2] 《乙》（Б），\nhttps://a.example/b"
    assert joined(text).text.count("https://a.example/b") == 2


def test_justified_chinese_loses_its_spaces() -> None:
    assert joined("见 本 月 文 章 的 说 明").text == "见本月文章的说明"


PIECES = (
    *("本文编译", "继续", "。", "，", "（", "）", "Россия", "и", "https://a.example/b", "-c", "/d"),
    *("3", "\n", "\n\n", "\r\n", " \f", "[1]", "总第3期", "甲", "乙 ", "«».", " "),
)


@given(st.lists(st.sampled_from(PIECES), max_size=80).map("".join))
def test_places_lead_back(text: str) -> None:
    found = joined(text)
    assert len(found.places) == len(found.text)
    previous = -1
    for character, place in zip(found.text, found.places, strict=True):
        assert place >= previous
        if not character.isspace():
            assert text[place] == character
            assert place > previous or previous == -1
        previous = place


def test_what_cannot_be_read() -> None:
    for data, name, key in [
        (b"", "a.txt", "formats.empty"),
        (b" \n ", "a.txt", "formats.empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "a.txt", "formats.not_text"),
        (bytes(range(256)) * 20, "a.txt", "formats.unknown_encoding"),
        (b"\x7fELF\x02\x01" + bytes(900), "a.txt", "formats.not_text"),
        (b"PK\x03\x04 broken", "a.docx", "formats.broken_docx"),
        (b"%PDF-1.7 broken", "a.pdf", "harvest.broken_pdf"),
    ]:
        with pytest.raises(InputError) as caught:
            read_bulletin(data, name)
        assert caught.value.key == key, name
