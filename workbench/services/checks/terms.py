"""Checks of glossary terms: the approved form stands, no forbidden form stands."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.domain.language import Span
from workbench.domain.row import Issue, Row, Severity
from workbench.domain.term import Hit, Term


class TermMissing:
    """A term of the source whose Chinese form does not stand in the target.

    The receipts of the row decide (they count occurrences); a hit without a receipt is looked
    for by its accepted forms.
    """

    name = "ZH-T01"
    severity: Severity = "error"

    def __call__(self, row: Row) -> Iterator[Issue]:
        known = {receipt.hit for receipt in row.receipts}
        missing = [receipt.hit for receipt in row.receipts if receipt.state == "missing"]
        missing += [
            hit
            for hit in row.hits
            if hit not in known
            and hit.state == "found"
            and hit.term.status == "approved"
            and not any(form in row.target for form in hit.term.accepted)
        ]
        for hit in missing:
            yield self._issue(hit)

    def _issue(self, hit: Hit) -> Issue:
        values = (("form", hit.form), ("target", hit.term.target))
        return Issue(self.name, self.severity, "checks.ZH-T01", values, source=hit.span)


class TermForbidden:
    """A form that the glossary calls wrong for a term of the source."""

    name = "ZH-T02"
    severity: Severity = "error"

    def __call__(self, row: Row) -> Iterator[Issue]:
        terms = {hit.term.source: hit.term for hit in row.hits}
        # An accepted form may contain a forbidden one (a short name within a full one).
        masked = row.target
        for form in sorted((f for t in terms.values() for f in t.accepted), key=len, reverse=True):
            masked = masked.replace(form, "\0" * len(form))
        for term in terms.values():
            yield from self._stands(term, masked)

    def _stands(self, term: Term, masked: str) -> Iterator[Issue]:
        for form in sorted(term.forbidden, key=len, reverse=True):
            place = masked.find(form) if form else -1
            while place >= 0:
                span = Span(place, place + len(form))
                values = (("form", form), ("target", term.target))
                yield Issue(self.name, self.severity, "checks.ZH-T02", values, target=span)
                masked = masked.replace(form, "\0" * len(form), 1)
                place = masked.find(form)
