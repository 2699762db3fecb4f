"""Folding of Russian text for matching, with the way back to the original's offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.language import Span

_SAME = {
    "ё": "е",
    "Ё": "е",
    "\u2010": "-",
    "\u2011": "-",
    "–": "—",
    "\u2212": "—",
    **dict.fromkeys("«»„“”‟″", '"'),
    **dict.fromkeys("’‘ʼ`", "'"),
}
# The horizontal spaces of Unicode and the line breaks.
_SPACES = "\t\n\r\v\f\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
# Soft hyphens, zero-width signs, stress marks, and the two dots of a decomposed ё.
_DROPPED = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0300\u0301\u0308"
_BREVE = "\u0306"
# Text that cannot be folded one character to one: something is dropped or a space is doubled.
_UNEVEN = re.compile(f"[{_DROPPED}{_BREVE}]|[{_SPACES} ][{_SPACES} ]")


class _Table(dict[int, str]):
    """Every character's folded form, worked out once: always exactly one character."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = " " if character in _SPACES else _SAME.get(character, character.lower())
        # A few capitals (İ) grow when lowered; they are no part of a Russian word.
        self[code] = folded if len(folded) == 1 else character
        return self[code]


_TABLE = _Table()


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; ``offsets[i]`` is where character i begins in the original (None: at i)."""

    text: str
    offsets: tuple[int, ...] | None = None

    def original(self, start: int, end: int) -> Span:
        """Return the span of the original that the folded range came from."""
        if self.offsets is None or start >= end:
            return Span(start, end)
        # The last character owns what was dropped after it: a stress mark, never the next word.
        stop = self.offsets[end] if end < len(self.text) else self.offsets[-1]
        return Span(self.offsets[start], stop)


def fold(text: str) -> Folded:
    """Lower the case, ё→е, one kind of dash, quote and space; drop stress marks and the like.

    White space of any length counts as one space.
    """
    if not _UNEVEN.search(text):
        return Folded(text.translate(_TABLE))
    out: list[str] = []
    offsets: list[int] = []
    for place, character in enumerate(text):
        if character in _DROPPED:
            continue
        if character == _BREVE:
            if out and out[-1] == "и":
                out[-1] = "й"
            continue
        folded = _TABLE[ord(character)]
        if folded == " " and out and out[-1] == " ":
            continue
        out.append(folded)
        offsets.append(place)
    return Folded("".join(out), (*offsets, len(text)))


def key(text: str) -> str:
    """Return the folded form of a term or surface form, ready for look-up."""
    return fold(text.strip()).text


def keys(texts: Sequence[str]) -> list[str]:
    """Return the folded forms of many texts at once; none may hold a NUL."""
    return [text.strip() for text in fold("\0".join(texts)).text.split("\0")] if texts else []
