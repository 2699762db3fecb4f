"""The forms of very many entries, to be looked up by hash.

A form costs twelve bytes here: the hash of its folded text and the number of its entry, in two
arrays sorted by hash. That two forms share a hash of 64 bits has a chance of one in 30 million
for a million forms, and nobody can bring it about: Python draws the hash anew in every process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Protocol

import numpy as np

from workbench.domain.term import Term
from workbench.languages.fold import fold
from workbench.storage.term_shelf import SURFACE_SEPARATOR

TOKEN = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_ENTRY_SEPARATOR = "\0"

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
        left = np.searchsorted(self._hashes, wanted[places], "left")
        right = np.searchsorted(self._hashes, wanted[places], "right")
        for n in np.flatnonzero(right > left).tolist():
            found = self._numbers[left[n] : right[n]].tolist()
            yield int(places[n]), list(dict.fromkeys(found))


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
        result = np.zeros(len(hashes), dtype=np.uint16)
        places = self._sieve.passed(hashes)
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
        self.entries = entries
        parts = [_Part(number, *chunk) for number, chunk in _numbered(entries)] or [
            _Part(0, (), ())
        ]

        def whole(name: str) -> Array:
            return np.concatenate([getattr(part, name) for part in parts])

        self.forms = HashIndex(whole("hashes"), whole("owners"))
        self.beginnings = Beginnings(whole("firsts"), whole("lengths"))
        self.names = HashIndex(whole("name_hashes"), whole("name_owners"))
        # What forms end in behind their last word: the plus of ОПЕК+, a closing quotation mark.
        self.tails = frozenset("".join(part.tails for part in parts))


def _numbered(entries: Entries) -> Iterator[tuple[int, tuple[Sequence[str], Sequence[str]]]]:
    number = 0
    for chunk in entries.surfaces():
        yield number, chunk
        number += len(chunk[0])


class _Part:
    """The arrays of some thousand entries, so that their texts need not all be in memory."""

    def __init__(self, number: int, types: Sequence[str], surfaces: Sequence[str]) -> None:
        folded = fold(_ENTRY_SEPARATOR.join(surfaces)).text.split(_ENTRY_SEPARATOR)
        groups = [joined.split(SURFACE_SEPARATOR) for joined in folded[: len(types)]]
        forms = list(chain.from_iterable(groups))
        counts = np.fromiter(map(len, groups), dtype=np.int64)
        self.hashes = hashes_of(forms)
        self.owners = np.repeat(np.arange(number, number + len(groups), dtype=np.uint32), counts)
        self.firsts = hashes_of(map(_first_word, forms))
        self.lengths = np.fromiter(map(len, forms), dtype=np.uint16)
        self.tails = "".join({form[-1] for form in forms if form and not form[-1].isalnum()})
        names = [
            (key, number + n)
            for n, group in enumerate(groups)
            if types[n] == "person" and " " in group[0]
            for form in group
            for key in _name_keys(form)
        ]
        self.name_hashes = hashes_of(key for key, _ in names)
        self.name_owners = np.fromiter((n for _, n in names), dtype=np.uint32)


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


def name_key(surname: str, given: str) -> str:
    """Return the key of a name in two parts; the given name may be an initial."""
    return f"{surname}{SURFACE_SEPARATOR}{given}"
