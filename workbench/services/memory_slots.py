"""The same sentence with other numbers: putting the new numbers into the old translation.

Only where it cannot go wrong: a value that changes occurs once among the old source's slots, and
the old target holds its digits exactly once as a whole number. ``27,8`` may stand as ``27.8``
and ``12.03.2026`` as ``2026年3月12日``; ``5 млн`` become ``500万`` holds no «5» and is
refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from workbench.domain.identity import normalised, slots, slotted

Rendering = Callable[[str], str]


def substitute(old_source: str, new_source: str, target: str) -> str | None:
    """Return *target* with the numbers of *new_source*, or None where that is not certain.

    The two sources must be the same but for numbers.
    """
    old, new = slots(normalised(old_source)), slots(normalised(new_source))
    if slotted(old_source) != slotted(new_source):
        return None
    changes: dict[tuple[str, str], str] = {}
    times = Counter((slot.type, slot.text) for slot in old)
    for before, after in zip(old, new, strict=True):
        if before.text == after.text:
            continue
        if times[before.type, before.text] != 1:
            return None
        changes[before.type, before.text] = after.text
    edits: list[tuple[int, int, str]] = []
    for (kind, value), replacement in changes.items():
        place = _place(kind, value, replacement, target)
        if place is None:
            return None
        edits.append(place)
    return _apply(sorted(edits), target)


def _place(kind: str, value: str, replacement: str, target: str) -> tuple[int, int, str] | None:
    """Return (start, end, new text) where *value* stands in *target* once and only once."""
    found: dict[tuple[int, int], str] = {}
    for render in RENDERINGS[kind]:
        wanted = render(value)
        whole = rf"(?<![\d.,:]){re.escape(wanted)}(?![\d:]|[.,]\d)"
        for match in re.finditer(whole, target):
            found.setdefault(match.span(), render(replacement))
    if len(found) != 1:
        return None
    ((start, end), text) = found.popitem()
    return start, end, text


def _apply(edits: list[tuple[int, int, str]], target: str) -> str | None:
    pieces, position = [], 0
    for start, end, text in edits:
        if start < position:
            return None
        pieces += [target[position:start], text]
        position = end
    return "".join([*pieces, target[position:]])


def _plain(value: str) -> str:
    """``27,8`` → ``27.8``; ``1 200`` → ``1200``."""
    return re.sub(r"\s", "", value).replace(",", ".")


def _grouped(value: str) -> str:
    """``12 000`` → ``12,000``."""
    whole, point, rest = _plain(value).partition(".")
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", whole) + point + rest


def _chinese_date(value: str) -> str:
    """``12.03.2026`` → ``2026年3月12日``."""
    day, month, year = value.split(".")
    return f"{int(year)}年{int(month)}月{int(day)}日"


def _same(value: str) -> str:
    return value


RENDERINGS: dict[str, tuple[Rendering, ...]] = {
    "number": (_plain, _grouped),
    "date": (_chinese_date, _same),
    "time": (_same,),
}
