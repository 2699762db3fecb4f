"""TMX 1.4b, streaming both ways.

What a file says that a unit has no field for is kept in ``Unit.props`` and written back::

    @usagecount            an attribute of <tu>           source@…  target@…   of its <tuv>
    prop:x-domain          a <prop> of <tu>               source/prop:…        of its <tuv>
    note                   a further <note> of <tu>       source/note          of its <tuv>
    source/seg             the content of <seg> where it has inline tags, as XML
    tuv                    a <tuv> in a further language, as XML
    element                another element of <tu>, as XML

Neighbours are read from ``x-context-pre`` and ``x-context-post`` (memoQ) or ``prev`` and ``next``
(OmegaT), and written as both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO
from xml.sax.saxutils import quoteattr

from workbench import __version__
from workbench.domain.language import RU_ZH, Pair
from workbench.domain.memory import Rejected, Unit
from workbench.formats.composition import printable
from workbench.formats.xml_tree import NAME, Node, element, escape, fragment, records

Props = list[tuple[str, str]]

LONGEST_SEGMENT = 50_000
# Inline elements whose content is markup of the document, not text of the sentence.
CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})
BEFORE, AFTER = ("x-context-pre", "prev"), ("x-context-post", "next")
ARTICLE, GLOSSARY = "x-workbench-article", "x-workbench-glossary"
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
    for node in records(stream, name, "tmx", "tu", "header"):
        if node.tag == "tu":
            yield _unit(node, pair)


def _unit(node: Node, pair: Pair) -> Unit | Rejected:
    if node.cut:
        return Rejected(node.line, "memory.unit_too_long")
    source = target = None
    others: list[Node] = []
    for variant in node.all("tuv"):
        code = _language(variant)
        if source is None and _is(code, pair.source):
            source = variant
        elif target is None and _is(code, pair.target):
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
    fields = _provenance(node, target, props)
    fields |= _children(node, props)
    for variant, side in _sides(source, target):
        _variant(variant, side, props, WRITTEN[pair.source if side == "source" else pair.target])
    props += [("tuv", other.outer) for other in others]
    return Unit(texts[0], texts[1], origin="import", props=tuple(props), **fields)


def _sides(source: Node, target: Node) -> tuple[tuple[Node, str], tuple[Node, str]]:
    return (source, "source"), (target, "target")


def _language(variant: Node) -> str:
    return variant.attributes.get("xml:lang") or variant.attributes.get("lang", "")


def _is(code: str, language: str) -> bool:
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
    taken = {"changeid"}
    taken |= {name for name, value in zip(DATES, (created, changed), strict=True) if value}
    if both.get("creationid", author) == author:
        taken.add("creationid")
    props += [(f"@{name}", text) for name, text in node.attributes.items() if name not in taken]
    for name in DATES + PEOPLE:  # what <tuv> says is written at <tu>
        if name in target.attributes and name not in taken and name not in node.attributes:
            props.append((f"@{name}", target.attributes[name]))
    return {"created": created, "changed": changed or created, "author": author}


def _children(node: Node, props: Props) -> dict[str, Any]:
    """Return the fields that <note> and <prop> of <tu> give; the others are kept."""
    fields: dict[str, Any] = {}
    named = {
        "article": (ARTICLE,),
        "glossary_version": (GLOSSARY,),
        "before": BEFORE,
        "after": AFTER,
    }
    for child in node.elements:
        kind = child.attributes.get("type", "")
        plain = not child.elements and len(child.attributes) == (child.tag == "prop")
        field = next((name for name, kinds in named.items() if kind in kinds), "")
        if child.tag == "tuv":
            continue
        if child.tag == "note" and plain and child.text and "note" not in fields:
            fields["note"] = child.text
        elif child.tag == "prop" and plain and field and fields.get(field) in (None, _bare(child)):
            fields[field] = _bare(child)
        else:
            props.append(_kept(child, "", plain))
    return fields


def _bare(prop: Node) -> str:
    """Return a neighbour's text; memoQ writes it as ``<seg>…</seg>`` inside the <prop>."""
    text = prop.text
    return re.sub(r"<[^<>]*>", "", text) if text.startswith("<seg>") else text


def _kept(child: Node, side: str, plain: bool) -> tuple[str, str]:
    if plain and child.tag == "note":
        return f"{side}note", child.text
    if plain and child.tag == "prop" and "type" in child.attributes:
        return f"{side}prop:{child.attributes['type']}", child.text
    return f"{side}element", child.outer


def _variant(variant: Node, side: str, props: Props, code: str) -> None:
    """Keep what a <tuv> says besides its text."""
    for name, text in variant.attributes.items():
        if side == "target" and name in DATES + PEOPLE:
            continue
        if (name, text) != ("xml:lang", code):
            props.append((f"{side}@{name}", text))
    for child in variant.elements:
        if child.tag != "seg":
            plain = not child.elements and len(child.attributes) == (child.tag == "prop")
            props.append(_kept(child, f"{side}/", plain))


def _from_tmx(text: str) -> str:
    """``20261125T154300Z`` → ``2026-11-25T15:43:00.000+00:00``; empty where it is no time."""
    try:
        moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return ""
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
    stream.write(_head(pair).encode())
    count = 0
    for unit in units:
        stream.write(_tu(unit, pair).encode())
        count += 1
    stream.write(b"</body>\n</tmx>\n")
    return count


def _head(pair: Pair) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
        f'<header creationtool="workbench" creationtoolversion="{__version__}" '
        'segtype="sentence" o-tmf="workbench" adminlang="en" '
        f'srclang="{WRITTEN.get(pair.source, pair.source)}" datatype="plaintext"/>\n<body>\n'
    )


def _tu(unit: Unit, pair: Pair) -> str:
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
    lines = [f"<tu{_attributes(attributes, kept[''])}>"]
    if unit.note:
        lines.append(element("note", unit.note))
    named = [
        (ARTICLE, unit.article),
        (GLOSSARY, unit.glossary_version),
        *((kind, unit.before) for kind in BEFORE),
        *((kind, unit.after) for kind in AFTER),
    ]
    present = {name for name, _ in kept[""]}
    lines += [
        element("prop", text, type=kind)
        for kind, text in named
        if text and f"prop:{kind}" not in present
    ]
    lines += _elements(kept[""])
    lines.append(_tuv(pair.source, unit.source, kept["source"]))
    lines.append(_tuv(pair.target, unit.target, kept["target"]))
    lines += [value for name, value in kept[""] if name == "tuv" and fragment(value)]
    return "\n".join([*lines, "</tu>\n"])


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
