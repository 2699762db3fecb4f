"""TBX, the exchange format of termbases, and MultiTerm's XML: one concept at a time.

Version 2 (martif, with tig or ntig), version 3 (tbx, in the styles dca and dct) and what SDL
MultiTerm writes itself (mtf) are read; version 2 and version 3 in the style dca are written.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.domain.language import RU_ZH, Pair
from workbench.domain.term import TERM_TYPES, Term
from workbench.errors import InputError
from workbench.formats.term_tables import flags_of, flags_text
from workbench.formats.xml_tree import Node, element, records

_ROOT = re.compile(r"<(?:(\w+):)?(tbx|martif|mtf)[\s>]")
_CONCEPTS = {"tbx": "conceptEntry", "martif": "termEntry", "mtf": "conceptGrp"}
_SECTIONS = ("langSec", "langSet", "languageGrp")
_GROUPS = ("termSec", "tig", "ntig", "termGrp")
_RATINGS = ("administrativeStatus", "normativeAuthorization", "status", "forbidden")
_BAD = ("deprecated", "superseded", "forbidden", "obsolete", "notrecommended", "prohibited")
_TRADITIONAL = ("hant", "tw", "hk", "mo")
# What TBX has no word for: quotation marks, dates, our states.
_OWN = "x-workbench"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tbx style="dca" type="TBX-Basic" xml:lang="ru" xmlns="urn:iso:std:iso:30042:ed-2">
<tbxHeader><fileDesc><sourceDesc><p>workbench</p></sourceDesc></fileDesc></tbxHeader>
<text><body>
"""
_LONGEST_NOTE = 5_000
_HEAD_2 = """<?xml version="1.0" encoding="UTF-8"?>
<martif type="TBX-Basic" xml:lang="ru">
<martifHeader><fileDesc><sourceDesc><p>workbench</p></sourceDesc></fileDesc>
<encodingDesc><p type="XCSURI">TBXBasicXCSV02.xcs</p></encodingDesc></martifHeader>
<text><body>
"""
_STATUS = {
    "proposed": "admittedTerm-admn-sts",
    "approved": "preferredTerm-admn-sts",
    "deprecated": "supersededTerm-admn-sts",
    "forbidden": "deprecatedTerm-admn-sts",
}


@dataclass(frozen=True, slots=True)
class _Written:
    """One term of a concept: its text, how it is rated; ``rank`` is 0 for the preferred ones."""

    text: str
    bad: bool
    proposed: bool
    rank: int


def read_tbx(data: bytes, name: str, pair: Pair = RU_ZH) -> Iterator[tuple[int, Term]]:
    """Yield (line, entry as written, not yet checked). Raises InputError, also for an attack.

    Each Russian term of a concept becomes an entry; the first preferred Chinese one is its target,
    the others are variants, deprecated ones are forbidden. Traditional Chinese counts where a
    concept has no Simplified.
    """
    data = _in_utf8(data)
    found = _ROOT.search(data[:20_000].decode("utf-8", "replace"))
    if not found:
        raise InputError("terms.bad_tbx", name=name)
    prefix = f"{found.group(1)}:" if found.group(1) else ""
    root = found.group(2)
    wanted, header = prefix + _CONCEPTS[root], f"{prefix}tbxHeader"
    for concept in records(io.BytesIO(data), name, prefix + root, wanted, header):
        if concept.tag == wanted:
            for term in _entries(concept, pair):
                yield concept.line, term


def _in_utf8(data: bytes) -> bytes:
    """Return UTF-16, as MultiTerm writes it, as UTF-8; anything else as it is."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            return re.sub(r"encoding=[\"'][\w-]+[\"']", 'encoding="utf-8"', text, count=1).encode()
    return data


def _local(tag: str) -> str:
    """Return an element's name without its prefix: ``basic:note`` → ``note``."""
    return tag.rpartition(":")[2]


def _entries(concept: Node, pair: Pair) -> Iterator[Term]:
    sections = [n for n in _descendants(concept) if _local(n.tag) in _SECTIONS]
    sources = [w for s in sections if _code(s)[0] == pair.source for w in _terms(s)]
    ours = [s for s in sections if _code(s)[0] == pair.target]
    simplified = [s for s in ours if not set(_code(s)) & set(_TRADITIONAL)]
    targets = [w for s in simplified or ours for w in _terms(s)]
    good = [w.text for w in sorted(targets, key=lambda w: w.rank) if not w.bad] or [""]
    bad = tuple(w.text for w in targets if w.bad)
    notes = [_plain(n) for n in _descendants(concept) if _named(n, "note")]
    origins = [_plain(n) for n in _descendants(concept) if _named(n, "source")]
    own = next((_plain(n) for n in _descendants(concept) if _named(n, _OWN)), None)
    status, _, flags = (own or "").partition(" ")
    for written in sources:
        if written.bad and own is None:
            continue
        yield Term(
            **{"status": "proposed" if written.proposed else "approved", **flags_of(flags)}
            | ({"status": status} if status else {}),
            source=written.text,
            target=good[0],
            type=_kind(concept),  # type: ignore[arg-type]
            variants=tuple(good[1:]),
            forbidden=bad,
            note="; ".join(dict.fromkeys(filter(None, notes)))[:_LONGEST_NOTE],
            provenance="; ".join(dict.fromkeys(filter(None, origins)))[:_LONGEST_NOTE],
        )


def _code(section: Node) -> list[str]:
    """Return the language of a section in its parts: ``zh-Hans-CN`` → zh, hans, cn."""
    code = section.attributes.get("xml:lang") or section.attributes.get("lang", "")
    for node in section.elements:
        if _local(node.tag) == "language":  # MultiTerm's
            code = node.attributes.get("lang", "") or node.attributes.get("type", "")
    return code.lower().replace("_", "-").split("-")


def _named(node: Node, name: str) -> bool:
    """Tell whether an element holds the data category *name*: by type (dca) or by tag (dct)."""
    if _local(node.tag) in ("descrip", "admin", "termNote"):
        return node.attributes.get("type", "").lower() == name.lower()
    return _local(node.tag) == name


def _terms(section: Node) -> Iterator[_Written]:
    """Yield the terms of a language section: termSec (3), tig and ntig/termGrp (2)."""
    for group in section.elements:
        if _local(group.tag) not in _GROUPS:
            continue
        nodes = list(_descendants(group))
        rating = " ".join(
            _plain(n).lower() for n in nodes if any(_named(n, name) for name in _RATINGS)
        )
        rated = rating.replace(" ", "").replace("-", "")
        flagged = any(
            _named(n, "forbidden") and _plain(n).lower() in ("true", "yes", "1") for n in nodes
        )
        is_bad = flagged or any(word in rated for word in _BAD)
        rank = 0 if "preferred" in rated else 2 if "admitted" in rated else 1
        for node in nodes:
            if _local(node.tag) == "term" and _plain(node):
                yield _Written(_plain(node), is_bad, "proposed" in rated, rank)


def _kind(concept: Node) -> str:
    """Return our type when the subject field names one."""
    for node in _descendants(concept):
        if _named(node, "subjectField") and _plain(node).lower() in TERM_TYPES:
            return _plain(node).lower()
    return "term"


def _descendants(node: Node) -> Iterator[Node]:
    for child in node.elements:
        yield child
        yield from _descendants(child)


def _plain(node: Node) -> str:
    """Return the text of an element and of the highlighting inside it."""
    parts = (part if isinstance(part, str) else _plain(part) for part in node.parts)
    return " ".join("".join(parts).split())


def write_tbx(terms: Iterable[Term], pair: Pair = RU_ZH, version: Literal[2, 3] = 3) -> bytes:
    """Return the entries as TBX-Basic."""
    names = _Names("martif", "termEntry", "langSet", "tig")
    if version == 3:
        names = _Names("tbx", "conceptEntry", "langSec", "termSec")
    out = [_HEAD if version == 3 else _HEAD_2]
    for number, term in enumerate(terms, 1):
        out.append(f'<{names.concept} id="t{term.id or number}">\n')
        out.append(element("descrip", term.type, type="subjectField") + "\n")
        if term.provenance:
            out.append(element("admin", term.provenance, type="source") + "\n")
        own = f"{term.status} {flags_text(term)}".strip()
        if own != "approved":
            out.append(element("admin", own, type=_OWN) + "\n")
        if term.note:
            out.append(element("note", term.note) + "\n")
        status = _STATUS[term.status]
        out.append(_section(names, pair.source, [(term.source, status)]))
        forms = [(term.target, "preferredTerm-admn-sts")]
        forms += [(text, "admittedTerm-admn-sts") for text in term.variants]
        forms += [(text, "deprecatedTerm-admn-sts") for text in term.forbidden]
        out.append(_section(names, pair.target, forms))
        out.append(f"</{names.concept}>\n")
    out.append(f"</body></text>\n</{names.root}>\n")
    return "".join(out).encode()


@dataclass(frozen=True, slots=True)
class _Names:
    """What a version calls its elements."""

    root: str
    concept: str
    section: str
    term: str


def _section(names: _Names, language: str, forms: Iterable[tuple[str, str]]) -> str:
    groups = "".join(
        f"<{names.term}>"
        + element("term", text)
        + element("termNote", status, type="administrativeStatus")
        + f"</{names.term}>"
        for text, status in forms
    )
    return f'<{names.section} xml:lang="{language}">{groups}</{names.section}>\n'
