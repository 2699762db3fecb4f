"""What may be a mention though it is no form of an entry: shown to a person, never enforced.

Adjectives of names (казахстанский → Казахстан) and other inflections by the dictionary's lemmas
(«Большой Евразией», «обеих Корей»). Names of persons are left out: their lemmas are guesses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from workbench.domain.term import Term
from workbench.languages.fold import key
from workbench.languages.morphology import lemmas
from workbench.languages.place_adjectives import names_of
from workbench.languages.russian_forms import is_acronym
from workbench.services.term_candidates import Words
from workbench.services.term_index import TermIndex, hashes_of, stems_of

Suggestion = tuple[int, int, Term]  # start, end in the folded text, entry

_ADJECTIVAL = ("person", "place", "org")


def suggestions(
    words: Words, taken: Sequence[tuple[int, int]], index: TermIndex
) -> Iterator[Suggestion]:
    """Yield what *index* suggests for words that are in no range *taken*; they may overlap."""
    free = _free(words, taken)
    yield from _by_lemma(words, free, index)
    yield from _adjectives(words, free, index)


def _free(words: Words, taken: Sequence[tuple[int, int]]) -> list[int]:
    """Return the words, by number, that begin in no range."""
    covered: set[int] = set()
    for start, end in taken:
        first = bisect_right(words.ends, start)
        covered.update(range(first, bisect_left(words.starts, end)))
    return [n for n in range(len(words.starts)) if n not in covered]


def _adjectives(words: Words, free: Sequence[int], index: TermIndex) -> Iterator[Suggestion]:
    places: list[int] = []
    names: list[str] = []
    for n in free:
        if "ск" in words.texts[n] or "цк" in words.texts[n]:
            made_of = names_of(words.texts[n])
            names += made_of
            places += [n] * len(made_of)
    done = -1
    for at, numbers in index.forms.find(names):
        n = places[at]
        for term in (index.entries[number] for number in numbers) if n != done else ():
            if term.type in _ADJECTIVAL and key(term.source) == names[at]:
                done = n
                yield words.starts[n], words.ends[n], term
                break


def _by_lemma(words: Words, free: Sequence[int], index: TermIndex) -> Iterator[Suggestion]:
    stems = stems_of([words.texts[n] for n in free])
    lengths = index.stem_beginnings.lengths(hashes_of(stems))
    runs = []
    for at in lengths.nonzero()[0].tolist():
        for length in range(1, int(lengths[at]) + 1):
            run = free[at : at + length]
            if len(run) < length or run[-1] - run[0] != length - 1:
                break
            runs.append((at, length))
    texts = [" ".join(stems[at : at + length]) for at, length in runs]
    for found, numbers in index.stems.find(texts):
        at, length = runs[found]
        start, end = words.starts[free[at]], words.ends[free[at + length - 1]]
        for number in numbers:
            term = index.entries[number]
            if _one_lemma(words, start, end, term):
                yield start, end, term
                break


def _one_lemma(words: Words, start: int, end: int, term: Term) -> bool:
    """Tell whether every word of a range has a lemma in common with the entry's.

    A form that the entry has was refused by the rules, or by the person who struck it.
    """
    small = term.source[:1].isupper() and not words.folded.clean[start].isupper()
    if small or term.needs_quotes or is_acronym(term.source):
        return False
    form = words.folded.text[start:end]
    if any(key(known.text) == form for known in term.forms):
        return False
    written, wanted = form.split(" "), key(term.source).split(" ")
    return len(written) == len(wanted) and all(
        a == b or not lemmas(a).isdisjoint(lemmas(b)) for a, b in zip(written, wanted, strict=True)
    )
