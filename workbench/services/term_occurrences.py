"""Where an entry's Russian side stands in rows and units, and its old Chinese form with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from workbench.domain.term import Hit, Term
from workbench.services.term_entries import LIVE_STATES
from workbench.services.term_matching import Matcher
from workbench.services.term_placement import Placement, placements, serves
from workbench.services.terminology import Terminology
from workbench.storage.term_places import TextPlace

# A shorter beginning than this is common to too many words to look for.
_STEM = 3


@dataclass(frozen=True, slots=True)
class Swap:
    """A target with the old forms replaced.

    ``count`` is how many were; ``unsure`` how many stand there for another name as well.
    """

    text: str
    count: int
    unsure: int


def stems(term: Term) -> tuple[str, ...]:
    """Return strings of which one stands in every text that mentions the entry.

    They are the beginning that one word of all its forms shares, in the usual capitals; for a
    person's full name that of the surname, since the given name may be initials.
    """
    forms = [form.text.split() for form in term.forms if form.how != "struck" and form.text.strip()]
    forms.append(term.source.split())
    if len({len(words) for words in forms}) > 1:
        places = [0]
    else:
        places = [-1] if term.type == "person" else list(range(len(forms[0])))
    begins = [_beginning([_plain(words[place]) for words in forms]) for place in places]
    longest = max(begins, key=len)
    enough = len(longest) >= _STEM
    found = {longest} if enough else {_plain(words[places[0]]) for words in forms}
    shapes = {shape for word in found for shape in _shapes(word)}
    return tuple(sorted(shapes))


def _beginning(words: Sequence[str]) -> str:
    """Return what all the words begin with."""
    first, last = min(words), max(words)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    return first if same is None else first[:same]


def _plain(word: str) -> str:
    """Return the word up to what texts write in two ways: ё, a hyphen, quotation marks."""
    word = word.strip("«»\"„“'()").lower()
    for sign in "ё-‐‑–—’'":
        head, _, tail = word.partition(sign)
        word = head if len(head) >= _STEM or not tail else word
    return word


def _shapes(word: str) -> Iterator[str]:
    for text in {word, word.replace("ё", "е")}:
        yield from (text, text.capitalize(), text.upper())


class Occurrences:
    """Finds the hits of one entry, whatever its state, and swaps its Chinese forms."""

    def __init__(self, terminology: Terminology, term: Term, quick: bool = False) -> None:
        """Look for *term* with the whole glossary around it.

        *quick*: with only those entries around it that share its words; enough for counting.
        """
        self.glossary = terminology.ready()
        self.term = term
        if quick:
            matcher = Matcher(_relatives(terminology, term))
            self.glossary = replace(self.glossary, matcher=matcher)

    @cached_property
    def _alone(self) -> Matcher:
        return Matcher([replace(self.term, status="approved")])

    def hits(self, source: str, date: str) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
        """Return (the entry's hits, all hits) of a source; lemma suggestions do not count."""
        found = self.glossary.find(source, date)
        if self.term.status not in LIVE_STATES:
            return self._alone.find(source, date), found
        own = (h for h in found if h.term.id == self.term.id and h.how != "lemma")
        return tuple(own), found

    def uses(self, place: TextPlace, forms: Sequence[str]) -> tuple[Hit | None, str]:
        """Return the entry's first hit and the first of *forms* that stands for it, or ""."""
        own, every = self.hits(place.source, place.date)
        if not own:
            return None, ""
        if not any(form in place.target for form in forms):
            return own[0], ""
        found = self._placed(own[0], _others(every, self.term), place.target, forms)
        standing = {placement.form for placement in found}
        return own[0], next((form for form in forms if form in standing), "")

    def _placed(
        self, own: Hit, others: Sequence[Hit], target: str, forms: Iterable[str]
    ) -> list[Placement]:
        """Place the forms of all hits, and *forms* as if the entry accepted them."""
        either = replace(self.term, variants=(*self.term.variants, *forms))
        return placements([*others, replace(own, term=either)], target, self.glossary.shields)

    def swapped(self, source: str, date: str, target: str, swaps: Mapping[str, str]) -> Swap | None:
        """Return *target* with the old forms replaced, None where the Russian side has no hit.

        The longest form claims its place first, so that neither 白俄罗斯 nor the new form itself is
        touched for 俄罗斯; a form that stands for another name of the sentence too is left alone.
        An ambiguous hit counts: the form that stands there has decided which name it is.
        """
        own, every = self.hits(source, date)
        if not own:
            return None
        others = _others(every, self.term)
        found = self._placed(own[0], others, target, (*swaps, *swaps.values()))
        text, count, unsure = target, 0, 0
        for place in reversed(found):
            new = swaps.get(place.form)
            if new is None:
                continue
            if any(serves(place, other) for other in others):
                unsure += 1
                continue
            text = text[: place.span.start] + new + text[place.span.end :]
            count += 1
        return Swap(text, count, unsure)


def swaps_of(term: Term, target: str) -> dict[str, str]:
    """Return which Chinese form becomes which when the entry's form changes to *target*.

    With a person's full name the surname alone changes too.
    """
    swaps = {term.target: target}
    if term.type == "person":
        old, new = term.target.rpartition("·")[2], target.rpartition("·")[2]
        if len(old) > 1 and old not in (new, term.target):
            swaps[old] = new
    return swaps


def _relatives(terminology: Terminology, term: Term) -> list[Term]:
    """Return the live entries, *term* among them, whose Russian side holds a word of the term."""
    parts = {part.lower() for part in stems(term)}
    sources = {
        source
        for _, source, _, _ in terminology.terms.sides()
        if any(part in source.lower() for part in parts)
    }
    found = terminology.terms.of_sources(sorted(sources))
    return [other for other in found if other.status in LIVE_STATES]


def _others(hits: Sequence[Hit], term: Term) -> list[Hit]:
    return [hit for hit in hits if hit.term.id != term.id and hit.state != "suggested"]
