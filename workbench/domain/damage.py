"""What a failing decoder leaves behind: nothing, the same phrase again and again, Russian letters.

Engines decode such a draft once more, enforcement prefers others, checks report it.
"""

from __future__ import annotations

import re

CYRILLIC = re.compile(r"[\u0400-\u04ff]+(?:[ -]+[\u0400-\u04ff]+)*")
# A phrase of two to six characters four times in a row, a longer one three times, one
# character four times (leaders and rules of dashes are not speech).
LOOP = re.compile(r"([^\W\d_].{1,5}?)\1{3,}|([^\W\d_].{6,39}?)\2{2,}|([^\W\d_])\3{3,}", re.DOTALL)


def looping(text: str, source: str = "") -> bool:
    """Tell whether *text* repeats itself as no speaker does, unless *source* does so too."""
    return bool(LOOP.search(text)) and not LOOP.search(source)


def broken(text: str, source: str) -> bool:
    """Tell whether a draft of *source* is none: empty, caught in a loop, or Russian."""
    if not text.strip():
        return bool(source.strip())
    return looping(text, source) or bool(CYRILLIC.search(text))
