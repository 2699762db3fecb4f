"""Rows of an answer: columns under headings on a terminal, tabs anywhere else."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import pytest

from workbench.cli.tables import show


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, *rows: tuple[object, ...]) -> str:
    with redirect_stdout(stream):
        show(("id", "Russian", "Chinese"), rows)
    return stream.getvalue()


def test_a_program_reads_tabs_and_no_headings() -> None:
    assert shown(io.StringIO(), (1, "Ош", "奥什"), (2, "Баткен")) == "1\tОш\t奥什\n2\tБаткен\n"


def test_a_terminal_shows_columns_under_headings() -> None:
    text = shown(Terminal(), (1, "奥什", "Ош"), (12, "Ба", "ткен", "(x)"))
    headings, *rows = text.splitlines()
    assert "id  Russian  Chinese" in headings  # bold
    # A Chinese character takes two columns.
    assert rows == ["1   奥什     Ош", "12  Ба       ткен     (x)"]


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_nothing_is_nothing(stream: type[io.StringIO]) -> None:
    assert shown(stream()) == ""
