"""A pair within its line, and the name proper inside of quotation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.services.harvest.words import words

_ADJECTIVE = re.compile(r"(?:[ыио]й|[ая]я|[оеь]е)$")
_GENERIC_QUOTED = re.compile(r"((?:[А-Яа-яЁё\-]+\s+){1,4})[«\"“]([^«»]+)[»\"”]")


@dataclass(frozen=True, slots=True)
class Found:
    """A pair within its line: ``start`` is where the Chinese (or the Russian first) begins."""

    ru: str
    zh: str
    type: str
    start: int
    pattern: str
    score: float = 1.0
    flags: tuple[str, ...] = ()


def unbooked(chinese: str) -> str:
    """Return the title inside 《》 or “” that enclose all of it."""
    found = re.fullmatch(r"《([^《》]*(?:《[^《》]*》[^《》]*)*)》", chinese)
    return found.group(1).strip() if found else unquoted(chinese)


def unquoted(text: str) -> str:
    """Return *text* without quotation marks that enclose all of it."""
    for pattern in (r"«([^«»]*(?:«[^«»]*»[^«»]*)*)»", r'"([^"]*)"', "“([^“”]*)”", "„([^„“]*)“"):
        found = re.fullmatch(pattern, text.strip())
        if found:
            return found.group(1).strip()
    return text.strip()


def proper(russian: str) -> str:
    """Return the name proper of a medium: ``газета «…»`` is found as «…»."""
    found = _GENERIC_QUOTED.fullmatch(russian)
    media, kinds = words().generic["media"], words().generic["media_kind"]
    # The noun is a medium's, and what stands with it says only which (национальное, областная).
    if found and found.group(1)[0].islower():
        before = found.group(1).lower().split()
        if set(before) <= media | kinds or (
            not media.isdisjoint(before) and all(map(_ADJECTIVE.search, set(before) - media))
        ):
            return found.group(2).strip()
    return unquoted(russian)
