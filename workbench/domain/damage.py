"""What a failing decoder leaves behind: nothing, the same phrase again and again, Russian letters.

Engines decode such a draft once more, enforcement prefers others, checks report it.
"""

from __future__ import annotations

import re

CYRILLIC = re.compile(r"[\u0400-\u04ff]+(?:[ -]+[\u0400-\u04ff]+)*")
# A phrase of two to six characters four times in a row, a longer one three times, one
# character four times (leaders and rules of dashes are not speech).
LOOP = re.compile(r"([^\W\d_].{1,5}?)\1{3,}|([^\W\d_].{6,39}?)\2{2,}|([^\W\d_])\3{3,}", re.DOTALL)

# The same with signs and figures in it, which no reader takes for speech either; a number may
# have many noughts.
_BABBLE = re.compile(r"(\d{0,22}\D.{1,23}?|\d{1,22}\D)\1{3,}", re.DOTALL)
_GLOSS = re.compile("[（(][^（()）]*[)）]|https?://\\S+")


def looping(text: str, source: str = "") -> bool:
    """Tell whether *text* repeats itself as no speaker does, unless *source* does so too."""
    if LOOP.search(source) or _BABBLE.search(source):
        return False
    return bool(LOOP.search(text) or _BABBLE.search(text))


def broken(text: str, source: str) -> bool:
    """Tell whether a draft of *source* is none: empty, caught in a loop, or Russian.

    A word of the original in brackets, an address, and a single letter (字母“ы”) are no Russian.
    """
    if not text.strip():
        return bool(source.strip())
    left = (match.group() for match in CYRILLIC.finditer(_GLOSS.sub("", text)))
    return looping(text, source) or any(len(word) > 1 for word in left)
