"""The specification of a bulletin (TOML): what an editor says of an issue and its items."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from typing import Any

from workbench.domain.bulletin import Bulletin, Item, Section, Source, Supplement
from workbench.errors import InputError
from workbench.formats.composition import printable

_NUMBERS = {"number": 99_999, "year": 9999, "month": 99, "article": 2**31 - 1}
MOST_ITEMS = 99


def read_spec(data: bytes, name: str) -> Bulletin:
    """Return what the file says. Raises InputError, naming the place that is wrong."""
    try:
        values = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # also numbers and nesting beyond all measure
        raise InputError("bulletin.not_toml", name=name, reason=error) from error
    items = _tables(values.pop("item", []), "item", name)
    bulletin = Bulletin(
        **_plain(values, Bulletin, name, name, skip={"items"}),
        items=tuple(_item(item, f"item {n}", name) for n, item in enumerate(items, 1)),
    )
    if not bulletin.items:
        raise InputError("bulletin.no_items", name=name)
    if len(bulletin.items) > MOST_ITEMS:
        raise InputError("bulletin.too_many", name=name, count=len(bulletin.items), most=MOST_ITEMS)
    return bulletin


def _item(values: dict[str, Any], place: str, name: str) -> Item:
    sections = _tables(values.pop("sections", []), f"{place}, sections", name)
    supplements = _tables(values.pop("supplements", []), f"{place}, supplements", name)
    source = values.pop("source", {})
    if not isinstance(source, dict):
        raise InputError("bulletin.bad_value", name=name, place=place, word="source")
    return Item(
        **_plain(values, Item, place, name, skip={"sections", "supplements", "source"}),
        sections=tuple(filter(_says_something, (_section(s, place, name) for s in sections))),
        source=Source(**_plain(source, Source, f"{place}, source", name)),
        # An empty one is the form that nobody filled in.
        supplements=tuple(
            Supplement(**_plain(one, Supplement, f"{place}, supplements", name))
            for one in supplements
            if any(one.values())
        ),
    )


def _section(values: dict[str, Any], place: str, name: str) -> Section:
    paragraphs = values.pop("paragraphs", [])
    if not isinstance(paragraphs, list) or not all(isinstance(p, str) for p in paragraphs):
        raise InputError("bulletin.bad_value", name=name, place=place, word="paragraphs")
    known = _plain(values, Section, f"{place}, sections", name, skip={"paragraphs"})
    return Section(**known, paragraphs=tuple(filter(None, map(_clean, paragraphs))))


def _says_something(section: Section) -> bool:
    return bool(section.heading or section.paragraphs)


def _clean(text: str) -> str:
    """Return a text without what no document can hold."""
    return printable(text).replace("\x7f", "").strip()


def _tables(value: object, place: str, name: str) -> list[dict[str, Any]]:
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return [dict(one) for one in value]
    raise InputError("bulletin.bad_value", name=name, place=place, word=place)


def _plain(
    values: Mapping[str, Any],
    kind: type,
    place: str,
    name: str,
    skip: Collection[str] = (),
) -> dict[str, Any]:
    """Return the texts and numbers of a table; every key must be one that is known."""
    known = {one.name for one in fields(kind)} - {*skip}
    found: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise InputError(
                "bulletin.unknown_key",
                name=name,
                place=place,
                word=key,
                known=", ".join(sorted(known)),
            )
        if key in _NUMBERS:
            whole = isinstance(value, int) and not isinstance(value, bool)
            right = whole and 0 <= value <= _NUMBERS[key]
        else:
            # TOML has dates of its own: date = 2026-11-03 without quotes is meant kindly.
            right = isinstance(value, str) or hasattr(value, "isoformat")
        if not right:
            raise InputError("bulletin.bad_value", name=name, place=place, word=key)
        found[key] = value if key in _NUMBERS else _clean(str(value))
    return found


def write_spec(bulletin: Bulletin) -> str:
    """Return a specification to be completed: every key stands there, known or empty."""
    lines = [
        "# A bulletin. Fill in what is empty, then: workbench bulletin build THIS -o OUT.docx",
        "# title_zh, lead and text come from the article unless they are given here.",
    ]
    lines += _keys(bulletin, skip={"items"})
    for item in bulletin.items:
        lines += ["", "[[item]]", *_keys(item, skip={"sections", "source", "supplements"})]
        for section in item.sections:
            lines += ["", "[[item.sections]]", *_keys(section)]
        lines += ["", "[item.source]", *_keys(item.source)]
        for supplement in item.supplements or (Supplement(),):
            lines += ["", "[[item.supplements]]", *_keys(supplement)]
    return "\n".join(lines) + "\n"


def _keys(value: Any, skip: Collection[str] = ()) -> Iterator[str]:
    for one in fields(value):
        if one.name not in skip:
            known = getattr(value, one.name)
            # JSON's numbers and lists are also TOML's, and so are its strings once they are clean.
            known = _clean(known) if isinstance(known, str) else known
            content = json.dumps(known, ensure_ascii=False)
            yield f"{one.name} = {content}"
