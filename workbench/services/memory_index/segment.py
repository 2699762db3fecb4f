"""A segment: an unchanging part of the index, many units in one file that is mapped into memory.

Units stand in the order of their sources' lengths, so that those of a like length are one
stretch of every array. A unit's place is its number in that order. Removed units are marked
beside the segment, never in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.services.memory_index.features import (
    BYTES,
    PREFIX,
    Keys,
    Vocabulary,
    first_half,
    pairs,
    stem_key,
    word_key,
)

Places = NDArray[np.uint32]
Pieces = Iterator[tuple[str, NDArray[Any]]]

BUDGET = 20_000  # postings read for a query
ALIKE = 300  # units taken by their signature: with 100, two-word queries missed some
SHORTEST, LONGEST = 0.45, 2.2  # lengths considered, as parts of the query's


@dataclass(frozen=True, slots=True)
class Postings:
    """Sorted keys, and for each the sorted places where it occurs."""

    keys: Keys
    starts: NDArray[np.uint32]
    places: Places

    @classmethod
    def sorted_out(cls, owners: NDArray[np.int64] | Places, keys: Keys) -> Postings:
        """Build from (place, key) in any order, with repetitions."""
        both = (keys.astype(np.uint64) << np.uint64(32)) | owners.astype(np.uint64)
        both.sort()
        if len(both):
            both = both[np.append(True, both[1:] != both[:-1])]
        high = (both >> np.uint64(32)).astype(np.uint32)
        distinct, starts = np.unique(high, return_index=True)
        return cls(
            distinct,
            np.append(starts, len(both)).astype(np.uint32),
            (both & np.uint64(0xFFFFFFFF)).astype(np.uint32),
        )

    def of(self, key: int) -> Places:
        """Return the places of a key."""
        where = int(np.searchsorted(self.keys, np.uint32(key)))
        if where < len(self.keys) and self.keys[where] == key:
            return self.places[self.starts[where] : self.starts[where + 1]]
        return self.places[:0]

    def of_any(self, keys: Iterable[int]) -> Places:
        """Return the places of several keys, in no order and with repetitions."""
        wanted = np.fromiter(keys, np.uint32)
        where = np.searchsorted(self.keys, wanted)
        where = where[where < len(self.keys)]
        where = where[np.isin(self.keys[where], wanted)]
        lists = zip(self.starts[where].tolist(), self.starts[where + 1].tolist(), strict=True)
        return np.concatenate([self.places[:0], *(self.places[a:b] for a, b in lists)])

    def beginning(self, character: str) -> Places:
        """Return the places of the pairs that begin with *character*, as ``of_any`` does."""
        low = first_half(character)
        first = int(np.searchsorted(self.keys, np.uint32(low)))
        last = int(np.searchsorted(self.keys, np.uint32(low | 0xFFFF), "right"))
        return self.places[self.starts[first] : self.starts[last]]

    def between(self, first: int | None, last: int | None) -> tuple[Places, Keys]:
        """Return the postings of the keys from *first* to before *last*, each with its key.

        None is the beginning or the end.
        """
        low = 0 if first is None else int(np.searchsorted(self.keys, np.uint32(first)))
        high = len(self.keys) if last is None else int(np.searchsorted(self.keys, np.uint32(last)))
        starts = self.starts[low : high + 1]
        places = self.places[starts[0] : starts[-1]]
        return places, np.repeat(self.keys[low:high], np.diff(starts))


@dataclass(frozen=True, slots=True)
class Query:
    """A sentence as a segment is asked about it."""

    features: Keys
    signature: NDArray[np.uint8]
    length: int

    @classmethod
    def of(cls, source: str) -> Query:
        """Cut *source* into what is looked up."""
        vocabulary = Vocabulary([source])
        return cls(np.unique(vocabulary.features()[1]), vocabulary.signatures(), len(source))


@dataclass(frozen=True, slots=True)
class Segment:
    """The arrays of a segment; every one but ``keys`` and ``places`` has an item a unit."""

    ids: NDArray[np.int64]
    order: NDArray[np.uint32]  # places in the order of their ids
    lengths: NDArray[np.uint16]
    signatures: NDArray[np.uint8]
    source_keys: Keys
    source_starts: NDArray[np.uint32]
    source_places: Places
    word_keys: Keys
    word_starts: NDArray[np.uint32]
    word_places: Places
    target_keys: Keys
    target_starts: NDArray[np.uint32]
    target_places: Places
    text_starts: NDArray[np.uint64]
    text: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.ids)

    def postings(self, kind: str) -> Postings:
        """Return the postings of a kind: "source", "word" or "target"."""
        return Postings(*(getattr(self, f"{kind}_{name}") for name in ("keys", "starts", "places")))

    @property
    def sources(self) -> Postings:
        """The features of the sources."""
        return self.postings("source")

    @property
    def targets(self) -> Postings:
        """The pairs of characters of the targets."""
        return self.postings("target")

    # -- making ---------------------------------------------------------------------------

    @classmethod
    def build(cls, ids: Sequence[int], sources: Sequence[str], targets: Sequence[str]) -> Segment:
        """Build from units given side by side."""
        lengths = np.fromiter(map(len, sources), np.int64, len(sources)).clip(max=0xFFFF)
        by_length = np.argsort(lengths, kind="stable")
        sources = [sources[n] for n in by_length]
        targets = [targets[n] for n in by_length]
        vocabulary = Vocabulary(sources)
        encoded = [source.encode("utf-8", "surrogatepass") for source in sources]
        sizes = np.fromiter(map(len, encoded), np.uint64, len(encoded))
        sources_of = Postings.sorted_out(*vocabulary.features())
        words_of = Postings.sorted_out(*vocabulary.whole())
        targets_of = Postings.sorted_out(*pairs(targets))
        placed = np.array(ids, np.int64)[by_length]
        return cls(
            placed,
            np.argsort(placed, kind="stable").astype(np.uint32),
            lengths[by_length].astype(np.uint16),
            vocabulary.signatures(),
            sources_of.keys,
            sources_of.starts,
            sources_of.places,
            words_of.keys,
            words_of.starts,
            words_of.places,
            targets_of.keys,
            targets_of.starts,
            targets_of.places,
            np.append(np.uint64(0), np.cumsum(sizes, dtype=np.uint64)),
            np.frombuffer(b"".join(encoded), np.uint8),
        )

    @classmethod
    def collected(cls, pieces: Pieces) -> Segment:
        """Build from arrays that come in pieces, as ``pieces`` gives them."""
        found: dict[str, list[NDArray[Any]]] = {}
        for name, piece in pieces:
            found.setdefault(name, []).append(piece)
        return cls(**{name: np.concatenate(some) for name, some in found.items()})

    def pieces(self) -> Pieces:
        """Yield (name, array), as they stand in a file."""
        for name in ARRAYS:
            yield name, getattr(self, name)

    # -- asking ---------------------------------------------------------------------------

    def texts(self, places: NDArray[np.integer[Any]]) -> list[str]:
        """Return the sources of the units at *places*."""
        return [str(piece, "utf-8", "surrogatepass") for piece in self._encoded(places)]

    def folded(self, places: NDArray[np.integer[Any]]) -> list[str]:
        """Return the sources in lower case, with е for ё: quickly, in one go."""
        joined = b"\0".join(self._encoded(places))  # no text holds NUL
        return joined.decode("utf-8", "surrogatepass").lower().replace("ё", "е").split("\0")

    def _encoded(self, places: NDArray[np.integer[Any]]) -> list[memoryview]:
        starts, ends = self.text_starts[places].tolist(), self.text_starts[places + 1].tolist()
        view = self.text.data
        return [view[a:b] for a, b in zip(starts, ends, strict=True)]

    def place(self, unit_id: int) -> int:
        """Return where a unit stands, -1 when it is not here."""
        where = int(np.searchsorted(self.ids, unit_id, sorter=self.order))
        if where < len(self.order) and self.ids[self.order[where]] == unit_id:
            return int(self.order[where])
        return -1

    def holding(self, forms: Iterable[str]) -> Places:
        """Return the places of the sources with one of some words, in no order, with repetitions.

        Words whose keys are the same by chance are among them, one in thousands of millions.
        """
        whole = self.postings("word")
        short = self.sources.of_any({stem_key(form) for form in forms if len(form) < PREFIX})
        return np.concatenate(
            [short, whole.of_any({word_key(form) for form in forms if len(form) >= PREFIX})]
        )

    def similar(self, query: Query, limit: int) -> Places:
        """Return the places likeliest to resemble the query: by features, and by signature."""
        bounds = np.array([query.length * SHORTEST, query.length * LONGEST]).clip(max=0xFFFF)
        shortest, longest = bounds.astype(np.uint16)
        low = int(np.searchsorted(self.lengths, shortest))
        high = int(np.searchsorted(self.lengths, longest, "right"))
        if low == high:
            return self.source_places[:0]
        found = [
            self._by_features(query, low, high, limit),
            self._by_signature(query, low, high),
        ]
        return np.unique(np.concatenate(found))

    def _by_features(self, query: Query, low: int, high: int, limit: int) -> Places:
        """Read the rarest features' postings first, until enough are seen."""
        sources, bounds = self.sources, np.array([low, high], np.uint32)
        lists = []
        for key in query.features:
            places = sources.of(int(key))
            first, last = np.searchsorted(places, bounds)
            if first < last:
                lists.append((places[first:last], np.log(1 + len(self) / len(places))))
        lists.sort(key=lambda pair: len(pair[0]))
        read = np.cumsum([len(some) for some, _ in lists])
        lists = lists[: max(2, int(np.searchsorted(read, BUDGET, "right")))]
        if not lists:
            return sources.places[:0]
        weights = np.repeat([rarity for _, rarity in lists], [len(some) for some, _ in lists])
        seen = np.concatenate([some for some, _ in lists])
        order = np.argsort(seen, kind="stable")  # quick, for the lists are sorted each
        seen = seen[order]
        first = np.flatnonzero(np.append(True, seen[1:] != seen[:-1]))
        places = seen[first]
        if len(places) <= limit:
            return places
        sums = np.add.reduceat(weights[order], first)
        further = np.abs(self.lengths[places].astype(np.float64) - query.length)
        worth = sums / (1 + further / (2 * max(1, query.length)))
        return places[np.argpartition(-worth, limit)[:limit]]

    def _by_signature(self, query: Query, low: int, high: int) -> Places:
        faiss = _faiss()
        some = self.signatures[low:high]
        _, found = faiss.knn_hamming(query.signature, some, min(ALIKE, high - low))
        places: Places = (found[0] + low).astype(np.uint32)
        return places


@cache
def _faiss() -> Any:
    """Load the library; one thread a search, for its threads spin while they wait."""
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss


ARRAYS = tuple(field.name for field in fields(Segment))
WIDTHS = {"signatures": BYTES}
