"""Traditional Chinese characters where Simplified ones are wanted."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC


def simplified(text: str) -> str:
    """Return *text* in Simplified characters; as it is when it has no Traditional ones.

    A few characters (著, 乾, 於) are right in both; they alone do not make a text Traditional.
    """
    if text.isascii() or _in_gb2312(text):
        return text
    changed: str = _converter().convert(text)
    if len(changed) != len(text):
        return changed
    pairs = zip(text, changed, strict=True)
    return changed if any(a != b and not _in_gb2312(a) for a, b in pairs) else text


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def _in_gb2312(text: str) -> bool:
    """Tell whether the national standard of Simplified characters has all of *text*."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
