"""Folding of Russian text for matching, with the way back to the original's offsets.

Three steps: what nobody sees is dropped, Latin letters inside Cyrillic words become the letters
they look like, and everything is lowered. The text after the second step (``Folded.clean``) has
its capitals still and the same length as the folded one: the rules of matching read that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.language import Span
from workbench.languages.homoglyphs import LATIN_TWINS, TWINS

_SAME = {
    "ё": "е",
    "ѐ": "е",
    "ѝ": "и",
    "\u2010": "-",
    "\u2011": "-",
    "–": "—",
    "\u2212": "—",
    **dict.fromkeys("«»„“”‟″", '"'),
    **dict.fromkeys("’‘ʼ`", "'"),
}
_BREAKS = "\n\r\v\f"
# The horizontal spaces of Unicode; a line break stays one until the text is lowered.
_SPACES = "\t\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
# Soft hyphens, zero-width signs, stress marks, and the two dots of a decomposed ё.
_DROPPED = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0300\u0301\u0308"
_BREVE = "\u0306"
# Text that cannot be folded one character to one: something is dropped or a space is doubled.
_UNEVEN = re.compile(f"[{_DROPPED}{_BREVE}]|[{_SPACES}{_BREAKS} ][{_SPACES}{_BREAKS} ]")
_SEAM = re.compile(f"[{_DROPPED}]+|{_BREVE}|[{_SPACES}{_BREAKS} ][{_SPACES}{_BREAKS} {_DROPPED}]+")
_BLANK = re.compile(f"[{_SPACES}]")
_LATIN = re.compile("[A-Za-zËë]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ALIKE = re.compile(f"[{LATIN_TWINS}]+")
_ALIKE_CAPITALS = re.compile(f"[{''.join(filter(str.isupper, LATIN_TWINS))}]{{3,}}")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text, the same with its capitals (``clean``), and where each character came from.

    ``offsets[i]`` is where character i begins in the original (None: at i).
    """

    text: str
    clean: str
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

    White space of any length counts as one space; «Пyтин» with a Latin letter is Путин.
    """
    offsets = None
    if _UNEVEN.search(text):
        text, offsets = _visible(text)
    if _BLANK.search(text):
        text = _BLANK.sub(" ", text)
    clean = _cyrillic(text)
    return Folded(_lowered(clean), clean, offsets)


def key(text: str) -> str:
    """Return the folded form of a term or surface form, ready for look-up."""
    return fold(text.strip()).text


def keys(texts: Sequence[str]) -> list[str]:
    """Return the folded forms of many texts at once; none may hold a NUL."""
    return [text.strip() for text in fold("\0".join(texts)).text.split("\0")] if texts else []


def _visible(text: str) -> tuple[str, tuple[int, ...]]:
    """Drop what is not seen and double spaces; return also where the rest stood."""
    out: list[str] = []
    offsets: list[int] = []
    done = 0
    for seam in _SEAM.finditer(text):
        start, end = seam.span()
        if done < start:
            out.append(text[done:start])
            offsets.extend(range(done, start))
        done = end
        if seam.group() == _BREVE:
            if out and out[-1][-1] in "иИ":
                out[-1] = out[-1][:-1] + ("й" if out[-1][-1] == "и" else "Й")
        elif seam.group()[0] not in _DROPPED:
            breaks = [sign for sign in seam.group() if sign in _BREAKS]
            out.append(breaks[0] if breaks else " ")
            offsets.append(start)
    offsets.extend(range(done, len(text)))
    return "".join(out) + text[done:], (*offsets, len(text))


def _cyrillic(text: str) -> str:
    """Replace Latin letters that stand in Cyrillic words, and capitals that spell one: HATO."""
    parts: list[str] = []
    done = 0
    for found in _LATIN.finditer(text):
        run = found.group()
        if not _ALIKE.fullmatch(run):
            continue
        start, end = found.span()
        beside = text[max(0, start - 1) : start] + text[end : end + 1]
        if _CYRILLIC.search(beside) or _ALIKE_CAPITALS.fullmatch(run):
            parts += (text[done:start], run.translate(TWINS))
            done = end
    return "".join(parts) + text[done:] if parts else text


def _lowered(text: str) -> str:
    """Lower *text*, always one character to one."""
    if "İ" in text:  # the one capital that grows when lowered
        text = text.replace("İ", "i")
    text = text.lower()
    for different, same in _SAME.items():
        if different in text:
            text = text.replace(different, same)
    for space in _BREAKS:
        if space in text:
            text = text.replace(space, " ")
    return text
