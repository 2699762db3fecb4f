"""What a heading looks like where nothing but its words, or its bold type, says so."""

from __future__ import annotations

import re

LONGEST_HEADING = 120

CLOSED = re.compile(r"[.!?…:;,][»”\")]*$")
SENTENCE = re.compile(r"[.!?…]\s+\S")


def is_heading_text(text: str) -> bool:
    """Tell whether a text is short, one sentence at most, and has no stop, except of a question."""
    return (
        len(text) <= LONGEST_HEADING
        and (not CLOSED.search(text) or text.endswith("?"))
        and not SENTENCE.search(text)
        and any(map(str.isalpha, text))
    )
