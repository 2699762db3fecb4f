"""Lexical knowledge from IBM model 1: which Russian piece goes with which Chinese piece.

It serves twice: the two tied rows of a translation pair start near one another (bilingual vectors),
and head 0 of the last decoder layer is told where to look (guided alignment). CTranslate2 returns
just that head's weights as the alignment of a translation.

Shapes: B pairs, S source pieces, T target pieces, V ids, K output pieces. Target pieces are given
by their place among the outputs (``vocabulary.positions``).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from workbench.training.vocabulary import END

Encoded = tuple[Sequence[int], Sequence[int]]
Tensor = Any

_LOG = logging.getLogger(__name__)
_SELF = 0.7
"""Score of a piece with itself: names, digits and terms are copied."""
_NOTHING = 0.02
"""Weight of the empty word: target pieces without a counterpart are not supervised."""
_LONGEST = 70


@dataclass(frozen=True)
class Association:
    """``scores`` [V, K] in 0–1, ``counts`` [V, K] expected joint counts."""

    scores: Tensor
    counts: Tensor


def batches(pairs: Sequence[Encoded], empty: int, size: int = 512) -> list[tuple[Tensor, Tensor]]:
    """Return padded batches (source [B, S], target [B, T]); -1 pads, *empty* opens each source."""
    usable = [p for p in pairs if 0 < len(p[0]) < _LONGEST and 0 < len(p[1]) < _LONGEST]
    usable.sort(key=lambda pair: (len(pair[0]) // 4, len(pair[1])))
    made = []
    for start in range(0, len(usable), size):
        part = usable[start : start + size]
        source = torch.full((len(part), max(len(s) for s, _ in part) + 1), -1)
        target = torch.full((len(part), max(len(t) for _, t in part)), -1)
        for row, (left, right) in enumerate(part):
            source[row, 0] = empty
            source[row, 1 : len(left) + 1] = torch.as_tensor(left)
            target[row, : len(right)] = torch.as_tensor(right)
        made.append((source, target))
    return made


def _model_one(
    data: Sequence[tuple[Tensor, Tensor]], shape: tuple[int, int], backward: bool, rounds: int
) -> tuple[Tensor, Tensor]:
    """Return (probabilities, expected counts), each [V, K].

    Forward: p(target | source), the source's empty word included. Backward: p(source | target).
    """
    probability = torch.ones(shape[0] * shape[1])
    counts = probability
    for number in range(rounds):
        counts = torch.zeros(shape[0] * shape[1])
        for source, target in data:
            mask = (source >= 0)[:, None, :] & (target >= 0)[:, :, None]
            if backward:
                mask = mask & (torch.arange(source.shape[1]) > 0)
            cell = source.clamp(min=0)[:, None, :] * shape[1] + target.clamp(min=0)[:, :, None]
            share = probability[cell] * mask
            share = share / share.sum(1 if backward else 2, keepdim=True).clamp(min=1e-30)
            counts.index_add_(0, cell[mask], share[mask])
        table = counts.view(shape)
        total = table.sum(0 if backward else 1, keepdim=True)
        probability = (table / (total + 1e-9)).view(-1)
        _LOG.info("alignment %s, round %d", "backward" if backward else "forward", number + 1)
    return probability.view(shape), counts.view(shape)


def associate(
    pairs: Sequence[Encoded], names: Sequence[str], outputs: np.ndarray, rounds: int = 4
) -> Association:
    """Run model 1 in both directions; a score is the geometric mean of both probabilities.

    *names* are the pieces by id, <pad> excluded; <pad>'s id stands for the empty word.
    """
    shape = (len(names) + 1, len(outputs))
    data = batches(pairs, empty=len(names))
    forward, left = _model_one(data, shape, backward=False, rounds=rounds)
    backward, right = _model_one(data, shape, backward=True, rounds=rounds)
    scores = torch.sqrt(forward * backward)
    for place, number in enumerate(outputs.tolist()):
        if number != END and not re.fullmatch(r"[\W_▁]*", names[number]):
            scores[number, place] = scores[number, place].clamp(min=_SELF)
    return Association(scores, torch.sqrt(left * right))


def bilingual_vectors(counts: Tensor, outputs: np.ndarray, width: int, seed: int) -> Tensor:
    """Return a row for each id, [V, width]: unit length, zero where nothing is known.

    A truncated SVD of the positive pointwise mutual information of the expected counts, damped for
    rare pairs and turned at random, so that no coordinate is special.
    """
    generator = torch.Generator().manual_seed(seed)
    total = counts.sum()
    expected = counts.sum(1, keepdim=True) * counts.sum(0, keepdim=True)
    information = torch.log((counts * total + 1e-9) / (expected + 1e-9)).clamp(min=0)
    information *= (counts > 0.3) * torch.sqrt(counts / (counts + 1.0))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        left, values, right = torch.svd_lowrank(information, q=width + 32, niter=3)
    weight = values[:width].sqrt()
    source = left[:, :width] * weight
    target = torch.zeros(len(counts), width)
    target[torch.from_numpy(outputs)] = right[:, :width] * weight
    turn = torch.linalg.qr(torch.randn(width, width, generator=generator))[0]
    return _unit(_unit(source) + _unit(target)) @ turn


def _unit(rows: Tensor) -> Tensor:
    length = rows.norm(dim=1, keepdim=True)
    return rows / length.clamp(min=1e-6) * (length > 1e-3)


def guidance(scores: Tensor, source: Tensor, target: Tensor, pad: int) -> Tensor:
    """Return where each target piece should look: [B, T, S], rows summing to at most 1.

    *source* [B, S] is padded with *pad*, *target* [B, T] (places among the outputs) with -1.
    The lexical score is weighted with the distance from the diagonal.
    """
    words = (source != pad) & (source != END)
    known = target >= 0
    cell = source[:, None, :] * scores.shape[1] + target.clamp(min=0)[:, :, None]
    weight = scores.view(-1)[cell].float() * words[:, None, :] * known[:, :, None]
    height = known.sum(1)[:, None, None].float()
    width = (source != pad).sum(1)[:, None, None].float()
    row = torch.arange(target.shape[1])[:, None] / height
    column = torch.arange(source.shape[1])[None] / width
    weight = weight * torch.exp(-3 * (row - column).abs())
    return weight / (weight.sum(-1, keepdim=True) + _NOTHING)


def guidance_loss(scores: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy of attention scores [B, T, S] against *wanted*, a mean over its mass."""
    return -(wanted * torch.log_softmax(scores.float(), -1)).sum() / wanted.sum().clamp(min=1e-6)
