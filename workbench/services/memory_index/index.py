"""The index of the memory: segments, the newest units beside them, and what was removed.

It is derived: whatever is wrong with its files, it is built again from the units. It follows the
change sequence, so that a unit that any process confirmed is found by the next search.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import pairwise
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
from workbench.services.memory_index.files import Damaged, Folder, Saved, Stored
from workbench.services.memory_index.segment import LONGEST, SHORTEST, Places, Query, Segment

NEWEST = 2_000  # units kept beside the segments; they are compared one by one
BULK = 100_000  # units made into a segment at once when the index is built
LIKELY = 200  # candidates taken from each segment
RATIO = 4  # a segment is merged into its neighbour unless that is so many times larger
AT_ONCE = 200_000  # units merged while somebody waits for a search
LARGEST = 2_000_000  # units in a segment
SORTED = 10_000  # ids sorted at once

log = logging.getLogger(__name__)

Position = tuple[int, int]
Told = Callable[[int, int], None]


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


class Changes(Protocol):
    """Where the changes come from."""

    def sequence(self) -> int:
        """Return the number of the last change."""
        ...

    def changes(self, after: Position, limit: int) -> Sequence[Change]:
        """Return the changes after *after* in their order, at most *limit*."""
        ...

    def living(self) -> int:
        """Return the number of units that are not deleted."""
        ...


@dataclass(slots=True)
class _Part:
    """A segment with its living places; ``stored`` is None while it has no file."""

    segment: Segment
    alive: NDArray[np.bool_]
    stored: Stored | None = None


class Index:
    """Units by what their sources and targets hold. Not safe for threads by itself."""

    def __init__(self, changes: Changes, folder: Folder | None = None) -> None:
        """Follow *changes*; keep the segments in *folder*, or in this process only."""
        self.changes = changes
        self.folder = folder
        self.position: Position = (0, 0)
        self._settled: Position = (0, 0)  # the last change in the segments
        self._whole = False  # nothing was missing when it last followed
        self._parts: list[_Part] = []
        self._newest: dict[int, Change] = {}
        self._stems: dict[int, frozenset[str]] = {}  # of the newest, once asked for

    def __len__(self) -> int:
        return len(self._newest) + sum(int(part.alive.sum()) for part in self._parts)

    # -- following ------------------------------------------------------------------------

    def follow(self, told: Told | None = None) -> None:
        """Bring the index up to date with the units, whichever process changed them.

        *told* hears how many units are in and how many there will be.
        """
        last = self.changes.sequence()
        if self._whole and last == self.position[0]:
            return
        fresh = self.position == (0, 0)
        if fresh:
            self._load()
        if last < self.position[0]:
            self._forget("the memory is older than its index")
        self._catch_up(last, told)
        if fresh and len(self) != self.changes.living():
            self._forget("it does not hold the units of the memory")
            self._catch_up(last, told)
        self._whole = True

    def _catch_up(self, last: int, told: Told | None) -> None:
        self._whole, taken = False, 0
        total = self.changes.living() if told else 0
        while True:
            while found := self.changes.changes(self.position, BULK):
                self._take(found)
                taken += len(found)
                if told:
                    told(len(self), max(total, len(self)))
            if taken <= NEWEST or not (self._merge(LARGEST) and self._save()):
                break
        if last > self.position[0]:
            self.position = (last, 0)

    def _take(self, changes: Sequence[Change]) -> None:
        self._remove({change.id for change in changes})
        self._newest |= {change.id: change for change in changes if not change.deleted}
        self.position = (changes[-1].sequence, changes[-1].id)
        if len(self._newest) > NEWEST:
            self._settle()
            self._merge(AT_ONCE)
            self._save()

    def _remove(self, ids: set[int]) -> None:
        for unit_id in ids & self._newest.keys():
            del self._newest[unit_id]
            self._stems.pop(unit_id, None)
        wanted = np.fromiter(ids, np.int64, len(ids))
        for part in self._parts:
            ids_here, order = part.segment.ids, part.segment.order
            where = np.searchsorted(ids_here, wanted, sorter=order)
            places = order[where.clip(max=len(order) - 1)]
            part.alive[places[ids_here[places] == wanted]] = False

    def _forget(self, why: str) -> None:
        log.warning("The memory's index is built again: %s.", why)
        self.position = self._settled = (0, 0)
        self._parts, self._newest, self._stems = [], {}, {}
        if self.folder:
            self.folder.discard()

    # -- segments -------------------------------------------------------------------------

    def _settle(self) -> None:
        """Make the newest units a segment."""
        units = self._newest.values()
        segment = Segment.build(
            list(self._newest), [u.source for u in units], [u.target for u in units]
        )
        self._parts.append(_Part(segment, np.ones(len(segment), np.bool_)))
        self._newest, self._stems = {}, {}
        self._settled = self.position

    def _merge(self, most: int) -> bool:
        """Make one of the last segments while they are of a size, up to *most* units."""
        self._parts = [part for part in self._parts if part.alive.any()]
        count, size = 0, 0
        for part in reversed(self._parts):
            living = int(part.alive.sum())
            if count and (living >= RATIO * size or living + size > most):
                break
            count, size = count + 1, size + living
        if count > 1:
            merged = Segment.merged([(p.segment, p.alive) for p in self._parts[-count:]])
            self._parts[-count:] = [_Part(merged, np.ones(len(merged), np.bool_))]
        return count > 1

    # -- files ----------------------------------------------------------------------------

    def _load(self) -> None:
        try:
            saved = self.folder.load() if self.folder else None
        except Damaged as error:
            self._forget(str(error))
            return
        if saved:
            self._adopt(saved)

    def _adopt(self, saved: Saved) -> None:
        self._parts = []
        for stored, dead in saved.segments:
            alive = np.ones(len(stored.segment), np.bool_)
            alive[dead] = False
            self._parts.append(_Part(stored.segment, alive, stored))
        self.position = self._settled = saved.position
        self._newest, self._stems = {}, {}

    def _save(self) -> bool:
        """Write what is not written; return whether another process's files were taken over."""
        if not self.folder:
            return False
        try:
            with self.folder.writing() as mine:
                if not mine:
                    return False
                if self._overtaken(self.folder):
                    return True
                self._write(self.folder)
        except OSError as error:  # a full or read-only disk: the index goes on in memory
            log.warning("The memory's index cannot be written: %s", error)
        return False

    def _overtaken(self, folder: Folder) -> bool:
        """Take over what another process wrote, when it is further than we are."""
        try:
            saved = folder.load()
        except Damaged:
            return False
        if saved is None or saved.position <= self._settled:
            return False
        self._adopt(saved)
        return True

    def _write(self, folder: Folder) -> None:
        segments = []
        for part in self._parts:
            part.stored = part.stored or folder.write(part.segment)
            part.segment = part.stored.segment
            segments.append((part.stored, np.flatnonzero(~part.alive).astype(np.uint32)))
        folder.save(Saved(tuple(segments), self._settled))

    # -- asking ---------------------------------------------------------------------------

    def similar(self, source: str, limit: int, minimum: float = 0.0) -> list[tuple[int, str]]:
        """Return (unit id, source) of the units most alike letter by letter, best first.

        *minimum* is the least likeness, 0–1.
        """
        query = Query.of(source)
        texts: dict[int, str] = {
            unit.id: unit.source
            for unit in self._newest.values()
            if SHORTEST * query.length <= len(unit.source) <= LONGEST * query.length
        }
        for part in self._parts:
            places = part.segment.similar(query, LIKELY)
            for place in places[part.alive[places]]:
                texts[int(part.segment.ids[place])] = part.segment.source(int(place))
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
        newest = [n for n in self._newest if all(self._stems_of(n) & some for some in stems)]
        keys = [{stem_key(stem) for stem in some} for some in stems]
        if len(keys) > 1:
            keys = [{pair_key(a, b) for a in one for b in other} for one, other in pairwise(keys)]
        streams = [iter(sorted(newest, reverse=True))]
        for part in self._parts:
            sources, size = part.segment.sources, len(part.segment)
            lists = [_union([sources.of(key) for key in some], size) for some in keys]
            streams.append(_newest_first(part, _common(lists)))
        return merge(*streams, reverse=True)

    def containing(self, text: str) -> Iterator[int]:
        """Yield the ids of the units whose target may contain *text*, newest first.

        Case and white space do not count; the caller looks closer.
        """
        wanted = squeezed(text)
        newest = [n for n, unit in self._newest.items() if wanted in squeezed(unit.target)]
        keys = pair_keys(wanted)
        streams = [iter(sorted(newest, reverse=True))]
        for part in self._parts:
            targets = part.segment.targets
            if len(keys):
                lists = [targets.of(int(key)) for key in keys]
            else:
                lists = [_union(targets.beginning(wanted), len(part.segment))]
            streams.append(_newest_first(part, _common(lists)))
        return merge(*streams, reverse=True)

    def _stems_of(self, unit_id: int) -> frozenset[str]:
        found = self._stems.get(unit_id)
        if found is None:
            found = frozenset(word[:PREFIX] for word in words(self._newest[unit_id].source))
            self._stems[unit_id] = found
        return found


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


def _newest_first(part: _Part, places: Places) -> Iterator[int]:
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
