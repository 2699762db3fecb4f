"""Fits the weights of ``services/harvest/bounds.py``: the right place is to be the likeliest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.services.harvest.bounds import FEATURES
from workbench.training.harvest_examples import Example, new_bounds

_STEPS, _RATE, _DECAY = 600, 0.03, 0.002

Floats = NDArray[np.float64]


def fitted(examples: Sequence[Example]) -> dict[str, float]:
    """Return the weight of each feature (a softmax over an example's places, by Adam)."""
    bounds = new_bounds()
    blocks, right, counts = [], [], []
    start = 0
    for example in examples:
        places = bounds.places(example.run, example.ru)
        wanted = len(example.run) - len(example.zh)
        numbers = [place for place, _ in places]
        if wanted not in numbers:
            continue
        blocks.append([[given.get(name, 0.0) for name in FEATURES] for _, given in places])
        right.append(start + numbers.index(wanted))
        counts.append(example.weight)
        start += len(places)
    lengths = [len(block) for block in blocks]
    rows = np.array([row for block in blocks for row in block])
    spread = rows.std(axis=0) + 1e-9
    weights = _descended(rows / spread, np.array(right), np.array(counts), lengths)
    return dict(zip(FEATURES, (weights / spread).tolist(), strict=True))


def _descended(
    rows: Floats, right: NDArray[np.int64], counts: Floats, lengths: Sequence[int]
) -> Floats:
    owner = np.repeat(np.arange(len(lengths)), lengths)
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    weights = np.zeros(rows.shape[1])
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    wanted = (counts[:, None] * rows[right]).sum(axis=0)
    for step in range(1, _STEPS + 1):
        values = rows @ weights
        belief = np.exp(values - np.maximum.reduceat(values, starts)[owner])
        belief *= (counts / np.add.reduceat(belief, starts))[owner]
        slope = (wanted - belief @ rows) / counts.sum() - _DECAY * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        weights = weights + _RATE * (mean / (1 - 0.9**step)) / (
            np.sqrt(square / (1 - 0.99**step)) + 1e-8
        )
    return weights
