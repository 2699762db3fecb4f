"""Russian: cleaning a text and cutting it into sentences."""

from __future__ import annotations

import re
import unicodedata

from workbench.domain.language import Span
from workbench.languages.homoglyphs import mended
from workbench.languages.russian_sentences import sentences

# Characters that are invisible and carry nothing: soft hyphen, zero-width and direction marks.
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
CONTROLS = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
SPACES = re.compile(r"\s+")
# Stress marks over vowels of textbooks and encyclopaedias; й and ё are composed before.
STRESS = re.compile("(?<=[аеёиоуыэюяАЕЁИОУЫЭЮЯ])[\u0300\u0301]")
CYRILLIC = re.compile("[\u0400-\u04ff]")


def normalise(text: str) -> str:
    """Return *text* as it is kept: composed, on one line, without invisible characters.

    Non-breaking and other spaces become plain ones and runs of them one; ё stays ё; stress
    marks go; Latin letters inside a Cyrillic word become their Cyrillic twins, if all have
    one. Idempotent.
    """
    text = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    text = STRESS.sub("", CONTROLS.sub("", text))
    return SPACES.sub(" ", mended(text)).strip()


def is_russian(text: str) -> bool:
    """Tell whether a text has Cyrillic letters enough to be translated from Russian."""
    letters = sum(map(str.isalpha, text))
    return len(CYRILLIC.findall(text)) * 5 >= letters > 0


class Russian:
    """The source language, as a table entry."""

    code = "ru"

    def normalise(self, text: str) -> str:
        """Return the text as the workbench keeps it; see the function."""
        return normalise(text)

    def sentences(self, text: str) -> list[Span]:
        """Cut a text into sentences; what lies between the spans is white space."""
        return sentences(text)

    def is_native(self, text: str) -> bool:
        """Tell whether the text is in this language at all."""
        return is_russian(text)
