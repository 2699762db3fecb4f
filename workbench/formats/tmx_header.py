"""The header of a TMX file: what another program said there is kept, and its defaults hold.

The first unit of a file carries the header as XML in its prop ``header``; an export that begins
with that unit has that header again, with our name as the program and the former one in
``x-workbench-creationtool``. A unit in the middle of an export carries it as a <prop>.

``segtype``, ``srclang`` and ``datatype`` of the header hold for every <tu> that does not say
otherwise, so a unit keeps them where they differ from ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import quoteattr

from workbench import __version__
from workbench.formats.composition import printable
from workbench.formats.xml_tree import NAME, Node, element, fragment

CARRIED = "x-workbench-header"
DEFAULTS = ("segtype", "srclang", "datatype")
_PROGRAM = ("creationtool", "creationtoolversion")
_NAME = "workbench"


def ours(language: str) -> dict[str, str]:
    """Return the attributes of our own header; *language* is the source's code."""
    return {
        "creationtool": _NAME,
        "creationtoolversion": __version__,
        "segtype": "sentence",
        "o-tmf": _NAME,
        "adminlang": "en",
        "srclang": language,
        "datatype": "plaintext",
    }


def kept(header: Node, language: str) -> str:
    """Return a header as XML; empty when it says no more than ours."""
    given = dict(header.attributes)
    former = {f"x-workbench-{name}": name for name in _PROGRAM}
    parts: list[str | Node] = []
    for part in header.parts:
        kind = part.attributes.get("type", "") if isinstance(part, Node) else ""
        if isinstance(part, Node) and kind in former:
            given[former[kind]] = part.text
        else:
            parts.append(part)
    for name in _PROGRAM if given.get("creationtool") == _NAME else ():
        given.pop(name, None)
    said = Node("header", given, parts)
    if not said.elements and given.items() <= ours(language).items():
        return ""
    return said.outer


def written(xml: str, language: str) -> tuple[str, dict[str, str]]:
    """Return the header to write for a kept one ("" for ours), and what holds by it."""
    found = fragment(xml)
    node = found.elements[0] if found and found.elements else Node("header")
    given = {name: text for name, text in node.attributes.items() if NAME.fullmatch(name)}
    own = ours(language)
    former = {name: given[name] for name in _PROGRAM if name in given}
    values = given | {name: own[name] for name in _PROGRAM}
    values |= {name: text for name, text in own.items() if name not in values}
    inner = node.inner + "".join(
        element("prop", text, type=f"x-workbench-{name}") for name, text in former.items()
    )
    attributes = "".join(f" {name}={quoteattr(printable(text))}" for name, text in values.items())
    end = f">{inner}</header>" if inner.strip() else "/>"
    return f"<header{attributes}{end}", {name: values[name] for name in DEFAULTS}


def differing(
    own: Mapping[str, str], above: Mapping[str, str], code: str
) -> Iterable[tuple[str, str]]:
    """Yield what holds for a <tu> by itself or by the header *above*, where ours differs.

    *code* is the language code of its source: the ``srclang`` that goes without saying.
    """
    silent = ours(code)
    for name in DEFAULTS:
        value = own.get(name) or above.get(name, "")
        if value and value != silent[name]:
            yield name, value
