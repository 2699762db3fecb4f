"""What the index holds at a moment; a search reads it while a newer state is made."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
TEXTS = 50  # sources looked at at a time

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

    def holding(self, alternatives: Sequence[Collection[str]]) -> Iterator[int]:
        """Yield the ids of the units that hold one word of each set in a row, newest first."""
        stems = [{form[:PREFIX] for form in forms} for forms in alternatives]
        newest = (n for n, u in self.newest.items() if _in_a_row(words(u.source), alternatives))
        keys = [{stem_key(stem) for stem in some} for some in stems]
        if len(keys) > 1:
            keys = [{pair_key(a, b) for a in one for b in other} for one, other in pairwise(keys)]
        streams = [iter(sorted(newest, reverse=True))]
        for part in self.parts:
            sources = part.segment.sources
            found = _newest_first(part, [sources.of_any(some) for some in keys])
            streams.append(_holding(part.segment, found, alternatives))
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
            lists = [targets.of(int(key)) for key in keys] or [targets.beginning(wanted)]
            found = _newest_first(part, lists)
            streams.append(n for places in found for n in part.segment.ids[places].tolist())
        return merge(*streams, reverse=True)


def _in_a_row(given: Sequence[str], alternatives: Sequence[Collection[str]]) -> bool:
    """Whether there is, somewhere, one word of each set in a row."""
    return any(
        all(given[start + n] in forms for n, forms in enumerate(alternatives))
        for start in range(len(given) - len(alternatives) + 1)
    )


def _holding(
    segment: Segment, found: Iterator[Places], alternatives: Sequence[Collection[str]]
) -> Iterator[int]:
    for some in found:
        # A few texts at a time: often no more are asked for.
        for places in np.array_split(some, max(1, len(some) // TEXTS)):
            for number, text in zip(
                segment.ids[places].tolist(), segment.texts(places), strict=True
            ):
                if _in_a_row(words(text), alternatives):
                    yield number


def _newest_first(part: Part, lists: Sequence[Places]) -> Iterator[Places]:
    """Yield the living places that are in every one of the lists, newest units first.

    The lists may be in any order and hold a place twice.
    """
    lists = sorted(lists, key=len)
    if len(lists[0]) <= SORTED:
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
