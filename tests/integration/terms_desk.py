"""A terminologist's desk on a small glossary of the test's own, with articles and a memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbench.domain.article import Article, Block, Metadata, Segment
from workbench.domain.language import Span
from workbench.domain.memory import Unit
from workbench.domain.row import Row, SegmentState
from workbench.services.checks import Checks
from workbench.services.memory import Memory
from workbench.services.review import Review
from workbench.services.term_desk import TermDesk
from workbench.services.term_impact import TermImpact
from workbench.services.term_patch import TermPatch
from workbench.services.terminology import Terminology
from workbench.storage.articles import Articles
from workbench.storage.database import Database
from workbench.storage.exports import Exports
from workbench.storage.patches import Patches
from workbench.storage.term_places import TermPlaces
from workbench.storage.terms import Terms
from workbench.storage.units import Units


@dataclass
class House:
    """The parts that a test reaches for."""

    desk: TermDesk
    terminology: Terminology
    articles: Articles
    units: Units
    exports: Exports
    review: Review

    def draft(
        self, *pairs: tuple[str, str], date: str = "2026-11-25", state: SegmentState = "drafted"
    ) -> list[Row]:
        """Store an article of (source, target) and return its rows, saved by a machine."""
        body = " ".join(source for source, _ in pairs)
        cut, start = [], 0
        for n, (source, _) in enumerate(pairs, 1):
            start = body.index(source, start)
            cut.append(Segment(n, n, source, Span(start, start + len(source))))
        block = Block("paragraph", body, 0, tuple(cut))
        article = self.articles.add(Article((block,), Metadata("Статья", date=date)), "Аня")
        for segment, (source, target) in zip(article.segments, pairs, strict=True):
            hits = self.terminology.find(source, date)
            receipts = self.terminology.verify(hits, target)
            row = Row(segment, target, state, "machine", "m", 0, hits, receipts)
            self.articles.save_draft(row)
        return self.articles.rows(article.id)

    def confirm(self, row: Row) -> Row:
        """Confirm a row as it stands, with its unit."""
        return self.review.confirm(row.segment.id, row.target, row.revision, "Аня")

    def row(self, row: Row) -> Row:
        """Return the row as it stands now."""
        return self.articles.row(row.segment.id)

    def unit(self, source: str, target: str) -> Unit:
        """Put a unit of an import into the memory."""
        return self.units.put(Unit(source, target, origin="import"))


def open_house(database: Database, folder: Path, base: Path | None = None) -> House:
    """Return a house without the shipped glossary."""
    terms = Terms(database)
    terminology = Terminology(terms)
    if base is not None:
        terminology.sync_base(base)
    articles, units, exports = Articles(database), Units(database), Exports(database)
    places, checks = TermPlaces(database), Checks()
    patch = TermPatch(terminology, units, places, Patches(database), exports, checks)
    desk = TermDesk(terminology, TermImpact(terminology, places, exports), patch, base)
    memory = Memory(units, folder / "memory-index")
    review = Review(database, articles, units, terminology, checks, memory)
    return House(desk, terminology, articles, units, exports, review)
