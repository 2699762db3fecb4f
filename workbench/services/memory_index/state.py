"""What the index holds at a moment; a search reads it while a newer state is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from heapq import merge
from itertools import pairwise
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from workbench.services.memory_index.features import (
    PREFIX,
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

Position = tuple[int, int]
Ids = NDArray[np.int64]


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

    def merging(self, part: Part, of: State, count: int) -> State:
        """Return the state with *part* in the place of the last *count* parts of the state *of*."""
        for now, then in zip(self.parts[-count:], of.parts[-count:], strict=True):
            if now.living < then.living:
                part = part.without(np.sort(now.segment.ids[then.alive & ~now.alive]))
        return replace(self, parts=(*self.parts[:-count], part))

    # -- asking ---------------------------------------------------------------------------

    def similar(self, source: str, limit: int, minimum: float = 0.0) -> list[tuple[int, str]]:
        """Return (unit id, source) of the units most alike letter by letter, best first.

        *minimum* is the least likeness, 0–1.
        """
        query = Query.of(source)
        texts: dict[int, str] = {
            unit.id: unit.source
            for unit in self.newest.values()
            if SHORTEST * query.length <= len(unit.source) <= LONGEST * query.length
        }
        for part in self.parts:
            places = part.segment.similar(query, LIKELY)
            for place in places[part.alive[places]].tolist():
                texts[int(part.segment.ids[place])] = part.segment.source(place)
        found = process.extract(
            source,
            texts,
            scorer=Levenshtein.normalized_similarity,
            limit=limit,
            score_cutoff=minimum,
        )
        return [(number, text) for text, _, number in found]

    def holding(self, alternatives: Sequence[Iterable[str]]) -> Iterator[int]:
        """Yield the ids of the units that may hold one word of each set in a row, newest first.

        Words are compared by their beginnings only: the caller looks closer.
        """
        stems = [{form[:PREFIX] for form in forms} for forms in alternatives]
        newest = [
            n for n, unit in self.newest.items() if all(_stems(unit.source) & s for s in stems)
        ]
        keys = [{stem_key(stem) for stem in some} for some in stems]
        if len(keys) > 1:
            keys = [{pair_key(a, b) for a in one for b in other} for one, other in pairwise(keys)]
        streams = [iter(sorted(newest, reverse=True))]
        for part in self.parts:
            sources, size = part.segment.sources, len(part.segment)
            lists = [_union([sources.of(key) for key in some], size) for some in keys]
            streams.append(_newest_first(part, _common(lists)))
        return merge(*streams, reverse=True)

    def containing(self, text: str) -> Iterator[int]:
        """Yield the ids of the units whose target may contain *text*, newest first.

        Case and white space do not count; the caller looks closer.
        """
        wanted = squeezed(text)
        newest = [n for n, unit in self.newest.items() if wanted in squeezed(unit.target)]
        keys = pair_keys(wanted)
        streams = [iter(sorted(newest, reverse=True))]
        for part in self.parts:
            targets = part.segment.targets
            if len(keys):
                lists = [targets.of(int(key)) for key in keys]
            else:
                lists = [_union(targets.beginning(wanted), len(part.segment))]
            streams.append(_newest_first(part, _common(lists)))
        return merge(*streams, reverse=True)


@lru_cache(maxsize=8_192)
def _stems(source: str) -> frozenset[str]:
    return frozenset(word[:PREFIX] for word in words(source))


def _union(lists: Sequence[Places], size: int) -> Places:
    """Return the places that are in any of the lists, in order."""
    if len(lists) == 1:
        return lists[0]
    marked = np.zeros(size, np.bool_)
    for some in lists:
        marked[some] = True
    return np.flatnonzero(marked).astype(np.uint32)


def _common(lists: Sequence[Places]) -> Places:
    """Return the places that are in every one of the lists."""
    found, *others = sorted(lists, key=len)
    for some in others:
        if len(found):
            where = np.searchsorted(some, found).clip(max=len(some) - 1)
            found = found[some[where] == found]
    return found


def _newest_first(part: Part, places: Places) -> Iterator[int]:
    """Yield the ids of the living units at *places*, highest first."""
    places = places[part.alive[places]]
    if len(places) <= SORTED:
        yield from np.sort(part.segment.ids[places])[::-1].tolist()
        return
    # Few of so many will be asked for: they are picked from the newest units backwards.
    marked = np.zeros(len(part.segment), np.bool_)
    marked[places] = True
    order = part.segment.order
    for last in range(len(order), 0, -SORTED):
        some = order[max(0, last - SORTED) : last][::-1]
        yield from part.segment.ids[some[marked[some]]].tolist()
