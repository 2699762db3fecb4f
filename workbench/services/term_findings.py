"""Faults of the glossary itself: what ``glossary check`` reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.domain.term import Term
from workbench.languages.fold import key
from workbench.languages.morphology import is_common

Fault = Literal["duplicate", "conflict", "dangling_variant", "forbidden_target", "common_word"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault and the entries it concerns; ``detail`` is the form or text in question."""

    fault: Fault
    terms: tuple[Term, ...]
    detail: str


def findings(terms: Sequence[Term]) -> list[Finding]:
    """Return every fault, the graver kinds first."""
    return [
        *_repeated(terms),
        *_conflicts(terms),
        *_forbidden(terms),
        *_dangling(terms),
        *_common(terms),
    ]


def _overlap(a: Term, b: Term) -> bool:
    """Tell whether two entries hold on a common day."""
    return not (
        (a.valid_to and b.valid_from and a.valid_to < b.valid_from)
        or (b.valid_to and a.valid_from and b.valid_to < a.valid_from)
    )


def _repeated(terms: Sequence[Term]) -> Iterator[Finding]:
    same: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for term in terms:
        same[key(term.source), term.target].append(term)
    for (source, _), group in same.items():
        if len(group) > 1:
            yield Finding("duplicate", tuple(group), source)


def _conflicts(terms: Sequence[Term]) -> Iterator[Finding]:
    """Yield forms of two entries with different Chinese: the matcher cannot choose."""
    owners: dict[str, dict[int, Term]] = defaultdict(dict)
    for term in terms:
        for form in term.forms:
            if form.how != "struck":
                owners[key(form.text)][id(term)] = term
    seen: set[tuple[int, ...]] = set()
    for shared, found in owners.items():
        group = tuple(found.values())
        if len(group) < 2 or len({term.target for term in group}) < 2:
            continue
        pair = tuple(sorted(found))
        clash = any(
            a is not b and _overlap(a, b) and b.target not in a.accepted
            for a in group
            for b in group
        )
        if clash and pair not in seen:
            seen.add(pair)
            yield Finding("conflict", group, shared)


def _forbidden(terms: Sequence[Term]) -> Iterator[Finding]:
    """Yield entries whose own accepted form holds a form that they forbid."""
    for term in terms:
        for text in term.forbidden:
            if any(text in accepted for accepted in term.accepted):
                yield Finding("forbidden_target", (term,), text)


def _dangling(terms: Sequence[Term]) -> Iterator[Finding]:
    """Yield variants that are another entry's forbidden form."""
    bad: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        for text in term.forbidden:
            bad[text].append(term)
    for term in terms:
        for text in term.accepted:
            for other in bad.get(text, ()):
                if other is not term:
                    yield Finding("dangling_variant", (term, other), text)


def _common(terms: Sequence[Term]) -> Iterator[Finding]:
    """Yield one-word names that are ordinary words and are not told apart by quotes."""
    for term in terms:
        if " " in term.source or term.needs_quotes or term.type in ("term", "event", "document"):
            continue
        if term.source[:1].isupper() and not term.source.isupper() and is_common(term.source):
            yield Finding("common_word", (term,), term.source)
