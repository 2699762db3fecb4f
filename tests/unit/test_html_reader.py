"""Web pages: main text and metadata, without what stands around them."""

from __future__ import annotations

import pytest

from workbench.domain.article import Metadata
from workbench.errors import InputError
from workbench.formats.html_reader import HtmlReader

LEAD = "Президент Казахстана прибыл в Бишкек с официальным визитом и провёл там переговоры. " * 3
BODY = "Стороны обсудили торговлю & тарифы, а также границу между странами. " * 4
PAGE = """<!DOCTYPE html>
<html lang="ru"><head><meta charset="{charset}">
<title>Токаев прибыл в Бишкек — Новости Востока</title>
<meta property="og:title" content="Токаев прибыл в Бишкек">
<meta property="og:site_name" content="Новости Востока">
<meta name="author" content="Иван Петров">
<meta property="article:published_time" content="2026-11-20T10:00:00+06:00">
<link rel="canonical" href="https://news.example.org/a/1">
<style>p {{ color: red }}</style><script>var x = "скрипт не текст";</script></head>
<body><nav><ul><li><a href="/">Главная</a></li><li><a href="/p">Политика</a></li></ul></nav>
<header>Реклама: купите наших слонов</header>
<main><article><h1>Токаев прибыл в Бишкек</h1><p>{lead}</p>
<h2>Подробности &lt;важно&gt;</h2><p>{body}<br>Вторая строка.</p>
<ul><li>Первый пункт соглашения, о котором договорились стороны.</li>
<li>Второй пункт соглашения.<ul><li>Вложенный пункт.</li></ul></li></ul>
<blockquote><p>Длинная цитата из выступления президента.</p></blockquote>
<table><tr><td>Казахстан</td><td>27,8</td></tr></table>
<div class="related"><a href="/x">Читайте также: другой материал</a></div></article></main>
<aside>Самое читаемое: одно, другое</aside>
<footer>© Все права защищены. Подписывайтесь на нас</footer></body></html>"""


def page(charset: str) -> bytes:
    html = PAGE.format(charset=charset, lead=LEAD, body=BODY.replace("&", "&amp;"))
    return html.encode(charset, errors="xmlcharrefreplace")


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r"])
def test_main_text_and_metadata(charset: str) -> None:
    article = HtmlReader().read(page(charset), "page.html")
    assert article.metadata == Metadata(
        "Токаев прибыл в Бишкек",
        "Иван Петров",
        "Новости Востока",
        "2026-11-20",
        "https://news.example.org/a/1",
    )
    blocks = [(block.kind, block.level, " ".join(block.text.split())) for block in article.blocks]
    assert blocks == [
        ("heading", 1, "Токаев прибыл в Бишкек"),
        ("paragraph", 0, LEAD.strip()),
        ("heading", 2, "Подробности <важно>"),
        ("paragraph", 0, f"{BODY}Вторая строка."),
        ("item", 0, "Первый пункт соглашения, о котором договорились стороны."),
        ("item", 0, "Второй пункт соглашения."),
        ("item", 1, "Вложенный пункт."),
        ("quote", 0, "Длинная цитата из выступления президента."),
        ("paragraph", 0, "Казахстан"),
        ("paragraph", 0, "27,8"),
    ]


def test_a_short_paragraph_in_bold_is_a_heading() -> None:
    html = (
        f"<article><h1>Заголовок</h1><p>{LEAD}</p><p><b>Что дальше</b></p><p>{BODY}</p>"
        f"<p><strong>Важно:</strong> {LEAD}</p><p><b>{BODY}</b></p></article>"
    )
    article = HtmlReader().read(html.encode(), "page.html")
    kinds = [(block.kind, block.level) for block in article.blocks]
    text = ("paragraph", 0)
    assert kinds == [("heading", 1), text, ("heading", 2), text, text, text]


@pytest.mark.parametrize(
    "page",
    [
        "<div class='text'>{0}<br><br>{1}<br/> <br/>{2}<br>{3}</div>",
        "<table><tr><td>{0}<br><br>{1}<br><br>{2}<br>{3}</td></tr></table>",
        "<article><p><span>{0}<br><br>{1}</span></p><p>{2}<br>{3}</p></article>",
        "<article><ul><li>{0}</li></ul><p>{1}</p><p><i>{2}<br>{3}</i></p></article>",
    ],
)
def test_old_pages_without_paragraphs(page: str) -> None:
    texts = [f"{LEAD}Раз.", f"{BODY.replace('& ', '')}Два.", "Третий абзац.", "Вторая строка."]
    article = HtmlReader().read(page.format(*texts).encode(), "page.html")
    found = [" ".join(block.text.split()) for block in article.blocks]
    assert found == [texts[0], texts[1], f"{texts[2]} {texts[3]}"]


def test_an_xhtml_page_with_its_encoding_in_the_xml_declaration() -> None:
    html = f'<?xml version="1.0" encoding="windows-1251"?><html><body><p>{LEAD}</p></body></html>'
    article = HtmlReader().read(html.encode("cp1251"), "page.xhtml")
    assert [block.text for block in article.blocks] == [LEAD.strip()]


def test_a_wrong_declared_charset_does_not_spoil_utf8() -> None:
    html = page("utf-8").replace(b'charset="utf-8"', b'charset="windows-1251"')
    assert HtmlReader().read(html, "page.html").metadata.author == "Иван Петров"


@pytest.mark.parametrize(
    ("html", "key"),
    [
        ("", "formats.empty"),
        ("<html><head><title>Пусто</title></head><body></body></html>", "formats.no_main_text"),
        ('<nav><a href="1">Главная</a> <a href="2">Политика</a></nav>', "formats.no_main_text"),
        ("Просто текст без единого тега. " * 10, "formats.not_html"),
        ("<div>" * 5000 + "Текст статьи. " * 50 + "</div>" * 5000, "formats.no_main_text"),
    ],
)
def test_pages_without_an_article(html: str, key: str) -> None:
    with pytest.raises(InputError) as error:
        HtmlReader().read(html.encode(), "page.html")
    assert error.value.key == key


def test_the_extractor_keeps_quiet(caplog: pytest.LogCaptureFixture) -> None:
    """An error is two lines of ours on stderr, not a library's log."""
    with pytest.raises(InputError):
        HtmlReader().read(b"<html><body></body></html>", "page.html")
    assert not caplog.records
