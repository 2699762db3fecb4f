"""XLIFF 1.2 and 2.1: one translation unit a segment, grouped by the blocks of the article.

The file tells which article it was written from, and each unit which revision of its row, so that
a file that comes back does not undo what was done meanwhile, or in another article.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.domain.article import Article
from workbench.domain.row import Row, SegmentState
from workbench.formats.composition import by_segment, printable

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
NAMESPACE_2 = "urn:oasis:names:tc:xliff:document:2.0"  # of 2.1 too
OWN = "urn:x-workbench:xliff"
REVISION = f"{{{OWN}}}revision"
ARTICLE = f"{{{OWN}}}article"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
STATES: dict[SegmentState, str] = {
    "new": "needs-translation",
    "drafted": "needs-review-translation",
    "edited": "needs-review-translation",
    "confirmed": "translated",
    "reviewed": "signed-off",
    "locked": "final",
}
STATES_2: dict[SegmentState, tuple[str, str]] = {
    "new": ("initial", ""),
    "drafted": ("initial", "workbench:drafted"),
    "edited": ("initial", "workbench:edited"),
    "confirmed": ("translated", ""),
    "reviewed": ("reviewed", ""),
    "locked": ("final", ""),
}
APPROVED = frozenset({"confirmed", "reviewed", "locked"})


class XliffWriter:
    """Writes every segment, those without a target too."""

    name = "xliff"
    suffix = ".xliff"
    media_type = "application/xliff+xml"

    def write(self, article: Article, rows: Sequence[Row]) -> bytes:
        """Return the file in UTF-8."""
        from lxml import etree

        root = etree.Element("xliff", {"version": "1.2"}, nsmap=_names(NAMESPACE))
        file = etree.SubElement(
            root,
            "file",
            {
                "original": printable(article.name or article.metadata.title or "article"),
                "source-language": article.pair.source,
                "target-language": f"{article.pair.target}-CN",
                "datatype": "plaintext",
            }
            | _number(article),
        )
        _header(file, article)
        body = etree.SubElement(file, "body")
        found = by_segment(rows)
        for n, block in enumerate(article.blocks, 1):
            kind = f"x-{block.kind}"
            group = etree.SubElement(body, "group", {"id": f"b{n}", "restype": kind})
            for segment in block.segments:
                row = found.get(segment.n)
                given = {"id": str(segment.n), SPACE: "preserve", REVISION: _revision(row)}
                unit = etree.SubElement(group, "trans-unit", given)
                etree.SubElement(unit, "source").text = printable(segment.source)
                _target(unit, row)
        return bytes(
            etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=False)
        )


class Xliff2Writer:
    """Writes every segment, those without a target too, as XLIFF 2.1."""

    name = "xliff2"
    suffix = ".xliff"
    media_type = "application/xliff+xml"

    def write(self, article: Article, rows: Sequence[Row]) -> bytes:
        """Return the file in UTF-8."""
        from lxml import etree

        languages = {"srcLang": article.pair.source, "trgLang": f"{article.pair.target}-CN"}
        root = etree.Element("xliff", {"version": "2.1"} | languages, nsmap=_names(NAMESPACE_2))
        original = printable(article.name or article.metadata.title or "article")
        file = etree.SubElement(
            root, "file", {"id": "article", "original": original} | _number(article)
        )
        facts = _facts(article)
        if facts:
            notes = etree.SubElement(file, "notes")
            for name, value in facts.items():
                etree.SubElement(notes, "note", {"category": name}).text = value
        found = by_segment(rows)
        for n, block in enumerate(article.blocks, 1):
            kind = f"workbench:{block.kind}"
            group = etree.SubElement(file, "group", {"id": f"b{n}", "type": kind})
            for segment in block.segments:
                row = found.get(segment.n)
                given = {"id": str(segment.n), SPACE: "preserve", REVISION: _revision(row)}
                unit = etree.SubElement(group, "unit", given)
                _segment_2(unit, printable(segment.source), row)
        return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _segment_2(unit: _Element, source: str, row: Row | None) -> None:
    from lxml import etree

    state, detail = STATES_2[row.state if row and row.target else "new"]
    given = {"id": "1", "state": state} | ({"subState": detail} if detail else {})
    segment = etree.SubElement(unit, "segment", given)
    etree.SubElement(segment, "source").text = source
    if row and row.target:
        etree.SubElement(segment, "target").text = printable(row.target)


def _names(namespace: str) -> Any:
    return {None: namespace, "wb": OWN}


def _revision(row: Row | None) -> str:
    return str(row.revision if row else 0)


def _number(article: Article) -> dict[str, str]:
    """Return what tells the file of one article from that of another with the same text."""
    return {ARTICLE: str(article.id)} if article.id else {}


def _facts(article: Article) -> dict[str, str]:
    known = article.metadata
    facts = {name: getattr(known, name) for name in ("title", "author", "outlet", "date", "url")}
    return {name: printable(value) for name, value in facts.items() if value}


def _header(file: _Element, article: Article) -> None:
    from lxml import etree

    facts = _facts(article)
    if facts:
        header = etree.SubElement(file, "header")
        for name, value in facts.items():
            etree.SubElement(header, "note", {"from": name}).text = value


def _target(unit: _Element, row: Row | None) -> None:
    from lxml import etree

    if row is None or not row.target:
        return
    if row.state in APPROVED:
        unit.set("approved", "yes")
    target = etree.SubElement(unit, "target", {"state": STATES[row.state]})
    target.text = printable(row.target)
