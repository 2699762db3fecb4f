"""Batches for training: sampling from the groups, annotation, tokenisation, padding.

The order is a function of the seed, of the number of the chunk and of the state with which the
chunk was begun; each batch carries that state, so that training goes on exactly where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

from workbench.training.annotation import TermSource, annotate
from workbench.training.corpus import Groups, TextPair
from workbench.training.text import TAGS
from workbench.training.variation import joined, renumbered
from workbench.training.vocabulary import END

_LONGEST_SOURCE, _LONGEST_TARGET = 100, 90
_WORD_LISTS = ("dict", "names")
_NO_TERMS = ("dict", "ui")
_PROSE = ("news", "authored")
_VARIED = (*_PROSE, "general")

Row = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class Mixture:
    """Shares of target tokens by group at the beginning, the middle and the end of training."""

    first: Mapping[str, float]
    middle: Mapping[str, float]
    last: Mapping[str, float]

    def at(self, progress: float) -> dict[str, float]:
        """Return the shares at *progress* 0–1."""
        left, right, share = self.first, self.middle, progress * 2
        if progress > 0.5:
            left, right, share = self.middle, self.last, progress * 2 - 1
        return {
            group: (1 - share) * left.get(group, 0.0) + share * right.get(group, 0.0)
            for group in self.first
        }


MIXTURE = Mixture(
    {
        "authored": 0.26,
        "news": 0.22,
        "general": 0.16,
        "dict": 0.025,
        "names": 0.015,
        "ui": 0.01,
        "docs": 0.31,
    },
    {"authored": 0.36, "news": 0.27, "general": 0.12, "dict": 0.015, "names": 0.015, "docs": 0.22},
    {"authored": 0.5, "news": 0.38, "general": 0.05, "dict": 0.005, "names": 0.015, "docs": 0.05},
)
"""More and more news. A run with a GPU would begin with far more documentation."""


@dataclass
class FeedState:
    """Where the feed stands: the chunk, batches taken from it, and how the chunk was begun."""

    chunk: int = 0
    taken: int = 0
    progress: float = 0.0
    cursors: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By group: (pass over the group, pairs used in this pass)."""


@dataclass(frozen=True)
class Batch:
    """``source`` [B, S] ids padded with <pad>; ``target`` [B, T] places, padded with -1."""

    source: np.ndarray
    target: np.ndarray
    state: FeedState


@dataclass(frozen=True)
class FeedOptions:
    """``positions`` bounds source and target positions of a batch, padding included.

    ``annotated`` is the share of sentences with terms, ``varied`` that of news sentences whose
    source is cut in a random way, ``renumbered`` that of those with another figure, ``joined``
    that of those with a second one behind them.
    """

    positions: int = 3910
    chunk_tokens: int = 150_000
    annotated: float = 0.38
    varied: float = 0.4
    renumbered: float = 0.5
    joined: float = 0.2
    seed: int = 1


class Feed:
    """Endless batches. *places* maps ids to output places."""

    def __init__(
        self,
        groups: Groups,
        model: Any,
        places: np.ndarray,
        terms: TermSource,
        mixture: Mixture = MIXTURE,
        options: FeedOptions | None = None,
    ) -> None:
        self._groups = {name: pairs for name, pairs in groups.items() if pairs}
        self._model, self._places, self._terms = model, places, terms
        self._mixture, self._options = mixture, options or FeedOptions()
        self._pad = len(model)
        self._lengths = {
            name: float(np.mean([0.8 * len(zh) + 1 for _, zh in pairs[:2000]]))
            for name, pairs in self._groups.items()
        }
        self._orders: dict[str, tuple[int, list[int]]] = {}

    def batches(
        self, progress: Callable[[], float], state: FeedState | None = None
    ) -> Iterator[Batch]:
        """Yield batches from *state* on; *progress* is asked at the beginning of each chunk."""
        state = state or FeedState(progress=progress())
        while True:
            cursors = dict(state.cursors)
            random = Random(f"{self._options.seed}-{state.chunk}")
            batches = self._packed(self._chunk(random, state.progress, cursors), random)
            for number in range(state.taken, len(batches)):
                here = FeedState(state.chunk, number + 1, state.progress, state.cursors)
                yield Batch(*batches[number], here)
            state = FeedState(state.chunk + 1, 0, progress(), cursors)

    def _chunk(
        self, random: Random, progress: float, cursors: dict[str, tuple[int, int]]
    ) -> list[Row]:
        rows = []
        pseudo = 0.75 if progress < 0.5 else 0.6
        shares = {g: s for g, s in self._mixture.at(progress).items() if g in self._groups}
        whole = sum(shares.values()) or 1.0
        for name, share in shares.items():
            count = int(share / whole * self._options.chunk_tokens / self._lengths[name])
            for pair in self._next(name, count, cursors):
                row = self._row(random, name, pair, pseudo)
                if row is not None:
                    rows.append(row)
        return rows

    def _next(
        self, name: str, count: int, cursors: dict[str, tuple[int, int]]
    ) -> Iterator[TextPair]:
        """Yield the next pairs of a group, each pass in a new order."""
        pairs = self._groups[name]
        number, used = cursors.get(name, (0, 0))
        for _ in range(count):
            if used >= len(pairs):
                number, used = number + 1, 0
            yield pairs[self._order(name, number)[used]]
            used += 1
        cursors[name] = (number, used)

    def _order(self, name: str, number: int) -> list[int]:
        known = self._orders.get(name)
        if known is None or known[0] != number:
            order = list(range(len(self._groups[name])))
            Random(f"{self._options.seed}-{name}-{number}").shuffle(order)
            known = self._orders[name] = (number, order)
        return known[1]

    def _row(self, random: Random, name: str, pair: TextPair, pseudo: float) -> Row | None:
        if name in _PROSE and random.random() < self._options.renumbered:
            pair = renumbered(random, pair)
        if name in _PROSE and random.random() < self._options.joined:
            longer = joined(pair, random.choice(self._groups[name]))
            # Two lines may be more than fits, where each of them is not.
            row = self._encoded(random, name, longer, pseudo)
            if row is not None:
                return row
        return self._encoded(random, name, pair, pseudo)

    def _encoded(self, random: Random, name: str, pair: TextPair, pseudo: float) -> Row | None:
        ru, zh = pair
        options = self._options
        if name not in _NO_TERMS and random.random() < options.annotated / 0.85:
            found = annotate(random, ru, zh, self._terms, pseudo)
            if found:
                ru, zh = found.ru, found.zh
        if name in _WORD_LISTS and random.random() < 0.15:
            ru = f"{TAGS[0]}{pair[0]}{TAGS[1]}{zh}{TAGS[2]}"
        if name in _VARIED and random.random() < options.varied:
            source = self._model.encode(ru, enable_sampling=True, alpha=0.3, nbest_size=-1)
        else:
            source = self._model.encode(ru)
        target = self._places[np.array([*self._model.encode(zh), END])]
        if len(source) >= _LONGEST_SOURCE or len(target) >= _LONGEST_TARGET or target.min() < 0:
            return None
        return np.array([*source, END]), target

    def _packed(self, rows: list[Row], random: Random) -> list[tuple[np.ndarray, np.ndarray]]:
        """Group rows of like length; the order of the batches is random."""
        random.shuffle(rows)
        offset = random.randrange(4)
        rows.sort(key=lambda row: ((len(row[1]) + offset) // 4, len(row[0])))
        batches: list[list[Row]] = [[]]
        longest = [0, 0]
        for row in rows:
            grown = [max(longest[side], len(row[side])) for side in (0, 1)]
            if batches[-1] and (len(batches[-1]) + 1) * sum(grown) > self._options.positions:
                batches.append([])
                grown = [len(row[0]), len(row[1])]
            batches[-1].append(row)
            longest = grown
        random.shuffle(batches)
        return [(_padded(b, 0, self._pad), _padded(b, 1, -1)) for b in batches if b]


def _padded(rows: Sequence[Row], side: int, value: int) -> np.ndarray:
    table = np.full((len(rows), max(len(row[side]) for row in rows)), value, np.int64)
    for number, row in enumerate(rows):
        table[number, : len(row[side])] = row[side]
    return table
