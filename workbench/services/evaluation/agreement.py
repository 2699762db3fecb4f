"""How far judges agree: Krippendorff's alpha and Cohen's kappa, computed by NLTK."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Literal

from workbench.domain.judgement import Agreement

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
    value = None
    if items > 1:
        value = float(AnnotationTask(common, distance=distance).alpha())
    return Agreement("alpha", judges, items, value, _signature(f"alpha:{level}"))


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
    value = None
    if common:
        same = len({rating[2] for rating in said}) == 1
        value = 1.0 if same else float(AnnotationTask(said).kappa_pairwise(first, second))
    return Agreement("kappa", (first, second), len(common), value, _signature(f"kappa:{name}"))


def _common(ratings: Sequence[Rating]) -> list[Rating]:
    """Return the ratings of items that two judges or more have judged."""
    judges: dict[int, set[str]] = {}
    for judge, item, _ in ratings:
        judges.setdefault(item, set()).add(judge)
    return [rating for rating in ratings if len(judges[rating[1]]) > 1]


def _signature(what: str) -> str:
    from nltk import __version__

    return f"{what}|nltk:{__version__}"
