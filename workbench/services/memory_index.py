"""The fuzzy index of the memory: which units might resemble a sentence, or hold a word.

A derived thing in the memory of the process, built from the units when first asked and brought up
to date by the change sequence. A frozen part (sorted postings in numpy arrays) and a small
growing part (a dictionary of lists) together; the growing part is frozen in its turn when it
gets large.

Features are the words' first five letters and pairs of neighbouring such prefixes. The rarest
features of a query are read first, until enough postings are seen.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

PREFIX = 5
BUDGET = 20_000  # postings read for a query
GROWING = 5_000  # units at least in the growing part before it is frozen
SHORTEST, LONGEST = 0.45, 2.2  # lengths considered, as parts of the query's

_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Return the words of *text* in lower case, with е for ё."""
    return _WORD.findall(text.lower().replace("ё", "е"))


def features(text: str) -> set[int]:
    """Return the hashes of the features of *text*."""
    stems = [word[:PREFIX] for word in words(text)]
    pairs = {f"{one} {other}" for one, other in pairwise(stems)}
    return {crc32(feature.encode()) for feature in pairs.union(stems)}


class Index:
    """Units by the features of their sources. Not safe for threads by itself."""

    def __init__(self) -> None:
        """Begin empty."""
        self.places: dict[int, int] = {}  # unit id → place of its newest source
        self.ids = array("q")  # place → unit id, 0 once it is gone
        self.lengths = array("i")
        self.keys: NDArray[np.uint32] = np.empty(0, np.uint32)
        self.starts: NDArray[np.int64] = np.zeros(1, np.int64)
        self.postings: NDArray[np.uint32] = np.empty(0, np.uint32)
        self.growing: dict[int, list[int]] = defaultdict(list)
        self.grown = 0

    def __len__(self) -> int:
        return len(self.places)

    def add(self, unit_id: int, source: str) -> None:
        """Add a unit, or its new source."""
        self.remove(unit_id)
        place = len(self.ids)
        self.ids.append(unit_id)
        self.lengths.append(len(source))
        self.places[unit_id] = place
        for feature in features(source):
            self.growing[feature].append(place)
        self.grown += 1

    def remove(self, unit_id: int) -> None:
        """Forget a unit; unknown ones are ignored."""
        place = self.places.pop(unit_id, None)
        if place is not None:
            self.ids[place] = 0

    def settle(self) -> None:
        """Freeze the growing part when it has become large beside the whole."""
        if self.grown >= max(GROWING, len(self.ids) // 10):
            self.freeze()

    def freeze(self) -> None:
        """Sort the growing part into the frozen one."""
        count = sum(map(len, self.growing.values()))
        keys = np.repeat(
            np.fromiter(self.growing, np.uint32, len(self.growing)),
            np.fromiter(map(len, self.growing.values()), np.int64, len(self.growing)),
        )
        places = np.fromiter((p for some in self.growing.values() for p in some), np.uint32, count)
        old = np.repeat(self.keys, np.diff(self.starts))
        keys, places = np.concatenate([old, keys]), np.concatenate([self.postings, places])
        alive = np.frombuffer(self.ids, np.int64)[places] != 0
        keys, places = keys[alive], places[alive]
        order = np.argsort(keys, kind="stable")
        self.postings = places[order]
        self.keys, starts = np.unique(keys[order], return_index=True)
        self.starts = np.append(starts, len(order)).astype(np.int64)
        self.growing = defaultdict(list)
        self.grown = 0

    def candidates(self, source: str, limit: int) -> list[int]:
        """Return the ids of the units likeliest to resemble *source*, best first."""
        lists = sorted((self._postings(f) for f in features(source)), key=len)
        lists = [some for some in lists if len(some)]
        if not lists:
            return []
        read = 0
        chosen: list[NDArray[np.int64]] = []
        for some in lists:
            if len(chosen) >= 2 and read + len(some) > BUDGET:
                break
            chosen.append(some)
            read += len(some)
        places = np.concatenate(chosen)
        rarity = np.log(1 + len(self.ids) / np.array([len(some) for some in chosen]))
        weights = np.repeat(rarity, [len(some) for some in chosen])
        return self._best(places, weights, len(source), limit)

    def _best(
        self, places: NDArray[np.int64], weights: NDArray[np.float64], length: int, limit: int
    ) -> list[int]:
        lengths = np.frombuffer(self.lengths, np.int32)[places]
        ids = np.frombuffer(self.ids, np.int64)[places]
        kept = (ids != 0) & (lengths >= length * SHORTEST) & (lengths <= length * LONGEST)
        places, slots = np.unique(places[kept], return_inverse=True)
        if not len(places):
            return []
        sums = np.bincount(slots, weights=weights[kept])
        further = np.abs(np.frombuffer(self.lengths, np.int32)[places] - length) / max(1, length)
        order = np.argsort(-sums / (1 + further / 2), kind="stable")[:limit]
        return [int(self.ids[place]) for place in places[order]]

    def holding(self, alternatives: Sequence[Iterable[str]]) -> list[int]:
        """Return the ids of the units that may hold one word of each set, newest first.

        Words are compared by their prefixes only: the caller looks closer.
        """
        found: NDArray[np.int64] | None = None
        for forms in alternatives:
            stems = {crc32(form[:PREFIX].encode()) for form in forms}
            some = np.unique(np.concatenate([self._postings(stem) for stem in stems]))
            found = some if found is None else np.intersect1d(found, some, assume_unique=True)
        if found is None:
            return []
        ids = np.frombuffer(self.ids, np.int64)[found]
        return sorted((int(i) for i in ids[ids != 0]), reverse=True)

    def _postings(self, feature: int) -> NDArray[np.int64]:
        where = int(np.searchsorted(self.keys, feature))
        frozen = np.empty(0, np.uint32)
        if where < len(self.keys) and self.keys[where] == feature:
            frozen = self.postings[self.starts[where] : self.starts[where + 1]]
        growing = self.growing.get(feature, ())
        return np.concatenate([frozen, np.array(growing, np.uint32)]).astype(np.int64)
