"""Drafting: an article's segments become rows with targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.domain.article import Article, Segment
from workbench.domain.ports import Request, RowChecks, Stop, Tidy, Translator, never
from workbench.domain.row import Origin, Row
from workbench.domain.term import Hit, Receipt
from workbench.errors import Cancelled
from workbench.services.enforcement import Enforcement
from workbench.services.memory import Memory
from workbench.services.term_receipts import carried
from workbench.services.terminology import Terminology

# A window is drafted at once: long enough for batches of like lengths, short enough that the
# first rows appear soon and a cancel is heard.
WINDOW = 16


@dataclass(frozen=True, slots=True)
class Drafting:
    """Memory first, then the engine with the glossary enforced, then checks."""

    terminology: Terminology
    enforcement: Enforcement
    memory: Memory
    language: Tidy
    checks: RowChecks

    def draft(
        self,
        article: Article,
        translator: Translator,
        stop: Stop = never,
        only: frozenset[int] | None = None,
        before: Mapping[int, Sequence[Receipt]] | None = None,
    ) -> Iterator[Row]:
        """Yield a row for each segment in reading order, window by window.

        *only* names the segment ids to draft (a resumed job); the others are passed over. *before*
        holds the receipts of earlier drafts by segment id: what people chose there holds on. Raises
        what the engine raises, and Cancelled when *stop* turns true; rows already yielded stand.
        """
        segments = article.segments
        wanted = [n for n, s in enumerate(segments) if only is None or s.id in only]
        for first in range(0, len(wanted), WINDOW):
            if stop():
                raise Cancelled("drafting.cancelled")
            window = wanted[first : first + WINDOW]
            for row in self._window(article, segments, window, translator, stop, before or {}):
                receipts = carried(row.receipts, (before or {}).get(row.segment.id, ()))
                known = replace(row, receipts=receipts)
                yield replace(known, issues=self.checks.run(known))

    def _window(
        self,
        article: Article,
        segments: Sequence[Segment],
        window: Sequence[int],
        translator: Translator,
        stop: Stop,
        before: Mapping[int, Sequence[Receipt]],
    ) -> Iterator[Row]:
        date = article.metadata.date
        chosen = {n: tuple(before.get(segments[n].id, ())) for n in window}
        hits = {
            n: self.terminology.reread(Row(segments[n], receipts=receipts), date)
            for n, receipts in chosen.items()
        }
        rows = {n: self._remembered(segments, n, hits[n], date) for n in window}
        missing = [n for n in window if rows[n] is None]
        items = [
            (Request(segments[n].source, before=segments[n - 1].source if n else ""), hits[n])
            for n in missing
        ]
        drafted = self.enforcement.translate(article.pair, items, translator, stop)
        for index, enforced in drafted:
            n = missing[index]
            rows[n] = self._machine(
                segments[n], hits[n], enforced.text, enforced.receipts, translator
            )
        for n in window:
            row = rows[n]
            if row is not None:
                yield row

    def _remembered(
        self, segments: Sequence[Segment], n: int, hits: tuple[Hit, ...], date: str
    ) -> Row | None:
        """Return a row from an exact match, unless its target misses a term."""
        before = segments[n - 1].source if n else ""
        after = segments[n + 1].source if n + 1 < len(segments) else ""
        match = self.memory.best(segments[n].source, before, after, date)
        if match is None:
            return None
        receipts = self.terminology.verify(hits, match.target)
        if any(receipt.state == "missing" for receipt in receipts):
            return None
        origin: Origin = "context" if match.how == "context" else "exact"
        remembered = tuple(
            replace(receipt, method="memory") if receipt.state == "honoured" else receipt
            for receipt in receipts
        )
        return Row(segments[n], match.target, "drafted", origin, "", match.score, hits, remembered)

    def _machine(
        self,
        segment: Segment,
        hits: tuple[Hit, ...],
        text: str,
        receipts: tuple[Receipt, ...],
        translator: Translator,
    ) -> Row:
        """Tidy the draft, unless that spoils a term; tidying moves the places of the receipts."""
        target = self.language.tidy(text)
        if target != text:
            tidied = self.terminology.verify(hits, target, receipts, short=False, by="model")
            spoilt = any(receipt.state == "missing" for receipt in tidied)
            target, receipts = (text, receipts) if spoilt else (target, tidied)
        return Row(segment, target, "drafted", "machine", translator.info.name, 0, hits, receipts)
