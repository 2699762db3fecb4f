"""XLIFF 1.2: one translation unit a segment, grouped by the blocks of the article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.domain.article import Article
from workbench.domain.row import Row, SegmentState
from workbench.formats.composition import by_segment, printable

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
STATES: dict[SegmentState, str] = {
    "new": "needs-translation",
    "drafted": "needs-review-translation",
    "edited": "needs-review-translation",
    "confirmed": "translated",
    "reviewed": "signed-off",
    "locked": "final",
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

        root = etree.Element("xliff", {"version": "1.2"}, nsmap={None: NAMESPACE})  # type: ignore[dict-item]
        file = etree.SubElement(
            root,
            "file",
            {
                "original": printable(article.name or article.metadata.title or "article"),
                "source-language": article.pair.source,
                "target-language": f"{article.pair.target}-CN",
                "datatype": "plaintext",
            },
        )
        _header(file, article)
        body = etree.SubElement(file, "body")
        found = by_segment(rows)
        for n, block in enumerate(article.blocks, 1):
            kind = f"x-{block.kind}"
            group = etree.SubElement(body, "group", {"id": f"b{n}", "restype": kind})
            for segment in block.segments:
                unit = etree.SubElement(
                    group, "trans-unit", {"id": str(segment.n), SPACE: "preserve"}
                )
                etree.SubElement(unit, "source").text = printable(segment.source)
                _target(unit, found.get(segment.n))
        return bytes(
            etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=False)
        )


def _header(file: _Element, article: Article) -> None:
    from lxml import etree

    known = article.metadata
    facts = {name: getattr(known, name) for name in ("title", "author", "outlet", "date", "url")}
    if any(facts.values()):
        header = etree.SubElement(file, "header")
        for name, value in facts.items():
            if value:
                etree.SubElement(header, "note", {"from": name}).text = printable(value)


def _target(unit: _Element, row: Row | None) -> None:
    from lxml import etree

    if row is None or not row.target:
        return
    if row.state in APPROVED:
        unit.set("approved", "yes")
    target = etree.SubElement(unit, "target", {"state": STATES[row.state]})
    target.text = printable(row.target)
