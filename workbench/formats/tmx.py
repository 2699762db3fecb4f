"""TMX 1.4b, streaming both ways.

What a file says that a unit has no field for is kept in ``Unit.props`` and written back::

    @usagecount            an attribute of <tu>           source@…  target@…   of its <tuv>
    prop:x-domain          a <prop> of <tu>               source/prop:…        of its <tuv>
    note                   a further <note> of <tu>       source/note          of its <tuv>
    source/seg             the content of <seg> where it has inline tags, as XML
    tuv                    a <tuv> in a further language, as XML
    element                another element of <tu>, as XML
    header                 the header of the file that this unit was the first of, as XML

Neighbours are read from ``x-context-pre`` and ``x-context-post`` (memoQ, in <tu> or in the <tuv> of
the source) or ``prev`` and ``next`` (OmegaT), and written as both; a form of them that we would
not write is kept besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any, BinaryIO
from xml.sax.saxutils import quoteattr

from workbench.domain.language import RU_ZH, Pair
from workbench.domain.memory import Rejected, Unit
from workbench.formats import tmx_header
from workbench.formats.composition import printable
from workbench.formats.xml_tree import NAME, Node, element, escape, fragment, records

Props = list[tuple[str, str]]

LONGEST_SEGMENT = 50_000
# Inline elements whose content is markup of the document, not text of the sentence.
CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})
BEFORE, AFTER = ("x-context-pre", "prev"), ("x-context-post", "next")
ARTICLE, GLOSSARY = "x-workbench-article", "x-workbench-glossary"
FIELDS = {ARTICLE: "article", GLOSSARY: "glossary_version"}
FIELDS |= dict.fromkeys(BEFORE, "before") | dict.fromkeys(AFTER, "after")
DATES = ("creationdate", "changedate")
PEOPLE = ("creationid", "changeid")
# Traditional script is another target than ours.
TRADITIONAL = re.compile(r"zh[-_](?:hant|tw|hk|mo)", re.IGNORECASE)
CODES_OF_LANGUAGE = {"ru": ("ru", "rus"), "zh": ("zh", "zho", "chi", "cmn")}
WRITTEN = {"ru": "ru", "zh": "zh-CN"}


# -- reading --------------------------------------------------------------------------------


def read_tmx(stream: BinaryIO, name: str = "", pair: Pair = RU_ZH) -> Iterator[Unit | Rejected]:
    """Yield the units of a TMX file as they are read, and what cannot be used with its line.

    *stream* holds bytes in UTF-8 or UTF-16. Raises InputError when the file is not a whole TMX
    file or is an attack (entities, endless nesting).
    """
    above: dict[str, str] = {}
    header = ""
    for node in records(stream, name, "tmx", "tu", "header"):
        if node.tag == "header":
            above, header = (
                node.attributes,
                tmx_header.kept(node, WRITTEN.get(pair.source, pair.source)),
            )
            continue
        unit = _unit(node, pair, above)
        if header and isinstance(unit, Unit):
            unit = replace(unit, props=(*unit.props, ("header", header)))
            header = ""
        yield unit


def _unit(node: Node, pair: Pair, above: dict[str, str]) -> Unit | Rejected:
    if node.cut:
        return Rejected(node.line, "memory.unit_too_long")
    source = target = None
    others: list[Node] = []
    for variant in node.all("tuv"):
        code = _language(variant)
        if source is None and speaks(code, pair.source):
            source = variant
        elif target is None and speaks(code, pair.target):
            target = variant
        else:
            others.append(variant)
    if source is None or target is None:
        return Rejected(node.line, "memory.unit_without_pair")
    props: Props = []
    texts = [_segment(variant, side, props) for variant, side in _sides(source, target)]
    if not texts[0].strip() or not texts[1].strip():
        return Rejected(node.line, "memory.unit_empty")
    if max(map(len, texts)) > LONGEST_SEGMENT:
        return Rejected(node.line, "memory.unit_too_long")
    props += [
        (f"@{name}", value)
        for name, value in tmx_header.differing(node.attributes, above, _language(source))
    ]
    fields = _provenance(node, target, props)
    fields |= _children(node, props)
    for child in source.all("prop"):
        for field, kinds in (("before", BEFORE), ("after", AFTER)):
            if child.attributes.get("type") in kinds:
                fields.setdefault(field, _bare(child.text))
    for variant, side in _sides(source, target):
        language = pair.source if side == "source" else pair.target
        _variant(variant, side, props, WRITTEN.get(language, language))
    props += [("tuv", other.outer) for other in others]
    return Unit(texts[0], texts[1], origin="import", props=tuple(props), **fields)


def _sides(source: Node, target: Node) -> tuple[tuple[Node, str], tuple[Node, str]]:
    return (source, "source"), (target, "target")


def _language(variant: Node) -> str:
    return variant.attributes.get("xml:lang") or variant.attributes.get("lang", "")


def speaks(code: str, language: str) -> bool:
    """Tell whether a language code of a file is of *language* (Traditional Chinese is not zh)."""
    if language == "zh" and TRADITIONAL.match(code):
        return False
    known = CODES_OF_LANGUAGE.get(language, (language,))
    return re.split("[-_]", code.lower())[0] in known


def _segment(variant: Node, side: str, props: Props) -> str:
    """Return the text of <seg>; where it has inline tags they are kept in *props*."""
    found = variant.all("seg")
    if not found:
        return ""
    if found[0].elements:
        props.append((f"{side}/seg", found[0].inner))
    return _text(found[0])


def _text(node: Node) -> str:
    """Return the text of the sentence; <hi> and unknown tags are transparent."""
    return "".join(
        part if isinstance(part, str) else "" if part.tag in CODES else _text(part)
        for part in node.parts
    )


def _provenance(node: Node, target: Node, props: Props) -> dict[str, Any]:
    """Return who and when, from <tu> or the target's <tuv>; the rest of the attributes is kept."""
    both = {
        **node.attributes,
        **{n: target.attributes[n] for n in DATES + PEOPLE if n in target.attributes},
    }
    created, changed = (_from_tmx(both.get(name, "")) for name in DATES)
    author = both.get("changeid") or both.get("creationid", "")
    taken = {"changeid", *tmx_header.DEFAULTS}
    taken |= {name for name, value in zip(DATES, (created, changed), strict=True) if value}
    if both.get("creationid", author) == author:
        taken.add("creationid")
    props += [
        (f"@{name}", text)
        for name, text in node.attributes.items()
        if name not in taken or (name in DATES + PEOPLE and both[name] != text)
    ]
    return {"created": created, "changed": changed or created, "author": author}


def _children(node: Node, props: Props) -> dict[str, Any]:
    """Return the fields that <note> and <prop> of <tu> give; the others are kept."""
    fields: dict[str, Any] = {}
    for child in node.elements:
        if child.tag == "tuv":
            continue
        kind = child.attributes.get("type", "")
        plain = not child.elements and len(child.attributes) == (child.tag == "prop")
        if not plain:
            props.append(_kept(child, "", plain))
            continue
        text = child.text
        field = FIELDS.get(kind, "") if child.tag == "prop" else ""
        if child.tag == "note" and text and "note" not in fields:
            fields["note"] = text
        elif kind == tmx_header.CARRIED:
            props.append(("header", text))
        elif field and fields.get(field) in (None, bare := _bare(text)):
            fields[field] = bare
            if text != bare or not text:
                props.append(_kept(child, "", plain))
        else:
            props.append(_kept(child, "", plain))
    return fields


def _bare(text: str) -> str:
    """Return a neighbour's text; memoQ writes it as ``<seg>…</seg>``, once more as XML."""
    inside = fragment(text) if text.startswith("<seg>") else None
    return _text(inside) if inside else text


def _kept(child: Node, side: str, plain: bool) -> tuple[str, str]:
    if plain and child.tag == "note":
        return f"{side}note", child.text
    if plain and child.tag == "prop" and "type" in child.attributes:
        return f"{side}prop:{child.attributes['type']}", child.text
    return f"{side}element", child.outer


def _variant(variant: Node, side: str, props: Props, code: str) -> None:
    """Keep what a <tuv> says besides its text."""
    for name, text in variant.attributes.items():
        if name == "lang" and "xml:lang" in variant.attributes:
            continue
        name_now = "xml:lang" if name == "lang" else name  # TMX 1.1 has lang
        if (name_now, text) != ("xml:lang", code):
            props.append((f"{side}@{name_now}", text))
    for child in variant.elements:
        if child.tag != "seg":
            plain = not child.elements and len(child.attributes) == (child.tag == "prop")
            props.append(_kept(child, f"{side}/", plain))


def _from_tmx(text: str) -> str:
    """``20261125T154300Z`` → ``2026-11-25T15:43:00.000+00:00``; empty where it is no time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")


def _to_tmx(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


# -- writing --------------------------------------------------------------------------------


def write_tmx(stream: BinaryIO, units: Iterable[Unit], pair: Pair = RU_ZH) -> int:
    """Write the units as they come; return how many."""
    waiting = iter(units)
    first = next(waiting, None)
    kept = next((xml for name, xml in first.props if name == "header"), "") if first else ""
    header, above = tmx_header.written(kept, WRITTEN.get(pair.source, pair.source))
    declared = '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
    stream.write(f"{declared}{header}\n<body>\n".encode())
    count = 0
    for unit in chain([first] if first else [], waiting):
        stream.write(_tu(unit, pair, above, carried=bool(count)).encode())
        count += 1
    stream.write(b"</body>\n</tmx>\n")
    return count


def _tu(unit: Unit, pair: Pair, above: dict[str, str], carried: bool) -> str:
    """Return a <tu> below a header that says *above*; *carried*: it keeps another header."""
    kept: dict[str, Props] = {"": [], "source": [], "target": []}
    for name, value in unit.props:
        side = next((s for s in ("source", "target") if name.startswith((f"{s}@", f"{s}/"))), "")
        kept[side].append((name[len(side) :].removeprefix("/"), value))
    attributes = {
        "creationdate": _to_tmx(unit.created),
        "creationid": unit.author,
        "changedate": _to_tmx(unit.changed),
        "changeid": unit.author,
    }
    attributes |= _holding(kept, above, WRITTEN.get(pair.source, pair.source))
    _without_outdated(kept, attributes)
    # Where the file said who and when, and not twice.
    told = {name[1:] for name, _ in kept["target"] if name[1:] in DATES + PEOPLE}
    attributes = {name: text for name, text in attributes.items() if name not in told}
    lines = [f"<tu{_attributes(attributes, kept[''])}>"]
    if unit.note:
        lines.append(element("note", unit.note))
    named = [
        (ARTICLE, unit.article),
        (GLOSSARY, unit.glossary_version),
        *((kind, unit.before) for kind in BEFORE),
        *((kind, unit.after) for kind in AFTER),
    ]
    present = {name for name, _ in kept[""] + kept["source"]}
    lines += [
        element("prop", text, type=kind)
        for kind, text in named
        if text and f"prop:{kind}" not in present
    ]
    lines += _elements(kept[""])
    headers = [value for name, value in kept[""] if name == "header" and carried]
    lines += [element("prop", xml, type=tmx_header.CARRIED) for xml in headers]
    lines.append(_tuv(pair.source, unit.source, kept["source"]))
    lines.append(_tuv(pair.target, unit.target, kept["target"]))
    lines += [value for name, value in kept[""] if name == "tuv" and fragment(value)]
    return "\n".join([*lines, "</tu>\n"])


def _holding(kept: dict[str, Props], above: dict[str, str], code: str) -> dict[str, str]:
    """Take ``segtype`` and the like out of *kept*; return what must be said below the header."""
    code = next((text for name, text in kept["source"] if name == "@xml:lang"), code)
    names = {f"@{name}" for name in tmx_header.DEFAULTS}
    said = {name[1:]: text for name, text in kept[""] if name in names}
    kept[""] = [item for item in kept[""] if item[0] not in names]
    holds = {name: tmx_header.ours(code)[name] for name in tmx_header.DEFAULTS} | said
    return {name: text for name, text in holds.items() if text != above[name]}


def _without_outdated(kept: dict[str, Props], own: dict[str, str]) -> None:
    """Take out the change that a file told of, when the unit was changed again since."""
    told = {name[1:]: text for name, text in kept["target"] if name.startswith("@change")}
    told = {
        name: _to_tmx(_from_tmx(text)) if name in DATES else text for name, text in told.items()
    }
    if any(own[name] != text for name, text in told.items() if name in own):
        for side in ("", "target"):
            kept[side] = [item for item in kept[side] if not item[0].startswith("@change")]


def _tuv(language: str, text: str, kept: Props) -> str:
    code = {"xml:lang": WRITTEN.get(language, language)}
    inner = next((value for name, value in kept if name == "seg"), None)
    if inner is not None:
        node = fragment(inner)
        if node is None or _text(node) != text:  # the text was changed since: its tags are void
            inner = None
    content = escape(printable(text)) if inner is None else inner
    parts = "".join(_elements(kept))
    return f"<tuv{_attributes(code, kept)}>{parts}<seg>{content}</seg></tuv>"


def _attributes(own: dict[str, str], kept: Props) -> str:
    values = {name: value for name, value in own.items() if value}
    values |= {name[1:]: value for name, value in kept if name.startswith("@")}
    return "".join(
        f" {name}={quoteattr(printable(value))}"
        for name, value in values.items()
        if NAME.fullmatch(name)
    )


def _elements(kept: Props) -> list[str]:
    lines = []
    for name, value in kept:
        if name == "note":
            lines.append(element("note", value))
        elif name.startswith("prop:"):
            lines.append(element("prop", value, type=name.removeprefix("prop:")))
        elif name == "element" and fragment(value):
            lines.append(value)
    return lines
