"""A bulletin's lines as paragraphs: wrapped lines joined, page furniture left out, places kept.

Text taken from a PDF is cut at the page's width, with mastheads, page numbers and repeated
addresses in the middle of sentences. A line goes on in the next one when the next one's first
word would not have fitted into it; a text whose lines mostly end sentences is not wrapped at all.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.language import Span

_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_PAGE = re.compile(r"[-–—·\s]*(?:第\s*)?(\d{1,4})(?:\s*页)?(?:[\s/]*共?\s*\d{1,4}\s*页?)?[-–—·\s]*")
_MASTHEAD = re.compile(r"[^。！？；]{0,60}总第\s*\d+\s*期[^。！？；]{0,40}")
_ADDRESS = re.compile(r"https?://[!-~]+")
_ADDRESS_TAIL = re.compile(r"https?:/(?:/[!-~]*)?$")
_ADDRESS_PIECE = re.compile(r"[!-~]+")
_BEGINS = re.compile(
    r"\[\d+\]|［\d+］|【|专题[一二三四五六七八九十\d]|材料来源|补充信息|内容提要|原文见|注[:：]"
    r"|[（(][^（）()]{2,20}(?:编译|译)[）)]$"
)
_CLOSED = re.compile(r"[。！？!?；…](?:[”」』）)】]|\[\d+\])*$|(?:编译|译)[）)]$")
_UNCUT = re.compile(r"[（(《〈“«「]*(?:[^\s\u3000-\u9fff\uff00-\uffef]+|.)[，。、；：！？）》”»)]*")
_WIDE = "WF"
_OPENING = "（(《〈“«「『【［"
_CLOSING = "）)》〉”»」』】］，。、；：！？,.;:!?"
_LONE_LETTER = re.compile(r"[А-Яа-яЁё][）)»”\"]")
_CLOSING_QUOTE = re.compile(r"[\"'][）)，。,.]")
_PIECES = {"(": ")", "（": "）", "《": "》", "«": "»"}
# A line at least so full, measured by the text's full lines, may go on in the next one.
_FULL = 0.8
_PAGE_LINES = 120  # two pages, more or less
_CELLS = 200  # characters of a line, at most
_BLOCK = 80  # lines that the width is told from, with as many before and after
_NARROWEST, _WIDEST = 20, 200  # columns
# Proportional fonts: the widths counted here are no more exact than that.
_LEEWAY = 0.18


@dataclass(frozen=True, slots=True)
class BulletinText:
    """A bulletin with one paragraph a line; ``places`` lead back into the file's own text.

    ``places[n]`` is the code point of ``original`` that ``text[n]`` stands at; for a space or line
    break put in between two lines it is the place just before the second line.
    """

    original: str
    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """Return where ``text[start:end]`` (not empty) stands in the file's own text."""
        return Span(self.places[start], self.places[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    blank_before: bool  # an empty line or the page's edge stands above


def joined(original: str) -> BulletinText:
    """Return the paragraphs of a bulletin's text. Linear in its length."""
    lines, furniture = _without_furniture(_lines(original))
    widths = _widths([line.text for line in lines])
    spaced = _is_spaced(lines, furniture)
    text: list[str] = []
    places = array("q")

    def put(piece: str, start: int) -> None:
        text.append(piece)
        places.extend(range(start, start + len(piece)))

    tail, opened, last = "", 0, None
    for n, line in enumerate(lines):
        if last is not None:
            width = widths[n // _BLOCK]
            parted = line.blank_before and not spaced and line.start not in furniture
            goes_on = _goes_on(last, line, tail, opened, width, parted)
            between = _between(tail, line.text) if goes_on else "\n"
            if between:
                put(between, line.start - 1)
            if not goes_on:
                tail, opened = "", 0
        put(line.text, line.start)
        tail = (tail + line.text)[-300:] if last is not None else line.text
        opened = max(0, opened + _balance(line.text))
        last = line
    return _unspaced(BulletinText(original, "".join(text), places))


# -- lines and furniture -----------------------------------------------------------------------


def _lines(original: str) -> list[_Line]:
    found: list[_Line] = []
    end = 0
    for match in _LINE.finditer(original):
        text = match.group()
        stripped = text.strip(" \t\u3000\u00a0\ufeff")
        if stripped:
            start = match.start() + text.index(stripped[0])
            between = original[end : match.start()]
            blank = "\f" in between or bool(re.search(r"\r?\n[ \t\u3000]*\r?\n|\r\r", between))
            found.append(_Line(start, stripped, blank or not found))
            end = match.end()
    return found


def _without_furniture(lines: list[_Line]) -> tuple[list[_Line], set[int]]:
    """Return the lines of the text itself, and the places of those that furniture stands before."""
    shapes = Counter(_shape(line.text) for line in lines if len(line.text) <= 80)
    kinds = [_kind(line.text, shapes) for line in lines]
    _settle_numbers(lines, kinds)
    kept: list[_Line] = []
    after: set[int] = set()
    dropped = False
    for n, line in enumerate(lines):
        near = dropped or (n + 1 < len(lines) and kinds[n + 1] == "furniture")
        if kinds[n] == "furniture" or (near and _repeats_address(line.text, kept)):
            dropped = True
            continue
        if dropped:
            after.add(line.start)
        dropped = False
        kept.append(line)
    return kept, after


def _repeats_address(text: str, kept: Sequence[_Line]) -> bool:
    """Tell whether a line is an address of the page before it, not the one just announced."""
    if not kept or _ADDRESS.fullmatch(text) is None or re.search(r"[，,：:]$", kept[-1].text):
        return False
    return text in "".join(line.text[-_CELLS:] for line in kept[-_PAGE_LINES:])


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"\s+", "", text))


def _kind(text: str, shapes: Counter[str]) -> str:
    if _MASTHEAD.fullmatch(text):
        return "furniture"
    if _PAGE.fullmatch(text):
        return "number"
    own = "http" in text or _CLOSED.search(text) or _BEGINS.match(text)
    return "repeated" if shapes[_shape(text)] >= 3 and not own else "text"


def _settle_numbers(lines: list[_Line], kinds: list[str]) -> None:
    """A lone number is a page's where it stands at the page's edge; so is a repeated short line."""
    last = 0
    for n, kind in enumerate(kinds):
        edge = n + 1 == len(lines) or n == 0 or "furniture" in (kinds[n - 1], kinds[n + 1])
        if kind == "number":
            found = _PAGE.fullmatch(lines[n].text)
            value = int(found.group(1)) if found else 0
            if edge or value == last + 1:
                kinds[n], last = "furniture", value
        elif kind == "repeated" and edge:
            kinds[n] = "furniture"


# -- which lines go on -------------------------------------------------------------------------


def _cells(text: str) -> int:
    """Return the width in columns: two for a Chinese character or mark."""
    return sum(
        2 if unicodedata.east_asian_width(c) in _WIDE or c in "“”—…" else 1
        for c in text
        if not unicodedata.combining(c)
    )


def _widths(texts: Sequence[str]) -> list[float]:
    """Return the width that lines are cut at, a block of lines each: issues may be bound in one."""
    return [
        _wrap_width(texts[max(0, first - _BLOCK) : first + 2 * _BLOCK])
        for first in range(0, len(texts), _BLOCK)
    ]


def _wrap_width(texts: Sequence[str]) -> float:
    """Return the width that lines are cut at, or 0 for a text with a paragraph a line."""
    texts = [text for text in texts if "http" not in text and len(text) <= _WIDEST]
    widths = sorted(map(_cells, texts), reverse=True)
    width = widths[len(widths) // 50] if len(widths) > 2 else 0
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = [text for text in texts if _cells(text) >= _FULL * width]
    unfinished = [text for text in full if not _CLOSED.search(text)]
    wrapped = len(unfinished) >= 2 and len(unfinished) >= 0.4 * len(full)
    return float(width) if wrapped else 0


def _is_spaced(lines: Sequence[_Line], furniture: set[int]) -> bool:
    """Tell whether an empty line follows every line, so that it says nothing."""
    inner = [line for line in lines[1:] if line.start not in furniture]
    return sum(line.blank_before for line in inner) > 0.8 * len(inner)


def _goes_on(last: _Line, line: _Line, tail: str, opened: int, width: float, parted: bool) -> bool:
    if _BEGINS.match(line.text):
        return False
    if _ADDRESS_TAIL.search(tail):
        return _address_goes_on(last.text, line.text, width)
    if opened and _is_rest(last.text, line.text):
        return True
    used = _cells(last.text)
    if not width or parted or used > 1.3 * width:
        return False
    if opened and len(tail) < 300:
        return True
    closed = _CLOSED.search(last.text) is not None and used < 0.9 * width
    return not closed and used + _cells(_first_piece(line.text)) > width * (1 - _LEEWAY)


def _is_rest(last: str, line: str) -> bool:
    """Tell whether a line ends what a bracket before it opened, or goes on with its Russian."""
    bracket = re.search(r"[（(）)]", line)
    closes = bracket is not None and bracket.group() in "）)"
    return closes or (_is_letter(last[-1]) and _is_letter(line[0]))


def _first_piece(text: str) -> str:
    """Return what cannot be cut at the beginning of a line."""
    found = _UNCUT.match(text)
    return found.group() if found else text[:1]


def _address_goes_on(last: str, line: str, width: float) -> bool:
    """Tell whether the next line is the rest of the address at the end of the last one."""
    piece = _ADDRESS_PIECE.match(line)
    if piece is None or line.startswith(("http://", "https://")):
        return False
    rest = line[piece.end() :].lstrip()
    if rest and re.match(r"[A-Za-z(]", rest):
        return False  # a line of Latin words
    cut_at_mark = last[-1] in "-/?&=._%#" or line[0] in "-/?&=._%#"
    nearly_full = bool(width) and _cells(last) + min(_cells(piece.group()), 24) > 0.8 * width
    return cut_at_mark or nearly_full


def _between(tail: str, line: str) -> str:
    """Return what stands between two joined lines: a space or nothing."""
    before, after = tail[-1], line[0]
    together = (
        (_ADDRESS_TAIL.search(tail) and _ADDRESS_PIECE.match(line))
        or before in _OPENING
        or after in _CLOSING
        or _CLOSING_QUOTE.match(line)
        # A word cut before its last letter, so that no line begins with a bracket.
        or (_is_letter(before) and _LONE_LETTER.match(line))
        or (before == "-" and _is_letter(after) and len(tail) > 1 and tail[-2] != " ")
        or _is_chinese(before, after)
    )
    return "" if together else " "


def _is_chinese(before: str, after: str) -> bool:
    """Tell whether two neighbours are Chinese; a dash is what stands beside it."""
    left = after if before == "—" else before
    right = before if after == "—" else after
    return _is_wide(left) or _is_wide(right)


def _is_letter(character: str) -> bool:
    return "\u0400" <= character <= "\u04ff"


def _is_wide(character: str) -> bool:
    return character in "“”—…" or unicodedata.east_asian_width(character) in _WIDE


def _balance(text: str) -> int:
    return sum(text.count(o) - text.count(c) for o, c in _PIECES.items())


# -- spaced-out Chinese ------------------------------------------------------------------------

_SPACED = re.compile(
    r"(?<![^\s“《（(。，、：；])[\u4e00-\u9fff](?: [\u4e00-\u9fff]){2,}(?![^\s”》）)。，、：；（(])"
)


def _unspaced(text: BulletinText) -> BulletinText:
    """Take out the spaces of justified Chinese (``月 号 文 章``)."""
    gone = [
        found.start() + offset
        for found in _SPACED.finditer(text.text)
        for offset, character in enumerate(found.group())
        if character == " "
    ]
    if not gone:
        return text
    drop = set(gone)
    kept = [n for n in range(len(text.text)) if n not in drop]
    places = array("q", (text.places[n] for n in kept))
    return BulletinText(text.original, "".join(text.text[n] for n in kept), places)
