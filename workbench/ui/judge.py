"""The judges' page. Plain HTML around our own modules; which system made a text is not in it."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from workbench.ui.strings import language_of, say

router = APIRouter(include_in_schema=False)

SHEETS = ("tokens", "page", "workspace", "grid", "panel", "judge")
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="/wb/language.js"></script>{sheets}</head>
<body class="wb-judge-page"><header class="wb-top"></header>
<main class="wb wb-judge" data-testid="judge"></main>
<script type="module">
import {{mount as top}} from '/wb/header.js';
import {{mount}} from '/wb/judge.js';
top(document.querySelector('.wb-top'));
mount(document.querySelector('main'));
</script></body></html>"""


@router.get("/judge")
def judge_page(request: Request) -> Response:
    """Show the page to who is signed in; what they may judge the API decides."""
    language = language_of(request)
    sheets = "".join(f'<link rel="stylesheet" href="/wb/{name}.css">' for name in SHEETS)
    title = escape(say("judge.title", language))
    return HTMLResponse(PAGE.format(language=language, title=title, sheets=sheets))
