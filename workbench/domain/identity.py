"""When two sentences are the same: normal forms, the digests kept with a unit, and slots.

*Exact* means identical but for white space, invisible characters and Unicode composition: case, ё,
quotation marks and punctuation all count. *The same but for numbers* means identical once each
number, date and time is replaced by the name of its type.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from workbench.domain.language import Span

SlotType = Literal["date", "time", "number"]

# Soft hyphens, zero-width characters, controls that are no white space, lone surrogates.
_INVISIBLE = dict.fromkeys(
    (
        *map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\x7f"),
        *range(9),
        *range(14, 28),
        *range(0xD800, 0xE000),
    )
)
_SPACE = "[ \u00a0\u2009\u202f]"
_SLOT = re.compile(
    r"(?P<date>(?<![\d.,])\d{1,2}\.\d{1,2}\.\d{4}(?!\d))"
    r"|(?P<time>(?<![\d.,:])\d{1,2}:\d{2}(?![\d:]))"
    rf"|(?P<number>\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A number, date or time as it stands in a text."""

    type: SlotType
    text: str
    span: Span


def normalised(text: str) -> str:
    """Return *text* composed (NFC), without invisible characters, its white space collapsed."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())


def slots(text: str) -> tuple[Slot, ...]:
    """Return the numbers, dates and times of *text* in order."""
    return tuple(
        Slot(_type(found), found.group(), Span(*found.span())) for found in _SLOT.finditer(text)
    )


def _type(found: re.Match[str]) -> SlotType:
    kind = found.lastgroup
    return kind if kind in ("date", "time") else "number"  # type: ignore[return-value]


def slotted(text: str) -> str:
    """Return the normal form with each slot replaced by its type."""
    return _SLOT.sub(lambda found: f"\x00{_type(found)}\x00", normalised(text))


def digest(text: str) -> str:
    """Return a 128-bit digest in 32 hexadecimal digits."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def text_key(text: str) -> str:
    """Return the digest that equal sentences share."""
    return digest(normalised(text))


def slot_key(text: str) -> str:
    """Return the digest that sentences share which differ in numbers only."""
    return digest(slotted(text))


def context_key(before: str, after: str) -> str:
    """Return the digest of the two neighbours; empty when neither is known."""
    if not before and not after:
        return ""
    return digest(f"{normalised(before)}\x00{normalised(after)}")
