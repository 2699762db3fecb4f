"""The JSON shapes of ``/api/v1``. Offsets are code points; times ISO 8601 in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from workbench.domain.article import Article, ArticleSummary
from workbench.domain.language import Span
from workbench.domain.row import Issue, Row, Version
from workbench.domain.term import Hit, Receipt, Term
from workbench.messages import say
from workbench.services.name_desk import Accepted, UnknownName
from workbench.services.name_ledger import LedgerForm, LedgerName

Json = dict[str, Any]


def span_json(span: Span | None) -> list[int] | None:
    """``[start, end]``."""
    return None if span is None else [span.start, span.end]


def term_json(term: Term) -> Json:
    """A glossary entry as the page shows it."""
    return {
        "id": term.id,
        "source": term.source,
        "target": term.target,
        "variants": term.variants,
        "forbidden": term.forbidden,
        "type": term.type,
        "status": term.status,
        "note": term.note,
        "revision": term.revision,
    }


def hit_json(hit: Hit, receipt: Receipt | None) -> Json:
    """A hit with what became of it in the target."""
    return {
        **term_json(hit.term),
        "start": hit.span.start,
        "end": hit.span.end,
        "form": hit.form,
        "found": hit.state,
        "state": receipt.state if receipt else "",
        "method": receipt.method if receipt else "",
        "place": span_json(receipt.target) if receipt else None,
        "reason": receipt.reason if receipt else "",
        "choice": receipt.choice if receipt else "",
    }


def readings_json(hit: Hit, terms: Iterable[Term]) -> Json:
    """What an uncertain hit may be."""
    return {
        "start": hit.span.start,
        "end": hit.span.end,
        "form": hit.form,
        "terms": [term_json(term) for term in terms],
    }


def issue_json(issue: Issue, language: str) -> Json:
    """An issue in the user's language."""
    problem, remedy = say(issue.key, language, **dict(issue.values))
    return {
        "id": issue.id,
        "check": issue.check,
        "severity": issue.severity,
        "message": problem,
        "remedy": remedy,
        "source": span_json(issue.source),
        "target": span_json(issue.target),
        "fix": issue.fix,
        "dismissed": issue.dismissed,
    }


def row_json(row: Row, language: str) -> Json:
    """A row of the grid."""
    receipts = {(r.hit.span, r.hit.term.id, r.hit.term.source): r for r in row.receipts}
    return {
        "id": row.segment.id,
        "n": row.segment.n,
        "source": row.segment.source,
        "target": row.target,
        "state": row.state,
        "origin": row.origin,
        "engine": row.engine,
        "score": row.score,
        "revision": row.revision,
        "author": row.author,
        "changed": row.changed,
        "hits": [
            hit_json(hit, receipts.get((hit.span, hit.term.id, hit.term.source)))
            for hit in row.hits
        ],
        "issues": [issue_json(issue, language) for issue in row.issues],
    }


def blocks_json(article: Article) -> list[Json]:
    """The blocks: kind, level and the numbers of their first and last segment."""
    return [
        {
            "kind": block.kind,
            "level": block.level,
            "first": block.segments[0].n,
            "last": block.segments[-1].n,
        }
        for block in article.blocks
        if block.segments
    ]


def summary_json(summary: ArticleSummary) -> Json:
    """An article of the list."""
    return asdict(summary)


def version_json(version: Version) -> Json:
    """A saved version of a target."""
    return asdict(version)


def unknown_json(name: UnknownName) -> Json:
    """A name that the glossary does not know, with proposals, best first."""
    found = name.found
    return {
        "name": found.name,
        "surname": found.surname,
        "gender": found.gender,
        "alone": found.alone,
        "count": found.count,
        "forms": found.forms,
        "mentions": [
            {"id": m.segment_id, "n": m.n, "start": m.span.start, "end": m.span.end, "form": m.form}
            for m in found.mentions
        ],
        "proposals": [asdict(proposal) for proposal in name.proposals],
    }


def accepted_json(done: Accepted, language: str) -> Json:
    """What accepting a name did; ``undo`` is the number to undo it with."""
    renewed = done.renewed
    return {
        "undo": done.number,
        "terms": [term_json(term) for term in done.terms],
        "rows": [row_json(row, language) for row in renewed.rows],
        "changed": [row.segment.n for row in renewed.changed],
        "flagged": [row.segment.n for row in renewed.flagged],
        "locked": renewed.locked,
        "conflicts": renewed.conflicts,
        "articles": done.articles,
    }


def ledger_json(name: LedgerName) -> Json:
    """A name with the forms that stand for it."""
    return {
        "name": name.name,
        "type": name.type,
        "approved": name.approved,
        "consistent": name.consistent,
        "mentions": name.mentions,
        "forms": [_form_json(form) for form in name.forms],
    }


def _form_json(form: LedgerForm) -> Json:
    return {
        "zh": form.zh,
        "wanted": form.wanted,
        "right": form.right,
        "count": len(form.places),
        "places": [
            {
                "article": place.article_id,
                "id": place.segment_id,
                "n": place.n,
                "state": place.state,
                "revision": place.revision,
                "start": place.span.start,
                "end": place.span.end,
            }
            for place in form.places
        ],
    }
