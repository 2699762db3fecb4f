"""What the index holds at a moment; a search reads it while a newer state is made."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from heapq import merge
from itertools import pairwise
from operator import itemgetter
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from workbench.services.memory_index.features import (
    pair_key,
    pair_keys,
    squeezed,
    stem_key,
    words,
)
from workbench.services.memory_index.files import Saved, Stored
from workbench.services.memory_index.segment import LONGEST, SHORTEST, Places, Query, Segment

LIKELY = 200  # candidates taken from each segment
SORTED = 10_000  # ids sorted at once
COMMON = 500_000  # postings that tell too little to be worth reading: 的 at a million units
MOST_NEWEST = 10_000  # units beside the segments whose words are remembered
FEW, TEXTS = 60, 2_000  # sources looked at at first, for often no more are asked for; at most

Position = tuple[int, int]
Ids = NDArray[np.int64]
Row = Sequence[frozenset[str]]


class Change(Protocol):
    """A unit as the index needs it."""

    @property
    def id(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def deleted(self) -> bool: ...
    @property
    def sequence(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A segment with its living places; ``stored`` is None while it has no file."""

    segment: Segment
    alive: NDArray[np.bool_]
    living: int
    stored: Stored | None = None

    @classmethod
    def of(cls, segment: Segment, stored: Stored | None = None, dead: Places | None = None) -> Part:
        """Take a segment whose places are alive but for *dead*."""
        alive = np.ones(len(segment), np.bool_)
        if dead is not None:
            alive[dead] = False
        return cls(segment, alive, int(alive.sum()), stored)

    def without(self, ids: Ids) -> Part:
        """Return the part without those of the units that it holds."""
        where = np.searchsorted(self.segment.ids, ids, sorter=self.segment.order)
        places = self.segment.order[where.clip(max=len(self.segment) - 1)]
        places = places[self.segment.ids[places] == ids]
        if not self.alive[places].any():
            return self
        alive = self.alive.copy()
        alive[places] = False
        return replace(self, alive=alive, living=int(alive.sum()))

    def dead(self) -> Places:
        """Return the places that are no longer alive."""
        return np.flatnonzero(~self.alive).astype(np.uint32)


@dataclass(frozen=True, slots=True)
class State:
    """Segments, and the newest units beside them.

    ``position`` is the last change that is in, ``settled`` the last one in the segments.
    """

    parts: tuple[Part, ...] = ()
    newest: Mapping[int, Change] = field(default_factory=lambda: MappingProxyType({}))
    position: Position = (0, 0)
    settled: Position = (0, 0)
    # Of the newest units, made by the first question and kept for the others.
    _by_length: list[tuple[int, tuple[int, str]]] = field(
        default_factory=list, init=False, compare=False, repr=False
    )
    _targets: list[tuple[int, str]] = field(
        default_factory=list, init=False, compare=False, repr=False
    )
    _in_words: list[tuple[int, tuple[str, ...]]] = field(
        default_factory=list, init=False, compare=False, repr=False
    )

    def __len__(self) -> int:
        return len(self.newest) + sum(part.living for part in self.parts)

    # -- becoming another -----------------------------------------------------------------

    @classmethod
    def of(cls, saved: Saved) -> State:
        """Return what the files hold."""
        parts = tuple(Part.of(stored.segment, stored, dead) for stored, dead in saved.segments)
        return cls(parts, position=saved.position, settled=saved.position)

    def after(self, changes: Sequence[Change]) -> State:
        """Return the state after *changes*, which come in their order."""
        newest = dict(self.newest)
        for change in changes:
            newest.pop(change.id, None)
            if not change.deleted:
                newest[change.id] = change
        ids = np.unique(np.fromiter((change.id for change in changes), np.int64, len(changes)))
        parts = tuple(part.without(ids) for part in self.parts)
        last = changes[-1]
        return replace(self, parts=parts, newest=newest, position=(last.sequence, last.id))

    def settling(self, part: Part | None, of: State) -> State:
        """Return the state with *part*, which was made of the newest units of the state *of*."""
        changed = [n for n, unit in of.newest.items() if self.newest.get(n) is not unit]
        newest = {n: unit for n, unit in self.newest.items() if of.newest.get(n) is not unit}
        parts = self.parts
        if part:
            parts = (*parts, part.without(np.array(changed, np.int64)) if changed else part)
        return replace(self, parts=parts, newest=newest, settled=of.position)

    def merging(self, part: Part, of: State, first: int, last: int) -> State:
        """Return the state with *part* in the place of those parts of the state *of*."""
        for now, then in zip(self.parts[first:last], of.parts[first:last], strict=True):
            if now.living < then.living:
                part = part.without(np.sort(now.segment.ids[then.alive & ~now.alive]))
        return replace(self, parts=(*self.parts[:first], part, *self.parts[last:]))

    # -- asking ---------------------------------------------------------------------------

    def similar(self, source: str, limit: int, minimum: float = 0.0) -> list[tuple[int, str]]:
        """Return (unit id, source) of the units most alike letter by letter, best first.

        *minimum* is the least likeness, 0–1.
        """
        query = Query.of(source)
        texts = dict(self._as_long(SHORTEST * query.length, LONGEST * query.length))
        for part in self.parts:
            places = part.segment.similar(query, LIKELY)
            places = places[part.alive[places]]
            texts |= zip(part.segment.ids[places].tolist(), part.segment.texts(places), strict=True)
        found = process.extract(
            source,
            texts,
            scorer=Levenshtein.normalized_similarity,
            limit=limit,
            score_cutoff=minimum,
        )
        return [(number, text) for text, _, number in found]

    def _as_long(self, shortest: float, longest: float) -> Iterator[tuple[int, str]]:
        """Yield (unit id, source) of the newest units whose source is so many letters long."""
        if not self._by_length:
            made = ((len(u.source), (u.id, u.source)) for u in self.newest.values())
            self._by_length[:] = sorted(made)
        first = bisect_left(self._by_length, shortest, key=itemgetter(0))
        last = bisect_right(self._by_length, longest, key=itemgetter(0))
        return (unit for _, unit in self._by_length[first:last])

    def holding(self, *rows: Row) -> Iterator[int]:
        """Yield the ids of the units whose source holds every row, newest first.

        A row is one word of each of its sets, one after the other.
        """
        if not self._in_words:
            ordered = sorted(self.newest, reverse=True)
            self._in_words[:] = [(n, _words(self.newest[n].source)) for n in ordered]
        # Without one of these words nothing is found: set aside quickly.
        forms = rows[0][0]
        beside = [(n, some) for n, some in self._in_words if not forms.isdisjoint(some)]
        streams: list[Iterator[int]] = [(n for n, some in beside if _all_in(some, rows))]
        phrases = [row for row in rows if len(row) > 1]
        for part in self.parts:
            found = _newest_first(part, [x for row in rows for x in _row(part.segment, row)])
            streams.append(
                _holding(part.segment, found, phrases) if phrases else _ids(part.segment, found)
            )
        return merge(*streams, reverse=True)

    def containing(self, *texts: str) -> Iterator[int]:
        """Yield the ids of the units whose target may contain every text, newest first.

        Case and white space do not count; the caller looks closer.
        """
        wanted = [squeezed(text) for text in texts]
        if not self._targets:
            ordered = sorted(self.newest, reverse=True)
            self._targets[:] = [(n, _target(self.newest[n].target)) for n in ordered]
        beside = self._targets
        for text in wanted:
            beside = [(n, target) for n, target in beside if text in target]
        streams: list[Iterator[int]] = [(n for n, _ in beside)]
        for part in self.parts:
            targets = part.segment.targets
            lists = []
            for text in wanted:
                of_pairs = [targets.of(int(key)) for key in pair_keys(text)]
                lists += of_pairs or [targets.beginning(text)]
            streams.append(_ids(part.segment, _newest_first(part, lists)))
        return merge(*streams, reverse=True)


def _ids(segment: Segment, found: Iterator[Places]) -> Iterator[int]:
    for places in found:
        yield from segment.ids[places].tolist()


@lru_cache(MOST_NEWEST)
def _words(source: str) -> tuple[str, ...]:
    return tuple(words(source))


@lru_cache(MOST_NEWEST)
def _target(target: str) -> str:
    return squeezed(target)


def _row(segment: Segment, row: Row) -> list[Places]:
    """Return the places of a set of words, or of each two sets after one another by beginnings."""
    if len(row) == 1:
        return [segment.holding(row[0])]
    stems = [{stem_key(form) for form in forms} for forms in row]
    pairs = ({pair_key(a, b) for a in one for b in other} for one, other in pairwise(stems))
    return [segment.sources.of_any(keys) for keys in pairs]


def _all_in(given: Sequence[str], rows: Sequence[Row]) -> bool:
    """Whether there is, somewhere, each row: one word of each of its sets."""
    return all(_stands(given, row) for row in rows)


def _stands(given: Sequence[str], row: Row) -> bool:
    first, *others = row
    if not others:
        return not first.isdisjoint(given)
    return any(
        word in first and all(w in forms for w, forms in zip(given[n:], others, strict=False))
        for n, word in enumerate(given[: max(0, len(given) - len(others))], 1)
    )


def _holding(segment: Segment, found: Iterator[Places], rows: Sequence[Row]) -> Iterator[int]:
    """Yield the ids of the units at the places whose sources hold the rows.

    The postings of pairs know the beginnings of words only; many may share those of a few. Those
    without the longest of the words asked for are set aside quickly, many at a time.
    """
    longest = max((forms for row in rows for forms in row), key=lambda forms: min(map(len, forms)))
    has = re.compile("|".join(map(re.escape, sorted(longest)))).search
    for some in found:
        first, size = 0, FEW
        while first < len(some):
            places = some[first : first + size]
            texts = segment.folded(places)
            for number, text in zip(segment.ids[places].tolist(), texts, strict=True):
                if has(text) and _all_in(words(text), rows):
                    yield number
            first, size = first + size, min(2 * size, TEXTS)


def _newest_first(part: Part, lists: Sequence[Places]) -> Iterator[Places]:
    """Yield the living places that are in every one of the lists, newest units first.

    The lists may be in any order and hold a place twice. Very long ones are not read: whoever
    looks at the texts finds what is wanted among the newest units anyway.
    """
    lists = sorted((some for some in lists if len(some) <= COMMON), key=len)
    if lists and len(lists[0]) <= SORTED:
        places = np.unique(lists[0])
        places = places[part.alive[places]]
        for some in lists[1:]:
            places = places[_marked(part, some)[places]]
        yield places[np.argsort(part.segment.ids[places])][::-1]
        return
    marked = part.alive
    for some in lists:
        marked = marked & _marked(part, some)
    # Few of so many will be asked for: they are picked from the newest units backwards.
    order = part.segment.order
    for last in range(len(order), 0, -SORTED):
        some = order[max(0, last - SORTED) : last][::-1]
        yield some[marked[some]]


def _marked(part: Part, places: Places) -> NDArray[np.bool_]:
    marked = np.zeros(len(part.segment), np.bool_)
    marked[places] = True
    return marked
