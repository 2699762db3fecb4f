"""Where the Chinese forms of terms stand in a target: counted, longest first, each place once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import marisa_trie

from workbench.domain.language import Span
from workbench.domain.term import Hit, Term
from workbench.services.short_forms import stands_for_country

# Only these are shields for shorter forms: 白俄罗斯 is no mention of 俄罗斯. Titles of newspapers
# are not (俄罗斯报 would hide 俄罗斯 in 据俄罗斯报道), and a full name mentions its surname.
SHIELD_TYPES = ("place", "org", "document", "event")


@dataclass(frozen=True, slots=True)
class Placement:
    """An accepted form of some hits at a place of the target."""

    span: Span
    form: str


class Shields:
    """Longer Chinese forms of the glossary that hide shorter ones inside them."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._trie = marisa_trie.Trie(
            form
            for term in terms
            if term.type in SHIELD_TYPES
            for form in term.accepted
            if len(form) > 1
        )

    def spans(self, target: str) -> list[Span]:
        """Return every place in *target* where one of the forms stands."""
        return [
            Span(start, start + len(form))
            for start in range(len(target))
            for form in self._trie.prefixes(target[start : start + 60])
        ]


def entity(hit: Hit) -> object:
    """Return what tells one entry from another: its number, or its two sides while unsaved."""
    return hit.term.id or (hit.term.source, hit.term.target)


def placements(
    hits: Sequence[Hit], target: str, shields: Shields, short: bool = True
) -> list[Placement]:
    """Return the places of the hits' accepted forms in *target*, in order, never overlapping.

    The longest form claims its place first, so that one 联合国安理会 does not also count as 联合国.
    *short* also counts what only people write: a country's one character, a person's surname alone.
    """
    forms = {form for hit in hits for form in _forms(hit.term, short)}
    letters = {form for form in forms if len(form) == 1} - {hit.term.target for hit in hits}
    hidden = [span for span in shields.spans(target) if span.of(target) not in forms]
    found: list[Placement] = []
    taken = [False] * len(target)
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        start = target.find(form)
        while start >= 0:
            span = Span(start, start + len(form))
            free = not any(taken[span.start : span.end]) and (
                form not in letters or stands_for_country(target, start)
            )
            if free and not any(_inside(span, other) for other in hidden):
                found.append(Placement(span, form))
                taken[span.start : span.end] = [True] * len(form)
            start = target.find(form, start + (len(form) if free else 1))
    return sorted(found, key=lambda placement: placement.span.start)


def _forms(term: Term, short: bool) -> Iterator[str]:
    """Yield the forms that count; one of a single character counts in full as the target."""
    for form in term.accepted:
        if len(form) > 1 or (form and (short or form == term.target)):
            yield form
    if short and term.type == "person":
        yield from _surname(term)


def _surname(term: Term) -> Iterator[str]:
    surname = term.target.rpartition("·")[2]
    if surname != term.target and len(surname) > 1:
        yield surname


def _inside(span: Span, other: Span) -> bool:
    """Tell whether *span* is a proper part of *other*."""
    longer = other.end - other.start > span.end - span.start
    return longer and other.start <= span.start and span.end <= other.end


def serves(placement: Placement, hit: Hit, short: bool = True) -> bool:
    """Tell whether a placement is a mention of the hit's entry.

    A person's full name (谢尔盖·绍伊古) is also a mention of the surname (绍伊古).
    """
    forms = tuple(_forms(hit.term, short))
    if placement.form in forms:
        return True
    return hit.term.type == "person" and any(placement.form.endswith("·" + form) for form in forms)
