"""Which encoding a Russian text is in, told from its bytes.

UTF-16 and UTF-8 are recognised by their structure. The one-byte Cyrillic encodings share the
same bytes and are told apart by how Russian the decoded letters look: each letter scores by
its frequency, and a capital inside a word, a foreign letter or a sign where letters stand
costs. General detectors need some hundred bytes for this; a headline is enough here.
"""

from __future__ import annotations

import codecs
import math
import re

from workbench.errors import InputError

# Occurrences in 10,000 letters, counted over the 1.16 million of corpora/ru-zh/authored.
FREQUENCIES = {
    "о": 1035, "а": 841, "е": 804, "и": 754, "т": 647, "н": 637, "р": 566, "с": 562, "в": 462,
    "л": 419, "к": 339, "д": 335, "п": 329, "м": 281, "у": 248, "ы": 182, "з": 181, "я": 180,
    "г": 163, "ь": 149, "б": 148, "ч": 125, "й": 122, "х": 92, "ж": 80, "ш": 73, "ю": 64,
    "ц": 60, "ё": 41, "щ": 32, "ф": 26, "э": 19, "ъ": 5,
}  # fmt: skip
ONE_BYTE = ("cp1251", "koi8-r", "cp866", "iso8859-5")
SIGNS = frozenset("«»—–…„“”№’‘•·§©°±€\u00a0\u00ad")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Below this mean score (natural logarithm a letter) a text is not Russian in that encoding: prose
# scores about -2.9, single rare words down to -4.2, other alphabets read as Cyrillic -3.9 and less.
LEAST = -3.7
LEEWAY = 6.0  # divided by the number of letters
MAGIC = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"{\\rtf",
)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
WORD = re.compile(r"[^\W\d_]+")


def decode(data: bytes, name: str, declared: str = "") -> str:
    """Return the text of *data* without byte order mark.

    *declared* is the encoding that the file itself names (an HTML page's charset); it counts
    after UTF-16 and UTF-8, which cannot be mistaken. Raises InputError when the bytes are no
    text, or text in no known encoding.
    """
    if data.startswith(MAGIC):
        raise InputError("formats.not_text", name=name)
    text = _unicode(data, name)
    if text is None and declared:
        text = _declared(data, declared)
    if text is None:
        text = _one_byte(data, name)
    if len(CONTROLS.findall(text)) > len(text) // 100:
        raise InputError("formats.not_text", name=name)
    return repaired(text)


def repaired(text: str) -> str:
    """Return a text that was UTF-8 read as windows-1251 (``РўРѕРєР°РµРІ``) as it was meant.

    Russian in windows-1251 is never valid UTF-8 by chance, so any text that is gets decoded.
    """
    try:
        # The byte 98 has no character in windows-1251; programs pass it through.
        meant = b"\x98".join(part.encode("cp1251") for part in text.split("\x98")).decode("utf-8")
    except UnicodeError:
        return text
    return meant if any("\u0400" <= character <= "\u04ff" for character in meant) else text


def _unicode(data: bytes, name: str) -> str | None:
    for mark, codec in BOMS:
        if data.startswith(mark):
            try:
                return data.decode(codec)
            except UnicodeDecodeError as error:
                raise InputError("formats.damaged", name=name, offset=error.start) from error
    for codec in ("utf-16-le", "utf-16-be"):
        if _is_utf16(data, codec):
            return data.decode(codec)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Some broken bytes in much good UTF-8 are damage, not another encoding.
        lenient = data.decode("utf-8", errors="replace")
        good = sum("\u0400" <= character <= "\u04ff" for character in lenient)
        if good > 10 * lenient.count("\ufffd"):
            raise InputError("formats.damaged", name=name, offset=error.start) from error
        return None


def _is_utf16(data: bytes, codec: str) -> bool:
    """Tell whether nearly all code units are Cyrillic, ASCII or general punctuation."""
    if len(data) < 2 or len(data) % 2:
        return False
    high = data[1::2] if codec == "utf-16-le" else data[0::2]
    likely = sum(high.count(page) for page in (0x00, 0x04, 0x20))
    # 0x20 is also the space of one-byte text, so the pages that text cannot have must be there.
    certain = high.count(0x04) + high.count(0x00)
    if likely < 0.95 * len(high) or certain < 0.5 * len(high):
        return False
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _declared(data: bytes, declared: str) -> str | None:
    try:
        return data.decode(declared)
    except (LookupError, UnicodeDecodeError):
        return None


def _one_byte(data: bytes, name: str) -> str:
    best, text = -math.inf, ""
    for codec in ONE_BYTE:
        try:
            candidate = data.decode(codec)
        except UnicodeDecodeError:
            continue
        value = likeness(candidate)
        if value > best:
            best, text = value, candidate
    if best < LEAST - LEEWAY / max(1, sum(byte > 127 for byte in data)):
        raise InputError("formats.unknown_encoding", name=name)
    return text


def likeness(text: str) -> float:
    """Return how Russian the letters outside ASCII look: their mean log-likelihood."""
    total, count = 0.0, 0
    for character in text:
        if character.isascii():
            continue
        count += 1
        frequency = FREQUENCIES.get(character.lower(), 0)
        if frequency:
            total += math.log(frequency / 10_000)
        elif character in SIGNS:
            total += -4.0
        else:
            total += -10.0
    capitals = 0
    for word in WORD.findall(text):
        inner = word[1:]
        if inner != inner.lower() and word != word.upper():
            total -= 2.0 * sum(letter.isupper() for letter in inner)
        elif len(word) > 1 and word.isupper() and not word.isascii():
            capitals += len(word)
    # One word in capitals is rather another encoding of small letters; a whole text may be so.
    total -= 0.3 * min(capitals, 8)
    return total / count if count else -math.inf
