"""Making one segment of several, a stretch at a time, in little memory.

The arrays come out in the order in which a file holds them, so that they can be written as they
are made; only the places of one kind of postings are held whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.services.memory_index.features import Keys
from workbench.services.memory_index.segment import Pieces, Places, Postings, Segment

POSTINGS = 1 << 21  # sorted at a time
TEXTS = 10_000  # copied at a time
SIGNATURES = 100_000  # copied at a time
GONE = np.uint32(0xFFFFFFFF)

Alive = NDArray[np.bool_]


def of_a_size(parts: Sequence[tuple[int, bool]], ratio: int, largest: int) -> tuple[int, int]:
    """Return where the smallest parts begin and end that are to be one; twice 0 when none are.

    *parts* are (units, mostly gone), the largest first; one *ratio* times as large as the smaller
    ones together stays apart, and none grows beyond *largest* units. A few new units at the end
    are no reason to leave what is before them in pieces.
    """
    last = len(parts)
    while last:
        first, size = last, 0
        while first:
            living, wasteful = parts[first - 1]
            apart = living >= ratio * size and not wasteful
            if first < last and (apart or living + size > largest):
                break
            first, size = first - 1, size + living
        if last - first > 1 or parts[first][1]:
            return first, last
        last = first
    return 0, 0


def merged(
    parts: Sequence[tuple[Segment, Alive]], check: Callable[[], None] = lambda: None
) -> Pieces:
    """Yield the arrays of one segment of *parts*, each with the places that are still alive.

    *check* is called now and then; it may raise to end the work.
    """
    kept = [np.flatnonzero(alive) for _, alive in parts]
    owners = np.repeat(np.arange(len(parts)), [len(some) for some in kept])
    places = np.concatenate(kept)
    lengths = _gathered(parts, kept, "lengths")
    by_length = np.argsort(lengths, kind="stable")
    owners, places = owners[by_length], places[by_length]
    ids = _gathered(parts, kept, "ids")[by_length]
    yield "ids", ids
    yield "order", np.argsort(ids, kind="stable").astype(np.uint32)
    yield "lengths", lengths[by_length]
    del ids, lengths
    yield from _signatures(parts, owners, places)
    moved = _moved(parts, owners, places)
    for kind in ("source", "word", "target"):
        postings = [segment.postings(kind) for segment, _ in parts]
        yield from _postings(kind, postings, moved, check)
    del moved
    sizes = np.empty(len(owners), np.uint64)
    for number, (segment, _) in enumerate(parts):
        mine = owners == number
        sizes[mine] = np.diff(segment.text_starts)[places[mine]]
    yield "text_starts", np.append(np.uint64(0), np.cumsum(sizes, dtype=np.uint64))
    for piece in _texts(parts, owners, places):
        check()
        yield "text", piece


def _gathered(
    parts: Sequence[tuple[Segment, Alive]], kept: Sequence[NDArray[np.int64]], name: str
) -> NDArray[Any]:
    arrays = [getattr(segment, name)[some] for (segment, _), some in zip(parts, kept, strict=True)]
    return np.concatenate(arrays)


def _moved(
    parts: Sequence[tuple[Segment, Alive]],
    owners: NDArray[np.int64],
    places: NDArray[np.int64],
) -> list[Places]:
    """Return for each part the new place of each of its places."""
    found = []
    for number, (segment, _) in enumerate(parts):
        new = np.full(len(segment), GONE, np.uint32)
        mine = np.flatnonzero(owners == number)
        new[places[mine]] = mine.astype(np.uint32)
        found.append(new)
    return found


def _signatures(
    parts: Sequence[tuple[Segment, Alive]],
    owners: NDArray[np.int64],
    places: NDArray[np.int64],
) -> Pieces:
    width = parts[0][0].signatures.shape[1]
    yield "signatures", np.empty((0, width), np.uint8)
    for first in range(0, len(owners), SIGNATURES):
        stretch = slice(first, first + SIGNATURES)
        piece = np.empty((len(owners[stretch]), width), np.uint8)
        for number, (segment, _) in enumerate(parts):
            mine = owners[stretch] == number
            piece[mine] = segment.signatures[places[stretch][mine]]
        yield "signatures", piece


def _postings(
    kind: str, parts: Sequence[Postings], moved: Sequence[Places], check: Callable[[], None]
) -> Pieces:
    """Yield the postings of several segments as those of one, without the places that are gone."""
    keys: list[Keys] = []
    counts: list[NDArray[np.uint32]] = []
    places: list[Places] = []
    for first, last in _stretches(parts):
        check()
        found = [part.between(first, last) for part in parts]
        owners = np.concatenate([new[at] for new, (at, _) in zip(moved, found, strict=True)])
        alive = owners != GONE
        some = Postings.sorted_out(owners[alive], np.concatenate([k for _, k in found])[alive])
        keys.append(some.keys)
        counts.append(np.diff(some.starts))
        places.append(some.places)
    yield f"{kind}_keys", np.concatenate(keys)
    starts = np.append(np.uint64(0), np.cumsum(np.concatenate(counts), dtype=np.uint64))
    yield f"{kind}_starts", starts.astype(np.uint32)
    for piece in places:
        yield f"{kind}_places", piece


def _stretches(parts: Sequence[Postings]) -> Iterator[tuple[int | None, int | None]]:
    """Cut the keys so that few more than ``POSTINGS`` of them all fall between two cuts."""
    cuts: list[int | None] = []
    largest = max(parts, key=lambda part: len(part.places))
    total = sum(len(part.places) for part in parts)
    if total:
        step = max(1, POSTINGS * len(largest.places) // total)
        at = np.arange(step, len(largest.places), step)
        where = np.unique(np.searchsorted(largest.starts, at))
        cuts = largest.keys[where[where < len(largest.keys)]].tolist()
    yield from zip([None, *cuts], [*cuts, None], strict=True)


def _texts(
    parts: Sequence[tuple[Segment, Alive]],
    owners: NDArray[np.int64],
    places: NDArray[np.int64],
) -> Iterator[NDArray[np.uint8]]:
    views = [segment.text.data for segment, _ in parts]
    yield np.empty(0, np.uint8)
    for first in range(0, len(owners), TEXTS):
        stretch = slice(first, first + TEXTS)
        starts = np.empty(len(owners[stretch]), np.uint64)
        ends = np.empty(len(starts), np.uint64)
        for number, (segment, _) in enumerate(parts):
            mine = owners[stretch] == number
            at = places[stretch][mine]
            starts[mine], ends[mine] = segment.text_starts[at], segment.text_starts[at + 1]
        cut = zip(owners[stretch].tolist(), starts.tolist(), ends.tolist(), strict=True)
        yield np.frombuffer(b"".join([views[n][a:b] for n, a, b in cut]), np.uint8)
