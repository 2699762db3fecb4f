"""TBX, the exchange format of termbases: versions 2 (martif) and 3 (tbx), one concept at a time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.domain.language import RU_ZH, Pair
from workbench.domain.term import TERM_TYPES, Term
from workbench.errors import InputError
from workbench.formats.xml_tree import Node, element, records

_ROOT = re.compile(rb"<(?:\w+:)?(tbx|martif)[\s>]")
_CONCEPTS = {"tbx": "conceptEntry", "martif": "termEntry"}
_BAD = ("deprecated", "superseded", "forbidden", "obsolete", "notrecommended")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tbx style="dca" type="TBX-Basic" xml:lang="ru" xmlns="urn:iso:std:iso:30042:ed-2">
<tbxHeader><fileDesc><sourceDesc><p>workbench</p></sourceDesc></fileDesc></tbxHeader>
<text><body>
"""
_TAIL = "</body></text>\n</tbx>\n"
_STATUS = {
    "proposed": "proposed-admn-sts",
    "approved": "preferredTerm-admn-sts",
    "deprecated": "deprecatedTerm-admn-sts",
    "forbidden": "deprecatedTerm-admn-sts",
}


@dataclass(frozen=True, slots=True)
class _Written:
    """One term of a concept: its text, how it is rated, its notes."""

    text: str
    bad: bool
    proposed: bool


def read_tbx(data: bytes, name: str, pair: Pair = RU_ZH) -> Iterator[tuple[int, Term]]:
    """Yield (line, entry as written, not yet checked). Raises InputError, also for an attack.

    Each Russian term of a concept becomes an entry; the first good Chinese one is its target, the
    others are variants, deprecated ones are forbidden.
    """
    found = _ROOT.search(data[:20_000])
    if not found:
        raise InputError("terms.bad_tbx", name=name)
    root = found.group(1).decode()
    for concept in records(io.BytesIO(data), name, root, _CONCEPTS[root], "tbxHeader"):
        if concept.tag == _CONCEPTS[root]:
            for term in _entries(concept, pair):
                yield concept.line, term


def _entries(concept: Node, pair: Pair) -> Iterator[Term]:
    sections = [n for n in concept.elements if n.tag in ("langSec", "langSet")]
    sources = [w for s in sections if _is(s, pair.source) for w in _terms(s)]
    targets = [w for s in sections if _is(s, pair.target) for w in _terms(s)]
    good = [w.text for w in targets if not w.bad] or [""]
    bad = tuple(w.text for w in targets if w.bad)
    notes = [_plain(n) for n in _descendants(concept) if n.tag in ("note", "basic:note")]
    for written in sources:
        if written.bad:
            continue
        yield Term(
            written.text,
            good[0],
            _kind(concept),  # type: ignore[arg-type]
            "proposed" if written.proposed else "approved",
            variants=tuple(good[1:]),
            forbidden=bad,
            note="; ".join(dict.fromkeys(filter(None, notes)))[:1000],
        )


def _is(section: Node, language: str) -> bool:
    code = section.attributes.get("xml:lang") or section.attributes.get("lang", "")
    return code.lower().replace("_", "-").split("-")[0] == language


def _terms(section: Node) -> Iterator[_Written]:
    """Yield the terms of a language section: termSec (3), tig and ntig/termGrp (2)."""
    for group in section.elements:
        if group.tag not in ("termSec", "tig", "ntig"):
            continue
        nodes = list(_descendants(group))
        notes = " ".join(
            _plain(n).lower()
            for n in nodes
            if n.tag.endswith("administrativeStatus")
            or n.attributes.get("type") in ("administrativeStatus", "normativeAuthorization")
        )
        rated = notes.replace(" ", "").replace("-", "")
        for node in nodes:
            if node.tag == "term" and _plain(node):
                is_bad = any(word in rated for word in _BAD)
                yield _Written(_plain(node), is_bad, "proposed" in rated)


def _kind(concept: Node) -> str:
    """Return our type when the subject field names one."""
    for node in _descendants(concept):
        field = node.attributes.get("type") == "subjectField" or node.tag.endswith("subjectField")
        if field and _plain(node).lower() in TERM_TYPES:
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


def write_tbx(terms: Iterable[Term], pair: Pair = RU_ZH) -> bytes:
    """Return the entries as TBX-Basic version 3."""
    out = [_HEAD]
    for number, term in enumerate(terms, 1):
        out.append(f'<conceptEntry id="t{term.id or number}">\n')
        out.append(element("descrip", term.type, type="subjectField") + "\n")
        if term.note:
            out.append(element("note", term.note) + "\n")
        status = _STATUS[term.status]
        out.append(_section(pair.source, [(term.source, status)]))
        forms = [(term.target, "preferredTerm-admn-sts")]
        forms += [(text, "admittedTerm-admn-sts") for text in term.variants]
        forms += [(text, "deprecatedTerm-admn-sts") for text in term.forbidden]
        out.append(_section(pair.target, forms))
        out.append("</conceptEntry>\n")
    out.append(_TAIL)
    return "".join(out).encode()


def _section(language: str, forms: Iterable[tuple[str, str]]) -> str:
    groups = "".join(
        "<termSec>"
        + element("term", text)
        + element("termNote", status, type="administrativeStatus")
        + "</termSec>"
        for text, status in forms
    )
    return f'<langSec xml:lang="{language}">{groups}</langSec>\n'
