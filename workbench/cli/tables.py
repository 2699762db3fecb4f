"""Rows of a verb's answer: under headings on a terminal, tab-separated anywhere else."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence

import typer


def show(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows; on a terminal in columns under *headings*, else for programs to read.

    A row may be shorter than the headings, or longer by remarks. Nothing is printed for no rows.
    """
    texts = [tuple(map(str, row)) for row in rows]
    if not texts:
        return
    if not sys.stdout.isatty():
        for row in texts:
            typer.echo("\t".join(row))
        return
    texts.insert(0, tuple(headings))
    count = max(map(len, texts))
    widths = [max(_cells(row[n]) if n < len(row) else 0 for row in texts) for n in range(count)]
    for number, row in enumerate(texts):
        line = "  ".join(
            cell + " " * (widths[n] - _cells(cell)) for n, cell in enumerate(row)
        ).rstrip()
        typer.echo(typer.style(line, bold=True) if number == 0 else line)


def _cells(text: str) -> int:
    """Return the columns that a terminal gives a text: two for a Chinese character."""
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )
