"""Hits, receipts and issues as JSON.

A hit keeps the glossary entry as it was when the hit was found, without its list of forms:
the form that matched stands in the hit itself.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from workbench.domain.language import Span
from workbench.domain.row import Issue
from workbench.domain.term import Hit, Receipt, Term

Json = dict[str, Any]

_LISTS = ("variants", "forbidden", "context")


def encode_span(span: Span | None) -> list[int] | None:
    """Return ``[start, end]``."""
    return None if span is None else [span.start, span.end]


def decode_span(value: list[int] | None) -> Span | None:
    """Read ``[start, end]``."""
    return None if value is None else Span(*value)


def encode_term(term: Term) -> Json:
    """Return the entry without its forms, leaving out what has its default value."""
    bare = asdict(replace(term, forms=()))
    return {name: value for name, value in bare.items() if value != getattr(_EMPTY, name)}


def decode_term(value: Json) -> Term:
    """Read an entry."""
    lists = {name: tuple(value[name]) for name in _LISTS if name in value}
    return replace(_EMPTY, **{**value, **lists})


_EMPTY = Term(source="", target="")


def encode_hit(hit: Hit) -> Json:
    """Return a hit."""
    return {
        "term": encode_term(hit.term),
        "span": encode_span(hit.span),
        "form": hit.form,
        "how": hit.how,
        "state": hit.state,
    }


def decode_hit(value: Json) -> Hit:
    """Read a hit."""
    return Hit(
        decode_term(value["term"]),
        Span(*value["span"]),
        value["form"],
        value["how"],
        value["state"],
    )


def encode_receipt(receipt: Receipt) -> Json:
    """Return a receipt with its hit."""
    return {
        "hit": encode_hit(receipt.hit),
        "state": receipt.state,
        "method": receipt.method,
        "target": encode_span(receipt.target),
        "reason": receipt.reason,
        "choice": receipt.choice,
    }


def decode_receipt(value: Json) -> Receipt:
    """Read a receipt."""
    return Receipt(
        decode_hit(value["hit"]),
        value["state"],
        value["method"],
        decode_span(value["target"]),
        value["reason"],
        value.get("choice", ""),  # rows of the first edition have none
    )


def encode_issue(issue: Issue) -> Json:
    """Return an issue; whether it is dismissed is kept apart (table ``dismissals``)."""
    return {
        "check": issue.check,
        "severity": issue.severity,
        "key": issue.key,
        "values": [list(pair) for pair in issue.values],
        "source": encode_span(issue.source),
        "target": encode_span(issue.target),
        "fix": issue.fix,
        "id": issue.id,
    }


def decode_issue(value: Json, dismissed: frozenset[str] = frozenset()) -> Issue:
    """Read an issue; *dismissed* are the ids that people have put aside in its segment."""
    return Issue(
        value["check"],
        value["severity"],
        value["key"],
        tuple((name, text) for name, text in value["values"]),
        decode_span(value["source"]),
        decode_span(value["target"]),
        value["fix"],
        value["id"],
        bool(value["id"]) and value["id"] in dismissed,
    )
