"""How far judges agree: Krippendorff's alpha and Cohen's kappa, computed by NLTK."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from workbench.domain.judgement import Agreement
from workbench.services.evaluation.resampling import SAMPLES, SEED, bounds, weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# A judge, an item and the value given to it.
Rating = tuple[str, int, float]
Level = Literal["nominal", "interval"]
BANDS = 5  # of 20 points each, for the kappa of scores from 0 to 100


def alpha(ratings: Sequence[Rating], level: Level) -> Agreement:
    """Return Krippendorff's alpha over all judges; items that only one has judged do not count.

    ``interval`` takes the squared distance of two values, ``nominal`` only whether they are equal.
    The value is None with fewer than two judges or items in common, and 1 where all said the same.
    """
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import binary_distance, interval_distance

    common = _common(ratings)
    judges = tuple(sorted({judge for judge, _, _ in common}))
    distance: Callable[[float, float], float]
    distance = interval_distance if level == "interval" else binary_distance
    items = len({item for _, item, _ in common})
    if items < 2:
        return Agreement("alpha", judges, items, None, _signature(f"alpha:{level}", False))
    value = float(AnnotationTask(common, distance=distance).alpha())
    low, high = _alpha_bounds(common) if level == "interval" else (None, None)
    signature = _signature(f"alpha:{level}", low is not None)
    return Agreement("alpha", judges, items, value, signature, low, high)


def kappas(ratings: Sequence[Rating], name: str) -> tuple[Agreement, ...]:
    """Return Cohen's kappa of each pair of judges over the items that both have judged.

    The values are categories (*name* says of what). None where a pair has no item in common, 1
    where both said the same one thing of everything.
    """
    by_judge: dict[str, dict[int, float]] = {}
    for judge, item, value in ratings:
        by_judge.setdefault(judge, {})[item] = value
    return tuple(
        _kappa(first, second, by_judge[first], by_judge[second], name)
        for first, second in combinations(sorted(by_judge), 2)
    )


def banded(ratings: Sequence[Rating]) -> list[Rating]:
    """Return scores of 0–100 as one of five bands of 20 points."""
    width = 100 / BANDS
    return [(judge, item, min(BANDS - 1, value // width)) for judge, item, value in ratings]


def _kappa(
    first: str, second: str, ones: Mapping[int, float], others: Mapping[int, float], name: str
) -> Agreement:
    from nltk.metrics.agreement import AnnotationTask

    common = sorted(ones.keys() & others.keys())
    said = [(first, item, ones[item]) for item in common]
    said += [(second, item, others[item]) for item in common]
    signature = _signature(f"kappa:{name}", len(common) > 1)
    if not common:
        return Agreement("kappa", (first, second), 0, None, signature)
    same = len({rating[2] for rating in said}) == 1
    value = 1.0 if same else float(AnnotationTask(said).kappa_pairwise(first, second))
    low = high = None
    if len(common) > 1:
        low, high = _kappa_bounds([ones[n] for n in common], [others[n] for n in common])
    return Agreement("kappa", (first, second), len(common), value, signature, low, high)


# -- intervals --------------------------------------------------------------------------
# NLTK computes the figures; a thousand of them would take minutes, so the samples are computed
# from sums by item. A test holds both against each other.


def _alpha_bounds(common: Sequence[Rating]) -> tuple[float, float]:
    import numpy as np

    by_item: dict[int, list[float]] = {}
    for _, item, value in common:
        by_item.setdefault(item, []).append(value)
    units = [np.array(values) for values in by_item.values()]
    counts = np.array([len(unit) for unit in units], dtype=np.float64)
    sums = np.array([unit.sum() for unit in units])
    squares = np.array([(unit**2).sum() for unit in units])
    within = 2 * (counts * squares - sums**2) / (counts - 1)
    return bounds(alphas(weights(len(units)), counts, sums, squares, within))


def alphas(picked: Floats, counts: Floats, sums: Floats, squares: Floats, within: Floats) -> Floats:
    """Return alpha (interval) of each sample; *picked* says how often it has each item."""
    import numpy as np

    total = picked @ counts
    observed = (picked @ within) / total
    expected = 2 * (total * (picked @ squares) - (picked @ sums) ** 2) / (total * (total - 1))
    ratio = np.divide(observed, expected, out=np.zeros_like(observed), where=expected > 1e-12)
    return np.asarray(1 - ratio)


def _kappa_bounds(ones: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    return bounds(kappa_samples(weights(len(ones)), ones, others))


def kappa_samples(picked: Floats, ones: Sequence[float], others: Sequence[float]) -> Floats:
    """Return Cohen's kappa of each sample; 1 where both said one and the same thing."""
    import numpy as np

    names = sorted({*ones, *others})
    first = np.array([[value == name for name in names] for value in ones], dtype=np.float64)
    second = np.array([[value == name for name in names] for value in others], dtype=np.float64)
    size = picked.sum(axis=1)
    seen = picked @ (first * second).sum(axis=1) / size
    chance = ((picked @ first) * (picked @ second)).sum(axis=1) / size**2
    certain = chance > 1 - 1e-12
    return np.asarray(np.where(certain, 1.0, (seen - chance) / np.where(certain, 1.0, 1 - chance)))


def _common(ratings: Sequence[Rating]) -> list[Rating]:
    """Return the ratings of items that two judges or more have judged."""
    judges: dict[int, set[str]] = {}
    for judge, item, _ in ratings:
        judges.setdefault(item, set()).add(judge)
    return [rating for rating in ratings if len(judges[rating[1]]) > 1]


def _signature(what: str, sampled: bool) -> str:
    from nltk import __version__

    how = f"|bs:{SAMPLES}|seed:{SEED}|unit:item" if sampled else ""
    return f"{what}{how}|nltk:{__version__}"
