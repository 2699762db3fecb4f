"""How the glossary's things are shown: states as coloured words, times, counts, rows of tables.

What a person typed only ever goes into tables of plain text and text fields: Gradio's Markdown and
HTML would run it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from workbench.domain.term import Term
from workbench.ui.handlers import table
from workbench.ui.strings import say

STATUS_COLOURS = {
    "approved": "var(--wb-good)",
    "proposed": "var(--wb-warn)",
    "deprecated": "var(--wb-soft)",
    "forbidden": "var(--wb-bad)",
}


def status_word(status: str, request: gr.Request) -> str:
    """Return a state in the user's language."""
    return say(
        "glossary.forbidden_status" if status == "forbidden" else f"glossary.{status}", request
    )


def coloured(
    request: gr.Request,
    headers: Sequence[str],
    rows: Sequence[Sequence[Any]],
    colours: Mapping[int, Sequence[str]],
) -> Any:
    """Return a table's value whose column *n* is written in the colours ``colours[n]``."""
    styling = [
        [f"color: {colours[n][line]}" if n in colours else "" for n in range(len(row))]
        for line, row in enumerate(rows)
    ]
    return {**table(request, headers, rows), "metadata": {"styling": styling}}


def moment(stored: str) -> str:
    """Return a stored time to the minute."""
    return stored[:16].replace("T", " ")


def dates(term: Term) -> str:
    """Return the days on which an entry holds, empty when it always does."""
    if not term.valid_from and not term.valid_to:
        return ""
    return f"{term.valid_from}–{term.valid_to}"


def named(term: Term) -> str:
    """Return an entry as one line."""
    return f"{term.source} → {term.target}"


def counted(counts: Mapping[str, int], section: str, request: gr.Request) -> str:
    """Return counts by kind as text: «drafted 3 · edited 1»."""
    parts = [f"{say(f'{section}.{kind}', request)} {n}" for kind, n in counts.items() if n]
    return " · ".join(parts) or "0"


def several(text: str) -> tuple[str, ...]:
    """Return the forms of a field where semicolons part them."""
    parts = text.replace("；", ";").replace("\n", ";").split(";")
    return tuple(part.strip() for part in parts if part.strip())


def page_shown(request: gr.Request, key: str, total: int, number: int, pages: int) -> list[Any]:
    """Return what stands under a list in pages: the line of words *key*, the page, both buttons."""
    return [
        say(key, request, count=total, page=number, pages=pages),
        number,
        gr.Button(interactive=number > 1),
        gr.Button(interactive=number < pages),
    ]


def paged(page: float | None, total: int, size: int) -> tuple[int, int]:
    """Return (page, how many pages) with the page brought within them."""
    pages = max(1, -(-total // size))
    return min(max(int(page or 1), 1), pages), pages
