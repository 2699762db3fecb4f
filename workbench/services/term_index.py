"""The forms of very many entries, to be looked up by hash.

A form costs twelve bytes here: the hash of its folded text and the number of its entry, in two
arrays sorted by hash. That two forms share a hash of 64 bits has a chance of one in 30 million
for a million forms, and nobody can bring it about: Python draws the hash anew in every process.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, repeat
from typing import Any, Protocol

import numpy as np

from workbench.domain.term import Term
from workbench.languages.fold import fold
from workbench.storage.term_shelf import SURFACE_SEPARATOR

TOKEN = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_ENTRY_SEPARATOR = "\0"
_ENDINGS = "аеиоуыэюяйьвмхг"

Array = np.ndarray[Any, Any]


class Entries(Protocol):
    """Entries to be looked for: any number of them, made into a Term when asked for."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> Term: ...

    def surfaces(self) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
        """Yield types and forms (joined by SURFACE_SEPARATOR) of some entries at a time."""


class Listed:
    """Entries that are at hand as a list of terms with their forms."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms

    def __len__(self) -> int:
        return len(self._terms)

    def __getitem__(self, number: int) -> Term:
        return self._terms[number]

    def surfaces(self) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
        """Yield types and forms; the source is always among them unless it was struck."""
        yield [term.type for term in self._terms], [surfaces_of(term) for term in self._terms]


def surfaces_of(term: Term) -> str:
    """Return the forms under which an entry is found, joined."""
    struck = {form.text for form in term.forms if form.how == "struck"}
    texts = dict.fromkeys((term.source, *(form.text for form in term.forms)))
    return SURFACE_SEPARATOR.join(text for text in texts if text not in struck)


class _Sieve:
    """Tells of most hashes that they are not among many, faster than a search does."""

    def __init__(self, hashes: Array) -> None:
        size = 1 << max(10, (8 * len(hashes)).bit_length() - 1)
        self._mask = size - 1
        self._marks = np.zeros(size, dtype=bool)
        self._marks[hashes & self._mask] = True

    def passed(self, hashes: Array) -> Array:
        """Return the places of the hashes that may be among them."""
        return np.flatnonzero(self._marks[hashes & self._mask])


class HashIndex:
    """Numbers under the hashes of texts, any number of them under one."""

    def __init__(self, hashes: Array, numbers: Array) -> None:
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._numbers = numbers[order]
        self._sieve = _Sieve(hashes)

    def find(self, texts: Sequence[str]) -> Iterator[tuple[int, list[int]]]:
        """Yield (place in *texts*, the numbers under that text) for the texts that are there."""
        wanted = hashes_of(texts)
        places = self._sieve.passed(wanted)
        if not len(places):
            return
        places = places[np.argsort(wanted[places])]  # near each other in memory
        left = np.searchsorted(self._hashes, wanted[places])
        left[left == len(self._hashes)] = 0
        there = self._hashes[left] == wanted[places]
        places, left = places[there], left[there]
        right = np.searchsorted(self._hashes, wanted[places], "right")
        for place, first, last in zip(places.tolist(), left.tolist(), right.tolist(), strict=True):
            if last - first == 1:
                yield place, [int(self._numbers[first])]
            else:
                yield place, list(dict.fromkeys(self._numbers[first:last].tolist()))


class Beginnings:
    """The first words of all forms, with the length in characters of the longest form of each."""

    def __init__(self, hashes: Array, lengths: Array) -> None:
        order = np.argsort(hashes, kind="stable")
        hashes, lengths = hashes[order], lengths[order]
        starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]][: len(hashes)])
        self._hashes = hashes[starts]
        self._lengths = np.maximum.reduceat(lengths, starts) if len(starts) else lengths
        self._sieve = _Sieve(hashes)

    def lengths(self, hashes: Array) -> Array:
        """Return for each word how long a form may be that begins with it; 0 for none."""
        result = np.zeros(len(hashes), dtype=np.uint32)
        places = self._sieve.passed(hashes)
        places = places[np.argsort(hashes[places])]  # near each other in memory
        found = np.searchsorted(self._hashes, hashes[places])
        found[found == len(self._hashes)] = 0
        same = self._hashes[found] == hashes[places] if len(places) else found.astype(bool)
        result[places[same]] = self._lengths[found[same]]
        return result


def hashes_of(texts: Iterable[str]) -> Array:
    """Return the hashes of texts."""
    return np.fromiter(map(hash, texts), dtype=np.int64)


class TermIndex:
    """All forms of some entries, ready for look-up."""

    def __init__(self, entries: Entries) -> None:
        # An article names the same entries again and again.
        self.entry = lru_cache(maxsize=8192)(entries.__getitem__)
        gathered = _Gathering()
        for types, surfaces in entries.surfaces():
            gathered.add(types, surfaces)
        hashes, owners = _numpy(gathered.hashes), _numpy(gathered.owners)
        self.forms = HashIndex(hashes, owners)
        self.beginnings = Beginnings(_numpy(gathered.firsts), _numpy(gathered.lengths))
        self.names = HashIndex(_numpy(gathered.name_hashes), _numpy(gathered.name_owners))
        # What forms end in behind their last word: the plus of ОПЕК+, a closing quotation mark.
        self.tails = frozenset(tail for tail in gathered.tails if not tail.isalnum())
        self._bearers = frozenset(gathered.bearers)
        self.named_in_full = lru_cache(maxsize=8192)(self._named_in_full)
        # Sources by the stems of their words, for suggestions.
        self.stems = HashIndex(_numpy(gathered.stem_hashes), _numpy(gathered.stem_owners))
        self.stem_beginnings = Beginnings(_numpy(gathered.stem_firsts), _numpy(gathered.stem_words))

    def _named_in_full(self, surname: str) -> bool:
        """Tell whether a full name ends in that surname, given as its entry has it."""
        return hash(fold(surname).text) in self._bearers


def _numpy(numbers: array[int]) -> Array:
    return np.frombuffer(numbers, dtype=numbers.typecode)


class _Gathering:
    """Hashes of forms, names and first words, from some thousand entries at a time."""

    def __init__(self) -> None:
        self.entries = 0
        self.hashes, self.owners = array("q"), array("I")
        self.firsts, self.lengths = array("q"), array("I")
        self.name_hashes, self.name_owners = array("q"), array("I")
        self.stem_hashes, self.stem_owners = array("q"), array("I")
        self.stem_firsts, self.stem_words = array("q"), array("I")
        self.tails: set[str] = set()
        self.bearers: set[int] = set()

    def add(self, types: Sequence[str], surfaces: Sequence[str]) -> None:
        """Add entries by their types and joined forms."""
        folded = fold(_ENTRY_SEPARATOR.join(surfaces)).text.split(_ENTRY_SEPARATOR)
        groups = [joined.split(SURFACE_SEPARATOR) for joined in folded[: len(types)]]
        forms = list(chain.from_iterable(groups))
        self.hashes.extend(map(hash, forms))
        self.firsts.extend(map(hash, map(_first_word, forms)))
        self.lengths.extend(map(len, forms))
        self.tails.update({form[-1:] for form in forms})
        for number, (kind, group) in enumerate(zip(types, groups, strict=True), self.entries):
            self.owners.extend(repeat(number, len(group)))
            if kind == "person" and " " in group[0]:
                keys = [key for form in group for key in _name_keys(form)]
                self.name_hashes.extend(map(hash, keys))
                self.name_owners.extend(repeat(number, len(keys)))
                self.bearers.add(hash(group[0].rpartition(" ")[2]))
            if kind != "person":
                stems = stems_of(group[0].split(" "))
                self.stem_hashes.append(hash(" ".join(stems)))
                self.stem_owners.append(number)
                self.stem_firsts.append(hash(stems[0]))
                self.stem_words.append(len(stems))
        self.entries += len(groups)


def _first_word(form: str) -> str:
    first = form.partition(" ")[0]
    if first.isalnum():
        return first
    found = TOKEN.search(form)
    return found.group() if found else form


def _name_keys(form: str) -> tuple[str, ...]:
    """Return under what a full name is found when it is not written as the entry has it."""
    given, blank, rest = form.partition(" ")
    surname = rest.rpartition(" ")[2]
    return (name_key(surname, given), name_key(surname, given[0])) if blank and given else ()


def stems_of(words: Sequence[str]) -> list[str]:
    """Return what is left of folded words without anything that may be an ending."""
    left = [word.rstrip(_ENDINGS) for word in words]
    return [stem if len(stem) > 2 else word[:3] for stem, word in zip(left, words, strict=True)]


def name_key(surname: str, given: str) -> str:
    """Return the key of a name in two parts; the given name may be an initial."""
    return f"{surname}{SURFACE_SEPARATOR}{given}"
