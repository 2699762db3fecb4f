"""Dictionary forms and all forms of Russian words, for comparing and finding sentences."""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.languages.morphology import parses

# The dictionary takes «Токаев» for a form of «токай», so surnames of these endings are also
# inflected by rule: better a form too many in a search than one too few.
_SURNAME = re.compile(r"(.+(?:ов|ев|ин|ын))(?:а|у|ым|е|ой|ою|ы|ых|ыми)?")
_SURNAME_ENDINGS = ("", "а", "у", "ым", "е", "ой", "ою", "ы", "ых", "ыми")


@lru_cache(maxsize=100_000)
def lemma(word: str) -> str:
    """Return the likeliest dictionary form of a word, in lower case and with е for ё."""
    return plain(str(parses(word)[0].normal_form))


@lru_cache(maxsize=4_000)
def word_forms(word: str) -> frozenset[str]:
    """Return every form of every reading of a word, itself included, plain."""
    found = {plain(form.word) for reading in parses(word) for form in reading.lexeme}
    found.add(plain(word))
    surname = _SURNAME.fullmatch(plain(word))
    if surname:
        found.update(surname[1] + ending for ending in _SURNAME_ENDINGS)
    return frozenset(found)


def plain(word: str) -> str:
    """Return a word in lower case and with е for ё."""
    return word.lower().replace("ё", "е")
