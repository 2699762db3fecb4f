"""What may be a mention though it is no form of an entry: shown to a person, never enforced.

Adjectives of names (казахстанский → Казахстан) and other inflections by the dictionary's lemmas
(«Большой Евразией», «обеих Корей»). Names of persons are left out: their lemmas are guesses.
"""

from __future__ import annotations

import re
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

_ADJECTIVE = re.compile("[сц]к[иоау]")
_ADJECTIVAL = ("person", "place", "org")


def suggestions(
    words: Words, taken: Sequence[tuple[int, int]], index: TermIndex
) -> Iterator[Suggestion]:
    """Yield what *index* suggests for words that are in no range *taken*; they may overlap."""
    covered = _covered(words, taken)
    yield from _by_lemma(words, covered, index)
    yield from _adjectives(words, covered, index)


def _covered(words: Words, taken: Sequence[tuple[int, int]]) -> set[int]:
    """Return the words, by number, that are in a range."""
    covered: set[int] = set()
    for start, end in taken:
        first = bisect_right(words.ends, start)
        covered.update(range(first, bisect_left(words.starts, end)))
    return covered


def _adjectives(words: Words, covered: set[int], index: TermIndex) -> Iterator[Suggestion]:
    found = {
        bisect_right(words.starts, at.start()) - 1 for at in _ADJECTIVE.finditer(words.folded.text)
    }
    pairs = [(n, name) for n in sorted(found - covered) for name in names_of(words.texts[n])]
    done = -1
    for at, numbers in index.forms.find([name for _, name in pairs]):
        n, name = pairs[at]
        for term in (index.entry(number) for number in numbers) if n != done else ():
            if term.type in _ADJECTIVAL and key(term.source) == name:
                done = n
                yield words.starts[n], words.ends[n], term
                break


def _by_lemma(words: Words, covered: set[int], index: TermIndex) -> Iterator[Suggestion]:
    """Yield what begins with a capital: the forms of entries in small letters are all made."""
    first = [n for n in words.capitals if n not in covered]
    roots = stems_of([words.texts[n] for n in first])
    lengths = index.stem_beginnings.lengths(hashes_of(roots))
    runs: list[range] = []
    stems: list[str] = []
    places = lengths.nonzero()[0]
    for at, length in zip(places.tolist(), lengths[places].tolist(), strict=True):
        begin, stem = first[at], roots[at]
        runs.append(range(begin, begin + 1))
        stems.append(stem)
        for n in range(begin + 1, min(begin + length, len(words.texts))):
            if n in covered:
                break
            stem = f"{stem} {stems_of((words.texts[n],))[0]}"
            runs.append(range(begin, n + 1))
            stems.append(stem)
    for found, numbers in index.stems.find(stems):
        start, end = words.starts[runs[found][0]], words.ends[runs[found][-1]]
        for number in numbers:
            term = index.entry(number)
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
