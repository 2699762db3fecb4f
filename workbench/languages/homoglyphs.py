"""Latin letters that look like Cyrillic ones and slip in from keyboards and scanners."""

from __future__ import annotations

import re

# The Latin letter and its Cyrillic twin, one to one.
LATIN_TWINS = "AaBCcEeHKkMOoPpTXxYyëË"
CYRILLIC_TWINS = "АаВСсЕеНКкМОоРрТХхУуёЁ"
TWINS = str.maketrans(LATIN_TWINS, CYRILLIC_TWINS)

_LETTERS = re.compile(r"[A-Za-zëË\u0400-\u04ff]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-zëË]")


def mended(text: str) -> str:
    """Return *text* with each word that is Cyrillic but for look-alikes wholly in Cyrillic.

    A word is left alone when most of it is Latin or one of its Latin letters has no twin.
    """
    return _LETTERS.sub(_in_one_script, text)


def _in_one_script(word: re.Match[str]) -> str:
    text = word.group()
    latin = len(_LATIN.findall(text))
    if not latin or len(_CYRILLIC.findall(text)) < latin:
        return text
    changed = text.translate(TWINS)
    return text if _LATIN.search(changed) else changed
