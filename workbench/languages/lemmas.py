"""Dictionary forms and all forms of Russian words, remembered; the dictionary loads when asked."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any


@cache
def analyser() -> Any:
    """Return the one morphological analyser of the process."""
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")


@lru_cache(maxsize=100_000)
def lemma(word: str) -> str:
    """Return the likeliest dictionary form of a word, in lower case and with е for ё."""
    return str(analyser().normal_forms(word)[0]).replace("ё", "е")


@lru_cache(maxsize=4_000)
def word_forms(word: str) -> frozenset[str]:
    """Return every form of every reading of a word, itself included, with е for ё."""
    found = {form.word for reading in analyser().parse(word) for form in reading.lexeme}
    return frozenset(form.replace("ё", "е") for form in (found | {word.lower()}))
