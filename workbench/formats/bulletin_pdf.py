"""The text of a PDF, its pieces put back into the order in which they stand on the page.

A file that changes its font for quotation marks draws them apart from the words around and leaves
a gap there; read in the order of drawing, the marks stand before or after the words.
"""

from __future__ import annotations

import io
import logging
import re
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.errors import InputError

if TYPE_CHECKING:
    from pypdf import PageObject

_MARKS = re.compile(r"[“”‘’—–…·\s]+")
_QUOTES = "“”‘’"
# Between Chinese characters or marks, a space is where something else was drawn.
_GAP = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])|^ | $")
# Spaces left over where pieces met: none stands beside a Chinese bracket or between its words.
_LOOSE = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef“·]) +(?=[\u3000-\u9fff\uff00-\uffef”·])"
    r"|(?<=[（《·]) +| +(?=[）》])"
)
_SAME_LINE = 2.0  # points between the base lines of one line


class _Piece(NamedTuple):
    """A run of text in one font: where its line lies, where it begins, what it says."""

    height: float
    left: float
    text: str


def read_pdf(data: bytes, name: str) -> str:
    """Return the pages' text, a form feed between pages. Raises InputError."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    # What pypdf stumbles over in damaged or unusual files, besides errors of its own.
    stumbles = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError)

    # Its warnings name faults that it gets over, or that the error below says better.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = [_page(page) for page in PdfReader(io.BytesIO(data)).pages]
    except (PyPdfError, DependencyError, zlib.error, *stumbles) as error:
        raise InputError("harvest.broken_pdf", name=name) from error
    text = "\f".join(pages)
    if not text.strip():
        raise InputError("harvest.scanned_pdf", name=name)
    return text


def _page(page: PageObject) -> str:
    pieces: list[_Piece] = []

    def visit(text: str, outer: Any, inner: Any, _font: object, _size: object) -> None:
        left = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
        height = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        pieces.extend(_Piece(height, left, line) for line in text.split("\n") if line.strip())

    page.extract_text(visitor_text=visit)
    return "\n".join(map(_line, _lines(pieces)))


def _lines(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Return the pieces line by line, as they follow each other in the file."""
    lines: list[list[_Piece]] = []
    for piece in pieces:
        if lines and abs(lines[-1][-1].height - piece.height) <= _SAME_LINE:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return lines


def _line(pieces: list[_Piece]) -> str:
    """Return a line's text; marks drawn apart are put into the gaps of the words before them."""
    text, waiting = "", list[str]()
    for piece in sorted(pieces, key=lambda piece: piece.left):
        if text and _MARKS.fullmatch(piece.text):
            first, *rest = piece.text.split()
            filled = _filled(text, first)
            text = text + first if filled is None else filled
            text += "".join(mark for mark in rest if mark not in _QUOTES)
            waiting += [mark for mark in rest if mark in _QUOTES]  # for gaps further on
        else:
            text += piece.text
        while waiting and (filled := _filled(text, waiting[0])) is not None:
            text = filled
            del waiting[0]
    return _LOOSE.sub("", text + "".join(waiting))


def _filled(text: str, mark: str) -> str | None:
    """Return *text* with *mark* in its first gap, or None where it has none."""
    gap = _GAP.search(text)
    return None if gap is None else text[: gap.start()] + mark + text[gap.end() :]
