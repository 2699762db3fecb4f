"""Figures that are ratios of sums over lines, or shares of lines, with 95 % intervals.

sacreBLEU resamples its own metrics (significance.py); this is for everything else, with the same
number of samples, the same seed and the same percentiles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.domain.quality import Score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weights = NDArray[np.float64]

SAMPLES = 1000
SEED = 12345
VERSION = f"workbench-{__version__}"
_Z = 1.959963984540054  # of the normal distribution, 97.5 %


def signed(*parts: str, bootstrap: bool = True) -> str:
    """Return a signature in sacreBLEU's style: ``nrefs:1|bs:1000|seed:12345|…|version:…``."""
    how = (f"bs:{SAMPLES}", f"seed:{SEED}") if bootstrap else ()
    first = [part for part in parts if part.startswith("nrefs:")]
    others = [part for part in parts if part not in first]
    return "|".join((*first, *how, *others, f"version:{VERSION}"))


def ratio(
    metric: str,
    over: Sequence[float],
    under: Sequence[float],
    *parts: str,
    scale: float = 100.0,
) -> Score:
    """Return ``scale`` times the sum of *over* by the sum of *under*, bootstrapped over the units.

    *parts* are what the signature says of it. Fewer than two units have no interval. Where
    *under* sums to nothing the value is 0, or *scale* if there is something over it.
    """
    import numpy as np

    above, below = np.asarray(over, dtype=np.float64), np.asarray(under, dtype=np.float64)
    size = len(above)
    value = _quotient(float(above.sum()), float(below.sum()), scale)
    if size < 2:
        return Score(metric, value, signed(*parts, bootstrap=False), size=size)
    picked = weights(size)
    tops, bottoms = picked @ above, picked @ below
    empty = np.where(tops > 0, scale, 0.0)
    values = np.divide(scale * tops, bottoms, out=empty, where=bottoms > 0)
    low, high = bounds(values)
    return Score(metric, value, signed(*parts), low, high, size)


def share(metric: str, count: int, size: int, *parts: str) -> Score:
    """Return a share of lines in per cent, with Wilson's interval.

    A bootstrap of a share that is 0 would give 0–0, which is untrue of small sets; Wilson's
    interval does not.
    """
    signature = signed("interval:wilson", *parts, bootstrap=False)
    if not size:
        return Score(metric, 0.0, signature)
    part = count / size
    spread = 1 + _Z**2 / size
    middle = (part + _Z**2 / (2 * size)) / spread
    half = _Z * math.sqrt(part * (1 - part) / size + _Z**2 / (4 * size**2)) / spread
    low = 0.0 if not count else max(0.0, middle - half)
    high = 1.0 if count == size else min(1.0, middle + half)
    return Score(metric, 100 * part, signature, 100 * low, 100 * high, size)


def bounds(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % interval of samples, by the percentiles that sacreBLEU takes."""
    import numpy as np

    ordered = np.sort(values)
    lower = len(ordered) // 40
    return float(ordered[lower]), float(ordered[len(ordered) - lower - 1])


@lru_cache(maxsize=1)
def weights(size: int) -> Weights:
    """Return how often each of *size* units is drawn in each sample: (samples, units)."""
    import numpy as np

    # The worst case a person may bring is a set of some thousand lines: 8 MB for each thousand.
    drawn = np.random.default_rng(SEED).choice(size, size=(SAMPLES, size), replace=True)
    offsets = np.arange(SAMPLES)[:, None] * size
    counted = np.bincount((drawn + offsets).ravel(), minlength=SAMPLES * size)
    return counted.reshape(SAMPLES, size).astype(np.float64)


def sign_test(wins: int, losses: int) -> float:
    """Return the two-sided p-value of that many wins against that many losses."""
    trials = wins + losses
    if not trials:
        return 1.0
    # In logarithms: the binomial coefficients of a few thousand trials are no floats.
    most = max(wins, losses)
    logs = [
        math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
        for k in range(most, trials + 1)
    ]
    tail = sum(math.exp(value - trials * math.log(2)) for value in logs)
    return min(1.0, 2 * tail)


def _quotient(above: float, below: float, scale: float) -> float:
    if below > 0:
        return scale * above / below
    return scale if above > 0 else 0.0
