"""Checks of glossary terms: the approved form stands, no forbidden form stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.domain.language import Span
from workbench.domain.row import Issue, Row, Severity
from workbench.domain.term import Hit


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
    """A form that the glossary calls wrong for a term of the source.

    The longest form at a place decides: a forbidden short form within an accepted long one is
    right, an accepted short form within a forbidden long one does not save it.
    """

    name = "ZH-T02"
    severity: Severity = "error"

    def __call__(self, row: Row) -> Iterator[Issue]:
        rejected = {receipt.hit for receipt in row.receipts if receipt.state == "rejected"}
        terms = {hit.term.source: hit.term for hit in row.hits if hit not in rejected}.values()
        wrong = {form: term for term in terms for form in term.forbidden if form}
        for form in (form for term in terms for form in term.accepted):
            wrong.pop(form, None)
        if not wrong:
            return
        known = {*wrong, *(form for term in terms for form in term.accepted if form)}
        longest_first = sorted(known, key=len, reverse=True)
        for match in re.finditer("|".join(map(re.escape, longest_first)), row.target):
            term = wrong.get(match[0])
            if term is not None:
                values = (("form", match[0]), ("target", term.target))
                span = Span(*match.span())
                yield Issue(self.name, self.severity, "checks.ZH-T02", values, target=span)
