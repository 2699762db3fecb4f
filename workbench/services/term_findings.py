"""Faults of the glossary itself: what ``glossary check`` reports, each with what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from workbench.domain.term import Term
from workbench.languages.fold import key
from workbench.languages.traditional import simplified
from workbench.messages import say
from workbench.services.term_advice import is_common_name
from workbench.services.term_entries import dated, overlap
from workbench.storage.terms import BaseRow

Fault = Literal[
    "duplicate",
    "conflict",
    "overlapping_dates",
    "forbidden_target",
    "dangling_variant",
    "shared_variant",
    "traditional",
    "common_word",
    "base_differs",
]
Action = Literal[
    "merge", "choose", "limit_dates", "drop_form", "simplify", "set_quotes", "take_base"
]
_ACTIONS: Mapping[Fault, Action] = {
    "duplicate": "merge",
    "conflict": "choose",
    "overlapping_dates": "limit_dates",
    "forbidden_target": "drop_form",
    "dangling_variant": "drop_form",
    "shared_variant": "drop_form",
    "traditional": "simplify",
    "common_word": "set_quotes",
    "base_differs": "take_base",
}
# Kinds of which two different ones never share a Chinese name; a ministry's short name is that of
# every country's ministry, and a term's variants are words of the language.
_UNIQUE = ("person", "place", "media")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault and the entries it concerns; ``detail`` is the form or text in question.

    For ``base_differs`` the second entry is what the shipped base says now (without a number).
    """

    fault: Fault
    terms: tuple[Term, ...]
    detail: str

    @property
    def action(self) -> Action:
        """What would mend it."""
        return _ACTIONS[self.fault]

    def say(self, language: str = "en") -> tuple[str, str]:
        """Return (what is wrong, what to do) in *language*."""
        names = [f"{term.source} → {term.target}" for term in self.terms]
        values = {"detail": self.detail, "first": names[0], "second": names[-1]}
        return say(f"findings.{self.fault}", language, **values)


def findings(terms: Sequence[Term], shipped: Container[int] = ()) -> list[Finding]:
    """Return every fault of live entries, the graver kinds first.

    That a name is also a common word was thought of in the *shipped* entries (by their ids).
    """
    own = [term for term in terms if term.id not in shipped]
    return [
        *_repeated(terms),
        *_conflicts(terms),
        *_overlapping(terms),
        *_forbidden(terms),
        *_dangling(terms),
        *_shared(terms),
        *_traditional(terms),
        *(Finding("common_word", (t,), t.source) for t in own if is_common_name(t)),
    ]


def base_differences(
    changed: Mapping[int, Term], marks: Mapping[int, str], rows: Sequence[BaseRow]
) -> list[tuple[Finding, str]]:
    """Return the entries *changed* here whose shipped row is another now, with that row's mark.

    *marks* are the shipped rows that the entries came from.
    """
    shipped = {row.key: row for row in rows}
    found = []
    for number, term in changed.items():
        row = shipped.get(marks[number].partition(".")[0])
        if row is None or _line(row.mark) == _line(marks[number]) or _same(row.term, term):
            continue
        found.append((Finding("base_differs", (term, row.term), term.source), row.mark))
    return found


def _line(mark: str) -> list[str]:
    """Return what a mark says of the shipped line, without the version of the forms."""
    return mark.split(".")[:2]


def _same(a: Term, b: Term) -> bool:
    return replace(a, forms=(), id=0, revision=0) == replace(b, forms=(), id=0, revision=0)


def _repeated(terms: Sequence[Term]) -> Iterator[Finding]:
    same: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for term in terms:
        same[key(term.source), term.target].append(term)
    for (source, _), group in same.items():
        if any(overlap(a, b) for a in group for b in group if a is not b):
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
            a is not b
            and overlap(a, b)
            and b.target not in a.accepted
            and not _dates_are_to_blame(a, b)
            for a in group
            for b in group
        )
        if clash and pair not in seen:
            seen.add(pair)
            yield Finding("conflict", group, shared)


def _dates_are_to_blame(a: Term, b: Term) -> bool:
    return key(a.source) == key(b.source) and (dated(a) or dated(b))


def _overlapping(terms: Sequence[Term]) -> Iterator[Finding]:
    """Yield entries of one source, at least one of them with dates, that hold on a common day."""
    same: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        same[key(term.source)].append(term)
    for source, group in same.items():
        for number, a in enumerate(group):
            for b in group[number + 1 :]:
                if a.target != b.target and _dates_are_to_blame(a, b) and overlap(a, b):
                    yield Finding("overlapping_dates", (a, b), source)


def _forbidden(terms: Sequence[Term]) -> Iterator[Finding]:
    """Yield entries whose own accepted form holds a form that they forbid."""
    for term in terms:
        for text in term.forbidden:
            if any(text in accepted for accepted in term.accepted):
                yield Finding("forbidden_target", (term,), text)


def _dangling(terms: Sequence[Term]) -> Iterator[Finding]:
    """Yield accepted forms that another entry forbids."""
    bad: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        for text in term.forbidden:
            bad[text].append(term)
    for term in terms:
        for text in term.accepted:
            for other in bad.get(text, ()):
                if other is not term:
                    yield Finding("dangling_variant", (term, other), text)


def _shared(terms: Sequence[Term]) -> Iterator[Finding]:
    """Yield variants that are the approved name of something else of the same kind."""
    names: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for term in terms:
        if term.type in _UNIQUE:
            names[term.type, term.target].append(term)
    for term in terms:
        for variant in term.variants:
            for other in names.get((term.type, variant), ()):
                if other is not term and not _akin(term, other):
                    yield Finding("shared_variant", (term, other), variant)


def _akin(a: Term, b: Term) -> bool:
    """Tell whether two entries may be one thing: a state's full and short name, one surname."""
    if a.target in b.accepted:
        return True
    if a.type == "person":
        return key(a.source).split()[-1] == key(b.source).split()[-1]
    return bool(set(a.target) & set(b.target))


def _traditional(terms: Sequence[Term]) -> Iterator[Finding]:
    for term in terms:
        for text in term.accepted:
            if (plain := simplified(text)) != text:
                yield Finding("traditional", (term,), f"{text} → {plain}")
