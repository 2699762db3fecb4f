"""What a harvested pair names: person, place, org, media, event, document, term or title."""

from __future__ import annotations

import re

from workbench.services.harvest.brackets import is_abbreviation
from workbench.services.harvest.names import is_person, is_surname
from workbench.services.harvest.words import words

_ORDER = ("media", "event", "document", "place", "org", "term")
_PLACE_ENDING = re.compile(r"[\w\-]+(?:ск|цк|град|поль|бург|стан|абад|город|кент)")
_WHERE = ("在", "位于", "抵达", "前往", "来自", "于", "到", "至", "往", "是", "赴", "访问", "离开")
# What is signed or passed is a document also without a capital.
_SIGNED = ("议定书", "协定", "条约", "宣言", "公约", "法案", "法草案", "备忘录", "法典")
_KINDS_OF_PLACES = ("村", "镇", "城", "市", "县", "州", "河", "湖", "港", "站", "地区", "都", "府")


def end_type(chinese: str) -> str:
    """Return the type that the end of a Chinese name shows, or nothing."""
    best, found = 0, ""
    for kind in _ORDER:
        for end in words().ends[kind]:
            if chinese.endswith(end) and len(end) > best and len(chinese) > 1:
                best, found = len(end), kind
                break
    return found


def generic_type(russian: str) -> str:
    """Return the type that a Russian word before the name proper shows, or nothing."""
    found = re.findall(r"[\w\-]+\.?", russian.lower())[:6]
    for kind in ("media", "org", "event", "place", "document"):
        generic = words().generic[kind]
        if found and (
            found[0] in generic
            or (kind in ("org", "document") and not generic.isdisjoint(found[1:3]))
        ):
            return kind
    if any(word in words().generic["place"] for word in found):
        return "place"
    return ""


def name_type(chinese: str, russian: str, before: str) -> str:
    """Return the type of a name that is no person's; *before* is the Chinese text before it."""
    proper = any(c.isupper() for c in russian)
    by_end, by_word = end_type(chinese), generic_type(russian)
    abbreviated = all(map(is_abbreviation, russian.split()))
    rules = (
        ("media", by_word == "media" and by_end in ("media", "")),
        ("document", by_end == "document" and (proper or by_word == "document")),
        ("document", chinese.endswith(_SIGNED)),
        ("org", by_word == "org" and proper and by_end in ("org", "event", "place", "")),
        ("event", by_end == "event" and (proper or by_word == "event")),
        ("media", by_end == "media" and proper),
        (
            "org",
            by_end == "org" and (not russian[0].islower() or "«" in russian or by_word == "org"),
        ),
        ("place", by_end == "place" and proper and not abbreviated),
        ("place", by_word == "place" and proper),
        (by_word, by_word in ("event", "document") and proper),
        ("org", abbreviated and by_end != "term"),
        ("place", _is_place(russian, before)),
    )
    return next((kind for kind, holds in rules if holds), "term")


def _is_place(russian: str, before: str) -> bool:
    if not russian[:1].isupper() or " " in russian:
        return False
    return _PLACE_ENDING.fullmatch(russian.lower()) is not None or before.endswith(_WHERE)


def is_single_person(russian: str, before: str, likeness: float, titled: bool) -> bool:
    """Tell whether a name without a middle dot is a person's (普京, Путин)."""
    if not is_person(russian) or likeness < 0.5 or generic_type(russian):
        return False
    if titled:
        return True
    if before.endswith((*_WHERE, *_KINDS_OF_PLACES)) or _PLACE_ENDING.fullmatch(russian.lower()):
        return False
    return is_surname(russian.rsplit(maxsplit=1)[-1])
