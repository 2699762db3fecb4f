"""A web page of the Chinese text: one file, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from workbench.domain.article import Article
from workbench.domain.row import Row
from workbench.formats.composition import Paragraph, compose, source_note, title_of

STYLE = (
    "body{max-width:42em;margin:2em auto;padding:0 1em;line-height:1.8;color:#111;background:#fff;"
    'font-family:"Songti SC","SimSun","Noto Serif CJK SC",serif}'
    'h1,h2,h3,h4,h5,h6{font-family:"Heiti SC","SimHei","Noto Sans CJK SC",sans-serif}'
    "h1{text-align:center}p{text-indent:2em;margin:.6em 0}footer{margin-top:2em;color:#444}"
    "footer p{text-indent:0;margin:.2em 0}mark{background:#ff9}"
)


class HtmlWriter:
    """Writes one self-contained page."""

    name = "html"
    suffix = ".html"
    media_type = "text/html; charset=utf-8"

    def write(self, article: Article, rows: Sequence[Row]) -> bytes:
        """Return the page in UTF-8; the source of an untranslated segment stands marked in 【】."""
        body = ["<article>", *_body(compose(article, rows)), "</article>", *_footer(article)]
        return whole_page(title_of(article, rows), STYLE, body)


def whole_page(title: str, style: str, body: Sequence[str]) -> bytes:
    """Return a self-contained Chinese page around lines of HTML."""
    lines = [
        "<!doctype html>",
        '<html lang="zh-CN">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        f"<style>{style}</style></head>",
        "<body>",
        *body,
        "</body></html>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _body(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    for kind, group in groupby(paragraphs, key=lambda paragraph: paragraph.kind):
        if kind == "item":
            yield from _list(list(group))
            continue
        for paragraph in group:
            text = _text(paragraph)
            if kind == "heading":
                level = min(max(paragraph.level, 1), 6)
                yield f"<h{level}>{text}</h{level}>"
            elif kind == "quote":
                yield f"<blockquote><p>{text}</p></blockquote>"
            else:
                yield f"<p>{text}</p>"


def _list(items: Sequence[Paragraph]) -> Iterator[str]:
    depth = -1
    for item in items:
        while depth < item.level:
            yield "<ul>"
            depth += 1
        while depth > item.level:
            yield "</ul>"
            depth -= 1
        yield f"<li>{_text(item)}</li>"
    yield from ["</ul>"] * (depth + 1)


def _text(paragraph: Paragraph) -> str:
    return "".join(
        escape(text) if translated else f'<mark lang="ru">{escape(text)}</mark>'
        for text, translated in paragraph.parts
    )


def _footer(article: Article) -> Iterator[str]:
    note = source_note(article)
    if note:
        yield "<footer>"
        yield from (f"<p>{escape(line)}</p>" for line in note)
        yield "</footer>"
