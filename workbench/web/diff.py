"""How one sentence differs from another, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")


def word_diff(old: str, new: str) -> list[tuple[str, str]]:
    """Return (mark, text) pieces: ``=`` in both, ``-`` only in *old*, ``+`` only in *new*.

    The pieces marked ``=`` and ``-`` rebuild *old*; ``=`` and ``+`` rebuild *new*.
    """
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    pieces: list[tuple[str, str]] = []
    for _, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if gone == come:
            pieces.append(("=", gone))
            continue
        pieces += [("-", gone)] if gone else []
        pieces += [("+", come)] if come else []
    return pieces
