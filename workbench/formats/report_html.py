"""A report as one self-contained page: no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from workbench.domain.report import Cell, Chart, Marked, Part, Report, Section, Table
from workbench.formats.charts import svg

MEDIA_TYPE = "text/html; charset=utf-8"
_LANGUAGES = {"zh": "zh-CN", "ru": "ru", "en": "en"}
STYLE = """
:root{color-scheme:light}
body{max-width:62rem;margin:2.5rem auto;padding:0 1.5rem;line-height:1.6;color:#1a1a1a;
background:#fff;font-family:system-ui,"Noto Sans","Noto Sans CJK SC","PingFang SC",
"Microsoft YaHei",sans-serif;font-size:15px}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 1rem}
h2{font-size:1.2rem;margin:2.2rem 0 .6rem;padding-top:.8rem;border-top:1px solid #ddd}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.2rem;margin:0}
dt{color:#595959}dd{margin:0;overflow-wrap:anywhere}
.wide{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;width:100%;font-size:.92em}
caption{text-align:left;font-weight:600;padding:.2rem 0 .4rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #e2e2e2;
overflow-wrap:break-word}
th{border-bottom:2px solid #8a8a8a;font-weight:600}
table.set{table-layout:fixed}table.set td{overflow-wrap:anywhere}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
figure{margin:1.2rem 0}figcaption{font-weight:600;margin-bottom:.3rem}
svg{max-width:100%;height:auto}svg text{font-family:inherit!important}
ins{background:#d8f0dc;text-decoration:none}del{background:#fbdcd7}
mark{background:#fff0b3;color:inherit}mark.number{background:#dfe9fb}mark.error{background:#fbdcd7}
code{font-size:.92em;overflow-wrap:anywhere}
@media print{body{margin:0;max-width:none;font-size:10.5pt}tr,figure{break-inside:avoid}}
"""


def write_html(report: Report) -> bytes:
    """Return the page in UTF-8."""
    language = _LANGUAGES.get(report.language, "en")
    lines = [
        "<!doctype html>",
        f'<html lang="{language}">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(report.title)}</title>",
        f"<style>{STYLE}</style></head>",
        f"<body><main><h1>{escape(report.title)}</h1>",
        "<dl>",
        *(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in report.facts),
        "</dl>",
        *(line for section in report.sections for line in _section(section.heading, section.parts)),
        "</main></body></html>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def fragment(sections: Iterable[Section]) -> str:
    """Return sections alone, for a page that has a frame and a style of its own.

    Every text is escaped.
    """
    return "\n".join(
        line for section in sections for line in _section(section.heading, section.parts)
    )


def _section(heading: str, parts: tuple[Part, ...]) -> Iterator[str]:
    yield f"<section><h2>{escape(heading)}</h2>"
    for part in parts:
        if isinstance(part, Table):
            yield from _table(part)
        elif isinstance(part, Chart):
            yield f"<figure><figcaption>{escape(part.title)}</figcaption>{svg(part)}</figure>"
        else:
            yield f"<p>{escape(part)}</p>"
    yield "</section>"


def _table(table: Table) -> Iterator[str]:
    kinds = [' class="n"' if n in table.numeric else "" for n in range(len(table.columns))]
    kind = ' class="set"' if table.widths else ""
    yield f'<div class="wide" tabindex="0"><table{kind}>'
    if table.caption:
        yield f"<caption>{escape(table.caption)}</caption>"
    if table.widths:
        whole = sum(table.widths)
        shares = (f'<col style="width:{width / whole:.1%}">' for width in table.widths)
        yield f"<colgroup>{''.join(shares)}</colgroup>"
    heads = zip(kinds, table.columns, strict=True)
    yield (
        "<thead><tr>"
        + "".join(f"<th{k}>{escape(name)}</th>" for k, name in heads)
        + "</tr></thead>"
    )
    yield "<tbody>"
    for row in table.rows:
        cells = zip(kinds, row, strict=True)
        yield "<tr>" + "".join(f"<td{kind}>{_cell(cell)}</td>" for kind, cell in cells) + "</tr>"
    yield "</tbody></table></div>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Marked):
        return "".join(_stretches(cell))
    return escape(cell)


def _stretches(cell: Marked) -> Iterator[str]:
    done = 0
    for start, end, mark in cell.marks:
        yield escape(cell.text[done:start])
        text = escape(cell.text[start:end])
        if mark == "removed":
            yield f"<del>{text}</del>"
        elif mark == "added":
            yield f"<ins>{text}</ins>"
        else:
            yield f'<mark class="{mark}">{text}</mark>'
        done = end
    yield escape(cell.text[done:])
